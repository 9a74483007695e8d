/* References and requests for them as JSON, for the command line and the API alike. */
#ifndef HARK_API_DESK_VIEW_H
#define HARK_API_DESK_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/model/role.h"
#include "monitor/references/peers.h"
#include "monitor/store/favours.h"
#include "monitor/store/references.h"

/* --- a reference --- */

/* What the table of the configuration says of praise like theirs, region by region. */
struct regulated_entry {
	const struct conf_ref_regulated *entry; /* of the configuration */
	bool theirs;                            /* it is about where they are */
};

struct reference_card {
	struct reference r;
	struct statement *statements;
	size_t statements_n;
	size_t withheld; /* statements that are left out: they are not for the reader */
	struct step *events;
	size_t events_n;
	struct guard_answer guard;
	struct reference_facts facts;
	struct regulated_entry *regulated; /* only where something of theirs is */
	size_t regulated_n;
	struct favour *favours; /* what stands of what was asked, offered and agreed */
	size_t favours_n;
};

/* With what the reader may see of it: an admin all. Strings in `arena`, others in `conf`. HARK_ENOENT. */
int reference_card_load(struct store *s, const struct conf *conf, int64_t id, enum role reader,
	int64_t now_ms, struct arena *arena, struct reference_card *out, struct hark_err *err);
/* One whole object. */
void view_reference_card(struct jsonout *j, const struct reference_card *card);
/* The same without what it rests on but the most credible of it (NULL: nothing): one of a list. */
void view_reference(struct jsonout *j, const struct reference *r, const struct guard_answer *guard,
	const struct statement *said);

/* --- a request --- */

struct request_card {
	struct request r;
	struct request_name *names;
	struct step *events;
	struct activity *uses;
	size_t names_n, events_n, uses_n;
};

/* Strings in `arena`. HARK_ENOENT. */
int request_card_load(struct store *s, int64_t id, struct arena *arena, struct request_card *out,
	struct hark_err *err);
/* One whole object each. */
void view_request_card(struct jsonout *j, const struct request_card *card);
void view_request(struct jsonout *j, const struct request *r);

/* Who fits a request, with reasons. One whole object. */
void view_peer(struct jsonout *j, const struct peer *p);
/* Whether nothing is against naming them. */
bool peer_fits(const struct peer *p);

#endif
