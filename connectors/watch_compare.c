#include "connectors/watch_compare.h"

#include "connectors/employer.h"
#include "monitor/base/fold.h"
#include "monitor/base/hash.h"

#define WORDS_MAX ((size_t)1 << 20)

uint64_t watch_print(const struct hark_profile *p)
{
	const char *const texts[] = {p->person, p->bio, p->employer, p->title, p->location};
	struct buf words;
	uint64_t hash = 1;
	buf_init(&words, WORDS_MAX);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_clear(&words);
		fold_words(&words, texts[i] != NULL ? str_c(texts[i]) : STR(""));
		hash = hash64(buf_str(&words), hash);
	}
	buf_release(&words);
	return hash >> 1 | 1; /* fits into a number that is written as text */
}

static bool is_said(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* Whether the text about themselves still names the employer as a present one. */
static bool is_still_named(const struct hark_profile *now, struct str employer)
{
	return (is_said(now->bio) && employer_is_named(str_c(now->bio), employer)) ||
	       (is_said(now->title) && employer_is_named(str_c(now->title), employer));
}

enum watch_event watch_compare(
	const struct watch_seen *before, const struct hark_profile *now, uint64_t print)
{
	bool renamed = before->handle.n > 0 && is_said(now->handle) &&
		       !str_eq_nocase(before->handle, str_c(now->handle));
	if (before->print == 0) {
		return WATCH_FIRST;
	}
	if (before->print == print) {
		return renamed ? WATCH_CHANGED : WATCH_SAME;
	}
	if (before->employer.n == 0 ||
		(is_said(now->employer) && employer_same(before->employer, str_c(now->employer))) ||
		is_still_named(now, before->employer)) {
		return WATCH_CHANGED;
	}
	return is_said(now->employer) ? WATCH_JOINED : WATCH_LEFT;
}
