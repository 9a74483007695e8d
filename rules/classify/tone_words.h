/* Words that carry a tone, and the small words that turn, weaken or join it. Written for hark; the
 * model learns what each side is worth. Inside the tone reader. */
#ifndef HARK_RULES_CLASSIFY_TONE_WORDS_H
#define HARK_RULES_CLASSIFY_TONE_WORDS_H

#include "rules/classify/tone_scan.h"

enum tone_role {
	ROLE_NEGATES = 1 << 0,   /* not, never, nobody */
	ROLE_HARDLY = 1 << 1,    /* negates, but only in part */
	ROLE_STRONGER = 1 << 2,  /* very, so, absolutely */
	ROLE_WEAKER = 1 << 3,    /* a bit, slightly, somewhat */
	ROLE_CONTRASTS = 1 << 4, /* but, though, however */
	ROLE_ARTICLE = 1 << 5,   /* the, our, their, this: a noun phrase begins behind it */
	ROLE_BINDS = 1 << 6,     /* and, or, with, which: a clause goes on or another begins */
	ROLE_PREPOSITION = 1 << 7,
	ROLE_PRONOUN = 1 << 8,
	ROLE_VERB = 1 << 9,      /* forms of be, have, do, modal and common ones */
	ROLE_ENGLISH = 1 << 10,  /* a common word of English, of no other language */
	ROLE_WE = 1 << 11,       /* I, we, my, our */
	ROLE_TOO = 1 << 12,      /* too slow */
	ROLE_LACKS = 1 << 13,    /* without, missing, lacks */
	ROLE_WHOLE = 1 << 14,    /* tool, product, app, software: the thing itself, no part of it */
	ROLE_COMPANY = 1 << 15,  /* team, support, staff, vendor */
	ROLE_ASKS = 1 << 16,     /* who, how, anyone */
	ROLE_RISES = 1 << 17,    /* cut, dropped, rose, from: a figure changes */
	ROLE_UNIT = 1 << 18,     /* percent, hours, days */
	ROLE_COUNTS = 1 << 19,   /* two, half, dozen */
	ROLE_FOREIGN = 1 << 20,  /* a common word of another language, of none in English */
	ROLE_WISHES = 1 << 21,   /* wish, could, should, would: it is not so */
	ROLE_NEEDS = 1 << 22,    /* needs, takes, has to: a burden */
	ROLE_RARELY = 1 << 23,   /* sometimes, now and then */
	ROLE_LATE = 1 << 24,     /* late, slow, weeks: time that is lost */
	ROLE_FORMER = 1 << 25,   /* old, previous, before: of what came before */
	ROLE_SPLITS = 1 << 26,   /* but, though, except: a clause begins */
	ROLE_CONCEDES = 1 << 27, /* although, despite: what follows weighs less */
	ROLE_YOU = 1 << 28,      /* you, your */
	ROLE_GIVEN = 1 << 29,    /* a given name */
	ROLE_OPENS = 1 << 30,    /* thanks, great, genius: praise, and how sarcasm begins */
};

/* Lists of words that the readers of turns and aspects look for, a bit of tone_token.listed each. */
enum tone_listed {
	LISTED_SUPPOSED = 1 << 0, /* nobody says that it was so */
	LISTED_ENDED = 1 << 1,    /* it was so only until then */
	LISTED_TONED = 1 << 2,    /* nouns that have a tone of their own */
	LISTED_EMPTY = 1 << 3,    /* nouns for the whole, for time and for nothing in particular */
	LISTED_LEADS = 1 << 4, /* what is judged follows: "love the planner", "no offline mode" */
	LISTED_FLAW = 1 << 5,  /* what praise denies: "no problems" */
	LISTED_FILLS = 1 << 6, /* between a denial and the flaw */
	LISTED_ALONE = 1 << 7, /* in no other list: its worth is that of its stem */
};

/* What a word that denies may be part of (tone_turns.c), a bit of tone_token.denies each. */
enum tone_denial {
	DENIES_WHO = 1 << 0,     /* nobody: no flaw is denied by it */
	DENIES_ANY = 1 << 1,     /* no, without: a flaw may follow at once */
	DENIES_EVER = 1 << 2,    /* never, hasn't */
	DENIES_DOING = 1 << 3,   /* don't, won't */
	DENIES_FLATLY = 1 << 4,  /* not, wasn't, hardly */
	DENIES_BEING = 1 << 5,   /* can't, couldn't */
	DENIES_WISHING = 1 << 6, /* wouldn't, can't */
	DENIES_HELP = 1 << 7,    /* no, none, never */
};

/* A word that a reader met, and what is known of it wherever it stands. */
struct tone_met {
	uint32_t tag; /* of its hash; 0: none */
	int16_t letters[2]; /* what its runs of letters add to each side (tone_sums.c) */
	uint8_t letters_n;  /* so many; 0: not added up yet */
	uint8_t denies;
	int8_t value; /* these as in tone_token */
	uint8_t listed;
	uint16_t cue;
	uint32_t roles;
};

#define TONE_REMEMBERED 32768 /* words; a power of two */

/* Most words of a post were in an earlier one: what was looked up for them is kept. All zero before the first use;
 * scratch of one thread, for one model. */
struct tone_memory {
	struct tone_met v[TONE_REMEMBERED];
};

static inline uint32_t tone_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}
/* Where the word with that hash is, if it is there: its tag tells. */
static inline struct tone_met *tone_remembered(struct tone_memory *m, uint64_t hash)
{
	return &m->v[(hash ^ hash >> 17) & (TONE_REMEMBERED - 1)];
}

struct tone_words;

/* NULL: no memory. */
struct tone_words *tone_words_new(void);
void tone_words_free(struct tone_words *w);
/* Sets value, roles and TONE_NEGATED of every token. */
void tone_words_mark(
	const struct tone_words *w, struct tone_memory *memory, struct tone_scan *s);

/* "labs", "systems", folded: of a firm's name. Slow: for the few names that may be a person's. */
bool tone_word_of_firm(struct str word);

/* tone_cues.c: its phrases, one after another; NULL behind the last. */
const char *tone_cue(size_t i);
/* Phrases are kept as hashes. Those that begin with a word are chained from its token (`cue`, 1 for the first
 * phrase, 0 for none), those that begin with =we from `we`. In a chain, phrases whose second word may be any, or that
 * have none, come first: those behind them are looked at only where first and second word begin one of them. */
#define TONE_CUE_WE 1  /* instead of a hash */
#define TONE_CUE_GAP 2 /* instead of a hash */
#define TONE_CUES_OF_ALL 4096
#define TONE_CUE_WORDS 16384
#define TONE_CUE_PAIRS 32768 /* bits; a power of two */
struct tone_phrases {
	uint64_t words[TONE_CUE_WORDS];  /* of all, without the first; a 0 behind each */
	uint16_t rest[TONE_CUES_OF_ALL]; /* where the second word of a phrase is */
	uint16_t next[TONE_CUES_OF_ALL]; /* in its chain */
	uint64_t pairs[TONE_CUE_PAIRS /
		       64]; /* first and second words, as tone_cue_pair() has them */
	uint16_t we;
	unsigned words_n;
};
/* The bit of a first and a second word; `first` is 0 for =we. */
static inline uint32_t tone_cue_pair(uint64_t first, uint64_t second)
{
	return (uint32_t)((first ^ second * 3) * 0x9e3779b97f4a7c15ull >> 49);
}
/* Borrowed from `w`. */
const struct tone_phrases *tone_words_phrases(const struct tone_words *w);
/* tone_language.c: is it English? True also of a text that says nothing either way, such as an emoji or
 * a name. */
bool tone_is_english(const struct tone_scan *s);

#endif
