/* What a digest says: leads by account, the strongest first, what was kept back, which sources were not heard, and
 * that there is nothing where there is not. Pure. */
#ifndef HARK_PIPELINE_DIGEST_H
#define HARK_PIPELINE_DIGEST_H

#include "monitor/config/conf.h"
#include "monitor/leads/blind.h"
#include "monitor/model/lead.h"
#include "monitor/store/decisions.h"

/* Kind of the message. */
#define LEADS_DIGEST "leads.digest"

struct digest_lead {
	struct overflow_row row;
	struct str account;      /* absent: not known */
	struct lead_guard guard; /* of praise: what is against asking them for more */
};

struct digest {
	const struct conf_receiver *receiver;
	int64_t since_ms, now_ms;
	const struct digest_lead *leads; /* the first, at most receiver->digest_max */
	size_t leads_n, all;             /* all: with those that are not among them */
	const struct blind_row *blind;   /* the newest first */
	size_t blind_n;
	int64_t silenced, inhibited; /* leads of which nobody was told */
};

/* Appends the payload: type, timestamp, data. `out` has a ceiling; HARK_ELIMIT is the caller's to see. */
void digest_write(const struct digest *d, struct buf *out);

#endif
