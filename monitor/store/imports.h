/* The ledger of imports: what came from which file and when, and the way back. */
#ifndef HARK_STORE_IMPORTS_H
#define HARK_STORE_IMPORTS_H

#include "monitor/base/arena.h"
#include "monitor/store/record.h"
#include "monitor/store/store.h"

struct import_counts {
	int64_t rows, added, changed, unchanged, rejected, reviews, opted_out;
};

struct import_entry {
	int64_t id; /* 0: none */
	struct str kind, system, file, hash, mapping, actor, undone_by;
	struct import_counts counts;
	int64_t at_ms, undone_ms;
};

/* In the caller's transaction; returns the number. Counts are written at the end. */
int64_t store_import_begin(struct store *s, const struct import_entry *row);
void store_import_end(struct store *s, int64_t id, const struct import_counts *counts);
/* Of one that has written nothing else. */
void store_import_forget(struct store *s, int64_t id);

/* Newest first, at most `max`, before the one of that number (0: from the newest). Texts live in `arena`. */
int store_import_list(struct store *s, int64_t before, size_t max, struct arena *arena,
	struct import_entry **out, size_t *n, struct hark_err *err);
/* The last import of that very file that still stands; id 0: there is none. */
int store_import_of_file(struct store *s, enum record_kind kind, struct str hash,
	struct arena *arena, struct import_entry *out, struct hark_err *err);
/* Whether any stands, ever did, and which was done or undone last: another number, other records. */
int64_t store_import_mark(struct store *s);

#define IMPORT_EXAMPLES 5
struct import_examples {
	struct str v[IMPORT_EXAMPLES]; /* names, the first; else what their system calls them */
	size_t n;
};
struct import_undone {
	struct import_entry import; /* which it is */
	int64_t removed, restored;
	struct import_examples goes, changes; /* of what goes, and of what is as before */
};
/* Takes an import back: what it added goes, what it changed is as before. `look`: counts, and takes everything back.
 * HARK_ENOENT: there is no such import; HARK_ESTATE: it is undone already, or something newer hangs on what it wrote, and
 * the sentence says what. Texts live in `arena`. */
int store_import_undo(struct store *s, int64_t id, struct str actor, bool look, int64_t now_ms,
	struct arena *arena, struct import_undone *out, struct hark_err *err);
/* The same in the caller's transaction, and for good. */
int store_import_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct import_undone *out, struct hark_err *err);

#endif
