/* Alerts: one row per (lead, receiver, kind), its delivery id and payload fixed when it is made; without a lead
 * it is about sources. A row is sent under a lease; the token tells a late writer that the lease is no longer
 * its own. */
#include "monitor/store/schema.h"

const char schema_outbox[] =
	"CREATE TABLE outbox ("
	" id {id}, delivery_id text NOT NULL UNIQUE,"
	" lead bigint REFERENCES leads(id) ON DELETE CASCADE, receiver text NOT NULL,"
	" kind text NOT NULL, urgency text NOT NULL, payload text NOT NULL,"
	" state text NOT NULL CHECK (state IN ('due','sent','failed','dead','held',"
	"'withdrawn')),"
	" attempt bigint NOT NULL, next_ms bigint NOT NULL, lease_until bigint,"
	" lease_token bigint, last_status bigint, last_error text, created_ms bigint NOT NULL,"
	" done_ms bigint, UNIQUE (lead, receiver, kind));"
	"CREATE INDEX outbox_due ON outbox (receiver, next_ms) WHERE state IN ('due','failed');"
	"CREATE INDEX outbox_rest ON outbox (state, id) WHERE state IN ('dead','held');"
	"CREATE INDEX outbox_withdrawn ON outbox (state) WHERE state = 'withdrawn';"
	"CREATE INDEX outbox_made ON outbox (receiver, created_ms);"
	"CREATE INDEX outbox_of_many ON outbox (id) WHERE lead IS NULL;"

	/* What waits because the budget of a receiver was used up. */
	"CREATE TABLE overflow ("
	" lead bigint NOT NULL REFERENCES leads(id) ON DELETE CASCADE, receiver text NOT NULL,"
	" score bigint NOT NULL, at_ms bigint NOT NULL, told_ms bigint,"
	" PRIMARY KEY (lead, receiver));"
	"CREATE INDEX overflow_waiting ON overflow (receiver, at_ms) WHERE told_ms IS NULL;"

	/* Who wants no more mails of a receiver (leaves.h). */
	"CREATE TABLE mail_leaves ("
	" receiver text NOT NULL, mark text NOT NULL, at_ms bigint NOT NULL,"
	" PRIMARY KEY (receiver, mark));"

	/* What is known of a receiver: disabled by 410, resting after failures; when it had its last digest. */
	"CREATE TABLE receivers ("
	" name text PRIMARY KEY,"
	" state text NOT NULL CHECK (state IN ('ok','resting','disabled')),"
	" failures bigint NOT NULL DEFAULT 0, until_ms bigint, last_status bigint,"
	" last_error text, changed_ms bigint NOT NULL, digest_ms bigint);";
