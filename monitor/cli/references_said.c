#include "monitor/cli/references_said.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/cli/references_show.h"
#include "monitor/config/conf.h"
#include "monitor/model/id.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define JSON_MAX ((size_t)1 << 20)

static void say_json(const struct reference *r)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	reference_json(r, &j);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

void references_say(struct cli *cli, const struct reference *r)
{
	char id[ID_TEXT_MAX], until[CLOCK_TEXT_MAX];
	if (cli_json(cli)) {
		say_json(r);
		return;
	}
	printf("%s is %s", id_text(ID_REFERENCE, r->id, id), permission_name(r->permission));
	if (r->ask_due != 0) {
		fputs(": ask ", stdout);
		print_clean(r->ask_to);
		printf(", who has until %s", clock_local(r->ask_due, until));
	}
	if (r->hold_until != 0) {
		fputs(", on hold (", stdout);
		print_clean(r->hold_reason);
		printf(") until %s", clock_local(r->hold_until, until));
	}
	putchar('\n');
}

static void print_who(const struct reference *r)
{
	printf("%-10s ", "who");
	print_clean(r->person_name);
	fputs(" of ", stdout);
	print_clean(r->account_name);
	putchar('\n');
}

static void print_grant(const struct reference *r, const struct reference_step *step)
{
	print_field("agreed by", step->granted_by);
	print_field("authorised", step->authoriser);
	references_print_agreed(r);
	if (r->consent != 0) {
		printf("%-10s statement %lld, as they stand now\n", "words", (long long)r->consent);
	}
}

static void print_use(const struct conf *conf, const struct reference_step *step)
{
	char at[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX], request[ID_TEXT_MAX];
	int64_t at_ms = step->until_ms != 0 ? step->until_ms : step->now_ms;
	printf("%-10s ", "used for");
	print_clean(step->activity);
	printf(", on %.10s%s%s\n", clock_local(at_ms, at), step->request != 0 ? ", for " : "",
		step->request != 0 ? id_text(ID_REQUEST, step->request, request) : "");
	printf("%-10s for the caps until %.10s\n", "counts",
		clock_local(at_ms + conf->references.cap_window_ms, until));
}

void references_say_undo(int64_t id)
{
	printf("%-10s hark references undo %lld\n", "undo", (long long)id);
}

/* Nobody may have been meant by a name that was misspelt, and nobody would answer. */
static void note_stranger(struct desk *d, struct str name)
{
	if (store_is_colleague(d->store, name) ||
		str_eq_nocase(name, str_c(d->conf->references.marketing))) {
		return;
	}
	printf("%-10s nobody here is known as ", "caution");
	print_clean(name);
	puts(": if that is misspelt, assign it again; else hark user add or hark import staff makes them known");
}

void references_say_step(
	struct desk *d, const struct reference *r, const struct reference_step *step)
{
	references_say(d->cli, r);
	if (cli_json(d->cli)) {
		return;
	}
	print_who(r);
	if (step->action == REFERENCE_GRANT || step->action == REFERENCE_NAME) {
		print_grant(r, step);
	} else if (step->action == REFERENCE_USE) {
		print_use(d->conf, step);
	} else if (step->action == REFERENCE_ASSIGN) {
		print_field("gatekeeper", r->gatekeeper);
		note_stranger(d, r->gatekeeper);
	}
	references_say_undo(r->id);
}
