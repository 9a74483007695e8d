/* Runs a fuzz target over every file of its corpus and speaks TAP. Each input is copied into memory
 * of its exact size, so that a sanitizer sees the first byte read beyond it. */
#include "tests/fuzz/fuzz.h"

#include "monitor/base/file.h"

#include <dirent.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX (16u << 20)

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int run(const char *folder, const char *name)
{
	char path[4096 + 260];
	struct buf text;
	struct hark_err err = {0};
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	buf_init(&text, INPUT_MAX);
	int rc = file_read(&text, path, &err);
	uint8_t *exact = rc == HARK_OK ? malloc(text.n > 0 ? text.n : 1) : NULL;
	if (exact == NULL) {
		printf("# %s\n", err.text);
		buf_release(&text);
		return HARK_EIO;
	}
	if (text.n > 0) {
		memcpy(exact, text.p, text.n);
	}
	LLVMFuzzerTestOneInput(exact, text.n);
	free(exact);
	buf_release(&text);
	return HARK_OK;
}

int main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	char folder[4096];
	struct dirent **names;
	const char *target = basename(argv[0]);
	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", top != NULL ? top : ".",
		strncmp(target, "fuzz_", 5) == 0 ? target + 5 : target);
	int n = scandir(argc > 1 ? argv[1] : folder, &names, is_file, alphasort);
	if (n <= 0) {
		printf("1..1\nnot ok 1 - %s holds inputs\n", argc > 1 ? argv[1] : folder);
		return 1;
	}
	int failed = 0;
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		int rc = run(argc > 1 ? argv[1] : folder, names[i]->d_name);
		printf("%s %d - %s\n", rc == HARK_OK ? "ok" : "not ok", i + 1, names[i]->d_name);
		fflush(stdout);
		failed += rc != HARK_OK;
		free(names[i]);
	}
	free(names);
	return failed > 0;
}
