#include "monitor/store/signals.h"

#include "monitor/base/jsonout.h"
#include "monitor/store/driver.h"
#include "monitor/store/sums.h"

#define DETAIL_MAX (256 << 10)

bool store_signal_in_story(struct store *s, int64_t story, int64_t post, struct str rule)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM signals WHERE " SIGNALS_OF_STORY("$1") " AND rule = $2 AND post <> $3 LIMIT 1");
	db_i64(q, story);
	db_text(q, rule);
	db_i64(q, post);
	return db_run_i64(q, 0) != 0;
}

typedef void (*write_fn)(const struct signal *signal, struct jsonout *j);

/* JSON of a part, absent when the part is empty. */
static struct str part(const struct signal *signal, write_fn write, size_t n, struct buf *out)
{
	struct jsonout j;
	buf_init(out, DETAIL_MAX);
	if (n == 0) {
		return STR_NONE;
	}
	jsonout_init(&j, out);
	write(signal, &j);
	return out->rc == HARK_OK ? buf_str(out) : STR_NONE;
}

static void bind_rule(
	struct db_query *q, const struct signal *signal, const struct signal_place *place)
{
	db_i64(q, place->post);
	db_i64(q, place->story);
	db_text(q, signal->rule);
	db_text(q, signal->rule_file);
	db_text(q, signal->rule_hash);
	db_text_c(q, signal_kind_name(signal->kind));
	db_text_c(q, signal_level_name(signal->level));
	db_i64(q, signal->flags);
	db_i64(q, signal->score);
}

static struct str key_of(const struct signal *signal)
{
	return signal->lead_key.p != NULL ? signal->lead_key : STR("");
}

static void bind_subject(
	struct db_query *q, const struct signal *signal, const struct signal_place *place)
{
	db_text(q, signal->subject.kind);
	db_text(q, signal->subject.id);
	db_text(q, signal->subject.name);
	db_text(q, signal->title);
	db_text(q, signal->owner);
	db_text(q, signal->route);
	db_text_c(q, place->visibility);
	db_text(q, key_of(signal));
}

bool store_signal_has(struct store *s, int64_t post, const struct signal *signal)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM signals WHERE post = $1 AND rule = $2 AND lead_key = $3");
	db_i64(q, post);
	db_text(q, signal->rule);
	db_text(q, key_of(signal));
	return db_run_i64(q, 0) != 0;
}

int64_t store_signal_ids(struct store *s, size_t n)
{
	return store_ids(s, "signals", n);
}

bool store_signal_add(
	struct store *s, const struct signal *signal, const struct signal_place *place)
{
	struct buf emit, spans, entities;
	struct str emit_json = part(signal, signal_write_emit, signal->emit_n, &emit);
	struct str spans_json = part(signal, signal_write_spans, signal->spans_n, &spans);
	struct str entities_json =
		part(signal, signal_write_entities, signal->entities_n, &entities);
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO signals (id, lead, post, story, rule, rule_file, "
		"rule_hash, kind, level, flags, score, subject_kind,"
		" subject_id, subject_name, title, owner, route, visibility, "
		"lead_key, emit, spans, entities, explain,"
		" historic, created_ms, lists) VALUES ($1, $2, $3, $4, $5, $6, $7, "
		"$8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT "
		"(post, rule, lead_key) DO NOTHING");
	db_i64(q, place->id);
	db_i64_unless(q, place->lead, 0);
	bind_rule(q, signal, place);
	bind_subject(q, signal, place);
	db_text(q, emit_json);
	db_text(q, spans_json);
	db_text(q, entities_json);
	db_text(q, signal->explain);
	db_i64(q, place->historic);
	db_i64(q, place->now_ms);
	db_text(q, signal->lists);
	bool added = db_run(q) > 0;
	if (added && !place->historic) {
		struct str kind = str_c(signal_kind_name(signal->kind));
		store_sum_signal(s, place->now_ms, kind, str_c(place->visibility));
	}
	buf_release(&emit);
	buf_release(&spans);
	buf_release(&entities);
	return added;
}

bool store_signal_refresh(struct store *s, const struct signal *signal, int64_t post)
{
	struct buf emit, spans, entities;
	struct str emit_json = part(signal, signal_write_emit, signal->emit_n, &emit);
	struct str spans_json = part(signal, signal_write_spans, signal->spans_n, &spans);
	struct str entities_json =
		part(signal, signal_write_entities, signal->entities_n, &entities);
	struct db_query *q = db_query(store_db(s),
		"UPDATE signals SET emit = $4, spans = $5, entities = $6, explain = $7, gone_ms = NULL"
		" WHERE post = $1 AND rule = $2 AND lead_key = $3");
	db_i64(q, post);
	db_text(q, signal->rule);
	db_text(q, key_of(signal));
	db_text(q, emit_json);
	db_text(q, spans_json);
	db_text(q, entities_json);
	db_text(q, signal->explain);
	bool known = db_run(q) > 0;
	buf_release(&emit);
	buf_release(&spans);
	buf_release(&entities);
	return known;
}

bool store_signal_new_story(struct store *s, const struct signal_place *place)
{
	struct db_query *q = db_query(store_db(s),
		"SELECT 1 FROM signals WHERE lead = $1 AND story = $2 AND id <> $3 LIMIT 1");
	db_i64(q, place->lead);
	db_i64(q, place->story);
	db_i64(q, place->id);
	return db_run_i64(q, 0) == 0;
}
