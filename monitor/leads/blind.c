#include "monitor/leads/blind.h"

#include "monitor/store/driver.h"
#include "monitor/store/gaps.h"
#include "monitor/store/reports.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define BASE_MS (28 * DAY_MS)

double blind_estimate(const struct blind_row *row)
{
	return row->heard_ms > 0 ? (double)row->leads / (double)row->heard_ms *
					   (double)(row->until_ms - row->from_ms)
				 : 0;
}

struct reading {
	struct arena *arena;
	struct blind_row *v; /* of all gaps in the base time */
	size_t n, cap;
	int64_t since_ms, now_ms;
	bool no_memory;
};

static bool take_gap(void *ctx, struct str source, const struct gap *gap)
{
	struct reading *r = ctx;
	struct blind_row *grown;
	if (gap->filled_ms != 0) {
		return true;
	}
	grown = arena_grow(r->arena, r->v, r->n, &r->cap, sizeof(*grown));
	r->no_memory |= grown == NULL;
	if (grown != NULL) {
		r->v = grown;
		grown[r->n++] = (struct blind_row){.source = arena_str(r->arena, source),
			.cause = gap_cause_name(gap->cause),
			.from_ms = gap->from_ms,
			.until_ms = gap->until_ms};
	}
	return grown != NULL;
}

/* The part of all gaps of a source behind `from_ms`. */
static int64_t blind_since(const struct reading *r, struct str source, int64_t from_ms)
{
	int64_t sum = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct blind_row *b = &r->v[i];
		int64_t from = b->from_ms > from_ms ? b->from_ms : from_ms;
		if (str_eq(b->source, source) && b->until_ms > from) {
			sum += b->until_ms - from;
		}
	}
	return sum;
}

static void take_leads(void *ctx, const struct store_report_row *row)
{
	struct reading *r = ctx;
	int64_t begin_ms = r->now_ms - BASE_MS;
	begin_ms = row->n[1] > begin_ms ? row->n[1] : begin_ms;
	int64_t heard_ms = r->now_ms - begin_ms - blind_since(r, row->text[0], begin_ms);
	for (size_t i = 0; i < r->n && row->n[1] != 0; i++) {
		if (str_eq(r->v[i].source, row->text[0])) {
			r->v[i].leads = row->n[0];
			r->v[i].heard_ms = heard_ms;
			r->v[i].missed = blind_estimate(&r->v[i]);
		}
	}
}

int blind_read(struct store *s, int64_t since_ms, int64_t now_ms, struct arena *arena,
	struct blind_row **out, size_t *n, struct hark_err *err)
{
	struct reading r = {.arena = arena, .since_ms = since_ms, .now_ms = now_ms};
	const struct store_report_filter f = {.since_ms = now_ms - BASE_MS, .now_ms = now_ms};
	int rc = store_gaps_each(s, STR_NONE, now_ms - BASE_MS, take_gap, &r, err);
	if (rc == HARK_OK && r.n > 0) {
		rc = store_report_each(s, REPORT_SOURCE_LEADS, &f, take_leads, &r, err);
	}
	if (rc == HARK_OK && r.no_memory) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the times without news");
	}
	*out = r.v;
	*n = 0;
	for (size_t i = 0; i < r.n; i++) {
		if (r.v[i].until_ms > since_ms) {
			r.v[(*n)++] = r.v[i];
		}
	}
	return rc;
}
