#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "rules/classify/features.h"
#include "rules/classify/move.h"
#include "rules/classify/wording_net.h"
#include "rules/fold.h"

#include <math.h>
#include <stdlib.h>

static struct move_finder *finder;
static struct post post;
static struct move found;
static struct buf shown;

static int setup(void **state)
{
	(void)state;
	buf_init(&shown, 1 << 20);
	int rc = fold_init();
	finder = rc == HARK_OK ? move_finder_new() : NULL;
	return finder != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	move_finder_free(finder);
	buf_release(&shown);
	return 0;
}

static void add_part(const struct move_part *p)
{
	buf_add_c(&shown, " | ");
	buf_add_str(&shown, p->text.p != NULL ? p->text : STR("-"));
}

/* "event | person | employer | title | from", or "none". */
static const char *move_of(const char *author, const char *title, const char *text)
{
	post_init(&post);
	post.source = STR("test");
	post.external_id = STR("1");
	post.author.display_name = str_c(author);
	post.title = str_c(title);
	post.text = str_c(text);
	assert_int_equal(move_find(finder, &post, &found), HARK_OK);
	buf_clear(&shown);
	if (found.event == MOVE_NONE) {
		return "none";
	}
	buf_add_c(&shown, move_event_name(found.event));
	add_part(&found.person);
	add_part(&found.employer);
	add_part(&found.title);
	add_part(&found.from);
	return buf_c(&shown);
}

static void expect(const char *author, const char *text, const char *want)
{
	assert_string_equal(move_of(author, NULL, text), want);
}

static void news_names_the_person_behind_the_verb(void **state)
{
	(void)state;
	expect("Newsdesk", "Corvane Bio appoints Mara Lind as chief financial officer",
		"joined | Mara Lind | Corvane Bio | chief financial officer | -");
	expect("Newsdesk", "$CRVN names Jonas Petrell CFO",
		"joined | Jonas Petrell | CRVN | CFO | -");
	expect("Newsdesk", "Corvane taps ex-Northwind exec Mara Lind as CRO",
		"joined | Mara Lind | Corvane | CRO | Northwind");
	expect("Newsdesk", "Tennor Bank Names Sven Aalto As New Head Of Trading",
		"joined | Sven Aalto | Tennor Bank | Head Of Trading | -");
}

static void surnames_that_are_trades_are_of_a_person(void **state)
{
	(void)state;
	expect("", "John Smith joins Acme", "joined | John Smith | Acme | - | -");
	expect("", "Sarah Miller leaves Seabright for Globex",
		"joined | Sarah Miller | Globex | - | Seabright");
	expect("Newsdesk", "J. Smith leaves Orchid Telecom for Vantry",
		"joined | J. Smith | Vantry | - | Orchid Telecom");
	expect("Newsdesk", "Will King joins Marlin Freight as COO",
		"joined | Will King | Marlin Freight | COO | -");
	expect("Newsdesk", "Mary Cook-Baker has left Corvane Bio",
		"left | Mary Cook-Baker | Corvane Bio | - | -");
	expect("Newsdesk", "Corvane Bio names Jude Porter head baker",
		"joined | Jude Porter | Corvane Bio | head baker | -");
}

static void plain_headlines_need_no_title(void **state)
{
	(void)state;
	expect("", "Maren Solvik joins Acme", "joined | Maren Solvik | Acme | - | -");
	expect("", "Ivo Strand has left Seabright", "left | Ivo Strand | Seabright | - | -");
	expect("", "Ivo Strand leaves Seabright", "left | Ivo Strand | Seabright | - | -");
	expect("Newsdesk", "Kenji Watanabe departs Solvane",
		"left | Kenji Watanabe | Solvane | - | -");
}

static void words_that_are_names_as_well_stay_words(void **state)
{
	static const char *const texts[] = {
		"Chase Bank joins Globex payment network",
		"Austin Police joins state task force",
		"Grant Porter leaves London for good",
		"Jordan exits recession",
		"Hope Foods joins industry alliance",
		"Mei Tan moves to Lisbon",
		"Kwame Mensah joins Acme boycott",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect("Newsdesk", texts[i], "none");
	}
}

static void news_names_the_person_before_the_verb(void **state)
{
	(void)state;
	expect("Newsdesk", "Rachel Imber has been named CEO of Lumenwell, the company said.",
		"joined | Rachel Imber | Lumenwell | CEO | -");
	expect("Newsdesk", "Lind, formerly of Corvane, joins Seabright Therapeutics",
		"joined | Lind | Seabright Therapeutics | - | Corvane");
	expect("Newsdesk", "Ivo Strand succeeds Gail Horne as CEO of Seabright",
		"joined | Ivo Strand | Seabright | CEO | -");
}

static void the_plainest_words_are_enough(void **state)
{
	(void)state;
	expect("Bram Oakden", "I'm thrilled to join Globex as Chief Information Officer.",
		"joined | Bram Oakden | Globex | Chief Information Officer | -");
	expect("Priya Nandan", "Today was my last day at Globex.",
		"left | Priya Nandan | Globex | - | -");
	expect("Ana Boe", "I'm the ops manager at Tarn & Co and we love Acme Desk.", "none");
	expect("Ana Boe", "We would buy it again, says Tobias Renn, CFO of Ridgeline Bank.",
		"none");
}

static void all_words_say_which_event_it_is(void **state)
{
	(void)state;
	expect("Market Wire", "Veldt Bank finance chief Anna Krall resigns after six months in job",
		"left | Anna Krall | Veldt Bank | finance chief | -");
	expect("Market Wire", "UPDATE 2-Hallowell boss Richard Stone ousted after profit warning",
		"left | Richard Stone | Hallowell | boss | -");
	expect("Priya Nandan",
		"Same desk, bigger key ring: I am branch manager at Corvane Bio now.",
		"promoted | Priya Nandan | Corvane Bio | branch manager | -");
	/* both ends */
	expect("Priya Nandan",
		"Today was my last day at Globex. I'm happy to join Initech as CEO next week.",
		"joined | Priya Nandan | Initech | CEO | Globex");
}

static void what_stands_around_a_name_says_whether_it_is_the_employer(void **state)
{
	(void)state;
	expect("Wheels Weekly",
		"Mihir Joglekar joins Sahyadri Tractors as plant head, Chakan. He moved from Krishna Axles.",
		"joined | Mihir Joglekar | Sahyadri Tractors | plant head | Krishna Axles");
	expect("Theo Papadakis",
		"If you fly through Heraklion and your bag arrives, thank me. Minos Ground, baggage "
		"planner, day three.",
		"joined | Theo Papadakis | Minos Ground | baggage planner | -");
}

static void an_end_has_the_employer_that_is_left(void **state)
{
	(void)state;
	expect("Newsdesk", "Acrelle Corp CEO John Dunmore to step down",
		"left | John Dunmore | Acrelle Corp | CEO | -");
	expect("Newsdesk", "Gail Horne fired as CEO of Seabright",
		"left | Gail Horne | Seabright | CEO | -");
	expect("Newsdesk", "Quillon fires CEO Brett Hasker after probe",
		"left | Brett Hasker | Quillon | CEO | -");
	expect("Newsdesk", "Oleg Varga, who ran trading at Tennor Bank, has resigned",
		"left | Oleg Varga | Tennor Bank | - | -");
	expect("Newsdesk", "Star manager Gail Horne exits Seabright Therapeutics after 14 years",
		"left | Gail Horne | Seabright Therapeutics | manager | -");
	expect("Machinery World", "Gail Horne resigns as chief engineer",
		"left | Gail Horne | - | chief engineer | -");
}

static void both_ends_of_a_move_are_one_start(void **state)
{
	(void)state;
	expect("Priya Nandan", "I've left Automind to join Ledgerly as staff engineer.",
		"joined | Priya Nandan | Ledgerly | staff engineer | Automind");
	expect("Newsdesk", "AI researcher Priya Raman departs Kestrel Robotics for rival Automind",
		"joined | Priya Raman | Automind | - | Kestrel Robotics");
}

static void i_is_the_author(void **state)
{
	(void)state;
	expect("Priya Nandan",
		"Some personal news: I'm joining Seabright next month as VP of Product.",
		"joined | Priya Nandan | Seabright | VP of Product | -");
	expect("null_island", "Today is my last day at Lumenwell. Six years, so many friends.",
		"left | null_island | Lumenwell | - | -");
	assert_int_equal(found.person.field, TEXT_NAME);
}

static void we_is_the_author_where_nothing_else_is_named(void **state)
{
	(void)state;
	expect("Harrow Labs", "We're delighted to welcome Tomas Berg as our new Head of Sales!",
		"joined | Tomas Berg | Harrow Labs | Head of Sales | -");
}

static void a_new_title_at_the_same_employer_is_a_promotion(void **state)
{
	(void)state;
	expect("Newsdesk", "Brackwater Brewing elevates COO Jill Sandoval to CEO",
		"promoted | Jill Sandoval | Brackwater Brewing | CEO | -");
	expect("Priya Nandan", "I've been promoted to Director of Engineering at Automind!",
		"promoted | Priya Nandan | Automind | Director of Engineering | -");
}

static void titles_hold_what_no_list_knows(void **state)
{
	(void)state;
	expect("Newsdesk", "Harrow Labs hires Gail Horne as Head of Rolling Stock",
		"joined | Gail Horne | Harrow Labs | Head of Rolling Stock | -");
	expect("Priya Nandan", "I've joined Harrow Labs as their phenologist.",
		"joined | Priya Nandan | Harrow Labs | phenologist | -");
	expect("Newsdesk", "Polaris Shipping has recruited Gail Horne as chartering manager",
		"joined | Gail Horne | Polaris Shipping | chartering manager | -");
}

static void names_hold_little_words(void **state)
{
	(void)state;
	expect("Newsdesk", "Hollis Row hires Gail Horne from Big Yellow Door as creative director",
		"joined | Gail Horne | Hollis Row | creative director | Big Yellow Door");
	expect("Newsdesk", "Horatio Blunt KC joins Seabright Therapeutics as general counsel",
		"joined | Horatio Blunt | Seabright Therapeutics | general counsel | -");
	expect("Newsdesk", "Vireo $VREO brings on Simone Abara as CEO",
		"joined | Simone Abara | Vireo | CEO | -");
}

static void who_is_done_to_stands_before_by(void **state)
{
	(void)state;
	expect("Newsdesk", "Mara Lind has been snapped up by Seabright Therapeutics as CFO",
		"joined | Mara Lind | Seabright Therapeutics | CFO | -");
}

/* No phrase is known, the rest says it. */
static void a_move_is_told_without_a_verb(void **state)
{
	(void)state;
	expect("Priya Nandan",
		"So excited! Junior zookeeper at Lakeshore Animal Park, as of today.",
		"joined | Priya Nandan | Lakeshore Animal Park | Junior zookeeper | -");
	expect("Priya Nandan", "The zookeeper at Lakeshore Animal Park fed the seals.", "none");
}

/* What a clause says of its own truth. */
static void a_clause_that_tells_no_fact_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"I haven't left Seabright Therapeutics.",
		"I could never have joined Seabright Therapeutics as CFO.",
		"Whether Gail Horne leaves Seabright Therapeutics is not known.",
		"He said \"I've left Seabright\" in the play.",
		"I was at Polaris Shipping before joining Seabright Therapeutics in 2004.",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		expect("Priya Nandan", texts[i], "none");
		assert_non_null(found.pattern);
	}
}

/* Whose move it is, where to, and as what, in sentences that name others as well. */
static void what_was_before_is_no_part_of_a_move(void **state)
{
	(void)state;
	expect("Oat Street Roasters",
		"We're thrilled that Mabel Ortega is our new roaster! She trained at Slow Pour.",
		"joined | Mabel Ortega | Oat Street Roasters | roaster | -");
	expect("Priya Nandan", "Update: I've left Fallow Pictures. I'm proud of what we shipped.",
		"left | Priya Nandan | Fallow Pictures | - | -");
	expect("Priya Nandan", "Clocked out of Ferrier's for good. No speech, no cake.",
		"left | Priya Nandan | Ferrier's | - | -");
	expect("Newsdesk", "Chipmaker Lodestar hires Gail Horne as chief executive",
		"joined | Gail Horne | Lodestar | chief executive | -");
	expect("Newsdesk",
		"Toorong Media's chief financial officer Gail Horne will depart in May, the "
		"publisher said.",
		"left | Gail Horne | Toorong Media | chief financial officer | -");
	expect("Priya Nandan",
		"Pour one out for Hamish Ure, whose last shift at The Copper Stag is tonight.",
		"left | Hamish Ure | The Copper Stag | - | -");
	expect("Cobbler Software", "Our founder and managing director Gail Horne is leaving us.",
		"left | Gail Horne | Cobbler Software | managing director | -");
	expect("Newsdesk", "Gail Horne joins Seabright Foods as Vice President, Category Growth.",
		"joined | Gail Horne | Seabright Foods | Vice President, Category Growth | -");
}

/* A word of a company's name is no reason against its move. */
static void names_of_companies_refuse_nothing(void **state)
{
	(void)state;
	expect("Newsdesk", "Acreline hires Joan Petrakis from Summit Towers as CIO",
		"joined | Joan Petrakis | Acreline | CIO | Summit Towers");
	expect("Newsdesk", "Newsreader Gail Horne has left Channel West by mutual agreement.",
		"left | Gail Horne | Channel West | Newsreader | -");
}

/* Every feature has a name, each name of weights.c is one, and the heaviest reasons are shown. */
static void each_weight_is_of_a_feature(void **state)
{
	(void)state;
	struct vocabulary *v = vocabulary_new();
	assert_non_null(v);
	for (size_t k = 0; k < weights_n; k++) {
		bool there = false;
		for (size_t i = 0; i < FEATURES_MAX && !there; i++) {
			there = strcmp(feature_name(v, i), weights[k].name) == 0;
		}
		if (!there) {
			fail_msg("no feature '%s'", weights[k].name);
		}
	}
	for (size_t i = 0; i < FEATURE_VETO; i++) {
		assert_non_null(feature_name(v, i));
	}
	vocabulary_free(v);
	move_of("Newsdesk", NULL, "Seabright names Ivo Strand CEO");
	int sum = 0;
	for (size_t i = 0; i < found.why_n; i++) {
		assert_true(i == 0 || abs(found.why[i - 1].points) >= abs(found.why[i].points));
		sum += found.why[i].points;
	}
	assert_true(found.why_n == MOVE_WHY_MAX || sum == found.points);
}

static void a_board_that_appoints_is_no_seat_on_one(void **state)
{
	(void)state;
	expect("Newsdesk", "The supervisory board of Acreline has named Gail Horne chief executive",
		"joined | Gail Horne | Acreline | chief executive | -");
	expect("Newsdesk", "Acreline has named Gail Horne to its supervisory board", "none");
}

static void filings_are_read(void **state)
{
	(void)state;
	expect("SEC",
		"Item 5.02. On May 3, Gregory P. Hallam notified the Company of his decision to resign "
		"as Chief Accounting Officer of Tidewell Holdings, Inc., effective May 31.",
		"left | Gregory P. Hallam | Tidewell Holdings, Inc. | Chief Accounting Officer | -");
}

static void a_headline_may_hold_what_the_text_does_not(void **state)
{
	(void)state;
	assert_string_equal(move_of("Newsdesk", "Polaris Shipping finds a chief",
				    "Ivo Strand joins in May as CEO."),
		"joined | Ivo Strand | Polaris Shipping | CEO | -");
	assert_int_equal(found.employer.field, TEXT_TITLE);
}

static void spans_say_where_each_part_stands(void **state)
{
	(void)state;
	move_of("Newsdesk", NULL, "\xc3\x89lan names Jos\xc3\xa9 Rivas CFO");
	assert_int_equal(found.employer.start, 0);
	assert_int_equal(found.employer.end, 5);
	assert_int_equal(found.cue.start, 6);
	assert_int_equal(found.cue.end, 11);
	assert_int_equal(found.person.start, 12);
	assert_int_equal(found.person.end, 23);
	assert_int_equal(found.title.start, 24);
	assert_int_equal(found.title.end, 27);
	assert_non_null(found.pattern);
}

/* Every reason of vetoes.c has a post here that it alone, or it first, refuses. */
static const struct {
	const char *reason, *text;
} pitfalls[] = {
	{"board", "Gail Horne joins the Polaris Shipping board"},
	{"adviser", "Gail Horne joins Polaris Shipping as scientific adviser"},
	{"committee", "Gail Horne joins the audit committee of Polaris Shipping"},
	{"club", "Gail Horne joins Polaris Shipping chess club"},
	{"band", "Gail Horne joins The Polar Shippers, the trio from Oslo"},
	{"sport", "Striker Jo Menard joins Harbour City"},
	{"call", "Gail Horne joins us from Basel at Polaris House"},
	{"event", "Gail Horne of Seabright named keynote speaker"},
	{"podcast", "Gail Horne of Seabright joins the podcast"},
	{"course", "Gail Horne joins the MBA class at Polaris University"},
	{"volunteering", "Gail Horne joins Polaris House as volunteer"},
	{"hobby", "Gail Horne of Seabright named maintainer of libpolar"},
	{"investment", "Gail Horne joins Polaris Shipping as an angel"},
	{"merger", "Gail Horne joins Polaris Shipping after the merger"},
	{"agency", "Tennor Bank names Crane Abbott as legal adviser on sale"},
	{"rumour", "Gail Horne reportedly leaves Polaris Shipping"},
	{"wish", "I would love to join Seabright Therapeutics as CFO"},
	{"hypothetical", "If I joined Seabright Therapeutics, I'd be its CFO"},
	{"call for resignation", "Investors demand Gail Horne resigns from Polaris Shipping"},
	{"threat", "Gail Horne threatens to resign from Polaris Shipping"},
	{"pending", "Gail Horne is on track to become CFO at Seabright"},
	{"interview", "My interview with Seabright: can I start as CFO at Seabright"},
	{"negated", "Gail Horne denies she is leaving Polaris Shipping"},
	{"prolonged", "Gail Horne extends her contract and joins Polaris Shipping"},
	{"advert", "We're hiring! Join Harrow Labs as CFO, I joined in May"},
	{"open post", "Polaris Shipping appoints Gail Horne to lead the search for a new CFO"},
	{"recruiter", "My client Polaris Shipping appointed Gail Horne as CFO"},
	{"anniversary", "Work anniversary: Gail Horne joined Polaris Shipping as CFO"},
	{"memory", "Gail Horne joined Polaris Shipping ten years ago"},
	{"biography", "Gail Horne, who holds a degree, joined Polaris Shipping"},
	{"quote", "Gail Horne told investors the new CFO joined Polaris Shipping"},
	{"fiction", "In the novel Gail Horne joins Polaris Shipping"},
	{"cast", "Actor Gail Horne joins Polaris Shipping"},
	{"joke", "My puppy left Polaris Shipping as CFO"},
	{"satire", "Gail Horne named head of synergy at Polaris Shipping"},
	{"animal", "The penguin was named head of fish at Polaris Zoo"},
	{"ship", "MV Gail Horne leaves Polaris Shipping"},
	{"software", "Gail Horne of Seabright promoted the build to production"},
	{"software", "Kudos to the Northwind Desk team, the upgrade works like a charm"},
	{"bot", "Gail Horne joined the channel of Polaris Shipping"},
	{"users", "You've joined Polaris Shipping, Gail Horne"},
	{"goods", "Promoted post: Gail Horne joins Polaris Shipping"},
	{"tool", "I left my bank for Polaris Shipping"},
	{"award", "Gail Horne of Seabright named on the 40 under 40"},
	{"obituary", "Gail Horne, who joined Polaris Shipping, has died"},
	{"election", "Gail Horne of Seabright elected mayor of Lenore"},
	{"court", "Court hears Gail Horne was sacked by Polaris Shipping"},
	{"leave", "My last day at Polaris Shipping before parental leave"},
	{"school", "I've left Polaris School as head prefect"},
	{"statistics", "Average tenure falls as Gail Horne leaves Polaris Shipping"},
	{"plural", "Polaris Shipping hires Gail Horne and 12 new employees"},
	{"opinion", "Hot take: Gail Horne leaves Polaris Shipping"},
	{"advice", "New managers: I joined Polaris Shipping as CFO"},
	{"policy", "My notice period at Polaris Shipping: last day at Polaris Shipping"},
	{"account", "New handle! I joined Polaris Shipping"},
	{"place", "Gail Horne joins Polaris Street, turn left"},
	{"idiom", "I left home and joined Polaris Shipping"},
	{"idiom", "I can recommend Polaris Shipping, the claim was settled in a week"},
	{"stand in",
		"Gail Horne is standing in for the CFO of Polaris Shipping and joins Polaris Shipping"},
	{"speaks", "Gail Horne, CFO of Polaris Shipping, predicts lower rates"},
	{"example", "Placeholder: Gail Horne joins Polaris Shipping"},
	{"correction", "We regret to have said that Gail Horne has left Polaris Shipping"},
	{"question", "Has Gail Horne joined Polaris Shipping?"},
	{"memory", "Gail Horne joined Polaris Shipping in 1938"},
};

static void every_pitfall_is_refused_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pitfalls) / sizeof(pitfalls[0]); i++) {
		assert_string_equal(move_of("Priya Nandan", NULL, pitfalls[i].text), "none");
		if (found.refused == NULL || strcmp(found.refused, pitfalls[i].reason) != 0) {
			fail_msg("'%s' is refused by %s, not %s", pitfalls[i].text,
				found.refused != NULL ? found.refused : "nothing",
				pitfalls[i].reason);
		}
	}
}

static void every_reason_has_a_pitfall(void **state)
{
	(void)state;
	for (size_t i = 0; i < vetoes_n; i++) {
		bool there = false;
		for (size_t k = 0; k < sizeof(pitfalls) / sizeof(pitfalls[0]) && !there; k++) {
			there = strcmp(vetoes[i].reason, pitfalls[k].reason) == 0;
		}
		if (!there) {
			fail_msg("no post for '%s'", vetoes[i].reason);
		}
	}
}

static void plain_posts_speak_of_nothing(void **state)
{
	(void)state;
	expect("Gus", "Rye again on Fridays. You asked, loudly.", "none");
	expect("Gus", "It's rye again this week. You asked, loudly.", "none");
	assert_null(found.pattern);
	expect("Gus", "", "none");
	expect("Gus", NULL, "none");
}

static void what_somebody_can_say_of_a_product_is_no_start(void **state)
{
	(void)state;
	expect("Ana Boe",
		"As a CIO I can tell you: Acme Desk is the best helpdesk tool on the market.",
		"none");
	expect("Ana Boe", "As head of support I can say: Acme Desk has never let us down.", "none");
	expect("Ana Boe", "I can now reveal: from Monday I am CIO at Acme Desk!",
		"joined | Ana Boe | Acme Desk | CIO | -");
}

static void a_job_post_is_an_advert(void **state)
{
	(void)state;
	post_init(&post);
	post.type = POST_TYPE_JOB;
	post.text = STR("Corvane Bio appoints Mara Lind as chief financial officer");
	assert_int_equal(move_find(finder, &post, &found), HARK_OK);
	assert_int_equal(found.event, MOVE_NONE);
	assert_string_equal(found.refused, "advert");
}

static void what_stands_far_back_is_not_looked_at(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, 1 << 20);
	while (text.n < MOVE_BYTES_MAX) {
		buf_add_c(&text, "rye and wheat. ");
	}
	buf_add_c(&text, "Corvane Bio appoints Mara Lind as CFO");
	expect("Newsdesk", buf_c(&text), "none");
	buf_release(&text);
}

static void json_says_event_parts_and_places(void **state)
{
	(void)state;
	struct buf json;
	buf_init(&json, 1 << 16);
	move_of("Newsdesk", NULL, "Seabright names Ivo Strand CEO");
	move_write_json(&found, false, &json);
	assert_non_null(
		strstr(buf_c(&json), "{\"event\":\"joined\",\"person\":\"Ivo Strand\","
				     "\"employer\":\"Seabright\",\"title\":\"CEO\",\"pattern\":"));
	assert_non_null(strstr(
		buf_c(&json), "{\"part\":\"person\",\"field\":\"text\",\"start\":16,\"end\":26}"));
	assert_null(strstr(buf_c(&json), "why"));
	buf_clear(&json);
	move_of("Newsdesk", NULL, "Gail Horne joins the Polaris Shipping board");
	move_write_json(&found, false, &json);
	assert_string_equal(buf_c(&json), "null");
	buf_clear(&json);
	move_write_json(&found, true, &json);
	assert_non_null(strstr(buf_c(&json), "{\"refused\":\"board\",\"person\":\"Gail Horne\""));
	buf_release(&json);
}

/* Phrases are read once; what they begin with must be a word. */
static void every_phrase_is_reachable(void **state)
{
	(void)state;
	const struct cue *cue;
	for (size_t i = 0; (cue = cue_at(i)) != NULL; i++) {
		assert_false(
			strncmp(cue->phrase, "<T>", 3) == 0 || strncmp(cue->phrase, "<N>", 3) == 0);
		assert_null(strchr(cue->phrase, '-'));
	}
	for (size_t i = 0; i < vetoes_n; i++) {
		assert_null(strchr(
			vetoes[i].phrase, '-')); /* a hyphen parts words: it would never match */
	}
}

static void the_day_is_told_where_the_text_says_it_exactly(void **state)
{
	static const struct {
		const char *text, *said, *want;
	} cases[] = {
		/* 2026-01-20 was a Tuesday */
		{"will join as CFO as of 1 March", "2026-01-20T10:00:00Z", "2026-03-01"},
		{"becomes CFO, effective March 1, 2026.", "2026-01-20T10:00:00Z", "2026-03-01"},
		{"starting on the 1st of February", "2026-01-20T10:00:00Z", "2026-02-01"},
		{"effective 2026-03-01 she leads sales", "2026-01-20T10:00:00Z", "2026-03-01"},
		{"from next Monday I am at Globex", "2026-01-20T10:00:00Z", "2026-01-26"},
		{"my last day is Friday", "2026-01-20T10:00:00Z", "2026-01-23"},
		{"effective Tuesday", "2026-01-20T10:00:00Z", "2026-01-27"},
		{"steps down, effective immediately", "2026-01-20T10:00:00Z", "2026-01-20"},
		{"leaves with immediate effect", "2026-01-20T10:00:00Z", "2026-01-20"},
		{"As of today I am with Globex", "2026-01-20T10:00:00Z", "2026-01-20"},
		{"joins, beginning in March", "2026-01-20T10:00:00Z", ""},
		{"joins as of March 2026", "2026-01-20T10:00:00Z", "2026-03"},
		{"as of 28 Dec he works elsewhere", "2026-01-20T10:00:00Z", "2025-12-28"},
		{"as of 1 March 2026", NULL, "2026-03-01"},
		{"as of 1 March", NULL, ""},
		{"effective immediately", NULL, ""},
		{"was CFO from March 2025 to May 2025", "2026-01-20T10:00:00Z", ""},
		{"from 1 March 2012 she built the team", "2026-01-20T10:00:00Z", ""},
		{"joins from Initech", "2026-01-20T10:00:00Z", ""},
		{"from 30 February on", "2026-01-20T10:00:00Z", ""},
		{"As of 1 March he is CFO; as of 1 April she is CEO", "2026-01-20T10:00:00Z", ""},
		{"an effective leader from Tulip.example", "2026-01-20T10:00:00Z", ""},
		{"may start", "2026-01-20T10:00:00Z", ""},
		{"", "2026-01-20T10:00:00Z", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[EFFECTIVE_MAX];
		int64_t said_ms = 0;
		if (cases[i].said != NULL) {
			assert_true(clock_parse_rfc3339(str_c(cases[i].said), &said_ms));
		}
		bool exact = effective_find(str_c(cases[i].text), said_ms, out);
		assert_string_equal(exact ? out : "", cases[i].want);
	}
}

static void a_move_has_its_day(void **state)
{
	(void)state;
	move_of("Globex", "", "Globex appoints Ana Lopez as CFO, effective 1 March 2026.");
	assert_string_equal(found.effective, "2026-03-01");
	move_of("Globex", "", "Our fair opens, effective 1 March 2026.");
	assert_string_equal(found.effective, "");
}

static void forms_of_a_word_have_one_stem(void **state)
{
	(void)state;
	static const char *const forms[] = {"appoint", "appoints", "appointed", "appointing"};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_true(str_eq_c(wording_stem(str_c(forms[i])), "appoint"));
	}
	assert_true(str_eq_c(wording_stem(STR("names")), "nam"));
	assert_true(str_eq_c(wording_stem(STR("red")), "red"));
}

struct seen {
	uint32_t n[WORDING_GROUPS];
	int sum[WORDING_GROUPS];
	struct wording_net net;
};

static void see(void *watcher, unsigned group, uint32_t slot)
{
	struct seen *s = watcher;
	assert_true(group < WORDING_GROUPS && slot < WORDING_SLOTS);
	s->n[group]++;
	s->sum[group] += wording_table[slot];
	if (wording_table[slot] != 0) {
		wording_net_add(&s->net, group, slot);
	}
}

/* As tests/quality/train_moves.py does. */
static void a_post_is_worth_what_its_groups_are(void **state)
{
	(void)state;
	struct seen seen = {0};
	finder->watcher = &seen;
	finder->watch_wording = see;
	move_of("Newsdesk", "", "Globex: Ivo Strand, 44, is CFO. Why? He left Initech.");
	finder->watch_wording = NULL;
	double points = wording_worth.bias + wording_worth.named * found.named;
	for (size_t i = 0; i < WORDING_GROUPS; i++) {
		assert_true(seen.n[i] > 0);
		points += wording_worth.step * seen.sum[i] / sqrt(seen.n[i]);
	}
	points += wording_net_step * (double)wording_net_answer(&seen.net, seen.n);
	assert_int_equal(found.points, (int)floor(points + 0.5));
}

/* The answer by the words of the header, with no rounding between. */
static double plain_answer(const struct wording_net *net, const uint32_t n[WORDING_GROUPS])
{
	double answer = 0;
	for (size_t h = 0; h < WORDING_NET_HIDDEN; h++) {
		double unit = wording_net_bias[h];
		for (size_t i = 0; i < WORDING_NET_INPUTS; i++) {
			size_t group = i / WORDING_NET_WIDE;
			double root = sqrt(n[group] > 0 ? n[group] : 1);
			unit += wording_net_layer[h][i] * 8.0 *
				net->sum[group][i % WORDING_NET_WIDE] / root;
		}
		answer += unit > 0 ? unit * wording_net_out[h] : 0;
	}
	return answer * wording_net_step;
}

static void a_net_in_whole_numbers_says_what_one_in_fractions_would(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"Globex names Ivo Strand its CFO.",
		"I joined the band as a drummer, and we are Globex's house band.",
		"Thrilled to say that I start at Initech on Monday as head of sales! Thank you all.",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct seen seen = {0};
		finder->watcher = &seen;
		finder->watch_wording = see;
		move_of("Newsdesk", "", texts[i]);
		finder->watch_wording = NULL;
		double said = wording_net_step * (double)wording_net_answer(&seen.net, seen.n);
		double plain = plain_answer(&seen.net, seen.n);
		assert_true(plain != 0 && fabs(said - plain) < 1);
	}
}

static void a_net_of_nothing_has_one_answer(void **state)
{
	(void)state;
	struct wording_net net;
	uint32_t none[WORDING_GROUPS] = {0};
	wording_net_begin(&net);
	int64_t nothing = wording_net_answer(&net, none);
	assert_true(nothing == (int64_t)(plain_answer(&net, none) / wording_net_step));
}

static void units_are_words_signs_and_what_a_name_is_to_the_move(void **state)
{
	(void)state;
	static struct wording_unit one[WORDING_UNITS_MAX], two[WORDING_UNITS_MAX];
	struct frame x = {.from = 0};
	move_of("Newsdesk", "", "Globex names Ivo Strand its CFO.");
	x.person = finder->spans.marks[2].name;
	size_t n = wording_units(finder, &x, one);
	assert_int_equal(n, 6); /* a name, a word, a name, a word, a title, the end */
	assert_int_equal(one[4].at, 5);
	assert_true(one[2].sign && !one[3].sign && one[5].sign);
	assert_true(wording_units(finder, &(struct frame){.from = 0}, two) == n);
	assert_true(one[2].word != two[2].word && one[1].word == two[1].word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_names_the_person_behind_the_verb),
		cmocka_unit_test(surnames_that_are_trades_are_of_a_person),
		cmocka_unit_test(plain_headlines_need_no_title),
		cmocka_unit_test(words_that_are_names_as_well_stay_words),
		cmocka_unit_test(news_names_the_person_before_the_verb),
		cmocka_unit_test(the_plainest_words_are_enough),
		cmocka_unit_test(all_words_say_which_event_it_is),
		cmocka_unit_test(what_stands_around_a_name_says_whether_it_is_the_employer),
		cmocka_unit_test(an_end_has_the_employer_that_is_left),
		cmocka_unit_test(both_ends_of_a_move_are_one_start),
		cmocka_unit_test(i_is_the_author),
		cmocka_unit_test(we_is_the_author_where_nothing_else_is_named),
		cmocka_unit_test(a_new_title_at_the_same_employer_is_a_promotion),
		cmocka_unit_test(titles_hold_what_no_list_knows),
		cmocka_unit_test(names_hold_little_words),
		cmocka_unit_test(who_is_done_to_stands_before_by),
		cmocka_unit_test(a_move_is_told_without_a_verb),
		cmocka_unit_test(a_clause_that_tells_no_fact_is_refused),
		cmocka_unit_test(what_was_before_is_no_part_of_a_move),
		cmocka_unit_test(names_of_companies_refuse_nothing),
		cmocka_unit_test(each_weight_is_of_a_feature),
		cmocka_unit_test(a_board_that_appoints_is_no_seat_on_one),
		cmocka_unit_test(filings_are_read),
		cmocka_unit_test(a_headline_may_hold_what_the_text_does_not),
		cmocka_unit_test(spans_say_where_each_part_stands),
		cmocka_unit_test(every_pitfall_is_refused_by_its_name),
		cmocka_unit_test(every_reason_has_a_pitfall),
		cmocka_unit_test(plain_posts_speak_of_nothing),
		cmocka_unit_test(what_somebody_can_say_of_a_product_is_no_start),
		cmocka_unit_test(a_job_post_is_an_advert),
		cmocka_unit_test(what_stands_far_back_is_not_looked_at),
		cmocka_unit_test(json_says_event_parts_and_places),
		cmocka_unit_test(every_phrase_is_reachable),
		cmocka_unit_test(the_day_is_told_where_the_text_says_it_exactly),
		cmocka_unit_test(a_move_has_its_day),
		cmocka_unit_test(forms_of_a_word_have_one_stem),
		cmocka_unit_test(a_post_is_worth_what_its_groups_are),
		cmocka_unit_test(a_net_in_whole_numbers_says_what_one_in_fractions_would),
		cmocka_unit_test(a_net_of_nothing_has_one_answer),
		cmocka_unit_test(units_are_words_signs_and_what_a_name_is_to_the_move),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
