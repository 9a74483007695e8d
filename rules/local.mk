# rules: words, queries, lists, matching
libhark_a_SOURCES += \
	rules/fold.c rules/fold.h \
	rules/rules.h \
	rules/text.c rules/text.h
