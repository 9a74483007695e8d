#include "monitor/base/recode.h"

#include "monitor/base/utf8.h"

static uint32_t unit_at(struct str s, size_t i, bool big)
{
	unsigned char a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1];
	return big ? (uint32_t)a << 8 | b : (uint32_t)b << 8 | a;
}

static void add_utf16(struct buf *out, struct str s, bool big)
{
	for (size_t i = 0; i + 1 < s.n; i += 2) {
		uint32_t cp = unit_at(s, i, big);
		char bytes[4];
		if (cp >= 0xd800 && cp < 0xdc00 && i + 3 < s.n) {
			uint32_t low = unit_at(s, i + 2, big);
			if (low >= 0xdc00 && low < 0xe000) {
				cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		buf_add_str(out, str_n(bytes, utf8_put(cp, bytes)));
	}
}

static void add_1252(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char bytes[4];
		buf_add_str(
			out, str_n(bytes, utf8_put(utf8_of_1252((unsigned char)s.p[i]), bytes)));
	}
}

bool recode(struct buf *out, struct str text, const char *file, struct diags *diags)
{
	bool little = str_starts(text, STR("\xff\xfe")), big = str_starts(text, STR("\xfe\xff"));
	if (little || big) {
		add_utf16(out, str_n(text.p + 2, text.n - 2), big);
		return true;
	}
	size_t valid = utf8_valid(text);
	if (valid == text.n) {
		return false;
	}
	long line, column;
	utf8_place(text, valid, &line, &column);
	struct diag_at at = {.file = file, .line = (unsigned)line, .col = (unsigned)column};
	diags_add(diags, DIAG_WARNING, "W076", at, STR_NONE, "save it as UTF-8 to be sure",
		"this is not UTF-8, so the file is read as windows-1252");
	add_1252(out, text);
	return true;
}
