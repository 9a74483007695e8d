#include "tests/fuzz/fuzz.h"

#include "monitor/fetch/url.h"

#include <assert.h>
#include <stdlib.h>

/* A Location header from anybody, on a page of ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct buf key, shown;
	if (text == NULL) {
		return 0;
	}
	memcpy(text, data, size);
	text[size] = '\0';
	buf_init(&key, URL_MAX);
	buf_init(&shown, 4 * URL_MAX);
	if (url_origin(&key, text, NULL) == HARK_OK) {
		assert(str_starts(buf_str(&key), STR("http://")) ||
			str_starts(buf_str(&key), STR("https://")));
		url_show(&shown, text, false);
		assert(strchr(buf_c(&shown), '?') == NULL && strchr(buf_c(&shown), '#') == NULL);
	}
	char *joined = url_join("https://user:secret@example.com/feed?token=secret", text);
	if (joined != NULL) {
		buf_clear(&shown);
		url_show(&shown, joined, true);
	}
	free(joined);
	buf_release(&key);
	buf_release(&shown);
	free(text);
	return 0;
}
