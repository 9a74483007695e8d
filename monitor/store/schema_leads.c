/* Signals, leads, what happens to leads, and the alerts about them.
 *
 * visibility is the access class: all, sales-head, compliance … A lead and its evidence always share it, so
 * evidence cannot leak through a lead. The check of a state is no IN: for more than two values SQLite would
 * fill a table for every row. */
#include "monitor/store/schema.h"

#define SIGNAL_SUMS(name, when, does) \
	"CREATE TRIGGER " name " AFTER " when " ON signals BEGIN " does "END;"
#define ADD_SIGNAL                                                                         \
	"INSERT INTO signal_sums SELECT NEW.created_ms / 900000, NEW.kind, NEW.visibility, 1" \
	" WHERE NEW.historic = 0 AND NEW.gone_ms IS NULL"                                   \
	" ON CONFLICT (slot, kind, visibility) DO UPDATE SET n = n + 1; "
/* Those of the open transaction are not written yet (sums.h): the row may still be missing. */
#define TAKE_SIGNAL                                                                          \
	"INSERT INTO signal_sums SELECT OLD.created_ms / 900000, OLD.kind, OLD.visibility, -1" \
	" WHERE OLD.historic = 0 AND OLD.gone_ms IS NULL"                                      \
	" ON CONFLICT (slot, kind, visibility) DO UPDATE SET n = n - 1; "

#define LEAD_SUMS(name, when, does) \
	"CREATE TRIGGER " name " AFTER " when " ON leads BEGIN " does "END;"
#define ADD_LEAD(row, sign)                                                                   \
	"INSERT INTO lead_sums SELECT " row ".created_ms / 900000, " row ".visibility, 0, 0, 0, 0," \
	" 0, 0, 0 WHERE " row ".historic = 0 ON CONFLICT (slot, visibility) DO NOTHING; "     \
	"UPDATE lead_sums SET raised = raised " sign " 1,"                                    \
	" alerted = alerted " sign " (" row ".alerted_ms IS NOT NULL),"                       \
	" claimed = claimed " sign " (" row ".claimed_ms IS NOT NULL),"                       \
	" answered = answered " sign " (" row ".answered_ms IS NOT NULL),"                    \
	" won = won " sign " (" row ".state = 'won'), lost = lost " sign " (" row             \
	".state = 'lost'), dismissed = dismissed " sign " (" row ".state = 'dismissed')"      \
	" WHERE " row ".historic = 0 AND slot = " row ".created_ms / 900000"                  \
	" AND visibility = " row ".visibility; "

const char schema_leads[] =
	/* traits: what is known of whom a lead is about (enum lead_trait). */
	"CREATE TABLE leads ("
	" id {serial}, kind text NOT NULL, lead_key text NOT NULL, visibility text NOT NULL,"
	" subject_kind text, subject_id text, subject_name text, title text, why text,"
	" score bigint NOT NULL CHECK (score BETWEEN 0 AND 100), score_max bigint NOT NULL,"
	" level text NOT NULL, rule text NOT NULL, owner text, route text,"
	" flags bigint NOT NULL DEFAULT 0, traits bigint NOT NULL DEFAULT 0,"
	" state text NOT NULL CHECK (state = 'new' OR state = 'claimed' OR state = 'answered'"
	" OR state = 'won' OR state = 'lost' OR state = 'dismissed' OR state = 'snoozed'),"
	" version bigint NOT NULL DEFAULT 1, historic smallint NOT NULL,"
	" held smallint NOT NULL DEFAULT 0, starred smallint NOT NULL DEFAULT 0, signals bigint NOT NULL, posts bigint NOT NULL,"
	" claim_by text, claim_until bigint, snooze_until bigint, reason text,"
	" posted_ms bigint, seen_ms bigint NOT NULL, alerted_ms bigint, claimed_ms bigint,"
	" answered_ms bigint, closed_ms bigint, outcome_value bigint, outcome_currency text,"
	" outcome_date text, lawful_basis text, informed_ms bigint, created_ms bigint NOT NULL,"
	" updated_ms bigint NOT NULL);"
	"CREATE INDEX leads_claimed ON leads (state, claim_until) WHERE state = 'claimed';"
	"CREATE INDEX leads_snoozed ON leads (state, snooze_until) WHERE state = 'snoozed';"
	"CREATE INDEX leads_subject ON leads (subject_kind, subject_id);"
	"CREATE INDEX leads_seen ON leads (seen_ms) WHERE historic = 0;"
	/* A page of the queue is read from one of these for each of its states, as far as it is
	 * shown (leads.c), so none costs what is stored. Behind the id is what tells without the
	 * row whether a lead is of the page: where rules are asked for, also owners and kinds.
	 * leads_high: LEAD_SCORE_HIGH. None begins with historic: nearly all leads are not, but
	 * SQLite would take it for a way to a few, and read them all for the sake of one. */
	"CREATE INDEX leads_list ON leads (state, historic, id, score, visibility, claim_until,"
	" snooze_until, answered_ms);"
	"CREATE INDEX leads_high ON leads (state, historic, id, score, visibility, claim_until,"
	" snooze_until, answered_ms) WHERE score >= 80;"
	"CREATE INDEX leads_kind ON leads (kind, historic, state, id, score, visibility,"
	" claim_until, snooze_until);"
	"CREATE INDEX leads_rule ON leads (rule, historic, state, id, score, visibility,"
	" claim_until, snooze_until, owner, kind);"
	"CREATE INDEX leads_owner ON leads (owner, historic, state, id, score, visibility,"
	" claim_until, snooze_until, kind) WHERE owner IS NOT NULL;"
	"CREATE INDEX leads_claim ON leads (claim_by, historic, state, id, score, visibility,"
	" claim_until, snooze_until) WHERE claim_by IS NOT NULL;"

	/* What a lead collects: until until_ms, whatever has the same key joins it. */
	"CREATE TABLE lead_slots ("
	" kind text NOT NULL, lead_key text NOT NULL, visibility text NOT NULL,"
	" lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE,"
	" until_ms bigint NOT NULL, PRIMARY KEY (kind, lead_key, visibility)) {by_key};"
	"CREATE INDEX lead_slots_lead ON lead_slots (lead);"

	/* Their keys come from counters. lists: which the rule looked at, and in which
	 * version. account: of a signal that is too weak for a lead of its own. gone_ms: since
	 * when the post, edited, does not say it any more. */
	"CREATE TABLE signals ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" story bigint NOT NULL, lead bigint REFERENCES leads(id) ON DELETE SET NULL,"
	" rule text NOT NULL, rule_file text, rule_hash text, kind text NOT NULL,"
	" level text NOT NULL, flags bigint NOT NULL, score bigint NOT NULL, subject_kind text,"
	" subject_id text, subject_name text, account bigint, title text, owner text,"
	" route text, visibility text NOT NULL, lead_key text NOT NULL, emit text, spans text,"
	" entities text, lists text, classify text, explain text, historic smallint NOT NULL,"
	" created_ms bigint NOT NULL, gone_ms bigint, UNIQUE (post, rule, lead_key));"
	/* Most are of the story's own post, by which they are found (SIGNALS_OF_STORY). */
	"CREATE INDEX signals_story ON signals (story, rule) WHERE story <> post;"
	"CREATE INDEX signals_lead ON signals (lead, story) WHERE lead IS NOT NULL;"
	"CREATE INDEX signals_weak ON signals (account, id)"
	" WHERE account IS NOT NULL AND lead IS NULL;"

	"CREATE INDEX signals_stand ON signals (created_ms, visibility)"
	" WHERE historic = 0 AND gone_ms IS NULL;"

	/* How much there was, so that an overview need not count it: signals that stand, and
	 * raised leads by how far they got, for each quarter of an hour (enough for days of
	 * every time zone). sums.c counts new rows: a trigger for them would make SQLite save
	 * pages aside for every one, also for the many that do not count. Rows change and go
	 * seldom and in many places, which the triggers see all of. */
	"CREATE TABLE signal_sums ("
	" slot bigint NOT NULL, kind text NOT NULL, visibility text NOT NULL, n bigint NOT NULL,"
	" PRIMARY KEY (slot, kind, visibility)) {by_key};"
	SIGNAL_SUMS("signals_go", "DELETE", TAKE_SIGNAL)
	SIGNAL_SUMS("signals_turn", "UPDATE OF kind, visibility, historic, created_ms, gone_ms",
		TAKE_SIGNAL ADD_SIGNAL)

	"CREATE TABLE lead_sums ("
	" slot bigint NOT NULL, visibility text NOT NULL, raised bigint NOT NULL,"
	" alerted bigint NOT NULL, claimed bigint NOT NULL, answered bigint NOT NULL,"
	" won bigint NOT NULL, lost bigint NOT NULL, dismissed bigint NOT NULL,"
	" PRIMARY KEY (slot, visibility)) {by_key};"
	LEAD_SUMS("leads_go", "DELETE", ADD_LEAD("OLD", "-"))
	LEAD_SUMS("leads_turn", "UPDATE OF visibility, historic, created_ms, state, alerted_ms,"
		" claimed_ms, answered_ms", ADD_LEAD("OLD", "-") ADD_LEAD("NEW", "+"))

	/* Append-only. before: the fields an undo brings back, as JSON. */
	"CREATE TABLE lead_events ("
	" id {serial}, lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text,"
	" to_state text, note text, before text);"
	"CREATE INDEX lead_events_lead ON lead_events (lead, id);"

	/* What was decided about telling people of a lead. */
	"CREATE TABLE lead_decisions ("
	" id {serial}, lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE,"
	" stage text NOT NULL, cause text NOT NULL, receiver text, value text, threshold text,"
	" at_ms bigint NOT NULL);"
	"CREATE INDEX lead_decisions_lead ON lead_decisions (lead);"
	"CREATE INDEX lead_decisions_quiet ON lead_decisions (at_ms)"
	" WHERE receiver IS NULL AND stage IN ('silence','inhibition');"

	/* Who replied to which announced purchase and is a lead because of it. */
	"CREATE TABLE repliers ("
	" announcement bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" author bigint NOT NULL REFERENCES authors(id) ON DELETE CASCADE,"
	" PRIMARY KEY (announcement, author));"
	"CREATE INDEX repliers_author ON repliers (author);"

	/* Who recommended it to whom a lead is about, by which code of an offer, as the offer was then. author and
	 * person may be NULL: it came without them. */
	"CREATE TABLE lead_referrals ("
	" lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, code text NOT NULL,"
	" offer text NOT NULL, disclosure text NOT NULL,"
	" author bigint REFERENCES authors(id) ON DELETE CASCADE,"
	" person bigint REFERENCES people(id) ON DELETE CASCADE,"
	" post bigint REFERENCES posts(id) ON DELETE SET NULL, at_ms bigint NOT NULL,"
	" PRIMARY KEY (lead, code));"
	"CREATE INDEX lead_referrals_author ON lead_referrals (author) WHERE author IS NOT NULL;"
	"CREATE INDEX lead_referrals_person ON lead_referrals (person) WHERE person IS NOT NULL;"
	"CREATE INDEX lead_referrals_post ON lead_referrals (post) WHERE post IS NOT NULL;"

	/* Findings that wait for an answer. ref, thread: of the post, as its source calls them; bare: it replies
	 * to nothing. due_ms: until when, NULL: it is decided; outcome: how. */
	"CREATE TABLE questions ("
	" signal bigint PRIMARY KEY REFERENCES signals(id) ON DELETE CASCADE,"
	" post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE, source bigint NOT NULL,"
	" ref text NOT NULL, thread text, author bigint, bare smallint NOT NULL,"
	" asked_ms bigint NOT NULL, due_ms bigint, answer bigint, answered_ms bigint,"
	" outcome text, lead bigint);"
	"CREATE INDEX questions_due ON questions (due_ms) WHERE due_ms IS NOT NULL;"
	"CREATE INDEX questions_post ON questions (post);"
	"CREATE INDEX questions_ref ON questions (source, ref);"
	"CREATE INDEX questions_thread ON questions (source, thread) WHERE thread IS NOT NULL;"

	"CREATE TABLE verdicts ("
	" id {id}, lead bigint REFERENCES leads(id) ON DELETE CASCADE,"
	" signal bigint REFERENCES signals(id) ON DELETE CASCADE, rule text NOT NULL,"
	" good smallint NOT NULL, reason text, actor text, at_ms bigint NOT NULL);"
	"CREATE INDEX verdicts_lead ON verdicts (lead);"
	"CREATE INDEX verdicts_signal ON verdicts (signal);"

	"CREATE TABLE silences ("
	" id {id}, what text NOT NULL, value text NOT NULL, reason text NOT NULL, actor text,"
	" from_ms bigint NOT NULL, until_ms bigint NOT NULL, hits bigint NOT NULL DEFAULT 0);"
	"CREATE INDEX silences_value ON silences (what, value, until_ms);"

	/* What a rule did on a day, also where nothing else is kept (shadow, sensitive). */
	"CREATE TABLE rule_days ("
	" rule text NOT NULL, day bigint NOT NULL, signals bigint NOT NULL DEFAULT 0,"
	" shadow bigint NOT NULL DEFAULT 0, sensitive bigint NOT NULL DEFAULT 0,"
	" leads bigint NOT NULL DEFAULT 0, undecided bigint NOT NULL DEFAULT 0,"
	" lang_passed bigint NOT NULL DEFAULT 0, last_ms bigint, PRIMARY KEY (rule, day));"

	/* The rules and lists that the daemon loaded last: what a changed file is compared
	 * with. names: the entries of a list, one a line, NULL where they are too many. */
	"CREATE TABLE loaded_rules ("
	" file text NOT NULL, rule text NOT NULL, hash text NOT NULL, status text NOT NULL,"
	" kind text NOT NULL, title text, query text NOT NULL, loaded_ms bigint NOT NULL,"
	" PRIMARY KEY (file, rule));"

	"CREATE TABLE loaded_lists ("
	" name text PRIMARY KEY, entries bigint NOT NULL, names text,"
	" loaded_ms bigint NOT NULL);"

	/* Near misses are what people judge to learn how much is missed (near_misses.h). */
	"CREATE TABLE near_samples ("
	" id {id}, from_ms bigint NOT NULL, until_ms bigint NOT NULL, misses bigint NOT NULL,"
	" found bigint NOT NULL, made_ms bigint NOT NULL);"

	"CREATE TABLE near_misses ("
	" id {id}, sample bigint NOT NULL REFERENCES near_samples(id) ON DELETE CASCADE,"
	" rule text NOT NULL, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" good smallint, reason text, actor text, judged_ms bigint,"
	" UNIQUE (sample, rule, post));"
	"CREATE INDEX near_misses_post ON near_misses (post);";
