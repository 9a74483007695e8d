# A second evaluator, plain and slow, against the engine over random queries, lists and posts.
#   HARK_ORACLE_PAIRS=1000000 HARK_ORACLE_SEED=1 tests/oracle/test_oracle
oracle_reference = \
	tests/oracle/ref.h \
	tests/oracle/ref_chars.c \
	tests/oracle/ref_eval.c \
	tests/oracle/ref_lists.c \
	tests/oracle/ref_meta.c \
	tests/oracle/ref_slots.c \
	tests/oracle/ref_words.c
oracle_world = \
	tests/oracle/gen.c tests/oracle/gen.h \
	tests/oracle/gen_words.c \
	tests/oracle/shrink.c \
	tests/oracle/world.c tests/oracle/world.h

oracle_tests = tests/oracle/test_metamorphic tests/oracle/test_oracle
if SANITIZER_THREAD
EXTRA_PROGRAMS += $(oracle_tests)
else
check_PROGRAMS += $(oracle_tests)
endif
tests_oracle_test_metamorphic_SOURCES = tests/oracle/test_metamorphic.c $(oracle_reference) $(oracle_world)
tests_oracle_test_metamorphic_LDADD = $(hark_libs)
tests_oracle_test_oracle_SOURCES = tests/oracle/test_oracle.c $(oracle_reference) $(oracle_world)
tests_oracle_test_oracle_LDADD = $(hark_libs)

# Built by tests/oracle/planted, once a planted bug.
EXTRA_PROGRAMS += tests/oracle/test_planted
tests_oracle_test_planted_SOURCES = $(tests_oracle_test_oracle_SOURCES)
nodist_tests_oracle_test_planted_SOURCES = tests/oracle/bug.c
tests_oracle_test_planted_LDADD = $(hark_libs)
CLEANFILES += tests/oracle/bug.c tests/oracle/bug.txt tests/oracle/test_planted$(EXEEXT)
