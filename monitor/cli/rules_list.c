/* hark rules list: the rules, or the packs that come with hark. */
#include "monitor/cli/rules_cli.h"

#include "monitor/base/jsonout.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"
#include "rules/pack.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

static void list_json(const struct ruleset *r)
{
	struct buf out;
	struct jsonout j;
	struct rule_info info;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		jsonout_object(&j);
		jsonout_key_str(&j, "id", info.id);
		jsonout_key_str(&j, "title", info.title);
		jsonout_key_c(&j, "kind", signal_kind_name(info.kind));
		jsonout_key_c(&j, "level", signal_level_name(info.level));
		jsonout_key_c(&j, "status", info.status);
		jsonout_key_str(&j, "file", info.file);
		jsonout_key_i64(&j, "line", info.line);
		jsonout_key_c(&j, "hash", info.hash);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int list_people(const struct ruleset *r, bool color)
{
	static const struct table_column columns[] = {{"rule", TABLE_LEFT, false},
		{"kind", TABLE_LEFT, false}, {"level", TABLE_LEFT, false},
		{"status", TABLE_LEFT, false}, {"file", TABLE_LEFT, false},
		{"title", TABLE_LEFT, true}};
	struct table t;
	struct rule_info info;
	table_init(&t, columns, 6);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		table_addf(&t, "%.*s", STR_FMT(info.id));
		table_add(&t, signal_kind_name(info.kind));
		table_add(&t, signal_level_name(info.level));
		table_add(&t, info.status);
		table_addf(&t, "%.*s", STR_FMT(info.file));
		table_addf(&t, "%.*s", STR_FMT(info.title));
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

static void packs_json(const struct pack *packs, size_t n)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(&j);
		jsonout_key_str(&j, "name", packs[i].name);
		jsonout_key_str(&j, "file", packs[i].file);
		jsonout_key_str(&j, "about", packs[i].about);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int list_packs(struct cli *cli)
{
	static const struct table_column columns[] = {
		{"pack", TABLE_LEFT, false}, {"about", TABLE_LEFT, true}};
	struct arena arena;
	struct pack *packs;
	size_t n;
	struct hark_err err = {0};
	arena_init(&arena, 0);
	int rc = packs_find(conf_packs_dir(), &arena, &packs, &n, &err);
	if (rc == HARK_OK && cli_json(cli)) {
		packs_json(packs, n);
	} else if (rc == HARK_OK) {
		struct table t;
		table_init(&t, columns, 2);
		for (size_t i = 0; i < n; i++) {
			table_addf(&t, "%.*s", STR_FMT(packs[i].name));
			table_addf(&t, "%.*s", STR_FMT(packs[i].about));
		}
		rc = table_print(&t, stdout, cli_color(cli));
		table_release(&t);
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	arena_release(&arena);
	return code;
}

int rules_list(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	struct ruleset *r = NULL;
	if (cli_given(cli, "packs")) {
		return list_packs(cli);
	}
	diags_init(&d);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	rc = rc == HARK_OK ? ruleset_load(&r, &a.source, &d, &err) : rc;
	if (rc != HARK_OK) {
		diags_print(&d, stderr, false);
	} else if (cli_json(cli)) {
		list_json(r);
	} else {
		list_people(r, cli_color(cli));
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	ruleset_unref(r);
	rules_args_close(&a);
	diags_release(&d);
	return code;
}
