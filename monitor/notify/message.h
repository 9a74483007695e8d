/* An alert as people read it: the payload taken apart once, so that a line, a chat message, a card and a mail say
 * the same. Pure.
 *
 * What strangers wrote is only ever text: message_flat() leaves no control character and no line end, and each
 * format puts it where nothing in it is read as markup. */
#ifndef HARK_NOTIFY_MESSAGE_H
#define HARK_NOTIFY_MESSAGE_H

#include "monitor/base/err.h"
#include "monitor/base/zone.h"
#include "monitor/model/excerpt.h"

/* Pieces of evidence that are shown; the rest is in `hark leads show`. */
#define MESSAGE_QUOTES_MAX 3
/* Bytes of a post that are shown where there is room, around what was found. */
#define MESSAGE_QUOTE_BYTES 600

#define MESSAGE_ROWS_MAX 40
#define MESSAGE_NOTES_MAX 12
#define MESSAGE_DAY_MAX 11 /* "2027-01-15" */

/* A lead in a digest. */
struct message_row {
	struct str group, who, title, kind; /* group: the account or, where none is known, the kind */
	int64_t lead, score;
	bool ask_not;        /* of praise: they are not to be asked for more now */
	char ask_from[MESSAGE_DAY_MAX]; /* until that day; "": not by itself */
};

/* What a post said, or a source's alarm. */
struct message_quote {
	struct str text; /* the part that is shown, which is at byte `from` of its field */
	size_t from;
	bool cut_before, cut_after;
	struct excerpt_span marks[EXCERPT_SPANS_MAX]; /* of the field, not of the part */
	size_t marks_n;
	struct str author, source, url; /* absent where not known; `url` is http or https */
	bool is_private;
};

struct message {
	json_t *root; /* owned; the texts point into it */
	bool is_alarm, is_test;
	bool is_digest; /* leads together, in `rows` */
	bool is_desk;   /* for the desk of references; the title says it all */
	struct str kind, who, title, why, owner, level, privacy;
	/* Of praise: whom to ask for more, or what is against asking them, and the day that ends. */
	struct str ask_through, ask_not;
	char ask_from[MESSAGE_DAY_MAX];
	int64_t lead; /* its number, 0: none */
	int64_t score;
	struct message_quote quotes[MESSAGE_QUOTES_MAX];
	size_t quotes_n, left_out; /* pieces of evidence, or leads, that are not shown */
	struct message_row rows[MESSAGE_ROWS_MAX]; /* those of a group together, the strongest group first */
	size_t rows_n;
	struct str notes[MESSAGE_NOTES_MAX]; /* of a digest: what was kept back, what was not heard */
	size_t notes_n;
};

/* Shows at most `quote_max` bytes of each post, and days as the clocks of `zone` show them, which may be NULL: UTC.
 * Release it in either case. HARK_EPARSE: the payload is no JSON object with "data". */
int message_read(struct message *m, struct str payload, size_t quote_max, const struct zone *zone,
	struct hark_err *err);
void message_release(struct message *m);

/* Appends text on one line, at most `max` bytes of it: every run of white space becomes one space, control
 * characters go, "…" ends what is cut. */
void message_flat(struct buf *out, struct str text, size_t max);
/* Appends what it is about, on one line: "Cy asks where to get a zebrafish". */
void message_subject(struct buf *out, const struct message *m, size_t max);

/* What there is to know in a few words each: "Score" "80, high". */
struct message_fact {
	const char *name;
	char value[200];
};
#define MESSAGE_FACTS_MAX 6
size_t message_facts(const struct message *m, struct message_fact out[MESSAGE_FACTS_MAX]);
/* A digest line by line: the name of a group, each of its leads, and after all groups the notes as
 * one more group. `text` is valid during the call. */
enum message_line { LINE_GROUP, LINE_LEAD, LINE_NOTE };
void message_lines(const struct message *m,
	void (*fn)(void *ctx, enum message_line line, struct str text), void *ctx);
/* Appends who said it and where: "Cy, feed-of-cy", and whether it is private. */
void message_byline(struct buf *out, const struct message_quote *q);
/* Appends the last line: how to look at the lead, how much more there is, where people may ask about themselves. */
void message_footer(struct buf *out, const struct message *m);

#endif
