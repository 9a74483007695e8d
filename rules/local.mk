# rules: words, queries, lists, matching
libhark_a_SOURCES += \
	rules/fold.c rules/fold.h \
	rules/query.h rules/query_in.h \
	rules/query_names.c rules/query_parse.c rules/query_print.c \
	rules/query_scan.c rules/query_words.c \
	rules/rules.h \
	rules/text.c rules/text.h
