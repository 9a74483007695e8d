#include "monitor/notify/line.h"

#include "monitor/base/json.h"
#include "monitor/base/utf8.h"
#include "monitor/model/excerpt.h"
#include "monitor/model/id.h"

#define PART_MAX 300
#define WORDS_MAX 160 /* of the post, around what was found */

/* Text on one line: every run of white space and every control character becomes one space. */
static void add_flat(struct buf *out, struct str text, size_t max)
{
	struct buf clean;
	bool gap = false;
	buf_init(&clean, 4 * text.n + 4);
	utf8_clean(&clean, str_trim(text));
	struct str s = str_cut_utf8(buf_str(&clean), max);
	for (size_t i = 0; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		if (!blank && gap) {
			buf_add_char(out, ' ');
		}
		if (!blank) {
			buf_add_char(out, s.p[i]);
		}
		gap = blank;
	}
	if (s.n < clean.n) {
		buf_add_c(out, "…");
	}
	buf_release(&clean);
}

static struct str first_of(struct str a, struct str b)
{
	return a.n > 0 ? a : b;
}

static void add_part(struct buf *out, const char *before, struct str text, const char *after)
{
	if (text.n > 0) {
		buf_add_c(out, before);
		add_flat(out, text, PART_MAX);
		buf_add_c(out, after);
	}
}

/* What the post says where it matched, with the words found in «». False: none are known. */
static bool add_words(struct buf *out, const json_t *evidence)
{
	struct str text = json_str(evidence, "text"), title = json_str(evidence, "title");
	struct excerpt_span marks[EXCERPT_SPANS_MAX];
	struct buf shown;
	size_t from, n = excerpt_spans(json_object_get(evidence, "spans"), "text", marks);
	if (n == 0 || text.n == 0) {
		size_t in_title = excerpt_spans(json_object_get(evidence, "spans"), "title", marks);
		bool use_title = text.n == 0 || (in_title > 0 && title.n > 0);
		n = use_title ? in_title : 0;
		text = use_title ? title : text;
	}
	struct str part = excerpt_cut(text, n > 0 ? marks[0].start : 0, WORDS_MAX, &from);
	buf_init(&shown, 4 * WORDS_MAX + 8 * EXCERPT_SPANS_MAX);
	buf_add_c(&shown, from > 0 ? "…" : "");
	excerpt_mark(&shown, part, from, marks, n);
	buf_add_c(&shown, from + part.n < text.n ? "…" : "");
	add_part(out, ": \"", text.n > 0 ? buf_str(&shown) : text, "\"");
	buf_release(&shown);
	return n > 0;
}

static void add_lead(struct buf *out, const json_t *lead)
{
	const json_t *evidence = json_array_get(json_object_get(lead, "evidence"), 0);
	struct str who = first_of(
		json_str(json_object_get(lead, "subject"), "name"), json_str(evidence, "author"));
	int64_t id;

	buf_add_c(out, "LEAD");
	if (id_parse(ID_LEAD, json_str(lead, "id"), &id)) {
		buf_printf(out, " %lld", (long long)id);
	}
	add_part(out, "  ", json_str(lead, "kind"), "");
	add_part(out, "  ", first_of(who, json_str(lead, "title")), "");
	bool marked = add_words(out, evidence);
	add_part(out, "  (", json_str(lead, marked ? "title" : "why"), ")");
	buf_add_c(out, json_is_true(json_object_get(evidence, "private")) ? "  private" : "");
	add_part(out, "  ", json_str(evidence, "url"), "");
}

int line_of_alert(struct buf *out, struct str payload, struct hark_err *err)
{
	json_t *root = json_read(payload, err);
	if (root == NULL) {
		hark_err_wrap(err, "the alert's payload");
		return HARK_EPARSE;
	}
	const json_t *data = json_object_get(root, "data");
	bool has_data = json_is_object(data);
	if (has_data && json_object_get(data, "alarms") != NULL) {
		buf_add_c(out, "ALARM");
		add_part(out, "  ", json_str(data, "title"), "");
	} else if (has_data) {
		add_lead(out, data);
	}
	json_decref(root);
	if (!has_data) {
		return hark_err_set(err, HARK_EPARSE, "the alert's payload has no \"data\"");
	}
	return out->rc == HARK_OK ? HARK_OK : hark_err_set(err, out->rc, "no room for a line");
}
