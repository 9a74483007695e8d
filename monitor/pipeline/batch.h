/* What one reply became, on its way from a worker to the writer: the posts with the findings in
 * them, and what the source's row will say. The writer commits it all in one transaction.
 *
 * A batch owns its arena and everything in it, and keeps a count of the rules its findings point into: a reload
 * may come while it waits. It moves through the queue whole. */
#ifndef HARK_PIPELINE_BATCH_H
#define HARK_PIPELINE_BATCH_H

#include "monitor/base/arena.h"
#include "monitor/model/post.h"
#include "monitor/model/reference.h"
#include "monitor/model/signal.h"
#include "monitor/pipeline/habits.h"
#include "monitor/store/alarms.h"
#include "monitor/store/gaps.h"
#include "monitor/store/rates.h"
#include "monitor/store/source_state.h"
#include "rules/copy.h"

struct ruleset;
struct tone_model;
struct who_answer;

/* A job move that a post tells of (rules/classify/move.h). Texts are the post's; absent: not said. */
struct batch_move {
	struct str event; /* "joined", "left" or "changed" */
	struct str person, to, from, title;
	struct str effective; /* a date or a month; may be absent */
	bool own; /* the author speaks of himself */
	const struct who_answer
		*who; /* who it may be, unless it is the author; NULL: nobody known */
};

/* canonical comes from keys_name(), content and words from the matcher or keys_say(). */
struct batch_post {
	struct post post;
	struct hash128 content; /* of the words of title and text: equal for equal stories */
	uint32_t words;         /* of title and text; few words are equal by chance */
	struct str canonical;   /* URL for comparison, absent if there is none */
	struct signal *signals; /* strongest first */
	size_t signals_n;
	struct copy_look look; /* what copies of it are looked for by; without keys: for none */
	const struct who_answer
		*who; /* who its author may be (monitor/people/who.h); NULL: nobody known */
	const struct batch_move *move; /* NULL: none, or nobody has looked */
	struct statement_read read;    /* how it speaks of us */
};

#define RATES_MAX 5 /* four of a definition, and what its credential waits for */

struct collected;

struct alarm_change {
	enum source_alarm alarm;
	bool stands; /* else it is cleared */
	struct str text;
};

struct batch {
	struct arena arena;
	struct str source;   /* name */
	struct str posts_of; /* for whom it stands in: the posts are that one's; absent: for none */
	struct batch_post *posts; /* only those not seen in the source's last reply */
	size_t posts_n;
	struct ruleset *rules; /* counted; NULL: nothing was matched */
	const struct hark_profile *profiles;
	size_t profiles_n;
	const struct tone_model
		*tone; /* shared, for what waits to be read; NULL: rules alone say */
	const struct who_answer *const
		*profiles_who; /* of each, as batch_post.who; NULL: of none */
	const struct hark_profile
		*withdrawn_people; /* key, url and handle of whom nothing may be kept */
	size_t withdrawn_people_n;
	bool historic;         /* baseline: stored and matched, no alerts */
	int64_t backfill_from; /* posts published from here on are raised all the same; 0: none */
	bool undated_is_new;   /* … and those without a date */
	bool counts_new;       /* of its posts the source's count gets those that were not known */
	int64_t received_ms;   /* wall clock of the reply */
	struct rate_fill rates[RATES_MAX]; /* buckets this poll has filled */
	size_t rates_n;
	struct gap gap; /* what was not heard before this answer, or until now */
	struct habits habits;
	bool habits_changed; /* enough to be stored */
	struct alarm_change alarms[ALARMS];
	size_t alarms_n;
	struct str host;           /* that was asked; absent: none */
	struct source_state state; /* what the source's row becomes */
	const struct collected
		*got; /* all the connector gave, for people who look on; NULL: nothing */
	void *user;   /* the scheduler's, handed back after the commit */
};

#endif
