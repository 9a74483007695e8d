#include "tests/unit/unit.h"

#include "connectors/filing.h"

static void finds(const char *text, int i, bool left, const char *person, const char *title,
	const char *effective)
{
	struct filing_move moves[FILING_MOVES_MAX];
	struct arena arena;
	arena_init(&arena, 0);
	size_t n = filing_moves(str_c(text), &arena, moves);
	if ((size_t)i >= n) {
		fail_msg("%zu moves in: %s", n, text);
	}
	assert_int_equal(moves[i].left, left);
	assert_str_is(moves[i].person, person);
	if (title != NULL) {
		assert_str_is(moves[i].title, title);
	} else {
		assert_null(moves[i].title.p);
	}
	if (effective != NULL) {
		assert_str_is(moves[i].effective, effective);
	} else {
		assert_null(moves[i].effective.p);
	}
	arena_release(&arena);
}

static void finds_nobody(const char *text)
{
	struct filing_move moves[FILING_MOVES_MAX];
	struct arena arena;
	arena_init(&arena, 0);
	size_t n = filing_moves(str_c(text), &arena, moves);
	if (n > 0) {
		fail_msg("%.*s in: %s", STR_FMT(moves[0].person), text);
	}
	arena_release(&arena);
}

static void departures_are_read(void **state)
{
	(void)state;
	finds("(b) On August 31, 2026, Jane Q. Example, the Chief Financial Officer of Acme Sprockets, "
	      "Inc. (the “Company”), notified the Company of her resignation, effective September "
	      "30, 2026.",
		0, true, "Jane Q. Example", "Chief Financial Officer", "2026-09-30");
	finds("On May 4, 2026, John Sample resigned as Senior Vice President and General Counsel, "
	      "effective immediately.",
		0, true, "John Sample", "Senior Vice President and General Counsel", "2026-05-04");
	finds("Ada Muster-Vogel informed the Company that she will retire from the Board.", 0, true,
		"Ada Muster-Vogel", "Director", NULL);
	finds("Dr. Ida van der Example will step down as Chief Executive Officer effective as of "
	      "January 1, 2027.",
		0, true, "Ida van der Example", "Chief Executive Officer", "2027-01-01");
}

static void appointments_are_read(void **state)
{
	(void)state;
	finds("(c) On September 1, 2026, the Board appointed John Sample, 47, as Chief Financial "
	      "Officer, effective October 1, 2026. Mr. Sample previously served as Vice President, "
	      "Finance of Globex Corporation.",
		0, false, "John Sample", "Chief Financial Officer", "2026-10-01");
	finds("Effective June 2, 2026, Ada Example was elected to the Board.", 0, false,
		"Ada Example", "Director", "2026-06-02");
	finds("Ms. Ada Example has been named President and Chief Executive Officer of the Company.",
		0, false, "Ada Example", "President and Chief Executive Officer", NULL);
	finds("On June 2, 2026, the Board hired Bob M. Muster to serve as the Company’s Vice "
	      "President of Human Resources.",
		0, false, "Bob M. Muster", "Vice President of Human Resources", NULL);
}

static void headlines_are_read(void **state)
{
	(void)state;
	finds("Globex Names Bob M. Muster President and CEO", 0, false, "Bob M. Muster",
		"President and CEO", NULL);
	finds("Carla Invented Joins Initech as VP Sales", 0, false, "Carla Invented", "VP Sales",
		NULL);
	finds("Dmitri Sample Steps Down as CFO of Fenwick Rail", 0, true, "Dmitri Sample", "CFO",
		NULL);
	finds("Quillon Foods Promotes Elif Neumuster to Chief Operating Officer", 0, false,
		"Elif Neumuster", "Chief Operating Officer", NULL);
	finds_nobody("Ada Example Joins Forces with Globex");
	finds_nobody("Acme Names Winners of the Widget Award");
}

static void a_person_said_by_surname_is_the_one_named_before(void **state)
{
	(void)state;
	finds("The Company entered into an agreement with John Sample. Mr. Sample was appointed Chief "
	      "Operating Officer.",
		0, false, "John Sample", "Chief Operating Officer", NULL);
}

static void what_is_no_move_is_left_out(void **state)
{
	(void)state;
	finds_nobody(
		"Departure of Directors or Certain Officers; Election of Directors; Appointment of "
		"Certain Officers; Compensatory Arrangements of Certain Officers.");
	finds_nobody(
		"Under the Employment Agreement, John Sample will receive a base salary of $1.");
	finds_nobody("The resignation of Jane Example is not the result of any disagreement.");
	finds_nobody("There are no arrangements by which John Sample was appointed Director.");
	finds_nobody("The Board appointed Example Auditors LLP as independent auditors.");
	finds_nobody("");
	finds_nobody(". . . \n\n . appointed");
}

static void the_item_is_cut_out(void **state)
{
	(void)state;
	struct str section;
	assert_true(filing_item_502(
		STR("x\nItem 1.01 A\nITEM 5.02 B. See Item 5.02.\nItem 9.01 C"), &section));
	assert_str_is(section, "ITEM 5.02 B. See Item 5.02.\n");
	assert_true(filing_item_502(STR("Item 5.02 B\nSIGNATURE\nx"), &section));
	assert_str_is(section, "Item 5.02 B");
	assert_false(filing_item_502(STR("Item 1.01 Item 5.0"), &section));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(departures_are_read),
		cmocka_unit_test(appointments_are_read),
		cmocka_unit_test(headlines_are_read),
		cmocka_unit_test(a_person_said_by_surname_is_the_one_named_before),
		cmocka_unit_test(what_is_no_move_is_left_out),
		cmocka_unit_test(the_item_is_cut_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
