/* A rule file with its queries in one normal form and everything else byte for byte. */
#ifndef HARK_RULES_FMT_H
#define HARK_RULES_FMT_H

#include "monitor/base/diag.h"
#include "monitor/base/err.h"

#define FMT_WIDTH 100

/* One query that stands differently afterwards. */
struct fmt_edit {
	const char *what;  /* "rule acme", "define leaving" */
	unsigned line;     /* where its text begins, from 1 */
	size_t start, end; /* the bytes of the file it takes the place of */
	struct str text;
};

struct fmt {
	struct fmt_edit *edits; /* in the order of the file */
	size_t n, cap;
	size_t kept; /* queries left as they are: each has a warning (W014) */
};

/* Works out what to change; strings live in `arena`, `text` is not kept. HARK_EPARSE: the file has
 * errors (in `diags`), nothing is changed. Needs fold_init(). */
int fmt_file(struct fmt *out, struct str text, const char *name, struct arena *arena,
	struct diags *diags, struct hark_err *err);
/* The whole file with the changes made. */
void fmt_apply(const struct fmt *f, struct str text, struct buf *out);

#endif
