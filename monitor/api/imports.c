/* Tables of CRM systems, networks and HR: looked at, brought in and taken back as hark import does, and their ledger. */
#include "monitor/api/api_in.h"

#include "connectors/parse/charset.h"
#include "monitor/api/import_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/hash.h"
#include "monitor/store/ties.h"

#include <stdio.h>

#define PAGE_DEFAULT 50
#define PAGE_MAX 500
#define TEXT_MAX ((size_t)4 << 20)
#define MAPPING_MAX ((size_t)64 << 10)
#define NAME_MAX_BYTES 200
#define REFUSED_MAX ((size_t)2 << 20) /* a short row is shown with a cell for each column */

void imports_list(struct call *c)
{
	struct hark_err err = {0};
	struct import_entry *v = NULL;
	struct call_page page;
	size_t n = 0;
	if (!call_page(c, PAGE_DEFAULT, PAGE_MAX, &page)) {
		return;
	}
	if (store_import_list(c->store, page.place, page.max, c->arena, &v, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < page.max ? n : page.shown;
	call_items(c);
	for (size_t i = 0; i < shown; i++) {
		import_view(&c->j, &v[i]);
	}
	call_items_end(c, shown < n ? v[shown - 1].id : 0);
	call_answer(c, 200);
}

/* ---- one table ---- */

struct bringing {
	struct call *c;
	enum record_kind kind;
	bool look;
	struct import_wishes wishes;
	enum date_order order;
	char separator;
	const char *file, *said; /* its name; its charset, NULL: guessed */
	char hash[33], before[200], colleague[24];
	struct charset charset;
	struct buf converted, mapping;
	struct import_table table;
	struct import_refused refused;
	struct import_result result;
};

/* A part of the query as a text of its own. False: answered. */
static bool read_word(struct call *c, const char *name, const char **out)
{
	struct str text = str_trim(http_query(c->x, name));
	*out = NULL;
	if (str_empty(text)) {
		return true;
	}
	if (text.n > NAME_MAX_BYTES || memchr(text.p, '\n', text.n) != NULL) {
		call_refuse(c, 400, "'%s' is one line of at most %d bytes", name, NAME_MAX_BYTES);
		return false;
	}
	*out = arena_c(c->arena, text);
	return true;
}

/* "field=Column" one a line. False: answered. */
static bool read_lines(struct call *c, const char *name, const char **out, size_t *n)
{
	struct str rest = http_query(c->x, name), line;
	while (str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_empty(line)) {
			continue;
		}
		if (*n == IMPORT_WISHES_MAX) {
			call_refuse(c, 400, "'%s' has at most %d lines", name, IMPORT_WISHES_MAX);
			return false;
		}
		out[(*n)++] = arena_c(c->arena, line);
	}
	return true;
}

static bool read_form(struct bringing *b)
{
	struct call *c = b->c;
	const char *delimiter, *dates;
	if (!read_word(c, "file", &b->file) || !read_word(c, "charset", &b->said) ||
		!read_word(c, "system", &b->wishes.system) ||
		!read_word(c, "delimiter", &delimiter) || !read_word(c, "dates", &dates)) {
		return false;
	}
	b->file = b->file != NULL ? b->file : "upload.csv";
	if (b->wishes.system != NULL && !import_system_is_name(str_c(b->wishes.system))) {
		call_refuse(
			c, 400, "'system' takes small letters and digits, for example salesforce");
	} else if (b->said != NULL && !charset_is_known(b->said)) {
		call_refuse(c, 400,
			"there is no such character set; 'charset' is for example utf-8 or windows-1252");
	} else if (delimiter != NULL && !import_separator_parse(str_c(delimiter), &b->separator)) {
		call_refuse(
			c, 400, "'delimiter' takes comma, semicolon, tab, pipe or one character");
	} else if (dates != NULL && !import_dates_parse(str_c(dates), &b->order)) {
		call_refuse(c, 400, "'dates' takes dmy or mdy");
	} else {
		return true;
	}
	return false;
}

/* Of ties: whose they are. False: answered. */
static bool read_colleague(struct bringing *b)
{
	struct hark_err err = {0};
	struct str of = str_trim(http_query(b->c->x, "of"));
	int64_t id;
	if ((b->kind == RECORD_TIE) == str_empty(of)) {
		call_refuse(b->c, 400,
			b->kind == RECORD_TIE ? "say whose contacts these are: ?of=Ana%%20Lopez"
					      : "only ties are ?of= somebody");
		return false;
	}
	if (str_empty(of)) {
		return true;
	}
	if (store_tie_colleague(b->c->store, of, &id, &err) != HARK_OK) {
		call_fail(b->c, &err);
		return false;
	}
	snprintf(b->colleague, sizeof(b->colleague), "%lld", (long long)id);
	b->wishes.colleague = str_c(b->colleague);
	return true;
}

static int open_table(struct bringing *b, struct hark_err *err)
{
	struct str bytes = http_body(b->c->x), text;
	struct import_entry e = {0};
	char when[CLOCK_TEXT_MAX];
	struct jsonout mapping;
	int rc = charset_decode(bytes, b->said, &b->converted, &text, &b->charset, err);
	rc = rc == HARK_OK ? import_table_open(&b->table, b->kind, text, b->separator, b->order,
				     &b->wishes, err)
			   : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	hash128_hex(hash128(&bytes, 1), b->hash);
	if (store_import_of_file(b->c->store, b->kind, str_c(b->hash), b->c->arena, &e, NULL) ==
			HARK_OK &&
		e.id != 0) {
		snprintf(b->before, sizeof(b->before), "import %lld, %s", (long long)e.id,
			clock_rfc3339(e.at_ms, when));
	}
	jsonout_init(&mapping, &b->mapping);
	import_mapping_json(&b->table, &mapping);
	import_refused_init(&b->refused, &b->table.csv, REFUSED_MAX);
	return b->mapping.rc == HARK_OK
		       ? HARK_OK
		       : hark_err_set(err, b->mapping.rc,
				 "the names of its columns are longer than anything "
				 "would call them: is its first line the header?");
}

static void on_rejected(void *ctx, const struct csv_row *row, struct str raw, const char *reason)
{
	import_refused_add(&((struct bringing *)ctx)->refused, row, raw, reason);
}

static int run(struct store *s, struct bringing *b, struct hark_err *err)
{
	const struct import_options options = {.write = !b->look,
		.file = str_c(b->file),
		.hash = str_c(b->hash),
		.mapping = buf_str(&b->mapping),
		.actor = b->c->who.name,
		.now_ms = b->c->now_ms,
		.rejected = on_rejected,
		.ctx = b};
	bool wrong = b->charset.wrong && (b->said != NULL || strcmp(b->charset.name, "utf-8") == 0);
	const struct import_source source = {
		b->file, b->charset.name, wrong, str_c(b->before), true};
	import_refused_clear(&b->refused);
	int rc = import_run_within(&b->table, s, &options, &b->result, err);
	if (rc == HARK_OK) {
		import_file_json(&b->table, &source, &b->result, &b->refused, NULL, &b->c->j);
	}
	return rc;
}

/* On the writer's thread. */
static int bring_in(struct store *s, struct call *c, struct hark_err *err)
{
	return run(s, c->write_arg, err);
}

static void take(struct bringing *b)
{
	struct call *c = b->c;
	struct hark_err err = {0};
	int rc = open_table(b, &err);
	if (rc == HARK_OK && !b->look) {
		call_write(c, bring_in, b);
		return;
	}
	rc = rc == HARK_OK ? run(c->store, b, &err) : rc;
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

void imports_add(struct call *c)
{
	struct bringing b = {.c = c};
	if (!record_kind_parse(c->arg, &b.kind)) {
		call_refuse(c, 404,
			"there are contacts, accounts, staff, opportunities, cases, surveys and ties");
		return;
	}
	if (!call_flag(c, "dry_run", &b.look)) {
		return;
	}
	buf_init(&b.converted, TEXT_MAX);
	buf_init(&b.mapping, MAPPING_MAX);
	if (read_lines(c, "map", b.wishes.map, &b.wishes.map_n) &&
		read_lines(c, "set", b.wishes.set, &b.wishes.set_n) && read_form(&b) &&
		read_colleague(&b)) {
		take(&b);
	}
	import_refused_release(&b.refused);
	import_table_close(&b.table);
	buf_release(&b.mapping);
	buf_release(&b.converted);
}

/* ---- back ---- */

struct undoing {
	struct call *c;
	int64_t id;
	bool look, looked;
	struct import_undone undone;
};

/* On the writer's thread. */
static int take_back(struct store *s, struct call *c, struct hark_err *err)
{
	struct undoing *u = c->write_arg;
	int rc = store_import_undo_within(
		s, u->id, c->who.name, c->now_ms, c->arena, &u->undone, err);
	if (rc == HARK_OK) {
		import_undone_json(&c->j, &u->undone, false);
	}
	return rc;
}

/* The same, and what it did is taken back itself by a failure. */
static int look_back(struct store *s, void *arg, struct hark_err *err)
{
	struct undoing *u = arg;
	int rc = store_import_undo_within(
		s, u->id, u->c->who.name, u->c->now_ms, u->c->arena, &u->undone, err);
	u->looked = rc == HARK_OK;
	return u->looked ? hark_err_set(err, HARK_ESTATE, "only looked") : rc;
}

void imports_undo(struct call *c)
{
	static const char *const members[] = {"dry_run", NULL};
	struct undoing u = {.c = c};
	struct hark_err err = {0};
	if (!str_i64(c->arg, &u.id) || u.id < 1) {
		call_refuse(c, 404, "there is no import of that number");
	} else if (!call_knows(c, members) || !call_bool(c, "dry_run", &u.look)) {
		return;
	} else if (!u.look) {
		call_write(c, take_back, &u);
	} else if (api_write(c->api, look_back, &u, &err) != HARK_OK && !u.looked) {
		call_fail(c, &err);
	} else {
		import_undone_json(&c->j, &u.undone, true);
		call_answer(c, 200);
	}
}
