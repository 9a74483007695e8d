/* A text with blanks: "https://{instance}/tags/{tag|pathenc}?min={cursor?}".
 *
 * A blank is {NAME}, a setting or a value of the run, or {/POINTER} into the item. Steps follow behind
 * '|', "{{" stands for a brace, '?' at the end says that the blank may stay empty. In an address every blank is
 * percent-encoded unless `raw`, `enc` or `pathenc` says how. Compiled once, then read by any thread. */
#ifndef HARK_CONNECTORS_FORM_H
#define HARK_CONNECTORS_FORM_H

#include "connectors/transform.h"
#include "monitor/base/buf.h"

enum form_use {
	FORM_TEXT,
	FORM_PATH,  /* an address: encoded for a path */
	FORM_QUERY, /* a parameter: encoded for a query */
};

struct blank {
	struct str before; /* literal text */
	bool is_pointer;
	size_t var; /* index into the maker's vars */
	struct pointer pointer;
	struct transforms steps;
	bool optional, encoded; /* a step has encoded it already */
};

struct form {
	enum form_use use;
	struct blank *blanks;
	size_t n, cap;
	struct str after; /* behind the last blank */
};

int form_compile(struct form *out, struct str text, enum form_use use, struct maker *m,
	struct hark_err *err);
enum form_result {
	FORM_LACKS, /* a blank that must not be empty is; also: no memory */
	FORM_GAPS,  /* a blank that may be empty is */
	FORM_FULL,
};
/* Appends the text; what was appended before FORM_LACKS stays. */
enum form_result form_fill(const struct form *f, struct work *w, struct buf *out);
/* The same, into the work's arena; absent where something lacks. */
struct str form_text(const struct form *f, struct work *w);
/* Whether the form has a blank for the maker's i-th var. */
bool form_asks(const struct form *f, size_t var);
/* Percent-encodes all but unreserved characters. */
void form_encode(struct str text, struct buf *out);

#endif
