#include "tests/unit/rules_unit.h"

#include "monitor/model/signal.h"

static struct folder dir;

static int setup(void **state)
{
	(void)state;
	folder_open(&dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_close(&dir);
	return 0;
}

static bool has(const char *code, unsigned line, unsigned col)
{
	for (size_t i = 0; i < dir.diags.n; i++) {
		const struct diag *d = &dir.diags.v[i];
		if (strcmp(d->code, code) == 0 && d->at.line == line && d->at.col == col) {
			return true;
		}
	}
	print_findings(&dir.diags);
	return false;
}

static void every_mistake_is_found_in_one_pass(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml",
		"rules:\n"
		"  - id: a b\n"
		"    kind: menton\n"
		"    match: 'x OR y z'\n"
		"    scor: 5\n"
		"  - id: two\n"
		"    kind: mention\n"
		"    match: 'any:nobody NEAR/3 -x'\n"
		"  - id: two\n"
		"    kind: mention\n"
		"    match: \"double\"\n"
		"    lead: { window: soon }\n"
		"  - id: four\n"
		"    kind: mention\n"
		"    match: NOT x\n"
		"    emit: { a: $nobody }\n"
		"  - id: five\n"
		"    kind: mention\n"
		"    match: '&gone any:none x'\n");
	assert_null(folder_load(&dir, false));
	assert_true(has("E009", 2, 9));
	assert_true(has("E011", 3, 11));
	assert_true(has("E012", 4, 15));
	assert_true(has("E006", 5, 5));
	assert_true(has("E030", 19, 13));
	assert_true(has("E030", 19, 19));
	assert_true(has("E033", 9, 9));
	assert_true(has("E003", 11, 12));
	assert_true(has("E011", 12, 21));
	assert_true(has("E020", 15, 12));
	assert_non_null(strstr(dir.err.text, "errors in rules and lists"));
}

/* Whatever counts or explains a rule knows its id alone. */
static void an_id_is_of_one_rule_over_all_files(void **state)
{
	(void)state;
	const char *paths[] = {"r.yaml", "two.yaml"};
	struct rules_source source = {.paths = paths, .paths_n = 2, .base_dir = dir.path};
	struct ruleset *r = NULL;
	folder_write(&dir, "r.yaml",
		"rules:\n  - {id: a, kind: mention, match: one}\n"
		"  - {id: b, kind: mention, match: one, status: retired}\n");
	folder_write(&dir, "two.yaml",
		"rules:\n  - {id: c, kind: mention, match: one}\n"
		"  - {id: b, kind: mention, match: two}\n"
		"  - id: a\n    kind: mention\n    match: three\n");
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_EPARSE);
	assert_int_equal(dir.diags.errors, 2);
	assert_true(has("E033", 3, 10));
	assert_true(has("E033", 4, 9));
	assert_string_equal(dir.diags.v[0].at.file, "two.yaml");
	assert_non_null(strstr(dir.diags.v[0].help, "r.yaml:3 "));
	folder_write(&dir, "two.yaml", "rules:\n  - {id: A, kind: mention, match: one}\n");
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_OK);
	ruleset_unref(r);
}

static void a_missing_list_is_an_error_but_switches_a_pack_off(void **state)
{
	(void)state;
	static const char yaml[] =
		"rules:\n  - {id: a, kind: mention, match: 'any:customers love'}\n"
		"  - {id: b, kind: mention, match: love}\n";
	folder_write(&dir, "r.yaml", yaml);
	assert_null(folder_load(&dir, false));
	assert_true(has("E030", 2, 36));
	diags_release(&dir.diags);
	diags_init(&dir.diags);
	folder_write(&dir, "mypack.yaml", yaml);
	static const char *const paths[] = {"packs/mypack"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = "/nonexistent", .packs_dir = dir.path};
	struct ruleset *r = NULL;
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_OK);
	assert_int_equal(ruleset_count(r), 1);
	assert_true(has("W030", 2, 36));
	ruleset_unref(r);
}

static void a_list_of_the_configuration_is_used_as_it_says(void **state)
{
	(void)state;
	static const char *const paths[] = {"r.yaml"};
	struct str pie = STR("pie");
	const struct rules_list lists[] = {
		{.name = "fruit",
			.file = "f.csv",
			.options = {.no_class = true, .no_variants = true}},
		{.name = "firms", .file = "f.csv", .options = {.forbid = {&pie, 1}}}};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .lists = lists, .lists_n = 2, .base_dir = dir.path};
	struct ruleset *r = NULL;
	struct signal *found;
	struct post p;
	size_t n;
	folder_write(&dir, "f.csv", "name\nApple\n");
	folder_write(&dir, "r.yaml",
		"rules:\n  - {id: a, kind: mention, match: 'any:fruit'}\n"
		"  - {id: b, kind: mention, match: 'any:firms'}\n");
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_OK);
	struct matcher *m = matcher_new(r);
	post_init(&p);
	p.text = STR("The company Apple");
	assert_int_equal(matcher_match(m, &p, &dir.arena, &found, &n), HARK_OK);
	assert_int_equal(n, 2);
	p.text = STR("an apple pie"); /* an everyday word, near what the other list forbids */
	assert_int_equal(matcher_match(m, &p, &dir.arena, &found, &n), HARK_OK);
	assert_int_equal(n, 1);
	assert_str_is(found[0].rule, "a");
	p.text = STR("The company Apple bakes pie");
	assert_int_equal(matcher_match(m, &p, &dir.arena, &found, &n), HARK_OK);
	assert_int_equal(n, 1);
	matcher_free(m);
	ruleset_unref(r);
}

static void hash_of(const char *yaml, char hash[17])
{
	struct rule_info info;
	folder_write(&dir, "r.yaml", yaml);
	struct ruleset *r = folder_load(&dir, false);
	assert_non_null(r);
	assert_true(ruleset_rule_at(r, 0, &info));
	snprintf(hash, 17, "%s", info.hash);
	ruleset_unref(r);
}

static void the_version_of_a_rule_changes_with_what_it_does_alone(void **state)
{
	(void)state;
	char first[17], hash[17];
	hash_of("define: {bad: 'slow OR late'}\n"
		"rules:\n  - {id: a, kind: mention, match: 'acme &bad'}\n",
		first);
	hash_of("# ours\ndefine:\n  bad: 'slow   OR late // what they say'\n"
		"rules:\n  - id: a\n    kind: mention\n    match: |\n      /* us */ acme AND\n"
		"        &bad\n    description: who\n    tests: {match: [acme is slow]}\n",
		hash);
	assert_string_equal(hash, first);
	hash_of("define: {bad: 'slow OR late'}\n"
		"rules:\n  - {id: a, kind: mention, match: 'acme NOT &bad'}\n",
		hash);
	assert_string_not_equal(hash, first);
	hash_of("define: {bad: 'slow OR tardy'}\n"
		"rules:\n  - {id: a, kind: mention, match: 'acme &bad'}\n",
		hash);
	assert_string_not_equal(hash, first);
	hash_of("define: {bad: 'slow OR late'}\n"
		"rules:\n  - {id: a, kind: praise, match: 'acme &bad'}\n",
		hash);
	assert_string_not_equal(hash, first);
}

static void what_a_broken_rule_names_is_looked_up_in_the_same_pass(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml",
		"define:\n  bad: 'any:nosuch app*le*'\nrules:\n"
		"  - {id: a, kind: nokind, match: 'any:nowhere AND ac'}\n"
		"  - {id: b, kind: mention, match: 'any:missing *x &gone'}\n"
		"  - {id: c, kind: mention, match: 'any:lost OR (ac'}\n"
		"  - {id: d, kind: mention, match: 'NOT &bad ac'}\n");
	assert_null(folder_load(&dir, false));
	assert_true(has("E030", 2, 9));
	assert_true(has("E011", 4, 19));
	assert_true(has("E030", 4, 35));
	assert_true(has("E030", 5, 36));
	assert_true(has("E015", 5, 48));
	assert_true(has("E030", 5, 51));
	assert_true(has("E030", 6, 36));
	assert_int_equal(dir.diags.n, 9);
}

static void bad_rows_of_a_list_are_named_and_left_out(void **state)
{
	(void)state;
	folder_write(
		&dir, "people.csv", "id,name\n1,Jane Doe\n2,\n3,\"x\ny\"z\n4,!!\n5,Kim Lee\n6,A\n");
	folder_write(&dir, "rivals.csv", "id,title\n1,x\n");
	folder_write(&dir, "r.yaml", "rules: [{id: a, kind: mention, match: 'any:people'}]\n");
	assert_null(folder_load(&dir, true));
	assert_true(has("W073", 3, 1));
	assert_true(has("W074", 4, 1));
	assert_true(has("W072", 6, 1));
	assert_true(has("W071", 8, 1));
	assert_true(has("E071", 1, 1));
	diags_release(&dir.diags);
	diags_init(&dir.diags);
	assert_int_equal(unlink(strcat(strcpy((char[200]){0}, dir.path), "/rivals.csv")), 0);
	assert_null(folder_load(&dir, true));
	assert_true(has("E072", 4, 5));
}

/* Somebody who keeps imported records: accounts only. */
static int give_records(void *ctx, const char *kind,
	void (*take)(void *to, const struct rules_record *record), void *to, struct hark_err *err)
{
	struct rules_record r = {.name = STR("Globex Inc"), .id = STR("a1"), .attrs_n = 3};
	r.attrs[0].name = STR("type");
	r.attrs[0].value = STR("Customer");
	r.attrs[1].name = STR("seats");
	r.attrs[1].value = STR("50");
	r.attrs[2].name = STR("aliases");
	r.attrs[2].value = STR("GBX; Globex Suite");
	++*(int *)ctx;
	if (strcmp(kind, "staff") == 0) {
		return hark_err_set(err, HARK_EIO, "the disk is gone");
	}
	if (strcmp(kind, "accounts") != 0) {
		return HARK_ENOENT;
	}
	take(to, &r);
	r.name = STR("Initech");
	r.id = STR_NONE;
	r.attrs[0].value = STR("prospect");
	r.attrs_n = 2;
	take(to, &r);
	r.name = STR(" ");
	take(to, &r);
	return HARK_OK;
}

static int load_with_records(struct ruleset **out, const char *yaml, int *asked)
{
	static const char *const paths[] = {"r.yaml"};
	static const struct rules_list lists[] = {{.name = "firms",
		.from = "accounts",
		.where = "type = customer, seats>=10",
		.at = {.file = "hark.yaml", .line = 3, .col = 5}}};
	struct rules_records records = {give_records, asked};
	struct rules_source source = {.paths = paths,
		.paths_n = 1,
		.lists = lists,
		.lists_n = 1,
		.base_dir = dir.path,
		.packs_dir = dir.path,
		.records = asked != NULL ? &records : NULL};
	folder_write(&dir, "r.yaml", yaml);
	diags_release(&dir.diags);
	diags_init(&dir.diags);
	return ruleset_load(out, &source, &dir.diags, &dir.err);
}

static void lists_are_made_of_imported_records(void **state)
{
	(void)state;
	struct ruleset *r = NULL;
	int asked = 0;
	assert_int_equal(
		load_with_records(&r,
			"lists: {others: {from: accounts, where: 'type != customer'}}\n"
			"rules:\n"
			"  - {id: a, kind: mention, match: 'any:firms[seats>20] any:others AS $o', "
			"emit: {o: $o.type}}\n",
			&asked),
		HARK_OK);
	assert_int_equal(asked, 2); /* once a list */
	assert_int_equal(ruleset_list_count(r), 2);
	struct matcher *m = matcher_new(r);
	struct post p;
	struct signal *found;
	size_t n;
	post_init(&p);
	p.text = STR("gbx buys initech");
	assert_int_equal(matcher_match(m, &p, &dir.arena, &found, &n), HARK_OK);
	assert_int_equal(n, 1);
	assert_str_is(found[0].emit[0].value, "prospect");
	p.text = STR("globex");
	assert_int_equal(matcher_match(m, &p, &dir.arena, &found, &n), HARK_OK);
	assert_int_equal(n, 0);
	matcher_free(m);
	ruleset_unref(r);
}

static void a_missing_import_is_named(void **state)
{
	(void)state;
	struct ruleset *r = NULL;
	int asked = 0;
	static const char yaml[] =
		"lists:\n"
		"  who: {from: contacts}\n"
		"  ours: {from: staff}\n"
		"  odd: {from: accounts, where: type}\n"
		"  far: {from: contact}\n"
		"  both: {from: accounts, file: x.csv}\n"
		"  alone: {file: r.yaml, where: a=b}\n"
		"rules:\n"
		"  - {id: a, kind: mention, match: 'any:who any:ours any:odd'}\n";
	assert_int_equal(load_with_records(&r, yaml, &asked), HARK_EPARSE);
	assert_true(has("E032", 2, 3));
	assert_true(has("E032", 3, 3));
	assert_true(has("E016", 4, 3));
	assert_true(has("E011", 5, 15));
	assert_true(has("E007", 6, 16));
	assert_true(has("E007", 7, 32));
	assert_int_equal(dir.diags.errors, 6);
	assert_int_equal(load_with_records(&r, yaml, NULL), HARK_EPARSE);
	assert_true(has("E032", 3, 5)); /* of the configuration */
}

static void files_come_by_name_by_pattern_and_once(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml", "rules: [{id: a, kind: mention, match: x}]\n");
	folder_write(&dir, "s.yaml", "rules: [{id: b, kind: mention, match: x}]\n");
	static const char *const paths[] = {"r.yaml", "*.yaml", "nosuch-*.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 3, .base_dir = dir.path, .packs_dir = dir.path};
	struct ruleset *r = NULL;
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_OK);
	assert_int_equal(ruleset_count(r), 2);
	assert_true(has("W080", 0, 0));
	ruleset_unref(r);
	static const char *const missing[] = {"nosuch.yaml", "packs/nosuch"};
	source.paths = missing;
	source.paths_n = 2;
	assert_int_equal(ruleset_load(&r, &source, &dir.diags, &dir.err), HARK_EPARSE);
	assert_int_equal(dir.diags.errors, 2);
}

static void count_case(void *ctx, const struct rule_test_result *r)
{
	size_t *n = ctx;
	n[r->ok ? 0 : 1]++;
	assert_true(r->ok == (r->why == NULL));
	assert_true(r->line > 0);
}

static void tests_in_a_file_run_with_their_own_lists(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml",
		"lists: {rivals: {file: nosuch.csv}}\n"
		"define: {leaving: '\"alternative to\" OR \"replac* our\"'}\n"
		"rules:\n"
		"  - id: switch\n"
		"    kind: purchase-intent\n"
		"    match: 'any:rivals AS $r &leaving NOT re:/\\bhiring\\b/i'\n"
		"    emit: {competitor: $r.name, tier: $r.tier}\n"
		"    tests:\n"
		"      lists: {rivals: [Globex, {name: Initech, tier: gold}]}\n"
		"      match:\n"
		"        - {text: An alternative to Globex, emit: {competitor: Globex}}\n"
		"        - {text: replacing our Initech, emit: {competitor: Initech, tier: "
		"silver}}\n"
		"        - {title: alternative to Initech, text: x, emit: {nosuch: x}}\n"
		"        - nothing here\n"
		"      nomatch:\n"
		"        - Hiring. An alternative to Globex\n"
		"        - Globex, alternative to Initech\n"
		"  - id: second\n"
		"    kind: mention\n"
		"    match: '&leaving any:people'\n"
		"    tests:\n"
		"      lists: {people: [{name: Jane, handle: \"@jane\"}]}\n"
		"      defaults: {author: \"@kim\", followers: 9}\n"
		"      match: [{text: alternative to @jane}]\n");
	static const char *const paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = dir.path, .packs_dir = dir.path};
	size_t counts[2] = {0}, failed = 0;
	assert_int_equal(
		ruleset_test(&source, count_case, counts, &failed, &dir.diags, &dir.err), HARK_OK);
	if (counts[0] != 3) {
		print_findings(&dir.diags);
	}
	assert_int_equal(counts[0], 3);
	assert_int_equal(counts[1], 4);
	assert_int_equal(failed, 4);
	assert_true(has("E050", 12, 11));
	assert_true(has("E050", 13, 11));
	assert_true(has("E050", 14, 11));
	assert_true(has("E050", 17, 11));
}

/* What they miss is said once. */
static void tests_of_all_rules_that_miss_one_list_fail(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml",
		"rules:\n"
		"  - {id: a, kind: mention, match: 'any:nosuch OR ac', tests: {match: [ac]}}\n"
		"  - {id: b, kind: mention, match: 'any:nosuch OR ac', tests: {nomatch: [x]}}\n");
	static const char *const paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = dir.path, .packs_dir = dir.path};
	size_t counts[2] = {0}, failed = 0;
	assert_int_equal(
		ruleset_test(&source, count_case, counts, &failed, &dir.diags, &dir.err), HARK_OK);
	assert_int_equal(counts[0], 0);
	assert_int_equal(failed, 2);
	assert_true(has("E030", 2, 36));
	assert_int_equal(dir.diags.n, 1);
}

static void a_definition_may_not_contain_itself(void **state)
{
	(void)state;
	folder_write(&dir, "r.yaml",
		"define: {a: 'x &b', b: 'y &a', c: 'z &nosuch'}\nrules: [{id: a, kind: mention, "
		"match: '&a'}]\n");
	assert_null(folder_load(&dir, false));
	assert_true(has("E035", 1, 27));
	assert_true(has("E030", 1, 38));
}

static void definitions_that_explode_are_refused(void **state)
{
	(void)state;
	char yaml[4000] = "define:\n  a0: x\n";
	for (int i = 1; i < 40; i++) {
		char line[80];
		snprintf(line, sizeof(line), "  a%d: '&a%d &a%d'\n", i, i - 1, i - 1);
		strcat(yaml, line);
	}
	strcat(yaml, "rules: [{id: a, kind: mention, match: '&a39'}]\n");
	folder_write(&dir, "r.yaml", yaml);
	assert_null(folder_load(&dir, false));
	assert_true(dir.diags.errors >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_mistake_is_found_in_one_pass, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_id_is_of_one_rule_over_all_files, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_missing_list_is_an_error_but_switches_a_pack_off, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_list_of_the_configuration_is_used_as_it_says, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_version_of_a_rule_changes_with_what_it_does_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_a_broken_rule_names_is_looked_up_in_the_same_pass, setup, teardown),
		cmocka_unit_test_setup_teardown(
			bad_rows_of_a_list_are_named_and_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(
			lists_are_made_of_imported_records, setup, teardown),
		cmocka_unit_test_setup_teardown(a_missing_import_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			files_come_by_name_by_pattern_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			tests_in_a_file_run_with_their_own_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(
			tests_of_all_rules_that_miss_one_list_fail, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_definition_may_not_contain_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(
			definitions_that_explode_are_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
