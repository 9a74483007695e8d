/* One export against what is remembered of those before: tells the host who is new, has another job or is
 * gone, and sets the cursor.
 *
 * DESIGN. What must not be invented decides the details:
 *  - Two exports agree on a person by the key the tool gives (id, else profile page, else e-mail
 *    address, else the name). Who is found under no key is looked for by name among those who are
 *    missing, so that a profile renamed or a page filled in later is neither a leaver nor a newcomer.
 *  - Spelling is no change: employer and title are compared without case, accents and punctuation.
 *    A column that is missing says nothing; what was known stays.
 *  - Several rows with one key are one person, unchanged if any of them says what was known, so that
 *    the order of rows does not matter.
 *  - Who is missing is gone only after `misses` exports in a row, and an export counts for that only if
 *    all its rows could be read and it is not far shorter than the one before.
 *  - A last row with fewer cells than columns and no line end is a file that was cut, not a row. A cut
 *    within the last cell cannot be seen. */
#ifndef HARK_CONNECTORS_ROSTER_COMPARE_H
#define HARK_CONNECTORS_ROSTER_COMPARE_H

#include "connectors/connector.h"
#include "connectors/roster_state.h"
#include "connectors/roster_table.h"

struct roster_rules {
	struct roster_columns columns;
	const char *format; /* NULL: any */
	const char *cursor; /* NULL: nothing is known */
	unsigned misses;
	bool staff; /* a new row is somebody who joined */
};

/* `text`: the reply's body as UTF-8. The host's result. */
int roster_compare(const struct roster_rules *rules, struct hark_host *host,
	const struct hark_reply *reply, struct str text);

#endif
