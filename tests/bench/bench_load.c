/* What it takes to start: a list of 1,000,000 names from CSV, and 5,000 rules. Processor time of this
 * thread, best of some rounds, and the memory that stays when all that is free was given back. */
#include "monitor/base/file.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "tests/bench/bench_others.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUNDS 3

static char dir[] = "/tmp/hark-bench-XXXXXX";

static void write_file(const char *name, struct str content)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (file_write(path, content, 0600, NULL) != HARK_OK) {
		fprintf(stderr, "bench_load: %s cannot be written\n", path);
		exit(1);
	}
}

static void remove_file(const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

static void write_names(const struct corpus *c, size_t n)
{
	struct buf csv;
	buf_init(&csv, (size_t)1 << 30);
	buf_add_c(&csv, "name\n");
	for (size_t i = 0; i < n; i++) {
		buf_add_str(&csv, c->name[i]);
		buf_add_char(&csv, '\n');
	}
	write_file("names.csv", buf_str(&csv));
	buf_release(&csv);
}

/* Seconds; *mb: what stays. */
static double load(double *mb)
{
	const char *paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = dir, .packs_dir = dir};
	struct ruleset *r = NULL;
	struct diags diags;
	struct hark_err err = {0};
	double before = resident_mb(), began = thread_ns();
	diags_init(&diags);
	if (ruleset_load(&r, &source, &diags, &err) != HARK_OK) {
		fprintf(stderr, "bench_load: %s %s\n", err.text,
			diags.n > 0 ? diags.v[0].message : "");
		exit(1);
	}
	double took = (thread_ns() - began) / 1e9;
	diags_release(&diags);
	*mb = resident_mb() - before;
	ruleset_unref(r);
	return took;
}

static void measure(const char *what, double goal_s)
{
	double best_s = 1e9, mb = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double took = load(&mb);
		best_s = took < best_s ? took : best_s;
	}
	printf("  %-34s %8.3f s %8.1f MB  goal %.1f s: %s\n", what, best_s, mb, goal_s,
		best_s <= goal_s ? "met" : "MISSED");
	fflush(stdout);
}

int main(void)
{
	struct corpus c;
	struct buf yaml;
	if (fold_init() != HARK_OK || mkdtemp(dir) == NULL) {
		return 1;
	}
	printf("loading\n");
	corpus_make(&c, 1000, 1000000);
	write_names(&c, c.names_n);
	write_file("r.yaml",
		STR("lists:\n  names: { file: names.csv }\n"
		    "rules:\n  - id: names\n    kind: mention\n    match: 'any:names'\n"));
	measure("1,000,000 names from CSV", 1.5);
	buf_init(&yaml, 64 << 20);
	corpus_rules(&c, 5000, &yaml);
	write_file("r.yaml", buf_str(&yaml));
	measure("5,000 boolean rules", 1);
	remove_file("names.csv");
	remove_file("r.yaml");
	rmdir(dir);
	buf_release(&yaml);
	corpus_release(&c);
	return 0;
}
