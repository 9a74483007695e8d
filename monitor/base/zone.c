#include "monitor/base/zone.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FOLDER "/usr/share/zoneinfo"
#define FILE_MAX ((size_t)1 << 20)
#define HEAD_BYTES 44
#define DAY_S INT64_C(86400)
#define OFFSET_MAX_S (26 * 3600) /* RFC 9636 section 3.2 */

/* When summer time begins or ends in each year. */
struct rule_day {
	enum { DAY_OF_WEEK, DAY_NO_LEAP, DAY_OF_YEAR } kind;
	int month, week, day; /* day: of the week, Sunday is 0; or of the year */
	int64_t at_s;         /* local time, from midnight; may be of another day */
};

/* What holds after the last change. */
struct rule {
	int64_t offset_s, summer_s; /* ahead of UTC */
	bool has_summer;
	struct rule_day begin, end;
};

struct zone {
	int64_t *at_s;    /* of the changes, rising */
	int64_t *after_s; /* the offset from each on */
	size_t n;
	int64_t before_s; /* the offset before the first */
	bool has_rule;
	struct rule rule;
};

/* --- the rule, as in "CET-1CEST,M3.5.0,M10.5.0/3" --- */

static bool take(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c) {
		return false;
	}
	*s = str_n(s->p + 1, s->n - 1);
	return true;
}

static bool take_number(struct str *s, int64_t most, int64_t *out)
{
	size_t i = 0;
	*out = 0;
	for (; i < s->n && i < 4 && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
		*out = *out * 10 + (s->p[i] - '0');
	}
	*s = str_n(s->p + i, s->n - i);
	return i > 0 && *out <= most;
}

/* "[-]hours[:minutes[:seconds]]" */
static bool take_time(struct str *s, int64_t *out)
{
	int64_t parts[3] = {0};
	bool is_minus = take(s, '-');
	if (!is_minus) {
		take(s, '+');
	}
	for (int i = 0; i < 3; i++) {
		if (i > 0 && !take(s, ':')) {
			break;
		}
		if (!take_number(s, i == 0 ? 167 : 59, &parts[i])) {
			return false;
		}
	}
	*out = parts[0] * 3600 + parts[1] * 60 + parts[2];
	*out = is_minus ? -*out : *out;
	return true;
}

/* "CET" or "<+03>" */
static bool skip_name(struct str *s)
{
	bool is_quoted = take(s, '<');
	size_t i = 0;
	while (i < s->n &&
		(is_quoted ? s->p[i] != '>' : (s->p[i] | 32) >= 'a' && (s->p[i] | 32) <= 'z')) {
		i++;
	}
	*s = str_n(s->p + i, s->n - i);
	return i > 0 && (!is_quoted || take(s, '>'));
}

/* ",M3.5.0/2", ",J60", ",59" */
static bool take_day(struct str *s, struct rule_day *d)
{
	int64_t n[3] = {0};
	bool is_good = take(s, ',');
	d->at_s = 2 * 3600;
	if (take(s, 'M')) {
		d->kind = DAY_OF_WEEK;
		is_good = is_good && take_number(s, 12, &n[0]) && take(s, '.') &&
			  take_number(s, 5, &n[1]) && take(s, '.') && take_number(s, 6, &n[2]) &&
			  n[0] > 0 && n[1] > 0;
		d->month = (int)n[0];
		d->week = (int)n[1];
	} else {
		d->kind = take(s, 'J') ? DAY_NO_LEAP : DAY_OF_YEAR;
		is_good = is_good && take_number(s, 365, &n[2]) &&
			  (d->kind == DAY_OF_YEAR || n[2] > 0);
	}
	d->day = (int)n[2];
	return is_good && (!take(s, '/') || take_time(s, &d->at_s));
}

static bool read_rule(struct rule *r, struct str s)
{
	if (!skip_name(&s) || !take_time(&s, &r->offset_s)) {
		return false;
	}
	r->offset_s = -r->offset_s; /* POSIX counts to the west */
	r->has_summer = s.n > 0;
	if (!r->has_summer) {
		return true;
	}
	r->summer_s = r->offset_s + 3600;
	if (!skip_name(&s)) {
		return false;
	}
	if (s.n > 0 && s.p[0] != ',') {
		if (!take_time(&s, &r->summer_s)) {
			return false;
		}
		r->summer_s = -r->summer_s;
	}
	return take_day(&s, &r->begin) && take_day(&s, &r->end) && s.n == 0;
}

/* Days since 1970 of a rule's day in `year`. */
static int64_t day_in(const struct rule_day *d, int64_t year)
{
	int64_t first = clock_days(year, 1, 1);
	bool is_leap = clock_days(year, 3, 1) - first == 60;
	if (d->kind == DAY_OF_YEAR) {
		return first + d->day;
	}
	if (d->kind == DAY_NO_LEAP) {
		return first + d->day - 1 + (is_leap && d->day >= 60 ? 1 : 0);
	}
	int64_t start = clock_days(year, (unsigned)d->month, 1);
	int64_t next = d->month == 12 ? clock_days(year + 1, 1, 1)
				      : clock_days(year, (unsigned)d->month + 1, 1);
	int64_t weekday = ((start + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
	int64_t day = start + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
	return day < next ? day : day - 7;
}

static int64_t year_of(int64_t s)
{
	time_t t = (time_t)s;
	struct tm tm;
	return gmtime_r(&t, &tm) != NULL ? tm.tm_year + INT64_C(1900) : 1970;
}

static int64_t rule_offset(const struct rule *r, int64_t at_s)
{
	if (!r->has_summer) {
		return r->offset_s;
	}
	int64_t year = year_of(at_s + r->offset_s);
	int64_t begin = day_in(&r->begin, year) * DAY_S + r->begin.at_s - r->offset_s;
	int64_t end = day_in(&r->end, year) * DAY_S + r->end.at_s - r->summer_s;
	bool is_summer = begin < end ? at_s >= begin && at_s < end : at_s >= begin || at_s < end;
	return is_summer ? r->summer_s : r->offset_s;
}

/* --- the file --- */

struct block {
	size_t changes, types, chars, leaps, std, ut;
};

static int64_t big_endian(const char *p, size_t bytes)
{
	uint64_t n = (p[0] & 0x80) != 0 ? UINT64_MAX : 0;
	for (size_t i = 0; i < bytes; i++) {
		n = n << 8 | (unsigned char)p[i];
	}
	return (int64_t)n;
}

/* Takes the head of a block and makes sure that the block is whole; `wide`: bytes of a time in it. */
static bool take_head(struct str *file, size_t wide, struct block *b, struct str *data)
{
	if (file->n < HEAD_BYTES || memcmp(file->p, "TZif", 4) != 0) {
		return false;
	}
	size_t *counts[] = {&b->ut, &b->std, &b->leaps, &b->changes, &b->types, &b->chars};
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		int64_t n = big_endian(file->p + 20 + 4 * i, 4);
		if (n < 0 || n > (int64_t)FILE_MAX) {
			return false;
		}
		*counts[i] = (size_t)n;
	}
	size_t bytes = b->changes * (wide + 1) + b->types * 6 + b->chars + b->leaps * (wide + 4) +
		       b->std + b->ut;
	if (bytes > file->n - HEAD_BYTES) {
		return false;
	}
	*data = str_n(file->p + HEAD_BYTES, bytes);
	*file = str_n(file->p + HEAD_BYTES + bytes, file->n - HEAD_BYTES - bytes);
	return true;
}

static bool read_changes(struct zone *z, const struct block *b, struct str data, size_t wide)
{
	const char *index = data.p + b->changes * wide, *types = index + b->changes;
	for (size_t i = 0; i < b->types; i++) {
		int64_t offset = big_endian(types + 6 * i, 4);
		if (offset < -OFFSET_MAX_S || offset > OFFSET_MAX_S) {
			return false;
		}
	}
	z->before_s = big_endian(types, 4);
	for (size_t i = 0; i < b->changes; i++) {
		size_t type = (unsigned char)index[i];
		z->at_s[i] = big_endian(data.p + i * wide, wide);
		if (type >= b->types || (i > 0 && z->at_s[i] <= z->at_s[i - 1])) {
			return false;
		}
		z->after_s[i] = big_endian(types + 6 * type, 4);
	}
	z->n = b->changes;
	return true;
}

int zone_read(const struct zone **out, struct str file, struct arena *arena, struct hark_err *err)
{
	struct block b;
	struct str data;
	size_t wide = 4;
	bool is_good = file.n > 4 && take_head(&file, 4, &b, &data);
	if (is_good && data.p[-HEAD_BYTES + 4] >= '2') {
		wide = 8;
		is_good = take_head(&file, 8, &b, &data);
	}
	if (!is_good || b.types == 0) {
		return hark_err_set(err, HARK_EPARSE, "it is no time zone file (TZif)");
	}
	struct zone *z = arena_alloc(arena, sizeof(*z));
	int64_t *times = arena_alloc(arena, (2 * b.changes + 1) * sizeof(*times));
	if (z == NULL || times == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a time zone");
	}
	z->at_s = times;
	z->after_s = times + b.changes;
	is_good = read_changes(z, &b, data, wide);
	if (is_good && wide == 8 && take(&file, '\n') && file.n > 1) {
		struct str rule = STR_NONE;
		str_split(&file, '\n', &rule);
		z->has_rule = rule.n > 0;
		is_good = !z->has_rule || read_rule(&z->rule, rule);
	}
	if (!is_good) {
		return hark_err_set(err, HARK_EPARSE, "the time zone file is damaged");
	}
	*out = z;
	return HARK_OK;
}

/* --- by name --- */

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool is_word = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
			       c == '_' || c == '+' || c == '-';
		bool is_slash = c == '/' && i > 0 && name.p[i - 1] != '/';
		if (!is_word && !is_slash) {
			return false;
		}
	}
	return name.n > 0 && name.n <= ZONE_NAME_MAX && name.p[name.n - 1] != '/';
}

int zone_load(const struct zone **out, struct str name, struct arena *arena, struct hark_err *err)
{
	if (str_eq(name, STR("UTC"))) {
		*out = arena_alloc(arena, sizeof(struct zone));
		return *out != NULL ? HARK_OK
				    : hark_err_set(err, HARK_ENOMEM, "no memory for a time zone");
	}
	char path[PATH_MAX];
	struct buf file;
	const char *folder = getenv("TZDIR");
	buf_init(&file, FILE_MAX);
	int n = snprintf(path, sizeof(path), "%s/%.*s",
		folder != NULL && folder[0] == '/' ? folder : FOLDER, STR_FMT(name));
	int rc = is_name(name) && n > 0 && (size_t)n < sizeof(path) ? file_read(&file, path, NULL)
								    : HARK_ENOENT;
	if (rc == HARK_OK) {
		rc = zone_read(out, buf_str(&file), arena, NULL);
	}
	buf_release(&file);
	if (rc == HARK_ENOMEM) {
		return hark_err_set(err, rc, "no memory for a time zone");
	}
	if (rc != HARK_OK) {
		return hark_err_set(err, HARK_EINVAL,
			"there is no time zone '%.*s' on this machine: name one as in "
			"Europe/Berlin, or UTC",
			STR_FMT(str_cut_utf8(name, ZONE_NAME_MAX)));
	}
	return HARK_OK;
}

int64_t zone_offset_ms(const struct zone *z, int64_t wall_ms)
{
	int64_t at_s = wall_ms / 1000 - (wall_ms % 1000 < 0);
	size_t low = 0, high = z->n; /* changes up to `at_s` */
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (z->at_s[mid] <= at_s) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	if (low == z->n && z->has_rule) {
		return rule_offset(&z->rule, at_s) * 1000;
	}
	return (low == 0 ? z->before_s : z->after_s[low - 1]) * 1000;
}
