#include "monitor/pipeline/digest.h"

#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/id.h"

#define TEXT_BYTES 200
#define NOTE_BYTES 600
#define BLIND_MAX 6 /* times without news that are named */

static void write_lead(const struct digest_lead *l, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	const struct overflow_row *row = &l->row;
	struct str who = !str_empty(row->subject.name) ? row->subject.name : row->subject.id;
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_LEAD, row->lead, id));
	jsonout_key_i64(j, "score", row->score);
	jsonout_key_str(j, "kind", row->kind);
	jsonout_key_str(j, "account", str_cut_utf8(l->account, TEXT_BYTES));
	jsonout_key_str(j, "who", str_cut_utf8(who, TEXT_BYTES));
	jsonout_key_str(j, "title", str_cut_utf8(row->title, TEXT_BYTES));
	jsonout_key_time(j, "seen", row->at_ms);
	lead_guard_json(&l->guard, j);
	jsonout_end_object(j);
}

/* Without a digest of its own it is told of what waited. */
static void write_title(const struct digest *d, struct buf *title)
{
	const struct conf_receiver *r = d->receiver;
	char since[RECUR_TEXT_MAX];
	if (r->digest != NULL) {
		buf_printf(title, "%s since %s", d->all > 0 ? COUNT(d->all, "lead") : "No lead",
			recur_text(r->digest, d->since_ms, since));
	} else if (r->budget > 0) {
		buf_printf(title, "%s for the digest or beyond the budget of %lld",
			COUNT(d->all, "lead"), (long long)r->budget);
	} else {
		buf_printf(title, "%s for the digest", COUNT(d->all, "lead"));
	}
	buf_add_c(title, d->all > 0 ? ", the strongest first" : "");
}

/* Sentences, each of which ends in the place to look. */
static void note_kept(const struct digest *d, struct jsonout *j)
{
	struct buf note;
	buf_init(&note, NOTE_BYTES);
	if (d->silenced > 0) {
		buf_printf(&note, "Nobody was told of %s: silences (hark silence list)",
			COUNT(d->silenced, "more lead"));
		jsonout_str(j, buf_str(&note));
		buf_clear(&note);
	}
	if (d->inhibited > 0) {
		buf_printf(&note,
			"Nobody was told of %s: an opportunity or a case is open (hark leads list)",
			COUNT(d->inhibited, "more lead"));
		jsonout_str(j, buf_str(&note));
	}
	buf_release(&note);
}

/* "forum was not heard 2026-01-30 09:40–13:10, failing: about 14 leads missed". Only the part behind `since`: the
 * one before it was told. */
static void note_blind(const struct digest *d, const struct blind_row *gap, struct jsonout *j)
{
	struct blind_row b = *gap;
	char from[RECUR_TEXT_MAX], until[RECUR_TEXT_MAX];
	struct buf note;
	b.from_ms = b.from_ms < d->since_ms ? d->since_ms : b.from_ms;
	int64_t missed = (int64_t)(blind_estimate(&b) + 0.5);
	recur_text(d->receiver->digest, b.from_ms, from);
	recur_text(d->receiver->digest, b.until_ms, until);
	bool same_day = strncmp(from, until, 10) == 0;
	buf_init(&note, NOTE_BYTES);
	buf_printf(&note, "%.*s was not heard %s–%s (%s)", STR_FMT(str_cut_utf8(b.source, 100)),
		from, same_day ? until + 11 : until, b.cause);
	if (missed > 0) {
		buf_printf(&note, ": about %s missed", COUNT(missed, "lead"));
	}
	jsonout_str(j, buf_str(&note));
	buf_release(&note);
}

static void note_all_blind(const struct digest *d, struct jsonout *j)
{
	struct buf note;
	buf_init(&note, NOTE_BYTES);
	for (size_t i = 0; i < d->blind_n && i < BLIND_MAX; i++) {
		note_blind(d, &d->blind[i], j);
	}
	if (d->blind_n > BLIND_MAX) {
		buf_printf(&note, "%s more without news (hark report blind)",
			COUNT(d->blind_n - BLIND_MAX, "time"));
		jsonout_str(j, buf_str(&note));
	} else if (d->blind_n == 0 && d->all == 0) {
		jsonout_str(j, STR("All sources were heard all the time"));
	}
	buf_release(&note);
}

void digest_write(const struct digest *d, struct buf *out)
{
	struct jsonout j;
	struct buf title;
	buf_init(&title, NOTE_BYTES);
	write_title(d, &title);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", LEADS_DIGEST);
	jsonout_key_time(&j, "timestamp", d->now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	jsonout_key_c(&j, "kind", "leads-digest");
	jsonout_key_str(&j, "title", buf_str(&title));
	jsonout_key_time(&j, "since", d->since_ms);
	jsonout_key_i64(&j, "leads_count", (int64_t)d->all);
	jsonout_key(&j, "leads");
	jsonout_array(&j);
	for (size_t i = 0; i < d->leads_n; i++) {
		write_lead(&d->leads[i], &j);
	}
	jsonout_end_array(&j);
	jsonout_key(&j, "notes");
	jsonout_array(&j);
	note_kept(d, &j);
	note_all_blind(d, &j);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
	buf_release(&title);
}
