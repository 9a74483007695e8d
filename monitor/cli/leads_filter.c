#include "monitor/cli/leads_filter.h"

#include "monitor/base/clock.h"
#include "monitor/base/diag.h"
#include "monitor/cli/desk.h"
#include "monitor/model/id.h"

/* "new", "claimed" … or "all"; the open ones if nothing is said. */
static int read_states(struct cli *cli, unsigned *states)
{
	const char *text;
	*states = 0;
	for (size_t i = 0; (text = cli_value_at(cli, "state", i)) != NULL; i++) {
		enum lead_state state;
		if (strcmp(text, "all") == 0) {
			*states |= (1u << LEAD_STATES) - 1;
		} else if (lead_state_parse(str_c(text), &state)) {
			*states |= 1u << state;
		} else {
			static const char *const names[] = {"new", "claimed", "answered", "won",
				"lost", "dismissed", "snoozed", "all"};
			const char *near = did_you_mean(str_c(text), names, 8);
			return near != NULL
				       ? cli_usage(cli,
						 "there is no state '%s', did you mean '%s'?", text,
						 near)
				       : cli_usage(cli,
						 "there is no state '%s': new, claimed, answered, won, "
						 "lost, dismissed, snoozed or all",
						 text);
		}
	}
	if (*states == 0) {
		*states = LEADS_QUEUE_STATES; /* what is snoozed stays away until its time */
	}
	return EXIT_DONE;
}

static int read_number(struct cli *cli, const char *name, int64_t max, int64_t *out)
{
	const char *text = cli_value(cli, name);
	if (text != NULL && (!str_i64(str_c(text), out) || *out < 0 || *out > max)) {
		return cli_usage(cli, "--%s takes a number up to %lld, not '%s'", name,
			(long long)max, text);
	}
	return EXIT_DONE;
}

int leads_read_filter(
	struct cli *cli, int64_t limit_default, int64_t limit_max, struct lead_filter *f)
{
	int64_t limit = limit_default, score = 0;
	const char *before = cli_value(cli, "before");
	*f = (struct lead_filter){
		.now_ms = clock_wall_ms(),
		.historic = cli_given(cli, "historic"),
		.kind = str_c(cli_value(cli, "kind")),
		.rule = str_c(cli_value(cli, "rule")),
		.owner = str_c(cli_value(cli, "owner")),
		.claim_by = cli_given(cli, "mine") ? desk_actor(cli) : STR_NONE,
	};
	if (!str_empty(f->kind)) {
		int code = desk_check_kind(cli, f->kind);
		if (code != EXIT_DONE) {
			return code;
		}
	}
	if (before != NULL && !id_parse(ID_LEAD, str_c(before), &f->before)) {
		return cli_usage(cli, "--before takes the id of a lead, not '%s'", before);
	}
	int rc = read_states(cli, &f->states);
	rc = rc == EXIT_DONE ? read_number(cli, "limit", limit_max, &limit) : rc;
	rc = rc == EXIT_DONE ? read_number(cli, "score", 100, &score) : rc;
	f->max = (size_t)limit;
	f->score_min = (int)score;
	return rc;
}
