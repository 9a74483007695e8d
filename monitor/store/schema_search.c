/* Words of posts and of the names of their authors, for searches (words.h).
 *
 * The index holds words and the rows they are in, neither the texts nor where in them: a row that is found is read
 * and looked at again (search.h), which tells a phrase from its words, and marks them. That makes it a third of what
 * it would be and as much cheaper to write. */
#include "monitor/store/schema.h"

/* What an index is told once: segments are merged by eight, in pieces of 16,000 bytes, two of which fill a page. */
#define SET(table, what, value) \
	"INSERT INTO " table " (" table ", rank) VALUES ('" what "', " value ");"
#define WORDS(table)                                                                        \
	"CREATE VIRTUAL TABLE " table " USING fts5(words, content='', columnsize=0, detail=none," \
	" tokenize='ascii');" SET(table, "automerge", "8") SET(table, "pgsz", "16000")

const char schema_search[] = WORDS("post_words") WORDS("author_words")
	/* The words there are. */
	"CREATE VIRTUAL TABLE post_terms USING fts5vocab(post_words, instance);"

	/* What was indexed and says something else now, or is gone: the words to be taken out. */
	"CREATE TABLE stale_posts ("
	" post bigint PRIMARY KEY, title text, text text, author bigint, source bigint NOT NULL);"
	"CREATE TABLE stale_authors (author bigint PRIMARY KEY, handle text, display_name text);";
