#include "monitor/cli/connector_guess.h"

#include "connectors/value.h"
#include "monitor/base/clock.h"
#include "monitor/cli/connector_members.h"

#include <stdio.h>

#define COST_SUFFIX 60 /* a name that only ends like one of a field */
#define COST_VALUE 120 /* a name that says nothing, but every item has a time there */
#define COST_NEAR 30   /* what is that much worse is no other place of the same thing */
#define COST_API 50    /* an address for programs */
#define ALTERNATIVES_MAX 3
#define NAMES_MAX 36
#define UNUSED_MAX 24

enum kind { IS_ID, IS_URL, IS_TEXT, IS_LINE, IS_TIME, IS_COUNT, IS_TAGS };

/* The names a field goes by, best first; a field may have several rows, one behind the other. */
static const struct guess {
	const char *field;
	enum kind kind;
	enum member_of of;
	int cost;
	const char *names[NAMES_MAX];
} guesses[] = {
	{"external_id", IS_ID, OF_POST, 0,
		{"id", "objectid", "guid", "uuid", "uri", "urn", "nodeid", "iid", "key",
			"shortcode", "commentid", "answerid", "questionid", "postid", "reviewid",
			"messageid", "ticketid", "issueid", "articleid", "jobid", "number", "slug",
			"cid"}},
	{"url", IS_URL, OF_POST, 0,
		{"permalink", "permalinkurl", "htmlurl", "weburl", "publicurl", "absoluteurl",
			"shareurl", "posturl", "apid", "link", "url", "hostedurl", "joburl", "href",
			"uri", "html", "alternate", "canonicalurl", "path", "self"}},
	{"author.handle", IS_LINE, OF_PERSON, 0,
		{"username", "login", "handle", "acct", "screenname", "nickname", "nick"}},
	{"author.handle", IS_LINE, OF_POST, 10,
		{"username", "author", "by", "handle", "login", "acct", "user", "creator",
			"reviewer", "poster", "reporter", "nickname", "nick", "from", "sender"}},
	{"author.handle", IS_LINE, OF_PERSON, 40, {"name", "displayname", "fullname"}},
	{"author.display_name", IS_LINE, OF_PERSON, 0,
		{"displayname", "fullname", "realname", "name"}},
	{"author.display_name", IS_LINE, OF_POST, 10, {"displayname", "displayusername", "name"}},
	{"author.profile_url", IS_URL, OF_PERSON, 0,
		{"htmlurl", "profileurl", "weburl", "link", "url", "channelurl", "href", "uri"}},
	{"published", IS_TIME, OF_POST, 0,
		{"publishedat", "published", "publishedtimestamp", "publishedon", "datepublished",
			"publisheddate", "createdat", "createdutc", "creationdate", "created",
			"createdon", "createdtime", "createddate", "datecreated", "postedat",
			"posted", "posteddate", "dateposted", "submittedat", "submissiondate",
			"postedon", "submitted", "time", "date", "timestamp", "ts", "at", "when",
			"on", "reviewdate", "pubdate", "firstpublished", "releaseddate",
			"indexedat", "updated", "updatedat"}},
	{"edited", IS_TIME, OF_POST, 0,
		{"updatedat", "editedat", "edited", "updated", "modifiedat", "modified",
			"lasteditdate", "lastmodified", "lastupdated", "dateupdated"}},
	{"title", IS_LINE, OF_POST, 0,
		{"title", "subject", "headline", "heading", "posttitle", "topictitle", "issuetitle",
			"storytitle", "linktitle", "threadtitle"}},
	{"title", IS_LINE, OF_POST, 50, {"name"}},
	{"text", IS_TEXT, OF_POST, 0,
		{"textoriginal", "textdisplay", "descriptionplain", "plaintext", "textplain",
			"bodytext", "textbody", "contenttext", "bodyplain", "selftext", "text",
			"fulltext", "body", "content", "message", "comment", "raw", "html",
			"bodyhtml", "contenthtml", "texthtml", "htmlbody", "cooked",
			"descriptionhtml", "description", "bodymarkdown", "markdown", "review",
			"note", "caption", "snippet", "excerpt", "summary", "blurb", "abstract",
			"tagline"}},
	{"lang", IS_LINE, OF_POST, 0, {"lang", "language", "languagecode", "locale"}},
	{"tags", IS_TAGS, OF_POST, 0,
		{"tags", "labels", "taglist", "hashtags", "keywords", "topics", "categories"}},
	{"engagement.likes", IS_COUNT, OF_POST, 0,
		{"likes", "likecount", "likescount", "favouritescount", "upvotes",
			"positivereactionscount", "publicreactionscount"}},
	{"engagement.replies", IS_COUNT, OF_POST, 0,
		{"replies", "replycount", "repliescount", "commentscount", "commentcount",
			"numcomments", "answercount", "totalreplycount", "comments"}},
	{"engagement.views", IS_COUNT, OF_POST, 0, {"views", "viewcount", "viewscount"}},
	{"engagement.score", IS_COUNT, OF_POST, 0, {"score", "points", "votes", "votecount"}},
	{"engagement.rating", IS_COUNT, OF_POST, 0, {"rating", "stars", "starrating"}},
};
#define GUESSES (sizeof(guesses) / sizeof(guesses[0]))

/* --- what a member may be --- */

static bool ends_like(const char *name, const char *const *endings)
{
	for (; *endings != NULL; endings++) {
		if (str_ends(str_c(name), str_c(*endings))) {
			return true;
		}
	}
	return false;
}

static bool holds_one(const char *name, const char *const *words)
{
	while (*words != NULL && strstr(name, *words) == NULL) {
		words++;
	}
	return *words != NULL;
}

/* Names that only end like one: "review_text", "ticketId", but not "avatar_url", "parent_id". */
static bool is_like(enum kind kind, const char *name)
{
	static const char *const ids[] = {"id", NULL}, *const urls[] = {"url", "link", NULL};
	static const char *const texts[] = {"text", "html", "body", "comment", "content", "message",
		"description", "snippet", "markdown", NULL};
	static const char *const times[] = {"date", "timestamp", NULL};
	static const char *const no_ids[] = {"parent", "thread", "topic", "category", "channel",
		"reply", "community", "account", "by", "product", "unit", "language", "customer",
		"company", "group", "forum", "repo", "accepted", "paid", "valid", NULL};
	static const char *const no_urls[] = {"avatar", "image", "img", "thumb", "icon", "photo",
		"picture", "logo", "banner", "media", "api", "profile", "repository", "comments",
		"source", "next", "prev", "download", "edit", "delete", "story", "external",
		"website", "events", "labels", "video", NULL};
	static const char *const no_texts[] = {
		"title", "alt", "flair", "button", "meta", "total", NULL};
	static const char *const no_times[] = {"up", "edit", "modif", "delet", "clos", "expir",
		"due", "last", "end", "start", NULL};
	switch (kind) {
	case IS_ID:
		return ends_like(name, ids) && !holds_one(name, no_ids);
	case IS_URL:
		return ends_like(name, urls) && !holds_one(name, no_urls);
	case IS_TEXT:
		return ends_like(name, texts) && !holds_one(name, no_texts);
	case IS_TIME:
		return ends_like(name, times) && !holds_one(name, no_times);
	default:
		return false;
	}
}

static bool is_web(struct str s)
{
	return str_starts_nocase(s, STR("https://")) || str_starts_nocase(s, STR("http://"));
}

static struct str text_in(const json_t *value)
{
	return str_n(json_string_value(value), json_string_length(value));
}

static bool fits(enum kind kind, const json_t *value)
{
	struct str s = text_in(value);
	struct value v = {.kind = VALUE_NODE, .node = value};
	const json_t *first = json_array_get(value, 0);
	int64_t ms;
	switch (kind) {
	case IS_ID:
		return json_is_integer(value) ||
		       (s.n > 0 && s.n <= 300 && str_find(s, STR(" ")) == SIZE_MAX);
	case IS_URL:
		return s.n > 1 && str_find(s, STR(" ")) == SIZE_MAX &&
		       (is_web(s) || (str_find(s, STR("/")) != SIZE_MAX &&
					     str_find(s, STR(":")) == SIZE_MAX &&
					     str_find(s, STR("<")) == SIZE_MAX));
	case IS_TEXT:
	case IS_LINE:
		return s.n > 0;
	case IS_TIME:
		return !json_is_boolean(value) && !json_is_array(value) &&
		       value_time(&v, clock_wall_ms(), &ms);
	case IS_COUNT:
		return json_is_number(value);
	case IS_TAGS:
		return json_is_string(first) || json_is_string(json_object_get(first, "name"));
	}
	return false;
}

/* "name" is the title of a post, but beside "username" that of a person. */
static bool is_account(const struct members *ms, const struct member *m)
{
	for (size_t i = 0; i < ms->n; i++) {
		const struct member *o = &ms->v[i];
		if (o->parent_n == m->parent_n &&
			strncmp(o->pointer, m->pointer, m->parent_n) == 0 &&
			(strcmp(o->name, "username") == 0 || strcmp(o->name, "login") == 0 ||
				strcmp(o->name, "handle") == 0)) {
			return true;
		}
	}
	return false;
}

/* An id names one item only. */
static bool is_unique(const struct members *ms, const struct member *m)
{
	for (size_t i = 0; i < ms->items; i++) {
		for (size_t k = 0; k < i && m->values[i] != NULL; k++) {
			if (m->values[k] != NULL && json_equal(m->values[i], m->values[k])) {
				return false;
			}
		}
	}
	return true;
}

static bool holds(const struct member *m, const char *text)
{
	for (size_t i = 0; i < MEMBER_ITEMS; i++) {
		if (m->values[i] != NULL &&
			str_find(text_in(m->values[i]), str_c(text)) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

static bool is_for_programs(const struct member *m)
{
	return holds(m, "://api.") || holds(m, "/api/");
}

/* Whether every item has a time there as RFC 3339 writes it, "2026-09-01T10:00:00Z". */
static bool is_always_time(const struct members *ms, const struct member *m)
{
	for (size_t i = 0; i < ms->items; i++) {
		struct str s = m->values[i] != NULL ? text_in(m->values[i]) : str_c("");
		if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || strchr("Tt ", s.p[10]) == NULL ||
			s.p[13] != ':' || s.p[16] != ':' ||
			(strchr("Zz", s.p[s.n - 1]) == NULL && s.p[s.n - 3] != ':') ||
			!fits(IS_TIME, m->values[i])) {
			return false;
		}
	}
	return ms->items > 0;
}

/* What the member costs as that field; INT32_MAX: it is not that. */
static int cost_as(const struct members *ms, const struct member *m, const struct guess *g)
{
	int rank = 0;
	if (m->of != g->of || m->used) {
		return INT32_MAX;
	}
	while (rank < NAMES_MAX && g->names[rank] != NULL && strcmp(g->names[rank], m->name) != 0) {
		rank++;
	}
	if (rank == NAMES_MAX || g->names[rank] == NULL) {
		bool is_alike = is_like(g->kind, m->name) && strcmp(g->field, "edited") != 0;
		if (!is_alike && (strcmp(g->field, "published") != 0 || !is_always_time(ms, m))) {
			return INT32_MAX;
		}
		rank = is_alike ? COST_SUFFIX : COST_VALUE;
	}
	if ((g->kind == IS_ID && !is_unique(ms, m)) ||
		(g->of == OF_POST && strcmp(m->name, "name") == 0 &&
			is_account(ms, m) != (g->field[0] == 'a'))) {
		return INT32_MAX;
	}
	if (g->kind == IS_URL && is_for_programs(m)) {
		return g->of == OF_POST ? g->cost + m->cost + rank + COST_API : INT32_MAX;
	}
	return g->cost + m->cost + rank;
}

/* --- choosing --- */

/* The places of one field, best first. */
struct choice {
	struct member *v[ALTERNATIVES_MAX];
	size_t n;
	bool covered[MEMBER_ITEMS];
};

static bool gives_more(const struct choice *c, const struct member *m, enum kind kind)
{
	for (size_t i = 0; i < MEMBER_ITEMS; i++) {
		if (!c->covered[i] && m->values[i] != NULL && fits(kind, m->values[i])) {
			return true;
		}
	}
	return false;
}

static int choose_next(
	struct members *ms, const struct guess *row, const struct choice *c, struct member **out)
{
	int best = INT32_MAX;
	for (const struct guess *g = row; g < guesses + GUESSES; g++) {
		if (strcmp(g->field, row->field) != 0) {
			break;
		}
		for (size_t i = 0; i < ms->n; i++) {
			int cost = cost_as(ms, &ms->v[i], g);
			if (cost < best && gives_more(c, &ms->v[i], g->kind)) {
				best = cost;
				*out = &ms->v[i];
			}
		}
	}
	return best;
}

static void choose(struct members *ms, const struct guess *row, struct choice *c)
{
	int first = 0;
	*c = (struct choice){.n = 0};
	while (c->n < ALTERNATIVES_MAX) {
		struct member *m = NULL;
		int cost = choose_next(ms, row, c, &m);
		first = c->n == 0 ? cost : first;
		if (m == NULL || cost > first + COST_NEAR) {
			return;
		}
		m->used = true;
		c->v[c->n++] = m;
		for (size_t i = 0; i < MEMBER_ITEMS; i++) {
			c->covered[i] |= m->values[i] != NULL && fits(row->kind, m->values[i]);
		}
	}
}

static const struct guess *next_field(const struct guess *g)
{
	const char *field = g->field;
	while (g < guesses + GUESSES && strcmp(g->field, field) == 0) {
		g++;
	}
	return g;
}

/* --- what the items are worth --- */

int guess_worth(const struct guessed *g)
{
	static const char *const fields[] = {
		"external_id", "url", "handle", "published", "title", "text", NULL};
	struct members ms;
	int n = 0;
	members_collect(g, &ms);
	for (const struct guess *row = guesses; row < guesses + GUESSES; row = next_field(row)) {
		struct choice c;
		choose(&ms, row, &c);
		n += c.n > 0 && holds_one(row->field, fields);
	}
	members_release(&ms);
	return n;
}

bool guess_finds_any(const struct guessed *g)
{
	struct members ms;
	members_collect(g, &ms);
	bool any = ms.n > 0;
	members_release(&ms);
	return any;
}

bool guess_finds_id(const struct guessed *g)
{
	struct members ms;
	struct choice c;
	members_collect(g, &ms);
	choose(&ms, guesses, &c);
	members_release(&ms);
	return c.n > 0;
}

/* --- writing --- */

static const json_t *first_value(const struct member *m, enum kind kind)
{
	for (size_t i = 0; i < MEMBER_ITEMS; i++) {
		if (m->values[i] != NULL && fits(kind, m->values[i])) {
			return m->values[i];
		}
	}
	return NULL;
}

static void write_sample(const json_t *value, struct buf *out)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct str text = str_cut_utf8(node_text(value, &arena), 50);
	for (size_t i = 0; i < text.n;) {
		size_t n = unwritable(str_n(text.p + i, text.n - i));
		buf_add_char(out, n > 0 ? ' ' : text.p[i]);
		i += n > 0 ? n : 1;
	}
	arena_release(&arena);
}

static const char *step_of_text(const struct member *m)
{
	static const char *const markdown[] = {"markdown", "selftext", "raw", NULL};
	const char *name = m->name;
	if (holds(m, "\n") && !holds(m, "<") && strstr(name, "html") == NULL) {
		return holds_one(name, markdown) ? "markdown_to_text"
						 : NULL; /* lines are its own */
	}
	static const char *const plain[] = {
		"original", "plain", "bodytext", "textbody", "contenttext", NULL};
	if (holds(m, "&lt;") && !holds(m, "<")) {
		return "decode_entities, html_to_text";
	}
	if (strstr(name, "html") != NULL) {
		return "html_to_text";
	}
	return holds_one(name, plain)      ? NULL
	       : holds_one(name, markdown) ? "markdown_to_text"
					   : "html_to_text";
}

static bool is_relative(const struct member *m)
{
	for (size_t i = 0; i < MEMBER_ITEMS; i++) {
		if (m->values[i] != NULL && fits(IS_URL, m->values[i]) &&
			!is_web(text_in(m->values[i]))) {
			return true;
		}
	}
	return false;
}

static void write_place(const struct member *m, enum kind kind, bool has_address, struct buf *out)
{
	const json_t *value = first_value(m, kind), *tag = json_array_get(value, 0);
	bool relative = kind == IS_URL && is_relative(m);
	const char *step = NULL;
	if (relative) {
		step = "resolve_url";
	} else if (kind == IS_TEXT) {
		step = step_of_text(m);
	} else if (kind == IS_LINE && holds(m, "&") && holds(m, ";")) {
		step = "entities_to_text";
	}
	const char *below = kind != IS_TAGS ? "" : json_is_string(tag) ? "/*" : "/*/name";
	if (step != NULL) {
		buf_printf(out, "{ pointer: \"%s\", do: [ %s ] }  # ", m->pointer, step);
	} else {
		buf_printf(out, "\"%s%s\"  # ", m->pointer, below);
	}
	write_sample(kind != IS_TAGS       ? value
		     : json_is_string(tag) ? tag
					   : json_object_get(tag, "name"),
		out);
	if (relative) {
		buf_add_c(out, has_address ? ", made whole with the address of the request"
					   : ", made whole with the address above: put it right");
	}
	buf_add_char(out, '\n');
}

static void write_choice(
	const struct guess *row, const struct choice *c, bool has_address, struct buf *out)
{
	buf_printf(out, "  %s:%s", row->field, c->n > 1 ? "\n" : " ");
	for (size_t i = 0; i < c->n; i++) {
		buf_add_c(out, c->n > 1 ? "    - " : "");
		write_place(c->v[i], row->kind, has_address, out);
	}
}

static void write_unused(const struct members *ms, struct buf *out)
{
	size_t n = 0, line = 0;
	for (size_t i = 0; i < ms->n; i++) {
		if (ms->v[i].used || ++n > UNUSED_MAX) {
			continue;
		}
		size_t width = strlen(ms->v[i].pointer) + 2;
		bool fresh = line == 0 || line + width > 96;
		const char *start = n == 1 ? "  # Not used: " : !fresh ? ", " : ",\n  #   ";
		buf_printf(out, "%s%s", start, ms->v[i].pointer);
		line = fresh ? width + 14 : line + width;
	}
	if (n > UNUSED_MAX) {
		buf_printf(out, ",\n  #   and %zu more", n - UNUSED_MAX);
	}
	buf_add_c(out, n > 0 ? "\n" : "");
}

/* What else tells the items apart, where nothing looks like an id. */
static const char *other_id(struct members *ms)
{
	struct member *best = NULL;
	for (size_t i = 0; i < ms->n; i++) {
		struct member *m = &ms->v[i];
		size_t in = 0;
		for (size_t k = 0; k < ms->items; k++) {
			in += m->values[k] != NULL && !json_is_array(m->values[k]);
		}
		if (in == ms->items && is_unique(ms, m) && (best == NULL || m->cost < best->cost)) {
			best = m;
		}
	}
	if (best == NULL) {
		return "/id";
	}
	best->used = true;
	return best->pointer;
}

void guess_map(const struct guessed *g, bool has_address, struct buf *out, struct buf *missing)
{
	static const char *const wanted[] = {"text", "url", "published", "author"};
	const char *found[4] = {"", "", "", ""};
	bool has_id = false;
	struct members ms;
	members_collect(g, &ms);
	buf_add_c(out, "map:\n");
	for (const struct guess *row = guesses; row < guesses + GUESSES; row = next_field(row)) {
		struct choice c;
		choose(&ms, row, &c);
		if (c.n == 0) {
			continue;
		}
		write_choice(row, &c, has_address, out);
		has_id |= row == guesses;
		for (size_t i = 0; i < 4; i++) {
			bool is = strncmp(row->field, wanted[i], strlen(wanted[i])) == 0;
			found[i] = is ? c.v[0]->pointer : found[i];
		}
	}
	if (!has_id) {
		buf_printf(out,
			"  external_id: \"%s\"  # nothing looks like an id: say what is one\n",
			found[1][0] != '\0' ? found[1] : other_id(&ms));
	}
	for (size_t i = 0; i < 4; i++) {
		if (found[i][0] == '\0') {
			buf_printf(missing, "%s%s", missing->n > 0 ? ", " : "", wanted[i]);
		}
	}
	if (missing->n > 0) {
		buf_printf(out, "  # Nothing looks like: %s\n", buf_c(missing));
	}
	write_unused(&ms, out);
	members_release(&ms);
}
