/* A post as the rules see it: a row of tokens with their places, in one pass over the bytes.
 *
 * All fields of a post stand behind one another in one row; fields[] says where each begins and
 * ends, so "in the title" is a range of positions. A position holds exactly one token. A hashtag is
 * kept aside: it covers the positions of the words it is made of (#ProductLaunch: product, launch).
 *
 * What a word is: letters and digits, _ joins, . and , join digits only, a hyphen splits, an
 * apostrophe stays inside a word and a final 's falls; every code point of a script without spaces
 * is a token of its own; a handle, a cashtag, a URL and an emoji are one token each and their text
 * is no words.
 *
 * A struct text is scratch of one thread: text_reset() keeps its memory, so a matcher that has seen
 * a few posts allocates nothing more. Slices point into the folded bytes or the field. */
#ifndef HARK_RULES_TEXT_H
#define HARK_RULES_TEXT_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"
#include "rules/roles.h"

enum token_kind {
	TOKEN_WORD,
	TOKEN_CJK, /* a word of one code point */
	TOKEN_HANDLE,
	TOKEN_CASHTAG,
	TOKEN_URL,
	TOKEN_EMOJI,
	TOKEN_TAG,    /* only in `tags` */
	TOKEN_DOMAIN, /* never in a text: host names in lists */
};

enum token_flag {
	TOKEN_CAPITAL = 1 << 0,     /* begins with a capital letter */
	TOKEN_AFTER_BREAK = 1 << 1, /* a hard break lies before it */
	TOKEN_HANGUL = 1 << 2,      /* a word that ends in a Korean syllable */
	TOKEN_OPAQUE = 1 << 3,      /* some of its characters are in no word (text.opaque) */
};

enum text_field {
	TEXT_TITLE,
	TEXT_TEXT,
	TEXT_QUOTED,
	TEXT_HANDLE, /* of the author */
	TEXT_NAME,   /* of the author */
	TEXT_BIO,
	TEXT_MENTIONS,
	TEXT_TAGS,
	TEXT_FIELDS,
};

struct token {
	uint32_t start, end; /* bytes of the field as written */
	uint32_t fold;       /* folded bytes: offset and length in text.folded */
	uint32_t fold_n;
	uint8_t kind, flags, field;
};

struct tag_token {
	struct token token;
	uint64_t hash;
	uint32_t from, to; /* positions of its words */
};

struct text {
	struct token *v;
	uint64_t *hash; /* of each token: token_hash() */
	size_t n, cap;
	struct tag_token *tags;
	size_t tags_n, tags_cap;
	char *folded;
	size_t folded_n, folded_cap;
	struct {
		uint32_t start, end; /* positions, end exclusive */
		struct str source;   /* borrowed */
	} fields[TEXT_FIELDS];
	enum text_field open; /* the one being filled */
	bool question;        /* title or text holds a question mark */
	bool opaque;  /* some characters are in no word: URL, handle, odd marks (see regex.h) */
	bool hangul;  /* some token is TOKEN_HANGUL */
	bool careful; /* no short cuts, for comparing; stays over a reset */
	/* Where each word will be looked up next, so that memory is asked for it at once, or NULL.
	 * Borrowed; stays over a reset. */
	const struct lookup *next;
	int rc;       /* HARK_ENOMEM: incomplete */
	bool starved; /* rc was HARK_ENOMEM once; stays over a reset */
};

/* Needs fold_init() to have succeeded. */
void text_init(struct text *t);
void text_release(struct text *t);
/* Empty again, memory kept. */
void text_reset(struct text *t);

/* Each field at most once after a reset; `source` must outlive its use. At most TEXT_MAX bytes are
 * looked at. */
#define TEXT_MAX (4u << 20)
void text_add(struct text *t, enum text_field field, struct str source);
/* Opens a field that is filled token by token, with one of the two below, and closes it. */
void text_open(struct text *t, enum text_field field);
void text_add_handle(struct text *t, struct str handle); /* with or without @ */
void text_add_tag(struct text *t, struct str tag);       /* with or without # */
void text_add_address(struct text *t, struct str url);   /* of a profile, see lists.h */
void text_close(struct text *t, enum text_field field);

/* The folded bytes of a token, valid until the next addition. */
struct str text_token(const struct text *t, const struct token *token);
static inline struct str text_at(const struct text *t, size_t position)
{
	return text_token(t, &t->v[position]);
}
/* Equal tokens of equal kind have equal hashes. Salted: names and posts come from strangers. */
uint64_t token_hash(enum token_kind kind, struct str folded);

#endif
