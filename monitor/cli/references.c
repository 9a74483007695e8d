/* hark references: customers who speak well of us, and what has to happen before one is asked. */
#include "monitor/cli/commands.h"

#include "monitor/cli/references_cli.h"

#define AS REFERENCES_AS

static const struct cli_option list_options[] = {
	{"state", 's', "STATE",
		"found, asked, internal-only, named, withdrawn or expired (default: all)"},
	{"account", 0, "NAME", "only of this account"},
	{"owner", 0, "NAME", "only those NAME owns or keeps the gate of"},
	{"orphans", 0, NULL, "only those whose gatekeeper has left"},
	{"unowned", 0, NULL, "only those nobody keeps the gate of"},
	{"historic", 0, NULL, "what first polls found"},
	{"limit", 'n', "N", "at most so many (default: 50)"},
	SHEET_CSV,
	{NULL},
};
static const struct cli_option task_options[] = {
	{"historic", 0, NULL, "what first polls found"},
	{"done", 0, NULL, "those that are done"},
	SHEET_CSV,
	{NULL},
};
static const struct cli_option service_options[] = {
	{"all", 0, NULL, "those that are over or cleared, too"},
	SHEET_CSV,
	{NULL},
};
static const struct cli_option note_options[] = {
	AS, {"note", 0, "TEXT", "what was found out, or done; kept with it"}, {NULL}};

static const struct cli_option as_option[] = {AS, {NULL}};
static const struct cli_option reason_options[] = {
	AS, {"reason", 'r', "TEXT", "why; kept in its history"}, {NULL}};
static const struct cli_option hold_options[] = {AS,
	{"reason", 'r', "CODE", "why (required): big-deal, not-now, service-issue …"},
	{"until", 0, "DAY", "when it ends by itself (required), as 2026-12-01 or 30d"}, {NULL}};
static const struct cli_option refuse_options[] = {AS,
	{"reason", 'r', "CODE", "why; kept in its history"},
	{"until", 0, "DAY", "nobody asks before that day, as 2026-12-01 or 90d"}, {NULL}};
static const struct cli_option grant_options[] = {AS, {"by", 0, "NAME", "who agreed (required)"},
	{"named", 0, NULL, "they may be quoted with name and title; without it, inside only"},
	{"statement", 0, "N",
		"the statement they agreed to, word for word as it stands now (required with --named)"},
	{"authorised-by", 0, "NAME", "who authorised it, where they cannot by their title"},
	{"for", 0, "ACTIVITY",
		"what they agreed to: call, or call,quote … (default: anything)"},
	{"until", 0, "DAY", "when it expires, as 2026-12-01 or 365d (default: never)"}, {NULL}};
static const struct cli_option use_options[] = {AS, {"on", 0, "DAY", "when it was (default: now)"},
	{"request", 0, "REQUEST", "the request it was for"}, {NULL}};
static const struct cli_option outcome_options[] = {AS,
	{"expected", 0, "TONE", "what the prospect expected: bad, tepid, good or great"},
	{"prospect", 0, "TONE", "how the prospect says it was"},
	{"customer", 0, "TONE", "how the customer says it was"},
	{"minutes", 0, "N", "how long it took"},
	{"lessons", 0, "TEXT", "what was learnt; kept with it"}, {NULL}};
static const struct cli_option nominate_options[] = {AS,
	{"account", 0, "NAME", "for which account (default: where they work)"},
	{"note", 0, "TEXT", "why; kept in its history"}, {NULL}};

#define DRY                                                           \
	{                                                             \
		"dry-run", 0, NULL, "only show what would come of it" \
	}

static const struct cli_option request_options[] = {AS,
	{"for", 0, "ACTIVITY", "what for: call, quote, case-study … (default: call)"},
	{"weighs", 'w', "TEXT", "what the prospect weighs, several times for several"},
	{"role", 0, "TITLE", "who of the prospect is to talk"}, DRY, SHEET_CSV, {NULL}};
static const struct cli_option requests_options[] = {
	{"state", 's', "STATE",
		"open, named, fulfilled, refused, withdrawn or expired (default: all)"},
	{"rep", 0, "NAME", "only those NAME has made"},
	{"limit", 'n', "N", "at most so many (default: 50)"}, SHEET_CSV, {NULL}};
static const struct cli_option match_options[] = {SHEET_CSV, {NULL}};
static const struct cli_option supply_options[] = {AS, DRY, {NULL}};
static const struct cli_option decline_options[] = {
	AS, {"reason", 'r', "TEXT", "why (required); whoever asked sees it"}, DRY, {NULL}};
static const struct cli_option call_off_options[] = {
	AS, {"reason", 'r', "TEXT", "why; kept in its history"}, DRY, {NULL}};

static const struct cli_option admit_options[] = {
	AS, {"until", 0, "DAY", "when it ends (required), as 2026-12-01 or 30d"}, {NULL}};
static const struct cli_option peeks_options[] = {
	{"due", 0, NULL, "only those to be revoked: the deal is lost, or their time is up"},
	{"all", 0, NULL, "those that are revoked, too"}, SHEET_CSV, {NULL}};

static const struct cli_option value_options[] = {AS,
	{"worth", 0, "N", "what it is worth, in whole units of --currency"},
	{"currency", 0, "CODE", "such as EUR"},
	{"until", 0, "DAY", "when it expires, as 2026-12-01 or 90d (default: never)"}, {NULL}};
static const struct cli_option values_options[] = {
	{"account", 0, "NAME", "only of this account"},
	{"by-account", 0, NULL, "sums by account and currency"},
	{"all", 0, NULL, "those that were taken back, too"}, SHEET_CSV, {NULL}};

static const struct cli_option out_options[] = {
	{"product", 0, "NAME", "only what is said of this product"},
	{"industry", 0, "NAME", "only from accounts of this industry"},
	{"account", 0, "NAME", "only from this account"}, SHEET_CSV, {NULL}};

static const struct cli_option pack_options[] = {
	{"product", 0, "NAME", "only what is said of this product (default: that of the deal)"},
	{"industry", 0, "NAME", "only from accounts of this industry"},
	{"without-critical", 0, NULL, "make it of praise alone, which it then says itself"},
	SHEET_CSV, {NULL}};

static const struct cli_command commands[] = {
	{"list", "", "Customers who speak well of you, the best reference first",
		"Whoever is known by evidence (hark people) to work at an account of type customer, and says\n"
		"something good in public, is one reference, however often they say it. Praise that names a limit\n"
		"ranks over pure praise, and that over what is neutral.\n\n"
		"    hark references list --state found\n"
		"    hark references list --owner bea --json",
		list_options, NULL, references_run_list},
	{"show", "REFERENCE", "One reference: what was said, where it stands, its history",
		"    hark references show 7", NULL, NULL, references_run_show},
	{"tasks", "", "Who spoke well of you and is not known yet: find out who",
		"One task an author. Once hark review or an import tells who it is, what they have said makes a\n"
		"reference and the task is done: harkd looks at it within seconds.\n\n"
		"    hark references tasks",
		task_options, NULL, references_run_tasks},
	{"done", "TASK", "Close a task", "    hark references done 3 --note 'a competitor'",
		note_options, NULL, references_run_done},
	{"service", "", "Customers who are unhappy: for service, and nobody there is asked",
		"    hark references service", service_options, NULL, references_run_service},
	{"clear", "ACCOUNT", "Service has helped: people there may be asked again",
		"    hark references clear Globex --note 'refunded, and they are glad'",
		note_options, NULL, references_run_clear},
	{"owner", "ACCOUNT", "Who owns references of an account and keeps their gate, and why",
		"By reference-owners of hark.yaml(5), entry by entry.\n\n"
		"    hark references owner Globex",
		NULL, NULL, references_run_owner},
	{"assign", "REFERENCE NAME", "Name the gatekeeper by hand",
		"    hark references assign 7 bea", as_option, NULL, references_run_assign},
	{"ask", "REFERENCE", "Ask the gatekeeper for permission",
		"Refused where the guard has something against it, which hark references show tells: a hold, a cap,\n"
		"an open case, a rest, unhappy people, compliance, or nobody who keeps the gate. It always ends:\n"
		"granted, refused, or expired after a reminder and after the second had their time. Receivers of the\n"
		"kind reference-desk hear whom it waits for.\n\n"
		"    hark references ask 7",
		as_option, NULL, references_run_ask},
	{"grant", "REFERENCE", "They have agreed: to what, in which words, until when",
		"The consent is to one text, by its SHA-256. If a character of it changes where it stands, it has to\n"
		"be asked for again, and receivers of the kind reference-desk are told.\n\n"
		"    hark references grant 7 --by 'Odalys Merrick' --for call\n"
		"    hark references grant 7 --named --statement 12 --by 'Odalys Merrick' --until 365d",
		grant_options, NULL, references_run_grant},
	{"refuse", "REFERENCE", "They, or the gatekeeper, have said no",
		"    hark references refuse 7 --reason big-deal --until 60d", refuse_options, NULL,
		references_run_refuse},
	{"withdraw", "REFERENCE", "They have taken it back; nothing of it may be used any more",
		"They are neither asked nor quoted nor pointed to. What a prospect sees still has what they said in\n"
		"public.\n\n"
		"    hark references withdraw 7 --reason 'she has left the program'",
		reason_options, NULL, references_run_withdraw},
	{"reopen", "REFERENCE", "What was withdrawn may be asked for again", NULL, reason_options,
		NULL, references_run_reopen},
	{"hold", "REFERENCE", "Leave somebody alone for a time, which ends by itself",
		"    hark references hold 7 --reason service-issue --until 2026-12-01",
		hold_options, NULL, references_run_hold},
	{"unhold", "REFERENCE", "End a hold now", NULL, as_option, NULL, references_run_unhold},
	{"use", "REFERENCE ACTIVITY", "Note that a reference was used; it counts for the caps",
		"ACTIVITY is call, quote, case-study, speaker, community or survey. Without a permission, or where\n"
		"the guard is against it, it is refused, and that is kept.\n\n"
		"    hark references use 7 call --on 2026-11-20",
		use_options, NULL, references_run_use},
	{"outcome", "REFERENCE", "How the last use went, as both sides say",
		"The tone decides: whoever was tepid or worse twice in a row rests, see references.rest.\n\n"
		"    hark references outcome 7 --expected great --prospect good --customer good --minutes 30",
		outcome_options, NULL, references_run_outcome},
	{"sign", "REFERENCE", "Compliance lets through what is regulated, as it stands now", NULL,
		as_option, NULL, references_run_sign},
	{"thank", "REFERENCE", "Keep that you have thanked them (hark report outsiders)",
		"    hark references thank 7 --note 'a card'", note_options, NULL,
		references_run_thank},
	{"nominate", "PERSON", "Put somebody up as a reference",
		"PERSON is the number of hark people. They stand in the same list as those that rules have found.\n\n"
		"    hark references nominate 'Odalys Merrick' --as bea --note 'thrilled after the roll-out'",
		nominate_options, NULL, references_run_nominate},
	{"quotes", "[REFERENCE]", "What may be quoted outside, with name and title",
		"Only references that are named, and of these the very text that was agreed to, as long as it\n"
		"stands and compliance has signed what is regulated. With REFERENCE it says why nothing may be.\n\n"
		"    hark references quotes --csv",
		out_options, NULL, references_run_quotes},
	{"proof", "", "A pack for a prospect: links to what customers said, good and bad",
		"With the time it was captured and its SHA-256, unedited. What is critical is in it like the rest.\n\n"
		"    hark references proof --industry Freight --csv",
		out_options, NULL, references_run_proof},
	{"pack", "DEAL", "A proof pack for a deal: original posts, not praise alone",
		"DEAL is an opportunity by its id or name, or a request such as req_4. Each post with its address,\n"
		"when it was said and captured, and its SHA-256; those of the same industry first, and none of the\n"
		"prospect itself. Critical is a complaint, or praise that names a limit; without one it is refused.\n\n"
		"    hark references pack D-77\n"
		"    hark references pack req_4 --product 'Northwind Desk' --json",
		pack_options, NULL, references_run_pack},
	{"prospect", "", "What a prospect sees: customers in public, on the official list or not",
		"On the list is who is named. Somebody on it who is unhappy in public is flagged.\n\n"
		"    hark references prospect --product 'Northwind Desk'",
		out_options, NULL, references_run_prospect},
	{"request", "OPPORTUNITY", "Ask for a reference for an opportunity",
		"OPPORTUNITY is its id, name or number, as hark import brought it in; it has to be open, and its\n"
		"stage and value known. The policy, reference-requests of hark.yaml(5), may refuse, with the rule;\n"
		"that is kept, too. Then follows who would fit, as hark references match tells.\n\n"
		"    hark references request D-77 --weighs 'import speed' --weighs Rivalsoft --dry-run\n"
		"    hark references request D-77 --for call --role CTO --as ana",
		request_options, NULL, references_run_request},
	{"requests", "", "Requests for references, and what came of them",
		"    hark references requests --state open --state named", requests_options, NULL,
		references_run_requests},
	{"request-show", "REQUEST", "One request: who was named, how it went, its history",
		"    hark references request-show 4", NULL, NULL, references_run_request_show},
	{"match", "REQUEST", "Who fits a request, with reasons, and who is left out and why",
		"Points: same industry 25, size (segment) 15, region 10, a role of the same work 10, replaced the\n"
		"rival of the deal 20, told why they chose 15, spoke of what is weighed 10, glad to do that kind\n"
		"before 5, credible up to 10; 5 less for each use within cap-window.\n\n"
		"    hark references match 4",
		match_options, NULL, references_run_match},
	{"supply", "REQUEST REFERENCE",
		"Name somebody for a request; the first name stops its clock",
		"Refused where the guard is against it, or they have not agreed to that.\n\n"
		"    hark references supply 4 7 --as bea",
		supply_options, NULL, references_run_supply},
	{"fulfil", "REQUEST", "The prospect has what was asked for", NULL, supply_options, NULL,
		references_run_fulfil},
	{"decline", "REQUEST", "Refuse a request, with a reason",
		"    hark references decline 4 --reason 'nobody of that industry'", decline_options,
		NULL, references_run_decline},
	{"call-off", "REQUEST", "Whoever asked needs it no more", NULL, call_off_options, NULL,
		references_run_call_off},
	{"request-undo", "REQUEST", "Take back the last step with a request; once more, the one before it", NULL,
		as_option, NULL, references_run_request_undo},
	{"clock", "", "How long requests wait for their first name, by month",
		"The 50th and 95th percentile, and how many kept to references.first-name. A request nobody was\n"
		"named for counts as late once its time was up.\n\n"
		"    hark references clock --csv",
		match_options, NULL, references_run_clock},
	{"late", "", "Deals near their end for which nobody has asked for a reference",
		"By references.late-stage. Receivers of the kind reference-desk are told of each, once.",
		match_options, NULL, references_run_late},
	{"lent", "", "Who lends references to others, and who borrows",
		"Of every name: the owner of the reference has lent it, whoever asked has borrowed it.",
		match_options, NULL, references_run_lent},
	{"admit", "WHO OPPORTUNITY", "Keep that a prospect may look into the private community",
		"WHO is an address or a name, as the community knows them; OPPORTUNITY is its id, name or number,\n"
		"and has to be open. hark lets nobody in itself. When the deal is lost or the time is up, receivers\n"
		"of the kind reference-desk are told to revoke it, once, by a signed webhook where one is set up.\n\n"
		"    hark references admit pat@hooli.example D-77 --until 30d --as ana",
		admit_options, NULL, references_run_admit},
	{"peeks", "", "Who of prospects may look into the private community",
		"    hark references peeks --due", peeks_options, NULL, references_run_peeks},
	{"revoke", "PEEK", "Keep that a prospect may look no more",
		"    hark references revoke 3 --as ana", reason_options, NULL,
		references_run_revoke},
	{"peek-undo", "PEEK", "Take back the last step with such an access", NULL, as_option, NULL,
		references_run_peek_undo},
	{"value", "REFERENCE SIDE WHAT", "Keep what was asked, offered or agreed in exchange",
		"SIDE is asked, offered or agreed.\n\n"
		"    hark references value 7 offered 'a ticket to the summit' --worth 400 --currency EUR\n"
		"    hark references value 7 agreed 'an early look at exports' --until 90d",
		value_options, NULL, references_run_value},
	{"values", "[REFERENCE]", "What was asked, offered and agreed in exchange, and its sums",
		"    hark references values 7\n"
		"    hark references values --by-account --csv >values.csv",
		values_options, NULL, references_run_values},
	{"value-undo", "ENTRY", "Take such an entry back", NULL, as_option, NULL,
		references_run_value_undo},
	{"brief", "REFERENCE", "Before somebody is asked: their own words, and a motive",
		"For a person who asks and writes; hark sends nothing. Words without an address are quoted without\n"
		"one; what may not be repeated to them is left out, and counted with why.\n\n"
		"    hark references brief 7",
		NULL, NULL, references_run_brief},
	{"coach", "REFERENCE", "The limits and lessons they have stated, to prepare a talk",
		"    hark references coach 7", match_options, NULL, references_run_coach},
	{"undo", "REFERENCE", "Take back the last step; once more, the one before it",
		"A step of the permission or of who keeps the gate, a use, an outcome, a signature or thanks. What\n"
		"hark did by itself stays, and an undo is not taken back.\n\n"
		"    hark references undo 7 --as bea",
		as_option, NULL, references_run_undo},
	{NULL},
};

const struct cli_command command_references = {
	.name = "references",
	.args = "",
	.about = "Find and look after customers who speak for you",
	.sub = commands,
};
