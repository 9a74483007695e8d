/* Who reads something of the reference desk, and from where. Borrowed for the call. */
#ifndef HARK_REFERENCES_READER_H
#define HARK_REFERENCES_READER_H

#include "monitor/base/arena.h"
#include "monitor/config/conf.h"
#include "monitor/model/reference.h"
#include "monitor/model/role.h"
#include "monitor/store/store.h"

struct reader {
	struct store *store; /* NULL: there is none yet, and so nothing in it */
	const struct conf *conf;
	struct arena *arena; /* for what is read */
	enum role role;      /* whoever is at the command line sees what an admin sees */
	int64_t now_ms;
};

/* Whether that role is told a statement: not if it waits for compliance, unless they sign, nor if everything that was
 * found in it is of a class they do not see. A query. */
bool reader_is_told(struct store *s, enum role role, const struct statement *what);

#endif
