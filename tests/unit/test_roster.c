#include "tests/unit/unit.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"

#include <stdio.h>

#define HEAD "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
#define IN "https://www.linkedin.com/in/"
#define DAY INT64_C(86400000)

struct run {
	struct arena arena;
	struct collected got;
	struct hark_err err;
	void *ctx;
	int64_t now;
	char *cursor;
	bool accepted; /* an admin takes what is read next for right */
};

static void open_with(struct run *run, const struct hark_pair *more, size_t n)
{
	struct hark_pair pairs[8] = {{"folder", "/var/lib/rosters"}};
	*run = (struct run){.now = 1000 * DAY};
	for (size_t i = 0; i < n; i++) {
		pairs[i + 1] = more[i];
	}
	arena_init(&run->arena, 0);
	assert_int_equal(
		collect_open(&hark_connector_roster, pairs, n + 1, &run->ctx, &run->err), HARK_OK);
}

static void open_roster(struct run *run)
{
	open_with(run, NULL, 0);
}

static int read_bytes(struct run *run, const char *body, size_t n)
{
	struct hark_request request;
	const struct hark_pair accepted = {"Accepted", "yes"};
	const struct hark_reply reply = {.url = "/var/lib/rosters/new.csv",
		.status = 200,
		.body = body,
		.body_bytes = n,
		.headers = &accepted,
		.headers_count = run->accepted,
		.received_ms = run->now};
	assert_int_equal(collect_plan(&hark_connector_roster, run->ctx, run->cursor, run->now,
				 &request, &run->arena, &run->err),
		HARK_OK);
	assert_int_equal(request.transport, HARK_TRANSPORT_FILE);
	assert_string_equal(request.url, "/var/lib/rosters");
	int rc = collect(&run->got, &hark_connector_roster, run->ctx, STR("network"), &reply,
		&run->arena, &run->err);
	if (rc == HARK_OK && run->got.cursor.p != NULL) {
		free(run->cursor);
		run->cursor = strdup(run->got.cursor.p);
	}
	run->now += DAY;
	return rc;
}

static void read_export(struct run *run, const char *body)
{
	assert_int_equal(read_bytes(run, body, strlen(body)), HARK_OK);
}

static void close_roster(struct run *run)
{
	collect_close(&hark_connector_roster, run->ctx);
	arena_release(&run->arena);
	free(run->cursor);
}

static void is_profile(const struct run *run, size_t i, enum hark_profile_event event,
	const char *person, const char *employer, const char *title)
{
	assert_true(i < run->got.profiles_n);
	const struct hark_profile *p = &run->got.profiles[i];
	assert_int_equal(p->event, event);
	assert_string_equal(p->person, person);
	assert_string_equal(p->employer != NULL ? p->employer : "", employer);
	assert_string_equal(p->title != NULL ? p->title : "", title);
}

static const char first[] =
	HEAD "Ada,Example," IN "ada-example,,\"Acme Sprockets, Inc.\",\"VP, Widgets\",12 Mar 2024\n"
	     "Ben,Café," IN "ben-cafe/,,Globex,Director,01 Jan 2020\n"
	     "Bob,Sample,,,Initech,SDE II,01 Aug 2021\n";

static void the_first_export_is_a_list(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, first);
	assert_int_equal(run.got.profiles_n, 3);
	assert_int_equal(run.got.posts_n, 0);
	is_profile(&run, 0, HARK_LISTED, "Ada Example", "Acme Sprockets, Inc.", "VP, Widgets");
	assert_string_equal(run.got.profiles[0].url, IN "ada-example");
	assert_string_equal(run.got.profiles[0].handle, "ada-example");
	assert_string_equal(
		run.got.profiles[1].evidence_url, "file:///var/lib/rosters/new.csv#line=3");
	assert_int_equal(run.got.profiles[0].observed, 1000 * DAY);
	close_roster(&run);
}

static void a_new_employer_is_a_profile_and_a_post(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, first);
	read_export(&run, HEAD "Ada,Example," IN "ada-example,,Globex,VP Sales,12 Mar 2024\n"
			       "Ben,Café," IN "ben-cafe/,,Globex,Managing Director,01 Jan 2020\n"
			       "Bob,Sample,,,,,01 Aug 2021\n");
	assert_int_equal(run.got.profiles_n, 3);
	assert_int_equal(run.got.posts_n, 3);
	is_profile(&run, 0, HARK_CHANGED, "Ada Example", "Globex", "VP Sales");
	assert_str_is(run.got.posts[0].text,
		"Ada Example joins Globex as VP Sales (was: VP, Widgets at Acme Sprockets, Inc.)");
	assert_str_is(run.got.posts[0].url, IN "ada-example");
	assert_int_equal(run.got.posts[0].visibility, VISIBILITY_PRIVATE);
	is_profile(&run, 1, HARK_CHANGED, "Ben Café", "Globex", "Managing Director");
	assert_str_is(run.got.posts[1].text,
		"Ben Café is the new Managing Director at Globex (was: Director)");
	is_profile(&run, 2, HARK_LEFT, "Bob Sample", "Initech", "SDE II");
	assert_str_is(run.got.posts[2].text, "Bob Sample has left Initech (was: SDE II)");
	close_roster(&run);
}

/* The same people again, each time written by another tool. */
static const char *const spellings[] = {
	/* another order, spaces, an added column, semicolons, capitals */
	"First Name;Last Name;Tags;URL;Email Address;Company;Position;Connected On\n"
	"Bob;Sample;x;;;INITECH;sde ii;01 Aug 2021\n"
	"Ada; Example ;;" IN "ADA-example/;ada@acme.example;Acme Sprockets Inc;VP - Widgets;\n"
	"Ben;Cafe\xcc\x81;;http://de.linkedin.com/in/ben-cafe?trk=a;;Globex;Director;01 Jan 2020\n",
	/* a byte order mark, CRLF, a preamble, a line break in a cell, a footer */
	"\xef\xbb\xbfNotes:\r\n\"One, two, three\"\r\n\r\n"
	"First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
	"Ada,Example," IN
	"ada-example,,\"Acme Sprockets, Inc.\",\"VP,\r\n Widgets\",12 Mar 2024\r\n"
	"Ben,Café," IN "ben-cafe/,,Globex,Director,01 Jan 2020\r\n"
	"Bob,Sample,,,Initech,SDE II,01 Aug 2021\r\n\r\nGenerated by nobody\r\n",
	/* windows-1252 */
	HEAD "Ada,Example," IN "ada-example,,\"Acme Sprockets, Inc.\",\"VP, Widgets\",12 Mar 2024\n"
	     "Ben,Caf\xe9," IN "ben-cafe/,,Globex,Director,01 Jan 2020\n"
	     "Bob,Sample,,,Initech,SDE II,01 Aug 2021\n",
	/* tabs and formulas of a spreadsheet */
	"First Name\tLast Name\tURL\tEmail Address\tCompany\tPosition\tConnected On\n"
	"Ada\tExample\t\"=HYPERLINK(\"\"" IN "ada-example\"\",\"\"Ada\"\")\"\t\t\"Acme Sprockets, "
	"Inc.\"\t\"=\"\"VP, Widgets\"\"\"\t\n"
	"Ben\tCafé\t" IN "ben-cafe\t\tGlobex\tDirector\t\n"
	"'=Bob\tSample\t\t\tInitech\tSDE II\t01 Aug 2021\n"
	"Bob\tSample\t\t\tInitech\tSDE II\t01 Aug 2021\n",
	/* no column for the title; translated names; a page filled in later */
	"Vorname,Nachname,URL,E-Mail,Firma,Verbunden am\n"
	"Ada,Example," IN "ada-example,,\"Acme Sprockets, Inc.\",\n"
	"Bob,Sample," IN "bob-sample,,Initech,\n"
	"Ben,Café," IN "ben-cafe,,Globex,\n",
};

static void another_spelling_is_no_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		struct run run;
		open_roster(&run);
		read_export(&run, first);
		for (int round = 0; round < 3; round++) {
			read_export(&run, round == 1 ? first : spellings[i]);
			for (size_t k = 0; k < run.got.profiles_n; k++) {
				assert_string_equal(run.got.profiles[k].person, "=Bob Sample");
			}
			assert_int_equal(run.got.posts_n, 0);
		}
		close_roster(&run);
	}
}

static void utf16_is_read(void **state)
{
	(void)state;
	struct run run;
	char wide[2 * sizeof(first)];
	size_t n = 0;
	wide[n++] = '\xff';
	wide[n++] = '\xfe';
	for (const char *p = first; *p != '\0'; p++) {
		bool accent = *p == '\xc3';
		p += accent;
		wide[n++] = accent ? '\xe9' : *p;
		wide[n++] = '\0';
	}
	open_roster(&run);
	read_export(&run, first);
	assert_int_equal(read_bytes(&run, wide, n), HARK_OK);
	assert_int_equal(run.got.profiles_n, 0);
	assert_false(run.got.degraded);
	close_roster(&run);
}

static void columns_in_another_language_are_known_by_their_order(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, "Imię,Nazwisko,Adres,Poczta,Firma X,Stanowisko,Data\n"
			  "Ada,Example," IN "ada-example,,Globex,VP,1 Jan 2020\n");
	assert_int_equal(run.got.profiles_n, 1);
	is_profile(&run, 0, HARK_LISTED, "Ada Example", "Globex", "VP");
	close_roster(&run);
}

static void settings_name_other_columns(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair pairs[] = {{"name", "Wer"}, {"employer", "Wo"}, {"title", "Was"},
		{"since", "Seit"}, {"id", "Nr"}};
	open_with(&run, pairs, 5);
	read_export(
		&run, "Nr\tWer\tWo\tWas\tSeit\n7\tAda Example\tGlobex\tVP\t2026-09-01T00:00:00Z\n");
	is_profile(&run, 0, HARK_LISTED, "Ada Example", "Globex", "VP");
	assert_string_equal(run.got.profiles[0].effective, "2026-09-01");
	assert_int_not_equal(read_bytes(&run, first, strlen(first)), HARK_OK);
	assert_non_null(strstr(run.err.text, "'Wer'"));
	close_roster(&run);
}

static void who_is_missing_twice_is_gone(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair staff[] = {{"rows", "staff"}};
	static const char shorter[] =
		HEAD "Ada,Example," IN "ada-example,,Acme Sprockets Inc.,VP Widgets,\n"
		     "Bob,Sample,,,Initech,SDE II,01 Aug 2021\n";
	open_with(&run, staff, 1);
	read_export(&run, first);
	read_export(&run, shorter);
	assert_int_equal(run.got.profiles_n, 0);
	read_export(&run, shorter);
	assert_int_equal(run.got.profiles_n, 1);
	is_profile(&run, 0, HARK_LEFT, "Ben Café", "Globex", "Director");
	assert_str_is(run.got.posts[0].text, "Ben Café has left Globex (was: Director)");
	read_export(&run, shorter);
	assert_int_equal(run.got.profiles_n, 0);
	read_export(&run, first);
	is_profile(&run, 0, HARK_JOINED, "Ben Café", "Globex", "Director");
	close_roster(&run);
}

static void who_leaves_a_list_of_contacts_has_left_no_job(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair once[] = {{"misses", "1"}};
	open_with(&run, once, 1);
	read_export(&run, first);
	read_export(&run, HEAD "Ada,Example," IN "ada-example,,Acme Sprockets Inc.,VP Widgets,\n"
			       "Eve,New," IN "eve-new,,Globex,VP,\n");
	assert_int_equal(run.got.profiles_n, 3);
	is_profile(&run, 0, HARK_LISTED, "Eve New", "Globex", "VP");
	is_profile(&run, 1, HARK_LEFT, "Ben Café", "Globex", "Director");
	assert_int_equal(run.got.posts_n, 0);
	close_roster(&run);
}

/* `n` people from number `from` on, in the given direction, in one employer. */
static char *make_export(int from, int n, const char *employer)
{
	struct buf out;
	buf_init(&out, 1 << 24);
	buf_add_c(&out, HEAD);
	for (int i = 0; i < n; i++) {
		buf_printf(&out, "P%d,Name%d," IN "p%d,,%s,Title %d,\n", from + i, from + i,
			from + i, employer, from + i);
	}
	return buf_take(&out);
}

static void a_partial_export_makes_nobody_leave(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair pairs[] = {{"misses", "1"}, {"rows", "staff"}};
	char *whole = make_export(0, 300, "Globex"), *part = make_export(0, 100, "Globex");
	open_with(&run, pairs, 2);
	read_export(&run, whole);
	for (int i = 0; i < 2; i++) {
		read_export(&run, part);
		assert_int_equal(run.got.profiles_n, 0);
		assert_true(run.got.degraded);
		assert_non_null(
			strstr(run.got.degraded_why.p, "200 of the 300 people known are missing"));
	}
	read_export(&run, whole);
	assert_int_equal(run.got.profiles_n, 0);
	assert_false(run.got.degraded);
	for (int i = 0; i < 3; i++) {
		read_export(&run, part);
	}
	assert_int_equal(run.got.profiles_n, 200); /* the third in a row is believed */
	free(whole);
	free(part);
	close_roster(&run);
}

static void is_refused(struct run *run, const char *body, const char *says)
{
	assert_int_equal(read_bytes(run, body, strlen(body)), HARK_EPARSE);
	assert_non_null(strstr(run->err.text, says));
}

static void an_export_of_nobody_or_of_few_is_never_believed(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair pairs[] = {{"misses", "1"}, {"rows", "staff"}};
	char *whole = make_export(0, 300, "Globex"), *part = make_export(0, 99, "Globex");
	open_with(&run, pairs, 2);
	is_refused(&run, HEAD, "it lists nobody");
	read_export(&run, whole);
	for (int i = 0; i < 4; i++) {
		is_refused(&run, HEAD, "it lists nobody");
		is_refused(&run, part, "it lists 99 of the 300 people that are known");
	}
	read_export(&run, whole);
	assert_int_equal(run.got.profiles_n, 0);
	run.accepted = true;
	read_export(&run, part);
	assert_int_equal(run.got.profiles_n, 201);
	is_profile(&run, 0, HARK_LEFT, "P99 Name99", "Globex", "Title 99");
	run.accepted = false;
	read_export(&run, part); /* the last good one is this */
	assert_int_equal(run.got.profiles_n, 0);
	free(whole);
	free(part);
	close_roster(&run);
}

static void who_is_missing_already_does_not_make_the_next_export_short(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair misses = {"misses", "9"};
	open_with(&run, &misses, 1);
	for (int n = 6; n > 0; n -= n > 1 ? n / 2 : 1) { /* 6, 3, 2, 1: each at least a third */
		char *body = make_export(0, n, "Globex");
		read_export(&run, body);
		assert_false(run.got.degraded);
		free(body);
	}
	close_roster(&run);
}

#define NAMELESS ",,,,Globex,VP,\n"
#define NAMED(who) who ",Example,,,Globex,VP,\n"

static void an_export_without_names_is_never_believed(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair misses = {"misses", "1"};
	static const char four[] = HEAD NAMED("Ada") NAMED("Ben") NAMED("Cleo") NAMED("Dan");
	static const char two[] = HEAD NAMED("Ada") NAMELESS NAMED("Ben") NAMELESS NAMED("Cleo");
	open_with(&run, &misses, 1);
	read_export(&run, four);
	for (int i = 0; i < 4; i++) {
		is_refused(&run, two, "row 3: it has no name, as 2 of the 5 rows have none");
	}
	is_refused(&run, HEAD NAMELESS, "it lists nobody");
	run.accepted = true;
	read_export(&run, two);
	assert_int_equal(run.got.profiles_n, 1);
	is_profile(&run, 0, HARK_LEFT, "Dan Example", "Globex", "VP");
	close_roster(&run);
}

static void rows_without_anything_are_no_people_without_a_name(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(
		&run, HEAD NAMED("Ada") NAMED("Ben") NAMED("Cleo") ",,,,,,\n,, ,,,,\n" NAMELESS);
	assert_int_equal(run.got.profiles_n, 3);
	assert_false(run.got.degraded);
	close_roster(&run);
}

static void an_export_cut_short_in_a_cell_makes_nobody_leave(void **state)
{
	(void)state;
	struct run run;
	const struct hark_pair once[] = {{"misses", "1"}};
	open_with(&run, once, 1);
	read_export(&run, first);
	read_export(&run,
		HEAD "Ben,Café," IN "ben-cafe/,,Globex,Director,01 Jan 2020\nAda,Example," IN
		     "ada-example,,\"Acme Sprockets, Inc.\",\"VP, Wid");
	assert_int_equal(run.got.profiles_n, 0);
	assert_true(run.got.degraded);
	assert_int_equal(run.got.degraded_line, 3);
	close_roster(&run);
}

#define TWO_OF_FIRST                                                               \
	HEAD "Ada,Example," IN                                                     \
	     "ada-example,,\"Acme Sprockets, Inc.\",\"VP, Widgets\",12 Mar 2024\n" \
	     "Ben,Café," IN "ben-cafe/,,Globex,Director,01 Jan 2020\n"

static void an_export_cut_short_in_its_last_row_tells_no_move(void **state)
{
	(void)state;
	static const char *const cut[] = {TWO_OF_FIRST "B", TWO_OF_FIRST "Bob,Sam",
		TWO_OF_FIRST "Bob,Sample,,,", TWO_OF_FIRST "Bob,Sample,,,Ini",
		TWO_OF_FIRST "Bob,Sample,,,Initech,SDE"};
	const struct hark_pair pairs[] = {{"misses", "1"}, {"rows", "staff"}};
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		struct run run;
		open_with(&run, pairs, 2);
		read_export(&run, first);
		read_export(&run, cut[i]);
		assert_int_equal(run.got.profiles_n, 0);
		assert_int_equal(run.got.degraded_line, 4);
		assert_non_null(strstr(run.got.degraded_why.p, "ends in the middle"));
		close_roster(&run);
	}
}

static void a_last_line_without_an_end_is_a_row_or_below_the_table(void **state)
{
	(void)state;
	static const char *const whole[] = {TWO_OF_FIRST "Bob,Sample,,,Initech,SDE II,01 Aug 2021",
		TWO_OF_FIRST "Bob,Sample,,,Initech,SDE II,01 Aug 2021\n\nGenerated by nobody",
		TWO_OF_FIRST "Bob,Sample,,,Initech,SDE II,01 Aug 2021\nBy nobody\nAt night"};
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		struct run run;
		open_roster(&run);
		read_export(&run, first);
		read_export(&run, whole[i]);
		assert_int_equal(run.got.profiles_n, 0);
		assert_false(run.got.degraded);
		close_roster(&run);
	}
}

static void several_rows_of_one_person_are_no_change_in_any_order(void **state)
{
	(void)state;
	struct run run;
	static const char
		a[] = "Name,Record ID,Company,Title\nAda Example,1,Globex,VP\n",
		b[] = "Ada Example,1,Initech,Board Member\n",
		c[] = "Name,Record ID,Company,Title\nAda Example,1,Initech,Board Member\n",
		d[] = "Ada Example,1,GLOBEX,vp\n";
	char one[200], two[200];
	snprintf(one, sizeof(one), "%s%s", a, b);
	snprintf(two, sizeof(two), "%s%s", c, d);
	open_roster(&run);
	read_export(&run, one);
	assert_int_equal(run.got.profiles_n, 1);
	read_export(&run, two);
	assert_int_equal(run.got.profiles_n, 0);
	read_export(&run, one);
	assert_int_equal(run.got.profiles_n, 0);
	close_roster(&run);
}

static void namesakes_are_told_apart(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, HEAD "Ada,Example," IN "ada-1,,Globex,VP,\nAda,Example," IN
			       "ada-2,,Initech,CFO,\n");
	read_export(&run, HEAD "Ada,Example," IN "ada-2,,Initech,CFO,\nAda,Example," IN
			       "ada-3,,Tern & Co,CEO,\n");
	assert_int_equal(run.got.profiles_n, 1); /* the third of that name, not the first moved */
	is_profile(&run, 0, HARK_LISTED, "Ada Example", "Tern & Co", "CEO");
	close_roster(&run);
}

static void an_older_export_is_not_compared(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, first);
	run.now -= 2 * DAY;
	read_export(&run, HEAD "Ada,Example," IN "ada-example,,Initech,Clerk,\n");
	assert_int_equal(run.got.profiles_n, 0);
	assert_true(run.got.degraded);
	run.now += 2 * DAY;
	read_export(&run, first);
	assert_int_equal(run.got.profiles_n, 0);
	close_roster(&run);
}

static void a_broken_row_is_named_and_the_next_goes_on(void **state)
{
	(void)state;
	struct run run;
	open_roster(&run);
	read_export(&run, HEAD "Ada,Example,,,Globex,VP,,,,\nBen,\"Ca\"fe,,,Globex,VP,\n"
			       ",,,,Globex,VP,\nBob,Sample,,,Initech,SDE,\n");
	assert_int_equal(run.got.profiles_n, 1);
	is_profile(&run, 0, HARK_LISTED, "Bob Sample", "Initech", "SDE");
	assert_int_equal(run.got.degraded_line, 2);
	assert_int_equal(run.got.skips_n, 3);
	close_roster(&run);
}

static void what_is_no_roster_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *body, *says;
	} bad[] = {
		{"", "empty"},
		{"PK\003\004xl/worksheets", "ZIP archive or a spreadsheet"},
		{"PK\003\004Connections.csv\n" HEAD "Ada,Example,,,Globex,VP,\n", "ZIP archive"},
		{"<html><body>Log in</body></html>", "names a column"},
		{"{\"a\": 1}", "names a column"},
		{"a,b,c\n1,2,3\n", "names a column"},
		{HEAD "A,\"B\"x,,,C,D,\n", "of its 1 row none"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct run run;
		open_roster(&run);
		assert_int_equal(read_bytes(&run, bad[i].body, strlen(bad[i].body)), HARK_EPARSE);
		assert_non_null(strstr(run.err.text, bad[i].says));
		close_roster(&run);
	}
}

static void wrong_settings_are_refused(void **state)
{
	(void)state;
	static const struct hark_pair bad[][2] = {
		{{"folder", ""}, {"rows", "staff"}},
		{{"folder", "/x"}, {"rows", "people"}},
		{{"folder", "/x"}, {"misses", "0"}},
		{{"folder", "/x"}, {"format", "salesfarce"}},
		{{"folder", "/x"}, {"colour", "red"}},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hark_err err = {0};
		void *ctx = NULL;
		assert_int_equal(
			collect_open(&hark_connector_roster, bad[i], 2, &ctx, &err), HARK_EINVAL);
		assert_null(ctx);
	}
}

static void every_change_is_found_and_none_invented(void **state)
{
	(void)state;
	struct run run;
	enum { N = 3000 };
	struct buf out;
	size_t changed = 0;
	char *whole = make_export(0, N, "Globex");
	buf_init(&out, 1 << 24);
	buf_add_c(&out, HEAD);
	for (int i = N - 1; i >= 0; i--) {
		bool moves = i % 97 == 0;
		changed += moves;
		buf_printf(&out, "P%d,Name%d," IN "P%d/,,%s,\"title\n %d\",\n", i, i, i,
			moves ? "Initech" : "GLOBEX ", i);
	}
	open_roster(&run);
	read_export(&run, whole);
	assert_int_equal(run.got.profiles_n, N);
	read_export(&run, buf_c(&out));
	assert_int_equal(run.got.profiles_n, changed);
	assert_int_equal(run.got.posts_n, changed);
	buf_release(&out);
	free(whole);
	close_roster(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_export_is_a_list),
		cmocka_unit_test(a_new_employer_is_a_profile_and_a_post),
		cmocka_unit_test(another_spelling_is_no_change),
		cmocka_unit_test(utf16_is_read),
		cmocka_unit_test(columns_in_another_language_are_known_by_their_order),
		cmocka_unit_test(settings_name_other_columns),
		cmocka_unit_test(who_is_missing_twice_is_gone),
		cmocka_unit_test(who_leaves_a_list_of_contacts_has_left_no_job),
		cmocka_unit_test(a_partial_export_makes_nobody_leave),
		cmocka_unit_test(an_export_of_nobody_or_of_few_is_never_believed),
		cmocka_unit_test(who_is_missing_already_does_not_make_the_next_export_short),
		cmocka_unit_test(an_export_without_names_is_never_believed),
		cmocka_unit_test(rows_without_anything_are_no_people_without_a_name),
		cmocka_unit_test(an_export_cut_short_in_a_cell_makes_nobody_leave),
		cmocka_unit_test(an_export_cut_short_in_its_last_row_tells_no_move),
		cmocka_unit_test(a_last_line_without_an_end_is_a_row_or_below_the_table),
		cmocka_unit_test(several_rows_of_one_person_are_no_change_in_any_order),
		cmocka_unit_test(namesakes_are_told_apart),
		cmocka_unit_test(an_older_export_is_not_compared),
		cmocka_unit_test(a_broken_row_is_named_and_the_next_goes_on),
		cmocka_unit_test(what_is_no_roster_is_refused),
		cmocka_unit_test(wrong_settings_are_refused),
		cmocka_unit_test(every_change_is_found_and_none_invented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
