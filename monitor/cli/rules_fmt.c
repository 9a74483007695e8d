/* hark rules fmt: rule files with their queries in one normal form. */
#include "monitor/base/count.h"
#include "monitor/cli/rules_cli.h"

#include "monitor/base/file.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/utf8.h"
#include "rules/file.h"
#include "rules/fmt.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define JSON_MAX ((size_t)64 << 20)

struct run {
	bool check, diff, json, color;
	struct diags diags;
	struct jsonout out; /* with --json */
	size_t changed, broken;
};

static void print_lines(char sign, const char *color, struct str lines)
{
	struct str line;
	while (str_split(&lines, '\n', &line)) {
		struct buf clean;
		buf_init(&clean, 4 * line.n + 16);
		utf8_show(&clean, line);
		printf("%s%c%s%s\n", color, sign, buf_c(&clean), color[0] != '\0' ? "\033[0m" : "");
		buf_release(&clean);
	}
}

static size_t count_lines(struct str s)
{
	size_t n = 1;
	for (size_t i = 0; i < s.n; i++) {
		n += s.p[i] == '\n';
	}
	return n;
}

/* Whole lines around an edit, as patch -U0 wants them. */
static void print_hunk(const struct fmt_edit *e, struct str text, int64_t *moved, bool color)
{
	size_t from = e->start, to = e->end;
	while (from > 0 && text.p[from - 1] != '\n') {
		from--;
	}
	while (to < text.n && text.p[to] != '\n') {
		to++;
	}
	struct buf new;
	buf_init(&new, JSON_MAX);
	buf_add_str(&new, str_n(text.p + from, e->start - from));
	buf_add_str(&new, e->text);
	buf_add_str(&new, str_n(text.p + e->end, to - e->end));
	struct str old = str_n(text.p + from, to - from);
	size_t old_n = count_lines(old), new_n = count_lines(buf_str(&new));
	printf("%s@@ -%u,%zu +%lld,%zu @@ %s%s\n", color ? "\033[36m" : "", e->line, old_n,
		(long long)(e->line + *moved), new_n, e->what, color ? "\033[0m" : "");
	print_lines('-', color ? "\033[31m" : "", old);
	print_lines('+', color ? "\033[32m" : "", buf_str(&new));
	*moved += (int64_t)new_n - (int64_t)old_n;
	buf_release(&new);
}

static void print_diff(const char *path, const struct fmt *f, struct str text, bool color)
{
	int64_t moved = 0;
	printf("--- %s\n+++ %s\n", path, path);
	for (size_t i = 0; i < f->n; i++) {
		print_hunk(&f->edits[i], text, &moved, color);
	}
}

static void add_json(struct run *r, const char *path, const struct fmt *f)
{
	jsonout_object(&r->out);
	jsonout_key_c(&r->out, "file", path);
	jsonout_key_bool(&r->out, "changed", f->n > 0);
	jsonout_key(&r->out, "edits");
	jsonout_array(&r->out);
	for (size_t i = 0; i < f->n; i++) {
		jsonout_object(&r->out);
		jsonout_key_c(&r->out, "what", f->edits[i].what);
		jsonout_key_i64(&r->out, "line", f->edits[i].line);
		jsonout_key_str(&r->out, "text", f->edits[i].text);
		jsonout_end_object(&r->out);
	}
	jsonout_end_array(&r->out);
	jsonout_end_object(&r->out);
}

/* Over the file a link leads to, with the permissions it has. */
static int write_back(const char *path, const struct fmt *f, struct str text, struct hark_err *err)
{
	struct stat st;
	struct buf out;
	char *real = realpath(path, NULL);
	buf_init(&out, 2 * RULE_FILE_MAX);
	fmt_apply(f, text, &out);
	int rc = out.rc != HARK_OK ? hark_err_set(err, out.rc, "%s would be too large", path)
				   : file_write(real != NULL ? real : path, buf_str(&out),
					     stat(path, &st) == 0 ? st.st_mode & 07777 : 0644, err);
	buf_release(&out);
	free(real);
	return rc;
}

static int finish_file(
	struct run *r, const char *path, const struct fmt *f, struct str text, struct hark_err *err)
{
	bool standard = strcmp(path, "-") == 0, quiet = r->check || r->diff;
	r->changed += f->n > 0;
	if (r->json) {
		add_json(r, path, f);
	} else if (r->diff && f->n > 0) {
		print_diff(path, f, text, r->color);
	} else if (r->check && f->n > 0) {
		printf("%s: %s not formatted\n", path, COUNT(f->n, "query"));
	}
	if (standard && !quiet && !r->json) {
		struct buf out;
		buf_init(&out, 2 * RULE_FILE_MAX);
		fmt_apply(f, text, &out);
		fwrite(buf_c(&out), 1, out.n, stdout);
		buf_release(&out);
	} else if (!standard && !quiet && f->n > 0) {
		if (!r->json) {
			printf("%s: %s formatted\n", path, COUNT(f->n, "query"));
		}
		return write_back(path, f, text, err);
	}
	return HARK_OK;
}

/* One file; what is wrong with it does not keep the others from being formatted. */
static int run_file(struct run *r, const char *path, struct hark_err *err)
{
	struct arena arena;
	struct buf text;
	struct fmt f;
	arena_init(&arena, 0);
	buf_init(&text, RULE_FILE_MAX);
	int rc = file_read(&text, path, err);
	if (rc == HARK_OK) {
		rc = fmt_file(&f, buf_str(&text), path, &arena, &r->diags, err);
	}
	if (rc == HARK_OK) {
		rc = arena.rc != HARK_OK ? hark_err_set(err, arena.rc, "no memory for %s", path)
					 : finish_file(r, path, &f, buf_str(&text), err);
	} else if (rc == HARK_EPARSE) {
		r->broken++;
		rc = HARK_OK;
	}
	buf_release(&text);
	arena_release(&arena);
	return rc;
}

/* {"files":[…],"findings":[…]} */
static void print_json(struct run *r, struct buf *out)
{
	struct buf findings;
	buf_init(&findings, JSON_MAX);
	diags_json(&r->diags, &findings);
	jsonout_end_array(&r->out);
	jsonout_key(&r->out, "findings");
	jsonout_raw(&r->out, buf_str(&findings));
	jsonout_end_object(&r->out);
	puts(buf_c(out));
	buf_release(&findings);
}

int rules_fmt(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct run r = {.check = cli_given(cli, "check"),
		.diff = cli_given(cli, "diff"),
		.json = cli_json(cli),
		.color = cli_color(cli)};
	struct buf out;
	if (argc == 0) {
		return cli_usage(cli, "which files? - is standard input");
	}
	diags_init(&r.diags);
	buf_init(&out, JSON_MAX);
	jsonout_init(&r.out, &out);
	jsonout_object(&r.out);
	jsonout_key(&r.out, "files");
	jsonout_array(&r.out);
	int rc = fold_init() == HARK_OK
			 ? HARK_OK
			 : hark_err_set(&err, HARK_ENOMEM, "no memory for the tables");
	for (int i = 0; i < argc && rc == HARK_OK; i++) {
		rc = run_file(&r, argv[i], &err);
	}
	if (r.json) {
		print_json(&r, &out);
	} else {
		diags_print(&r.diags, stderr, false);
	}
	int code = rc != HARK_OK                                            ? cli_fail(cli, &err)
		   : r.broken > 0 || ((r.check || r.diff) && r.changed > 0) ? EXIT_PROBLEMS
									    : EXIT_DONE;
	diags_release(&r.diags);
	buf_release(&out);
	return code;
}
