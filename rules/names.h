/* The index of names: every entry of every list, found in a row of tokens by its words.
 *
 * One question a token, whatever the number of names: which parts may it play in names (roles.h)? Of
 * those that are left, is it a name of one word, is it with the next one the pair that a longer name
 * begins with? A filter says no to nearly all of them; the rest is looked up and confirmed by the
 * folded bytes. Built once, then immutable and shared.
 *
 * However many names begin alike, a mention of one costs the same: a pair knows the lengths of the
 * names it begins, and each has a key of all its words. */
#ifndef HARK_RULES_NAMES_H
#define HARK_RULES_NAMES_H

#include "rules/text.h"

enum name_flag {
	NAME_CASE = 1 << 0,     /* counts only if written with a capital first letter */
	NAME_CONTEXT = 1 << 1,  /* counts only near a context word of its list */
	NAME_LEFT_OUT = 1 << 2, /* too many entries have it: not in the index */
};

#define NAME_WORDS_MAX 64 /* longer ones are no names */

/* One way to write an entry. */
struct name {
	uint32_t list, entry; /* numbers the caller understands */
	uint32_t tokens;
	uint32_t next;     /* with the same key, 0: none */
	uint32_t folded_n; /* bytes: words joined by spaces */
	uint32_t verify_n; /* bytes as written that must stand there too, 0: none */
	uint16_t lead;     /* that many of them before the first token */
	uint8_t kind;      /* enum token_kind of all its tokens; TOKEN_WORD also for CJK */
	uint8_t flags;
	char bytes[]; /* folded, then verify: what is compared lies beside what it is */
};

struct added {
	uint64_t key, first,
		second; /* of all its words; hashes of the first two of more than one */
	uint32_t id;
	uint32_t tokens : 31;
	uint32_t late : 1;
};

/* Names are looked for in two turns: those of some lists in every text, those of the others only
 * where somebody asks. */
enum names_turn {
	NAMES_FIRST,
	NAMES_LATE,
	NAMES_TURNS,
};

/* Two words with which longer names begin: bit n - 3 says that some of them have n words. */
struct name_pair {
	uint64_t lengths;
	uint32_t id; /* the first name of these two words alone, 0: none */
};

/* {part of the key, number of the first name with that key, or NAME_PAIR and the place of a pair}: by
 * its key. */
#define NAME_PAIR (UINT32_C(1) << 31)
struct name_table {
	struct {
		uint32_t part, id;
	} * slots;               /* owned */
	size_t slots_n;          /* a power of two, or 0: not built */
	struct lookup lookup;    /* owned */
	struct name_pair *pairs; /* owned */
	size_t pairs_n;
	size_t n, longer_n; /* names; those of more than two words */
};

/* DESIGN. Names stand one behind the other in chunks; a name's number is its chunk and its place
 * there, 0 is none. A table for each turn finds the first of those with a key. */
struct names {
	char **chunks; /* owned */
	size_t chunks_n;
	size_t used, room; /* bytes of the last chunk */
	size_t n;
	struct added *added; /* until names_build() */
	size_t added_cap;
	struct name_table tables[NAMES_TURNS];
};

struct name_hit {
	const struct name *name;
	uint32_t from, to; /* positions, end exclusive */
};

/* False: enough. */
typedef bool (*name_hit_fn)(void *ctx, const struct name_hit *hit);

void names_init(struct names *n);
void names_release(struct names *n);
/* All words of `words`, of which there may be none: then there is nothing to find. HARK_ENOMEM;
 * HARK_ELIMIT: more than NAME_WORDS_MAX. */
int names_add(struct names *n, uint32_t list, uint32_t entry, const struct text *words,
	struct str verify, unsigned flags);
/* The words of the name added last, with one space between; valid as long as the names are. */
struct str names_last(const struct names *n);
/* One token of another kind: a handle, a profile address, a domain; already folded. */
int names_add_token(
	struct names *n, uint32_t list, uint32_t entry, enum token_kind kind, struct str folded);

/* One name of so many entries of a list that it is told; the first NAMESAKES_MAX of them are found. */
#define NAMESAKES_TOLD 100 /* at most so many: people do share names */
#define NAMESAKES_MAX 1000
struct namesakes {
	uint32_t list, first; /* first: the entry that comes first */
	size_t entries;
	struct str name; /* folded; valid as long as the names are */
};
typedef void (*namesakes_fn)(void *ctx, const struct namesakes *found);

/* After the last addition, once. `late`: of each list whether its turn is NAMES_LATE, or NULL: none.
 * `tell` may be NULL. HARK_ENOMEM. */
int names_build(struct names *n, const bool *late, namesakes_fn tell, void *ctx);

/* A key that may be that of names, and what stands in its slot. */
struct name_candidate {
	uint64_t key;
	uint32_t position, id;
};

#define NAMES_BLOCK 64                           /* positions that are looked at together */
#define NAMES_BLOCK_CANDIDATES (NAMES_BLOCK * 6) /* at most: see collect() */
#define NAMES_CANDIDATES (NAMES_BLOCK_CANDIDATES + NAMES_BLOCK)

/* One look at a text. It is done in three parts, each of which asks memory for what the next one needs:
 * whoever has other work does it between them. Scratch of one thread; the text stays as it is until
 * names_finish() has returned. */
struct names_look {
	const struct names *names;
	const struct name_table *table;
	const struct text *text;
	size_t position, end; /* where to go on, and up to where */
	bool stepped;         /* with these candidates */
	size_t n;
	struct name_candidate candidates[NAMES_CANDIDATES];
};

/* What a look asks of each word, for memory to be asked for it at once; NULL: nothing, or tables so small that they are
 * close to the processor. Valid as long as the names are. */
#define NAMES_CLOSE 8192 /* words of memory */
static inline const struct lookup *names_lookup(const struct names *n, enum names_turn turn)
{
	const struct lookup *l = &n->tables[turn].lookup;
	return n->tables[turn].n > 0 && l->roles.mask + l->filter.mask >= NAMES_CLOSE ? l : NULL;
}

void names_start(
	struct names_look *l, const struct names *n, enum names_turn turn, const struct text *t);
/* Once; more does nothing, and if it was left out names_finish() does it. */
void names_step(struct names_look *l);
/* Every name in the text whose turn it is: by the position where it begins, longest first. Returns how
 * many words it compared; over NAMES_EFFORT_MAX, some tenths of a second, it gives up. */
#define NAMES_EFFORT_MAX 30000000u
size_t names_finish(struct names_look *l, name_hit_fn hit, void *ctx);
/* All of it. */
size_t names_find(const struct names *n, enum names_turn turn, const struct text *t,
	name_hit_fn hit, void *ctx);
/* Every name that is exactly this one token. */
void names_of(
	const struct names *n, enum token_kind kind, struct str folded, name_hit_fn hit, void *ctx);

#endif
