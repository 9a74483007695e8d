/* People as they are found by: names, addresses, and whom they work for today. For `struct who`. */
#ifndef HARK_STORE_FACES_H
#define HARK_STORE_FACES_H

#include "monitor/store/store.h"

enum face_part {
	FACE_HANDLE,
	FACE_EMAIL,
	FACE_PROFILE,
	FACE_EMPLOYER, /* a name of it */
	FACE_EMPLOYER_DOMAIN,
};

struct face {
	int64_t person; /* who it is after all merges: of two that are one, both faces say the same */
	struct str name, title, place;
};

/* Texts are borrowed until the callback returns. */
struct face_reader {
	void (*face)(void *ctx, const struct face *f);
	void (*part)(void *ctx, enum face_part what, struct str value); /* of the last face */
	void *ctx;
};

/* Everybody but those who asked to be left alone, by whichever of their addresses. */
int store_faces_each(struct store *s, const struct face_reader *r, struct hark_err *err);

/* Another number, other faces. `learned`: counts what hark itself learns as well, which is often. */
int64_t store_faces_mark(struct store *s, bool learned);

#endif
