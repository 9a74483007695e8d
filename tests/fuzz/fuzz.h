/* A fuzz target: one file, one function. With --enable-fuzzers (clang) libFuzzer drives it; in every
 * build tests/fuzz/replay.c runs it over its corpus, tests/fuzz/corpus/NAME. Another target is two
 * lines in tests/fuzz/local.mk: its name in fuzz_targets, and its sources. */
#ifndef HARK_TESTS_FUZZ_H
#define HARK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
