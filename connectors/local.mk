include_HEADERS = connectors/connector.h

libhark_a_SOURCES += \
	connectors/collect.h \
	connectors/registry.h
