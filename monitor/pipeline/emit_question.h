/* What is found in a question may wait for others to answer it, and is a lead only if nobody does. The finding is stored
 * with a row that says until when, in the same transaction; what is due is looked at beside the batches, so the cost
 * of waiting grows with what is due alone. */
#ifndef HARK_PIPELINE_EMIT_QUESTION_H
#define HARK_PIPELINE_EMIT_QUESTION_H

#include "monitor/pipeline/emit_lead.h"

/* The post at hand. */
struct asked_post {
	const struct batch_post *bp;
	int64_t post, source, author; /* rows; author 0: not known */
};

/* Whether answers are looked for. */
bool emit_questions_any(const struct emitter *e);
/* Whether what a rule found in the post is to wait. */
bool emit_question_waits(
	struct emitter *e, const struct asked_post *p, const struct signal *signal, bool historic);
/* The stored finding waits from now on; answers that came before the question are seen. */
void emit_question_ask(struct emitter *e, const struct asked_post *p, int64_t signal);
/* A new post may answer what waits, or what has become a lead: then that is noted on the lead. */
void emit_question_answer(struct emitter *e, const struct post *p, int64_t post, int64_t author);

/* In a transaction of its own: what is due becomes a lead, unless somebody has answered. True: there is more. Doing it
 * again changes nothing. */
bool emit_due_questions(
	struct store *s, const struct conf *conf, int64_t now_ms, struct emit_counts *out);

#endif
