#include "tests/unit/names_table.h"

#include "monitor/people/company_name.h"
#include "rules/fold.h"

static struct buf table;

static int setup(void **state)
{
	(void)state;
	table_open(&table, "companies.tsv");
	return fold_init();
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&table);
	return 0;
}

static struct company_match compare(struct str a, struct str b)
{
	struct company_name x, y;
	company_name_read(&x, a);
	company_name_read(&y, b);
	return company_name_compare(&x, &y);
}

static void every_pair_of_the_table_is_judged_as_it_says(void **state)
{
	struct str rest = buf_str(&table);
	struct pair pair;
	size_t n = 0, wrong = 0;
	(void)state;
	while (table_next(&rest, &pair)) {
		struct company_match m = compare(pair.a, pair.b);
		n++;
		wrong += !table_agrees(
			&pair, name_verdict_name(m.verdict), company_reason_name(m.reason));
	}
	assert_int_equal(wrong, 0);
	assert_in_range(n, 70, 10000);
}

static void it_does_not_matter_which_name_comes_first(void **state)
{
	struct str rest = buf_str(&table);
	struct pair pair;
	(void)state;
	while (table_next(&rest, &pair)) {
		struct company_match there = compare(pair.a, pair.b),
				     back = compare(pair.b, pair.a);
		assert_int_equal(there.verdict, back.verdict);
		assert_int_equal(there.reason, back.reason);
	}
}

static void names_that_may_be_one_have_one_key_but_for_parts(void **state)
{
	struct str rest = buf_str(&table);
	struct pair pair;
	(void)state;
	while (table_next(&rest, &pair)) {
		struct company_name x, y;
		struct company_match m = compare(pair.a, pair.b);
		company_name_read(&x, pair.a);
		company_name_read(&y, pair.b);
		bool one = m.verdict >= NAME_COMPATIBLE && m.reason != COMPANY_PART;
		if (one && company_name_key(&x) != company_name_key(&y)) {
			fail_msg("'%.*s' and '%.*s' have two keys", STR_FMT(pair.a),
				STR_FMT(pair.b));
		}
	}
}

static void the_registered_domain_is_what_the_public_suffix_list_says(void **state)
{
	static const struct {
		const char *address, *domain; /* NULL: none */
	} all[] = {
		{"anna@acme.com", "acme.com"},
		{"Anna@Mail.ACME.com", "acme.com"},
		{"https://www.shop.acme.co.uk/a?b=c#d", "acme.co.uk"},
		{"http://anna:pw@acme.com:8080/", "acme.com"},
		{"www.acme.de", "acme.de"},
		{"acme.github.io", "acme.github.io"},
		{"acme.com", "acme.com"},
		{"com", NULL},
		{"co.uk", NULL},
		{"192.0.2.1", NULL},
		{"https://[2001:db8::1]/", NULL},
		{"acme", NULL},
		{"acme..com", NULL},
		{".acme.com", NULL},
		{"", NULL},
		{"@", NULL},
		{"Acme Widgets", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char domain[COMPANY_DOMAIN_MAX];
		bool some = company_domain(str_c(all[i].address), domain);
		if (some != (all[i].domain != NULL) ||
			(some && strcmp(domain, all[i].domain) != 0)) {
			fail_msg("'%s': %s", all[i].address, some ? domain : "none");
		}
	}
	assert_false(company_domain(STR_NONE, (char[COMPANY_DOMAIN_MAX]){0}));
}

static void an_address_at_a_mail_provider_names_no_employer(void **state)
{
	(void)state;
	assert_true(company_domain_is_shared(STR("gmail.com")));
	assert_false(company_domain_is_shared(STR("acme.com")));
}

static void a_domain_may_be_the_name(void **state)
{
	struct company_name n;
	(void)state;
	company_name_read(&n, STR("Acme Widgets GmbH"));
	assert_true(company_domain_fits(STR("acme-widgets.com"), &n));
	assert_true(company_domain_fits(STR("acmewidgets.de"), &n));
	assert_false(company_domain_fits(STR("acme.com"), &n));
	assert_false(company_domain_fits(STR_NONE, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_the_table_is_judged_as_it_says),
		cmocka_unit_test(it_does_not_matter_which_name_comes_first),
		cmocka_unit_test(names_that_may_be_one_have_one_key_but_for_parts),
		cmocka_unit_test(the_registered_domain_is_what_the_public_suffix_list_says),
		cmocka_unit_test(an_address_at_a_mail_provider_names_no_employer),
		cmocka_unit_test(a_domain_may_be_the_name),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
