/* One lead on the terminal, or as JSON with all its evidence and history. */
#ifndef HARK_CLI_LEADS_SHOW_H
#define HARK_CLI_LEADS_SHOW_H

#include "monitor/base/arena.h"
#include "monitor/cli/cli.h"
#include "monitor/store/store.h"

struct conf;
struct decision;
struct lead;
struct score_weights;

int leads_show(const struct cli *cli, struct store *s, const struct conf *conf, int64_t id,
	struct arena *arena, struct hark_err *err);
/* What was decided about telling people, one line each. */
void leads_print_decisions(const struct decision *v, size_t n);
/* What its score is made of, one symbol a line. */
void leads_print_score(const struct lead *lead, const struct score_weights *weights);
/* A line if whoever the lead is about is asked for as a reference (store_lead_around()). */
void leads_print_asked(const struct lead *l);
/* A line if they are a reference: whether they may be asked for more, or why not and when (lead_guard()). */
void leads_print_guard(const struct lead *l);
/* Who recommended it to them, and what is to be disclosed. */
void leads_print_referrals(const struct lead *l);

#endif
