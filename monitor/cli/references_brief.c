/* hark references: what to know before somebody is asked, or talks with a prospect. For people; nothing is sent. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sheet.h"
#include "monitor/model/id.h"
#include "monitor/references/gate.h"
#include "monitor/references/guard.h"
#include "monitor/references/peers.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

struct brief {
	struct reference r;
	struct statement *v; /* what stands in public */
	size_t n;
	struct guard_answer guard;
	struct str motive; /* absent: nothing says */
	int64_t now_ms;
};

/* Only what the gate lets others see may be repeated to them. */
static void keep_public(struct brief *b)
{
	const struct gate_consent none = {0};
	size_t kept = 0;
	for (size_t i = 0; i < b->n; i++) {
		if (gate_ask(GATE_LINK, &b->v[i], &none, b->now_ms) == GATE_OPEN) {
			b->v[kept++] = b->v[i];
		}
	}
	b->n = kept;
}

static int load(struct desk *d, int64_t id, struct brief *b)
{
	b->now_ms = clock_wall_ms();
	int rc = store_reference_load(d->store, id, &d->arena, &b->r, &d->err);
	rc = rc == HARK_OK
		     ? store_reference_statements(d->store, id, &d->arena, &b->v, &b->n, &d->err)
		     : rc;
	rc = rc == HARK_OK ? guard_ask(d->store, d->conf, &b->r, STR_NONE, b->now_ms, &d->arena,
				     &b->guard, &d->err)
			   : rc;
	rc = rc == HARK_OK
		     ? peer_motive(d->store, b->r.person, STR_NONE, &d->arena, &b->motive, &d->err)
		     : rc;
	if (rc == HARK_OK && guard_has(&b->guard, GUARD_OPTED_OUT)) {
		return hark_err_set(&d->err, HARK_ESTATE,
			"ref_%lld has asked to be left alone: nothing of theirs is given out",
			(long long)id);
	}
	if (rc == HARK_OK) {
		keep_public(b);
	}
	return rc;
}

/* ---- brief ---- */

static void print_words(const struct statement *s)
{
	char when[CLOCK_TEXT_MAX];
	printf("\n  %s, %s\n  ", s->said_ms != 0 ? clock_local(s->said_ms, when) : "undated",
		statement_tone_name(s->tone));
	print_clean(s->url);
	fputs("\n    \"", stdout);
	print_clean(s->text);
	puts("\"");
}

static void print_brief(const struct brief *b)
{
	char id[ID_TEXT_MAX];
	struct buf text;
	printf("%s  ", id_text(ID_REFERENCE, b->r.id, id));
	print_clean(b->r.person_name);
	fputs(" of ", stdout);
	print_clean(b->r.account_name);
	putchar('\n');
	print_field("title", b->r.title);
	if (b->guard.may_ask) {
		print_field("ask", b->r.gatekeeper);
	}
	buf_init(&text, 4096);
	for (size_t i = 0; i < b->guard.n; i++) {
		buf_clear(&text);
		guard_sentence(&b->guard.v[i], &text);
		print_field(b->guard.v[i].blocks ? "do not ask" : "mind", buf_str(&text));
	}
	buf_release(&text);
	print_field("motive",
		b->motive.p != NULL ? b->motive : STR("nothing says; ask what is in it for them"));
	printf("\ntheir own words in public (%zu)", b->n);
	for (size_t i = 0; i < b->n; i++) {
		print_words(&b->v[i]);
	}
	fputs(b->n == 0 ? "\n" : "", stdout);
}

static void write_brief(const struct brief *b, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_REFERENCE, b->r.id, id));
	jsonout_key_str(j, "name", b->r.person_name);
	jsonout_key_str(j, "account", b->r.account_name);
	jsonout_key_str(j, "title", b->r.title);
	jsonout_key_bool(j, "may_ask", b->guard.may_ask);
	jsonout_key_str(j, "ask_through", b->guard.may_ask ? b->r.gatekeeper : STR_NONE);
	jsonout_key_str(j, "motive", b->motive);
	jsonout_key(j, "words");
	jsonout_array(j);
	for (size_t i = 0; i < b->n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "tone", statement_tone_name(b->v[i].tone));
		jsonout_key_time(j, "said", b->v[i].said_ms);
		jsonout_key_str(j, "url", b->v[i].url);
		jsonout_key_str(j, "text", b->v[i].text);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

static int open_reference(struct desk *d, struct cli *cli, int64_t id, struct brief *b, int *code)
{
	int rc = desk_open(d, cli, STORE_READ_ONLY, code);
	if (rc == HARK_OK && d->store == NULL) {
		rc = hark_err_set(&d->err, HARK_ENOENT, "there are no references yet");
	}
	rc = rc == HARK_OK ? load(d, id, b) : rc;
	return rc == HARK_OK ? desk_note(d) : rc;
}

static bool read_id(int argc, char **argv, int64_t *id)
{
	return argc == 1 && id_parse(ID_REFERENCE, str_c(argv[0]), id);
}

int references_run_brief(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct brief b = {0};
	struct buf out;
	struct jsonout j;
	int64_t id = 0;
	int code = EXIT_DONE;
	if (!read_id(argc, argv, &id)) {
		return cli_usage(
			cli, "which reference? `hark references list` shows their numbers");
	}
	int rc = open_reference(&d, cli, id, &b, &code);
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		write_brief(&b, &j);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		print_brief(&b);
	}
	desk_close(&d);
	return code;
}

/* ---- coach ---- */

static const struct sheet_column coach_columns[] = {{"part", "what", SHEET_TEXT, false},
	{"text", "in their words", SHEET_TEXT, true}, {"said", "said", SHEET_TIME, false},
	{"url", "where it stands", SHEET_TEXT, true}};

static void add_parts(struct sheet *s, const struct statement *w)
{
	json_t *parts = w->parts.n > 0 ? json_read(w->parts, NULL) : NULL;
	for (size_t i = 0; i < json_array_size(parts); i++) {
		struct str part = json_str(json_array_get(parts, i), "part");
		if (str_eq_c(part, "limit") || str_eq_c(part, "lesson")) {
			sheet_text(s, part);
			sheet_text(s, json_str(json_array_get(parts, i), "text"));
			sheet_number(s, w->said_ms);
			sheet_text(s, w->url);
		}
	}
	json_decref(parts);
}

int references_run_coach(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct brief b = {0};
	struct sheet s;
	int64_t id = 0;
	int code = EXIT_DONE;
	if (!read_id(argc, argv, &id)) {
		return cli_usage(
			cli, "which reference? `hark references list` shows their numbers");
	}
	int rc = open_reference(&d, cli, id, &b, &code);
	sheet_init(&s, COLUMNS(coach_columns));
	for (size_t i = 0; i < b.n && rc == HARK_OK; i++) {
		add_parts(&s, &b.v[i]);
	}
	code = rc != HARK_OK
		       ? desk_fail(&d, code)
		       : sheet_print(&s, cli, "they have stated no limit and no lesson in public");
	sheet_release(&s);
	desk_close(&d);
	return code;
}
