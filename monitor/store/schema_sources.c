/* The sources: how each stands, what it was told and asked, and when it was not heard. */
#include "monitor/store/schema.h"

const char schema_sources[] =
	/* What is asked, how it stands and when it is due. first_ms: when posts of it were first
	 * stored; heard_ms: its last good answer;
	 * retry_ms: until when it wants to be left alone; plain_due_ms: when it would be
	 * polled if no hub told of its news (hub and topic, as its pages say); noted: what of
	 * sound records is left out; opted_out: items left out because people ask so;
	 * progress: how far a source is that is looked at in slices; spent: of the budget of
	 * the day spent_day. */
	"CREATE TABLE sources ("
	" id {id}, name text NOT NULL UNIQUE, url text, etag text, last_modified text,"
	" body_lo bigint, body_hi bigint, seen bytea, progress text,"
	" first_ms bigint, polled_ms bigint, changed_ms bigint, heard_ms bigint, due_ms bigint,"
	" plain_due_ms bigint, retry_ms bigint, place bigint, interval_ms bigint,"
	" ttl_ms bigint, failures bigint NOT NULL DEFAULT 0, error text, error_ms bigint,"
	" degraded text, noted text, moved_to text, moved_count bigint NOT NULL DEFAULT 0,"
	" moved_since_ms bigint, hub text, topic text, paused smallint NOT NULL DEFAULT 0,"
	" baseline_done smallint NOT NULL DEFAULT 0, posts_total bigint NOT NULL DEFAULT 0,"
	" polls_total bigint NOT NULL DEFAULT 0, opted_out bigint NOT NULL DEFAULT 0,"
	" alarms bigint NOT NULL DEFAULT 0, spent_day bigint NOT NULL DEFAULT 0,"
	" spent bigint NOT NULL DEFAULT 0);"

	/* What a connector remembers may be megabytes (a roster), the row of a source is
	 * written at every poll: so it has a table of its own, and is written only when its
	 * hash is another. */
	"CREATE TABLE source_cursors ("
	" source text PRIMARY KEY, hash bigint NOT NULL, cursor text NOT NULL);"

	/* What is usual for a source (pipeline/habits), and its alarms. */
	"CREATE TABLE source_habits (source text PRIMARY KEY, habits bytea NOT NULL);"

	"CREATE TABLE source_alarms ("
	" id {id}, source text NOT NULL, host text, kind text NOT NULL, text text NOT NULL,"
	" raised_ms bigint NOT NULL, cleared_ms bigint, told_ms bigint, told_clear_ms bigint);"
	"CREATE INDEX source_alarms_source ON source_alarms (source, kind);"

	/* When hark did not hear a source. The key begins with the source and is in the order
	 * of time, as the rows are read. */
	"CREATE TABLE gaps ("
	" source text NOT NULL, from_ms bigint NOT NULL, cause text NOT NULL,"
	" until_ms bigint NOT NULL, filled_ms bigint, PRIMARY KEY (source, from_ms, cause)) {by_key};"

	/* Messages sent to a source that were refused for a wrong token or signature. */
	"CREATE TABLE refusals ("
	" source text PRIMARY KEY, n bigint NOT NULL, last_ms bigint NOT NULL);"

	/* One row for each callback address given to a hub (WebSub). */
	"CREATE TABLE subscriptions ("
	" id text PRIMARY KEY, source text NOT NULL, topic text NOT NULL, hub text NOT NULL,"
	" callback text NOT NULL, secret text NOT NULL, state text NOT NULL,"
	" internal bigint NOT NULL, asked_ms bigint NOT NULL, lease_ms bigint NOT NULL,"
	" next_ms bigint NOT NULL, failures bigint NOT NULL, error text NOT NULL,"
	" pushed_ms bigint NOT NULL, pushes bigint NOT NULL, ignored bigint NOT NULL);"

	/* How full the buckets of shared rates are: one small row for each, written with the
	 * polls that fill it. */
	"CREATE TABLE rates ("
	" key bigint PRIMARY KEY, due_ms bigint NOT NULL, burst_ms bigint NOT NULL,"
	" pace_ms bigint NOT NULL, held_ms bigint NOT NULL);"

	/* What sites say of programs (rechecks.h). */
	"CREATE TABLE robots ("
	" origin text PRIMARY KEY, read_ms bigint NOT NULL, text text NOT NULL);";
