/* What making and asking share. */
#ifndef HARK_PEOPLE_WHO_IN_H
#define HARK_PEOPLE_WHO_IN_H

#include "monitor/people/who.h"

#include <stdatomic.h>

enum who_key {
	WHO_KEY_PROFILE,
	WHO_KEY_EMAIL,
	WHO_KEY_HANDLE,
	WHO_KEY_NAME,
	WHO_KEY_EMPLOYER, /* not looked up, only compared */
	WHO_KEY_DOMAIN,   /* the same */
	WHO_KEY_TITLE,    /* the same */
	WHO_KEY_PLACE,    /* the same */
};

struct who_face {
	int64_t id;
	uint64_t title, place; /* keys, 0: not known */
	uint32_t name;         /* in `bytes` */
	uint32_t employers;    /* in `employers` … */
	uint16_t employers_n;  /* … so many */
	uint8_t name_n;
	uint8_t has; /* bits of enum who_key: addresses it has, so that another one differs */
};

struct who {
	atomic_int refs;
	uint64_t salt;
	struct who_face *faces; /* owned, like all below */
	size_t faces_n;
	char *bytes;
	size_t bytes_n;
	uint64_t *employers;
	size_t employers_n;
	uint64_t *keys; /* sorted */
	uint32_t *face; /* of each key */
	size_t keys_n;
	uint32_t *
		first; /* by the first `bits` bits of a key: where they begin; one more at the end */
	unsigned bits;
};

/* Of a text in its normal form; 0: there is none. */
uint64_t who_key_handle(const struct who *w, struct who_scratch *s, struct str handle);
uint64_t who_key_email(const struct who *w, struct who_scratch *s, struct str email);
uint64_t who_key_profile(const struct who *w, struct who_scratch *s, struct str url);
uint64_t who_key_employer(const struct who *w, struct str name);
/* Of the domain that somebody registered, unless everybody has addresses there. */
uint64_t who_key_domain(const struct who *w, struct str address);
uint64_t who_key_words(
	const struct who *w, struct who_scratch *s, enum who_key kind, struct str text);
/* The town of a place: what stands before the first comma. */
uint64_t who_key_place(const struct who *w, struct who_scratch *s, struct str place);
/* A key of person_name_keys(). */
uint64_t who_key_name(const struct who *w, uint64_t key);

#endif
