/* The policy of what follows from a job move: the shipped file as a table of who, where and what. */
#include "tests/unit/unit.h"

#include "monitor/config/conf.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct conf *conf;

static int load(void **state)
{
	struct diags diags;
	struct hark_err err = {0};
	char path[] = "/tmp/hark-effects-XXXXXX";
	int fd = mkstemp(path);
	(void)state;
	if (fd < 0 || fold_init() != HARK_OK || write(fd, "sources: []\n", 12) != 12) {
		return -1;
	}
	close(fd);
	diags_init(&diags);
	int rc = conf_load(&conf, path, &diags, &err);
	diags_release(&diags);
	unlink(path);
	return rc;
}

static int unload(void **state)
{
	(void)state;
	conf_unref(conf);
	return 0;
}

static const char *made(struct effect_case c, enum effect_make make)
{
	const struct effect *e = effect_find(conf->effects, conf->effects_n, &c, make);
	return e != NULL ? e->name : "-";
}

#define CASE(...) ((struct effect_case){__VA_ARGS__})
#define MAKES(c, lead, alert, note, orphans)                         \
	do {                                                         \
		assert_string_equal(made(c, MAKE_LEAD), lead);       \
		assert_string_equal(made(c, MAKE_ALERT), alert);     \
		assert_string_equal(made(c, MAKE_NOTE), note);       \
		assert_string_equal(made(c, MAKE_ORPHANS), orphans); \
	} while (0)

static void a_contact_who_leaves_a_customer_is_a_champion_elsewhere_and_a_risk_there(void **state)
{
	struct effect_case c =
		CASE(.who = MOVER_CONTACT, .leaves = AT_CUSTOMER, .joins = AT_PROSPECT);
	(void)state;
	MAKES(c, "champion-moved", "-", "account-at-risk", "orphans");
	c.joins = AT_OTHER;
	MAKES(c, "champion-moved", "-", "account-at-risk", "orphans");
	c.joins = AT_COMPETITOR;
	MAKES(c, "-", "-", "account-at-risk", "orphans");
	c.joins = 0;
	MAKES(c, "-", "-", "account-at-risk", "orphans");
	c.deal_old = true;
	MAKES(c, "-", "-", "deal-at-risk", "orphans");
}

static void whoever_joins_an_account_is_news_there(void **state)
{
	struct effect_case c = CASE(.who = MOVER_CONTACT, .leaves = AT_OTHER, .joins = AT_CUSTOMER);
	(void)state;
	MAKES(c, "joins-account", "-", "-", "orphans");
	c.joins = AT_PARTNER;
	MAKES(c, "-", "-", "-", "orphans");
	c.deal_new = true;
	MAKES(c, "joins-open-deal", "-", "-", "orphans");
	c.leaves = 0;
	MAKES(c, "joins-open-deal", "-", "-", "-");
}

static void one_of_us_is_an_alert_at_a_competitor_alone(void **state)
{
	struct effect_case c =
		CASE(.who = MOVER_STAFF, .leaves = AT_UNKNOWN, .joins = AT_COMPETITOR);
	(void)state;
	MAKES(c, "-", "rep-to-rival", "-", "orphans");
	c.joins = AT_CUSTOMER;
	MAKES(c, "-", "-", "-", "orphans");
	c.who |= MOVER_GATEKEEPER;
	MAKES(c, "joins-account", "-", "-", "orphans");
}

static void a_plan_is_kept_for_a_client_and_won_from_a_rival(void **state)
{
	struct effect_case c = CASE(.who = MOVER_CONTACT, .leaves = AT_PROSPECT, .joins = AT_OTHER);
	(void)state;
	MAKES(c, "-", "-", "-", "orphans");
	c.rival_plan = true;
	MAKES(c, "capture", "-", "-", "orphans");
	c.client = true;
	MAKES(c, "retain", "-", "-", "orphans");
	c.leaves = AT_UNKNOWN;
	MAKES(c, "retain", "-", "-", "orphans");
}

static void kinds_of_accounts_are_known_by_name(void **state)
{
	(void)state;
	assert_int_equal(effect_account_kind(STR("Competitor")), AT_COMPETITOR);
	assert_int_equal(effect_account_kind(STR("partner")), AT_PARTNER);
	assert_int_equal(effect_account_kind(STR("analyst")), AT_OTHER);
	assert_int_equal(effect_account_kind(STR_NONE), AT_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_contact_who_leaves_a_customer_is_a_champion_elsewhere_and_a_risk_there),
		cmocka_unit_test(whoever_joins_an_account_is_news_there),
		cmocka_unit_test(one_of_us_is_an_alert_at_a_competitor_alone),
		cmocka_unit_test(a_plan_is_kept_for_a_client_and_won_from_a_rival),
		cmocka_unit_test(kinds_of_accounts_are_known_by_name),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
