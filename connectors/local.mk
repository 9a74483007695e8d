include_HEADERS = connectors/connector.h

libhark_a_SOURCES += \
	connectors/collect.c connectors/collect.h \
	connectors/parse/charset.c connectors/parse/charset.h \
	connectors/parse/date.c connectors/parse/date.h \
	connectors/parse/entity.h \
	connectors/parse/html.c connectors/parse/html.h \
	connectors/parse/html_entity.c \
	connectors/parse/uri.c connectors/parse/uri.h \
	connectors/registry.h
