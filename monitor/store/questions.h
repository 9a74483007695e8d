/* Findings in posts that ask something and wait for an answer, and what became of them. One row a finding; it goes
 * with its post. Inside the caller's transaction; failures are its commit's. */
#ifndef HARK_STORE_QUESTIONS_H
#define HARK_STORE_QUESTIONS_H

#include "monitor/base/arena.h"
#include "monitor/model/signal.h"
#include "monitor/store/store.h"

/* What is stored of a question. */
struct question {
	int64_t signal, post, source;
	int64_t author; /* row; 0: not known */
	struct str ref,
		thread; /* as the source calls the post and its thread; thread absent: none */
	bool bare;      /* it replies to nothing, so whatever is said in its thread is for it */
	int64_t asked_ms;
	int64_t due_ms; /* 0: it is decided */
	int64_t answer; /* the post that answered it; 0: none */
	int64_t answered_ms;
	int64_t lead;       /* that it made; 0: none */
	struct str outcome; /* "answered", "lead", "gone", "own"; absent: it waits */
};

/* A post that may answer. */
struct answer_post {
	int64_t post, author; /* rows; author 0: not known */
	struct author who;
	int64_t at_ms;
};

/* A question that is due, with the finding as it was stored. */
struct due_question {
	struct question q;
	struct signal signal;
	struct author who;
	int64_t story, published;
	bool gone; /* the post or the finding in it */
};

/* Whether any is stored. */
bool store_questions_any(struct store *s);
/* False: the finding waits already. */
bool store_question_add(struct store *s, const struct question *q);
/* What is stored of a finding. False: it never waited. Strings in `arena`. */
bool store_question_of(struct store *s, int64_t signal, struct arena *arena, struct question *out);
/* Questions, waiting or not, that a post with these would answer, at most `max`: those it replies to, and those of its
 * thread unless it replies to something else there. Nobody answers himself. */
size_t store_questions_met(struct store *s, int64_t source, int64_t author, struct str in_reply_to,
	struct str thread, struct arena *arena, struct question *out, size_t max);
/* Stored replies of others to the question, the first first, at most `max`; later than it by their own date. */
size_t store_question_replies(struct store *s, const struct question *q, struct arena *arena,
	struct answer_post *out, size_t max);
/* A stored post as one that may answer. False: it is gone. */
bool store_answer_load(struct store *s, int64_t post, struct arena *arena, struct answer_post *out);
/* post 0: the answer was taken back. */
void store_question_answered(struct store *s, int64_t signal, int64_t post, int64_t at_ms);
/* It waits no longer. lead 0: none. */
void store_question_settle(struct store *s, int64_t signal, const char *outcome, int64_t lead);
/* Those due, the first first, at most `max`; none of a source that fails: what was said there is not known. Strings in
 * `arena`. */
size_t store_questions_due(
	struct store *s, int64_t now_ms, struct arena *arena, struct due_question *out, size_t max);
/* Whether there is any. */
bool store_questions_are_due(struct store *s, int64_t now_ms);

#endif
