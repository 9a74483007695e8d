/* References: who may be asked, what they said and agreed to, what was asked of them. */
#include "monitor/store/schema.h"

const char schema_references[] =
	/* One reference a person and account. permission: where it stands. joined: the one it
	 * went into when two people became one (follow.h). */
	"CREATE TABLE reference_candidates ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
	" origin text NOT NULL, nominated_by text, title text, authority text NOT NULL,"
	" authoriser text, owner text, gatekeeper text, second text, assigned_by text,"
	" orphaned_ms bigint, orphan_why text, orphan_told_ms bigint,"
	" permission text NOT NULL CHECK (permission IN"
	" ('found','asked','internal-only','named','withdrawn','expired')), scope text,"
	" consent bigint, expires_ms bigint, stage_ms bigint NOT NULL, tone text NOT NULL,"
	" score bigint NOT NULL, statements bigint NOT NULL, rest_until bigint,"
	" hold_reason text, hold_until bigint, held_by text, historic smallint NOT NULL,"
	" ask_to text, ask_due bigint, ask_next bigint, ask_level bigint,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL,"
	" version bigint NOT NULL DEFAULT 1,"
	" joined bigint REFERENCES reference_candidates(id) ON DELETE CASCADE);"
	"CREATE UNIQUE INDEX references_person ON reference_candidates (person, account)"
	" WHERE joined IS NULL;"
	/* The board, best first. */
	"CREATE INDEX references_board ON reference_candidates (historic, score DESC, id)"
	" WHERE joined IS NULL;"
	"CREATE INDEX references_joined ON reference_candidates (joined)"
	" WHERE joined IS NOT NULL;"
	/* For caps, which count what went into another as well. */
	"CREATE INDEX references_whole ON reference_candidates (person);"
	"CREATE INDEX references_account ON reference_candidates (account);"
	"CREATE INDEX references_gatekeeper ON reference_candidates (gatekeeper)"
	" WHERE gatekeeper IS NOT NULL;"

	/* What customers said of us, also where it makes no reference (negative) and behind
	 * the text's deletion. praised: whom of us it names in praise. class: who may read it,
	 * where its post cannot say so any more. */
	"CREATE TABLE statements ("
	" id {id}, reference bigint REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" post bigint UNIQUE REFERENCES posts(id) ON DELETE SET NULL, source text NOT NULL,"
	" url text, author text, product text, rules text, tone text NOT NULL, text text,"
	" hash text NOT NULL, now_hash text, parts text, praised text, said_ms bigint,"
	" captured_ms bigint NOT NULL, edited_ms bigint, deleted_ms bigint,"
	" visibility text NOT NULL, regulated smallint NOT NULL, signed_by text,"
	" signed_ms bigint, historic smallint NOT NULL, class text);"
	"CREATE INDEX statements_reference ON statements (reference)"
	" WHERE reference IS NOT NULL;"
	"CREATE INDEX statements_person ON statements (person);"
	"CREATE INDEX statements_praised ON statements (praised) WHERE praised IS NOT NULL;"
	"CREATE INDEX statements_account ON statements (account) WHERE account IS NOT NULL;"

	/* Only added to, as reference_events. Every grant is a row of its own with what was
	 * agreed to (scope), until when, and the fingerprint of the very text, so an edited
	 * text voids it. */
	"CREATE TABLE permissions ("
	" id {id},"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" state text NOT NULL, scope text, granted_by text, expires_ms bigint,"
	" statement bigint REFERENCES statements(id) ON DELETE SET NULL, text_hash text,"
	" actor text, at_ms bigint NOT NULL);"
	"CREATE INDEX permissions_reference ON permissions (reference, id);"
	"CREATE INDEX permissions_statement ON permissions (statement)"
	" WHERE statement IS NOT NULL;"

	/* keeper: who was asked by it, or was to answer. */
	"CREATE TABLE reference_events ("
	" id {id},"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text,"
	" to_state text, note text, before text, keeper text);"
	"CREATE INDEX reference_events_reference ON reference_events (reference, id);"

	/* How often references were used, and how it went: expected by the prospect, then as
	 * each side says it was. */
	"CREATE TABLE reference_activities ("
	" id {id},"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" activity text NOT NULL, at_ms bigint NOT NULL, actor text, request bigint,"
	" expected text, prospect_tone text, customer_tone text, minutes bigint, lessons text,"
	" done_ms bigint);"
	"CREATE INDEX reference_activities_reference ON reference_activities (reference,"
	" at_ms);"
	"CREATE INDEX reference_activities_request ON reference_activities (request)"
	" WHERE request IS NOT NULL;"

	/* What they were asked, offered and promised in exchange, whole until it is taken back. */
	"CREATE TABLE reference_favours ("
	" id {id},"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" side text NOT NULL CHECK (side = 'asked' OR side = 'offered' OR side = 'agreed'),"
	" what text NOT NULL, cents bigint, currency text, at_ms bigint NOT NULL,"
	" until_ms bigint, actor text NOT NULL, undone_ms bigint, undone_by text);"
	"CREATE INDEX reference_favours_reference ON reference_favours (reference);"

	/* A service mark keeps an account from being asked until it is cleared. */
	"CREATE TABLE service_marks ("
	" id {id}, account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
	" statement bigint NOT NULL REFERENCES statements(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, until_ms bigint NOT NULL, cleared_ms bigint, cleared_by text,"
	" note text);"
	"CREATE INDEX service_marks_account ON service_marks (account, until_ms);"
	"CREATE INDEX service_marks_statement ON service_marks (statement);"

	/* post: the newest, which may have been erased. It changes with each post of praise, so it does not ask
	 * for the row again: SQLite would save pages aside for that. */
	"CREATE TABLE reference_tasks ("
	" id {serial}, kind text NOT NULL,"
	" author bigint NOT NULL REFERENCES authors(id) ON DELETE CASCADE,"
	" post bigint, tone text NOT NULL,"
	" posts bigint NOT NULL, historic smallint NOT NULL, created_ms bigint NOT NULL,"
	" last_ms bigint NOT NULL, done_ms bigint, done_by text, note text,"
	" UNIQUE (kind, author));"

	/* What went along when two people became one, as it was before. */
	"CREATE TABLE followed ("
	" review bigint NOT NULL REFERENCES reviews(id) ON DELETE CASCADE, place text NOT NULL,"
	" record bigint NOT NULL, person bigint NOT NULL, reference bigint,"
	" PRIMARY KEY (review, place, record));"

	/* What was said by nobody who is known, or at no customer (unplaced.h). */
	"CREATE TABLE unplaced ("
	" post {serial} REFERENCES posts(id) ON DELETE CASCADE,"
	" author bigint NOT NULL REFERENCES authors(id) ON DELETE CASCADE, tone text NOT NULL,"
	" parts text, rules text, product text, regulated smallint NOT NULL,"
	" historic smallint NOT NULL);"
	"CREATE INDEX unplaced_author ON unplaced (author);"

	/* What sales asks references for, who was named for it, and what was done. deal: what
	 * the opportunity is called, which stays when its import is taken back. next_ms: when
	 * hark looks at it again, level: how often it did. */
	"CREATE TABLE reference_requests ("
	" id {id}, version bigint NOT NULL DEFAULT 1,"
	" opportunity bigint REFERENCES opportunities(id) ON DELETE SET NULL,"
	" deal text NOT NULL, account bigint REFERENCES accounts(id) ON DELETE SET NULL,"
	" rep text NOT NULL, stage text NOT NULL, value_cents bigint NOT NULL, currency text,"
	" activity text NOT NULL, role text, weighs text,"
	" state text NOT NULL CHECK (state IN"
	" ('open','named','fulfilled','refused','withdrawn','expired')), rule text, why text,"
	" created_ms bigint NOT NULL, first_ms bigint, due_ms bigint NOT NULL, next_ms bigint,"
	" level bigint NOT NULL, ended_ms bigint, ended_by text);"
	"CREATE INDEX reference_requests_opportunity ON reference_requests (opportunity)"
	" WHERE opportunity IS NOT NULL;"
	"CREATE INDEX reference_requests_account ON reference_requests (account)"
	" WHERE account IS NOT NULL;"
	"CREATE INDEX reference_requests_next ON reference_requests (next_ms)"
	" WHERE next_ms IS NOT NULL;"

	"CREATE TABLE request_names ("
	" id {id}, request bigint NOT NULL REFERENCES reference_requests(id) ON DELETE CASCADE,"
	" reference bigint NOT NULL REFERENCES reference_candidates(id) ON DELETE CASCADE,"
	" lender text, at_ms bigint NOT NULL, actor text, UNIQUE (request, reference));"
	"CREATE INDEX request_names_reference ON request_names (reference);"

	"CREATE TABLE request_events ("
	" id {id}, request bigint NOT NULL REFERENCES reference_requests(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, from_state text,"
	" to_state text, note text, before text);"
	"CREATE INDEX request_events_request ON request_events (request, id);"

	/* Deals near their end without a reference that somebody was told of, each once. */
	"CREATE TABLE late_deals ("
	" opportunity bigint PRIMARY KEY REFERENCES opportunities(id) ON DELETE CASCADE,"
	" stage text, told_ms bigint NOT NULL);"

	/* Who was let into the private community for a deal; told_ms: when it was told that it
	 * is to be revoked. */
	"CREATE TABLE peeks ("
	" id {id}, version bigint NOT NULL DEFAULT 1,"
	" opportunity bigint REFERENCES opportunities(id) ON DELETE SET NULL,"
	" deal text NOT NULL, who text NOT NULL, granted_by text NOT NULL,"
	" granted_ms bigint NOT NULL, until_ms bigint NOT NULL, told_ms bigint,"
	" revoked_ms bigint, revoked_by text, why text);"
	"CREATE INDEX peeks_opportunity ON peeks (opportunity) WHERE opportunity IS NOT NULL;"
	"CREATE TABLE peek_events ("
	" id {id}, peek bigint NOT NULL REFERENCES peeks(id) ON DELETE CASCADE,"
	" at_ms bigint NOT NULL, actor text, action text NOT NULL, note text);"
	"CREATE INDEX peek_events_peek ON peek_events (peek, id);";
