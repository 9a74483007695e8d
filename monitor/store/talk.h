/* Who spoke to whom in public: replies and mentions between authors of posts. Outside of a transaction or inside. */
#ifndef HARK_STORE_TALK_H
#define HARK_STORE_TALK_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct talk_author {
	int64_t id;
	struct str handle, name, profile_url; /* each may be absent */
};

/* One said something to another. */
struct talk {
	int64_t other;  /* the author on the other side */
	bool by_other;  /* who spoke */
	bool is_reply;  /* else a mention */
	int64_t post;   /* in which it was said */
	struct str url; /* of it, or absent */
	int64_t at_ms;  /* when it was published, else seen */
};

/* HARK_ENOENT: there is no such author. Strings in `arena`. */
int store_talk_author(struct store *s, int64_t id, struct arena *arena, struct talk_author *out,
	struct hark_err *err);
/* What an author said to others and they to them from `from_ms` to before `until_ms`, the latest first, at most
 * `max`. A mention finds its author by the handle, in the same source first. Strings in `arena`. */
int store_talk_list(struct store *s, const struct talk_author *who, int64_t from_ms,
	int64_t until_ms, size_t max, struct arena *arena, struct talk **out, size_t *n,
	struct hark_err *err);
/* The authors of a lead's live evidence, each once, in the order of rows. */
int store_talk_of_lead(struct store *s, int64_t lead, struct arena *arena, int64_t **authors,
	size_t *n, struct hark_err *err);

/* Own staff: each name and public address of each, person by person; `kind` is "name", "handle", "email" or
 * "profile". Borrowed until the callback returns; it must not use the store. */
int store_staff_each(struct store *s,
	void (*take)(void *ctx, int64_t person, struct str kind, struct str value), void *ctx,
	struct hark_err *err);

#endif
