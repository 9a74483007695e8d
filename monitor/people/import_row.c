#include "monitor/people/import_row.h"

#include "monitor/base/cell.h"
#include "monitor/base/hash.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/money.h"

#define CELL_MAX 1000 /* bytes of a name, a title …; the rest is cut off */
#define COMMENT_MAX 4000
#define LIST_MAX 8000 /* of several domains or names: more is refused, half a name is none */
#define ATTRIBUTES_MAX (64u << 10)
#define SALESFORCE_LONG 18 /* the same id is written with 15 or with 18 characters */
#define SALESFORCE_SHORT 15

struct reading {
	const struct import_map *map;
	const struct csv_row *row;
	enum date_order order;
	struct arena *arena;
	struct record *out;
	struct hark_err *err;
	int rc;
};

static void wrap_field(struct reading *r, enum record_field f)
{
	const char *name = import_field_name(r->map->kind, f);
	hark_err_wrap(r->err, "%s", name != NULL ? name : "a column");
}

static size_t most_of(enum record_field f)
{
	bool list = f == REC_EMAIL || f == REC_DOMAINS || f == REC_ALIASES;
	return list ? LIST_MAX + 1 : f == REC_COMMENT ? COMMENT_MAX : CELL_MAX;
}

/* The cell as a spreadsheet shows it, tidy; the value that was set where there is none. */
static struct str cell(struct reading *r, size_t at, enum record_field f)
{
	struct str s = csv_cell(r->row, at);
	if (s.n > 0 && memchr(s.p, '\0', s.n) != NULL && r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_EINVAL,
			"it holds a NUL byte, which no text does: take it out, or export the row anew");
		wrap_field(r, f);
	}
	if (s.n > 0) {
		s = cell_clean(cell_shown(s, f == REC_LINK), most_of(f), r->arena);
	}
	if (s.n > LIST_MAX && r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_EINVAL,
			"longer than %d bytes: leave out what is not needed", LIST_MAX);
		wrap_field(r, f);
	}
	if (cell_is_formula(s) && r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_EINVAL,
			"'%.*s' is a formula: export the values, not the formulas", STR_FMT(s));
		wrap_field(r, f);
	}
	if (str_find(s, STR("\xef\xbf\xbd")) != SIZE_MAX && r->rc == HARK_OK) {
		r->rc = hark_err_set(r->err, HARK_EINVAL,
			"'%.*s' holds a character that cannot be read: say --charset, or save the "
			"file as UTF-8",
			STR_FMT(s));
		wrap_field(r, f);
	}
	return s;
}

static void read_cells(struct reading *r)
{
	for (enum record_field f = 0; f < RECORD_FIELDS; f++) {
		struct str s = r->map->at[f] != SIZE_MAX ? cell(r, r->map->at[f], f) : STR_NONE;
		r->out->field[f] = import_is_nothing(s) ? STR_NONE : s;
		if (r->out->field[f].p == NULL && r->map->set[f].p != NULL) {
			r->out->field[f] = r->map->set[f];
		}
	}
}

static bool has(const struct reading *r, enum record_field f)
{
	return r->rc == HARK_OK && r->out->field[f].n > 0;
}

static struct str join(struct reading *r, struct str first, const char *between, struct str last)
{
	struct buf b;
	if (first.n == 0 || last.n == 0) {
		return first.n > 0 ? first : last;
	}
	buf_init(&b, CELL_MAX * 3);
	buf_printf(&b, "%.*s%s%.*s", STR_FMT(first), between, STR_FMT(last));
	struct str s = b.rc == HARK_OK ? arena_str(r->arena, buf_str(&b)) : STR_NONE;
	r->rc = s.p == NULL ? HARK_ENOMEM : r->rc;
	buf_release(&b);
	return s;
}

/* Ids of different tools may be the same numbers. */
static void read_id(struct reading *r, enum record_field f)
{
	struct str id = r->out->field[f], system = str_c(r->map->system);
	if (!has(r, f)) {
		return;
	}
	if (str_eq_c(system, "salesforce") && id.n == SALESFORCE_LONG) {
		id.n = SALESFORCE_SHORT;
	}
	if (f == REC_ACCOUNT_ID && str_eq_c(system, record_kind_name(r->map->kind))) {
		system = str_c(record_kind_name(RECORD_ACCOUNT));
	}
	r->out->field[f] = join(r, system, ":", id);
}

static void keep(struct reading *r, enum record_field f, int rc)
{
	r->rc = rc;
	if (rc == HARK_EINVAL) {
		wrap_field(r, f);
	}
}

static void read_lists(struct reading *r)
{
	struct str *v = r->out->field;
	if (has(r, REC_EMAIL)) {
		keep(r, REC_EMAIL, import_emails(v[REC_EMAIL], r->arena, &v[REC_EMAIL], r->err));
	}
	if (has(r, REC_LINK)) {
		keep(r, REC_LINK, import_link(v[REC_LINK], r->arena, &v[REC_LINK], r->err));
	}
	if (has(r, REC_DOMAINS)) {
		keep(r, REC_DOMAINS,
			import_domains(v[REC_DOMAINS], r->arena, &v[REC_DOMAINS], r->err));
	}
	if (has(r, REC_HANDLE)) {
		v[REC_HANDLE] = import_handle(v[REC_HANDLE], r->arena);
	}
	if (has(r, REC_ALIASES)) {
		v[REC_ALIASES] = import_names(v[REC_ALIASES], r->arena);
	}
}

static const enum record_field dates[] = {REC_SINCE, REC_LEFT, REC_RENEWAL, REC_CONTRACT_END,
	REC_LIVE, REC_CREATED, REC_CLOSES, REC_DATE};
#define DATES (sizeof(dates) / sizeof(dates[0]))

static void read_dates(struct reading *r)
{
	for (size_t i = 0; i < DATES; i++) {
		struct str *s = &r->out->field[dates[i]];
		if (has(r, dates[i])) {
			keep(r, dates[i], import_date(*s, r->order, r->arena, s, r->err));
		}
	}
}

void import_row_dates(const struct import_map *map, const struct csv_row *row, unsigned *seen)
{
	for (size_t i = 0; i < DATES; i++) {
		if (map->at[dates[i]] != SIZE_MAX) {
			import_dates_look(csv_cell(row, map->at[dates[i]]), seen);
		}
	}
}

static struct str number(struct reading *r, int64_t value)
{
	return arena_printf(r->arena, "%lld", (long long)value);
}

/* In hundredths, as all scores; 0 is no end that the file told. NPS is a scale from 0 to 10 by its definition. */
static void check_scale(struct reading *r, int64_t score, int64_t max)
{
	struct str survey = r->out->field[REC_SURVEY];
	int64_t most = max == 0 && str_eq_nocase(survey, STR("nps")) ? 1000 : max;
	if (most > 0 && score > most) {
		keep(r, REC_SCORE,
			hark_err_set(r->err, HARK_EINVAL,
				"%g is beyond the scale, which ends at %g", (double)score / 100,
				(double)most / 100));
	}
}

/* A word that is none would be shown, and added up, as one. */
static int check_currency(struct reading *r, struct str *code)
{
	char upper[4] = "";
	for (size_t i = 0; i < code->n && code->n == 3; i++) {
		char c = code->p[i];
		upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	if (!money_currency(str_c(upper))) {
		return hark_err_set(r->err, HARK_EINVAL,
			"'%.*s' is no currency: three letters such as EUR", STR_FMT(*code));
	}
	*code = arena_str(r->arena, str_c(upper));
	return code->p != NULL ? HARK_OK : HARK_ENOMEM;
}

static void read_numbers(struct reading *r)
{
	struct str *v = r->out->field, currency = STR_NONE;
	int64_t value = 0, max = 0;
	if (has(r, REC_VALUE)) {
		keep(r, REC_VALUE, import_money(v[REC_VALUE], &value, &currency, r->err));
		v[REC_VALUE] = number(r, value);
		v[REC_CURRENCY] = v[REC_CURRENCY].n > 0 ? v[REC_CURRENCY] : currency;
	}
	if (has(r, REC_CURRENCY)) {
		keep(r, REC_CURRENCY, check_currency(r, &v[REC_CURRENCY]));
	}
	if (has(r, REC_SCORE_MAX)) {
		keep(r, REC_SCORE_MAX, import_score(v[REC_SCORE_MAX], &max, &max, r->err));
	}
	if (has(r, REC_SCORE)) {
		keep(r, REC_SCORE, import_score(v[REC_SCORE], &value, &max, r->err));
		v[REC_SCORE] = number(r, value);
	}
	if (max != 0) {
		v[REC_SCORE_MAX] = number(r, max);
	}
	check_scale(r, value, max);
}

static void read_states(struct reading *r)
{
	struct str *v = r->out->field;
	if (r->map->kind == RECORD_OPPORTUNITY) {
		/* A flag says more than a word, the state more than the stage. */
		const char *state =
			import_deal_state(v[REC_STATE].n > 0 ? v[REC_STATE] : v[REC_STAGE]);
		if (v[REC_WON].n > 0 && import_truth(v[REC_WON])) {
			state = "won";
		} else if (v[REC_CLOSED].n > 0 && v[REC_WON].n > 0) {
			state = import_truth(v[REC_CLOSED]) ? "lost" : "open";
		}
		v[REC_STATE] = str_c(state);
	} else if (r->map->kind == RECORD_CASE) {
		bool closed = v[REC_CLOSED].n > 0 && import_truth(v[REC_CLOSED]);
		v[REC_STATE] = str_c(closed ? "closed" : import_case_state(v[REC_STAGE]));
	}
	if (has(r, REC_TYPE)) {
		v[REC_TYPE] = import_account_type(v[REC_TYPE], r->arena);
	}
	if (has(r, REC_SURVEY)) {
		v[REC_SURVEY] = import_lower(v[REC_SURVEY], r->arena);
	}
}

/* An answer without an id of its own is known by who gave it to which survey, and when. */
static void name_answer(struct reading *r)
{
	struct str *v = r->out->field;
	char hex[33];
	if (r->map->kind != RECORD_SURVEY || v[REC_ID].n > 0) {
		return;
	}
	const struct str parts[] = {v[REC_EMAIL], v[REC_NAME], v[REC_ACCOUNT], v[REC_ACCOUNT_ID],
		v[REC_SURVEY], v[REC_DATE]};
	hash128_hex(hash128(parts, sizeof(parts) / sizeof(parts[0])), hex);
	v[REC_ID] = join(r, STR("answer"), ":", str_c(hex));
}

/* A tie is known by whose it is and by whom they know. */
static void name_tie(struct reading *r)
{
	struct str *v = r->out->field;
	char hex[33];
	if (r->map->kind != RECORD_TIE) {
		return;
	}
	struct str first = STR_NONE, rest = v[REC_EMAIL];
	str_split(&rest, '\n', &first);
	struct str by = v[REC_LINK].n > 0 ? v[REC_LINK] : first;
	const struct str parts[] = {v[REC_COLLEAGUE], by, by.n > 0 ? STR_NONE : v[REC_NAME],
		by.n > 0 ? STR_NONE : v[REC_ACCOUNT]};
	hash128_hex(hash128(parts, sizeof(parts) / sizeof(parts[0])), hex);
	v[REC_ID] = join(r, STR("tie"), ":", str_c(hex));
	v[REC_EMAIL] = first;
}

static void read_more(struct reading *r)
{
	struct buf b;
	struct jsonout j;
	bool any = false;
	if (r->map->more_n == 0) {
		return;
	}
	buf_init(&b, ATTRIBUTES_MAX);
	jsonout_init(&j, &b);
	jsonout_object(&j);
	for (size_t i = 0; i < r->map->more_n; i++) {
		struct str s = cell(r, r->map->more[i].at, RECORD_FIELDS);
		if (!import_is_nothing(s)) {
			jsonout_key_any(&j, r->map->more[i].name);
			jsonout_str(&j, s);
			any = true;
		}
	}
	jsonout_end_object(&j);
	r->out->attributes = any ? arena_str(r->arena, buf_str(&b)) : STR_NONE;
	r->rc = r->rc == HARK_OK && b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->rc;
	buf_release(&b);
}

static int lacks(struct reading *r, const char *what)
{
	return r->rc = hark_err_set(r->err, HARK_EINVAL, "%s", what);
}

/* Whether it can be told from others, and hangs on something. */
static void check(struct reading *r)
{
	const struct str *v = r->out->field;
	bool tie = r->map->kind == RECORD_TIE;
	bool person = record_is_person(r->map->kind) || tie;
	if ((person || r->map->kind == RECORD_ACCOUNT) && v[REC_NAME].n == 0) {
		lacks(r, "it has no name");
	} else if (person && (v[REC_ID].n == 0 || tie) && v[REC_EMAIL].n == 0 &&
		   v[REC_LINK].n == 0 && v[REC_ACCOUNT].n == 0) {
		lacks(r,
			"a name alone does not say who it is: it has no id, e-mail address, profile "
			"or employer");
	} else if (r->map->kind == RECORD_ACCOUNT && v[REC_TYPE].n == 0) {
		lacks(r, "it has no type (customer, prospect, competitor, partner, target): "
			 "--set type=…");
	} else if ((r->map->kind == RECORD_OPPORTUNITY || r->map->kind == RECORD_CASE) &&
		   v[REC_ID].n == 0) {
		lacks(r, "it has no id");
	} else if (!person && r->map->kind != RECORD_ACCOUNT && v[REC_ACCOUNT].n == 0 &&
		   v[REC_ACCOUNT_ID].n == 0 && v[REC_EMAIL].n == 0) {
		lacks(r, "it has no account");
	} else if (r->map->kind == RECORD_SURVEY && v[REC_SCORE].n == 0) {
		lacks(r, "it has no score");
	} else if (r->map->kind == RECORD_SURVEY && v[REC_SURVEY].n == 0) {
		lacks(r, "it does not say which survey: --set survey=nps");
	}
}

/* Takes the flag out of the record, which is not known by it. */
static bool take_flag(struct reading *r, enum record_field f)
{
	bool is_set = has(r, f) && import_truth(r->out->field[f]);
	r->out->field[f] = STR_NONE;
	return is_set;
}

int import_row(const struct import_map *map, const struct csv_row *row, enum date_order order,
	struct arena *arena, struct record *out, struct hark_err *err)
{
	struct reading r = {
		.map = map, .row = row, .order = order, .arena = arena, .out = out, .err = err};
	*out = (struct record){.kind = map->kind, .line = row->line};
	read_cells(&r);
	if (take_flag(&r, REC_DELETED)) {
		return HARK_ENOENT;
	}
	if (has(&r, REC_OPTED_OUT) && !import_truth(out->field[REC_OPTED_OUT]) &&
		!import_untruth(out->field[REC_OPTED_OUT])) {
		/* Who may have asked to be left alone is not taken in by a guess. */
		return hark_err_set(err, HARK_EINVAL, "opted-out: '%.*s' is neither yes nor no",
			STR_FMT(str_cut_utf8(out->field[REC_OPTED_OUT], 100)));
	}
	if (take_flag(&r, REC_OPTED_OUT)) {
		return HARK_ESTATE;
	}
	if (r.rc == HARK_OK && out->field[REC_NAME].n == 0) {
		out->field[REC_NAME] = join(&r, out->field[REC_FIRST], " ", out->field[REC_LAST]);
	}
	read_id(&r, REC_ID);
	read_id(&r, REC_ACCOUNT_ID);
	read_lists(&r);
	read_dates(&r);
	read_numbers(&r);
	if (r.rc == HARK_OK) {
		read_states(&r);
		name_answer(&r);
		name_tie(&r);
		read_more(&r);
	}
	if (r.rc == HARK_OK) {
		check(&r);
	}
	return r.rc == HARK_OK && arena->rc != HARK_OK ? HARK_ENOMEM : r.rc;
}
