/* hark leads as people and programs meet it: the real program on a store of this test. */
#include "tests/unit/unit.h"

#include "monitor/base/json.h"
#include "monitor/pipeline/emit.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "tests/unit/tmpstore.h"

#include <stdlib.h>
#include <sys/wait.h>

static struct tmpstore *here;

static int set_up(void **state)
{
	int rc = tmpstore_setup(state);
	char path[128];
	here = *state;
	snprintf(path, sizeof(path), "%s/hark.yaml", here->dir);
	FILE *f = rc == 0 ? fopen(path, "w") : NULL;
	if (f == NULL) {
		return -1;
	}
	fprintf(f, "operator: { contact: \"mailto:ops@example.com\" }\nstore: %s\n", here->url);
	return fclose(f);
}

static int tear_down(void **state)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/hark.yaml", here->dir);
	unlink(path);
	return tmpstore_teardown(state);
}

/* Runs hark; both streams go into `out`. Returns its exit code. */
static int hark(char *out, size_t max, const char *args)
{
	char command[1024];
	const char *build = getenv("top_builddir");
	snprintf(command, sizeof(command), "%s/hark -c %s/hark.yaml %s 2>&1",
		build != NULL ? build : ".", here->dir, args);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	size_t n = fread(out, 1, max - 1, f);
	out[n] = '\0';
	return WEXITSTATUS(pclose(f));
}

/* `text`: NULL, the post has a title only. */
static void find_scored(
	const char *author, const char *text, bool historic, int score, enum signal_level level)
{
	static const struct conf conf = {.lawful_basis = "consent"};
	static const struct span spans[] = {{FIELD_TEXT, 2, 6}};
	struct store *s = tmpstore_open(here, 0);
	struct signal signal = {.rule = STR("switch"),
		.kind = SIGNAL_PURCHASE_INTENT,
		.score = score,
		.level = level,
		.subject = {STR("author"), str_c(author), str_c(author)},
		.title = STR("Wants to leave Globex"),
		.lead_key = str_c(author),
		.lead_window_ms = 1000,
		.explain = STR("said so"),
		.spans = (struct span *)(uintptr_t)spans,
		.spans_n = 1};
	struct batch_post bp = {.signals = &signal, .signals_n = 1};
	struct batch b = {.source = STR("forum"),
		.posts = &bp,
		.posts_n = 1,
		.historic = historic,
		.received_ms = 1};
	struct emit_counts counts = {0};
	post_init(&bp.post);
	bp.post.external_id = str_c(text != NULL ? text : author);
	bp.post.text = text != NULL ? str_c(text) : STR_NONE;
	bp.post.title = text != NULL ? STR_NONE : STR("Leaving Globex");
	bp.post.author.handle = str_c(author);
	arena_init(&b.arena, 0);
	assert_int_equal(post_keys(&bp, 1, &b.arena), HARK_OK);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(emit_batch(s, &conf, &b, 1800000000000, &counts, NULL), HARK_OK);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	arena_release(&b.arena);
	store_close(s);
}

static void find(const char *author, const char *text, bool historic)
{
	find_scored(author, text, historic, 70, LEVEL_INSTANT);
}

static void an_empty_queue_says_why_and_what_to_look_at(void **state)
{
	(void)state;
	char out[8192];
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "harkd has not run"));
	assert_int_equal(hark(out, sizeof(out), "leads list --json"), 0);
	assert_string_equal(out, "[]\n");
	assert_int_equal(hark(out, sizeof(out), "leads claim 1 --as ana"), 1);
	assert_int_equal(access(here->path, F_OK), -1); /* looking makes nothing */
	find("@old", "I left Globex", true);
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "kept as historic (1)"));
	assert_int_equal(hark(out, sizeof(out), "leads list --historic"), 0);
	assert_non_null(strstr(out, "@old"));
}

static void the_queue_is_a_table_for_people_and_json_for_programs(void **state)
{
	(void)state;
	char out[8192];
	find("@jo", "I want to leave Globex", false);
	find("@bo", "I left \033[31mGlobex", false);
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "Wants to leave Globex"));
	assert_int_equal(hark(out, sizeof(out), "leads list --limit 1"), 0);
	assert_non_null(strstr(out, "more: hark leads list --before 2"));
	assert_int_equal(hark(out, sizeof(out), "leads list --json --before lead_2"), 0);
	json_t *list = json_read(str_c(out), NULL);
	assert_int_equal(json_array_size(list), 1);
	assert_str_is(json_str(json_array_get(list, 0), "id"), "lead_1");
	json_decref(list);
	assert_int_equal(hark(out, sizeof(out), "leads show 2"), 0);
	assert_non_null(strstr(out, "why: said so"));
	assert_null(strchr(out, '\033')); /* a stranger's text does not drive the terminal */
	assert_int_equal(hark(out, sizeof(out), "leads show lead_1 --json"), 0);
	json_t *lead = json_read(str_c(out), NULL);
	const json_t *first = json_array_get(json_object_get(lead, "signals"), 0);
	assert_str_is(json_str(json_object_get(first, "post"), "text"), "I want to leave Globex");
	assert_int_equal(json_array_size(json_object_get(lead, "history")), 1);
	json_decref(lead);
}

static void both_ways_of_showing_a_lead_say_how_it_travels(void **state)
{
	(void)state;
	static const struct {
		enum signal_level level;
		int score;
		const char *shown, *json;
	} cases[] = {{LEVEL_INSTANT, 45, "45 (instant)", "\"level\":\"instant\""},
		{LEVEL_NORMAL, 45, "45 (normal)", "\"level\":\"normal\""},
		{LEVEL_NORMAL, 70, "70 (instant)", "\"level\":\"instant\""},
		{LEVEL_DIGEST, 70, "70 (digest)", "\"level\":\"digest\""}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[8192], author[] = "@a", args[64];
		author[1] = (char)('a' + i);
		find_scored(author, author, false, cases[i].score, cases[i].level);
		snprintf(args, sizeof(args), "leads show %zu", i + 1);
		assert_int_equal(hark(out, sizeof(out), args), 0);
		assert_non_null(strstr(out, cases[i].shown));
		snprintf(args, sizeof(args), "leads show --json %zu", i + 1);
		assert_int_equal(hark(out, sizeof(out), args), 0);
		assert_non_null(strstr(out, cases[i].json));
	}
}

static void a_post_that_never_had_a_text_lost_none(void **state)
{
	(void)state;
	char out[8192];
	find_scored("@jo", NULL, false, 70, LEVEL_INSTANT);
	assert_int_equal(hark(out, sizeof(out), "leads show 1"), 0);
	assert_non_null(strstr(out, "Leaving Globex"));
	assert_null(strstr(out, "not kept"));
	struct store *s = tmpstore_open(here, 0);
	assert_int_equal(
		db_run(db_query(store_db(s), "UPDATE posts SET title = NULL, purged_ms = 2")), 1);
	store_close(s);
	assert_int_equal(hark(out, sizeof(out), "leads show 1"), 0);
	assert_non_null(strstr(out, "(its text is not kept any more)"));
}

static void a_bare_number_is_a_lead_wherever_it_stands(void **state)
{
	(void)state;
	char out[16384];
	find("@jo", "I want to leave Globex", false);
	find("@jo", "I left Globex at last", false);
	find("@bo", "I left Globex", false);
	assert_int_equal(hark(out, sizeof(out), "leads show 2"), 0);
	assert_non_null(strstr(out, "@bo"));
	assert_int_equal(hark(out, sizeof(out), "why 2"), 0);
	assert_non_null(strstr(out, "sig_3 in lead_2"));
	assert_null(strstr(out, "sig_2"));
	assert_int_equal(hark(out, sizeof(out), "why sig_2"), 0);
	assert_non_null(strstr(out, "sig_2 in lead_1"));
	assert_int_equal(hark(out, sizeof(out), "why 9"), 1);
	assert_non_null(strstr(out, "no lead '9'"));
	assert_int_equal(hark(out, sizeof(out), "why x"), 2);
	assert_non_null(strstr(out, "is no signal (sig_12), no lead (lead_3) and no post"));
}

static void a_lead_is_claimed_once_answered_and_won(void **state)
{
	(void)state;
	char out[8192];
	find("@jo", "I want to leave Globex", false);
	assert_int_equal(hark(out, sizeof(out), "leads answer 1 --as ana"), 1);
	assert_non_null(strstr(out, "claim it first"));
	assert_int_equal(hark(out, sizeof(out), "leads claim 1 --as ana --for 2h"), 0);
	assert_non_null(strstr(out, "lead_1 is claimed by ana until"));
	assert_int_equal(hark(out, sizeof(out), "leads claim 1 --as bo"), 1);
	assert_non_null(strstr(out, "claimed by ana"));
	assert_int_equal(hark(out, sizeof(out), "leads list --mine --as bo"), 0);
	assert_non_null(strstr(out, "no leads like that"));
	assert_int_equal(hark(out, sizeof(out), "leads list --owner an"), 2);
	assert_non_null(strstr(out, "there is no owner 'an': no user is called so"));
	assert_int_equal(hark(out, sizeof(out), "leads list --rule nonsense"), 2);
	assert_non_null(strstr(out, "there is no rule 'nonsense': `hark rules list`"));
	assert_int_equal(hark(out, sizeof(out), "leads snooze 1 --as ana --for 1d"), 0);
	assert_int_equal(hark(out, sizeof(out), "leads list --kind pain"), 0);
	assert_null(strstr(out, "snoozed"));
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "hark leads list --state snoozed"));
	assert_int_equal(hark(out, sizeof(out), "leads undo 1 --as ana"), 0);
	assert_int_equal(hark(out, sizeof(out), "leads answer 1 --as ana"), 0);
	assert_int_equal(hark(out, sizeof(out), "leads won 1 --as ana --value 500"), 2);
	assert_non_null(strstr(out,
		"a value needs its currency, three capitals such as EUR: --value N --currency EUR"));
	assert_int_equal(hark(out, sizeof(out), "leads won 1 --as ana --currency EUR"), 2);
	assert_int_equal(hark(out, sizeof(out), "leads won 1 --as ana --value 5 --currency e"), 2);
	assert_int_equal(
		hark(out, sizeof(out),
			"leads won 1 --as ana --value 1000000000001 --currency EUR"),
		2);
	assert_non_null(strstr(out, "a whole number of at most 1000000000000"));
	assert_int_equal(
		hark(out, sizeof(out), "leads won 1 --as ana --value 500 --currency EUR --json"),
		0);
	json_t *lead = json_read(str_c(out), NULL);
	assert_str_is(json_str(lead, "state"), "won");
	assert_int_equal(json_i64(json_object_get(lead, "outcome"), "value", 0), 500);
	json_decref(lead);
	assert_int_equal(hark(out, sizeof(out), "leads show 1"), 0);
	assert_non_null(strstr(out, "value      500 EUR\n"));
	assert_non_null(strstr(out, "answered → won: 500 EUR\n"));
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "no open leads: 1 closed"));
	assert_int_equal(hark(out, sizeof(out), "leads undo 1 --as ana"), 0);
	assert_non_null(strstr(out, "lead_1 is answered"));
}

static void a_dismissal_needs_a_reason_and_can_be_undone(void **state)
{
	(void)state;
	char out[8192];
	find("@jo", "I want to leave Globex", false);
	assert_int_equal(hark(out, sizeof(out), "leads dismiss 1 --as ana"), 2);
	assert_non_null(strstr(out, "--reason"));
	assert_int_equal(
		hark(out, sizeof(out), "leads dismiss 1 --as ana --reason 'a job advert'"), 0);
	assert_int_equal(hark(out, sizeof(out), "leads list --json"), 0);
	assert_string_equal(out, "[]\n");
	assert_int_equal(hark(out, sizeof(out), "leads dismiss 1 --as ana --reason 'twice'"), 1);
	assert_non_null(strstr(out, "it is closed already; undo opens it again"));
	assert_int_equal(hark(out, sizeof(out), "leads undo 1 --as ana"), 0);
	assert_int_equal(hark(out, sizeof(out), "leads snooze 1 --as ana --for 7d"), 0);
	assert_non_null(strstr(out, "snoozed until"));
	assert_int_equal(hark(out, sizeof(out), "leads list --json"), 0);
	assert_string_equal(out, "[]\n");
	assert_int_equal(hark(out, sizeof(out), "leads list"), 0);
	assert_non_null(strstr(out, "--state snoozed"));
	assert_int_equal(hark(out, sizeof(out), "leads list --state snoozed"), 0);
	assert_non_null(strstr(out, "@jo"));
}

static void wrong_words_are_told_apart(void **state)
{
	(void)state;
	char out[8192];
	assert_int_equal(hark(out, sizeof(out), "leads list --state clamed"), 2);
	assert_non_null(strstr(out, "did you mean 'claimed'"));
	assert_int_equal(hark(out, sizeof(out), "leads list --kind nonsense"), 2);
	assert_non_null(strstr(out, "praise, complaint, job-move"));
	assert_int_equal(hark(out, sizeof(out), "leads list --kind prase"), 2);
	assert_non_null(strstr(out, "did you mean 'praise'"));
	assert_int_equal(hark(out, sizeof(out), "leads list --limit many"), 2);
	assert_int_equal(hark(out, sizeof(out), "leads show"), 2);
	assert_int_equal(hark(out, sizeof(out), "leads show sig_4"), 2);
	assert_int_equal(hark(out, sizeof(out), "leads claim 1 --for soon"), 2);
	find("@jo", "I want to leave Globex", false);
	assert_int_equal(hark(out, sizeof(out), "leads show 99"), 1);
	assert_non_null(strstr(out, "there is no lead_99: hark leads list shows them"));
}

#define CLI_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static void write_store(const char *what)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/hark.yaml", here->dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "operator: { contact: \"mailto:ops@example.com\" }\nstore: %s\n", what);
	assert_int_equal(fclose(f), 0);
}

/* Readers and writers, each by another way to the store. */
static const char *const store_commands[] = {"leads list", "leads show 7", "leads claim 7",
	"references list", "references tasks", "report clocks", "report venues", "report spikes",
	"people list", "moves list", "review list",
	"silence add account=Globex --for 1d --reason x", "import list", "import undo 3",
	"why lead_1", "sources list", "user list", "status"};

static void a_wrong_store_is_told_and_no_other_is_looked_at(void **state)
{
	static const char *const wrong[] = {"oracle:/x", "5", "[ a ]", "\"\""};
	char out[8192];
	(void)state;
	for (size_t w = 0; w < sizeof(wrong) / sizeof(wrong[0]); w++) {
		write_store(wrong[w]);
		for (size_t i = 0; i < sizeof(store_commands) / sizeof(store_commands[0]); i++) {
			int code = hark(out, sizeof(out), store_commands[i]);
			if (code != 1 || strstr(out, "hark.yaml:2:8: error C0") == NULL ||
				strstr(out, "yet") != NULL) {
				fail_msg("%s with store: %s: exit code %d, %s", store_commands[i],
					wrong[w], code, out);
			}
		}
	}
}

static void a_store_that_is_not_there_is_one_sentence_for_whoever_changes_it(void **state)
{
	char out[8192], url[128];
	(void)state;
	snprintf(url, sizeof(url), "sqlite:%s/none/x.db", here->dir);
	write_store(url);
	for (size_t i = 0; i < sizeof(store_commands) / sizeof(store_commands[0]); i++) {
		hark(out, sizeof(out), store_commands[i]);
		assert_null(strstr(out, "No such file"));
	}
	assert_int_equal(hark(out, sizeof(out), "import undo 3"), 1);
	assert_non_null(strstr(out, "hark import undo: there is no store at "));
	assert_non_null(strstr(out, "/none/x.db: harkd makes it when it first runs"));
	assert_int_equal(
		hark(out, sizeof(out), "silence add account=Globex --for 1d --reason x"), 1);
	assert_non_null(strstr(out, "harkd makes it when it first runs"));
	assert_int_equal(hark(out, sizeof(out), "why lead_1"), 1);
	assert_non_null(strstr(out, "harkd makes it when it first runs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLI_TEST(a_wrong_store_is_told_and_no_other_is_looked_at),
		CLI_TEST(a_store_that_is_not_there_is_one_sentence_for_whoever_changes_it),
		CLI_TEST(an_empty_queue_says_why_and_what_to_look_at),
		CLI_TEST(the_queue_is_a_table_for_people_and_json_for_programs),
		CLI_TEST(both_ways_of_showing_a_lead_say_how_it_travels),
		CLI_TEST(a_post_that_never_had_a_text_lost_none),
		CLI_TEST(a_bare_number_is_a_lead_wherever_it_stands),
		CLI_TEST(a_lead_is_claimed_once_answered_and_won),
		CLI_TEST(a_dismissal_needs_a_reason_and_can_be_undone),
		CLI_TEST(wrong_words_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
