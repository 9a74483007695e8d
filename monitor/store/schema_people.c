/* People and accounts. An account is a company; a person has dated employments, each with its source, and
 * identities under which they appear in public.
 *
 * What `hark import` brings: import is which import made the row; touched, which one wrote it last; print, a
 * fingerprint of the cells it was last written from, so that the same again costs nothing. NULL: the row is not
 * from a file. Dates are texts, 2026-09-30 or less. */
#include "monitor/store/schema.h"

const char schema_people[] =
	"CREATE TABLE accounts ("
	" id {id}, external_id text UNIQUE, name text NOT NULL, kind text NOT NULL,"
	" domain text, owner text, segment text, region text, territory text, industry text,"
	" product text, renewal_on text, motion text, channel text, partner text, clause text,"
	" contract_until text, live_on text, parent text, preferred text, attributes text,"
	" origin text NOT NULL, import bigint, touched bigint, print bigint,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX accounts_name ON accounts (name);"
	"CREATE INDEX accounts_lower ON accounts (lower(name));"

	/* An account's aliases and domains are rows of their own, domains in lower case. */
	"CREATE TABLE account_names ("
	" account bigint NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
	" kind text NOT NULL CHECK (kind IN ('alias','domain')), value text NOT NULL,"
	" import bigint, PRIMARY KEY (account, kind, value));"
	"CREATE INDEX account_names_value ON account_names (kind, value);"
	"CREATE INDEX account_names_lower ON account_names (lower(value));"

	/* Of two people that are one the newer points to the older (merged_into), and goes
	 * with it. */
	"CREATE TABLE people ("
	" id {id}, external_id text UNIQUE, name text NOT NULL, kind text NOT NULL,"
	" merged_into bigint REFERENCES people(id) ON DELETE CASCADE, owner text, role text,"
	" territory text, location text, lang text, preferred text, left_on text, attributes text,"
	" origin text NOT NULL, lawful_basis text, informed_ms bigint, import bigint,"
	" touched bigint, print bigint, created_ms bigint NOT NULL,"
	" updated_ms bigint NOT NULL);"
	"CREATE INDEX people_name ON people (name);"
	"CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;"

	"CREATE TABLE identities ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" kind text NOT NULL, value text NOT NULL,"
	" author bigint REFERENCES authors(id) ON DELETE SET NULL, confidence text NOT NULL,"
	" origin text NOT NULL, import bigint, created_ms bigint NOT NULL,"
	" UNIQUE (kind, value, person));"
	/* With kind and value, or SQLite would look for those of a person among all of a kind. */
	"CREATE INDEX identities_person ON identities (person, kind, value);"
	"CREATE INDEX identities_author ON identities (author) WHERE author IS NOT NULL;"

	/* Job moves. person is NULL where nobody knows them, and name_key says who else may be
	 * meant. contradicts: another destination at the same time. same_as: somebody decided
	 * that it is another record of that move. pending: what follows from it (effects.h) is
	 * still to be done. seen_ms: when it was first heard of, whenever it was told. */
	"CREATE TABLE moves ("
	" id {id}, person bigint REFERENCES people(id) ON DELETE CASCADE, name text NOT NULL,"
	" name_key text NOT NULL, event text NOT NULL, to_employer text,"
	" to_account bigint REFERENCES accounts(id) ON DELETE SET NULL, from_employer text,"
	" from_account bigint REFERENCES accounts(id) ON DELETE SET NULL, title text,"
	" was_title text, effective text,"
	" contradicts bigint REFERENCES moves(id) ON DELETE SET NULL,"
	" same_as bigint REFERENCES moves(id) ON DELETE SET NULL, visibility text NOT NULL,"
	" sources bigint NOT NULL, pending smallint NOT NULL, seen_ms bigint,"
	" first_ms bigint NOT NULL, last_ms bigint NOT NULL);"
	"CREATE INDEX moves_person ON moves (person, last_ms) WHERE person IS NOT NULL;"
	"CREATE INDEX moves_name ON moves (name_key, last_ms) WHERE person IS NULL;"
	"CREATE INDEX moves_pending ON moves (id) WHERE pending <> 0;"
	"CREATE INDEX moves_contradicts ON moves (contradicts) WHERE contradicts IS NOT NULL;"
	"CREATE INDEX moves_same ON moves (same_as) WHERE same_as IS NOT NULL;"
	"CREATE INDEX moves_to ON moves (to_account) WHERE to_account IS NOT NULL;"
	"CREATE INDEX moves_from ON moves (from_account) WHERE from_account IS NOT NULL;"
	"CREATE INDEX moves_strange ON moves (seen_ms) WHERE person IS NULL;"

	/* Who told of a move, and (kind) by what. */
	"CREATE TABLE move_evidence ("
	" id {id}, move bigint NOT NULL REFERENCES moves(id) ON DELETE CASCADE,"
	" source bigint NOT NULL, post bigint REFERENCES posts(id) ON DELETE CASCADE,"
	" kind text NOT NULL, known_by text, event text NOT NULL, to_employer text,"
	" from_employer text, title text, effective text, url text, key text,"
	" told_ms bigint NOT NULL);"
	"CREATE INDEX move_evidence_key ON move_evidence (source, key);"
	"CREATE INDEX move_evidence_move ON move_evidence (move, source);"
	"CREATE INDEX move_evidence_post ON move_evidence (post) WHERE post IS NOT NULL;"

	/* Dates may be partial ("2026", "2026-09"), so they stay text. What a job or its end
	 * rests on is the move, so that it can be taken back. */
	"CREATE TABLE employments ("
	" id {id}, person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, employer text NOT NULL,"
	" title text, valid_from text, valid_to text, observed_ms bigint NOT NULL,"
	" ended_ms bigint, origin text NOT NULL, confidence text NOT NULL, evidence_url text,"
	" post bigint REFERENCES posts(id) ON DELETE SET NULL, import bigint, ended_by bigint,"
	" move bigint REFERENCES moves(id) ON DELETE SET NULL,"
	" ended_move bigint REFERENCES moves(id) ON DELETE SET NULL);"
	"CREATE INDEX employments_person ON employments (person, observed_ms);"
	"CREATE INDEX employments_account ON employments (account) WHERE account IS NOT NULL;"
	"CREATE INDEX employments_move ON employments (move) WHERE move IS NOT NULL;"
	"CREATE INDEX employments_ended_move ON employments (ended_move)"
	" WHERE ended_move IS NOT NULL;"

	/* Who wrote a post in which something was found, where evidence says so. */
	"CREATE TABLE encounters ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" author bigint REFERENCES authors(id) ON DELETE SET NULL, known_by text NOT NULL,"
	" grade text NOT NULL, at_ms bigint NOT NULL);"
	"CREATE INDEX encounters_person ON encounters (person);"
	"CREATE INDEX encounters_author ON encounters (author) WHERE author IS NOT NULL;"

	/* What somebody must look at, each named once: two people that may be one, a person
	 * and the author of posts who has the same name, or a person and a move that somebody
	 * of that name made. Nothing is merged until then. */
	"CREATE TABLE reviews ("
	" id {id}, kind text NOT NULL,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE,"
	" author bigint REFERENCES authors(id) ON DELETE CASCADE,"
	" move bigint REFERENCES moves(id) ON DELETE CASCADE, detail text, import bigint,"
	" state text NOT NULL CHECK (state IN ('open','accepted','rejected')),"
	" created_ms bigint NOT NULL, decided_ms bigint, decided_by text,"
	" UNIQUE (kind, person, other), UNIQUE (person, author), UNIQUE (person, move),"
	" CHECK ((other IS NULL) <> (author IS NULL) OR (other IS NULL AND author IS NULL AND"
	" move IS NOT NULL)));"
	"CREATE INDEX reviews_other ON reviews (other) WHERE other IS NOT NULL;"
	"CREATE INDEX reviews_author ON reviews (author) WHERE author IS NOT NULL;"
	"CREATE INDEX reviews_move ON reviews (move) WHERE move IS NOT NULL;"

	/* Only added to. */
	"CREATE TABLE people_events ("
	" id {serial}, review bigint REFERENCES reviews(id) ON DELETE SET NULL,"
	" person bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" other bigint REFERENCES people(id) ON DELETE CASCADE, at_ms bigint NOT NULL,"
	" actor text, action text NOT NULL);"
	"CREATE INDEX people_events_review ON people_events (review) WHERE review IS NOT NULL;"
	"CREATE INDEX people_events_person ON people_events (person, id);"
	"CREATE INDEX people_events_other ON people_events (other) WHERE other IS NOT NULL;"

	"CREATE TABLE imports ("
	" id {id}, kind text NOT NULL, system text NOT NULL, file text NOT NULL,"
	" hash text NOT NULL, mapping text, records bigint NOT NULL, added bigint NOT NULL,"
	" changed bigint NOT NULL, unchanged bigint NOT NULL, rejected bigint NOT NULL,"
	" reviews bigint NOT NULL, opted_out bigint NOT NULL, actor text,"
	" at_ms bigint NOT NULL, undone_ms bigint, undone_by text);"

	/* What a row that an import changed was before, as JSON, for taking it back; it goes
	 * with the person. */
	"CREATE TABLE import_changes ("
	" id {serial}, import bigint NOT NULL REFERENCES imports(id) ON DELETE CASCADE,"
	" record bigint NOT NULL, person bigint REFERENCES people(id) ON DELETE CASCADE,"
	" before text NOT NULL);"
	"CREATE INDEX import_changes_import ON import_changes (import);"
	"CREATE INDEX import_changes_person ON import_changes (person)"
	" WHERE person IS NOT NULL;"

	/* What undone imports had (removed.h). */
	"CREATE TABLE removed_records ("
	" place text NOT NULL, key bigint NOT NULL, id bigint NOT NULL, PRIMARY KEY (place, key));"
	"CREATE INDEX removed_records_id ON removed_records (place, id);"
	"CREATE TABLE removed_links ("
	" account bigint NOT NULL, place bigint NOT NULL, record bigint NOT NULL,"
	" PRIMARY KEY (account, place, record));"

	/* Deals, cases and surveys as they were imported; value_cents and scores are in
	 * hundredths. */
	"CREATE TABLE opportunities ("
	" id {id}, external_id text UNIQUE, name text,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, account_name text,"
	" account_ref text, stage text,"
	" state text NOT NULL CHECK (state IN ('open','won','lost')), value_cents bigint,"
	" currency text, created_on text, closes_on text, owner text, product text, rival text,"
	" channel text, attributes text, import bigint, touched bigint, print bigint,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX opportunities_account ON opportunities (account)"
	" WHERE account IS NOT NULL;"

	"CREATE TABLE cases ("
	" id {id}, external_id text UNIQUE, name text,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, account_name text,"
	" account_ref text, stage text,"
	" state text NOT NULL CHECK (state IN ('open','ok-with-progress','closed')),"
	" priority text, created_on text, closes_on text, owner text, product text,"
	" attributes text, import bigint, touched bigint, print bigint,"
	" created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX cases_account ON cases (account) WHERE account IS NOT NULL;"

	"CREATE TABLE surveys ("
	" id {id}, external_id text UNIQUE, name text,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, account_name text,"
	" account_ref text, person bigint REFERENCES people(id) ON DELETE CASCADE,"
	" kind text NOT NULL, score bigint NOT NULL, score_max bigint, answered_on text,"
	" product text, comment text, attributes text, import bigint, touched bigint,"
	" print bigint, created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX surveys_account ON surveys (account) WHERE account IS NOT NULL;"
	"CREATE INDEX surveys_person ON surveys (person) WHERE person IS NOT NULL;"

	/* Whom a colleague knows, by their own export: no contact of the company for that. It is
	 * somebody known by profile, address, or name and employer (ties.h). */
	"CREATE TABLE ties ("
	" id {id}, external_id text UNIQUE, name text NOT NULL,"
	" colleague bigint NOT NULL REFERENCES people(id) ON DELETE CASCADE,"
	" account bigint REFERENCES accounts(id) ON DELETE SET NULL, account_name text,"
	" title text, email text, link text, known_on text, attributes text, import bigint,"
	" touched bigint, print bigint, created_ms bigint NOT NULL, updated_ms bigint NOT NULL);"
	"CREATE INDEX ties_colleague ON ties (colleague);"
	"CREATE INDEX ties_account ON ties (account) WHERE account IS NOT NULL;"
	"CREATE INDEX ties_link ON ties (link) WHERE link IS NOT NULL;"
	"CREATE INDEX ties_email ON ties (email) WHERE email IS NOT NULL;"

	/* What followed from a move (effects.h): each effect of a policy once a move, of
	 * orphans once a reference. A note is about an account; class says who may see it. */
	"CREATE TABLE move_effects ("
	" id {id}, move bigint NOT NULL REFERENCES moves(id) ON DELETE CASCADE,"
	" effect text NOT NULL, make text NOT NULL,"
	" lead bigint REFERENCES leads(id) ON DELETE SET NULL,"
	" account bigint REFERENCES accounts(id) ON DELETE CASCADE, reference bigint,"
	" text text, class text NOT NULL, at_ms bigint NOT NULL);"
	"CREATE INDEX move_effects_move ON move_effects (move, effect);"
	"CREATE INDEX move_effects_lead ON move_effects (lead) WHERE lead IS NOT NULL;"
	"CREATE INDEX move_effects_account ON move_effects (account) WHERE account IS NOT NULL;"
	"CREATE INDEX move_effects_reference ON move_effects (reference)"
	" WHERE reference IS NOT NULL;";
