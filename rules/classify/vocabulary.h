/* What words and phrases mean to the move finder: tables of text, indexed by the hash of a word.
 *
 * Tables hold folded words (fold.h). A phrase is a row of elements between spaces:
 *
 *	word        that word; one/two/three: any of them
 *	word?       the same, or nothing
 *	..          up to five words of the same sentence
 *	<N> <T> <#> a name, a title (perhaps with an article), a number begins here
 *
 * and begins with a word or a number; <#> may be one of the alternatives. A vocabulary is immutable once made: any thread may look things up. */
#ifndef HARK_RULES_CLASSIFY_VOCABULARY_H
#define HARK_RULES_CLASSIFY_VOCABULARY_H

#include "rules/text.h"

/* What a word may be. */
enum word_flag {
	WORD_PLAIN = 1 << 0,     /* no name, and no part of a title, with a capital either */
	WORD_TITLE = 1 << 1,     /* makes a row of words somebody's position */
	WORD_MODIFIER = 1 << 2,  /* stands in titles before that word */
	WORD_AREA = 1 << 3,      /* of what somebody is head: departments, regions */
	WORD_ORG = 1 << 4,       /* in names of organisations */
	WORD_GIVEN = 1 << 5,     /* a given name */
	WORD_HONORIFIC = 1 << 6, /* before a person's name */
	WORD_ME = 1 << 7,
	WORD_WE = 1 << 8,
	WORD_PRONOUN = 1 << 9, /* he, she … */
	WORD_OLD = 1 << 10,    /* what follows is over: ex, former */
	WORD_PLACE = 1 << 11,  /* behind it stands an organisation */
	WORD_BE = 1 << 12,
	WORD_ARTICLE = 1 << 13,
	WORD_BARE_ORG = 1 << 14, /* company, board: alone they name nobody */
	WORD_TIME = 1 << 15,     /* months, days */
	WORD_FROM = 1 << 16,
	WORD_PAPER = 1 << 18,   /* in names of those who write of others */
	WORD_TICKER = 1 << 17,  /* a stock exchange: behind it stands a sign, no name */
	WORD_SURNAME = 1 << 19, /* a surname as well, whatever else it is */
	WORD_LAND = 1 << 20,    /* a country, a city */
	WORD_PRESS = 1 << 21,   /* in names of authors who write of others, of organisations as well */
};

/* What a word speaks of (topics.c). */
enum topic { /* in the order of the features NOT_NEAR … */
	/* of a clause */
	TOPIC_NOT = 1 << 0,
	TOPIC_MODAL = 1 << 1,
	TOPIC_UNREAL = 1 << 2, /* what follows is wished, planned, said */
	TOPIC_IF = 1 << 3,
	TOPIC_SINCE = 1 << 4,
	TOPIC_VAGUE = 1 << 5, /* nobody in particular */
	/* of posts */
	TOPIC_NOW = 1 << 6,
	TOPIC_WORK = 1 << 7,
	TOPIC_SPORT = 1 << 8,
	TOPIC_STAGE = 1 << 9,
	TOPIC_BEAST = 1 << 10,
	TOPIC_STATE = 1 << 11,
	TOPIC_CLUB = 1 << 12,
	TOPIC_KIN = 1 << 13,
	TOPIC_TECH = 1 << 14,
	TOPIC_SHOP = 1 << 15,
	TOPIC_PAST = 1 << 16,
	TOPIC_BEGIN = 1 << 17, /* words of starts */
	TOPIC_END = 1 << 18,
	TOPIC_STILL = 1 << 19, /* nothing changes */
	TOPIC_GLAD = 1 << 20,
	TOPIC_WHEN = 1 << 21, /* months, days of the week */
	TOPIC_SPAN = 1 << 22, /* years, months: how long */
	TOPIC_JOKE = 1 << 23,
	TOPIC_SAY = 1 << 24, /* somebody tells it */
	/* why a title stands beside a name where nobody moves */
	TOPIC_TALK = 1 << 25,   /* talks, interviews, events */
	TOPIC_PRIZE = 1 << 26,  /* awards, rankings */
	TOPIC_DEAL = 1 << 27,   /* firms that work for firms, or buy them */
	TOPIC_ADVERT = 1 << 28, /* posts to be filled */
	TOPIC_HOME = 1 << 29,   /* what somebody starts and quits at home */
	TOPIC_INTRO = 1 << 30,  /* people who say who they are */
};
#define TOPICS 31 /* bits */

struct word_row {
	unsigned flag;
	const char *words; /* between spaces */
};
extern const struct word_row word_rows[], topic_rows[];
extern const size_t word_rows_n, topic_rows_n;
extern const char given_names[]; /* between spaces: given names before another name */

/* Who stands on which side of a cue. */
enum cue_kind {
	CUE_HIRE,       /* employer, cue, person */
	CUE_HIRED,      /* person, cue: title, employer */
	CUE_NAMED,      /* either of the two */
	CUE_JOIN,       /* person, cue, employer */
	CUE_BECOME,     /* person, cue, title */
	CUE_WELCOME,    /* cue, person; the employer speaks */
	CUE_ME,         /* the author starts; employer anywhere */
	CUE_LEAVE,      /* person, cue, employer or title */
	CUE_FIRE,       /* employer, cue, person */
	CUE_FIRED,      /* person, cue */
	CUE_OUSTED,     /* either of the two */
	CUE_ME_LEAVE,   /* the author leaves */
	CUE_PROMOTE,    /* employer, cue, person */
	CUE_PROMOTED,   /* person, cue */
	CUE_ME_PROMOTE, /* the author rises */
	CUE_EVIDENCE,   /* no move, but speaks for one near it */
	CUE_INSIDE,     /* the move near it is a promotion */
	CUE_KINDS,
};

struct cue {
	enum cue_kind kind;
	int points;
	const char *phrase;
};
extern const struct cue cues_joined[], cues_plain[], cues_left[], cues_beside[];
extern const size_t cues_joined_n, cues_plain_n, cues_left_n, cues_beside_n;
/* All of them in one row; NULL: there are no more. */
const struct cue *cue_at(size_t row);

enum veto_scope {
	VETO_SENTENCE, /* what stands in the same sentence */
	VETO_POST,     /* all of it */
};

struct veto {
	const char *reason;
	enum veto_scope scope;
	const char *phrase;
};
extern const struct veto vetoes[];
extern const size_t vetoes_n;
#define VETO_REASONS_MAX 80 /* names that differ */

/* ---- the index ---- */

struct vocabulary;

enum element_kind {
	ELEMENT_WORD,
	ELEMENT_GAP,
	ELEMENT_NAME,
	ELEMENT_TITLE,
};

struct element {
	uint8_t kind;
	bool optional;
	bool number;             /* a number will do */
	uint32_t words, words_n; /* in the vocabulary's hashes */
};

/* One compiled row of cues[] or vetoes[]. */
struct phrase {
	uint32_t elements, elements_n;
	uint16_t row;
	bool is_veto;
	bool is_move; /* a cue that tells one */
};

/* What is known of a word. */
struct word_info {
	unsigned flags, topics;
	uint32_t phrases, phrases_n; /* that begin with it: places in vocabulary_phrase() */
};

/* NULL: no memory. */
struct vocabulary *vocabulary_new(void);
void vocabulary_free(struct vocabulary *v);
const struct word_info *vocabulary_find(const struct vocabulary *v, uint64_t hash);
/* Is it one of given_names? Asked only of posts that may tell a move. */
bool vocabulary_given(const struct vocabulary *v, uint64_t hash);
/* Of a word that begins with a digit and is not known itself. */
const struct word_info *vocabulary_number(const struct vocabulary *v);
const struct phrase *vocabulary_phrase(const struct vocabulary *v, uint32_t place);
const struct element *vocabulary_element(const struct vocabulary *v, uint32_t element);
/* The reason of a row of vetoes[]: a number below vocabulary_reasons(). */
size_t vocabulary_reason(const struct vocabulary *v, size_t row);
size_t vocabulary_reasons(const struct vocabulary *v);
bool vocabulary_has(const struct vocabulary *v, const struct element *e, uint64_t hash);

#endif
