#include "rules/classify/tone_cues.h"

/* Folded words with a blank between; =we stands for I, we or a form of them, ~ for up to four words. A weak one
 * does not count in a sentence that tells a result. */
static const struct {
	uint8_t kind; /* tone_cue_kind */
	bool weak;
	const char *words;
} cues[] = {
	{CUE_LESSON, false, "wish =we had"},
	{CUE_LESSON, false, "wish we'd"},
	{CUE_LESSON, false, "wish i'd"},
	{CUE_LESSON, false, "wish someone"},
	{CUE_LESSON, false, "wish somebody"},
	{CUE_LESSON, false, "next time"},
	{CUE_LESSON, false, "our mistake"},
	{CUE_LESSON, false, "my mistake"},
	{CUE_LESSON, false, "mistake was"},
	{CUE_LESSON, false, "mistake number one"},
	{CUE_LESSON, false, "lesson"},
	{CUE_LESSON, false, "lessons"},
	{CUE_LESSON, false, "takeaway"},
	{CUE_LESSON, false, "takeaways"},
	{CUE_LESSON, false, "hindsight"},
	{CUE_LESSON, false, "in retrospect"},
	{CUE_LESSON, false, "looking back"},
	{CUE_LESSON, false, "note to self"},
	{CUE_LESSON, false, "rule one"},
	{CUE_LESSON, false, "rule number one"},
	{CUE_LESSON, false, "do it again"},
	{CUE_LESSON, false, "did it again"},
	{CUE_LESSON, false, "do ~ differently"},
	{CUE_LESSON, false, "starting over"},
	{CUE_LESSON, false, "start over"},
	{CUE_LESSON, false, "start again"},
	{CUE_LESSON, false, "if =we had known"},
	{CUE_LESSON, false, "if =we known"},
	{CUE_LESSON, false, "if we'd"},
	{CUE_LESSON, false, "if only =we"},
	{CUE_LESSON, false, "had =we known"},
	{CUE_LESSON, false, "had =we to"},
	{CUE_LESSON, false, "=we should have"},
	{CUE_LESSON, false, "=we should never have"},
	{CUE_LESSON, false, "=we should've"},
	{CUE_LESSON, false, "=we shouldn't have"},
	{CUE_LESSON, false, "=we ought to have"},
	{CUE_LESSON, false, "=we regret not"},
	{CUE_LESSON, false, "we learned"},
	{CUE_LESSON, false, "we learnt"},
	{CUE_LESSON, false, "i learned"},
	{CUE_LESSON, false, "i learnt"},
	{CUE_LESSON, false, "had to learn"},
	{CUE_LESSON, false, "=we underestimated"},
	{CUE_LESSON, false, "taught us"},
	{CUE_LESSON, false, "taught me"},
	{CUE_LESSON, false, "the hard way"},
	{CUE_LESSON, false, "of advice"},
	{CUE_LESSON, false, "my advice"},
	{CUE_LESSON, false, "our advice"},
	{CUE_LESSON, false, "advise others"},
	{CUE_LESSON, false, "my tip"},
	{CUE_LESSON, false, "our tip"},
	{CUE_LESSON, false, "pro tip"},
	{CUE_LESSON, false, "would have been smarter"},
	{CUE_LESSON, false, "would have been wiser"},
	{CUE_LESSON, false, "would have been better to"},
	{CUE_LESSON, false, "do what =we did"},
	{CUE_LESSON, false, "don't make ~ mistake"},
	{CUE_LESSON, false, "never again let"},
	{CUE_LESSON, false, "never again will"},
	{CUE_LESSON, false, "tell its past self"},
	{CUE_LESSON, false, "tell =we younger self"},
	{CUE_LESSON, false, "nobody tells you"},
	{CUE_LESSON, false, "if you deploy"},
	{CUE_LESSON, false, "if you plan to"},
	{CUE_LESSON, false, "anyone planning"},
	{CUE_LESSON, false, "anybody planning"},
	{CUE_LESSON, false, "before you switch"},
	{CUE_LESSON, false, "before you sign"},
	{CUE_LESSON, false, "before you buy"},
	{CUE_LESSON, false, "before you move"},
	{CUE_LESSON, false, "before you start"},
	{CUE_LESSON, false, "don't skip"},
	{CUE_LESSON, false, "from day one they"},
	{CUE_SELECTION, false, "chose"},
	{CUE_SELECTION, false, "chosen over"},
	{CUE_SELECTION, false, "picked ~ over"},
	{CUE_SELECTION, false, "picked ~ because"},
	{CUE_SELECTION, false, "picked ~ since"},
	{CUE_SELECTION, false, "picked ~ rather"},
	{CUE_SELECTION, false, "=we picked"},
	{CUE_SELECTION, false, "selected ~ over"},
	{CUE_SELECTION, false, "=we selected"},
	{CUE_SELECTION, false, "went with"},
	{CUE_SELECTION, false, "going with"},
	{CUE_SELECTION, false, "opted for"},
	{CUE_SELECTION, false, "decided for"},
	{CUE_SELECTION, false, "decided in favour"},
	{CUE_SELECTION, false, "settled on"},
	{CUE_SELECTION, false, "settled for"},
	{CUE_SELECTION, false, "shortlist"},
	{CUE_SELECTION, false, "shortlisted"},
	{CUE_SELECTION, false, "finalists"},
	{CUE_SELECTION, false, "in our trial"},
	{CUE_SELECTION, false, "won ~ tender"},
	{CUE_SELECTION, false, "won as"},
	{CUE_SELECTION, false, "won because"},
	{CUE_SELECTION, false, "won on"},
	{CUE_SELECTION, false, "won out"},
	{CUE_SELECTION, false, "=we turned down"},
	{CUE_SELECTION, false, "=we passed on"},
	{CUE_SELECTION, false, "=we rejected"},
	{CUE_SELECTION, false, "narrowed it down"},
	{CUE_SELECTION, false, "came down to"},
	{CUE_SELECTION, false, "=we weighed"},
	{CUE_SELECTION, false, "weighed ~ against"},
	{CUE_SELECTION, false, "considered"},
	{CUE_SELECTION, false, "candidates"},
	{CUE_SELECTION, false, "each candidate"},
	{CUE_SELECTION, false, "neck and neck"},
	{CUE_SELECTION, false, "got the job"},
	{CUE_SELECTION, false, "got the nod"},
	{CUE_SELECTION, false, "made us choose"},
	{CUE_SELECTION, false, "made us pick"},
	{CUE_SELECTION, false, "broke the tie"},
	{CUE_SELECTION, false, "the tie breaker"},
	{CUE_SELECTION, false, "evaluated"},
	{CUE_SELECTION, false, "end of evaluation"},
	{CUE_SELECTION, false, "head to head"},
	{CUE_SELECTION, false, "over the other"},
	{CUE_SELECTION, false, "over the others"},
	{CUE_SELECTION, false, "over the incumbent"},
	{CUE_SELECTION, false, "rather than renew"},
	{CUE_SELECTION, false, "rather than extend"},
	{CUE_SELECTION, false, "instead of renewing"},
	{CUE_SELECTION, true, "compared ~ with"},
	{CUE_SELECTION, true, "=we compared"},
	{CUE_SELECTION, true, "compared three"},
	{CUE_SELECTION, false, "beat"},
	{CUE_SELECTION, false, "decided it"},
	{CUE_SELECTION, false, "was out because"},
	{CUE_SELECTION, false, "was out since"},
	{CUE_SELECTION, false, "was out as"},
	{CUE_SELECTION, false, "of all the"},
	{CUE_SELECTION, true, "=we took"},
	{CUE_SELECTION, true, "they took"},
	{CUE_SELECTION, false, "took ~ over"},
	{CUE_SELECTION, false, "took ~ because"},
	{CUE_SELECTION, false, "took ~ instead"},
	{CUE_SELECTION, false, "took ~ for its"},
	{CUE_SELECTION, false, "took ~ for the"},
	{CUE_SELECTION, false, "=we kept ~ because"},
	{CUE_SELECTION, false, "and kept"},
	{CUE_SELECTION, false, "dropped it because"},
	{CUE_SELECTION, false, "dropped ~ for"},
	{CUE_SELECTION, false, "=we dropped"},
	{CUE_SELECTION, false, "=we went for"},
	{CUE_SELECTION, false, "=we ruled out"},
	{CUE_SELECTION, false, "ruled out"},
	{CUE_SELECTION, false, "offers came in"},
	{CUE_SELECTION, false, "scored best"},
	{CUE_SELECTION, false, "that was the question"},
	{CUE_SELECTION, false, "board dismissed"},
	{CUE_SELECTION, false, "=we dismissed"},
	{CUE_SELECTION, false, "dismissed ~ over"},
	{CUE_SELECTION, false, "=we tested two"},
	{CUE_SELECTION, false, "=we tested three"},
	{CUE_SELECTION, false, "=we tested four"},
	{CUE_SELECTION, false, "=we tested five"},
	{CUE_SELECTION, false, "=we tested six"},
	{CUE_SELECTION, false, "=we tried two"},
	{CUE_SELECTION, false, "=we tried three"},
	{CUE_SELECTION, false, "=we tried four"},
	{CUE_SELECTION, false, "=we trialled"},
	{CUE_SELECTION, false, "=we looked at ~ and"},
	{CUE_SELECTION, false, "why =we didn't"},
	{CUE_SELECTION, false, "why ~ and not"},
	{CUE_SELECTION, false, "why ~ over"},
	{CUE_SELECTION, false, "going back to"},
	{CUE_SELECTION, false, "runner up"},
	{CUE_SELECTION, false, "preferred ~ over"},
	{CUE_SELECTION, false, "preferred ~ to the"},
	{CUE_SELECTION, false, "voted for"},
	{CUE_SELECTION, false, "yet =we paid for"},
	{CUE_LIMIT, false, "wish it"},
	{CUE_LIMIT, false, "wish they"},
	{CUE_LIMIT, false, "wish the"},
	{CUE_LIMIT, false, "wish there"},
	{CUE_LIMIT, false, "could be"},
	{CUE_LIMIT, false, "could do with"},
	{CUE_LIMIT, false, "could use"},
	{CUE_LIMIT, false, "would be nice"},
	{CUE_LIMIT, false, "would like to see"},
	{CUE_LIMIT, false, "only downside"},
	{CUE_LIMIT, false, "only complaint"},
	{CUE_LIMIT, false, "only gripe"},
	{CUE_LIMIT, false, "only thing"},
	{CUE_LIMIT, false, "one thing"},
	{CUE_LIMIT, false, "one complaint"},
	{CUE_LIMIT, false, "one gripe"},
	{CUE_LIMIT, false, "takes a while"},
	{CUE_LIMIT, false, "takes some"},
	{CUE_LIMIT, false, "took weeks"},
	{CUE_LIMIT, false, "took months"},
	{CUE_LIMIT, false, "room for improvement"},
	{CUE_LIMIT, false, "getting used to"},
	{CUE_LIMIT, false, "costs extra"},
	{CUE_LIMIT, false, "not yet"},
	{CUE_LIMIT, false, "has no"},
	{CUE_LIMIT, false, "have no"},
	{CUE_LIMIT, false, "there is no"},
	{CUE_LIMIT, false, "there's no"},
	{CUE_LIMIT, false, "no way to"},
	{CUE_LIMIT, false, "hasn't got"},
	{CUE_LIMIT, false, "doesn't have"},
	{CUE_LIMIT, false, "still can't"},
	{CUE_LIMIT, false, "still no"},
	{CUE_LIMIT, false, "still needs"},
	{CUE_LIMIT, false, "still has to"},
	{CUE_LIMIT, false, "have to be"},
	{CUE_LIMIT, false, "has to be"},
	{CUE_LIMIT, false, "you have to"},
	{CUE_LIMIT, false, "you can't"},
	{CUE_LIMIT, false, "can't be"},
	{CUE_LIMIT, false, "a pain"},
	{CUE_LIMIT, false, "less great"},
	{CUE_LIMIT, false, "less so"},
	{CUE_LIMIT, false, "less good"},
	{CUE_LIMIT, false, "a step back"},
	{CUE_LIMIT, false, "learning curve"},
	{CUE_LIMIT, false, "needs work"},
	{CUE_LIMIT, false, "don't expect"},
	{CUE_AGAINST, false, "from"},
	{CUE_AGAINST, false, "rather than"},
	{CUE_AGAINST, false, "instead of"},
	{CUE_AGAINST, false, "compared with"},
	{CUE_AGAINST, false, "compared to"},
	{CUE_AGAINST, false, "against"},
	{CUE_AGAINST, false, "where it"},
	{CUE_AGAINST, false, "where they"},
	{CUE_AGAINST, false, "where we"},
	{CUE_AGAINST, false, "it was"},
	{CUE_AGAINST, false, "it took"},
	{CUE_AGAINST, false, "they took"},
	{CUE_AGAINST, false, "used to"},
	{CUE_AGAINST, false, "before it"},
	{CUE_AGAINST, false, "became"},
	{CUE_AGAINST, false, "now need"},
	{CUE_AGAINST, false, "now takes"},
	{CUE_AGAINST, false, "now it's"},
	{CUE_AGAINST, false, "last year"},
	{CUE_AGAINST, false, "took"},
};

const char *tone_cue(size_t i)
{
	return i < sizeof(cues) / sizeof(cues[0]) ? cues[i].words : NULL;
}

#define GAP_MOST 4 /* words that ~ stands for */

/* Do the rest of a phrase's words stand from token i on? */
static bool matches(
	const struct tone_words *w, const struct tone_scan *s, uint32_t i, uint16_t word)
{
	for (uint64_t hash; (hash = tone_cue_word(w, word)) != 0; i++, word++) {
		if (i >= s->n || !tone_wordlike(&s->v[i])) {
			return false;
		}
		if (hash == TONE_CUE_GAP) {
			for (uint32_t k = 1; k <= GAP_MOST && i + k < s->n; k++) {
				if (matches(w, s, i + k, (uint16_t)(word + 1))) {
					return true;
				}
				if (!tone_wordlike(&s->v[i + k])) {
					break;
				}
			}
			return false;
		}
		if (hash == TONE_CUE_WE ? (s->v[i].roles & ROLE_WE) == 0 : hash != s->v[i].hash) {
			return false;
		}
	}
	return true;
}

static void read_chain(const struct tone_words *w, const struct tone_scan *s, uint32_t i,
	unsigned first, struct tone_cues *out)
{
	for (unsigned k = first; k != 0; k = tone_cue_next(w, k - 1)) {
		if (out->n < TONE_CUES_MAX && matches(w, s, i + 1, tone_cue_rest(w, k - 1))) {
			out->v[out->n].token = i;
			out->v[out->n].weak = cues[k - 1].weak;
			out->v[out->n++].kind = (enum tone_cue_kind)cues[k - 1].kind;
		}
	}
}

void tone_cues_read(const struct tone_words *w, const struct tone_scan *s, struct tone_cues *out)
{
	out->n = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->v[i].cue != 0) {
			read_chain(w, s, i, s->v[i].cue, out);
		}
		if ((s->v[i].roles & ROLE_WE) != 0) {
			read_chain(w, s, i, tone_cue_we(w), out);
		}
	}
}

uint32_t tone_cue_find(
	const struct tone_cues *c, enum tone_cue_kind kind, bool strong, uint32_t from, uint32_t to)
{
	for (size_t k = 0; k < c->n; k++) {
		if (c->v[k].kind == kind && !(strong && c->v[k].weak) && c->v[k].token >= from &&
			c->v[k].token < to) {
			return c->v[k].token;
		}
	}
	return to;
}
