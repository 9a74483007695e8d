/* From a batch to rows: posts, signals, leads, alerts, and the source's state, in the transaction the
 * caller has open. Doing the same batch again changes nothing, so a reply that was handled when the
 * process died is simply handled once more.
 *
 * What is the same: the key (source, external id) is the post; other posts with the same words (at
 * least POST_COPY_WORDS of them), the same link and title, or a text that is a copy of the story's first
 * (rules/copy.h, COPY_WORDS_MIN words), are the same story, whoever publishes it and whenever. A post that is a
 * copy of two stories makes them one (emit_fold.h). A copy is kept for its reach and raises nothing that the story has raised before. The
 * same key with other words is an edit. Neither order nor dates matter. */
#ifndef HARK_PIPELINE_EMIT_H
#define HARK_PIPELINE_EMIT_H

#include "monitor/config/conf.h"
#include "monitor/pipeline/batch.h"
#include "monitor/store/store.h"

struct emit_counts {
	size_t profiles; /* observations that differ from the last */
	size_t posts_new, posts_edited, posts_copies, posts_known, posts_deleted;
	size_t opted_out;      /* posts not kept because their author asked so */
	size_t signals;        /* kept */
	size_t shadow;         /* of rules on trial: only counted */
	size_t sensitive;      /* only counted, and the post's text is not kept */
	size_t leads_new;      /* raised */
	size_t leads_joined;   /* signals that joined a lead there was */
	size_t historic;       /* matches of a first poll, kept without an alert */
	size_t alerts;         /* outbox rows */
	size_t alerts_stopped; /* rows taken back, because their posts were */
	size_t references;     /* candidates found */
};

/* Adds to *counts. A failure is also the transaction's: store_commit() will report it again. */
int emit_batch(struct store *s, const struct conf *conf, const struct batch *b, int64_t now_ms,
	struct emit_counts *counts, struct hark_err *err);
/* What the source's count of posts grows by, beside what the batch has added to it. */
int64_t emit_posts_total(const struct batch *b, const struct emit_counts *counts);

#endif
