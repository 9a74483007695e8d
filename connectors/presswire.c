/* Press wires: the personnel headlines of a feed of announcements. Every item stays a post; one that says
 * who joins or leaves is a profile too. */
#include "connectors/builtin.h"
#include "connectors/feed_watch.h"
#include "connectors/filing.h"
#include "monitor/base/err.h"

#include <stdlib.h>

#define LEAD_MAX 1500 /* bytes of the text that are read: the first sentences */

static const struct hark_setting settings[] = {
	{.name = "url",
		.about = "address of the wire's feed, best that of its management changes",
		.required = 1,
		.type = HARK_SETTING_URL,
		.example = "https://wire.example.com/rss/management"},
	{.name = NULL},
};

static int presswire_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	char *url = NULL;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, "url") != 0) {
			free(url);
			return host->fail(host, "there is no setting '%s': url", pairs[i].name);
		}
		free(url);
		url = strdup(pairs[i].value);
	}
	if (url == NULL || url[0] == '\0') {
		free(url);
		return host->fail(host, "a press wire needs the address of its feed: url");
	}
	*ctx = url;
	return 0;
}

static int presswire_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)host;
	(void)cursor;
	*request = (struct hark_request){.transport = HARK_TRANSPORT_HTTP, .url = ctx};
	return 0;
}

/* --- the employer --- */

/* Words of a headline by which its company's name ends. */
static const char *const verbs[] = {" Appoints ", " Names ", " Hires ", " Promotes ", " Elects ",
	" Welcomes ", " Taps ", " Announces ", " Adds ", " Recruits "};

static struct str employer_before(struct str headline)
{
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t at = str_find(headline, str_c(verbs[i]));
		first = at < first ? at : first;
	}
	return first != SIZE_MAX ? str_trim(str_n(headline.p, first)) : STR_NONE;
}

/* Behind "Joins", "of" or "at", up to "as" or the end. */
static struct str employer_behind(struct str headline)
{
	static const char *const before[] = {
		" Joins ", " Join ", " joins ", " of ", " at ", " from "};
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t at = str_find(headline, str_c(before[i]));
		if (at == SIZE_MAX) {
			continue;
		}
		size_t from = at + strlen(before[i]);
		struct str rest = str_n(headline.p + from, headline.n - from);
		size_t as = str_find(rest, STR(" as "));
		return str_trim(as != SIZE_MAX ? str_n(rest.p, as) : rest);
	}
	return STR_NONE;
}

/* In the first sentence, where the dateline ends: "(EXAMPLE WIRE) -- Acme Sprockets, Inc. (NYSE: ACME)". */
static struct str employer_in(struct str text)
{
	size_t dash = str_find(text, STR("-- "));
	struct str rest = dash != SIZE_MAX ? str_n(text.p + dash + 3, text.n - dash - 3) : STR_NONE;
	size_t bracket = str_find(rest, STR(" ("));
	return bracket != SIZE_MAX && bracket < 100 ? str_trim(str_n(rest.p, bracket)) : STR_NONE;
}

static struct str employer_of(struct str headline, struct str text, bool left)
{
	struct str name = left ? STR_NONE : employer_before(headline);
	name = name.n > 0 ? name : employer_in(text);
	return name.n > 0 ? name : employer_behind(headline);
}

/* --- an item --- */

static int tell(struct hark_host *host, const struct hark_post *post, const struct filing_move *m,
	struct arena *arena)
{
	struct str employer = employer_of(str_c(post->title), str_c(post->text), m->left);
	const struct hark_profile profile = {
		.person = arena_c(arena, m->person),
		.employer = employer.n > 0 ? arena_c(arena, employer) : NULL,
		.title = m->title.n > 0 ? arena_c(arena, m->title) : NULL,
		.effective = m->effective.n > 0 ? arena_c(arena, m->effective) : NULL,
		.evidence_url = post->url,
		.observed = post->published != HARK_TIME_NONE ? post->published : host->now_ms,
		.event = m->left ? HARK_LEFT : HARK_JOINED,
	};
	return arena->rc == HARK_OK ? host->emit_profile(host, &profile)
				    : host->fail(host, "no memory to read the announcements");
}

/* Whether a move said in the text is one the headline is about: it has the person's last name. */
static bool is_about(struct str headline, struct str person)
{
	size_t i = person.n;
	while (i > 0 && person.p[i - 1] != ' ') {
		i--;
	}
	return str_find(headline, str_n(person.p + i, person.n - i)) != SIZE_MAX;
}

/* What the headline says of the same person and the text does not. */
static void complete(struct filing_move *said, const struct filing_move *shouted, size_t n)
{
	for (size_t i = 0; i < n && said->title.n == 0; i++) {
		if (shouted[i].left == said->left && is_about(shouted[i].person, said->person)) {
			said->title = shouted[i].title;
		}
	}
}

/* The text is more exact than its headline, which is in capitals; the headline has what the text lacks. */
static int on_item(void *ctx, struct hark_host *host, const struct hark_post *post)
{
	struct filing_move said[FILING_MOVES_MAX], shouted[FILING_MOVES_MAX];
	struct arena arena;
	(void)ctx;
	arena_init(&arena, 4u << 20);
	struct str headline = str_c(post->title);
	size_t in_text = filing_moves(str_cut_utf8(str_c(post->text), LEAD_MAX), &arena, said);
	size_t in_title = filing_moves(headline, &arena, shouted);
	int rc = host->emit_post(host, post);
	size_t told = 0;
	for (size_t i = 0; i < in_text && rc == 0; i++) {
		if (is_about(headline, said[i].person)) {
			complete(&said[i], shouted, in_title);
			rc = tell(host, post, &said[i], &arena);
			told++;
		}
	}
	for (size_t i = 0; i < in_title && rc == 0 && told == 0; i++) {
		rc = tell(host, post, &shouted[i], &arena);
	}
	arena_release(&arena);
	return rc;
}

static int presswire_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	return feed_watch(host, reply, on_item, ctx);
}

static const struct hark_sample samples[] = {
	{.sample = "samples/presswire.xml", .expect = "samples/presswire.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(presswire) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "presswire",
	.about = "personnel headlines of a press wire's feed: who joins, who leaves",
	.settings = settings,
	.samples = samples,
	.terms = "headlines and short excerpts with their link; no full text is passed on",
	.every_s = 900,
	.every_min_s = 300,
	.open = presswire_open,
	.plan = presswire_plan,
	.parse = presswire_parse,
	.close = free,
};
