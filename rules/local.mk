libhark_a_SOURCES += \
	rules/rules.h
