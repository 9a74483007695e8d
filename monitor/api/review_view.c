#include "monitor/api/review_view.h"

#include "connectors/employer.h"
#include "rules/fold.h"

#define SAID_MAX 500

int review_card_load(struct store *s, int64_t id, struct arena *arena, struct review_card *out,
	struct hark_err *err)
{
	struct person_side sides[2] = {{0}};
	const struct review *r = &out->r;
	int rc = store_review_load(s, id, arena, &out->r, err);
	rc = rc == HARK_OK ? store_person_side(s, r->person, arena, &sides[0], err) : rc;
	if (rc == HARK_OK && r->author != 0) {
		rc = store_author_side(s, r->author, arena, &sides[1], err);
		sides[1].employer = employer_in_bio(sides[1].bio);
	} else if (rc == HARK_OK && r->move != 0) {
		rc = store_mover_side(s, r->move, arena, &sides[1], err);
	} else if (rc == HARK_OK) {
		rc = store_person_side(s, r->other, arena, &sides[1], err);
	}
	if (rc == HARK_OK && fold_init() != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the tables of letters");
	}
	if (rc == HARK_OK) {
		review_compare(&sides[0], &sides[1], out->lines);
		out->said = str_cut_utf8(sides[1].said, SAID_MAX);
		out->said_at = sides[1].said_at;
	}
	return rc;
}

const char *review_other(const struct review *r, int64_t *id)
{
	*id = r->author != 0 ? r->author : r->move != 0 ? r->move : r->other;
	return r->author != 0 ? "author" : r->move != 0 ? "move" : "other";
}

static void write_review(struct jsonout *j, const struct review *r)
{
	jsonout_key_i64(j, "review", r->id);
	jsonout_key_str(j, "why", r->kind);
	jsonout_key_str(j, "detail", r->detail);
	jsonout_key_str(j, "state", r->state);
	jsonout_key_time(j, "created", r->created_ms);
	if (r->decided_ms > 0) {
		jsonout_key_time(j, "decided", r->decided_ms);
		jsonout_key_str(j, "decided_by", r->decided_by);
	}
}

static void write_other(struct jsonout *j, const struct review *r)
{
	int64_t id;
	const char *what = review_other(r, &id);
	jsonout_key_i64(j, what, id);
}

void view_review(struct jsonout *j, const struct review *r)
{
	jsonout_object(j);
	write_review(j, r);
	jsonout_key_i64(j, "person", r->person);
	jsonout_key_str(j, "person_name", r->person_name);
	write_other(j, r);
	jsonout_key_str(j, "other_name", r->other_name);
	jsonout_end_object(j);
}

static void write_line(struct jsonout *j, const struct review_line *line)
{
	const char *verdict = review_verdict_name(line->verdict);
	jsonout_object(j);
	jsonout_key_c(j, "what", line->what);
	jsonout_key_str(j, "person", line->person);
	jsonout_key_str(j, "other", line->other);
	jsonout_key_c(j, "verdict", verdict[0] != '\0' ? verdict : NULL);
	jsonout_key_c(j, "reason", line->reason);
	jsonout_end_object(j);
}

void view_review_card(struct jsonout *j, const struct review_card *card)
{
	jsonout_object(j);
	write_review(j, &card->r);
	jsonout_key_i64(j, "person", card->r.person);
	write_other(j, &card->r);
	jsonout_key(j, "sides");
	jsonout_array(j);
	for (size_t i = 0; i < REVIEW_LINES; i++) {
		if (card->lines[i].person.n > 0 || card->lines[i].other.n > 0) {
			write_line(j, &card->lines[i]);
		}
	}
	jsonout_end_array(j);
	jsonout_key_str(j, "said", card->said);
	jsonout_key_str(j, "said_at", card->said_at);
	jsonout_end_object(j);
}
