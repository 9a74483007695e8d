#include "rules/check.h"

static bool is_said(const struct diags *all, size_t n, const struct diag *d)
{
	for (size_t i = 0; i < n; i++) {
		const struct diag *s = &all->v[i];
		if (strcmp(s->code, d->code) == 0 && strcmp(s->at.file, d->at.file) == 0 &&
			s->at.line == d->at.line && s->at.col == d->at.col) {
			return true;
		}
	}
	return false;
}

/* Failed tests are findings like others. What the rules themselves say wrong has been said. */
static void add_test_findings(struct diags *all, const struct diags *tests)
{
	size_t before = all->n;
	for (size_t i = 0; i < tests->n; i++) {
		const struct diag *d = &tests->v[i];
		if (d->level == DIAG_ERROR && !is_said(all, before, d)) {
			diags_add(all, d->level, d->code, d->at, str_c(d->source), d->help, "%s",
				d->message);
		}
	}
}

int ruleset_check(const struct rules_source *source, bool lists, struct diags *diags,
	struct arena *arena, struct rules_checked *out, struct hark_err *err)
{
	struct diags tests;
	*out = (struct rules_checked){0};
	int rc = ruleset_load(&out->set, source, diags, err);
	if (rc != HARK_OK && rc != HARK_EPARSE) {
		return rc;
	}
	out->rules = out->set != NULL ? ruleset_count(out->set) : 0;
	out->entries = out->set != NULL ? ruleset_list_count(out->set) : 0;
	diags_init(&tests);
	int tested = ruleset_test(source, NULL, NULL, &out->failed, &tests, err);
	add_test_findings(diags, &tests);
	diags_release(&tests);
	if (out->set != NULL && tested == HARK_OK && diags->errors == 0) {
		tested = ruleset_lint(out->set, source, lists, diags, arena, &out->lint, err);
	}
	return tested;
}
