#include "connectors/parse/mail_code.h"

#include "connectors/parse/base64.h"
#include "connectors/parse/charset.h"
#include "monitor/base/err.h"

#include <strings.h>

#define CHARSET_NAME_MAX 60
#define WORD_MAX 2000 /* 75 by the book; bounds the search for its end */
#define PIECES_MAX 20 /* of a parameter in pieces */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* --- bodies --- */

bool mail_quoted_printable(struct str text, struct buf *out)
{
	bool good = true;
	for (size_t i = 0; i < text.n && out->rc == HARK_OK; i++) {
		int byte = text.p[i] == '=' ? str_hex(text, i + 1) : -1;
		if (text.p[i] != '=' || byte >= 0) {
			buf_add_char(out, byte >= 0 ? (char)byte : text.p[i]);
			i += byte >= 0 ? 2 : 0;
			continue;
		}
		size_t end = i + 1; /* blanks between a soft line break and its end are padding */
		while (end < text.n && is_blank(text.p[end]) && text.p[end] != '\n') {
			end++;
		}
		if (end == text.n || text.p[end] == '\n') {
			i = end;
		} else {
			buf_add_char(out, '=');
			good = false;
		}
	}
	return good;
}

void mail_unflow(struct str text, bool delsp, struct buf *out)
{
	struct str line;
	while (text.n > 0 && str_split(&text, '\n', &line)) {
		line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
		bool goes_on = line.n > 0 && line.p[line.n - 1] == ' ' && !str_eq(line, STR("-- "));
		if (line.n > 0 && line.p[0] == ' ') {
			line = str_n(line.p + 1, line.n - 1); /* stuffed */
		}
		buf_add(out, line.p, line.n - (goes_on && delsp && line.n > 0));
		if (!goes_on) {
			buf_add_char(out, '\n');
		}
	}
}

/* --- headers --- */

/* "=?charset?Q?text?=" */
struct word {
	char charset[CHARSET_NAME_MAX];
	char encoding; /* 'q' or 'b' */
	struct str text;
	size_t n; /* all of it */
};

static bool find_word(struct str s, struct word *w)
{
	if (!str_starts(s, STR("=?"))) {
		return false;
	}
	size_t most = s.n - 2 < WORD_MAX ? s.n - 2 : WORD_MAX;
	struct str rest = str_n(s.p + 2, most), charset, encoding;
	if (!str_split(&rest, '?', &charset) || !str_split(&rest, '?', &encoding) ||
		encoding.n != 1 || charset.n == 0 || charset.n >= sizeof(w->charset)) {
		return false;
	}
	w->encoding = (char)(encoding.p[0] | 0x20);
	size_t end =
		w->encoding == 'q' || w->encoding == 'b' ? str_find(rest, STR("?=")) : SIZE_MAX;
	if (end == SIZE_MAX || memchr(charset.p, ' ', charset.n) != NULL) {
		return false;
	}
	memcpy(w->charset, charset.p, charset.n);
	w->charset[charset.n] = '\0';
	w->charset[strcspn(w->charset, "*")] = '\0'; /* RFC 2231: with a language */
	w->text = str_n(rest.p, end);
	w->n = (size_t)(rest.p - s.p) + end + 2;
	return true;
}

static void decode_word(const struct word *w, struct buf *out)
{
	if (w->encoding == 'b') {
		base64_read(w->text, out);
		return;
	}
	for (size_t i = 0; i < w->text.n; i++) {
		int byte = w->text.p[i] == '=' ? str_hex(w->text, i + 1) : -1;
		buf_add_char(out, byte >= 0             ? (char)byte
				  : w->text.p[i] == '_' ? ' '
							: w->text.p[i]);
		i += byte >= 0 ? 2 : 0;
	}
}

/* Bytes of one charset, which a letter may be split in. */
static void add_letters(struct buf *bytes, const char *charset, struct buf *out)
{
	struct buf room;
	struct str text;
	struct charset used;
	buf_init(&room, 4 * bytes->n + 64);
	if (bytes->n > 0 &&
		charset_decode(buf_str(bytes), charset, &room, &text, &used, NULL) == 0) {
		for (size_t i = 0; i < text.n; i++) {
			bool is_space = is_blank(text.p[i]);
			if (!is_space || (out->n > 0 && out->p[out->n - 1] != ' ')) {
				buf_add_char(out, is_space ? ' ' : text.p[i]);
			}
		}
	}
	out->rc = bytes->rc == HARK_ENOMEM || room.rc == HARK_ENOMEM ? HARK_ENOMEM : out->rc;
	buf_release(&room);
	buf_clear(bytes);
}

static size_t blanks(struct str s)
{
	size_t n = 0;
	while (n < s.n && is_blank(s.p[n])) {
		n++;
	}
	return n;
}

static struct str from(struct str s, size_t at)
{
	return str_n(s.p + at, s.n - at);
}

void mail_words(struct str value, struct buf *out)
{
	struct buf bytes;
	struct word w, last = {.charset = ""};
	bool in_words = false;
	size_t i = 0;
	buf_init(&bytes, value.n + 1);
	while (i < value.n) {
		size_t gap = in_words ? blanks(from(value, i)) : 0;
		if (find_word(from(value, i + gap), &w)) {
			if (!in_words || strcasecmp(w.charset, last.charset) != 0) {
				add_letters(&bytes, in_words ? last.charset : NULL, out);
			}
			decode_word(&w, &bytes);
			last = w;
			in_words = true;
			i += gap + w.n;
			continue;
		}
		if (in_words) {
			add_letters(&bytes, last.charset, out);
			in_words = false;
		}
		buf_add_char(&bytes, value.p[i++]);
	}
	add_letters(&bytes, in_words ? last.charset : NULL, out);
	buf_release(&bytes);
	while (out->n > 0 && out->p[out->n - 1] == ' ') {
		buf_cut(out, out->n - 1);
	}
}

/* --- parameters --- */

/* Reads one "name=value" behind a ';' off `*rest`. The value has its quotes off, and what `\` protects stays
 * behind it. False: there is none. */
static bool next_parameter(struct str *rest, struct str *name, struct str *value)
{
	size_t i = 0, start;
	while (i < rest->n && (rest->p[i] == ';' || is_blank(rest->p[i]))) {
		i++;
	}
	for (start = i; i < rest->n && rest->p[i] != '=' && rest->p[i] != ';'; i++) {
	}
	*name = str_trim(str_n(rest->p + start, i - start));
	*value = STR_NONE;
	if (i < rest->n && rest->p[i] == '=') {
		i++;
		i += blanks(from(*rest, i));
		bool quoted = i < rest->n && rest->p[i] == '"';
		for (start = i += quoted; i < rest->n && rest->p[i] != (quoted ? '"' : ';'); i++) {
			i += quoted && rest->p[i] == '\\' && i + 1 < rest->n;
		}
		*value = quoted ? str_n(rest->p + start, i - start)
				: str_trim(str_n(rest->p + start, i - start));
		while (i < rest->n && rest->p[i] != ';') {
			i++;
		}
	}
	*rest = from(*rest, i);
	return name->n > 0 || rest->n > 0;
}

static void add_plain(struct str value, struct buf *out)
{
	for (size_t i = 0; i < value.n; i++) {
		i += value.p[i] == '\\' && i + 1 < value.n;
		buf_add_char(out, value.p[i]);
	}
}

/* "utf-8'en'text%20here"; the charset of a name of a charset is of no matter. */
static void add_extended(struct str value, bool is_first, struct buf *out)
{
	struct str skipped, tail = value;
	if (is_first && str_split(&tail, '\'', &skipped) && str_split(&tail, '\'', &skipped)) {
		value = tail;
	}
	for (size_t i = 0; i < value.n; i++) {
		int byte = value.p[i] == '%' ? str_hex(value, i + 1) : -1;
		buf_add_char(out, byte >= 0 ? (char)byte : value.p[i]);
		i += byte >= 0 ? 2 : 0;
	}
}

/* Whether `name` is "NAME", "NAME*", "NAME*N" or "NAME*N*"; `*piece`: N, or 0. */
static bool is_named(struct str name, struct str wanted, unsigned *piece, bool *extended)
{
	*piece = 0;
	*extended = false;
	if (name.n < wanted.n || !str_eq_nocase(str_n(name.p, wanted.n), wanted)) {
		return false;
	}
	struct str tail = from(name, wanted.n);
	if (tail.n == 0) {
		return true;
	}
	int64_t n = 0;
	*extended = tail.p[tail.n - 1] == '*';
	tail.n -= *extended && tail.n > 1;
	if (tail.p[0] != '*' ||
		(tail.n > 1 && (!str_i64(from(tail, 1), &n) || n < 0 || n >= PIECES_MAX))) {
		return false;
	}
	*piece = (unsigned)n;
	return true;
}

bool mail_parameter(struct str value, struct str name, struct buf *out)
{
	struct str found[PIECES_MAX] = {{0}}, key, part;
	bool extended[PIECES_MAX] = {false}, is_extended;
	unsigned piece;
	size_t start = value.n > 0 ? str_find(value, STR(";")) : SIZE_MAX;
	struct str rest = start != SIZE_MAX ? from(value, start) : STR_NONE;
	while (rest.n > 0 && next_parameter(&rest, &key, &part)) {
		if (is_named(key, name, &piece, &is_extended) && found[piece].p == NULL) {
			found[piece] = part;
			extended[piece] = is_extended;
		}
	}
	for (size_t i = 0; i < PIECES_MAX && found[i].p != NULL; i++) {
		if (extended[i]) {
			add_extended(found[i], i == 0, out);
		} else {
			add_plain(found[i], out);
		}
	}
	return found[0].p != NULL;
}
