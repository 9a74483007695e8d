include_HEADERS = connectors/connector.h

libhark_a_SOURCES += \
	connectors/collect.c connectors/collect.h \
	connectors/parse/charset.c connectors/parse/charset.h \
	connectors/parse/date.c connectors/parse/date.h \
	connectors/parse/entity.h \
	connectors/parse/html.c connectors/parse/html.h \
	connectors/parse/html_entity.c \
	connectors/parse/opml.c connectors/parse/opml.h \
	connectors/parse/repair.c \
	connectors/parse/xml.c connectors/parse/xml.h \
	connectors/parse/uri.c connectors/parse/uri.h \
	connectors/builtin.h \
	connectors/feed.c \
	connectors/feed_doc.c connectors/feed_doc.h \
	connectors/feed_json.c \
	connectors/feed_names.c connectors/feed_names.h \
	connectors/feed_xml.c \
	connectors/registry.c connectors/registry.h \
	connectors/template.c
