#include "connectors/record.h"

#include "connectors/link.h"
#include "connectors/parse/date.h"
#include "monitor/base/clock.h"

#include <stdio.h>
#include <stdlib.h>

/* --- reading --- */

bool record_has(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);
	return value != NULL && !json_is_null(value);
}

/* The object with its number written as a text, or NULL: the id is none. */
static char *mend_id(struct str json)
{
	json_t *object = json_read(json, NULL);
	const json_t *id = json_object_get(object, "external_id");
	char text[24], *mended = NULL;
	if (json_is_integer(id)) {
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(id));
		json_object_set_new(object, "external_id", json_string(text));
		mended = json_dumps(object, JSON_COMPACT);
	}
	json_decref(object);
	return mended;
}

int record_read_post(struct post *post, struct str json, struct arena *arena, struct str *unknown,
	struct hark_err *err)
{
	int rc = post_read_noting(post, json, arena, unknown, err);
	char *mended = rc == HARK_EPARSE ? mend_id(json) : NULL;
	if (mended != NULL) {
		rc = post_read_noting(post, str_c(mended), arena, unknown, err);
		free(mended);
	}
	return rc;
}

const char *record_post_lacks(const struct post *post)
{
	if (post->deleted) {
		return post->external_id.n == 0 ? "what is deleted is named by external_id" : NULL;
	}
	return post->title.n == 0 && post->text.n == 0 ? "it has neither title nor text" : NULL;
}

/* --- what is left out --- */

const char *record_unknown_in_profile(const json_t *object)
{
	static const char *const known[] = {"source", "key", "person", "handle", "url", "employer",
		"title", "location", "was_employer", "was_title", "observed", "event", "effective",
		"evidence_url"};
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;
		while (i < sizeof(known) / sizeof(known[0]) && strcmp(known[i], key) != 0) {
			i++;
		}
		if (i == sizeof(known) / sizeof(known[0]) && !json_is_null(value)) {
			return key;
		}
	}
	return NULL;
}

void record_note_unknown(
	struct hark_host *host, const struct record_place *at, const char *what, const char *member)
{
	if (member != NULL) {
		host->noted(host, at->line, at->line > 0,
			"%.80s: no %s has such a member, it is left out", member, what);
	}
}

static void note_link(struct hark_host *host, const struct record_place *at, const char *member,
	const char *address)
{
	if (address != NULL && address[0] != '\0' && !link_is_one_in(address, at->reply->url)) {
		host->noted(host, at->line, at->line > 0,
			"%s: '%.100s' is no link (http, https or mailto), it is left out", member,
			address);
	}
}

void record_note_profile_links(
	struct hark_host *host, const struct record_place *at, const struct hark_profile *profile)
{
	note_link(host, at, "url", profile->url);
	note_link(host, at, "evidence_url", profile->evidence_url);
}

static void note_links(
	struct hark_host *host, const struct record_place *at, const struct hark_post *post)
{
	note_link(host, at, "url", post->url);
	note_link(host, at, "author.profile_url", post->author.profile_url);
	for (size_t i = 0; i < post->links_count; i++) {
		note_link(host, at, "links", post->links[i]);
	}
}

static void drop_time(struct hark_host *host, const struct record_place *at, const char *member,
	int64_t *time)
{
	char text[CLOCK_TEXT_MAX];
	if (*time != HARK_TIME_NONE && !date_is_sane(*time, host->now_ms)) {
		host->noted(host, at->line, at->line > 0,
			"%s: %s is before 1995 or in the future, it is left out", member,
			clock_rfc3339(*time, text));
		*time = HARK_TIME_NONE;
	}
}

void record_drop_profile_time(
	struct hark_host *host, const struct record_place *at, struct hark_profile *profile)
{
	drop_time(host, at, "observed", &profile->observed);
}

/* --- giving on --- */

static const char *text(struct str s, struct arena *arena)
{
	return s.p != NULL ? arena_c(arena, s) : NULL;
}

/* NULL: there are none, or no memory for them. */
static const char *const *list(const struct strs *from, struct arena *arena)
{
	const char **v = from->n > 0 ? arena_alloc(arena, from->n * sizeof(*v)) : NULL;
	for (size_t i = 0; v != NULL && i < from->n; i++) {
		v[i] = text(from->v[i], arena);
	}
	return v;
}

static int64_t known(int64_t time)
{
	return time != 0 ? time : HARK_TIME_NONE;
}

static enum hark_post_type type_of(enum post_type type)
{
	static const enum hark_post_type types[] = {
		[POST_TYPE_POST] = HARK_POST,
		[POST_TYPE_REPLY] = HARK_REPLY,
		[POST_TYPE_REPOST] = HARK_REPOST,
		[POST_TYPE_QUOTE] = HARK_QUOTE,
		[POST_TYPE_REVIEW] = HARK_REVIEW,
		[POST_TYPE_JOB] = HARK_JOB,
		[POST_TYPE_FILING] = HARK_FILING,
	};
	return types[type];
}

int record_emit_post(struct hark_host *host, const struct record_place *at, const struct post *p,
	struct arena *arena)
{
	struct hark_post post = {
		.external_id = text(p->external_id, arena),
		.url = text(p->url, arena),
		.type = type_of(p->type),
		.author = {.handle = text(p->author.handle, arena),
			.display_name = text(p->author.display_name, arena),
			.profile_url = text(p->author.profile_url, arena),
			.bio = text(p->author.bio, arena),
			.followers = p->author.followers,
			.following = p->author.following,
			.verified = p->author.verified,
			.opted_out = p->opted_out},
		.published = known(p->published),
		.edited = known(p->edited),
		.title = text(p->title, arena),
		.text = text(p->text, arena),
		.quoted = text(p->quoted, arena),
		.lang = text(p->lang, arena),
		.country = text(p->country, arena),
		.in_reply_to = text(p->in_reply_to, arena),
		.thread = text(p->thread, arena),
		.likes = p->likes,
		.replies = p->replies,
		.shares = p->shares,
		.views = p->views,
		.score = p->score,
		.rating = p->rating,
		.tags = list(&p->tags, arena),
		.mentions = list(&p->mentions, arena),
		.links = list(&p->links, arena),
		.tags_count = p->tags.n,
		.mentions_count = p->mentions.n,
		.links_count = p->links.n,
		.is_private = p->visibility == VISIBILITY_PRIVATE,
		.is_deleted = p->deleted,
	};
	if (arena->rc != HARK_OK) {
		return host->fail(host, "no memory for a record");
	}
	note_links(host, at, &post);
	drop_time(host, at, "published", &post.published);
	drop_time(host, at, "edited", &post.edited);
	return host->emit_post(host, &post);
}
