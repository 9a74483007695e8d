#include "monitor/cli/rules_args.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

/* What makes a file a list: the end of its name, or nothing. */
static struct str list_ending(struct str name)
{
	static const char *const endings[] = {".csv", ".jsonl", ".ndjson"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (str_ends(name, str_c(endings[i]))) {
			return str_c(endings[i]);
		}
	}
	return STR_NONE;
}

static bool add_list(struct rules_args *a, struct rules_list **lists, size_t *n, size_t *cap,
	const char *folder, const char *file)
{
	struct str name = str_c(file), ending = list_ending(name);
	struct buf path;
	if (ending.n == 0 || file[0] == '.') {
		return true;
	}
	struct rules_list *grown = arena_grow(&a->arena, *lists, *n, cap, sizeof(**lists));
	if (grown == NULL) {
		return false;
	}
	*lists = grown;
	buf_init(&path, 8192);
	buf_printf(&path, "%s/%s", folder, file);
	name.n -= ending.n;
	grown[*n] = (struct rules_list){
		.name = arena_c(&a->arena, name), .file = arena_c(&a->arena, buf_str(&path))};
	grown[*n].at.file = grown[*n].file;
	buf_release(&path);
	return grown[*n].name != NULL && grown[(*n)++].file != NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct rules_list *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/* Every list of a folder, in the order of their names. */
static int add_folder(struct rules_args *a, const char *folder, struct hark_err *err)
{
	struct rules_list *lists = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	DIR *dir = opendir(folder);
	if (dir == NULL) {
		return hark_err_errno(
			err, HARK_EIO, errno, "the folder of lists '%s' cannot be read", folder);
	}
	for (const struct dirent *e; ok && (e = readdir(dir)) != NULL;) {
		ok = add_list(a, &lists, &n, &cap, folder, e->d_name);
	}
	closedir(dir);
	for (size_t i = 0; ok && i < a->source.lists_n; i++) { /* the configuration's behind them */
		struct rules_list *grown = arena_grow(&a->arena, lists, n, &cap, sizeof(*lists));
		ok = grown != NULL;
		if (ok) {
			lists = grown;
			lists[n++] = a->source.lists[i];
		}
	}
	if (!ok) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the lists");
	}
	if (n > a->source.lists_n) {
		qsort(lists, n - a->source.lists_n, sizeof(*lists), by_name);
	}
	a->source.lists = lists;
	a->source.lists_n = n;
	return HARK_OK;
}

static int open_conf(
	struct rules_args *a, const struct cli *cli, struct diags *diags, struct hark_err *err)
{
	int rc = conf_load(&a->conf, cli_config_path(cli), diags, err);
	return rc == HARK_OK ? conf_rules_source(a->conf, &a->arena, &a->source, err) : rc;
}

/* The lists of the configuration there is, if there is one; what else is wrong in it is not asked. */
static int borrow_lists(struct rules_args *a, const struct cli *cli, struct hark_err *err)
{
	struct diags unasked;
	diags_init(&unasked);
	conf_read(&a->conf, cli_config_path(cli), &unasked, NULL);
	diags_release(&unasked);
	return a->conf != NULL ? conf_rules_source(a->conf, &a->arena, &a->source, err) : HARK_OK;
}

int rules_args_open(struct rules_args *a, const struct cli *cli, const char *const *paths, size_t n,
	struct diags *diags, struct hark_err *err)
{
	const char *folder = cli_value(cli, "lists");
	int rc = HARK_OK;
	*a = (struct rules_args){.source = {.base_dir = ".", .packs_dir = conf_packs_dir()}};
	arena_init(&a->arena, 0);
	if (n == 0 || cli_given(cli, "config")) {
		rc = open_conf(a, cli, diags, err);
	} else if (folder == NULL) {
		rc = borrow_lists(a, cli, err);
	}
	if (rc == HARK_OK && n > 0) {
		/* Paths of a command line start where the command was started. */
		for (size_t i = 0; i < a->source.lists_n && a->conf != NULL; i++) {
			struct rules_list *l = (struct rules_list *)&a->source.lists[i];
			struct buf path;
			if (l->file == NULL) {
				continue; /* imported records */
			}
			buf_init(&path, 8192);
			buf_printf(&path, "%s/%s", a->conf->base_dir, l->file);
			l->file = l->file[0] != '/' ? arena_c(&a->arena, buf_str(&path)) : l->file;
			buf_release(&path);
		}
		a->source.base_dir = ".";
		a->source.paths = paths;
		a->source.paths_n = n;
		a->source.paths_at = NULL;
		a->source.opened_n = 0;
	}
	return rc == HARK_OK && folder != NULL ? add_folder(a, folder, err) : rc;
}

int rules_args_need_store(const struct rules_args *a, struct hark_err *err)
{
	return a->conf != NULL && a->conf->store != NULL
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL,
				 "there is no configuration that names a store: -c FILE");
}

int rules_args_load(
	struct rules_args *a, const struct cli *cli, struct ruleset **out, struct hark_err *err)
{
	const char *paths[256];
	struct diags d;
	size_t n = 0;
	for (; n < 256 && cli_value_at(cli, "rules", n) != NULL; n++) {
		paths[n] = cli_value_at(cli, "rules", n);
	}
	diags_init(&d);
	int rc = rules_args_open(a, cli, paths, n, &d, err);
	rc = rc == HARK_OK ? ruleset_load(out, &a->source, &d, err) : rc;
	rules_args_print(&d);
	diags_release(&d);
	return rc;
}

void rules_args_print(const struct diags *d)
{
	struct diags other;
	diags_init(&other);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *g = &d->v[i];
		bool is_for_check = g->level == DIAG_WARNING &&
				    (g->code[0] == 'C' || strcmp(g->code, "W070") == 0 ||
					    strcmp(g->code, "W030") == 0);
		if (!is_for_check) {
			diags_add(&other, g->level, g->code, g->at, str_c(g->source), g->help, "%s",
				g->message);
		}
	}
	diags_print(&other, stderr, false);
	diags_release(&other);
}

void rules_args_close(struct rules_args *a)
{
	conf_unref(a->conf);
	arena_release(&a->arena);
}
