/* Candidates: a customer's good words become one reference for them, found or grown in the transaction that stores the
 * post; bad words go to service. The writer's thread, inside its transaction, whose failures are the commit's. */
#ifndef HARK_REFERENCES_CANDIDATES_H
#define HARK_REFERENCES_CANDIDATES_H

#include "monitor/config/conf.h"
#include "monitor/model/reference.h"
#include "monitor/model/signal.h"
#include "monitor/store/unplaced.h"

/* A post that was read, by whom if that is known. */
struct heard {
	const struct post *post;
	const struct signal *signals;
	size_t signals_n;
	struct statement_read read;
	int64_t row, author; /* of the post and of its author; author 0: it does not say */
	int64_t person;      /* 0: nobody that is known */
	bool historic, is_private;
};

enum candidate {
	CANDIDATE_NONE,    /* nothing was said, or not by somebody to be asked */
	CANDIDATE_TASK,    /* nobody known: to be found out who */
	CANDIDATE_FOUND,   /* a new reference */
	CANDIDATE_GROWN,   /* more evidence of one there was */
	CANDIDATE_SERVICE, /* it was no praise */
};
enum candidate candidates_take(
	struct store *s, const struct conf *conf, const struct heard *h, int64_t now_ms);
/* What has waited is `person`'s; it goes on waiting if that is nobody at a customer. `author`: whose row it is. */
enum candidate candidates_place(struct store *s, const struct conf *conf, const struct unplaced *u,
	int64_t author, int64_t person, int64_t now_ms);
/* Whether what they praise, said by that person, is for compliance by the table of the configuration: of the account they
 * work at. */
bool candidates_regulated(
	struct store *s, const struct conf *conf, int64_t person, struct str product);
/* The post was edited: a statement it made says something else from now on. False: it made none. */
bool candidates_edited(
	struct store *s, const struct conf *conf, const struct heard *h, int64_t now_ms);
/* Whether a statement the post made is another now, by as little as one character. */
bool candidates_differ(struct store *s, const struct heard *h);
/* Other statements are a reference's than before. What was agreed to and is another's now is agreed to no more. */
void candidates_recount(struct store *s, int64_t reference, int64_t now_ms);
/* The post is gone where it stood: the text goes, what is left says that it was there. `conf` may be NULL. */
void candidates_gone(struct store *s, const struct conf *conf, int64_t post, int64_t now_ms);

#endif
