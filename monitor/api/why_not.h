/* Why a stored post made no lead by a rule, or nobody heard of it, stage by stage: for hark why-not and the API. */
#ifndef HARK_API_WHY_NOT_H
#define HARK_API_WHY_NOT_H

#include "monitor/api/why_view.h"
#include "monitor/config/conf.h"
#include "monitor/model/lead.h"
#include "monitor/store/decisions.h"

#define WHY_NOT_REASONS_MAX 32
#define WHY_NOT_FLIPS_MAX 6
#define WHY_NOT_POSTS_MAX 5 /* of a person or an account */

/* One step on the way of the post, the deciding ones in the order they are met. */
struct reason {
	const char *
		stage; /* poll, dedupe, rule, scope, clause, answer, score, window, compliance, then those of decisions,
			      delivery */
	const char *code;
	struct str receiver;         /* absent: all */
	struct str value, threshold; /* absent: it has none */
	struct str text;             /* for people */
	struct str flip; /* a change, tried, that turns this stage; absent: none is known */
};

struct why_not {
	struct why_view view;    /* without a matcher: the rules have errors */
	const struct conf *conf; /* borrowed */
	struct str seen_as;      /* the access class of whoever asks; absent: they see all */
	int64_t about;           /* a person or an account; 0: none was asked for */
	struct str asked;        /* how why_not_find() was asked; borrowed */
	struct stored_post post; /* its id 0: there is none */
	struct explanation *now;
	struct stored_signal *own, *story; /* of the rule: this post's; other posts' of the story */
	size_t own_n, story_n;
	struct lead lead;
	bool has_lead;
	struct stored_alert *alerts;
	size_t alerts_n;
	struct decision *decisions;
	size_t decisions_n;
	const char *flips[WHY_NOT_FLIPS_MAX]; /* what would have somebody told */
	size_t flips_n;
	struct reason reasons[WHY_NOT_REASONS_MAX];
	size_t reasons_n;
};

/* Fills `post`: of a link, or of "SOURCE:ID". HARK_ENOENT: none is stored. */
int why_not_find(struct why_not *a, struct str link, struct hark_err *err);
/* The first post of a lead, and by which rule that was. */
int why_not_find_lead(struct why_not *a, int64_t lead, struct str *rule, struct hark_err *err);
/* Fills the rest, of a post that was found. HARK_ENOENT: there is no such rule, or whoever asks may not see what was
 * found in the post. */
int why_not_tell(struct why_not *a, struct str rule, int64_t now_ms, struct hark_err *err);

/* Instead of a post. Of a link that is not stored: what is known of the sources of its host. False: there is none. */
bool why_not_missing(struct why_not *a, struct str url, int64_t now_ms);
/* Of `about`, of whom no post is stored. */
void why_not_silent(struct why_not *a, enum known_what what, struct str name);

/* One object. */
void why_not_json(const struct why_not *a, struct jsonout *j);

/* Fills reasons[] and adds to flips[] from all the rest: a part of why_not_tell(). */
void why_not_reasons(struct why_not *a, int64_t now_ms);

#endif
