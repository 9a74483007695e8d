/* hark references brief and coach (monitor/references/brief.h). */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/model/id.h"
#include "monitor/references/brief.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)
#define WHICH "which reference? `hark references list` shows their numbers"

static void print_words(const struct statement *s)
{
	char when[CLOCK_TEXT_MAX];
	printf("\n  %s, %s, source ", s->said_ms != 0 ? clock_local(s->said_ms, when) : "undated",
		statement_tone_name(s->tone));
	print_clean(s->source);
	fputs(str_empty(s->url) ? "; it has no address to send anybody to" : "\n  ", stdout);
	print_clean(s->url);
	putchar('\n');
	print_indented("    ", s->text);
	putchar('\n');
}

static void print_left_out(const struct brief *b)
{
	bool any = false;
	for (size_t i = 0; i < GATE_VERDICTS; i++) {
		if (b->left_out[i] > 0) {
			printf("%s  %zu: %s\n", any ? "" : "\nleft out\n", b->left_out[i],
				gate_verdict_about((enum gate_verdict)i));
			any = true;
		}
	}
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
	print_left_out(b);
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
		return cli_usage(cli, WHICH);
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no references yet");
	} else if (rc == HARK_OK) {
		const struct reader who = references_reader(&d);
		rc = brief_load(&who, id, &b, &d.err);
	}
	rc = rc == HARK_OK ? desk_note(&d) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		brief_json(&b, &j);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		print_brief(&b);
	}
	desk_close(&d);
	return code;
}

int references_run_coach(struct cli *cli, int argc, char **argv)
{
	struct list_filter f = {0};
	if (!read_id(argc, argv, &f.reference)) {
		return cli_usage(cli, WHICH);
	}
	return references_show_list(cli, 0, LIST_COACH, &f);
}
