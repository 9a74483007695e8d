#include "tests/unit/unit.h"

#include "monitor/people/who.h"
#include "rules/fold.h"

#include <pthread.h>

enum {
	ANNA = 1, /* at Acme, has addresses */
	BOB,      /* at Globex */
	OTHER_ANNA,
	TWIN,
	OTHER_TWIN, /* both at Acme */
	CARLA,      /* a face more, as after a merge */
};

static struct who *who;
static struct who_scratch scratch;

static int setup(void **state)
{
	struct who_maker *m = who_maker_new();
	(void)state;
	if (fold_init() != HARK_OK || m == NULL) {
		return -1;
	}
	who_add(m, ANNA, STR("Anna Müller"), STR("VP Sales"), STR("Berlin, Germany"));
	who_add_handle(m, STR("@AnnaM"));
	who_add_handle(m, STR("@anna@social.example"));
	who_add_email(m, STR("Anna.Mueller@acme.com"));
	who_add_profile(m, STR("https://www.linkedin.com/in/anna-mueller-1/"));
	who_add_employer(m, STR("Acme GmbH"));
	who_add_employer_domain(m, STR("acme.com"));
	who_add(m, BOB, STR("Robert Example"), STR("CTO"), STR("Ghent"));
	who_add_employer(m, STR("Globex"));
	who_add_handle(m, STR("bob@social.example"));
	who_add(m, OTHER_ANNA, STR("Anna Muller"), STR("Nurse"), STR("Oslo"));
	who_add(m, TWIN, STR("Kim Twin"), STR_NONE, STR_NONE);
	who_add_employer(m, STR("Acme"));
	who_add(m, OTHER_TWIN, STR("Kim Twin"), STR_NONE, STR_NONE);
	who_add_employer(m, STR("Acme"));
	who_add(m, CARLA, STR("Carla Before"), STR_NONE, STR_NONE);
	who_add(m, CARLA, STR("Carla After"), STR_NONE, STR_NONE);
	who_add_employer(m, STR("Initech"));
	who_scratch_init(&scratch);
	return who_make(&who, m, NULL);
}

static int teardown(void **state)
{
	(void)state;
	who_scratch_release(&scratch);
	who_unref(who);
	return 0;
}

static struct who_answer ask(struct who_asked asked)
{
	struct who_answer a;
	who_ask(who, &scratch, &asked, &a);
	return a;
}
#define ASK(...) ask((struct who_asked){__VA_ARGS__})

static void is_resolved(struct who_answer a, int64_t person, char grade, unsigned agrees)
{
	assert_int_equal(a.outcome, WHO_RESOLVED);
	assert_int_equal(a.person, person);
	assert_int_equal(a.v[0].person, person);
	assert_int_equal(a.grade, grade);
	assert_int_equal(a.v[0].agrees & agrees, agrees);
}

static bool is_candidate(const struct who_answer *a, int64_t person)
{
	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].person == person) {
			return true;
		}
	}
	return false;
}

static void an_address_says_who_it_is(void **state)
{
	(void)state;
	is_resolved(ASK(.profile_url = STR("https://linkedin.com/in/Anna-Mueller-1?trk=x")), ANNA,
		'A', WHO_PROFILE);
	is_resolved(ASK(.profile_url = STR("http://de.linkedin.com/in/anna-mueller-1")), ANNA, 'A',
		WHO_PROFILE);
	is_resolved(ASK(.email = STR("anna.mueller@ACME.com")), ANNA, 'A', WHO_EMAIL);
	is_resolved(ASK(.handle = STR("anna@social.example")), ANNA, 'A', WHO_HANDLE);
	is_resolved(ASK(.handle = STR("@Bob@social.example"), .name = STR("Bob Example")), BOB, 'A',
		WHO_HANDLE | WHO_NAME);
}

static void an_address_under_another_name_is_worth_less(void **state)
{
	(void)state;
	struct who_answer a = ASK(.profile_url = STR("https://linkedin.com/in/anna-mueller-1"),
		.name = STR("Jane Other"));
	is_resolved(a, ANNA, 'B', WHO_PROFILE);
	assert_int_equal(a.v[0].differs, WHO_NAME);
}

static void a_bare_handle_is_somebody_elses_if_the_name_is_another(void **state)
{
	(void)state;
	is_resolved(ASK(.handle = STR("annam")), ANNA, 'B', WHO_BARE_HANDLE);
	is_resolved(ASK(.handle = STR("annam"), .name = STR("Anna Mueller")), ANNA, 'A',
		WHO_BARE_HANDLE | WHO_NAME);
	struct who_answer a = ASK(.handle = STR("annam"), .name = STR("Annam Stranger"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_true(is_candidate(&a, ANNA));
}

static void a_name_alone_is_never_enough(void **state)
{
	(void)state;
	struct who_answer a = ASK(.name = STR("Anna Müller"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_int_equal(a.person, 0);
	assert_true(is_candidate(&a, ANNA) && is_candidate(&a, OTHER_ANNA));
	a = ASK(.name = STR("Robert Example"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	a = ASK(.name = STR("Bob Example"), .title = STR("CTO"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	a = ASK(.name = STR("Bob Example"), .place = STR("Ghent"));
	assert_int_equal(a.outcome, WHO_REVIEW);
}

static void a_name_that_leaves_much_open_is_not_worth_a_look(void **state)
{
	(void)state;
	assert_int_equal(ASK(.name = STR("R. Example")).outcome, WHO_UNKNOWN);
	assert_int_equal(ASK(.name = STR("Robert")).outcome, WHO_UNKNOWN);
	assert_int_equal(
		ASK(.name = STR("R. Example"), .employer = STR("Globex")).outcome, WHO_REVIEW);
}

static void name_and_employer_are_enough_for_one(void **state)
{
	(void)state;
	is_resolved(ASK(.name = STR("Bob Example"), .employer = STR("Globex Inc.")), BOB, 'B',
		WHO_NAME | WHO_EMPLOYER);
	is_resolved(ASK(.name = STR("Anna Mueller"), .bio = STR("VP Sales at Acme. Tea.")), ANNA,
		'B', WHO_NAME | WHO_EMPLOYER);
	is_resolved(ASK(.name = STR("Anna Mueller"), .email = STR("am@acme.com")), ANNA, 'B',
		WHO_NAME | WHO_EMPLOYER);
	struct who_answer a = ASK(.name = STR("Bob Example"), .employer = STR("Acme"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_int_equal(a.v[0].differs, WHO_EMPLOYER);
}

static void namesakes_at_one_employer_are_looked_at(void **state)
{
	(void)state;
	struct who_answer a = ASK(.name = STR("Kim Twin"), .employer = STR("Acme"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_true(is_candidate(&a, TWIN) && is_candidate(&a, OTHER_TWIN));
}

static void name_title_and_place_are_enough_for_one(void **state)
{
	(void)state;
	is_resolved(ASK(.name = STR("Anna Muller"), .title = STR("nurse"),
			    .place = STR("Oslo, Norway")),
		OTHER_ANNA, 'C', WHO_NAME | WHO_TITLE | WHO_PLACE);
	struct who_answer a = ASK(.name = STR("Bob Example"), .title = STR("CTO"),
		.place = STR("Ghent"), .employer = STR("Acme"));
	assert_int_equal(a.outcome, WHO_REVIEW);
}

static void addresses_of_two_people_are_looked_at(void **state)
{
	(void)state;
	struct who_answer a =
		ASK(.handle = STR("bob@social.example"), .email = STR("anna.mueller@acme.com"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_true(is_candidate(&a, ANNA) && is_candidate(&a, BOB));
}

static void all_faces_of_a_person_are_that_person(void **state)
{
	(void)state;
	is_resolved(ASK(.name = STR("Carla After"), .employer = STR("Initech")), CARLA, 'B',
		WHO_NAME | WHO_EMPLOYER);
	struct who_answer a = ASK(.name = STR("Carla Before"));
	assert_int_equal(a.outcome, WHO_REVIEW);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.v[0].person, CARLA);
}

static void strangers_and_nobody_are_unknown(void **state)
{
	(void)state;
	assert_int_equal(ASK(.name = STR("Zoe Stranger")).outcome, WHO_UNKNOWN);
	assert_int_equal(ASK(.name = STR_NONE).outcome, WHO_UNKNOWN);
	assert_int_equal(ASK(.profile_url = STR("https://linkedin.com/")).outcome, WHO_UNKNOWN);
	assert_int_equal(ASK(.email = STR("@")).outcome, WHO_UNKNOWN);
}

static void what_an_author_says_of_himself_is_asked(void **state)
{
	struct author a = {.handle = STR("anna.mueller@acme.com"), .bio = STR("hi")};
	(void)state;
	assert_str_is(who_of_author(&a).email, "anna.mueller@acme.com");
	a = (struct author){
		.handle = STR("@x@social.example"), .bio = STR("Write to a@b.example. Now")};
	assert_str_is(who_of_author(&a).email, "a@b.example");
	a = (struct author){.handle = STR("x"), .bio = STR("Engineer @acme, @ home")};
	assert_null(who_of_author(&a).email.p);
	a = (struct author){0};
	assert_null(who_of_author(&a).email.p);
}

static struct who *crowd(size_t namesakes)
{
	struct who_maker *m = who_maker_new();
	struct who *w;
	assert_non_null(m);
	for (size_t i = 0; i < namesakes; i++) {
		who_add(m, (int64_t)i + 1, STR("Maria Common"), STR_NONE, STR_NONE);
		if (i + 1 == namesakes) {
			who_add_handle(m, STR("maria@social.example"));
		}
	}
	assert_int_equal(who_make(&w, m, NULL), HARK_OK);
	return w;
}

static void a_name_that_many_share_is_not_looked_at(void **state)
{
	struct who *w = crowd(5000);
	struct who_answer a;
	(void)state;
	who_ask(w, &scratch, &(struct who_asked){.name = STR("Maria Common")}, &a);
	assert_int_equal(a.outcome, WHO_UNKNOWN);
	assert_int_equal(a.n, 0);
	who_ask(w, &scratch,
		&(struct who_asked){
			.name = STR("Maria Common"), .handle = STR("maria@social.example")},
		&a);
	assert_int_equal(a.outcome, WHO_RESOLVED);
	assert_int_equal(a.person, 5000);
	who_unref(w);
}

static void nobody_is_known_to_begin_with(void **state)
{
	struct who *w = crowd(0);
	struct who_answer a;
	(void)state;
	who_ask(w, &scratch, &(struct who_asked){.name = STR("Maria Common")}, &a);
	assert_int_equal(a.outcome, WHO_UNKNOWN);
	assert_int_equal(who_faces(w), 0);
	who_unref(w);
}

static void *ask_on(void *wrong)
{
	struct who *mine = who_ref(who);
	struct who_scratch s;
	who_scratch_init(&s);
	for (int i = 0; i < 2000; i++) {
		struct who_answer a;
		struct who_asked asked = {.handle = STR("annam"), .name = STR("Anna Mueller")};
		who_ask(mine, &s, &asked, &a);
		*(int *)wrong += a.person != ANNA;
	}
	who_scratch_release(&s);
	who_unref(mine);
	return NULL;
}

static void any_number_of_threads_may_ask(void **state)
{
	pthread_t threads[4];
	int wrong[4] = {0};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, ask_on, &wrong[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_says_who_it_is),
		cmocka_unit_test(an_address_under_another_name_is_worth_less),
		cmocka_unit_test(a_bare_handle_is_somebody_elses_if_the_name_is_another),
		cmocka_unit_test(a_name_alone_is_never_enough),
		cmocka_unit_test(a_name_that_leaves_much_open_is_not_worth_a_look),
		cmocka_unit_test(name_and_employer_are_enough_for_one),
		cmocka_unit_test(namesakes_at_one_employer_are_looked_at),
		cmocka_unit_test(name_title_and_place_are_enough_for_one),
		cmocka_unit_test(addresses_of_two_people_are_looked_at),
		cmocka_unit_test(all_faces_of_a_person_are_that_person),
		cmocka_unit_test(strangers_and_nobody_are_unknown),
		cmocka_unit_test(what_an_author_says_of_himself_is_asked),
		cmocka_unit_test(a_name_that_many_share_is_not_looked_at),
		cmocka_unit_test(nobody_is_known_to_begin_with),
		cmocka_unit_test(any_number_of_threads_may_ask),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
