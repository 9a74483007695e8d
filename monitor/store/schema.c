/* DESIGN. Times are wall clock milliseconds, NULL when unknown; truth is 0 or 1; names of kinds and
 * states are text, so that a row explains itself. {id} keys are shown outside and never given out
 * twice; {serial} keys stay inside, or come from counters, a block a batch (posts, signals).
 *
 * Everything about a person hangs on authors, people or identities, whose rows take what belongs to
 * them along when they go (ON DELETE CASCADE), so that erasing is a matter of keys. What must outlive
 * an erasure (that a post was seen, that somebody opted out) is a fingerprint, never a text. */
#include "monitor/store/schema.h"

#define STEP_LATEST (int)(sizeof(steps) / sizeof(steps[0]))

/* Sources and posts. Posts are the hot table: one row a post, its body in columns that can be emptied,
 * and no index that a new post would touch at a random place. key = (source, external id), so the posts
 * of one reply are neighbours; posts_keys is in the order of arrival, what is random is looked up in
 * memory (story_index.h) or, as an author's posts for an erasure, by reading it through. url_hash and
 * content find the same story elsewhere; story is the first post of it (its own id when there is no
 * other), so a story has one home however many copies there are.
 * Rows of sources and authors outlive what points to them or take it along, so posts do not ask for
 * them again (REFERENCES): that would be two look-ups a post. */
static const char step_posts[] =
	"CREATE TABLE sources ("
	" id {id}, name text NOT NULL UNIQUE, url text, etag text, last_modified text, cursor text,"
	" body_lo bigint, body_hi bigint, seen bytea, polled_ms bigint, changed_ms bigint, due_ms "
	"bigint,"
	" interval_ms bigint, ttl_ms bigint, failures bigint NOT NULL DEFAULT 0, error text, "
	"error_ms bigint,"
	" degraded text, moved_to text, moved_count bigint NOT NULL DEFAULT 0, moved_since_ms "
	"bigint,"
	" paused smallint NOT NULL DEFAULT 0, baseline_done smallint NOT NULL DEFAULT 0,"
	" posts_total bigint NOT NULL DEFAULT 0, polls_total bigint NOT NULL DEFAULT 0);"

	"CREATE TABLE authors ("
	" id {id}, key text NOT NULL UNIQUE, handle text, display_name text, profile_url text, bio "
	"text,"
	" followers bigint, following bigint, verified smallint, profile_hash bigint NOT NULL,"
	" first_ms bigint NOT NULL, changed_ms bigint NOT NULL);"

	/* Keys given out in blocks, so that a row need not be asked for the key it got. */
	"CREATE TABLE counters (name text PRIMARY KEY, last bigint NOT NULL);"

	"CREATE TABLE posts ("
	" id {serial}, source bigint NOT NULL, external_id text NOT NULL, author bigint,"
	" story bigint, url_hash bigint, content_lo bigint, content_hi bigint, words bigint NOT "
	"NULL,"
	" type text NOT NULL, visibility text NOT NULL, url text, published bigint, edited bigint,"
	" seen_ms bigint NOT NULL, received_ms bigint NOT NULL, deleted_ms bigint, purged_ms "
	"bigint,"
	" title text, text text, quoted text, lang text, country text, in_reply_to text, thread "
	"text,"
	" detail text, matched smallint NOT NULL DEFAULT 0, historic smallint NOT NULL DEFAULT 0,"
	" sensitive smallint NOT NULL DEFAULT 0, revisions bigint NOT NULL DEFAULT 0,"
	" UNIQUE (source, external_id));"
	"CREATE INDEX posts_keys ON posts (id, words, url_hash, content_lo, author);"
	"CREATE INDEX posts_story ON posts (story) WHERE story IS NOT NULL;"
	/* Forgotten by the age of the edit, the others in the order of arrival (retention.h). */
	"CREATE INDEX posts_edited ON posts (seen_ms)"
	" WHERE revisions > 0 AND purged_ms IS NULL;"

	/* Only stories with copies have a row: how far one went, and who was first. */
	"CREATE TABLE stories ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE, copies bigint NOT NULL,"
	" first_ms bigint NOT NULL, last_ms bigint NOT NULL);"
	"CREATE TABLE story_copies ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE,"
	" story bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE, how text NOT NULL,"
	" seen_ms bigint NOT NULL);"
	"CREATE INDEX story_copies_story ON story_copies (story);"

	/* What a post said before it was edited. */
	"CREATE TABLE revisions ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE, seen_ms bigint "
	"NOT NULL,"
	" edited bigint, content_lo bigint, content_hi bigint, title text, text text);"
	"CREATE INDEX revisions_post ON revisions (post);"

	/* Who spoke to whom: kind is reply or mention; to_author is filled in when the post replied to
	 * arrives later than the reply. */
	"CREATE TABLE edges ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" source bigint NOT NULL REFERENCES sources(id), kind text NOT NULL,"
	" from_author bigint REFERENCES authors(id) ON DELETE CASCADE,"
	" to_author bigint REFERENCES authors(id) ON DELETE CASCADE, to_ref text, at_ms bigint);"
	"CREATE INDEX edges_post ON edges (post);"
	"CREATE INDEX edges_from ON edges (from_author);"
	"CREATE INDEX edges_to ON edges (to_author) WHERE to_author IS NOT NULL;"
	"CREATE INDEX edges_open ON edges (source, to_ref) WHERE to_author IS NULL;"

	/* Near-duplicates: fingerprints of stories whose words are alike but not equal. */
	"CREATE TABLE clusters ("
	" id {id}, post bigint REFERENCES posts(id) ON DELETE SET NULL, size bigint NOT NULL,"
	" first_ms bigint NOT NULL, last_ms bigint NOT NULL);"
	"CREATE TABLE cluster_posts ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE,"
	" cluster bigint NOT NULL REFERENCES clusters(id) ON DELETE CASCADE, distance bigint);"
	"CREATE INDEX cluster_posts_cluster ON cluster_posts (cluster);";

/* Signals, leads and what happens to leads. visibility is the access class: all, sales-head,
 * compliance … A lead and its evidence always share it, so evidence cannot leak through a lead.
 * lead_slots keeps leads single: one row per (kind, key, class), and who may join it until when.
 * The check of a state is no IN: for more than two values SQLite would fill a table for every row. */
static const char step_leads[] =
	"CREATE TABLE leads ("
	" id {id}, kind text NOT NULL, lead_key text NOT NULL, visibility text NOT NULL,"
	" subject_kind text, subject_id text, subject_name text, title text, why text,"
	" score bigint NOT NULL CHECK (score BETWEEN 0 AND 100), score_max bigint NOT NULL, level "
	"text NOT NULL,"
	" rule text NOT NULL, owner text, route text, flags bigint NOT NULL DEFAULT 0,"
	" state text NOT NULL CHECK (state = 'new' OR state = 'claimed' OR state = 'answered'"
	" OR state = 'won' OR state = 'lost' OR state = 'dismissed' OR state = 'snoozed'),"
	" version bigint NOT NULL DEFAULT 1, historic smallint NOT NULL, held smallint NOT NULL "
	"DEFAULT 0,"
	" signals bigint NOT NULL, posts bigint NOT NULL, claim_by text, claim_until bigint, "
	"snooze_until bigint,"
	" reason text, posted_ms bigint, seen_ms bigint NOT NULL, alerted_ms bigint, claimed_ms "
	"bigint,"
	" answered_ms bigint, closed_ms bigint, outcome_value bigint, outcome_currency text, "
	"outcome_date text,"
	" lawful_basis text, informed_ms bigint, created_ms bigint NOT NULL, updated_ms bigint NOT "
	"NULL);"
	"CREATE INDEX leads_list ON leads (historic, state, id);"
	"CREATE INDEX leads_due ON leads (state, claim_until, snooze_until)"
	" WHERE state IN ('claimed','snoozed');"
	"CREATE INDEX leads_subject ON leads (subject_kind, subject_id);"

	"CREATE TABLE lead_slots ("
	" kind text NOT NULL, lead_key text NOT NULL, visibility text NOT NULL,"
	" lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, until_ms bigint NOT NULL,"
	" PRIMARY KEY (kind, lead_key, visibility));"
	"CREATE INDEX lead_slots_lead ON lead_slots (lead);"

	/* Keys of posts and signals come from counters. */
	"CREATE TABLE signals ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" story bigint NOT NULL, lead bigint REFERENCES leads(id) ON DELETE SET NULL,"
	" rule text NOT NULL, rule_file text, rule_hash text, kind text NOT NULL, level text NOT "
	"NULL,"
	" flags bigint NOT NULL, score bigint NOT NULL, subject_kind text, subject_id text, "
	"subject_name text,"
	" title text, owner text, route text, visibility text NOT NULL, lead_key text NOT NULL,"
	" emit text, spans text, entities text, classify text, explain text, historic smallint NOT "
	"NULL,"
	" created_ms bigint NOT NULL, UNIQUE (post, rule, lead_key));"
	"CREATE INDEX signals_story ON signals (story, rule);"
	"CREATE INDEX signals_lead ON signals (lead, story) WHERE lead IS NOT NULL;"

	/* Append-only. before: the fields an undo brings back, as JSON. */
	"CREATE TABLE lead_events ("
	" id {serial}, lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, at_ms bigint NOT "
	"NULL,"
	" actor text, action text NOT NULL, from_state text, to_state text, note text, before "
	"text);"
	"CREATE INDEX lead_events_lead ON lead_events (lead, id);"

	/* What a rule did on a day, also where nothing else is kept (shadow, sensitive). */
	"CREATE TABLE rule_days ("
	" rule text NOT NULL, day bigint NOT NULL, signals bigint NOT NULL DEFAULT 0,"
	" shadow bigint NOT NULL DEFAULT 0, sensitive bigint NOT NULL DEFAULT 0, leads bigint NOT "
	"NULL DEFAULT 0,"
	" PRIMARY KEY (rule, day));"

	"CREATE TABLE verdicts ("
	" id {id}, lead bigint REFERENCES leads(id) ON DELETE CASCADE,"
	" signal bigint REFERENCES signals(id) ON DELETE CASCADE, rule text NOT NULL, good "
	"smallint NOT NULL,"
	" reason text, actor text, at_ms bigint NOT NULL);"
	"CREATE INDEX verdicts_rule ON verdicts (rule, at_ms);"
	"CREATE INDEX verdicts_lead ON verdicts (lead);"
	"CREATE INDEX verdicts_signal ON verdicts (signal);"

	"CREATE TABLE silences ("
	" id {id}, what text NOT NULL, value text NOT NULL, reason text NOT NULL, actor text,"
	" from_ms bigint NOT NULL, until_ms bigint NOT NULL, hits bigint NOT NULL DEFAULT 0);"
	"CREATE INDEX silences_value ON silences (what, value, until_ms);";

/* Alerts: one row per (lead, receiver, kind), its delivery id and payload fixed when it is made. A row
 * is sent under a lease; the token tells a late writer that the lease is no longer its own. */
static const char step_outbox[] =
	"CREATE TABLE outbox ("
	" id {id}, delivery_id text NOT NULL UNIQUE, lead bigint NOT NULL REFERENCES leads(id) ON "
	"DELETE CASCADE,"
	" receiver text NOT NULL, kind text NOT NULL, urgency text NOT NULL, payload text NOT NULL,"
	" state text NOT NULL CHECK (state IN ('due','sent','failed','dead','held')), attempt "
	"bigint NOT NULL,"
	" next_ms bigint NOT NULL, lease_until bigint, lease_token bigint, last_status bigint, "
	"last_error text,"
	" created_ms bigint NOT NULL, done_ms bigint, UNIQUE (lead, receiver, kind));"
	"CREATE INDEX outbox_due ON outbox (receiver, next_ms) WHERE state IN ('due','failed');"
	"CREATE INDEX outbox_rest ON outbox (state, id) WHERE state IN ('dead','held');"

	/* What is known of a receiver: disabled by 410, resting after failures. */
	"CREATE TABLE receivers ("
	" name text PRIMARY KEY, state text NOT NULL CHECK (state IN ('ok','resting','disabled')),"
	" failures bigint NOT NULL DEFAULT 0, until_ms bigint, last_status bigint, last_error text,"
	" changed_ms bigint NOT NULL);";

/* People, accounts and references. An account is a company; a person has dated employments, each
 * with its source, and identities under which they appear in public. */
static const char step_people[] =
	"CREATE TABLE accounts ("
	" id {id}, external_id text UNIQUE, name text NOT NULL, kind text NOT NULL, domain text, "
	"owner text,"
	" segment text, region text, attributes text, origin text NOT NULL, created_ms bigint NOT "
	"NULL,"
	" updated_ms bigint NOT NULL);"
	"CREATE INDEX accounts_name ON accounts (name);"
	"CREATE INDEX accounts_domain ON accounts (domain) WHERE domain IS NOT NULL;"

	"CREATE TABLE people ("
	" id {id}, external_id text UNIQUE, name text NOT NULL, kind text NOT NULL, owner text, "
	"origin text NOT NULL,"
	" lawful_basis text, informed_ms bigint, attributes text, created_ms bigint NOT NULL,"
	" updated_ms bigint NOT NULL);"
	"CREATE INDEX people_name ON people (name);"

	"CREATE TABLE identities ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE, kind text NOT "
	"NULL,"
	" value text NOT NULL, author bigint REFERENCES authors(id) ON DELETE SET NULL, confidence "
	"text NOT NULL,"
	" origin text NOT NULL, created_ms bigint NOT NULL, UNIQUE (kind, value, person));"
	"CREATE INDEX identities_person ON identities (person);"
	"CREATE INDEX identities_author ON identities (author) WHERE author IS NOT NULL;"

	/* Dates may be partial ("2026", "2026-09"), so they stay text. */
	"CREATE TABLE employments ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, employer text NOT NULL, title "
	"text,"
	" valid_from text, valid_to text, observed_ms bigint NOT NULL, ended_ms bigint, origin "
	"text NOT NULL,"
	" evidence_url text, post bigint REFERENCES posts(id) ON DELETE SET NULL, confidence text "
	"NOT NULL);"
	"CREATE INDEX employments_person ON employments (person, observed_ms);"
	"CREATE INDEX employments_account ON employments (account) WHERE account IS NOT NULL;"

	/* permission: where the reference stands; every grant is a row of its own with what was agreed to
	 * (scope), until when, and the fingerprint of the very text, so an edited text voids it. */
	"CREATE TABLE reference_candidates ("
	" id {id}, person bigint REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE CASCADE, origin text NOT NULL, owner "
	"text,"
	" gatekeeper text, permission text NOT NULL CHECK (permission IN"
	" ('found','asked','internal-only','named','withdrawn','expired')),"
	" score bigint NOT NULL, activities text, caps text, rest_until bigint, next_free bigint,"
	" hold_reason text, hold_until bigint, visibility text NOT NULL, version bigint NOT NULL "
	"DEFAULT 1,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX references_person ON reference_candidates (person);"
	"CREATE INDEX references_account ON reference_candidates (account);"
	"CREATE TABLE permissions ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" state text NOT NULL, scope text NOT NULL, granted_by text, granted_on text NOT NULL, "
	"expires_on text,"
	" text_hash text, actor text, at_ms bigint NOT NULL);"
	"CREATE INDEX permissions_reference ON permissions (reference, id);"
	"CREATE TABLE statements ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" post bigint REFERENCES posts(id) ON DELETE SET NULL, url text, text text, text_hash text "
	"NOT NULL,"
	" captured_ms bigint NOT NULL, said_ms bigint, deleted_ms bigint, tags text, visibility "
	"text NOT NULL);"
	"CREATE INDEX statements_reference ON statements (reference);"
	"CREATE INDEX statements_post ON statements (post) WHERE post IS NOT NULL;"
	"CREATE TABLE reference_events ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text, to_state text, "
	"note text);"
	"CREATE INDEX reference_events_reference ON reference_events (reference, id);"

	/* A keyed fingerprint, never the handle itself: who asked to be left alone. */
	"CREATE TABLE opt_outs ("
	" hash text PRIMARY KEY, kind text NOT NULL, at_ms bigint NOT NULL, reason text);"
	/* What this store keeps for itself: the key of those fingerprints. */
	"CREATE TABLE settings (name text PRIMARY KEY, value bytea NOT NULL);"
	/* Who looked at, exported or erased what; no content. */
	"CREATE TABLE audit ("
	" id {id}, at_ms bigint NOT NULL, actor text, action text NOT NULL, target text, note "
	"text);";

static const char step_place[] = "ALTER TABLE sources ADD COLUMN place bigint;";

/* More of what a rule did on a day, and the rules and lists that the daemon loaded last: what a changed
 * file is compared with. names: the entries of a list, one a line, NULL where they are too many. */
static const char step_rules[] =
	"ALTER TABLE rule_days ADD COLUMN undecided bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE rule_days ADD COLUMN lang_passed bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE rule_days ADD COLUMN last_ms bigint;"

	"CREATE TABLE loaded_rules ("
	" file text NOT NULL, rule text NOT NULL, hash text NOT NULL, status text NOT NULL, kind text "
	"NOT NULL,"
	" title text, query text NOT NULL, loaded_ms bigint NOT NULL, PRIMARY KEY (file, rule));"
	"CREATE TABLE loaded_lists ("
	" name text PRIMARY KEY, entries bigint NOT NULL, names text, loaded_ms bigint NOT NULL);";

/* What a connector remembers may be megabytes (a roster), the row of a source is written at every poll:
 * so it has a table of its own, and is written only when its hash is another. */
static const char step_cursors[] =
	"CREATE TABLE source_cursors ("
	" source text PRIMARY KEY, hash bigint NOT NULL, cursor text NOT NULL);"
	"INSERT INTO source_cursors (source, hash, cursor)"
	" SELECT name, 0, cursor FROM sources WHERE cursor IS NOT NULL;"
	"UPDATE sources SET cursor = NULL;";

/* How full the buckets of shared rates are: one small row for each, written with the polls that fill it. */
static const char step_rates[] =
	"CREATE TABLE rates ("
	" key bigint PRIMARY KEY, due_ms bigint NOT NULL, burst_ms bigint NOT NULL, pace_ms bigint "
	"NOT NULL,"
	" held_ms bigint NOT NULL);";

/* Which lists the rule looked at, and in which version. */
static const char step_versions[] = "ALTER TABLE signals ADD COLUMN lists text;";

/* When hark did not hear a source. heard_ms: its last good answer. The key begins with the source and is in
 * the order of time, as the rows are read. */
static const char step_gaps[] =
	"ALTER TABLE sources ADD COLUMN heard_ms bigint;"
	"UPDATE sources SET heard_ms = polled_ms WHERE failures = 0;"
	"CREATE TABLE gaps ("
	" source text NOT NULL, from_ms bigint NOT NULL, cause text NOT NULL, until_ms bigint NOT NULL,"
	" filled_ms bigint, PRIMARY KEY (source, from_ms, cause));";

/* How many items of a source were left out because people ask so. */
static const char step_opted_out[] =
	"ALTER TABLE sources ADD COLUMN opted_out bigint NOT NULL DEFAULT 0;";

/* What is usual for a source, and its alarms. A message of the outbox may be about sources instead of a lead. */
static const char step_alarms[] =
	"ALTER TABLE sources ADD COLUMN alarms bigint NOT NULL DEFAULT 0;"
	"CREATE TABLE source_habits (source text PRIMARY KEY, habits bytea NOT NULL);"
	"CREATE TABLE source_alarms ("
	" id {id}, source text NOT NULL, host text, kind text NOT NULL, text text NOT NULL,"
	" raised_ms bigint NOT NULL, cleared_ms bigint, told_ms bigint, told_clear_ms bigint);"
	"CREATE INDEX source_alarms_source ON source_alarms (source, kind);"

	"CREATE TABLE outbox_of_leads AS SELECT * FROM outbox;"
	"DROP TABLE outbox;"
	"CREATE TABLE outbox ("
	" id {id}, delivery_id text NOT NULL UNIQUE, lead bigint REFERENCES leads(id) ON DELETE CASCADE,"
	" receiver text NOT NULL, kind text NOT NULL, urgency text NOT NULL, payload text NOT NULL,"
	" state text NOT NULL CHECK (state IN ('due','sent','failed','dead','held')), attempt "
	"bigint NOT NULL,"
	" next_ms bigint NOT NULL, lease_until bigint, lease_token bigint, last_status bigint, "
	"last_error text,"
	" created_ms bigint NOT NULL, done_ms bigint, UNIQUE (lead, receiver, kind));"
	"INSERT INTO outbox (id, delivery_id, lead, receiver, kind, urgency, payload, state, attempt,"
	" next_ms, lease_until, lease_token, last_status, last_error, created_ms, done_ms)"
	" SELECT id, delivery_id, lead, receiver, kind, urgency, payload, state, attempt,"
	" next_ms, lease_until, lease_token, last_status, last_error, created_ms, done_ms"
	" FROM outbox_of_leads;"
	"DROP TABLE outbox_of_leads;"
	"CREATE INDEX outbox_due ON outbox (receiver, next_ms) WHERE state IN ('due','failed');"
	"CREATE INDEX outbox_rest ON outbox (state, id) WHERE state IN ('dead','held');";

/* gone_ms: since when the post, edited, does not say it any more. What is deleted by an id that is the same
 * everywhere is found in every source. */
static const char step_changes[] =
	"ALTER TABLE signals ADD COLUMN gone_ms bigint;"
	"CREATE INDEX posts_at ON posts (external_id) WHERE substr(external_id, 1, 5) = 'at://';";

/* What sources said of people, one row for each change. print: of what is compared. */
static const char step_profiles[] =
	"CREATE TABLE profiles ("
	" id {id}, source bigint NOT NULL, key text NOT NULL, print bigint NOT NULL, person text NOT NULL,"
	" handle text, url text, employer text, title text, location text, was_employer text,"
	" was_title text, event text NOT NULL, effective text, evidence_url text,"
	" observed_ms bigint NOT NULL, seen_ms bigint NOT NULL);"
	"CREATE INDEX profiles_key ON profiles (source, key);";

/* Messages sent to a source that were refused for a wrong token or signature. */
static const char step_refusals[] =
	"CREATE TABLE refusals ("
	" source text PRIMARY KEY, n bigint NOT NULL, last_ms bigint NOT NULL);";

/* Where the news of a source is told at once, as its pages say (WebSub). */
static const char step_hubs[] = "ALTER TABLE sources ADD COLUMN hub text;"
				"ALTER TABLE sources ADD COLUMN topic text;";

/* How far a source is that is looked at in slices. */
static const char step_progress[] = "ALTER TABLE sources ADD COLUMN progress text;";

/* One row for each callback address given to a hub. plain_due_ms: when the source would be polled without. */
static const char step_subscriptions[] =
	"ALTER TABLE sources ADD COLUMN plain_due_ms bigint;"
	"CREATE TABLE subscriptions ("
	" id text PRIMARY KEY, source text NOT NULL, topic text NOT NULL, hub text NOT NULL,"
	" callback text NOT NULL, secret text NOT NULL, state text NOT NULL, internal bigint NOT NULL,"
	" asked_ms bigint NOT NULL, lease_ms bigint NOT NULL, next_ms bigint NOT NULL, failures bigint NOT NULL,"
	" error text NOT NULL, pushed_ms bigint NOT NULL, pushes bigint NOT NULL, ignored bigint NOT NULL);";

/* Copies that are not equal are found by parts of the original's text (near.h): four fingerprints, in the
 * index that is read in the order of arrival. Stories hold them like other copies: they have no table of
 * their own, and two that stood empty are dropped. */
static const char step_near[] =
	"DROP TABLE cluster_posts;"
	"DROP TABLE clusters;"
	"ALTER TABLE posts ADD COLUMN parts bytea;"
	"DROP INDEX posts_keys;"
	"CREATE INDEX posts_keys ON posts (id, words, url_hash, content_lo, author, parts);";

/* What `hark import` brings. import: which import made the row; touched: which one wrote it last; print: a
 * fingerprint of the cells it was last written from, so that the same again costs nothing. NULL: the row is
 * not from a file. Dates are texts, 2026-09-30 or less; value_cents and scores are in hundredths.
 *
 * An account's aliases and domains are rows of their own, domains in lower case. import_changes holds what a
 * row that an import changed was before, as JSON, for taking it back; it goes with the person. reviews are
 * pairs that somebody must look at, each named once: nothing is merged until then. */
static const char step_imports[] =
	"ALTER TABLE accounts ADD COLUMN territory text;"
	"ALTER TABLE accounts ADD COLUMN industry text;"
	"ALTER TABLE accounts ADD COLUMN product text;"
	"ALTER TABLE accounts ADD COLUMN renewal_on text;"
	"ALTER TABLE accounts ADD COLUMN motion text;"
	"ALTER TABLE accounts ADD COLUMN channel text;"
	"ALTER TABLE accounts ADD COLUMN partner text;"
	"ALTER TABLE accounts ADD COLUMN clause text;"
	"ALTER TABLE accounts ADD COLUMN contract_until text;"
	"ALTER TABLE accounts ADD COLUMN live_on text;"
	"ALTER TABLE accounts ADD COLUMN parent text;"
	"ALTER TABLE accounts ADD COLUMN preferred text;"
	"ALTER TABLE accounts ADD COLUMN import bigint;"
	"ALTER TABLE accounts ADD COLUMN touched bigint;"
	"ALTER TABLE accounts ADD COLUMN print bigint;"
	"CREATE INDEX accounts_touched ON accounts (touched) WHERE touched IS NOT NULL;"
	"CREATE TABLE account_names ("
	" account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, kind text NOT NULL"
	" CHECK (kind IN ('alias','domain')), value text NOT NULL, import bigint,"
	" PRIMARY KEY (account, kind, value));"
	"CREATE INDEX account_names_value ON account_names (kind, value);"

	"ALTER TABLE people ADD COLUMN role text;"
	"ALTER TABLE people ADD COLUMN territory text;"
	"ALTER TABLE people ADD COLUMN location text;"
	"ALTER TABLE people ADD COLUMN preferred text;"
	"ALTER TABLE people ADD COLUMN left_on text;"
	"ALTER TABLE people ADD COLUMN import bigint;"
	"ALTER TABLE people ADD COLUMN touched bigint;"
	"ALTER TABLE people ADD COLUMN print bigint;"
	"CREATE INDEX people_touched ON people (touched) WHERE touched IS NOT NULL;"
	"ALTER TABLE identities ADD COLUMN import bigint;"
	"ALTER TABLE employments ADD COLUMN import bigint;"
	"ALTER TABLE employments ADD COLUMN ended_by bigint;"

	"CREATE TABLE opportunities ("
	" id {id}, external_id text UNIQUE, name text, account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" account_name text, account_ref text, stage text, state text NOT NULL CHECK (state IN"
	" ('open','won','lost')), value_cents bigint, currency text, created_on text, closes_on text, owner text,"
	" product text, rival text, channel text, attributes text, import bigint, touched bigint, print bigint,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX opportunities_account ON opportunities (account) WHERE account IS NOT NULL;"
	"CREATE INDEX opportunities_touched ON opportunities (touched) WHERE touched IS NOT NULL;"
	"CREATE TABLE cases ("
	" id {id}, external_id text UNIQUE, name text, account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" account_name text, account_ref text, stage text, state text NOT NULL CHECK (state IN"
	" ('open','ok-with-progress','closed')), priority text, created_on text, closes_on text, owner text,"
	" product text, attributes text, import bigint, touched bigint, print bigint, created_ms bigint NOT NULL,"
	" updated_ms bigint NOT NULL);"
	"CREATE INDEX cases_account ON cases (account) WHERE account IS NOT NULL;"
	"CREATE INDEX cases_touched ON cases (touched) WHERE touched IS NOT NULL;"
	"CREATE TABLE surveys ("
	" id {id}, external_id text UNIQUE, name text, account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" account_name text, account_ref text, person bigint REFERENCES people(id) ON DELETE CASCADE, kind text NOT "
	"NULL,"
	" score bigint NOT NULL, score_max bigint, answered_on text, product text, comment text, attributes text,"
	" import bigint, touched bigint, print bigint, created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX surveys_account ON surveys (account) WHERE account IS NOT NULL;"
	"CREATE INDEX surveys_person ON surveys (person) WHERE person IS NOT NULL;"
	"CREATE INDEX surveys_touched ON surveys (touched) WHERE touched IS NOT NULL;"

	"CREATE TABLE imports ("
	" id {id}, kind text NOT NULL, system text NOT NULL, file text NOT NULL, hash text NOT NULL, mapping text,"
	" records bigint NOT NULL, added bigint NOT NULL, changed bigint NOT NULL, unchanged bigint NOT NULL,"
	" rejected bigint NOT NULL, reviews bigint NOT NULL, opted_out bigint NOT NULL, actor text,"
	" at_ms bigint NOT NULL, undone_ms bigint, undone_by text);"
	"CREATE TABLE import_changes ("
	" id {serial}, import bigint NOT NULL REFERENCES imports(id) ON DELETE CASCADE, record bigint NOT NULL,"
	" person bigint REFERENCES people(id) ON DELETE CASCADE, before text NOT NULL);"
	"CREATE INDEX import_changes_import ON import_changes (import);"
	"CREATE INDEX import_changes_person ON import_changes (person) WHERE person IS NOT NULL;"

	"CREATE TABLE reviews ("
	" id {id}, kind text NOT NULL, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE, detail text, import bigint,"
	" state text NOT NULL CHECK (state IN ('open','accepted','rejected')), created_ms bigint NOT NULL,"
	" decided_ms bigint, decided_by text, UNIQUE (kind, person, other));"
	"CREATE INDEX reviews_other ON reviews (other);";

/* Links of posts that are looked at again (rechecks.h), and what sites say of programs. */
static const char step_rechecks[] =
	"CREATE TABLE rechecks ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE, origin text NOT NULL,"
	" due_ms bigint NOT NULL, gone_ms bigint NOT NULL);"
	"CREATE INDEX rechecks_due ON rechecks (due_ms, origin);"
	"CREATE INDEX rechecks_site ON rechecks (origin, due_ms);"
	"CREATE TABLE robots (origin text PRIMARY KEY, read_ms bigint NOT NULL, text text NOT NULL);";

/* Who asks to be left alone is found under every name there was. */
static const char step_names[] =
	"CREATE INDEX profiles_url ON profiles (source, url) WHERE url IS NOT NULL;"
	"CREATE INDEX profiles_handle ON profiles (source, handle) WHERE handle IS NOT NULL;";

/* Until when a source wants to be left alone. */
static const char step_retry[] = "ALTER TABLE sources ADD COLUMN retry_ms bigint;";

/* Two people that are one: the newer points to the older, and goes with it. people_events are only added to. */
static const char step_merges[] =
	"ALTER TABLE people ADD COLUMN merged_into bigint REFERENCES people(id) ON DELETE CASCADE;"
	"CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;"
	"CREATE TABLE people_events ("
	" id {serial}, review bigint REFERENCES reviews(id) ON DELETE SET NULL,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE, at_ms bigint NOT NULL, actor text,"
	" action text NOT NULL);"
	"CREATE INDEX people_events_review ON people_events (review) WHERE review IS NOT NULL;"
	"CREATE INDEX people_events_person ON people_events (person, id);"
	"CREATE INDEX people_events_other ON people_events (other) WHERE other IS NOT NULL;";

/* What a page said of its state when it was looked at last (rechecks.h). */
static const char step_validators[] = "ALTER TABLE rechecks ADD COLUMN etag text;"
				      "ALTER TABLE rechecks ADD COLUMN last_modified text;";

/* traits: what is known of whom a lead is about (enum lead_trait). Near misses are what people judge to learn
 * how much is missed (near_misses.h). */
static const char step_judged[] =
	"ALTER TABLE leads ADD COLUMN traits bigint NOT NULL DEFAULT 0;"
	"CREATE TABLE near_samples ("
	" id {id}, from_ms bigint NOT NULL, until_ms bigint NOT NULL, misses bigint NOT NULL,"
	" found bigint NOT NULL, made_ms bigint NOT NULL);"
	"CREATE TABLE near_misses ("
	" id {id}, sample bigint NOT NULL REFERENCES near_samples(id) ON DELETE CASCADE,"
	" rule text NOT NULL, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" good smallint, reason text, actor text, judged_ms bigint, UNIQUE (sample, rule, post));"
	"CREATE INDEX near_misses_post ON near_misses (post);";

/* Who wrote a post in which something was found, where evidence says so. A review is of two people, or of a person
 * and the author of posts who has the same name. */
static const char step_encounters[] =
	"CREATE TABLE encounters ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" author bigint REFERENCES authors(id) ON DELETE SET NULL, known_by text NOT NULL,"
	" grade text NOT NULL, at_ms bigint NOT NULL);"
	"CREATE INDEX encounters_person ON encounters (person);"
	"CREATE INDEX encounters_author ON encounters (author) WHERE author IS NOT NULL;"

	"CREATE TABLE reviews_before AS SELECT * FROM reviews;"
	"CREATE TABLE people_events_before AS SELECT * FROM people_events;"
	"DROP TABLE people_events;"
	"DROP TABLE reviews;"
	"CREATE TABLE reviews ("
	" id {id}, kind text NOT NULL, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE,"
	" author bigint REFERENCES authors(id) ON DELETE CASCADE, detail text, import bigint,"
	" state text NOT NULL CHECK (state IN ('open','accepted','rejected')), created_ms bigint NOT NULL,"
	" decided_ms bigint, decided_by text, UNIQUE (kind, person, other), UNIQUE (person, author),"
	" CHECK ((other IS NULL) <> (author IS NULL)));"
	"CREATE INDEX reviews_other ON reviews (other) WHERE other IS NOT NULL;"
	"CREATE INDEX reviews_author ON reviews (author) WHERE author IS NOT NULL;"
	"CREATE TABLE people_events ("
	" id {serial}, review bigint REFERENCES reviews(id) ON DELETE SET NULL,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE, at_ms bigint NOT NULL, actor text,"
	" action text NOT NULL);"
	"CREATE INDEX people_events_review ON people_events (review) WHERE review IS NOT NULL;"
	"CREATE INDEX people_events_person ON people_events (person, id);"
	"CREATE INDEX people_events_other ON people_events (other) WHERE other IS NOT NULL;"
	"INSERT INTO reviews (id, kind, person, other, detail, import, state, created_ms, decided_ms, decided_by)"
	" SELECT id, kind, person, other, detail, import, state, created_ms, decided_ms, decided_by"
	" FROM reviews_before;"
	"INSERT INTO people_events (id, review, person, other, at_ms, actor, action)"
	" SELECT id, review, person, other, at_ms, actor, action FROM people_events_before;"
	"DROP TABLE reviews_before;"
	"DROP TABLE people_events_before;";

/* What was decided about telling people of a lead, and what waits because a receiver's budget was used up. */
static const char step_decisions[] =
	"CREATE TABLE lead_decisions ("
	" id {serial}, lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, stage text NOT NULL,"
	" cause text NOT NULL, receiver text, value text, threshold text, at_ms bigint NOT NULL);"
	"CREATE INDEX lead_decisions_lead ON lead_decisions (lead);"
	"CREATE TABLE overflow ("
	" lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, receiver text NOT NULL,"
	" score bigint NOT NULL, at_ms bigint NOT NULL, told_ms bigint, PRIMARY KEY (lead, receiver));"
	"CREATE INDEX overflow_waiting ON overflow (receiver, at_ms) WHERE told_ms IS NULL;"
	"CREATE INDEX outbox_made ON outbox (receiver, created_ms);";

/* Pages of the queue are chosen in it alone (leads.c). */
static const char step_queue[] =
	"CREATE INDEX leads_queue ON leads (historic, id, state, kind, score, claim_by, rule, owner,"
	" visibility, claim_until, snooze_until, answered_ms);";

/* Job moves of people who are known, and who told of them. contradicts: another destination at the same time. */
static const char step_moves[] =
	"CREATE TABLE moves ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE, event text NOT NULL,"
	" to_employer text, from_employer text, title text, was_title text, effective text,"
	" contradicts bigint REFERENCES moves(id) ON DELETE SET NULL, sources bigint NOT NULL,"
	" first_ms bigint NOT NULL, last_ms bigint NOT NULL);"
	"CREATE INDEX moves_person ON moves (person, last_ms);"
	"CREATE INDEX moves_contradicts ON moves (contradicts) WHERE contradicts IS NOT NULL;"
	"CREATE TABLE move_evidence ("
	" id {id}, move bigint NOT NULL REFERENCES moves(id) ON DELETE CASCADE, source bigint NOT NULL,"
	" post bigint REFERENCES posts(id) ON DELETE CASCADE, event text NOT NULL, to_employer text,"
	" from_employer text, title text, effective text, url text, key text, told_ms bigint NOT NULL);"
	"CREATE INDEX move_evidence_key ON move_evidence (source, key);"
	"CREATE INDEX move_evidence_move ON move_evidence (move, source);"
	"CREATE INDEX move_evidence_post ON move_evidence (post) WHERE post IS NOT NULL;";

/* Who uses the API, and with what. Of tokens and passwords only hashes. */
static const char step_users[] =
	"CREATE TABLE users ("
	" id {id}, name text NOT NULL UNIQUE, role text NOT NULL, password text, created_ms bigint NOT NULL,"
	" disabled_ms bigint);"
	"CREATE TABLE tokens ("
	" id {id}, owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE, name text NOT NULL,"
	" hash bytea NOT NULL UNIQUE, scope text NOT NULL CHECK (scope IN ('read','write','metrics','feed')),"
	" created_ms bigint NOT NULL, expires_ms bigint NOT NULL, revoked_ms bigint, used_ms bigint);"
	"CREATE INDEX tokens_owner ON tokens (owner);";

/* What was answered to requests with a key (replays.h), for a day. */
static const char step_replays[] =
	"CREATE TABLE replays ("
	" owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE, key text NOT NULL, request bytea NOT NULL,"
	" status bigint NOT NULL, etag text, body text NOT NULL, made_ms bigint NOT NULL,"
	" PRIMARY KEY (owner, key));"
	"CREATE INDEX replays_made ON replays (made_ms);";
/* References anew: nothing has written to the four tables of before. One reference a person and account; statements are
 * what customers said of us, also where it makes no reference (negative) and behind the text's deletion. permissions
 * and reference_events are only added to. A service mark keeps an account from being asked until it is cleared. */
static const char step_references[] =
	"DROP TABLE reference_events;"
	"DROP TABLE statements;"
	"DROP TABLE permissions;"
	"DROP TABLE reference_candidates;"
	"CREATE TABLE reference_candidates ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
	" origin text NOT NULL, nominated_by text, title text, authority text NOT NULL, authoriser text,"
	" owner text, gatekeeper text, second text, orphaned_ms bigint, orphan_why text,"
	" permission text NOT NULL CHECK (permission IN"
	" ('found','asked','internal-only','named','withdrawn','expired')), stage_ms bigint NOT NULL,"
	" tone text NOT NULL, score bigint NOT NULL, statements bigint NOT NULL, rest_until bigint,"
	" hold_reason text, hold_until bigint, held_by text, historic smallint NOT NULL,"
	" version bigint NOT NULL DEFAULT 1, created_ms bigint NOT NULL, updated_ms bigint NOT NULL,"
	" UNIQUE (person, account));"
	"CREATE INDEX references_account ON reference_candidates (account);"
	"CREATE INDEX references_gatekeeper ON reference_candidates (gatekeeper) WHERE gatekeeper IS NOT NULL;"
	"CREATE TABLE statements ("
	" id {id}, reference bigint REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" post bigint UNIQUE REFERENCES posts(id) ON DELETE SET NULL, source text NOT NULL, url text,"
	" author text, product text, rules text, tone text NOT NULL, text text, hash text NOT NULL,"
	" now_hash text, parts text, said_ms bigint, captured_ms bigint NOT NULL, edited_ms bigint,"
	" deleted_ms bigint, visibility text NOT NULL, regulated smallint NOT NULL, signed_by text,"
	" signed_ms bigint, historic smallint NOT NULL);"
	"CREATE INDEX statements_reference ON statements (reference) WHERE reference IS NOT NULL;"
	"CREATE INDEX statements_person ON statements (person);"
	"CREATE INDEX statements_account ON statements (account) WHERE account IS NOT NULL;"
	"CREATE TABLE permissions ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" state text NOT NULL, scope text, granted_by text, expires_ms bigint,"
	" statement bigint REFERENCES statements(id) ON DELETE SET NULL, text_hash text, actor text,"
	" at_ms bigint NOT NULL);"
	"CREATE INDEX permissions_reference ON permissions (reference, id);"
	"CREATE INDEX permissions_statement ON permissions (statement) WHERE statement IS NOT NULL;"
	"CREATE TABLE reference_events ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text, to_state text, note text);"
	"CREATE INDEX reference_events_reference ON reference_events (reference, id);"
	"CREATE TABLE service_marks ("
	" id {id}, account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
	" statement bigint NOT NULL REFERENCES statements(id) ON DELETE CASCADE, at_ms bigint NOT NULL,"
	" until_ms bigint NOT NULL, cleared_ms bigint, cleared_by text, note text);"
	"CREATE INDEX service_marks_account ON service_marks (account, until_ms);"
	"CREATE INDEX service_marks_statement ON service_marks (statement);"
	"CREATE TABLE reference_tasks ("
	" id {id}, kind text NOT NULL, author bigint NOT NULL REFERENCES authors(id) ON DELETE CASCADE,"
	" post bigint REFERENCES posts(id) ON DELETE SET NULL, tone text NOT NULL, posts bigint NOT NULL,"
	" historic smallint NOT NULL, created_ms bigint NOT NULL, last_ms bigint NOT NULL, done_ms bigint,"
	" done_by text, note text, UNIQUE (kind, author));"
	"CREATE INDEX reference_tasks_post ON reference_tasks (post) WHERE post IS NOT NULL;";

/* Moves of people nobody knows, too: person is NULL, and name_key says who else may be meant. same_as: somebody decided
 * that it is another record of that move. pending: what follows from it (effects.h) is still to be done. kind: by what
 * it was told. What a job or its end rests on is the move, so that it can be taken back. */
static const char step_strangers[] =
	"CREATE TABLE moves_before AS SELECT * FROM moves;"
	"CREATE TABLE move_evidence_before AS SELECT * FROM move_evidence;"
	"DROP TABLE move_evidence;"
	"DROP TABLE moves;"
	"CREATE TABLE moves ("
	" id {id}, person bigint REFERENCES people(id) ON DELETE CASCADE, name text NOT NULL, name_key text NOT NULL,"
	" event text NOT NULL, to_employer text, to_account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" from_employer text, from_account bigint REFERENCES accounts(id) ON DELETE SET NULL, title text,"
	" was_title text, effective text, contradicts bigint REFERENCES moves(id) ON DELETE SET NULL,"
	" same_as bigint REFERENCES moves(id) ON DELETE SET NULL, visibility text NOT NULL, sources bigint NOT NULL,"
	" pending smallint NOT NULL, first_ms bigint NOT NULL, last_ms bigint NOT NULL);"
	"CREATE INDEX moves_person ON moves (person, last_ms) WHERE person IS NOT NULL;"
	"CREATE INDEX moves_name ON moves (name_key, last_ms) WHERE person IS NULL;"
	"CREATE INDEX moves_strange ON moves (last_ms) WHERE person IS NULL;"
	"CREATE INDEX moves_pending ON moves (id) WHERE pending <> 0;"
	"CREATE INDEX moves_contradicts ON moves (contradicts) WHERE contradicts IS NOT NULL;"
	"CREATE INDEX moves_same ON moves (same_as) WHERE same_as IS NOT NULL;"
	"CREATE INDEX moves_to ON moves (to_account) WHERE to_account IS NOT NULL;"
	"CREATE INDEX moves_from ON moves (from_account) WHERE from_account IS NOT NULL;"
	"CREATE TABLE move_evidence ("
	" id {id}, move bigint NOT NULL REFERENCES moves(id) ON DELETE CASCADE, source bigint NOT NULL,"
	" post bigint REFERENCES posts(id) ON DELETE CASCADE, kind text NOT NULL, known_by text, event text NOT NULL,"
	" to_employer text, from_employer text, title text, effective text, url text, key text,"
	" told_ms bigint NOT NULL);"
	"CREATE INDEX move_evidence_key ON move_evidence (source, key);"
	"CREATE INDEX move_evidence_move ON move_evidence (move, source);"
	"CREATE INDEX move_evidence_post ON move_evidence (post) WHERE post IS NOT NULL;"
	"INSERT INTO moves (id, person, name, name_key, event, to_employer, from_employer, title, was_title, effective,"
	" contradicts, visibility, sources, pending, first_ms, last_ms)"
	" SELECT m.id, m.person, p.name, '', m.event, m.to_employer, m.from_employer, m.title, m.was_title, m.effective,"
	" NULL, 'all', m.sources, 0, m.first_ms, m.last_ms FROM moves_before m JOIN people p ON p.id = m.person;"
	"UPDATE moves SET contradicts = (SELECT b.contradicts FROM moves_before b WHERE b.id = moves.id);"
	"INSERT INTO move_evidence (id, move, source, post, kind, event, to_employer, from_employer, title, effective,"
	" url, key, told_ms) SELECT id, move, source, post, 'profile', event, to_employer, from_employer, title,"
	" effective, url, key, told_ms FROM move_evidence_before;"
	"DROP TABLE moves_before;"
	"DROP TABLE move_evidence_before;"

	"ALTER TABLE employments ADD COLUMN move bigint REFERENCES moves(id) ON DELETE SET NULL;"
	"ALTER TABLE employments ADD COLUMN ended_move bigint REFERENCES moves(id) ON DELETE SET NULL;"
	"CREATE INDEX employments_move ON employments (move) WHERE move IS NOT NULL;"
	"CREATE INDEX employments_ended_move ON employments (ended_move) WHERE ended_move IS NOT NULL;"

	/* A review may be of a person and a move that somebody of that name made. */
	"CREATE TABLE reviews_before AS SELECT * FROM reviews;"
	"CREATE TABLE people_events_before AS SELECT * FROM people_events;"
	"DROP TABLE people_events;"
	"DROP TABLE reviews;"
	"CREATE TABLE reviews ("
	" id {id}, kind text NOT NULL, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE,"
	" author bigint REFERENCES authors(id) ON DELETE CASCADE,"
	" move bigint REFERENCES moves(id) ON DELETE CASCADE, detail text, import bigint,"
	" state text NOT NULL CHECK (state IN ('open','accepted','rejected')), created_ms bigint NOT NULL,"
	" decided_ms bigint, decided_by text, UNIQUE (kind, person, other), UNIQUE (person, author),"
	" UNIQUE (person, move), CHECK ((other IS NULL) <> (author IS NULL) OR"
	" (other IS NULL AND author IS NULL AND move IS NOT NULL)));"
	"CREATE INDEX reviews_other ON reviews (other) WHERE other IS NOT NULL;"
	"CREATE INDEX reviews_author ON reviews (author) WHERE author IS NOT NULL;"
	"CREATE INDEX reviews_move ON reviews (move) WHERE move IS NOT NULL;"
	"CREATE TABLE people_events ("
	" id {serial}, review bigint REFERENCES reviews(id) ON DELETE SET NULL,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE, at_ms bigint NOT NULL, actor text,"
	" action text NOT NULL);"
	"CREATE INDEX people_events_review ON people_events (review) WHERE review IS NOT NULL;"
	"CREATE INDEX people_events_person ON people_events (person, id);"
	"CREATE INDEX people_events_other ON people_events (other) WHERE other IS NOT NULL;"
	"INSERT INTO reviews (id, kind, person, other, author, detail, import, state, created_ms, decided_ms, decided_by)"
	" SELECT id, kind, person, other, author, detail, import, state, created_ms, decided_ms, decided_by"
	" FROM reviews_before;"
	"INSERT INTO people_events (id, review, person, other, at_ms, actor, action)"
	" SELECT id, review, person, other, at_ms, actor, action FROM people_events_before;"
	"DROP TABLE reviews_before;"
	"DROP TABLE people_events_before;";

/* What a source has spent of its day's budget. */
static const char step_spent[] =
	"ALTER TABLE sources ADD COLUMN spent_day bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE sources ADD COLUMN spent bigint NOT NULL DEFAULT 0;";

/* Browsers that are logged in; hash: of what their cookie holds. */
static const char step_sessions[] =
	"CREATE TABLE sessions ("
	" hash bytea PRIMARY KEY, owner bigint NOT NULL REFERENCES users(id) ON DELETE CASCADE,"
	" made_ms bigint NOT NULL, used_ms bigint NOT NULL);"
	"CREATE INDEX sessions_owner ON sessions (owner);";
/* How often references were used, and how it went: expected by the prospect, then as each side says it was. */
static const char step_activities[] =
	"ALTER TABLE reference_candidates ADD COLUMN assigned_by text;"
	"ALTER TABLE reference_candidates ADD COLUMN scope text;"
	"ALTER TABLE reference_candidates ADD COLUMN consent bigint;"
	"ALTER TABLE reference_candidates ADD COLUMN expires_ms bigint;"
	"ALTER TABLE reference_candidates ADD COLUMN ask_to text;"
	"ALTER TABLE reference_candidates ADD COLUMN ask_due bigint;"
	"ALTER TABLE reference_candidates ADD COLUMN ask_next bigint;"
	"ALTER TABLE reference_candidates ADD COLUMN ask_level bigint;"
	"ALTER TABLE reference_events ADD COLUMN before text;"
	"CREATE TABLE reference_activities ("
	" id {id}, reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" activity text NOT NULL, at_ms bigint NOT NULL, actor text, request bigint, expected text,"
	" prospect_tone text, customer_tone text, minutes bigint, lessons text, done_ms bigint);"
	"CREATE INDEX reference_activities_reference ON reference_activities (reference, at_ms);";

/* What followed from a move (effects.h): each effect of a policy once a move, of orphans once a reference. A note is
 * about an account; class says who may see it. seen_ms: when a move was first heard of, whenever it was told. */
static const char step_effects[] =
	"ALTER TABLE moves ADD COLUMN seen_ms bigint;"
	"DROP INDEX moves_strange;"
	"CREATE INDEX moves_strange ON moves (seen_ms) WHERE person IS NULL;"
	"CREATE TABLE move_effects ("
	" id {id}, move bigint NOT NULL REFERENCES moves(id) ON DELETE CASCADE, effect text NOT NULL,"
	" make text NOT NULL, lead bigint REFERENCES leads(id) ON DELETE SET NULL,"
	" account bigint REFERENCES accounts(id) ON DELETE CASCADE, reference bigint, text text,"
	" class text NOT NULL, at_ms bigint NOT NULL);"
	"CREATE INDEX move_effects_move ON move_effects (move, effect);"
	"CREATE INDEX move_effects_lead ON move_effects (lead) WHERE lead IS NOT NULL;"
	"CREATE INDEX move_effects_account ON move_effects (account) WHERE account IS NOT NULL;"
	"CREATE INDEX move_effects_reference ON move_effects (reference) WHERE reference IS NOT NULL;";

/* What of sound records is left out. */
static const char step_noted[] = "ALTER TABLE sources ADD COLUMN noted text;";

/* The account of a signal that is too weak for a lead of its own. */
static const char step_build_ups[] =
	"ALTER TABLE signals ADD COLUMN account bigint;"
	"CREATE INDEX signals_weak ON signals (account, id)"
	" WHERE account IS NOT NULL AND lead IS NULL;";

/* What sales asks references for, who was named for it, and what was done. deal: what the opportunity is called, which
 * stays when its import is taken back. next_ms: when hark looks at it again, level: how often it did. */
static const char step_requests[] =
	"CREATE TABLE reference_requests ("
	" id {id}, version bigint NOT NULL DEFAULT 1,"
	" opportunity bigint REFERENCES opportunities(id) ON DELETE SET NULL, deal text NOT NULL,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, rep text NOT NULL, stage text NOT NULL,"
	" value_cents bigint NOT NULL, currency text, activity text NOT NULL, role text, weighs text,"
	" state text NOT NULL CHECK (state IN ('open','named','fulfilled','refused','withdrawn','expired')),"
	" rule text, why text, created_ms bigint NOT NULL, first_ms bigint, due_ms bigint NOT NULL, next_ms bigint,"
	" level bigint NOT NULL, ended_ms bigint, ended_by text);"
	"CREATE INDEX reference_requests_opportunity ON reference_requests (opportunity)"
	" WHERE opportunity IS NOT NULL;"
	"CREATE INDEX reference_requests_account ON reference_requests (account) WHERE account IS NOT NULL;"
	"CREATE INDEX reference_requests_next ON reference_requests (next_ms) WHERE next_ms IS NOT NULL;"
	"CREATE TABLE request_names ("
	" id {id}, request bigint NOT NULL REFERENCES reference_requests(id) ON DELETE CASCADE,"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE, lender text,"
	" at_ms bigint NOT NULL, actor text, UNIQUE (request, reference));"
	"CREATE INDEX request_names_reference ON request_names (reference);"
	"CREATE TABLE request_events ("
	" id {id}, request bigint NOT NULL REFERENCES reference_requests(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text, to_state text, note text,"
	" before text);"
	"CREATE INDEX request_events_request ON request_events (request, id);"
	"CREATE INDEX reference_activities_request ON reference_activities (request) WHERE request IS NOT NULL;"
	/* Deals near their end without a reference that somebody was told of, each once. */
	"CREATE TABLE late_deals ("
	" opportunity bigint PRIMARY KEY REFERENCES opportunities(id) ON DELETE CASCADE, stage text,"
	" told_ms bigint NOT NULL);";

/* Whom a mention means is asked by handle, whatever the source. */
static const char step_handles[] =
	"CREATE INDEX authors_handle ON authors (handle) WHERE handle IS NOT NULL;";

/* Who replied to which announced purchase and is a lead because of it. */
static const char step_repliers[] =
	"CREATE TABLE repliers ("
	" announcement bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" author bigint NOT NULL REFERENCES authors(id) ON DELETE CASCADE,"
	" PRIMARY KEY (announcement, author));"
	"CREATE INDEX repliers_author ON repliers (author);";

static const char *const steps[] = {step_posts, step_leads, step_outbox, step_people, step_place,
	step_rules, step_cursors, step_rates, step_versions, step_gaps, step_opted_out, step_alarms,
	step_changes, step_profiles, step_refusals, step_hubs, step_progress, step_subscriptions,
	step_near, step_imports, step_rechecks, step_names, step_retry, step_merges,
	step_validators, step_judged, step_encounters, step_decisions, step_queue, step_moves,
	step_users, step_replays, step_strangers, step_references, step_spent, step_sessions,
	step_activities, step_effects, step_noted, step_build_ups, step_requests,
	step_handles, step_repliers};

int schema_version(void)
{
	return STEP_LATEST;
}

static int64_t ask(struct db *db, const char *sql)
{
	return db_run_i64(db_query(db, sql), 0);
}

/* The number of the last step, -1 when there is no step table. */
static int64_t installed(struct db *db)
{
	struct hark_err ignored;
	int64_t version = ask(db, "SELECT max(step) FROM schema_steps");
	return db_check(db, &ignored) == HARK_OK ? version : -1;
}

static int refuse_newer(struct db *db, int64_t version, struct hark_err *err)
{
	return hark_err_set(err, HARK_ESTATE,
		"%s was written by a newer hark (schema %lld, this program knows %d): install that "
		"version again",
		db_name(db), (long long)version, STEP_LATEST);
}

static void apply(struct db *db, int step, int64_t now_ms)
{
	db_exec(db, steps[step - 1]);
	struct db_query *q =
		db_query(db, "INSERT INTO schema_steps (step, applied_ms) VALUES ($1, $2)");
	db_i64(q, step);
	db_i64(q, now_ms);
	db_run(q);
}

/* Two programs may start at once: the second finds the steps done when it gets the lock. Returns the
 * step that failed, or `to`. */
static int apply_missing(struct db *db, int to, int64_t now_ms)
{
	db_exec(db, "CREATE TABLE IF NOT EXISTS schema_steps"
		    " (step bigint PRIMARY KEY, applied_ms bigint NOT NULL)");
	int step = (int)ask(db, "SELECT max(step) FROM schema_steps");
	while (step < to && db_check(db, NULL) == HARK_OK) {
		apply(db, ++step, now_ms);
	}
	return step;
}

int schema_upgrade(struct db *db, int to, int64_t now_ms, struct hark_err *err)
{
	int64_t version = installed(db);
	if (version > STEP_LATEST) {
		return refuse_newer(db, version, err);
	}
	if (version >= to) {
		return HARK_OK;
	}
	db_begin(db);
	int step = apply_missing(db, to, now_ms);
	int rc = db_commit(db, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "schema step %d", step);
	}
	return rc;
}

int schema_check(struct db *db, struct hark_err *err)
{
	int64_t version = installed(db);
	if (version > STEP_LATEST) {
		return refuse_newer(db, version, err);
	}
	if (version < STEP_LATEST) {
		return hark_err_set(err, HARK_ESTATE,
			version < 0
				? "%s is not a store of hark"
				: "%s was written by an older hark: start harkd once to upgrade it",
			db_name(db));
	}
	return HARK_OK;
}
