#include "connectors/id.h"

#include "connectors/collect.h"
#include "monitor/base/hash.h"
#include "monitor/base/utf8.h"

const char *id_fit(const char *id, struct arena *arena)
{
	struct str s = str_c(id);
	char hex[33];
	if (s.n <= COLLECT_FIELD_MAX / 3 || (s.n <= COLLECT_FIELD_MAX && utf8_is_clean(s))) {
		return id; /* cleaning makes three bytes of one at most */
	}
	struct str head = str_cut_utf8(s, COLLECT_FIELD_MAX / 3 - sizeof(hex));
	char *fit = arena_alloc(arena, head.n + 1 + sizeof(hex));
	if (fit != NULL) {
		memcpy(fit, head.p, head.n);
		fit[head.n] = '~';
		memcpy(fit + head.n + 1, hash128_hex(hash128(&s, 1), hex), sizeof(hex));
	}
	return fit;
}
