#include "connectors/parse/entity.h"

#include "monitor/base/utf8.h"

#include <libxml/HTMLparser.h>

#include <pthread.h>
#include <stdlib.h>

#define NAME_MAX_BYTES 10
#define TABLE_MAX 300

/* libxml2's table, sorted by name: its own look-up walks all 253 entries. Written once. */
static pthread_once_t table_once = PTHREAD_ONCE_INIT;
static const htmlEntityDesc *table[TABLE_MAX];
static size_t table_n;

static int by_name(const void *a, const void *b)
{
	const htmlEntityDesc *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static void build_table(void)
{
	for (unsigned value = 1; value < 10000; value++) {
		const htmlEntityDesc *e = htmlEntityValueLookup(value);
		if (e != NULL && table_n < TABLE_MAX) {
			table[table_n++] = e;
		}
	}
	qsort(table, table_n, sizeof(table[0]), by_name);
}

/* The few that are nearly all there are; 0 for any other. */
static uint32_t common_named(struct str name)
{
	static const struct {
		struct str name;
		uint32_t cp;
	} common[] = {{{"amp", 3}, '&'}, {{"lt", 2}, '<'}, {{"gt", 2}, '>'}, {{"quot", 4}, '"'},
		{{"nbsp", 4}, 0xa0}};
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (name.p[0] == common[i].name.p[0] && str_eq(name, common[i].name)) {
			return common[i].cp;
		}
	}
	return 0;
}

uint32_t entity_named(struct str name)
{
	char room[NAME_MAX_BYTES + 1];
	if (name.n == 0 || name.n > NAME_MAX_BYTES) {
		return 0;
	}
	uint32_t cp = common_named(name);
	if (cp != 0) {
		return cp;
	}
	memcpy(room, name.p, name.n);
	room[name.n] = '\0';
	pthread_once(&table_once, build_table);
	const htmlEntityDesc key = {.name = room}, *want = &key;
	const htmlEntityDesc **e = bsearch(&want, table, table_n, sizeof(table[0]), by_name);
	return e != NULL ? (*e)->value : 0;
}

static int digit_of(char c, uint32_t base)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	char lower = (char)(c | 32);
	return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static size_t number_at(struct str s, uint32_t *cp)
{
	size_t i = 2;
	uint32_t base = 10, value = 0;
	if (i < s.n && (s.p[i] == 'x' || s.p[i] == 'X')) {
		base = 16;
		i++;
	}
	size_t first = i;
	while (i < s.n && digit_of(s.p[i], base) >= 0) {
		value = value < 0x110000 ? value * base + (uint32_t)digit_of(s.p[i], base) : value;
		i++;
	}
	if (i == first) {
		return 0;
	}
	if (value < 0x20 && value != '\t' && value != '\n' && value != '\r') {
		value = 0xfffd;
	}
	*cp = utf8_of_1252(value);
	return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

size_t entity_at(struct str s, uint32_t *cp)
{
	if (s.n < 3) {
		return 0;
	}
	if (s.p[1] == '#') {
		return number_at(s, cp);
	}
	size_t n = 1;
	while (n < s.n && n <= NAME_MAX_BYTES && s.p[n] != ';') {
		char c = s.p[n];
		if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9')) {
			return 0;
		}
		n++;
	}
	if (n >= s.n || s.p[n] != ';') {
		return 0;
	}
	*cp = entity_named(str_n(s.p + 1, n - 1));
	return *cp != 0 ? n + 1 : 0;
}

size_t entity_decode_at(struct str s, char *to)
{
	char *from = to;
	while (s.n > 0) {
		const char *amp = memchr(s.p, '&', s.n);
		size_t run = amp != NULL ? (size_t)(amp - s.p) : s.n;
		uint32_t cp;
		memcpy(to, s.p, run);
		to += run;
		s = str_n(s.p + run, s.n - run);
		if (s.n == 0) {
			break;
		}
		size_t used = entity_at(s, &cp);
		if (used > 0) {
			to += utf8_put(cp, to);
		} else {
			*to++ = '&';
			used = 1;
		}
		s = str_n(s.p + used, s.n - used);
	}
	return (size_t)(to - from);
}

int entity_decode(struct str s, struct buf *out)
{
	char *to = buf_room(out, s.n + 4);
	if (to != NULL) {
		buf_grew(out, entity_decode_at(s, to));
	}
	return out->rc;
}
