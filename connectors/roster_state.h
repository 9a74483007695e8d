/* What a roster remembers of the exports before: who was in them, where and as what, as the text the host
 * stores as the cursor.
 *
 *	roster 1 OBSERVED PARTIAL
 *	KEY \t MISSES \t NAME \t EMPLOYER \t TITLE
 *
 * OBSERVED: wall clock milliseconds of the export. PARTIAL: exports in a row that were far too short.
 * About 90 bytes a person, no e-mail addresses. A text that is none of this counts as no memory at
 * all. One user at a time. */
#ifndef HARK_CONNECTORS_ROSTER_STATE_H
#define HARK_CONNECTORS_ROSTER_STATE_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"

#define ROSTER_NOBODY SIZE_MAX

struct roster_person {
	struct str key, name, employer, title;   /* empty where not known */
	struct str page, email, location, since; /* not remembered */
	uint64_t print; /* of employer and title, as two spellings have in common */
	size_t other;   /* the same person in the other state, or ROSTER_NOBODY */
	uint64_t hash;  /* of the key */
	unsigned misses, line;
};

struct roster_state {
	struct arena arena;
	struct roster_person *people; /* in the order they came */
	size_t n, cap;
	size_t *slots; /* open addressing over `hash`: index + 1 */
	size_t slots_n;
	int64_t observed;
	unsigned partial;
	struct buf words;
};

void roster_state_init(struct roster_state *s);
void roster_state_release(struct roster_state *s);
/* Reads a cursor, which is borrowed as long as the state is. False: no memory. */
bool roster_state_read(struct roster_state *s, struct str cursor);
/* Appends the line of the state itself, and that of a person. */
void roster_state_head(const struct roster_state *s, struct buf *out);
void roster_state_line(const struct roster_person *p, unsigned misses, struct buf *out);

/* Adds a person whose key is not there yet. NULL: no memory. Texts are borrowed. */
struct roster_person *roster_state_add(struct roster_state *s, const struct roster_person *p);
/* NULL: nobody has that key. */
struct roster_person *roster_state_find(const struct roster_state *s, struct str key);

/* Case, accents, punctuation and spaces make no difference. */
uint64_t roster_print(struct roster_state *s, struct str a, struct str b);
bool roster_same(struct roster_state *s, struct str a, struct str b);

#endif
