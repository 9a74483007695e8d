#include "tests/fuzz/fuzz.h"

#include "connectors/alert_mail.h"
#include "connectors/parse/mail.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct mail m;
	struct alert_item items[ALERT_ITEMS_MAX];
	arena_init(&arena, 64u << 20);
	if (mail_read(&m, str_n((const char *)data, size), &arena, NULL) == HARK_OK) {
		assert(m.subject.n == 0 || memchr(m.subject.p, '\n', m.subject.n) == NULL);
		size_t n = alert_mail_items(&m, &arena, items);
		for (size_t i = 0; i < n; i++) {
			assert(items[i].url.n > 0 && items[i].title.n > 0);
		}
	}
	arena_release(&arena);
	return 0;
}
