/* A Post: what somebody said in public, in hark's one exchange format.
 *
 * Slices are borrowed from whatever holds the post (an arena, an input line) and valid as long as
 * that. Times are wall clock milliseconds, 0 when unknown; counts are COUNT_NONE when unknown.
 * `text` is plain text, never markup. Key = (source, external_id). */
#ifndef HARK_MODEL_POST_H
#define HARK_MODEL_POST_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#define COUNT_NONE INT64_MIN

enum post_type {
	POST_TYPE_POST,
	POST_TYPE_REPLY,
	POST_TYPE_REPOST,
	POST_TYPE_QUOTE,
	POST_TYPE_REVIEW,
	POST_TYPE_JOB,
	POST_TYPE_FILING,
};

enum visibility {
	VISIBILITY_PUBLIC,
	VISIBILITY_PRIVATE,
};

/* Stands beside words of a private post wherever people who work here read them. */
#define PRIVATE_MARK "private: not to be quoted"

/* What a classifier found the post to feel. */
struct sentiment {
	struct str label;
	double score; /* -1 (bad) to 1 (good); NAN: nobody classified it */
};

struct strs {
	struct str *v;
	size_t n;
};

struct author {
	struct str handle, display_name, profile_url, bio;
	int64_t followers, following;
	int verified; /* 1 yes, 0 no, -1 not said */
};

struct post {
	struct str source, external_id, url;
	enum post_type type;
	struct author author;
	int64_t published, edited;
	struct str title, text, quoted;
	struct str lang, country;
	struct str in_reply_to, thread;
	int64_t likes, replies, shares, views, score, rating;
	struct strs tags, mentions, links;
	struct sentiment sentiment; /* classify.sentiment in JSON */
	enum visibility visibility;
	bool deleted;   /* the source says this id is gone; only the key matters */
	bool opted_out; /* with deleted: because its author asks to be left alone */
};

/* Everything absent or unknown. */
void post_init(struct post *p);
/* "post", "reply" …; a static string. */
const char *post_type_name(enum post_type type);
/* False if there is no such type. */
bool post_type_parse(struct str name, enum post_type *out);

/* One JSON object without a newline; absent members are left out. */
void post_write_json(const struct post *p, struct buf *out);
/* Reads one JSON object. Slices are borrowed from `arena` (or from `json` where it needs no
 * unescaping), which must outlive the post. Unknown members are ignored, wrong types are
 * HARK_EPARSE with the member's name. */
int post_read_json(struct post *p, struct str json, struct arena *arena, struct hark_err *err);
/* The same, and what of it no post has: the first such member by its path ("colour", "author.name"), kept in
 * `arena`; absent: nothing. */
int post_read_noting(struct post *p, struct str json, struct arena *arena, struct str *unknown,
	struct hark_err *err);
/* As post_read_json() for a line that somebody hands in: HARK_EPARSE also where any other JSON object would do, with no text, id,
 * address, author or tag. */
int post_read_line(struct post *p, struct str json, struct arena *arena, struct hark_err *err);
/* A deep copy into `arena`. */
int post_copy(struct post *to, const struct post *from, struct arena *arena);

#endif
