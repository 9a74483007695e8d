/* Posts and who wrote them.
 *
 * Posts are the hot table: one row a post, its body in columns that can be emptied, and no index that a
 * new post would touch at a random place. key = (source, external id), so the posts of one reply are
 * neighbours; post_keys is in the order of arrival, what is random is looked up in memory (story_index.h)
 * or, as an author's posts for an erasure, by reading it through. url_hash and content find the same story
 * elsewhere; copies that are not equal are looked for among those whose `original` is 1 (near.h);
 * story is the first post of it (its own id when there is no other), so a story has one home however many
 * copies there are. Rows of sources and authors outlive what points to them or take it along, so posts do
 * not ask for them again (REFERENCES): that would be two look-ups a post. */
#include "monitor/store/schema.h"

const char schema_posts[] =
	/* Keys given out in blocks, so that a row need not be asked for the key it got. */
	"CREATE TABLE counters (name text PRIMARY KEY, last bigint NOT NULL);"

	"CREATE TABLE authors ("
	" id {serial}, key text NOT NULL UNIQUE, handle text, display_name text, profile_url text,"
	" bio text, followers bigint, following bigint, verified smallint,"
	" profile_hash bigint NOT NULL, first_ms bigint NOT NULL, changed_ms bigint NOT NULL);"
	/* Whom a mention means is asked by handle, whatever the source. */
	"CREATE INDEX authors_handle ON authors (handle) WHERE handle IS NOT NULL;"

	"CREATE TABLE posts ("
	" id {serial}, source bigint NOT NULL, external_id text NOT NULL, author bigint,"
	" story bigint, url_hash bigint, content_lo bigint, content_hi bigint,"
	" words bigint NOT NULL, original smallint, type text NOT NULL, visibility text NOT NULL,"
	" url text, published bigint, edited bigint, seen_ms bigint NOT NULL,"
	" received_ms bigint NOT NULL, deleted_ms bigint, purged_ms bigint, title text,"
	" text text, quoted text, lang text, country text, in_reply_to text, thread text,"
	" detail text, matched smallint NOT NULL DEFAULT 0,"
	" historic smallint NOT NULL DEFAULT 0, sensitive smallint NOT NULL DEFAULT 0,"
	" revisions bigint NOT NULL DEFAULT 0, UNIQUE (source, external_id));"
	/* What posts are found by, many in a row, whose last is `last` (key_rows.h). */
	"CREATE TABLE post_keys (last {serial}, keys bytea NOT NULL);"

	/* What few posts are, by which they are looked for: each new post is asked whether it belongs into an
	 * index of posts, if only for some, and these are written when it does. */
	/* What is deleted by an id that is the same everywhere is found in every source. */
	"CREATE TABLE posts_at ("
	" external_id text NOT NULL, post bigint NOT NULL, PRIMARY KEY (external_id, post)) {by_key};"
	/* Edited and not emptied since: forgotten by the age of the edit, the others in the order of arrival
	 * (retention.h). */
	"CREATE TABLE posts_edited ("
	" post {serial} REFERENCES posts(id) ON DELETE CASCADE, seen_ms bigint NOT NULL);"
	"CREATE INDEX posts_edited_seen ON posts_edited (seen_ms);"
	"CREATE TABLE posts_deleted ("
	" post {serial} REFERENCES posts(id) ON DELETE CASCADE, source bigint NOT NULL,"
	" deleted_ms bigint NOT NULL);"
	"CREATE INDEX posts_deleted_source ON posts_deleted (source, deleted_ms);"

	/* Only stories with copies have a row: how far one went, and who was first. */
	"CREATE TABLE stories ("
	" post {serial} REFERENCES posts(id) ON DELETE CASCADE,"
	" copies bigint NOT NULL, first_ms bigint NOT NULL, last_ms bigint NOT NULL);"

	/* All posts whose story is another's, found by it here: most posts are none, and an index of their own
	 * table would be opened for each. */
	"CREATE TABLE story_copies ("
	" post {serial} REFERENCES posts(id) ON DELETE CASCADE,"
	" story bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE, how text NOT NULL,"
	" seen_ms bigint NOT NULL);"
	"CREATE INDEX story_copies_story ON story_copies (story);"

	/* What a post said before it was edited. */
	"CREATE TABLE revisions ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" seen_ms bigint NOT NULL, edited bigint, content_lo bigint, content_hi bigint,"
	" title text, text text);"
	"CREATE INDEX revisions_post ON revisions (post);"

	/* Who spoke to whom: kind is reply or mention; to_author is filled in when the post
	 * replied to arrives later than the reply. */
	"CREATE TABLE edges ("
	" id {serial}, post bigint NOT NULL REFERENCES posts(id) ON DELETE CASCADE,"
	" source bigint NOT NULL REFERENCES sources(id), kind text NOT NULL,"
	" from_author bigint REFERENCES authors(id) ON DELETE CASCADE,"
	" to_author bigint REFERENCES authors(id) ON DELETE CASCADE, to_ref text,"
	" at_ms bigint);"
	"CREATE INDEX edges_post ON edges (post);"
	"CREATE INDEX edges_from ON edges (from_author);"
	"CREATE INDEX edges_to ON edges (to_author) WHERE to_author IS NOT NULL;"
	"CREATE INDEX edges_open ON edges (source, to_ref) WHERE to_author IS NULL;"

	/* Links of posts that are looked at again (rechecks.h), with what the page said of its
	 * state last. */
	"CREATE TABLE rechecks ("
	" post bigint PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE, origin text NOT NULL,"
	" due_ms bigint NOT NULL, gone_ms bigint NOT NULL, etag text, last_modified text);"
	"CREATE INDEX rechecks_due ON rechecks (due_ms, origin);"
	"CREATE INDEX rechecks_site ON rechecks (origin, due_ms);"

	/* What sources said of people, one row for each change. print: of what is compared. */
	"CREATE TABLE profiles ("
	" id {id}, source bigint NOT NULL, key text NOT NULL, print bigint NOT NULL,"
	" person text NOT NULL, handle text, url text, employer text, title text,"
	" location text, was_employer text, was_title text, event text NOT NULL,"
	" effective text, evidence_url text, observed_ms bigint NOT NULL,"
	" seen_ms bigint NOT NULL);"
	"CREATE INDEX profiles_key ON profiles (source, key);"
	/* Who asks to be left alone is found under every name there was. */
	"CREATE INDEX profiles_url ON profiles (source, url) WHERE url IS NOT NULL;"
	"CREATE INDEX profiles_handle ON profiles (source, handle) WHERE handle IS NOT NULL;";
