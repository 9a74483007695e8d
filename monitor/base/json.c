#include "monitor/base/json.h"

#include "monitor/base/buf.h"
#include "monitor/base/scan.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int hex4(const char *p)
{
	int value = 0;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int d = c >= '0' && c <= '9'                 ? c - '0'
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
							     : -1;
		if (d < 0) {
			return -1;
		}
		value = value * 16 + d;
	}
	return value;
}

static size_t utf8_len(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xc2 ? 0
		     : p[0] < 0xe0 ? 2
		     : p[0] < 0xf0 ? 3
		     : p[0] < 0xf5 ? 4
				   : 0;
	if (len > n) {
		return 0;
	}
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) {
		return 0;
	}
	return len;
}

/* Copies the escape at s.p[i] ("\\uXXXX" or another), lone surrogates as U+FFFD, and returns the
 * bytes consumed. */
static size_t copy_escape(struct buf *out, struct str s, size_t i)
{
	if (i + 6 > s.n || s.p[i + 1] != 'u') {
		size_t n = i + 1 < s.n ? 2 : 1;
		buf_add(out, s.p + i, n);
		return n;
	}
	int unit = hex4(s.p + i + 2);
	if (unit >= 0xd800 && unit <= 0xdbff && i + 12 <= s.n && s.p[i + 6] == '\\' &&
		s.p[i + 7] == 'u') {
		int low = hex4(s.p + i + 8);
		if (low >= 0xdc00 && low <= 0xdfff) {
			buf_add(out, s.p + i, 12);
			return 12;
		}
	}
	if (unit >= 0xd800 && unit <= 0xdfff) {
		buf_add_c(out, "\\ufffd");
	} else {
		buf_add(out, s.p + i, 6);
	}
	return 6;
}

static bool needs_repair(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.n - i >= 16) {
			scan16 v = scan_load(s.p + i);
			i += scan_first(scan_eq(v, '\\') | ~scan_below(v, 0x80));
			if (i == s.n) {
				break;
			}
		}
		unsigned char c = (unsigned char)s.p[i];
		if (c == '\\' && i + 2 < s.n && s.p[i + 1] == 'u' && (s.p[i + 2] | 32) == 'd') {
			return true;
		}
		if (c == '\\') {
			i++;
			continue;
		}
		if (c >= 0x80) {
			size_t len = utf8_len((const unsigned char *)s.p + i, s.n - i);
			if (len == 0) {
				return true;
			}
			i += len - 1;
		}
	}
	return false;
}

static void repair(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '\\') {
			i += copy_escape(out, s, i);
			continue;
		}
		size_t len = utf8_len((const unsigned char *)s.p + i, s.n - i);
		if (len == 0) {
			buf_add(out, "\xef\xbf\xbd", 3);
			i++;
		} else {
			buf_add(out, s.p + i, len);
			i += len;
		}
	}
}

/* The library's scanner leaves out a character it has no memory for and goes on (jansson 2.14,
 * load.c, lex_save()), so what a starved thread has read cannot be trusted. */
static _Thread_local bool starved;

/* What a tree being read may yet take: counted only while `is_reading`. */
static _Thread_local size_t left_bytes;
static _Thread_local bool is_reading, is_too_large;
static _Thread_local size_t flags = JSON_ALLOW_NUL; /* of jansson */

static void *take(size_t bytes)
{
	const size_t overhead = 16; /* malloc's own */
	if (is_reading) {
		is_too_large |= bytes + overhead > left_bytes;
		left_bytes -= is_too_large ? 0 : bytes + overhead;
	}
	void *p = is_too_large ? NULL : malloc(bytes);
	starved |= p == NULL;
	return p;
}

static void watch_memory(void)
{
	json_set_alloc_funcs(take, free);
}

static json_t *load(struct str bytes, json_error_t *bad)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, watch_memory);
	starved = is_too_large = false;
	left_bytes = JSON_TREE_MAX + bytes.n;
	is_reading = true;
	json_t *tree = json_loadb(bytes.p != NULL ? bytes.p : "", bytes.n, flags, bad);
	is_reading = false;
	if (starved && tree != NULL) {
		json_decref(tree);
		tree = NULL;
	}
	return tree;
}

/* --- numbers --- */

/* Bytes of the number at the start of `s`, 0: there is none. */
static size_t number_bytes(struct str s, size_t *digits, bool *is_real)
{
	size_t sign = s.n > 0 && s.p[0] == '-', n = sign;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') {
		n++;
	}
	*digits = n - sign;
	*is_real = *digits > 0 && n < s.n && (s.p[n] == '.' || (s.p[n] | 32) == 'e');
	while (*is_real && n < s.n && s.p[n] != '\0' && strchr("+-.eE0123456789", s.p[n]) != NULL) {
		n++; /* the digits behind the point are no integer */
	}
	return *digits > 0 ? n : 0;
}

/* Whether a real is so large that a double does not hold every whole number there, or is none itself. What is no
 * number is left to the library, to say so. */
static bool is_inexact(struct str number, size_t digits)
{
	char text[400], *end;
	size_t n = number.n < sizeof(text) ? number.n : sizeof(text) - 1;
	memcpy(text, number.p, n);
	text[n] = '\0';
	const char *exponent = strpbrk(text, "eE");
	bool has_zero = digits > 1 && text[text[0] == '-'] == '0';
	if (has_zero || (exponent == NULL && digits < 16)) {
		return false;
	}
	bool is_large = fabs(strtod(text, &end)) >= 9007199254740992.0;
	return is_large && (*end == '\0') && end[-1] != '.' &&
	       (exponent == NULL || exponent[-1] != '.');
}

/* The next quote or backslash from `i` on. */
static size_t find_mark(struct str s, size_t i)
{
	while (s.n - i >= 16) {
		scan16 v = scan_load(s.p + i);
		size_t n = scan_first(scan_eq(v, '"') | scan_eq(v, '\\'));
		i += n;
		if (n < 16) {
			return i;
		}
	}
	while (i < s.n && s.p[i] != '"' && s.p[i] != '\\') {
		i++;
	}
	return i;
}

/* Behind the string that begins at `i`. */
static size_t skip_string(struct str s, size_t i)
{
	i = find_mark(s, i + 1);
	while (i < s.n && s.p[i] == '\\') {
		i = i + 2 < s.n ? find_mark(s, i + 2) : s.n;
	}
	return i < s.n ? i + 1 : s.n;
}

static bool has_inexact_real(struct str s)
{
	size_t digits;
	bool is_real = false;
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] == '"') {
			i = skip_string(s, i);
			continue;
		}
		size_t n = number_bytes(str_n(s.p + i, s.n - i), &digits, &is_real);
		if (n > 0 && is_real && is_inexact(str_n(s.p + i, n), digits)) {
			return true;
		}
		i += n > 0 ? n : 1;
	}
	return false;
}

/* Puts numbers that no 64 bits hold, and reals that no double holds exactly, in quotes: an id stays as text what
 * it is, and the rest of the document stays readable. */
static void quote_large(struct buf *out, struct str s)
{
	size_t digits;
	bool is_real = false;
	for (size_t i = 0; i < s.n;) {
		struct str rest = str_n(s.p + i, s.n - i);
		size_t n = s.p[i] == '"' ? 0 : number_bytes(rest, &digits, &is_real);
		if (n > 0 && (is_real ? is_inexact(str_n(rest.p, n), digits) : digits >= 19)) {
			buf_add_char(out, '"');
			buf_add(out, rest.p, n);
			buf_add_char(out, '"');
		} else {
			n = s.p[i] == '"' ? skip_string(s, i) - i : n > 0 ? n : 1;
			buf_add(out, rest.p, n);
		}
		i += n;
	}
}

static bool is_too_big(const json_error_t *bad)
{
	return json_error_code(bad) == json_error_numeric_overflow;
}

static json_t *load_quoted(struct str bytes, json_error_t *bad)
{
	struct buf quoted;
	buf_init(&quoted, bytes.n * 2 + 64);
	quote_large(&quoted, bytes);
	json_t *tree = NULL;
	if (quoted.rc == HARK_OK) {
		tree = load(buf_str(&quoted), bad);
	} else {
		starved = true;
	}
	buf_release(&quoted);
	return tree;
}

json_t *json_read(struct str bytes, struct hark_err *err)
{
	json_error_t bad;
	struct buf fixed;
	if (str_starts(bytes, STR("\xef\xbb\xbf"))) {
		bytes = str_n(bytes.p + 3, bytes.n - 3);
	}
	buf_init(&fixed, bytes.n * 3 + 64);
	if (needs_repair(bytes)) {
		repair(&fixed, bytes);
		if (fixed.rc != HARK_OK) {
			buf_release(&fixed);
			hark_err_set(
				err, HARK_ENOMEM, "no memory to read %zu bytes of JSON", bytes.n);
			return NULL;
		}
		bytes = buf_str(&fixed);
	}
	json_t *tree = has_inexact_real(bytes) ? load_quoted(bytes, &bad) : load(bytes, &bad);
	if (tree == NULL && !is_too_large && !starved && is_too_big(&bad)) {
		tree = load_quoted(bytes, &bad);
	}
	if (is_too_large) {
		is_too_large = false;
		hark_err_set(err, HARK_ELIMIT,
			"its %zu bytes of JSON hold more values than hark reads at once "
			"(%u MiB of memory)",
			bytes.n, JSON_TREE_MAX >> 20);
	} else if (starved) {
		hark_err_set(err, HARK_ENOMEM, "no memory to read %zu bytes of JSON", bytes.n);
	} else if (tree == NULL) {
		hark_err_set(err, HARK_EPARSE, "not valid JSON at line %d, column %d: %s", bad.line,
			bad.column, bad.text);
	}
	buf_release(&fixed);
	return tree;
}

json_t *json_read_strict(struct str bytes, struct hark_err *err)
{
	flags = JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
	json_t *tree = json_read(bytes, err);
	flags = JSON_ALLOW_NUL;
	return tree;
}

const char *json_number_text(const json_t *number, char room[40])
{
	double d = json_real_value(number);
	if (json_is_integer(number)) {
		snprintf(room, 40, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
	} else if (!json_is_real(number)) {
		return NULL;
	} else if (fabs(d) < 9007199254740992.0 && d == floor(d)) {
		snprintf(room, 40, "%.0f", d + 0.0); /* not "-0" */
	} else {
		for (int digits = 15; digits <= 17; digits++) {
			snprintf(room, 40, "%.*g", digits, d);
			if (strtod(room, NULL) == d) {
				break;
			}
		}
	}
	return room;
}

struct str json_str(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : STR_NONE;
}

int64_t json_i64(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(object, key);
	int64_t value;
	if (json_is_integer(v)) {
		return json_integer_value(v);
	}
	if (json_is_real(v) && fabs(json_real_value(v)) < 9e18) {
		return llround(json_real_value(v));
	}
	if (json_is_string(v) && str_i64(str_c(json_string_value(v)), &value)) {
		return value;
	}
	return otherwise;
}

bool json_bool(const json_t *object, const char *key, bool otherwise)
{
	const json_t *v = json_object_get(object, key);
	return json_is_boolean(v) ? json_is_true(v) : otherwise;
}
