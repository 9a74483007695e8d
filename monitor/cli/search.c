/* hark search: what was said, by whom, in all posts that are stored. */
#include "monitor/cli/commands.h"

#include "monitor/api/view_search.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/term.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define LIST_DEFAULT 20
#define LIST_MAX 10000
#define EXCERPT_MAX 300
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* ---- what is asked ---- */

static int join(struct buf *out, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		buf_add_c(out, i > 0 ? " " : "");
		buf_add_c(out, argv[i]);
	}
	return out->rc;
}

static int read_number(struct cli *cli, const char *name, int64_t max, int64_t *out)
{
	const char *text = cli_value(cli, name);
	if (text != NULL && (!str_i64(str_c(text), out) || *out < 1 || *out > max)) {
		return cli_usage(cli, "--%s takes a number from 1 to %lld, not '%s'", name,
			(long long)max, text);
	}
	return EXIT_DONE;
}

static int read_ask(struct cli *cli, struct search_ask *ask)
{
	int64_t limit = LIST_DEFAULT, before = 0;
	*ask = (struct search_ask){
		.person = str_c(cli_value(cli, "person")),
		.account = str_c(cli_value(cli, "account")),
		.source = str_c(cli_value(cli, "source")),
		.kind = str_c(cli_value(cli, "kind")),
		.since = str_c(cli_value(cli, "since")),
		.until = str_c(cli_value(cli, "until")),
	};
	int code = read_number(cli, "limit", LIST_MAX, &limit);
	code = code == EXIT_DONE ? read_number(cli, "before", INT64_MAX, &before) : code;
	if (code == EXIT_DONE && ask->kind.p != NULL) {
		code = desk_check_kind(cli, ask->kind);
	}
	ask->max = (size_t)limit;
	ask->before = before;
	return code;
}

/* ---- what is found ---- */

static void print_piece(void *color, struct str piece, bool marked)
{
	bool is_color = *(const bool *)color;
	fputs(!marked ? "" : is_color ? BOLD : "«", stdout);
	print_clean(piece);
	fputs(!marked ? "" : is_color ? PLAIN : "»", stdout);
}

static void print_text(struct str text, const struct excerpt_span *spans, size_t n, bool color)
{
	size_t from;
	if (str_empty(text)) {
		return;
	}
	struct str shown = excerpt_cut(text, n > 0 ? spans[0].start : 0, EXCERPT_MAX, &from);
	fputs(from > 0 ? "    …" : "    ", stdout);
	excerpt_pieces(shown, from, spans, n, print_piece, &color);
	puts(from + shown.n < text.n ? "…" : "");
}

static void print_who(const struct search_hit *h)
{
	struct str name = h->person != 0 ? h->person_name : h->name;
	print_clean(str_empty(name) ? h->handle : name);
	if (!str_empty(name) && !str_empty(h->handle)) {
		fputs(" (", stdout);
		print_clean(h->handle);
		putchar(')');
	}
	if (h->account != 0) {
		fputs(", ", stdout);
		print_clean(h->account_name);
	}
	fputs(str_empty(name) && str_empty(h->handle) ? "somebody" : "", stdout);
}

static void print_hit(const struct search_hit *h, bool color)
{
	char when[CLOCK_TEXT_MAX];
	struct str kinds = h->kinds, kind;
	printf("%s%s%s  ", color ? BOLD : "",
		clock_local(h->said_ms != 0 ? h->said_ms : h->seen_ms, when), color ? PLAIN : "");
	print_who(h);
	fputs("  ", stdout);
	print_clean(h->source);
	while (!str_empty(kinds) && str_split(&kinds, ',', &kind)) {
		printf(", %.*s", STR_FMT(kind));
	}
	if (h->lead != 0) {
		printf(", lead %lld", (long long)h->lead);
	}
	puts(h->is_private ? ", " PRIVATE_MARK : "");
	print_text(h->title, h->title_spans, h->title_spans_n, color);
	print_text(h->text, h->text_spans, h->text_spans_n, color);
	if (!str_empty(h->url)) {
		fputs("    ", stdout);
		print_clean(h->url);
		putchar('\n');
	}
	putchar('\n');
}

/* ---- the command ---- */

struct found {
	size_t n;
	int64_t next, waiting;
};

/* Pages of the store may hold less than there is room for; the next is asked for until the list is full. */
static int look(struct desk *d, struct search_ask *ask, struct jsonout *json, bool color,
	struct found *found)
{
	struct search_page page;
	size_t max = ask->max;
	int rc = HARK_OK;
	do {
		ask->max = max - found->n;
		arena_reset(&d->arena);
		rc = search_ask(d->store, ask, clock_wall_ms(), &d->arena, &page, &d->err);
		for (size_t i = 0; i < page.n; i++) {
			if (json != NULL) {
				view_search_hit(json, &page.v[i]);
			} else {
				print_hit(&page.v[i], color);
			}
		}
		found->n += page.n;
		found->next = ask->before = page.next;
		found->waiting = page.waiting;
	} while (rc == HARK_OK && found->n < max && found->next != 0);
	return rc;
}

static void tell(const struct found *f, bool more_filters)
{
	if (f->n == 0) {
		printf("nothing was said like that%s\n",
			more_filters ? "; fewer conditions find more"
				     : ": try a word less, or the beginning of one, as in invoic*");
	}
	if (f->next != 0) {
		printf("more: the same with --before %lld\n", (long long)f->next);
	}
	if (f->waiting > 0) {
		printf("%s came a moment ago and can be found once harkd has indexed %s\n",
			COUNT((size_t)f->waiting, "post"), f->waiting == 1 ? "it" : "them");
	}
}

static int run(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct search_ask ask;
	struct buf words, out;
	struct jsonout j;
	struct found found = {0};
	bool json = cli_json(cli);
	if (argc == 0) {
		return cli_usage(cli, "which words? for example: hark search acme invoices");
	}
	int code = read_ask(cli, &ask);
	if (code != EXIT_DONE) {
		return code;
	}
	buf_init(&words, 2 * SEARCH_BYTES_MAX);
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && join(&words, argc, argv) != HARK_OK) {
		rc = hark_err_set(
			&d.err, HARK_EINVAL, "a search has at most %d bytes", SEARCH_BYTES_MAX);
	}
	ask.words = buf_str(&words);
	if (rc == HARK_OK && d.store != NULL) {
		rc = look(&d, &ask, json ? &j : NULL, cli_color(cli), &found);
	}
	jsonout_end_array(&j);
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (json) {
		puts(buf_c(&out));
	} else if (d.store == NULL) {
		printf("nothing is stored yet: harkd has not run with %s\n",
			d.conf->path != NULL ? d.conf->path : "this configuration");
	} else {
		tell(&found, ask.person.p != NULL || ask.account.p != NULL ||
				     ask.source.p != NULL || ask.kind.p != NULL ||
				     ask.since.p != NULL || ask.until.p != NULL);
	}
	desk_close(&d);
	buf_release(&words);
	buf_release(&out);
	return code;
}

static const struct cli_option options[] = {
	{"account", 'a', "ACCOUNT", "said by people who work there"},
	{"person", 'p', "PERSON", "said by them: a number, or a name"},
	{"source", 0, "NAME", "only from this source"},
	{"kind", 'k', "KIND", "only where a rule found praise, churn-risk, job-move …"},
	{"since", 0, "WHEN", "said on this day or later: 2026-09-30, or 7d for a week ago"},
	{"until", 0, "WHEN", "said before this day"},
	{"limit", 'n', "N", "at most so many (default: 20)"},
	{"before", 0, "POST", "the page after this post"},
	{NULL},
};

const struct cli_command command_search = {
	.name = "search",
	.args = "WORD…",
	.about = "Find what was said, in all posts that are stored",
	.more = "All words are in the post, or are the name of who wrote it; what came last is first. Case\n"
		"and accents make no difference. What matched no rule is found for as long as its text is\n"
		"kept.\n\n"
		"    hark search acme invoices\n"
		"    hark search '\"late invoices\"'   these words, one after the other\n"
		"    hark search 'invoic*'           words that begin so\n"
		"    hark search 'acme -hiring'      not this one",
	.options = options,
	.run = run,
};
