include_HEADERS = connectors/connector.h

libhark_a_SOURCES += \
	connectors/collect.c connectors/collect.h \
	connectors/registry.h
