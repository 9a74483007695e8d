/* Arrays of rows that grow while they are read. For the files in monitor/store only. */
#ifndef HARK_STORE_GROW_H
#define HARK_STORE_GROW_H

#include "monitor/store/driver.h"

/* As arena_grow(); no memory becomes the connection's failure. */
static inline void *store_grow(
	struct db *db, struct arena *arena, void *array, size_t n, size_t *cap, size_t size)
{
	void *grown = arena_grow(arena, array, n, cap, size);
	if (grown == NULL) {
		db_fail(db, HARK_ENOMEM, "no memory for what is read");
	}
	return grown;
}

#endif
