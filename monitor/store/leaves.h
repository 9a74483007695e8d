/* Who wants no more mails from a receiver: the choice of whoever reads them, by the link that each mail carries.
 *
 * The link names the receiver and a fingerprint of its address, keyed as those of opt-outs (optouts.h), so that nobody
 * can make one up. A choice is for that address: another one under the same name has mails again. Inside the caller's
 * transaction, where it writes; failures are its commit's. */
#ifndef HARK_STORE_LEAVES_H
#define HARK_STORE_LEAVES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

#define LEAVE_MARK_MAX 65
/* 64 hexadecimal digits. False: there is no key yet, and `make` does not make one. */
bool store_leave_mark(struct store *s, struct str receiver, struct str address, bool make,
	char out[LEAVE_MARK_MAX]);

bool store_leave_has(struct store *s, struct str receiver, struct str mark);
void store_leave_add(struct store *s, struct str receiver, struct str mark, int64_t now_ms);
/* Of any address. How many there were. */
int64_t store_leave_end(struct store *s, struct str receiver);
/* When it was chosen, 0: it was not. */
int64_t store_leave_since(struct store *s, struct str receiver, struct str mark);

#endif
