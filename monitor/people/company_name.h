/* Names of companies: what is said in them, and whether two may mean one. Pure; needs fold_init().
 *
 * Legal forms (of rules/slot.h, so that lists, slots and people agree), articles, "&" and accents make no
 * difference. What is left after "Group" or "Holding" and after a country is the name; that one of two has such
 * a word leaves it open whether they are one. Letters alone are never taken for an abbreviation: that IBM is
 * International Business Machines is said by an alias. */
#ifndef HARK_PEOPLE_COMPANY_NAME_H
#define HARK_PEOPLE_COMPANY_NAME_H

#include "monitor/people/person_name.h"

#define COMPANY_BYTES_MAX 200
#define COMPANY_WORDS_MAX 24

struct company_name {
	uint8_t n;                       /* words of the name itself; 0: there is none */
	bool article;                    /* "The" was in front */
	bool group;                      /* "Group", "Holding" was behind */
	bool web;                        /* written as an address: acme.com */
	uint64_t form;                   /* of the legal forms, 0: none */
	uint64_t branch;                 /* of the countries and regions behind it, 0: none */
	uint64_t accents;                /* bit i: byte i had an accent */
	uint8_t ends[COMPANY_WORDS_MAX]; /* of the words, in `bytes` */
	uint8_t bytes_n;
	char bytes[COMPANY_BYTES_MAX]; /* the words, folded, in one piece */
};

/* False: no name is in it. A name of more words or bytes is none. */
bool company_name_read(struct company_name *out, struct str text);

enum company_reason {
	COMPANY_EXACT,
	COMPANY_SPACING,    /* AT&T, AT and T; Face Book, Facebook */
	COMPANY_DIACRITICS, /* Örtli, Ortli, Oertli */
	COMPANY_ARTICLE,    /* The Acme, Acme */
	COMPANY_FORM,       /* Acme GmbH, Acme */
	COMPANY_REASONS_SAME = COMPANY_FORM,
	COMPANY_OTHER_FORM, /* Acme GmbH, Acme Inc. */
	COMPANY_WEB,        /* acme.com, Acme */
	COMPANY_GROUP,      /* Acme Holding, Acme */
	COMPANY_BRANCH,     /* Acme Deutschland, Acme */
	COMPANY_PART,       /* Acme Labs, Acme */
	COMPANY_OTHER,      /* another name */
	COMPANY_NOT_GIVEN,
};

struct company_match {
	enum name_verdict verdict;
	enum company_reason reason; /* the weakest step */
};

struct company_match company_name_compare(
	const struct company_name *a, const struct company_name *b);
const char *company_reason_name(enum company_reason reason);
/* Whether two names may mean one company; makes the tables of letters itself. */
bool company_name_same(struct str a, struct str b);

/* Whether they differ by no more than a legal form on one of them, an article, an accent or a space; as above. */
bool company_name_alike(struct str a, struct str b);

/* Equal for names that are the same, or would be but for their form, group or branch; 0: no name. */
uint64_t company_name_key(const struct company_name *n);

/* The domain that somebody registered, of an e-mail address, a web address or a host, in lower case, as the
 * public suffix list says ("www.shop.acme.co.uk": "acme.co.uk"). False: there is none. Any thread. */
#define COMPANY_DOMAIN_MAX 256
bool company_domain(struct str address, char out[COMPANY_DOMAIN_MAX]);
/* Whether everybody may have an address there (mail providers, networks): it says nothing about an employer. */
bool company_domain_is_shared(struct str domain);
/* Whether the domain is the name written as one ("acme-widgets.example", Acme Widgets). */
bool company_domain_fits(struct str domain, const struct company_name *name);

#endif
