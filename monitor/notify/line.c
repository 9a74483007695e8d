#include "monitor/notify/line.h"

#include "monitor/base/json.h"
#include "monitor/base/utf8.h"
#include "monitor/model/id.h"

#define PART_MAX 200

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

static void add_lead(struct buf *out, const json_t *lead)
{
	const json_t *evidence = json_array_get(json_object_get(lead, "evidence"), 0);
	struct str who = first_of(
		json_str(json_object_get(lead, "subject"), "name"), json_str(evidence, "author"));
	struct str text = first_of(json_str(evidence, "text"), json_str(evidence, "title"));
	int64_t id;

	buf_add_c(out, "LEAD");
	if (id_parse(ID_LEAD, json_str(lead, "id"), &id)) {
		buf_printf(out, " %lld", (long long)id);
	}
	add_part(out, "  ", json_str(lead, "kind"), "");
	add_part(out, "  ", first_of(who, json_str(lead, "title")), "");
	add_part(out, ": \"", text, "\"");
	add_part(out, "  (", json_str(lead, "why"), ")");
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
	if (has_data) {
		add_lead(out, data);
	}
	json_decref(root);
	if (!has_data) {
		return hark_err_set(err, HARK_EPARSE, "the alert's payload has no \"data\"");
	}
	return out->rc == HARK_OK ? HARK_OK : hark_err_set(err, out->rc, "no room for a line");
}
