/* Runs on whichever thread parses. */
#include "connectors/feed_doc.h"

#include "connectors/parse/date.h"
#include "connectors/parse/entity.h"
#include "connectors/parse/uri.h"

#include <assert.h>
#include <stddef.h>

#define FIELDS_BYTES (16u << 20) /* ceiling of what one item may hold */
#define TAGS_MAX 200
#define TAG_BYTES 512

static_assert(SLOTS <= 64, "a bit of feed_fields.slots_set for each slot");

static void fields_init(struct feed_fields *f)
{
	*f = (struct feed_fields){0};
	arena_init(&f->arena, FIELDS_BYTES);
	f->links.arena = &f->arena;
}

/* Most slots of most items were never filled: only those that were are emptied. */
static void fields_clear(struct feed_fields *f)
{
	for (uint64_t left = f->slots_set; left != 0; left &= left - 1) {
		f->slot[__builtin_ctzll(left)] = (struct feed_text){0};
	}
	arena_reset(&f->arena);
	f->slots_set = 0;
	f->author = f->source_author = (struct feed_person){0};
	f->tags = NULL;
	f->tags_n = f->tags_cap = 0;
	f->links = (struct html_links){.arena = &f->arena};
	f->id_is_no_link = f->any = false;
}

/* Where the next item is read into. */
static void next_item(struct feed_doc *doc)
{
	doc->item = &doc->waiting[doc->waiting_n];
	if (doc->waiting_n == doc->arenas) {
		fields_init(doc->item);
		doc->arenas++;
	}
}

void feed_doc_init(struct feed_doc *doc, struct hark_host *host, int64_t now_ms)
{
	memset(doc, 0, offsetof(struct feed_doc, waiting)); /* most room is that of items */
	doc->host = host;
	doc->now_ms = now_ms;
	fields_init(&doc->feed);
	buf_init(&doc->text, 4 * FEED_TEXT_MAX);
	next_item(doc);
}

void feed_doc_release(struct feed_doc *doc)
{
	arena_release(&doc->feed.arena);
	for (size_t i = 0; i < doc->arenas; i++) {
		arena_release(&doc->waiting[i].arena);
	}
	buf_release(&doc->text);
}

void feed_doc_restart(struct feed_doc *doc)
{
	fields_clear(&doc->feed);
	doc->waiting_n = 0;
	next_item(doc);
	doc->items_skip = doc->items;
	doc->items = 0;
	doc->format[0] = '\0';
	doc->feed_lang = STR_NONE;
}

void feed_set(struct feed_fields *f, enum feed_slot slot, enum feed_kind kind, struct str s,
	struct str base, struct str lang)
{
	struct feed_text *t = &f->slot[slot];
	s = str_trim(s);
	if (t->s.n > 0 || s.p == NULL) {
		return;
	}
	struct str copy = arena_str(&f->arena, str_cut_utf8(s, FEED_TEXT_MAX));
	*t = (struct feed_text){copy.p != NULL ? copy : STR_NONE, kind, base, lang};
	f->slots_set |= UINT64_C(1) << slot;
	f->any |= s.n > 0;
}

void feed_add_tag(struct feed_fields *f, struct str tag)
{
	tag = str_cut_utf8(str_trim(tag), TAG_BYTES);
	if (tag.n == 0 || f->tags_n == TAGS_MAX) {
		return;
	}
	for (size_t i = 0; i < f->tags_n; i++) {
		if (str_eq(f->tags[i], tag)) {
			return;
		}
	}
	struct str *tags = arena_grow(&f->arena, f->tags, f->tags_n, &f->tags_cap, sizeof(*tags));
	struct str copy = arena_str(&f->arena, tag);
	if (tags != NULL && copy.p != NULL) {
		f->tags = tags;
		tags[f->tags_n++] = copy;
		f->any = true;
	}
}

void feed_add_link(struct feed_fields *f, struct str base, struct str ref)
{
	feed_saw(f, html_links_add(&f->links, base, ref));
	f->any |= f->links.n > 0;
}

/* ---- fields of a Post */

/* "&amp;amp;" and its kin: a title that was escaped once too often. */
static bool is_escaped_still(struct str s)
{
	uint32_t cp;
	const char *amp = memchr(s.p, '&', s.n), *end = s.p + s.n;
	while (amp != NULL && entity_at(str_n(amp, (size_t)(end - amp)), &cp) == 0) {
		amp = memchr(amp + 1, '&', (size_t)(end - amp) - 1);
	}
	return amp != NULL;
}

/* What relative addresses mean where nobody said: the feed's own place. */
static struct str base_of(const struct feed_doc *doc, struct str base)
{
	if (uri_is_absolute(base)) {
		return base;
	}
	const struct feed_text *self = &doc->feed.slot[SLOT_SELF],
			       *link = &doc->feed.slot[SLOT_LINK];
	return uri_is_web(self->s) ? self->s : uri_is_web(link->s) ? link->s : base;
}

/* Plain text of a slot in the item's arena, NULL if it has none. */
static const char *plain(struct feed_doc *doc, const struct feed_text *t, struct html_links *links)
{
	if (t->s.n == 0) {
		return NULL;
	}
	if (t->kind == FEED_PLAIN || (t->s.p[t->s.n] == '\0' && html_is_plain(t->s))) {
		return t->s.p; /* arena_str() ended it with a NUL */
	}
	buf_clear(&doc->text);
	int rc = html_to_text(t->s, base_of(doc, t->base), t->kind >= FEED_MAYBE ? HTML_MAYBE : 0,
		&doc->text, links);
	feed_saw(doc->item, rc);
	if (doc->text.n == 0) {
		return NULL;
	}
	char *copy = arena_c(&doc->item->arena, buf_str(&doc->text));
	if (t->kind == FEED_TITLE && copy != NULL && is_escaped_still(buf_str(&doc->text))) {
		buf_clear(&doc->text);
		entity_decode(str_c(copy), &doc->text);
		copy = arena_c(&doc->item->arena, str_trim(buf_str(&doc->text)));
	}
	return copy;
}

static const char *first_plain(struct feed_doc *doc, const struct feed_fields *f,
	const enum feed_slot *slots, size_t n, struct html_links *links, enum feed_slot *from)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = plain(doc, &f->slot[slots[i]], links);
		if (text != NULL) {
			*from = slots[i];
			return text;
		}
	}
	*from = SLOT_TITLE;
	return NULL;
}

static const char *text_of(const struct feed_fields *f, enum feed_slot slot)
{
	return f->slot[slot].s.n > 0 ? f->slot[slot].s.p : NULL;
}

static const char *url_of(const struct feed_fields *f)
{
	if (text_of(f, SLOT_LINK) != NULL) {
		return text_of(f, SLOT_LINK);
	}
	if (!f->id_is_no_link && uri_is_web(f->slot[SLOT_ID].s)) {
		return text_of(f, SLOT_ID);
	}
	if (text_of(f, SLOT_LINK_OTHER) != NULL) {
		return text_of(f, SLOT_LINK_OTHER);
	}
	if (uri_is_web(f->slot[SLOT_ABOUT].s)) {
		return text_of(f, SLOT_ABOUT);
	}
	return text_of(f, SLOT_COMMENTS);
}

static int64_t first_date(
	const struct feed_fields *f, const enum feed_slot *slots, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++) {
		int64_t t;
		if (date_parse_sane(f->slot[slots[i]].s, now_ms, &t)) {
			return t;
		}
	}
	return HARK_TIME_NONE;
}

static bool looks_like_mail(struct str s)
{
	const char *at = s.p != NULL ? memchr(s.p, '@', s.n) : NULL;
	return at != NULL && at > s.p && at + 1 < s.p + s.n && memchr(s.p, ' ', s.n) == NULL;
}

static struct str inside(struct str s, char open, char close)
{
	const char *from = s.p != NULL ? memchr(s.p, open, s.n) : NULL;
	const char *to = from != NULL ? memchr(from, close, s.n - (size_t)(from - s.p)) : NULL;
	return to != NULL ? str_trim(str_n(from + 1, (size_t)(to - from) - 1)) : STR_NONE;
}

/* The name in "mail (Name)", "Name (mail)", "Name <mail>" or as it is. */
static struct str name_part(struct str s)
{
	struct str in = inside(s, '(', ')');
	if (in.n == 0) {
		in = inside(s, '<', '>');
	}
	if (in.n == 0) {
		return s;
	}
	struct str before = str_trim(str_n(s.p, (size_t)(in.p - s.p)));
	while (before.n > 0 && (before.p[before.n - 1] == '(' || before.p[before.n - 1] == '<' ||
				       before.p[before.n - 1] == ' ')) {
		before.n--;
	}
	if (looks_like_mail(in)) {
		return before.n > 0 ? before : in;
	}
	return looks_like_mail(before) ? in : s;
}

static const char *clean_name(struct feed_doc *doc, struct str raw)
{
	struct feed_text t = {name_part(str_trim(raw)), FEED_TITLE, STR_NONE, STR_NONE};
	return t.s.n > 0 ? plain(doc, &t, NULL) : NULL;
}

static bool set_person(struct feed_doc *doc, const struct feed_person *p, struct hark_author *to)
{
	struct str name = p->name.n > 0 ? p->name : p->email.n > 0 ? p->email : p->url;
	to->display_name = clean_name(doc, name);
	to->profile_url = p->url.n > 0 ? p->url.p : NULL;
	return to->display_name != NULL;
}

static void set_author(struct feed_doc *doc, struct hark_author *to)
{
	static const enum feed_slot own[] = {SLOT_CREATOR, SLOT_AUTHOR, SLOT_ITUNES_AUTHOR};
	static const enum feed_slot feeds[] = {
		SLOT_AUTHOR, SLOT_EDITOR, SLOT_CREATOR, SLOT_ITUNES_AUTHOR, SLOT_TITLE};
	const struct feed_fields *item = doc->item, *feed = &doc->feed;
	if (set_person(doc, &item->author, to)) {
		return;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]) && to->display_name == NULL; i++) {
		to->display_name = clean_name(doc, item->slot[own[i]].s);
	}
	if (to->display_name != NULL || set_person(doc, &item->source_author, to) ||
		set_person(doc, &feed->author, to)) {
		return;
	}
	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]) && to->display_name == NULL; i++) {
		to->display_name = clean_name(doc, feed->slot[feeds[i]].s);
	}
}

static const char *lower_copy(struct feed_doc *doc, struct str s)
{
	char *copy = s.n > 0 ? arena_c(&doc->item->arena, s) : NULL;
	for (char *p = copy; p != NULL && *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p == '_' ? '-' : *p;
	}
	return copy;
}

static const char *lang_of(struct feed_doc *doc, enum feed_slot body)
{
	const struct str choices[] = {doc->forced_lang, doc->item->slot[body].lang,
		doc->item->slot[SLOT_TITLE].lang, doc->item->slot[SLOT_LANG].s,
		doc->feed.slot[SLOT_LANG].s};
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		struct str lang = str_trim(choices[i]);
		if (lang.n > 0 && lang.n <= 35) {
			return lower_copy(doc, lang);
		}
	}
	return NULL;
}

static const char *const *c_list(struct feed_doc *doc, const struct str *v, size_t n, size_t *count)
{
	const char **list = n > 0 ? arena_alloc(&doc->item->arena, n * sizeof(*list)) : NULL;
	for (size_t i = 0; list != NULL && i < n; i++) {
		list[i] = v[i].p;
	}
	*count = list != NULL ? n : 0;
	return list;
}

static void map_dates(struct feed_doc *doc, struct hark_post *post)
{
	static const enum feed_slot published[] = {SLOT_PUB_DATE, SLOT_DC_DATE, SLOT_ISSUED,
		SLOT_PUBLISHED, SLOT_CREATED, SLOT_UPDATED, SLOT_MODIFIED};
	static const enum feed_slot edited[] = {SLOT_UPDATED, SLOT_MODIFIED};
	post->published = first_date(
		doc->item, published, sizeof(published) / sizeof(published[0]), doc->now_ms);
	post->edited =
		first_date(doc->item, edited, sizeof(edited) / sizeof(edited[0]), doc->now_ms);
}

static void map_texts(struct feed_doc *doc, struct hark_post *post)
{
	static const enum feed_slot titles[] = {SLOT_TITLE, SLOT_TITLE_OTHER};
	static const enum feed_slot bodies[] = {SLOT_ENCODED, SLOT_BODY, SLOT_CONTENT, SLOT_SUMMARY,
		SLOT_MEDIA_TEXT, SLOT_ITUNES_TEXT};
	struct feed_fields *item = doc->item;
	struct html_links own = item->links; /* those of the body come first */
	enum feed_slot title, body;
	item->links = (struct html_links){.arena = &item->arena};
	post->title = first_plain(doc, item, titles, 2, NULL, &title);
	post->text = first_plain(
		doc, item, bodies, sizeof(bodies) / sizeof(bodies[0]), &item->links, &body);
	for (size_t i = 0; i < own.n; i++) {
		feed_add_link(item, base_of(doc, STR_NONE), own.v[i]);
	}
	post->lang = lang_of(doc, body);
}

static void map_thread(struct feed_doc *doc, struct hark_post *post)
{
	const struct feed_fields *item = doc->item;
	const char *ref = text_of(item, SLOT_REPLY_TO), *href = text_of(item, SLOT_REPLY_URL);
	post->in_reply_to = ref != NULL ? ref : href;
	post->thread = href != NULL ? href : text_of(item, SLOT_COMMENTS);
	post->type = post->in_reply_to != NULL ? HARK_REPLY : HARK_POST;
	int64_t replies;
	if (str_i64(item->slot[SLOT_REPLIES].s, &replies) && replies >= 0) {
		post->replies = replies;
	}
}

/* Pictures and the feed an item came from are no ids: many items share them. */
static const char *id_of(const struct feed_fields *item)
{
	static const enum feed_slot ids[] = {SLOT_ID, SLOT_ABOUT, SLOT_LINK, SLOT_FILE};
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const char *id = text_of(item, ids[i]);
		if (id != NULL) {
			return id;
		}
	}
	return NULL;
}

static const char *absolute_url(struct feed_doc *doc, const char *url)
{
	struct str ref = str_c(url);
	if (url == NULL || uri_is_absolute(ref)) {
		return url;
	}
	buf_clear(&doc->text);
	bool ok = uri_resolve(base_of(doc, STR_NONE), ref, &doc->text);
	feed_saw(doc->item, doc->text.rc);
	return ok ? arena_c(&doc->item->arena, buf_str(&doc->text)) : url;
}

/* Memory that ran out while the fields were gathered is noticed once, here: half an item is none. A
 * ceiling that was reached only cuts the item short. */
static bool ran_out(const struct feed_doc *doc)
{
	return doc->item->arena.rc == HARK_ENOMEM || doc->feed.arena.rc == HARK_ENOMEM ||
	       doc->text.rc == HARK_ENOMEM;
}

static int no_memory(struct feed_doc *doc)
{
	doc->host->fail(doc->host, "no memory to read it");
	return HARK_ENOMEM; /* not a fault of the document, so there is no second pass over it */
}

void feed_item_begin(struct feed_doc *doc)
{
	fields_clear(doc->item);
}

/* Maps and emits doc->item. */
static int emit_item(struct feed_doc *doc)
{
	struct feed_fields *item = doc->item;
	struct hark_post post;
	hark_post_init(&post);
	post.external_id = id_of(item);
	post.url = absolute_url(doc, url_of(item));
	map_texts(doc, &post);
	map_dates(doc, &post);
	map_thread(doc, &post);
	set_author(doc, &post.author);
	post.tags = c_list(doc, item->tags, item->tags_n, &post.tags_count);
	post.links = c_list(doc, item->links.v, item->links.n, &post.links_count);
	return ran_out(doc) ? no_memory(doc) : doc->host->emit_post(doc->host, &post);
}

int feed_items_emit(struct feed_doc *doc)
{
	int rc = HARK_OK;
	for (size_t i = 0; i < doc->waiting_n && rc == HARK_OK; i++) {
		doc->item = &doc->waiting[i];
		rc = emit_item(doc);
	}
	doc->waiting_n = 0;
	next_item(doc);
	return rc;
}

int feed_item_end(struct feed_doc *doc)
{
	if (ran_out(doc)) {
		return no_memory(doc);
	}
	if (!doc->item->any || doc->items++ < doc->items_skip) {
		return HARK_OK;
	}
	if (++doc->waiting_n == FEED_WAITING_MAX) {
		return feed_items_emit(doc);
	}
	next_item(doc);
	return HARK_OK;
}

/* ---- the feed itself */

/* Seconds between polls that the feed asks for, 0 if it does not. */
static int64_t wanted_pause(const struct feed_fields *f)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} periods[] = {{"hourly", 3600}, {"daily", 86400}, {"weekly", 604800}, {"monthly", 2592000},
		{"yearly", 31536000}};
	int64_t ttl, frequency, pause = 0;
	if (str_i64(f->slot[SLOT_TTL].s, &ttl) && ttl > 0 && ttl < 525600) {
		pause = ttl * 60;
	}
	if (!str_i64(f->slot[SLOT_SY_FREQUENCY].s, &frequency) || frequency < 1) {
		frequency = 1;
	}
	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
		int64_t every = periods[i].seconds / frequency;
		if (str_eq_nocase(f->slot[SLOT_SY_PERIOD].s, str_c(periods[i].name)) &&
			every > pause) {
			pause = every;
		}
	}
	return pause;
}

int feed_end(struct feed_doc *doc)
{
	static const enum feed_slot titles[] = {SLOT_TITLE, SLOT_TITLE_OTHER};
	static const enum feed_slot texts[] = {
		SLOT_SUMMARY, SLOT_CONTENT, SLOT_MEDIA_TEXT, SLOT_ITUNES_TEXT};
	static const enum feed_slot dates[] = {SLOT_UPDATED, SLOT_BUILD_DATE, SLOT_PUB_DATE,
		SLOT_DC_DATE, SLOT_MODIFIED, SLOT_PUBLISHED, SLOT_ISSUED, SLOT_CREATED};
	const struct feed_fields *f = &doc->feed;
	enum feed_slot from;
	int rc = feed_items_emit(doc);
	if (rc != HARK_OK) {
		return rc;
	}
	fields_clear(doc->item); /* its arena holds what follows */
	struct hark_feed feed = {
		.format = doc->format,
		.title = first_plain(doc, f, titles, 2, NULL, &from),
		.url = url_of(f),
		.description =
			first_plain(doc, f, texts, sizeof(texts) / sizeof(texts[0]), NULL, &from),
		.lang = lang_of(doc, SLOT_TITLE),
		.hub = text_of(f, SLOT_HUB),
		.self = text_of(f, SLOT_SELF),
		.next = text_of(f, SLOT_NEXT),
		.generator = text_of(f, SLOT_GENERATOR),
		.updated = first_date(f, dates, sizeof(dates) / sizeof(dates[0]), doc->now_ms),
		.ttl_s = wanted_pause(f),
		.is_expired = doc->expired,
	};
	if (feed.lang == NULL) {
		feed.lang = lower_copy(doc, doc->feed_lang);
	}
	return ran_out(doc) ? no_memory(doc) : doc->host->emit_feed(doc->host, &feed);
}
