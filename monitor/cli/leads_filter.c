#include "monitor/cli/leads_filter.h"

#include "monitor/base/clock.h"
#include "monitor/base/diag.h"
#include "monitor/cli/names.h"
#include "monitor/model/id.h"
#include "monitor/store/users.h"

/* The newest leads, whose owners may have been meant. */
#define OWNERS_OF 500

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

/* In whatever state; also what first polls found. */
static bool any_lead(struct desk *d, struct lead_filter f)
{
	struct lead *leads = NULL;
	size_t n = 0;
	for (int historic = 0; historic < 2 && n == 0; historic++) {
		f.historic = historic != 0;
		store_lead_list(d->store, &f, &d->arena, &leads, &n, NULL);
	}
	return n > 0;
}

static void take_owners(struct desk *d, struct names *names)
{
	const struct lead_filter newest = {.max = OWNERS_OF};
	struct user *users = NULL;
	struct lead *leads = NULL;
	size_t n = 0;
	store_user_list(d->store, clock_wall_ms(), &d->arena, &users, &n, NULL);
	for (size_t i = 0; i < n; i++) {
		names_take(names, users[i].name);
	}
	n = 0;
	store_lead_list(d->store, &newest, &d->arena, &leads, &n, NULL);
	for (size_t i = 0; i < n; i++) {
		if (!str_empty(leads[i].owner)) {
			names_take(names, leads[i].owner);
		}
	}
}

int leads_check_filter(struct desk *d, const struct lead_filter *f)
{
	struct names rules = {.arena = &d->arena, .wanted = f->rule};
	struct names owners = {.arena = &d->arena, .wanted = f->owner};
	int code = EXIT_DONE;
	if (!str_empty(f->rule) && !any_lead(d, (struct lead_filter){.rule = f->rule, .max = 1})) {
		names_take_rules(&rules, d->cli);
		code = names_check(&rules, d->cli, "rule", "`hark rules list` shows them");
	}
	if (code == EXIT_DONE && !str_empty(f->owner) &&
		!any_lead(d, (struct lead_filter){.owner = f->owner, .max = 1})) {
		take_owners(d, &owners);
		code = names_check(&owners, d->cli, "owner",
			"no user is called so, and no lead is theirs: `hark user list` shows who there is");
	}
	return code;
}
