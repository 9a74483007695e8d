#include "monitor/people/import.h"

#include "monitor/people/import_match.h"
#include "monitor/people/import_row.h"
#include "monitor/people/import_value.h"
#include "monitor/store/optouts.h"
#include "monitor/store/records.h"

#include <stdio.h>

#define REVIEW_EMAIL "same-email"
#define ROOM_MIB 128

struct run {
	struct import_table *table;
	struct csv csv;      /* the table's, before the next row */
	struct store *store; /* may be NULL */
	const struct import_options *options;
	struct import_result *out;
	struct record_index *known;
	struct record_index *accounts; /* NULL where there are none to hang on */
	struct record_index *people;   /* of surveys only */
	struct records *records;       /* NULL without a store */
	struct optouts optouts;
	struct hark_err *err;
};

static void reject(struct run *r, const struct csv_row *row, struct str raw, const char *reason)
{
	r->out->counts.rejected++;
	if (r->options->rejected != NULL) {
		r->options->rejected(r->options->ctx, row, raw, reason);
	}
}

/* ---- one record ---- */

static bool wants_none(const struct run *r, const struct record *record)
{
	struct str rest = record->field[REC_EMAIL], one;
	if (r->store == NULL || !r->optouts.any) {
		return false;
	}
	while (str_split(&rest, '\n', &one)) {
		if (optouts_lists(&r->optouts, OPTOUT_EMAIL, one)) {
			return true;
		}
	}
	const struct author author = {
		.handle = record->field[REC_HANDLE], .profile_url = record->field[REC_LINK]};
	return optouts_has(&r->optouts, &author) ||
	       (record_is_person(record->kind) &&
		       optouts_lists(&r->optouts, OPTOUT_RECORD, record->field[REC_ID]));
}

static struct record_links links_of(struct run *r, const struct record *record)
{
	struct record_links links = {0};
	if (r->accounts != NULL) {
		links.account = import_account(
			r->accounts, record->field[REC_ACCOUNT_ID], record->field[REC_ACCOUNT]);
	}
	if (r->people != NULL && record->field[REC_EMAIL].n > 0) {
		uint32_t slot = record_index_find(
			r->people, KEY_EMAIL, record->field[REC_EMAIL], RECORD_NONE);
		links.person = slot != RECORD_NONE ? record_index_slot(r->people, slot)->id : 0;
	}
	return links;
}

/* Somebody else with one of these addresses is a pair for somebody to look at. */
static void review_addresses(struct run *r, uint32_t slot, const struct record *record)
{
	struct str rest = record->field[REC_EMAIL], one;
	while (record_is_person(record->kind) && str_split(&rest, '\n', &one)) {
		uint32_t other = record_index_find(r->known, KEY_EMAIL, one, RECORD_NONE);
		if (other == slot) {
			other = record_index_find(r->known, KEY_EMAIL, one, slot);
		}
		if (other == RECORD_NONE) {
			continue;
		}
		int64_t a = record_index_slot(r->known, slot)->id;
		int64_t b = record_index_slot(r->known, other)->id;
		bool fresh = r->store == NULL || a == 0 || b == 0 ||
			     records_review(r->store, REVIEW_EMAIL, a, b, one, r->out->id,
				     !r->options->write, r->options->now_ms);
		r->out->counts.reviews += fresh;
	}
}

/* An employer that is named by an account's id alone. */
static void name_employer(struct run *r, struct record *record)
{
	struct str ref = record->field[REC_ACCOUNT_ID];
	if (!record_is_person(record->kind) || ref.n == 0 || record->field[REC_ACCOUNT].n > 0) {
		return;
	}
	int64_t account = import_account(r->accounts, ref, STR_NONE);
	if (account == 0) {
		r->out->unlinked++;
		record->print = 0;
		return;
	}
	record->field[REC_ACCOUNT] = records_account_name(r->store, account, &r->table->row);
}

static int add(struct run *r, const struct record *record)
{
	struct record_links links = links_of(r, record);
	int64_t id = r->records != NULL ? records_add(r->records, record, &links) : 0;
	uint32_t slot = record_index_add(r->known, id);
	if (slot == RECORD_NONE) {
		return HARK_ENOMEM;
	}
	struct record_slot *s = record_index_slot(r->known, slot);
	s->print = record->print;
	s->line = record->line;
	review_addresses(r, slot, record);
	r->out->counts.added++;
	return import_index(r->known, slot, record);
}

static int change(struct run *r, uint32_t slot, const struct record *record)
{
	struct record_slot *s = record_index_slot(r->known, slot);
	s->line = record->line;
	if (s->print == record->print && record->print != 0) {
		r->out->counts.unchanged++;
		return HARK_OK;
	}
	struct record_links links = links_of(r, record);
	if (record_is_person(record->kind)) { /* the index holds what is stored: no need to ask */
		links.emailed = import_has_emails(r->known, record, slot);
		links.profiled = import_has_profile(r->known, record, slot);
	}
	bool differs = r->records != NULL && records_change(r->records, s->id, record, &links);
	s->print = record->print;
	r->out->counts.changed += differs;
	r->out->counts.unchanged += !differs;
	review_addresses(r, slot, record);
	return import_index(r->known, slot, record);
}

/* One that this file had before. */
static void repeat(struct run *r, uint32_t slot, const struct csv_row *row, struct str raw,
	const struct record *record)
{
	const struct record_slot *s = record_index_slot(r->known, slot);
	struct hark_err why;
	if (s->print == record->print && record->print != 0) {
		r->out->counts.unchanged++;
		return;
	}
	hark_err_set(&why, HARK_EINVAL, "line %u has the same %s and says something else", s->line,
		import_match_by(r->known, record, slot));
	reject(r, row, raw, why.text);
}

static void keep_word(import_words words, struct str text)
{
	for (size_t i = 0; i < IMPORT_TYPES; i++) {
		char cut[sizeof(words[i])];
		snprintf(cut, sizeof(cut), "%.*s", STR_FMT(text));
		if (words[i][0] == '\0') {
			memcpy(words[i], cut, sizeof(cut));
		}
		if (strcmp(words[i], cut) == 0) {
			return;
		}
	}
}

/* A list that asks for customers misses an account of another type: that is said. */
static void look_at_type(struct run *r, const struct record *record)
{
	struct str type = record->field[REC_TYPE];
	if (record->kind != RECORD_ACCOUNT || import_type_is_usual(type)) {
		return;
	}
	r->out->other_types++;
	keep_word(r->out->other_type, type);
}

/* What hangs on no account is of no use to a lead about it until that is imported: that is said, too. */
static void look_at_account(struct run *r, const struct record *record)
{
	struct str ref = record->field[REC_ACCOUNT_ID], name = record->field[REC_ACCOUNT];
	if (record_is_person(record->kind) || record->kind == RECORD_ACCOUNT ||
		record->kind == RECORD_TIE || (str_empty(ref) && str_empty(name)) ||
		import_account(r->accounts, ref, name) != 0) {
		return;
	}
	r->out->strangers++;
	keep_word(r->out->stranger, str_empty(name) ? ref : name);
}

static int take(struct run *r, const struct csv_row *row, struct str raw)
{
	struct record record;
	struct hark_err why = {0};
	uint32_t slot = RECORD_NONE;
	int rc = import_row(&r->table->map, row, r->table->order, &r->table->row, &record, &why);
	if (rc == HARK_ENOENT) {
		r->out->deleted++;
		return HARK_OK;
	}
	if (rc == HARK_ESTATE || (rc == HARK_OK && wants_none(r, &record))) {
		r->out->counts.opted_out++;
		return HARK_OK;
	}
	if (rc == HARK_OK) {
		record.print = record_print(&record);
		name_employer(r, &record);
	}
	rc = rc == HARK_OK ? import_match(r->known, &record, &slot, &why) : rc;
	if (rc == HARK_EINVAL) {
		reject(r, row, raw, why.text);
		return HARK_OK;
	}
	if (rc != HARK_OK) {
		return rc;
	}
	look_at_type(r, &record);
	look_at_account(r, &record);
	if (slot == RECORD_NONE) {
		return add(r, &record);
	}
	if (record_index_slot(r->known, slot)->line != 0) {
		repeat(r, slot, row, raw, &record);
		return HARK_OK;
	}
	return change(r, slot, &record);
}

static int take_all(struct run *r)
{
	struct csv *csv = &r->csv;
	int rc = HARK_OK;
	while (rc == HARK_OK) {
		struct csv_row row = {0};
		struct hark_err why = {0};
		size_t from = csv->at;
		int got = csv_next(csv, &row, &why);
		struct str raw = str_trim(str_n(csv->text.p + from, csv->at - from));
		if (got == HARK_ENOENT) {
			break;
		}
		r->out->counts.rows++;
		if (got == HARK_ENOMEM) {
			rc = got;
		} else if (got != HARK_OK) {
			reject(r, &(struct csv_row){.line = row.line}, raw, why.text);
		} else if (csv_is_blank(&row)) {
			r->out->counts.rows--;
		} else if (row.n == 1 && csv->header.n > 2) {
			reject(r, &row, raw, "a line below the table, no record");
		} else {
			rc = take(r, &row, raw);
		}
		arena_reset(&r->table->row);
		if (r->options->progress != NULL) {
			r->options->progress(r->options->ctx, r->out->counts.rows);
		}
	}
	return rc;
}

/* ---- all of them ---- */

static int64_t find_account(void *ctx, struct str ref, struct str name)
{
	return import_account(ctx, ref, name);
}

static int open_run(struct run *r)
{
	enum record_kind kind = r->table->map.kind;
	int rc = record_index_load(&r->known, r->store, kind, r->err);
	if (rc == HARK_OK && kind != RECORD_ACCOUNT) {
		rc = record_index_load(&r->accounts, r->store, RECORD_ACCOUNT, r->err);
	}
	if (rc == HARK_OK && kind == RECORD_SURVEY) {
		rc = record_index_load(&r->people, r->store, RECORD_CONTACT, r->err);
	}
	if (rc == HARK_OK && r->store != NULL) {
		rc = optouts_init(&r->optouts, r->store, r->err);
	}
	if (rc == HARK_OK && r->options->write) {
		const struct import_entry row = {.kind = str_c(record_kind_name(kind)),
			.system = str_c(r->table->map.system),
			.file = r->options->file,
			.hash = r->options->hash,
			.mapping = r->options->mapping,
			.actor = r->options->actor,
			.at_ms = r->options->now_ms};
		r->out->id = store_import_begin(r->store, &row);
	}
	if (rc == HARK_OK && r->store != NULL) {
		rc = records_open(
			&r->records, r->store, kind, r->out->id, r->options->now_ms, r->err);
	}
	return rc;
}

static void close_run(struct run *r)
{
	records_close(r->records);
	record_index_free(r->known);
	record_index_free(r->accounts);
	record_index_free(r->people);
	if (r->store != NULL) {
		optouts_release(&r->optouts);
	}
}

/* Accounts that others were waiting for, and the counts. */
static void finish(struct run *r)
{
	if (r->table->map.kind == RECORD_ACCOUNT) {
		r->out->linked = records_link_accounts(r->store, find_account, r->known);
	}
	r->out->orphaned = records_orphaned(r->records);
	store_import_end(r->store, r->out->id, &r->out->counts);
}

/* The ledger holds what can be taken back, so no import that found everything as it was. */
static bool has_written(const struct import_result *out)
{
	return out->counts.added + out->counts.changed + out->counts.reviews + out->linked > 0;
}

int import_run_within(struct import_table *t, struct store *store,
	const struct import_options *options, struct import_result *out, struct hark_err *err)
{
	struct run r = {.table = t,
		.csv = t->csv,
		.store = store,
		.options = options,
		.out = out,
		.err = err};
	*out = (struct import_result){0};
	int rc = open_run(&r);
	if (rc == HARK_OK) {
		rc = take_all(&r);
		if (rc == HARK_ENOMEM) {
			hark_err_set(err, rc, "no memory to import");
		}
	}
	if (rc == HARK_OK && options->write) {
		finish(&r);
	}
	if (options->write && (rc != HARK_OK || !has_written(out))) {
		store_import_forget(store, out->id);
		out->id = 0;
	}
	close_run(&r);
	return rc;
}

int import_run(struct import_table *t, struct store *store, const struct import_options *options,
	struct import_result *out, struct hark_err *err)
{
	bool write = options->write;
	*out = (struct import_result){0};
	int rc = write ? store_begin(store, err) : HARK_OK;
	if (rc != HARK_OK) {
		return rc;
	}
	if (store != NULL) {
		store_make_room(store, ROOM_MIB);
	}
	rc = import_run_within(t, store, options, out, err);
	if (write && rc == HARK_OK && out->id != 0) {
		return store_commit(store, err);
	}
	if (write) {
		store_rollback(store);
	}
	return rc;
}
