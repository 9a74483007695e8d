#include "monitor/references/statement.h"

#define OUT (FLAG_SHADOW | FLAG_SENSITIVE)

bool statement_is_made_by(enum signal_kind kind)
{
	return kind == SIGNAL_PRAISE || kind == SIGNAL_COMPLAINT || kind == SIGNAL_MENTION;
}

static bool counts(const struct signal *g)
{
	return (g->flags & OUT) == 0 && statement_is_made_by(g->kind);
}

bool statement_may_be(const struct post *post, const struct signal *signals, size_t n)
{
	bool any = false;
	if (post->deleted || post->type == POST_TYPE_REPOST || post->type == POST_TYPE_JOB ||
		post->type == POST_TYPE_FILING) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if ((signals[i].flags & FLAG_SENSITIVE) != 0) {
			return false;
		}
		any = any || counts(&signals[i]);
	}
	return any;
}

/* What rules alone say: kinds found, and whether praise was found with a limit. */
struct found {
	bool praise, mixed, complaint, mention;
};

static struct found find(const struct signal *signals, size_t n)
{
	struct found f = {0};
	for (size_t i = 0; i < n; i++) {
		const struct signal *g = &signals[i];
		if (counts(g)) {
			f.praise |= g->kind == SIGNAL_PRAISE;
			f.mixed |= g->kind == SIGNAL_PRAISE && (g->flags & FLAG_MIXED) != 0;
			f.complaint |= g->kind == SIGNAL_COMPLAINT;
			f.mention |= g->kind == SIGNAL_MENTION;
		}
	}
	return f;
}

enum statement_tone statement_tone_of(
	const struct signal *signals, size_t n, const struct tone *tone)
{
	struct found f = find(signals, n);
	enum tone_label label = tone != NULL ? tone->label : TONE_UNKNOWN;
	bool mixed = f.mixed || (tone != NULL && tone->mixed);
	if (f.complaint) {
		return f.praise && label != TONE_NEGATIVE ? SAID_MIXED : SAID_NEGATIVE;
	}
	if (f.praise) {
		return mixed ? SAID_MIXED : label == TONE_NEGATIVE ? SAID_NEUTRAL : SAID_POSITIVE;
	}
	if (!f.mention) {
		return SAID_NOTHING;
	}
	return label == TONE_POSITIVE   ? (mixed ? SAID_MIXED : SAID_POSITIVE)
	       : label == TONE_NEGATIVE ? SAID_NEGATIVE
					: SAID_NOTHING;
}

struct str statement_text(struct str title, struct str text, struct buf *out)
{
	buf_add_str(out, title);
	buf_add_c(out, title.n > 0 && text.n > 0 ? "\n" : "");
	buf_add_str(out, str_cut_utf8(text, STATEMENT_TEXT_MAX - title.n - 2));
	return buf_str(out);
}

bool statement_is_regulated(const struct signal *signals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (counts(&signals[i]) && (signals[i].flags & FLAG_REGULATED) != 0) {
			return true;
		}
	}
	return false;
}

void statement_rules(const struct signal *signals, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (counts(&signals[i])) {
			buf_add_c(out, out->n > 0 ? " " : "");
			buf_add_str(out, signals[i].rule);
		}
	}
}

struct str statement_product(const struct signal *signals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; counts(&signals[i]) && k < signals[i].emit_n; k++) {
			if (str_eq_c(signals[i].emit[k].name, "product")) {
				return signals[i].emit[k].value;
			}
		}
	}
	return STR_NONE;
}
