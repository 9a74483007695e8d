/* DESIGN. A wrong label is far more common than text of one set that happens to be valid in a
 * stricter one, so every label is checked against the bytes: UTF-8 with letters beyond ASCII wins
 * over any eight-bit label, a label whose decoder finds errors loses to UTF-8, and mixed text (UTF-8
 * with windows-1252 pasted in) is decoded sequence by sequence. */
#include "connectors/parse/charset.h"

#include "monitor/base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HEAD_BYTES 1024 /* where a declaration must be */

struct alias {
	const char *name, *means;
};

/* Labels as written, to what their users mean (WHATWG Encoding, labels). */
static const struct alias aliases[] = {
	{"utf8", "utf-8"},
	{"us-ascii", "windows-1252"},
	{"ascii", "windows-1252"},
	{"iso-8859-1", "windows-1252"},
	{"iso8859-1", "windows-1252"},
	{"iso_8859-1", "windows-1252"},
	{"latin1", "windows-1252"},
	{"latin-1", "windows-1252"},
	{"iso-8859-9", "windows-1254"},
	{"iso-8859-11", "cp874"},
	{"tis-620", "cp874"},
	{"gb2312", "gb18030"},
	{"gb_2312-80", "gb18030"},
	{"gbk", "gb18030"},
	{"x-gbk", "gb18030"},
	{"euc-kr", "cp949"},
	{"ks_c_5601-1987", "cp949"},
	{"ksc5601", "cp949"},
	{"shift_jis", "cp932"},
	{"shift-jis", "cp932"},
	{"sjis", "cp932"},
	{"x-sjis", "cp932"},
	{"big5", "big5-hkscs"},
	{"x-mac-roman", "macintosh"},
};

static void set_name(struct charset *used, struct str name)
{
	size_t n = name.n < sizeof(used->name) - 1 ? name.n : sizeof(used->name) - 1;
	for (size_t i = 0; i < n; i++) {
		char c = name.p[i];
		used->name[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	used->name[n] = '\0';
}

static const char *meant_by(const char *name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(name, aliases[i].name) == 0) {
			return aliases[i].means;
		}
	}
	return name;
}

static bool starts(struct str s, const char *bytes, size_t n)
{
	return s.n >= n && memcmp(s.p, bytes, n) == 0;
}

/* The set a byte order mark, or '<' in wide letters, gives away; *skip: bytes of the mark. */
static const char *from_mark(struct str s, size_t *skip)
{
	static const struct {
		const char *bytes;
		unsigned char n, skip;
		const char *name;
	} marks[] = {
		{"\xff\xfe\0\0", 4, 4, "utf-32le"}, {"\0\0\xfe\xff", 4, 4, "utf-32be"},
		{"\xef\xbb\xbf", 3, 3, "utf-8"}, {"\xff\xfe", 2, 2, "utf-16le"},
		{"\xfe\xff", 2, 2, "utf-16be"}, {"<\0\0\0", 4, 0, "utf-32le"},
		{"\0\0\0<", 4, 0, "utf-32be"}, {"<\0", 2, 0, "utf-16le"}, {"\0<", 2, 0, "utf-16be"},
		{"\x4c\x6f\xa7\x94", 4, 0, "cp037"}, /* "<?xml" in EBCDIC */
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (starts(s, marks[i].bytes, marks[i].n)) {
			*skip = marks[i].skip;
			return marks[i].name;
		}
	}
	*skip = 0;
	return NULL;
}

static bool is_label_char(char c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_' || c == '.' || c == ':';
}

/* The value behind `key` ("encoding", "charset") in `head`. */
static struct str value_of(struct str head, struct str key)
{
	size_t at = str_find(head, key);
	if (at == SIZE_MAX) {
		return STR_NONE;
	}
	at += key.n;
	while (at < head.n && (head.p[at] == ' ' || head.p[at] == '=' || head.p[at] == '"' ||
				      head.p[at] == '\'')) {
		at++;
	}
	size_t n = 0;
	while (at + n < head.n && is_label_char(head.p[at + n])) {
		n++;
	}
	return str_n(head.p + at, n);
}

/* What the XML declaration or an HTML <meta> says. */
static struct str declared(struct str s)
{
	struct str head = str_n(s.p, s.n < HEAD_BYTES ? s.n : HEAD_BYTES);
	size_t at = str_find(head, STR("<?xml"));
	if (at != SIZE_MAX) {
		struct str rest = str_n(head.p + at, head.n - at);
		size_t end = str_find(rest, STR("?>"));
		return value_of(str_n(rest.p, end < rest.n ? end : rest.n), STR("encoding"));
	}
	at = str_find(head, STR("<meta"));
	return at == SIZE_MAX ? STR_NONE
			      : value_of(str_n(head.p + at, head.n - at), STR("charset"));
}

static bool is_utf8_label(const char *name)
{
	return strcmp(name, "utf-8") == 0;
}

/* A label for wide letters on text that is not: the label is wrong. */
static bool is_wide_label(const char *name)
{
	static const char *const wide[] = {"utf-16", "utf_16", "utf16", "u16", "utf-32", "utf_32",
		"utf32", "u32", "ucs-2", "ucs-4", "iso-10646-ucs", "unicode", "utf-7", "cp037"};
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		if (strncmp(name, wide[i], strlen(wide[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* What stands in a text. */
struct counts {
	size_t wide;  /* UTF-8 sequences beyond ASCII */
	size_t three; /* of them those of three bytes and more */
	size_t bad;   /* bytes that are no UTF-8 */
	size_t high;  /* bytes beyond ASCII */
};

static struct counts count(struct str s)
{
	struct counts c = {0};
	for (size_t i = 0; i < s.n;) {
		while (i < s.n && (unsigned char)s.p[i] < 0x80) {
			i++;
		}
		if (i == s.n) {
			break;
		}
		size_t len = utf8_sequence(str_n(s.p + i, s.n - i));
		c.wide += len > 1;
		c.three += len > 2;
		c.bad += len == 0;
		c.high += len != 1 ? len + (len == 0) : 0;
		i += len > 0 ? len : 1;
	}
	return c;
}

/* Sets that write other letters with ASCII bytes. */
static bool is_seven_bit(const char *name)
{
	return strncmp(name, "iso-2022", 8) == 0 || strncmp(name, "hz", 2) == 0;
}

/* Two-byte sets: short text in them may be valid UTF-8 by chance, in sequences of two. */
static bool is_east_asian(const char *name)
{
	static const char *const sets[] = {"gb18030", "big5", "cp949", "cp932", "euc", "johab"};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (strncmp(name, sets[i], strlen(sets[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* UTF-8 where it is, windows-1252 where it is not. */
static int decode_mixed(struct str s, struct buf *out, struct charset *used)
{
	for (size_t i = 0; i < s.n;) {
		size_t run = utf8_valid(str_n(s.p + i, s.n - i));
		buf_add(out, s.p + i, run);
		i += run;
		if (i < s.n) {
			used->wrong_at = used->wrong_at == 0 ? out->n : used->wrong_at;
			used->wrong = true;
			buf_add_utf8(out, utf8_of_1252((unsigned char)s.p[i++]));
		}
	}
	return out->rc;
}

static int decode_cp1252(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n;) {
		size_t run = 0;
		while (i + run < s.n && (unsigned char)s.p[i + run] < 0x80) {
			run++;
		}
		buf_add(out, s.p + i, run);
		i += run;
		if (i < s.n) {
			buf_add_utf8(out, utf8_of_1252((unsigned char)s.p[i++]));
		}
	}
	return out->rc;
}

/* Only by its name: iconv takes more behind a slash, such as //IGNORE, which loses what it cannot read. */
static iconv_t open_set(const char *name)
{
	for (const char *p = name; *p != '\0'; p++) {
		if (!is_label_char(*p)) {
			return (iconv_t)-1;
		}
	}
	return name[0] != '\0' ? iconv_open("UTF-8", name) : (iconv_t)-1;
}

/* Bytes of the shortest letter: behind one that is lost the next begins there. */
static size_t step_of(const char *name)
{
	return strncmp(name, "utf-32", 6) == 0 ? 4 : strncmp(name, "utf-16", 6) == 0 ? 2 : 1;
}

/* Through iconv; what does not decode becomes U+FFFD and is counted. HARK_ENOENT: no such set. */
static int decode_iconv(struct str s, const char *name, struct buf *out, size_t *bad, size_t *first)
{
	iconv_t cd = open_set(name);
	size_t step = step_of(name);
	*bad = *first = 0;
	if (cd == (iconv_t)-1) {
		return HARK_ENOENT;
	}
	char *in = (char *)(uintptr_t)s.p;
	size_t left = s.n;
	while (left > 0 && out->rc == HARK_OK) {
		char *to = buf_room(out, left + 64);
		size_t room = left + 64, before = room;
		if (to == NULL) {
			break;
		}
		size_t rc = iconv(cd, &in, &left, &to, &room);
		buf_grew(out, before - room);
		if (rc == (size_t)-1 && errno != E2BIG) {
			*first = *bad == 0 ? out->n : *first;
			++*bad;
			buf_add_utf8(out, 0xfffd);
			size_t lost = left < step ? left : step;
			in += lost;
			left -= lost;
		}
	}
	iconv_close(cd);
	return out->rc;
}

/* Text without a usable label. */
static int decode_unlabelled(struct str s, struct buf *room, struct str *text, struct charset *used)
{
	set_name(used, STR("utf-8"));
	if (utf8_valid(s) == s.n) {
		*text = s;
		return HARK_OK;
	}
	if (count(s).wide == 0) {
		set_name(used, STR("windows-1252"));
	}
	int rc = decode_mixed(s, room, used);
	*text = buf_str(room);
	return rc;
}

/* Whether there is such a set; the common ones are not asked for, that takes long. */
bool charset_is_known(const char *name)
{
	if (strncmp(name, "windows-125", 11) == 0 || strncmp(name, "iso-8859-", 9) == 0) {
		return true;
	}
	iconv_t cd = open_set(name);
	if (cd == (iconv_t)-1) {
		return false;
	}
	iconv_close(cd);
	return true;
}

/* By a label that is not UTF-8's. HARK_ENOENT: try something else. */
static int decode_labelled(
	struct str s, const char *label, struct buf *room, struct str *text, struct charset *used)
{
	size_t bad, first;
	const char *name = meant_by(label);
	struct counts c = count(s);
	set_name(used, str_c(name));
	if (c.high == 0 && !is_seven_bit(name)) { /* ASCII is the same in all sets that are left */
		if (!charset_is_known(name)) {
			return HARK_ENOENT;
		}
		set_name(used, str_c(label));
		*text = s;
		return HARK_OK;
	}
	if (c.bad == 0 && c.high > 0 && (is_east_asian(name) ? c.three : c.wide) > 0) {
		return HARK_ENOENT; /* nothing else is valid UTF-8 by chance */
	}
	if (strcmp(name, "windows-1252") == 0) {
		int rc = decode_cp1252(s, room);
		*text = buf_str(room);
		return rc;
	}
	int rc = decode_iconv(s, name, room, &bad, &first);
	if (rc == HARK_OK && bad * 10 > c.high) { /* the text is something else */
		buf_clear(room);
		return HARK_ENOENT;
	}
	used->wrong |= bad > 0;
	used->wrong_at = first;
	*text = buf_str(room);
	return rc;
}

static int decode_wide(
	struct str s, const char *name, struct buf *room, struct str *text, struct charset *used)
{
	size_t bad, first;
	set_name(used, str_c(name));
	int rc = decode_iconv(s, name, room, &bad, &first);
	used->wrong = bad > 0;
	used->wrong_at = first;
	*text = buf_str(room);
	return rc;
}

static int decode(struct str bytes, const char *said, struct buf *room, struct str *text,
	struct charset *used)
{
	size_t skip;
	const char *mark = from_mark(bytes, &skip);
	struct str s = str_n(bytes.p + skip, bytes.n - skip);
	if (mark != NULL && !is_utf8_label(mark)) {
		int rc = decode_wide(s, mark, room, text, used);
		if (rc != HARK_ENOENT) {
			return rc;
		}
	}
	if (mark != NULL && is_utf8_label(mark)) {
		return decode_unlabelled(s, room, text, used);
	}
	struct str labels[] = {str_c(said), declared(s)};
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		char label[sizeof(used->name)];
		set_name(used, str_trim(labels[i]));
		memcpy(label, used->name, sizeof(label));
		if (label[0] == '\0') {
			continue;
		}
		if (is_utf8_label(meant_by(label))) {
			size_t valid = utf8_valid(s);
			set_name(used, STR("utf-8"));
			if (valid == s.n) {
				*text = s;
				return HARK_OK;
			}
		} else if (!is_wide_label(label)) {
			int rc = decode_labelled(s, label, room, text, used);
			if (rc != HARK_ENOENT) {
				return rc;
			}
		}
		used->wrong = true; /* this label was wrong; the next one may fit */
	}
	return decode_unlabelled(s, room, text, used);
}

int charset_decode(struct str bytes, const char *said, struct buf *room, struct str *text,
	struct charset *used, struct hark_err *err)
{
	*used = (struct charset){0};
	*text = STR("");
	int rc = decode(bytes, said, room, text, used);
	if (text->p == NULL) {
		*text = STR("");
	}
	if (rc != HARK_OK) {
		return hark_err_set(err, rc,
			rc == HARK_ELIMIT ? "the document is larger than may be converted to UTF-8"
					  : "no memory to convert the document to UTF-8");
	}
	return HARK_OK;
}

bool charset_has_wide_mark(struct str bytes)
{
	size_t skip;
	const char *mark = from_mark(bytes, &skip);
	return mark != NULL && skip > 0 && !is_utf8_label(mark);
}

const char *charset_of_type(const char *type, char room[64])
{
	const char *at = type != NULL ? strcasestr(type, "charset=") : NULL;
	if (at == NULL) {
		return NULL;
	}
	at += 8;
	at += *at == '"' || *at == '\'';
	size_t n = strcspn(at, "\"'; \t,");
	if (n == 0 || n >= 64) {
		return NULL;
	}
	memcpy(room, at, n);
	room[n] = '\0';
	return room;
}
