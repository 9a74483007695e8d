#include "monitor/pipeline/overflow_tell.h"

#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/id.h"
#include "monitor/store/decisions.h"
#include "monitor/store/outbox.h"

#define LISTED_MAX 40
#define TEXT_BYTES 200
#define PAYLOAD_MAX 20000
#define ROWS_MAX 10000

static void write_row(const struct overflow_row *row, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_LEAD, row->lead, id));
	jsonout_key_i64(j, "score", row->score);
	jsonout_key_str(j, "kind", row->kind);
	jsonout_key_str(j, "who", str_cut_utf8(row->who, TEXT_BYTES));
	jsonout_key_str(j, "title", str_cut_utf8(row->title, TEXT_BYTES));
	jsonout_key_time(j, "seen", row->at_ms);
	jsonout_end_object(j);
}

static void write_payload(
	const struct overflow_row *v, size_t n, int64_t budget, int64_t now_ms, struct buf *out)
{
	struct jsonout j;
	struct buf title;
	buf_init(&title, 1000);
	buf_add_c(&title, COUNT(n, "lead"));
	if (budget > 0) {
		buf_printf(
			&title, " for the digest or beyond the budget of %lld", (long long)budget);
	}
	buf_add_c(&title,
		budget > 0 ? ", the strongest first" : " for the digest, the strongest first");
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", LEADS_DIGEST);
	jsonout_key_time(&j, "timestamp", now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	jsonout_key_c(&j, "kind", "leads-digest");
	jsonout_key_str(&j, "title", buf_str(&title));
	jsonout_key_i64(&j, "leads_count", (int64_t)n);
	jsonout_key(&j, "leads");
	jsonout_array(&j);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		write_row(&v[i], &j);
	}
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
	buf_release(&title);
}

static int tell(struct store *s, const struct conf_receiver *r, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	struct arena arena;
	struct overflow_row *v;
	struct buf payload;
	size_t n, one = 0;
	arena_init(&arena, 0);
	buf_init(&payload, PAYLOAD_MAX);
	int rc = store_overflow_list(s, str_c(r->name), ROWS_MAX, &arena, &v, &n, err);
	if (rc == HARK_OK && n > 0) {
		write_payload(v, n, r->budget, now_ms, &payload);
		rc = payload.rc != HARK_OK
			     ? hark_err_set(err, payload.rc, "no room for the leads over a budget")
			     : outbox_add(s, 0, str_c(r->name), STR(LEADS_DIGEST), STR("digest"),
				       buf_str(&payload), now_ms, &one, err);
	}
	if (rc == HARK_OK) {
		store_overflow_told(s, str_c(r->name), now_ms);
		*made += one;
	}
	buf_release(&payload);
	arena_release(&arena);
	return rc;
}

int overflow_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	int rc = HARK_OK;
	*made = 0;
	for (size_t i = 0; i < conf->receivers_n && rc == HARK_OK; i++) {
		const struct conf_receiver *r = &conf->receivers[i];
		int64_t first = store_overflow_first(s, str_c(r->name));
		bool quiet = r->quiet != NULL && hours_open(r->quiet, now_ms);
		if (first != 0 && !quiet && first + r->budget_per_ms <= now_ms) {
			rc = tell(s, r, now_ms, made, err);
		}
	}
	return rc;
}
