#include "rules/classify/parting.h"

#include "rules/classify/move.h"
#include "rules/regex.h"

#include <stdlib.h>

#define NOT_DENIED "(?<!not )(?<!n't )(?<!n’t )(?<!never )"
#define YOU "(?:you|your|old|former|existing|my|our|all)"
#define BOOK "(?:business|accounts?|policy|policies|portfolio|orders?|contracts?|team)"

/* An invitation, an offer, a word to former customers. */
static const char *const invitations[] = {
	NOT_DENIED "\\b(?:text|e-?mail|contact|message|dm|ping|write(?: to)?|reach(?: out to)?"
		   "|get in touch with) (?:me|us)\\b",
	NOT_DENIED
	"\\b(?:call|phone|ring) (?:me|us) (?:at|on|if|when(?:ever)?|for|any ?time|directly|today|now)\\b",
	NOT_DENIED "\\b(?:reach out|get in touch|drop a line)(?! (?:to|with) (?!me\\b|us\\b))\\b",
	NOT_DENIED "\\b(?:follow|join) (?:me|us) (?:to|at|there|over|here)\\b",
	NOT_DENIED "\\bcome (?:with (?:me|us)|along|over|and (?:join|see|work with) (?:me|us))\\b",
	NOT_DENIED "\\b(?:bring|move|take|transfer|switch) (?:over )?" YOU " " BOOK "\\b",
	NOT_DENIED "\\bswitch(?:ing)?(?: over)? (?:to (?:me|us)|with (?:me|us))\\b",
	"\\b(?:happy|glad|delighted|ready|here|able|love) to (?:help|quote|serve|support|look after|take care of) " YOU
	"\\b",
	NOT_DENIED "\\b(?:keep|continue|stay) (?:on )?(?:working )?with (?:me|us)\\b",
	NOT_DENIED "\\bwork(?:ing)? with (?:me|us) again\\b",
	"\\b(?:my|our) (?:\\w+ )?(?:clients|customers|accounts) (?:can|should|know where|are welcome|are free)\\b",
	"\\b(?:clients|customers|accounts)(?: of mine)? (?:are )?welcome\\b",
	"\\b(?:better|lower|cheaper) (?:prices?|rates?|deals?|offers?|terms|fees?)\\b",
	"\\b(?:give|send|get|make) you (?:a |an )?(?:\\w+ )?(?:quote|demo|discount|offer|deal)\\b",
	"\\blet (?:me|us) (?:quote|show you|help you|offer)\\b",
	"\\b(?:taking on|looking for) (?:new )?(?:clients|customers)\\b",
	"\\bdms? (?:is|are) open\\b",
};
#define INVITATIONS (sizeof(invitations) / sizeof(invitations[0]))

struct parting_reader {
	struct move_finder *moves;
	struct regex_scratch *scratch;
	struct regex *invitations[INVITATIONS];
};

int parting_new(struct parting_reader **out, struct hark_err *err)
{
	struct parting_reader *r = calloc(1, sizeof(*r));
	int rc = HARK_OK;
	if (r != NULL) {
		r->moves = move_finder_new();
		r->scratch = regex_scratch_new();
	}
	if (r == NULL || r->moves == NULL || r->scratch == NULL) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the reader of partings");
	}
	for (size_t i = 0; i < INVITATIONS && rc == HARK_OK; i++) {
		size_t offset;
		rc = regex_new(&r->invitations[i], str_c(invitations[i]), true, &offset, err);
	}
	if (rc != HARK_OK) {
		parting_free(r);
		r = NULL;
	}
	*out = r;
	return rc;
}

void parting_free(struct parting_reader *r)
{
	if (r == NULL) {
		return;
	}
	move_finder_free(r->moves);
	regex_scratch_free(r->scratch);
	for (size_t i = 0; i < INVITATIONS; i++) {
		regex_free(r->invitations[i]);
	}
	free(r);
}

/* The first of them in the text; absent: none. */
static struct str invitation(struct parting_reader *r, struct str text)
{
	struct str found = STR_NONE;
	for (size_t i = 0; i < INVITATIONS && text.n > 0; i++) {
		size_t from, to;
		if (regex_find(r->invitations[i], r->scratch, text, 0, &from, &to) == HARK_OK &&
			(found.p == NULL || text.p + from < found.p)) {
			found = str_n(text.p + from, to - from);
		}
	}
	return found;
}

int parting_read(
	struct parting_reader *r, const struct post *post, enum parting *out, struct str *words)
{
	struct move move;
	*out = PARTING_NONE;
	*words = invitation(r, post->title);
	if (words->p == NULL) {
		*words = invitation(r, post->text);
	}
	if (words->p != NULL) {
		*out = PARTING_SOLICITS;
		return HARK_OK;
	}
	int rc = move_find(r->moves, post, &move);
	if (rc == HARK_OK && move.event != MOVE_NONE) {
		*out = PARTING_ANNOUNCES;
		*words = move.cue.text;
	}
	return rc;
}

const char *parting_name(enum parting parting)
{
	static const char *const names[] = {"neither", "announces", "solicits"};
	return names[parting];
}
