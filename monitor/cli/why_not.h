/* What hark why-not finds out about a post and a rule, stage by stage. */
#ifndef HARK_CLI_WHY_NOT_H
#define HARK_CLI_WHY_NOT_H

#include "monitor/cli/why.h"
#include "monitor/model/lead.h"
#include "monitor/store/decisions.h"

#define WHY_NOT_REASONS_MAX 32
#define WHY_NOT_FLIPS_MAX 6

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

struct answer {
	struct why *w;
	int64_t about; /* a person or an account; 0: none was asked for */
	struct stored_post post;
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

/* Fills reasons[] and adds to flips[] from all the rest. */
void why_not_reasons(struct answer *a, int64_t now_ms);
/* Of a link that is not stored: what is known of the sources of its host. False: there is none. */
bool why_not_missing(struct answer *a, struct str url, int64_t now_ms);
/* Of `about`, of whom no post is stored. */
void why_not_silent(struct answer *a, enum known_what what, struct str name);

#endif
