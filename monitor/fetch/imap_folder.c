#include "monitor/fetch/imap_folder.h"

#include "monitor/base/crypto.h"
#include "monitor/base/err.h"
#include "monitor/base/utf8.h"

static void add_shifted(struct buf *out, const struct buf *utf16)
{
	struct buf coded;
	buf_init(&coded, 4 * IMAP_FOLDER_MAX);
	crypto_base64(&coded, utf16->p, utf16->n);
	buf_add_char(out, '&');
	for (size_t i = 0; i < coded.n && coded.p[i] != '='; i++) {
		buf_add_char(out, coded.p[i] == '/' ? ',' : coded.p[i]);
	}
	buf_add_char(out, '-');
	buf_release(&coded);
}

static void add_utf16(struct buf *out, uint32_t cp)
{
	uint32_t units[2] = {cp, 0};
	size_t n = 1;
	if (cp > 0xffff) {
		units[0] = 0xd800 + ((cp - 0x10000) >> 10);
		units[1] = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		n = 2;
	}
	for (size_t i = 0; i < n; i++) {
		buf_add_char(out, (char)(units[i] >> 8));
		buf_add_char(out, (char)(units[i] & 0xff));
	}
}

bool imap_folder(struct str name, struct buf *out)
{
	struct buf wide;
	buf_init(&wide, 2 * IMAP_FOLDER_MAX + 4);
	buf_add_char(out, '"');
	for (size_t i = 0; i < name.n;) {
		uint32_t cp;
		size_t n = utf8_first(str_n(name.p + i, name.n - i), &cp);
		if (n == 0 || cp < ' ' || cp == 0x7f) {
			buf_release(&wide);
			return false;
		}
		i += n;
		if (cp > 0x7e) {
			add_utf16(&wide, cp);
			continue;
		}
		if (wide.n > 0) {
			add_shifted(out, &wide);
			buf_clear(&wide);
		}
		if (cp == '"' || cp == '\\') {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, (char)cp);
		if (cp == '&') {
			buf_add_char(out, '-');
		}
	}
	if (wide.n > 0) {
		add_shifted(out, &wide);
	}
	buf_add_char(out, '"');
	bool good = wide.rc == HARK_OK && out->rc == HARK_OK;
	buf_release(&wide);
	return good;
}
