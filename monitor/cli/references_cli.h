/* The parts of hark references, one file each. */
#ifndef HARK_CLI_REFERENCES_CLI_H
#define HARK_CLI_REFERENCES_CLI_H

#include "monitor/cli/cli.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/sheet_print.h"
#include "monitor/references/lists.h"

/* Who there is, and what waits for somebody. */
int references_run_list(struct cli *cli, int argc, char **argv);
int references_run_show(struct cli *cli, int argc, char **argv);
int references_run_tasks(struct cli *cli, int argc, char **argv);
int references_run_done(struct cli *cli, int argc, char **argv);
int references_run_service(struct cli *cli, int argc, char **argv);
int references_run_clear(struct cli *cli, int argc, char **argv);
/* Steps with one reference. */
int references_run_ask(struct cli *cli, int argc, char **argv);
int references_run_grant(struct cli *cli, int argc, char **argv);
int references_run_refuse(struct cli *cli, int argc, char **argv);
int references_run_withdraw(struct cli *cli, int argc, char **argv);
int references_run_reopen(struct cli *cli, int argc, char **argv);
int references_run_hold(struct cli *cli, int argc, char **argv);
int references_run_unhold(struct cli *cli, int argc, char **argv);
int references_run_assign(struct cli *cli, int argc, char **argv);
int references_run_use(struct cli *cli, int argc, char **argv);
int references_run_outcome(struct cli *cli, int argc, char **argv);
int references_run_undo(struct cli *cli, int argc, char **argv);
int references_run_sign(struct cli *cli, int argc, char **argv);
int references_run_thank(struct cli *cli, int argc, char **argv);
int references_run_nominate(struct cli *cli, int argc, char **argv);
/* What leaves the house. */
int references_run_quotes(struct cli *cli, int argc, char **argv);
int references_run_proof(struct cli *cli, int argc, char **argv);
int references_run_pack(struct cli *cli, int argc, char **argv);
int references_run_prospect(struct cli *cli, int argc, char **argv);
int references_run_owner(struct cli *cli, int argc, char **argv);

/* Requests for one. */
int references_run_request(struct cli *cli, int argc, char **argv);
int references_run_requests(struct cli *cli, int argc, char **argv);
int references_run_request_show(struct cli *cli, int argc, char **argv);
int references_run_match(struct cli *cli, int argc, char **argv);
int references_run_supply(struct cli *cli, int argc, char **argv);
int references_run_fulfil(struct cli *cli, int argc, char **argv);
int references_run_decline(struct cli *cli, int argc, char **argv);
int references_run_call_off(struct cli *cli, int argc, char **argv);
int references_run_request_undo(struct cli *cli, int argc, char **argv);
int references_run_clock(struct cli *cli, int argc, char **argv);
int references_run_late(struct cli *cli, int argc, char **argv);
int references_run_lent(struct cli *cli, int argc, char **argv);
/* Looks of prospects into the private community. */
int references_run_admit(struct cli *cli, int argc, char **argv);
int references_run_peeks(struct cli *cli, int argc, char **argv);
int references_run_revoke(struct cli *cli, int argc, char **argv);
int references_run_peek_undo(struct cli *cli, int argc, char **argv);
/* What is given for it. */
int references_run_value(struct cli *cli, int argc, char **argv);
int references_run_values(struct cli *cli, int argc, char **argv);
int references_run_value_undo(struct cli *cli, int argc, char **argv);
/* Before somebody talks with one. */
int references_run_brief(struct cli *cli, int argc, char **argv);
int references_run_coach(struct cli *cli, int argc, char **argv);

/* One of those that count for caps: EXIT_DONE or the code after a sentence. */
int references_read_activity(struct cli *cli, const char *text);
/* A list: `look` fills the sheet and gets `l` as its ctx, which may be the first member of more. Returns the exit code. */
struct references_listing {
	struct sheet sheet;
	const char *empty; /* said of no rows */
	int (*look)(struct desk *d, void *ctx);
	int code;
};
int references_print_list(struct cli *cli, int argc, struct references_listing *l,
	const struct sheet_column *columns, size_t n, int (*look)(struct desk *d, void *ctx));
/* One of the lists that the API has as well. Returns the exit code. */
int references_show_list(
	struct cli *cli, int argc, enum list list, const struct list_filter *filter);
/* Whoever is at the command line, once the store is open. */
struct reader references_reader(struct desk *d);
struct deal;
struct request;
/* Ranks what there is for a request, made or not. Returns the exit code. */
int references_print_match(struct desk *d, const struct deal *deal, const struct request *r);

/* "2026-12-01" or a time of RFC 3339, or a span from now such as 30d. 0 where the option is not given. EXIT_DONE or the
 * code after a sentence. */
int references_read_when(struct cli *cli, const char *option, int64_t now_ms, int64_t *out);

#define REFERENCES_AS                                                     \
	{                                                                 \
		"as", 0, "NAME", "who does it (default: your login name)" \
	}

#endif
