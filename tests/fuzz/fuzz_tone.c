#include "tests/fuzz/fuzz.h"

#include "rules/classify/tone.h"

#include <assert.h>

static void look_at(const struct post *p, struct str part)
{
	bool in_title = p->title.p != NULL && part.p >= p->title.p &&
			part.p + part.n <= p->title.p + p->title.n;
	bool in_text = p->text.p != NULL && part.p >= p->text.p &&
		       part.p + part.n <= p->text.p + p->text.n;
	assert(part.p == NULL || in_title || in_text);
}

/* Title and text of a post with byte 0x1e between: chances are chances, places lie in the post. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), part = STR_NONE;
	static struct tone_model model;
	static struct tone_reader *reader; /* made once */
	struct post p;
	struct tone t;
	struct buf json;
	struct jsonout j;
	if (reader == NULL && tone_model_open_own(&model, NULL) == HARK_OK) {
		reader = tone_reader_new(&model);
	}
	assert(reader != NULL);
	post_init(&p);
	p.title = str_split(&rest, 0x1e, &part) ? part : STR_NONE;
	p.text = str_split(&rest, 0x1e, &part) ? part : STR_NONE;
	tone_read(reader, &p, true, &t);
	tone_claim(reader, &t);
	double all = t.p[0] + t.p[1] + t.p[2];
	assert(t.label == TONE_UNKNOWN ? all == 0 : all > 0.999 && all < 1.001);
	for (size_t i = 0; i < t.why_n; i++) {
		look_at(&p, t.why[i].text);
	}
	for (size_t i = 0; i < t.parts.n; i++) {
		const struct tone_part *x = &t.parts.v[i];
		assert(x->start < x->end && x->end <= (x->title ? p.title.n : p.text.n));
	}
	buf_init(&json, 8 << 20);
	jsonout_init(&j, &json);
	jsonout_object(&j);
	tone_write_json(&t, &p, true, &j);
	jsonout_end_object(&j);
	buf_release(&json);
	return 0;
}
