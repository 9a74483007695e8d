include_HEADERS = connectors/connector.h

libhark_a_SOURCES += \
	connectors/registry.h
