/* What is usual for a source: when it has news, and what its replies look like. Pure; `now` is an argument.
 *
 * DESIGN. How long a source may be silent is counted in what it would have said meanwhile: a week has slots of
 * three hours, each with the polls with news it has seen, so that a night or a weekend without news counts for
 * nothing where nothing was to be expected. A stretch is too long when it has gone 2.5 times beyond the longest
 * there was so far (3 expected news at least), and past a floor in hours. What is old fades by an eighth a week. */
#ifndef HARK_PIPELINE_HABITS_H
#define HARK_PIPELINE_HABITS_H

#include "monitor/base/hours.h"
#include "monitor/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define HABIT_SLOTS 56

enum habit_field {
	HABIT_TITLE,
	HABIT_TEXT,
	HABIT_AUTHOR,
	HABIT_URL,
	HABIT_PUBLISHED,
	HABIT_FIELDS,
};

/* How usual something is, and how long it has been otherwise. */
struct habit {
	float share;        /* of replies or items, 0 to 1 */
	uint32_t seen;      /* that is learned from so many */
	uint16_t odd;       /* the other way in so many replies in a row, */
	uint16_t odd_items; /* with so many items */
};

/* All zero: nothing is known. Stored byte for byte (store/habits.h). */
struct habits {
	uint32_t version;
	uint32_t news;             /* polls with news */
	int64_t since_ms, aged_ms; /* learned since; faded up to */
	int64_t saved_ms;          /* when it was last to be stored */
	int64_t news_ms;           /* the last news, or the beginning */
	int64_t longest_ms;        /* without news, so far */
	float longest;             /* the same in news to be expected */
	float weeks;               /* that the slots have seen, faded as they are */
	float slots[HABIT_SLOTS];
	uint32_t same, not_modified; /* answers since the last news: the same page again, or 304 */
	struct habit lists, whole,
		kept; /* replies with an item; undamaged; items that became records */
	struct habit fields[HABIT_FIELDS];
};

/* One reply that was read. */
struct habit_reply {
	bool lists; /* such a reply shows what there is, new or not */
	bool damaged;
	uint32_t items; /* that became records */
	uint32_t skipped;
	uint32_t with[HABIT_FIELDS]; /* of the items */
};

/* From a stored blob; one of another version, or none, is nothing known. */
void habits_read(struct habits *h, struct str blob);

/* A poll with something new in it; the first poll of a source too. `blind`: there may have been news before that
 * were not heard, so the stretch that ends tells nothing. */
void habits_news(struct habits *h, bool blind, int64_t now_ms);
/* Nothing new: not a byte of it. */
void habits_same(struct habits *h, bool not_modified);
void habits_reply(struct habits *h, const struct habit_reply *reply);

/* News that were to be expected in between. */
double habits_expected(const struct habits *h, int64_t from_ms, int64_t until_ms);
enum habits_quiet {
	QUIET_USUAL,
	QUIET_SILENT,
	QUIET_STALE, /* the same page again and again, where others say 304 */
};
/* `hours`: when there may be news to hear, NULL: always. The time between them counts for nothing. */
enum habits_quiet habits_quiet(const struct habits *h, const struct hours *hours, int64_t now_ms);
/* From news to news, usually; 0: too few to say. */
int64_t habits_every_ms(const struct habits *h);
/* What is not as it used to be, in one sentence; NULL: all is. `room`: for it. */
const char *habits_drift(const struct habits *h, char room[200]);

#endif
