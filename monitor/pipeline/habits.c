#include "monitor/pipeline/habits.h"

#include <stdio.h>
#include <string.h>

#define VERSION 2
#define HOUR_MS (INT64_C(3600) * 1000)
#define SLOT_MS (3 * HOUR_MS)
#define WEEK_MS (HABIT_SLOTS * SLOT_MS)
#define DAY_MS (24 * HOUR_MS)
#define YEAR_MS (366 * DAY_MS) /* without news: what was before that changes nothing */

#define KEPT_A_WEEK 0.875F
#define NEWS_MIN 12 /* fewer news tell no rhythm */
#define FEW_MS (30 * DAY_MS)
#define NONE_MS (90 * DAY_MS)
#define FLOOR_MS (6 * HOUR_MS)
#define FLOOR_NEW_MS (72 * HOUR_MS) /* before two weeks nothing is known of weekends */
#define STRETCH 2.5
#define EXPECTED_MIN 3.0

#define LEARNED_REPLIES 10
#define LEARNED_ITEMS 30
#define USUAL 0.95F
#define ODD_REPLIES 3
#define ODD_ITEMS 10
#define ODD_ACCEPTED 200 /* then it is the new normal */

void habits_read(struct habits *h, struct str blob)
{
	*h = (struct habits){.version = VERSION};
	if (blob.n == sizeof(*h)) {
		memcpy(h, blob.p, sizeof(*h));
		if (h->version != VERSION) {
			*h = (struct habits){.version = VERSION};
		}
	}
}

/* --- when there is news --- */

static bool knows_weeks(const struct habits *h, int64_t now_ms)
{
	return now_ms - h->since_ms >= 2 * WEEK_MS;
}

static void age(struct habits *h, int64_t now_ms)
{
	for (int i = 0; i < 100 && now_ms - h->aged_ms >= WEEK_MS; i++) {
		for (size_t k = 0; k < HABIT_SLOTS; k++) {
			h->slots[k] *= KEPT_A_WEEK;
		}
		h->weeks = (h->weeks + 1) * KEPT_A_WEEK;
		h->longest *= KEPT_A_WEEK;
		h->aged_ms += WEEK_MS;
	}
	if (now_ms - h->aged_ms >= WEEK_MS || now_ms < h->aged_ms) {
		h->aged_ms = now_ms; /* years, or a clock that jumped back */
	}
}

/* The weeks that the slots stand for, when the last news came. */
static double weeks_of(const struct habits *h)
{
	double weeks = h->weeks + (double)(h->news_ms - h->aged_ms) / (double)WEEK_MS;
	return weeks > 1.0 ? weeks : 1.0;
}

static double expected_in_slots(const struct habits *h, int64_t from_ms, int64_t until_ms)
{
	double all = 0, sum = 0;
	for (size_t i = 0; i < HABIT_SLOTS; i++) {
		all += h->slots[i];
	}
	int64_t whole = (until_ms - from_ms) / WEEK_MS;
	for (int64_t t = from_ms + whole * WEEK_MS; t < until_ms;) {
		int64_t end = (t / SLOT_MS + 1) * SLOT_MS;
		end = end < until_ms ? end : until_ms;
		sum += h->slots[t / SLOT_MS % HABIT_SLOTS] * (double)(end - t) / (double)SLOT_MS;
		t = end;
	}
	return (sum + all * (double)whole) / weeks_of(h);
}

double habits_expected(const struct habits *h, int64_t from_ms, int64_t until_ms)
{
	if (h->news == 0 || until_ms <= from_ms || from_ms < 0) {
		return 0;
	}
	if (knows_weeks(h, h->news_ms)) {
		return expected_in_slots(h, from_ms, until_ms);
	}
	int64_t learned = h->news_ms - h->since_ms;
	return learned > 0 ? (double)h->news * (double)(until_ms - from_ms) / (double)learned : 0;
}

static double too_long(const struct habits *h)
{
	return STRETCH * h->longest > EXPECTED_MIN ? STRETCH * h->longest : EXPECTED_MIN;
}

void habits_news(struct habits *h, bool blind, int64_t now_ms)
{
	if (h->since_ms == 0 || now_ms < h->news_ms) {
		h->since_ms = h->aged_ms = h->news_ms = now_ms;
		return;
	}
	double stretch = habits_expected(h, h->news_ms, now_ms), most = too_long(h);
	if (!blind && now_ms - h->news_ms > h->longest_ms) {
		h->longest_ms = now_ms - h->news_ms;
	}
	if (!blind && knows_weeks(h, h->news_ms) && stretch > h->longest) {
		h->longest = (float)(stretch < most ? stretch : most);
	}
	age(h, now_ms);
	h->slots[now_ms / SLOT_MS % HABIT_SLOTS] += 1;
	h->news += h->news < UINT32_MAX;
	h->news_ms = now_ms;
	h->same = h->not_modified = 0;
}

void habits_same(struct habits *h, bool not_modified)
{
	uint32_t *count = not_modified ? &h->not_modified : &h->same;
	*count += *count < UINT32_MAX;
	if (!not_modified && h->lists.odd > 0 && h->lists.odd < UINT16_MAX) {
		h->lists.odd++; /* the page that lists nothing, once more */
	}
}

/* How long there were no news, and how many were to be expected meanwhile, in the hours when they are heard. */
static int64_t quiet_ms(
	const struct habits *h, const struct hours *hours, int64_t now_ms, double *expected)
{
	if (hours == NULL) {
		*expected = habits_expected(h, h->news_ms, now_ms);
		return now_ms - h->news_ms;
	}
	int64_t sum = 0, from = now_ms - h->news_ms > YEAR_MS ? now_ms - YEAR_MS : h->news_ms;
	*expected = 0;
	for (from = hours_next_ms(hours, from); from < now_ms;) {
		int64_t closes = hours_close_ms(hours, from);
		int64_t end = closes < now_ms ? closes : now_ms;
		*expected += habits_expected(h, from, end);
		sum += end - from;
		from = hours_next_ms(hours, closes);
	}
	return sum;
}

static bool is_too_long(const struct habits *h, const struct hours *hours, int64_t now_ms)
{
	double expected;
	int64_t quiet = quiet_ms(h, hours, now_ms, &expected);
	if (h->news < 3) {
		return quiet > NONE_MS;
	}
	if (h->news < NEWS_MIN) {
		return quiet > FEW_MS && quiet > 3 * h->longest_ms;
	}
	bool is_new = !knows_weeks(h, h->news_ms);
	int64_t least = is_new ? FLOOR_NEW_MS : FLOOR_MS;
	least = is_new && 2 * h->longest_ms > least ? 2 * h->longest_ms : least;
	return quiet > least && expected > too_long(h);
}

enum habits_quiet habits_quiet(const struct habits *h, const struct hours *hours, int64_t now_ms)
{
	if (h->since_ms == 0 || !is_too_long(h, hours, now_ms)) {
		return QUIET_USUAL;
	}
	return h->same > h->not_modified ? QUIET_STALE : QUIET_SILENT;
}

int64_t habits_every_ms(const struct habits *h)
{
	return h->news >= 3 ? (h->news_ms - h->since_ms) / h->news : 0;
}

/* --- what replies look like --- */

/* `good` of `all` are as usual. What is odd teaches nothing until it has become usual. */
static void learn(struct habit *h, uint32_t good, uint32_t all, uint32_t learned, uint32_t items)
{
	if (all == 0) {
		return;
	}
	if (good == 0 && h->seen >= learned && h->share >= USUAL && h->odd < ODD_ACCEPTED) {
		h->odd++;
		h->odd_items += items < 1000 && h->odd_items < 60000 ? (uint16_t)items : 0;
		return;
	}
	if (h->odd >= ODD_ACCEPTED) {
		h->seen = 0;
	}
	float now = (float)good / (float)all;
	float weight =
		h->seen >= learned ? 0.05F : 1.0F / (float)(h->seen / (all < 50 ? all : 50) + 1);
	h->share += (now - h->share) * (weight > 1 ? 1 : weight);
	h->seen += h->seen < 100000 ? all : 0;
	h->odd = h->odd_items = 0;
}

void habits_reply(struct habits *h, const struct habit_reply *r)
{
	uint32_t all = r->items + r->skipped;
	if (r->lists) {
		learn(&h->lists, r->items > 0, 1, LEARNED_REPLIES, 0);
	}
	learn(&h->whole, !r->damaged, 1, LEARNED_REPLIES, 0);
	learn(&h->kept, r->items, all, LEARNED_ITEMS, all);
	for (size_t i = 0; i < HABIT_FIELDS; i++) {
		learn(&h->fields[i], r->with[i], r->items, LEARNED_ITEMS, r->items);
	}
}

const char *habits_drift(const struct habits *h, char room[200])
{
	static const char *const names[] = {[HABIT_TITLE] = "a title",
		[HABIT_TEXT] = "a text",
		[HABIT_AUTHOR] = "an author",
		[HABIT_URL] = "an address",
		[HABIT_PUBLISHED] = "a date"};
	if (h->lists.odd >= ODD_REPLIES) {
		return "it used to list posts and lists none any more: its format has changed";
	}
	if (h->whole.odd >= ODD_REPLIES) {
		return "its replies used to be sound and are damaged now";
	}
	if (h->kept.odd >= ODD_REPLIES && h->kept.odd_items >= ODD_ITEMS) {
		return "none of its items becomes a post any more: its format has changed";
	}
	for (size_t i = 0; i < HABIT_FIELDS; i++) {
		if (h->fields[i].odd >= 2 && h->fields[i].odd_items >= ODD_ITEMS) {
			snprintf(room, 200,
				"its posts used to have %s and have none any more: its "
				"format has changed",
				names[i]);
			return room;
		}
	}
	return NULL;
}
