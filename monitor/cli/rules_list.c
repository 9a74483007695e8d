/* hark rules list: the rules, or the packs that come with hark. */
#include "monitor/cli/rules_cli.h"

#include "monitor/api/view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"
#include "monitor/store/rule_stats.h"
#include "rules/pack.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

/* What rules have done, where there is a store that knows. */
struct history {
	struct arena arena;
	const struct rule_stats *v;
	size_t n;
	const struct precision_row *judged;
	size_t judged_n;
	bool known;
	bool with_limits; /* some rule was undecided, or passed a post of no language */
};

static void history_read(struct history *h, const struct conf *conf, const struct cli *cli)
{
	struct store *s = NULL;
	struct rule_stats *v = NULL;
	struct hark_err err = {0};
	arena_init(&h->arena, 0);
	if (conf == NULL || conf->store == NULL) {
		return;
	}
	int rc = store_open(&s, conf->store, STORE_READ_ONLY, &err);
	rc = rc == HARK_OK ? store_rule_stats(s, &h->arena, &v, &h->n, &err) : rc;
	struct precision_row *judged = NULL;
	rc = rc == HARK_OK ? precision_read(s, &conf->score, &h->arena, &judged, &h->judged_n, &err)
			   : rc;
	h->v = v;
	h->judged = judged;
	for (size_t i = 0; i < h->n; i++) {
		h->with_limits |= v[i].undecided > 0 || v[i].lang_passed > 0;
	}
	h->known = rc == HARK_OK;
	if (rc != HARK_OK && rc != HARK_ENOENT) {
		cli_fail(cli, &err); /* the rules are shown all the same */
	}
	store_close(s);
}

static struct rule_stats stats_of(const struct history *h, struct str rule)
{
	const struct rule_stats *found = rule_stats_find(h->v, h->n, rule);
	return found != NULL ? *found : (struct rule_stats){0};
}

static void list_json(const struct ruleset *r, const struct history *h)
{
	struct buf out;
	struct jsonout j;
	struct rule_info info;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		const struct rule_stats stats = stats_of(h, info.id);
		view_rule(&j, &info, h->known ? &stats : NULL,
			precision_of_rule(h->judged, h->judged_n, info.id));
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void add_count(struct table *t, int64_t n)
{
	if (n != 0) {
		table_addf(t, "%lld", (long long)n);
	} else {
		table_add(t, "");
	}
}

static void add_history(struct table *t, const struct history *h, struct str rule)
{
	const struct rule_stats s = stats_of(h, rule);
	char when[CLOCK_TEXT_MAX];
	add_count(t, s.matches);
	add_count(t, s.leads);
	if (h->with_limits) {
		add_count(t, s.undecided);
		add_count(t, s.lang_passed);
	}
	table_add(t, s.last_ms != 0 ? clock_local(s.last_ms, when) : "");
}

static int list_people(const struct ruleset *r, const struct history *h, bool color)
{
	static const struct table_column plain[] = {{"rule", TABLE_LEFT, false},
		{"kind", TABLE_LEFT, false}, {"level", TABLE_LEFT, false},
		{"status", TABLE_LEFT, false}, {"file", TABLE_LEFT, false},
		{"title", TABLE_LEFT, true}};
	static const struct table_column told[] = {{"rule", TABLE_LEFT, false},
		{"kind", TABLE_LEFT, false}, {"status", TABLE_LEFT, false},
		{"matches", TABLE_RIGHT, false}, {"leads", TABLE_RIGHT, false},
		{"last match", TABLE_LEFT, false}, {"title", TABLE_LEFT, true}};
	static const struct table_column limited[] = {{"rule", TABLE_LEFT, false},
		{"kind", TABLE_LEFT, false}, {"status", TABLE_LEFT, false},
		{"matches", TABLE_RIGHT, false}, {"leads", TABLE_RIGHT, false},
		{"undecided", TABLE_RIGHT, false}, {"no lang", TABLE_RIGHT, false},
		{"last match", TABLE_LEFT, false}, {"title", TABLE_LEFT, true}};
	struct table t;
	struct rule_info info;
	table_init(&t,
		!h->known        ? plain
		: h->with_limits ? limited
				 : told,
		!h->known        ? 6
		: h->with_limits ? 9
				 : 7);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		table_add_str(&t, info.id);
		table_add(&t, signal_kind_name(info.kind));
		if (h->known) {
			table_add(&t, info.status);
			add_history(&t, h, info.id);
		} else {
			table_add(&t, signal_level_name(info.level));
			table_add(&t, info.status);
			table_add_str(&t, info.file);
		}
		table_add_str(&t, info.title);
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

static void pack_json(struct jsonout *j, const void *v, size_t i)
{
	const struct pack *pack = &((const struct pack *)v)[i];
	jsonout_object(j);
	jsonout_key_str(j, "name", pack->name);
	jsonout_key_str(j, "file", pack->file);
	jsonout_key_str(j, "about", pack->about);
	jsonout_end_object(j);
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
		print_json_rows(packs, n, pack_json);
	} else if (rc == HARK_OK) {
		struct table t;
		table_init(&t, columns, 2);
		t.wraps = true;
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
	} else {
		struct history h = {0};
		history_read(&h, a.conf, cli);
		if (cli_json(cli)) {
			list_json(r, &h);
		} else {
			list_people(r, &h, cli_color(cli));
		}
		arena_release(&h.arena);
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	ruleset_unref(r);
	rules_args_close(&a);
	diags_release(&d);
	return code;
}
