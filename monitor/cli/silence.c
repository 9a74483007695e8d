/* hark silence: leads like these are kept quiet for a time. They are in the queue all the same. */
#include "monitor/cli/commands.h"

#include "monitor/api/view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/names.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"
#include "monitor/leads/route_ask.h"
#include "monitor/store/known.h"
#include "monitor/store/leads.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)
#define PREVIEW_MS (30 * 24 * 3600 * INT64_C(1000))
#define PREVIEW_LEADS 100000
#define PREVIEW_SHOWN 10

static const char *const kinds[] = {"rule", "kind", "who", "account", "owner"};

/* "rule=wants-one". */
static int read_what(struct cli *cli, const char *text, struct silence *out)
{
	const char *equals = strchr(text, '=');
	for (size_t i = 0; equals != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct str what = str_n(text, (size_t)(equals - text));
		if (str_eq_c(what, kinds[i])) {
			out->what = what;
			out->value = str_trim(str_c(equals + 1));
		}
	}
	if (str_empty(out->what) || str_empty(out->value)) {
		return cli_usage(cli,
			"'%s' is no silence: write rule=ID, kind=KIND, who=NAME, account=NAME or owner=NAME",
			text);
	}
	return str_eq_c(out->what, "kind") ? desk_check_kind(cli, out->value) : EXIT_DONE;
}

static int read_silence(struct cli *cli, int argc, char **argv, struct silence *out)
{
	const char *span = cli_value(cli, "for");
	int64_t span_ms = 0;
	if (argc != 1) {
		return cli_usage(cli, "say what is kept quiet, as rule=ID or account=NAME");
	}
	int code = read_what(cli, argv[0], out);
	if (code != EXIT_DONE) {
		return code;
	}
	out->reason = str_trim(str_c(cli_value(cli, "reason")));
	out->actor = desk_actor(cli);
	out->from_ms = clock_wall_ms();
	if (span == NULL || value_duration(str_c(span), &span_ms, NULL) != HARK_OK ||
		span_ms <= 0) {
		return cli_usage(cli, "a silence ends: --for takes a time such as 4h or 7d");
	}
	out->until_ms = out->from_ms + span_ms;
	return str_empty(out->reason) ? cli_usage(cli, "a silence needs a reason: --reason TEXT")
				      : EXIT_DONE;
}

/* ---- whether there is such a thing ---- */

static void take_account(void *ctx, const struct known_row *row)
{
	names_take(ctx, row->cells[0]);
}

/* A silence for what does not exist would keep nothing quiet, without a word. */
static int check_value(struct desk *d, const struct silence *silence)
{
	struct names names = {.arena = &d->arena, .wanted = silence->value};
	bool rule = str_eq_c(silence->what, "rule");
	if (rule) {
		names_take_rules(&names, d->cli);
	} else if (str_eq_c(silence->what, "account")) {
		store_known_list(
			d->store, KNOWN_ACCOUNTS, STR_NONE, STR_NONE, 0, NAMES_MAX, take_account, &names, NULL);
	} else {
		return EXIT_DONE;
	}
	return names_check(&names, d->cli, rule ? "rule" : "account",
		rule ? "hark rules list shows them" : "hark accounts list shows them");
}

/* ---- what it would have kept quiet ---- */

struct preview {
	size_t hits;
	struct lead shown[PREVIEW_SHOWN];
};

static int look_back(struct desk *d, const struct silence *silence, struct preview *p)
{
	struct lead_filter f = {.now_ms = silence->from_ms, .max = PREVIEW_LEADS};
	struct lead *leads;
	struct route_case c;
	size_t n;
	int rc = store_lead_list(d->store, &f, &d->arena, &leads, &n, &d->err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		if (leads[i].seen_ms < silence->from_ms - PREVIEW_MS) {
			continue;
		}
		rc = route_ask(
			d->store, d->conf, &leads[i], NULL, 0, silence->from_ms, &d->arena, &c);
		if (rc == HARK_OK && silence_matches(silence, &c.question, leads[i].owner)) {
			if (p->hits < PREVIEW_SHOWN) {
				p->shown[p->hits] = leads[i];
			}
			p->hits++;
		}
	}
	return rc == HARK_OK ? HARK_OK : hark_err_set(&d->err, rc, "no memory to look back");
}

static void print_preview(const struct preview *p)
{
	printf("%s of the last 30 days would have been kept quiet\n", COUNT(p->hits, "lead"));
	for (size_t i = 0; i < p->hits && i < PREVIEW_SHOWN; i++) {
		printf("  %lld  %.*s%s\n", (long long)p->shown[i].id, STR_FMT(p->shown[i].title),
			p->shown[i].is_private ? "  (" PRIVATE_MARK ")" : "");
	}
	if (p->hits > PREVIEW_SHOWN) {
		printf("  and %zu more\n", p->hits - PREVIEW_SHOWN);
	}
}

static void add_json(const struct preview *p, int64_t id)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	if (id != 0) {
		jsonout_key_i64(&j, "id", id);
	}
	jsonout_key_i64(&j, "hits_30d", (int64_t)p->hits);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int save(struct desk *d, const struct silence *silence, int64_t *id)
{
	int rc = store_begin(d->store, &d->err);
	if (rc == HARK_OK) {
		*id = store_silence_add(d->store, silence);
		rc = store_commit(d->store, &d->err);
	}
	return rc;
}

static int run_add(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct silence silence = {0};
	struct preview preview = {0};
	int64_t id = 0;
	bool saves = !cli_given(cli, "dry-run") && !cli_given(cli, "preview");
	int code = read_silence(cli, argc, argv, &silence);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		code = check_value(&d, &silence);
		if (code != EXIT_DONE) {
			desk_close(&d);
			return code;
		}
	}
	rc = rc == HARK_OK ? look_back(&d, &silence, &preview) : rc;
	rc = rc == HARK_OK && saves ? save(&d, &silence, &id) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		add_json(&preview, id);
	} else {
		char until[CLOCK_TEXT_MAX];
		print_preview(&preview);
		if (saves) {
			printf("silence %lld is in force until %s\n", (long long)id,
				clock_local(silence.until_ms, until));
		} else {
			puts("nothing is saved");
		}
	}
	desk_close(&d);
	return code;
}

/* ---- list and end ---- */

struct listed {
	bool all;
	struct silence *v;
	size_t n;
};

static int look(struct desk *d, void *ctx)
{
	struct listed *l = ctx;
	return store_silence_list(
		d->store, clock_wall_ms(), l->all, &d->arena, &l->v, &l->n, &d->err);
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	const struct silence *row = &((const struct silence *)v)[i];
	view_silence(j, row);
}

static void list_table(const struct listed *l, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"what", TABLE_LEFT, true}, {"until", TABLE_LEFT, false},
		{"kept quiet", TABLE_RIGHT, false}, {"by", TABLE_LEFT, false},
		{"reason", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < l->n; i++) {
		const struct silence *s = &l->v[i];
		char until[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)s->id);
		table_addf(&t, "%.*s=%.*s", STR_FMT(s->what), STR_FMT(s->value));
		table_add(&t, clock_local(s->until_ms, until));
		table_addf(&t, "%lld", (long long)s->hits);
		table_add_str(&t, s->actor);
		table_add_str(&t, s->reason);
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

static void tell(struct desk *d, void *ctx)
{
	const struct listed *l = ctx;
	if (cli_json(d->cli)) {
		print_json_rows(l->v, l->n, row_json);
	} else if (l->n == 0) {
		puts(l->all ? "there never was a silence" : "nothing is kept quiet");
	} else {
		list_table(l, cli_color(d->cli));
	}
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct listed l = {.all = cli_given(cli, "all")};
	(void)argv;
	return desk_report(cli, argc, look, tell, &l);
}

static int end(struct desk *d, void *ctx)
{
	return store_silence_end(d->store, *(const int64_t *)ctx, clock_wall_ms(), &d->err);
}

static void tell_ended(struct desk *d, void *ctx)
{
	long long id = *(const int64_t *)ctx;
	if (cli_json(d->cli)) {
		printf("{\"id\":%lld}\n", id);
	} else {
		printf("silence %lld has ended\n", id);
	}
}

static int run_end(struct cli *cli, int argc, char **argv)
{
	int64_t id = 0;
	if (argc != 1 || !str_i64(str_c(argv[0]), &id)) {
		return cli_usage(cli, "say the number of a silence; hark silence list shows them");
	}
	return desk_change(cli, end, tell_ended, &id);
}

static const struct cli_option add_options[] = {
	{"for", 0, "TIME", "how long (required), for example 4h or 7d"},
	{"reason", 'r', "TEXT", "why (required); shown beside it"},
	{"dry-run", 'n', NULL, "show what it would have kept quiet, and save nothing"},
	{"preview", 0, NULL, "the same"},
	{"as", 0, "NAME", "who does it (default: your login name)"},
	{NULL},
};

static const struct cli_option list_options[] = {
	{"all", 0, NULL, "those that are over, too"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"add", "WHAT", "Keep leads like these quiet for a time",
		"WHAT is rule=ID, kind=KIND, who=NAME, account=NAME or owner=NAME. Alerts are left out, the\n"
		"leads are in the queue all the same. Before it is saved, what it would have kept quiet in\n"
		"the last 30 days is shown. A lead that another rule raised too is told.\n\n"
		"    hark silence add account=Globex --for 7d --reason 'a fair is on'",
		add_options, NULL, run_add},
	{"list", "", "Show what is kept quiet, until when and how often", NULL, list_options, NULL,
		run_list},
	{"end", "NUMBER", "End a silence now", "    hark silence end 3", NULL, NULL, run_end},
	{NULL},
};

const struct cli_command command_silence = {
	.name = "silence",
	.args = "",
	.about = "Keep leads quiet for a time, with a reason and an end",
	.sub = commands,
};
