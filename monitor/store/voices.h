/* Everything customers said, with who said it and what they agreed to: for what is made of it. */
#ifndef HARK_STORE_VOICES_H
#define HARK_STORE_VOICES_H

#include "monitor/base/arena.h"
#include "monitor/model/reference.h"
#include "monitor/store/store.h"

struct voice {
	struct statement statement;
	struct str person, title, account, industry;
	enum permission permission; /* of their reference; found where there is none */
	int64_t consent, expires_ms;
};

/* Newest first; account, product (part of it) and industry may be absent: any. `reference` 0: any. */
int store_voices(struct store *s, int64_t reference, struct str account, struct str product,
	struct str industry, struct arena *arena, struct voice **out, size_t *n,
	struct hark_err *err);

#endif
