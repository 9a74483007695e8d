#include "tests/fuzz/fuzz.h"

#include "rules/classify/move.h"
#include "rules/fold.h"

#include <assert.h>

/* Title, text and author of a post, with bytes 0x1e between: every part lies in its field. */
static void look_at(const struct post *p, const struct move_part *part)
{
	if (part->text.p == NULL) {
		return;
	}
	struct str field = part->field == TEXT_TITLE  ? p->title
			   : part->field == TEXT_NAME ? p->author.display_name
						      : p->text;
	assert(part->start <= part->end && part->end <= field.n);
	assert(part->text.n == part->end - part->start);
	assert(part->text.p == field.p + part->start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n((const char *)data, size), part = STR_NONE;
	struct post p;
	struct move m;
	struct buf json;
	static struct move_finder *finder; /* its table is made once */
	if (fold_init() != HARK_OK) {
		return 0;
	}
	finder = finder != NULL ? finder : move_finder_new();
	if (finder == NULL) {
		return 0;
	}
	post_init(&p);
	p.title = str_split(&rest, 0x1e, &part) ? part : STR_NONE;
	p.text = str_split(&rest, 0x1e, &part) ? part : STR_NONE;
	p.author.display_name = str_split(&rest, 0x1e, &part) ? part : STR_NONE;
	if (move_find(finder, &p, &m) == HARK_OK) {
		look_at(&p, &m.person);
		look_at(&p, &m.employer);
		look_at(&p, &m.title);
		look_at(&p, &m.from);
		look_at(&p, &m.cue);
		assert(m.event == MOVE_NONE || (m.pattern != NULL && m.refused == NULL));
		buf_init(&json, 8 << 20);
		move_write_json(&m, true, &json);
		buf_release(&json);
	}
	return 0;
}
