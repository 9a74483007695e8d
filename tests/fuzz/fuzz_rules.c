#include "tests/fuzz/fuzz.h"

#include "rules/fold.h"
#include "rules/ruleset.h"

/* A whole rule file: read, linked without any list, and one post matched against what is left. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags diags;
	struct ruleset *r = fold_init() == HARK_OK ? ruleset_new() : NULL;
	static const struct rules_source none;
	if (r == NULL) {
		return 0;
	}
	diags_init(&diags);
	struct rule_file *f =
		rule_file_read(str_n((const char *)data, size), "r.yaml", &r->arena, &diags);
	struct rule_file *files[1] = {f};
	if (f != NULL) {
		f->path = "r.yaml";
		f->lists_n = 0; /* nothing is read from the disk */
		r->files = files;
		r->files_n = 1;
		if (ruleset_link(r, f, NULL, &none, &diags) == HARK_OK &&
			ruleset_finish(r, &diags) == HARK_OK) {
			struct matcher *m = matcher_new(r);
			struct arena arena;
			struct signal *found;
			struct post post;
			size_t n;
			arena_init(&arena, 0);
			post_init(&post);
			post.title = STR("An alternative to Globex?");
			post.text =
				STR("We are leaving @acme #ProductLaunch https://example.com/ $X");
			if (m != NULL) {
				matcher_match(m, &post, &arena, &found, &n);
			}
			matcher_free(m);
			arena_release(&arena);
		}
	}
	ruleset_unref(r);
	diags_release(&diags);
	return 0;
}
