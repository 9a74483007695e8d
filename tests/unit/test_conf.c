#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"
#include "monitor/config/conf.h"
#include "monitor/config/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/hark-conf-XXXXXX";
static struct diags diags;
static struct conf *conf;

static const char *path_of(const char *name)
{
	static char path[200];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const char *content)
{
	assert_int_equal(file_write(path_of(name), str_c(content), 0600, NULL), HARK_OK);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	diags_init(&diags);
	conf = NULL;
	unsetenv("STATE_DIRECTORY");
	if (mkdtemp(dir) == NULL) {
		return -1;
	}
	return file_mkdirs(path_of("conf.d"), 0700, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	static const char *const names[] = {"hark.yaml", "territories.csv", "conf.d/a.yaml",
		"conf.d/b.yaml", "conf.d/.c.yaml", "conf.d/d.txt"};
	conf_unref(conf);
	diags_release(&diags);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unlink(path_of(names[i]));
	}
	rmdir(path_of("conf.d"));
	return rmdir(dir);
}

static int load(const char *content)
{
	struct hark_err err;
	put("hark.yaml", content);
	return conf_load(&conf, path_of("hark.yaml"), &diags, &err);
}

static const char *const sample =
	"operator: { contact: \"mailto:ops@example.com\", lawful-basis: legitimate-interest }\n"
	"store: sqlite:data/hark.db\n"
	"http: { listen: 127.0.0.1:8787, timeout: 45s }\n"
	"lists:\n"
	"  customers:   { file: customers.csv }\n"
	"rules: [ packs/purchase-intent, rules.d/*.yaml ]\n"
	"sources:\n"
	"  - { name: acme-news, connector: feed, url: \"https://news.example.com/rss\", every: 15m "
	"}\n"
	"  - name: wiki\n"
	"    url: http://wiki.example.internal/feed\n"
	"    internal: yes\n"
	"    every: 1s\n"
	"    backfill: 30d\n"
	"    visibility: private\n"
	"receivers:\n"
	"  - { name: hook, type: webhook, url: \"https://hooks.example.com/hark\", secret: env:X "
	"}\n"
	"  - { name: log, type: file, path: leads.jsonl }\n"
	"  - { name: run, type: exec, command: [notify-send, hark], timeout: 5s }\n"
	"routes:\n"
	"  - { when: { kind: [purchase-intent, job-move], score: 40 }, to: [log, hook] }\n"
	"  - { when: { kind: praise }, to: run }\n"
	"retention: { unmatched: 10d, leads: 100d }\n";

static void the_sample_lands_in_the_structure(void **state)
{
	(void)state;
	char expected[200];
	assert_int_equal(load(sample), HARK_OK);
	assert_int_equal(diags.n, 0);
	assert_string_equal(conf->contact, "mailto:ops@example.com");
	snprintf(expected, sizeof(expected), "sqlite:%s/data/hark.db", dir);
	assert_string_equal(conf->store, expected);
	snprintf(expected, sizeof(expected), "%s/data/hark.sock", dir);
	assert_string_equal(conf->control, expected);
	assert_string_equal(conf->http_listen, "127.0.0.1:8787");
	assert_int_equal(conf->http_timeout_ms, 45000);
	assert_int_equal(conf->lists_n, 1);
	assert_string_equal(conf->lists[0].file, "customers.csv");
	assert_int_equal(conf->rules_n, 2);
	assert_int_equal(conf->rules_at[1].line, 6);
	assert_int_equal(conf->keep_unmatched_ms, INT64_C(10) * 86400000);
	assert_string_equal(conf->privacy_contact, "mailto:ops@example.com");
}

static void a_list_says_here_how_it_is_used_as_in_a_rule_file(void **state)
{
	(void)state;
	struct rules_source source;
	struct arena arena;
	struct hark_err err;
	assert_int_equal(load("lists:\n"
			      "  plain: { file: a.csv }\n"
			      "  fruit: { file: b.csv, context: [phone, laptop], forbid: pie, "
			      "require: [case, handle], variants: off }\n"
			      "  all: { file: c.csv, class: off }\n"),
		HARK_OK);
	arena_init(&arena, 0);
	assert_int_equal(conf_rules_source(conf, &arena, &source, &err), HARK_OK);
	assert_int_equal(source.lists_n, 3);
	const struct list_options *plain = &source.lists[0].options;
	assert_true(!plain->no_variants && !plain->no_class && !plain->need_case &&
		    plain->context.n == 0 && plain->forbid.n == 0);
	const struct list_options *fruit = &source.lists[1].options;
	assert_true(fruit->no_variants && !fruit->no_class);
	assert_true(fruit->need_case && !fruit->need_context && fruit->need_handle);
	assert_int_equal(fruit->context.n, 2);
	assert_str_is(fruit->context.v[1], "laptop");
	assert_int_equal(fruit->forbid.n, 1);
	assert_str_is(fruit->forbid.v[0], "pie");
	assert_true(source.lists[2].options.no_class && source.lists[2].options.no_variants);
	arena_release(&arena);
}

static void sources_take_their_defaults_from_the_table_and_from_http(void **state)
{
	(void)state;
	assert_int_equal(load(sample), HARK_OK);
	assert_int_equal(conf->sources_n, 2);
	const struct conf_source *s = &conf->sources[0];
	assert_string_equal(s->name, "acme-news");
	assert_string_equal(s->connector, "feed");
	assert_int_equal(s->vars_n, 1);
	assert_string_equal(s->vars[0].name, "url");
	assert_string_equal(s->vars[0].value, "https://news.example.com/rss");
	assert_int_equal(s->every_ms, 15 * 60000);
	assert_int_equal(s->spacing_ms, 2000);
	assert_int_equal(s->max_bytes, 16 << 20);
	assert_false(s->internal);
	assert_int_equal(s->at.line, 8);
	s++;
	assert_true(s->internal);
	assert_int_equal(s->every_ms, 1000);
	assert_int_equal(s->spacing_ms, 0);
	assert_int_equal(s->backfill_ms, INT64_C(30) * 86400000);
	assert_int_equal(s->visibility, CONF_PRIVATE);
}

static void routes_find_their_receivers(void **state)
{
	(void)state;
	assert_int_equal(load(sample), HARK_OK);
	assert_int_equal(conf->receivers_n, 3);
	assert_int_equal(conf->receivers[0].secret.from, SECRET_ENV);
	assert_string_equal(conf->receivers[0].secret.name, "X");
	assert_int_equal(conf->receivers[0].timeout_ms, 20000);
	assert_string_equal(conf->receivers[2].command[1], "hark");
	assert_null(conf->receivers[2].command[2]);
	assert_int_equal(conf->routes_n, 2);
	const struct conf_route *r = &conf->routes[0];
	assert_int_equal(r->kinds_n, 2);
	assert_string_equal(r->kinds[1], "job-move");
	assert_int_equal(r->score_min, 40);
	assert_int_equal(r->receivers_n, 2);
	assert_int_equal(r->receivers[0], 1);
	assert_int_equal(r->receivers[1], 0);
	assert_string_equal(conf->routes[1].kinds[0], "praise");
	assert_int_equal(conf->routes[1].receivers[0], 2);
}

static void a_route_below_another_has_its_receivers_unless_it_names_some(void **state)
{
	(void)state;
	static const char text[] = "receivers:\n"
				   "  - { name: ana, type: stdout }\n"
				   "  - { name: bo, type: stdout }\n"
				   "routes:\n"
				   "  - when: { kind: praise }\n"
				   "    to: [ana, owner]\n"
				   "    routes:\n"
				   "      - { when: { score: 80 }, continue: yes }\n"
				   "      - { when: { score: 60 }, routes: [{ to: bo }] }\n"
				   "  - { to: bo }\n";
	assert_int_equal(load(text), HARK_OK);
	static const struct {
		size_t end, first;
		unsigned depth;
		bool goes_on, to_owner;
	} want[] = {{4, 0, 0, true, true}, {2, 0, 1, true, true}, {4, 0, 1, false, true},
		{4, 1, 2, false, false}, {5, 1, 0, true, false}};
	assert_int_equal(conf->routes_n, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct conf_route *r = &conf->routes[i];
		assert_int_equal(r->end, want[i].end);
		assert_int_equal(r->depth, want[i].depth);
		assert_int_equal(r->goes_on, want[i].goes_on);
		assert_int_equal(r->to_owner, want[i].to_owner);
		assert_int_equal(r->receivers_n, 1);
		assert_int_equal(r->receivers[0], want[i].first);
	}
}

static void files_of_conf_d_add_to_the_main_file_in_order(void **state)
{
	(void)state;
	put("conf.d/b.yaml", "sources:\n  - { name: b, url: \"http://b.test/\", internal: yes }\n");
	put("conf.d/a.yaml", "sources:\n  - { name: a, url: \"http://a.test/\", internal: yes }\n"
			     "lists: { more: { file: more.csv } }\n");
	put("conf.d/.c.yaml", "nonsense: yes\n");
	put("conf.d/d.txt", "nonsense: yes\n");
	assert_int_equal(
		load("sources:\n  - { name: m, url: \"http://m.test/\", internal: yes }\n"),
		HARK_OK);
	assert_int_equal(conf->sources_n, 3);
	assert_string_equal(conf->sources[0].name, "m");
	assert_string_equal(conf->sources[1].name, "a");
	assert_string_equal(conf->sources[2].name, "b");
	assert_string_equal(conf->sources[2].at.file, path_of("conf.d/b.yaml"));
	assert_int_equal(conf->lists_n, 1);
}

static bool said(const char *code, unsigned line, const char *part)
{
	for (size_t i = 0; i < diags.n; i++) {
		if (strcmp(diags.v[i].code, code) == 0 && diags.v[i].at.line == line &&
			strstr(diags.v[i].message, part) != NULL) {
			return true;
		}
	}
	return false;
}

#define WITH_TERRITORIES                 \
	"territories: territories.csv\n" \
	"sources:\n  - { name: own, url: \"http://127.0.0.1:1/feed\", internal: yes }\n"

static void a_table_of_territories_is_read_to_its_last_row(void **state)
{
	(void)state;
	enum { ROWS = 30000 };
	struct buf table;
	buf_init(&table, 1 << 20);
	buf_add_c(&table, "territory,owner\n");
	for (int i = 0; i < ROWS; i++) {
		buf_printf(&table, "t%d,bea\n", i);
	}
	put("territories.csv", buf_c(&table));
	buf_release(&table);
	load(WITH_TERRITORIES);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(conf->territories_n, ROWS);
	assert_string_equal(conf->territories[ROWS - 1].territory, "t29999");
	assert_int_equal(conf->territories[ROWS - 1].line, ROWS + 1);
}

static void a_table_of_territories_is_read_as_it_was_saved(void **state)
{
	(void)state;
	put("territories.csv", "territory,owner\nN\xf6rd,bea\n");
	load(WITH_TERRITORIES);
	assert_int_equal(diags.errors, 0);
	assert_true(said("W076", 2, "windows-1252"));
	assert_int_equal(conf->territories_n, 1);
	assert_string_equal(conf->territories[0].territory, "N\xc3\xb6rd");
}

static void no_receiver_is_called_as_whoever_owns_the_lead(void **state)
{
	(void)state;
	assert_int_not_equal(
		load("receivers:\n  - { name: owner, type: stdout }\nroutes:\n  - { to: owner }\n"),
		HARK_OK);
	assert_true(said("C007", 2, "no receiver may be called 'owner'"));
}

static void a_mail_server_is_a_host_and_a_port(void **state)
{
	(void)state;
	static const char *const ends[] = {"/x", "?x", "#x"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char text[60];
		struct hark_err err;
		snprintf(text, sizeof(text), "smtp://mail.example%s", ends[i]);
		assert_int_equal(value_server(str_c(text), &err), HARK_EINVAL);
		assert_non_null(strstr(err.text, "a host and a port"));
	}
	assert_int_equal(value_server(STR("smtps://mail.example:465"), NULL), HARK_OK);
}

static void a_name_taken_in_another_file_names_both_places(void **state)
{
	(void)state;
	put("conf.d/a.yaml", "sources:\n  - { name: m, url: \"http://a.test/\", internal: yes }\n");
	assert_int_not_equal(
		load("sources:\n  - { name: m, url: \"http://m.test/\", internal: yes }\n"),
		HARK_OK);
	assert_true(said("C007", 2, "hark.yaml:2:5"));
	assert_string_equal(diags.v[0].at.file, path_of("conf.d/a.yaml"));
	assert_null(conf);
}

static void conf_d_may_not_change_who_we_are(void **state)
{
	(void)state;
	put("conf.d/a.yaml", "operator: { contact: \"mailto:x@example.com\" }\nstroe: x\n");
	assert_int_not_equal(load("sources: []\n"), HARK_OK);
	assert_true(said("C013", 1, "operator"));
	assert_true(said("C001", 2, "stroe"));
}

static void all_errors_come_at_once(void **state)
{
	(void)state;
	assert_int_not_equal(load("store: mysql:x\n"
				  "htpp: {}\n"
				  "sources:\n"
				  "  - { name: A B, url: nowhere, every: 5 }\n"
				  "  - { url: \"https://example.com/\", internal: perhaps }\n"
				  "routes:\n"
				  "  - { to: nobody, when: { kind: praize, score: 101 } }\n"),
		HARK_OK);
	assert_true(said("C004", 1, "no store"));
	assert_true(said("C001", 2, "htpp"));
	assert_true(said("C004", 4, "'A B' is no name"));
	assert_true(said("C004", 4, "not an http or https URL"));
	assert_true(said("C004", 4, "'5' has no unit"));
	assert_true(said("C003", 5, "name is missing"));
	assert_true(said("C004", 5, "neither yes nor no"));
	assert_true(said("C008", 7, "no receiver 'nobody'"));
	assert_true(said("C008", 7, "no kind 'praize'"));
	assert_true(said("C005", 7, "101"));
	assert_true(said("C010", 4, "nothing says who asks"));
}

static void servers_of_others_are_asked_slowly(void **state)
{
	(void)state;
	assert_int_not_equal(load("operator: { contact: \"mailto:x@example.com\" }\n"
				  "http: { per-host: 4, spacing: 1s }\n"
				  "sources:\n"
				  "  - { name: a, url: \"https://example.com/\", every: 14m59s }\n"
				  "  - { name: b, url: \"https://example.com/\", spacing: 0 }\n"),
		HARK_OK);
	assert_true(said("C011", 2, "per-host"));
	assert_true(said("C011", 2, "spacing"));
	assert_true(said("C011", 4, "every 15m"));
	assert_true(said("C011", 5, "at least 2s"));
	assert_int_equal(diags.n, 4);
}

static void a_folder_a_program_and_what_is_pushed_ask_nobody(void **state)
{
	(void)state;
	assert_int_equal(load("http: { listen: 127.0.0.1:8787 }\n"
			      "sources:\n"
			      "  - { name: a, connector: roster, folder: in, every: 5s }\n"
			      "  - { name: b, connector: exec, command: [/bin/true], every: 5s, "
			      "spacing: 0 }\n"
			      "  - { name: c, connector: inbound, secret: { token: env:X } }\n"),
		HARK_OK);
	assert_int_equal(diags.n, 0);
	assert_int_equal(conf->sources[0].every_ms, 5000);
	assert_true(conf->sources[1].local && !conf->sources[1].pushed);
}

static void a_secret_without_which_nothing_is_answered_is_missed(void **state)
{
	(void)state;
	assert_int_not_equal(
		load("operator: { contact: \"mailto:x@example.com\" }\n"
		     "sources:\n"
		     "  - { name: a, connector: imap, vars: { mailbox: \"imaps://mail.example.com/A\", "
		     "user: u } }\n"
		     "  - { name: b, connector: imap, secret: { password: env:X }, vars: { login: xoauth2, "
		     "mailbox: \"imaps://mail.example.com/A\", user: u } }\n"
		     "  - { name: c, connector: imap, secret: { password: env:X }, vars: { mailbox: "
		     "\"imaps://mail.example.com/A\", user: u } }\n"
		     "  - { name: d, connector: inbound }\n"
		     "  - { name: e, connector: inbound, secret: { token: env:X }, "
		     "vars: { signature: hub } }\n"
		     "  - { name: f, connector: inbound, secret: { token: env:X } }\n"),
		HARK_OK);
	assert_true(said("C003", 3, "the secret 'password'"));
	assert_true(said("C003", 4, "the secret 'token'"));
	assert_true(said("C003", 6, "the secret 'token'"));
	assert_true(said("C003", 7, "the secret 'key'"));
	assert_int_equal(diags.n, 4);
}

static void a_token_that_could_be_guessed_is_refused(void **state)
{
	(void)state;
	setenv("HARK_TEST_SHORT", "123456789012345", 1);
	setenv("HARK_TEST_LONG", "1234567890123456", 1);
	assert_int_not_equal(
		load("http: { listen: 127.0.0.1:8787 }\n"
		     "sources:\n"
		     "  - { name: a, connector: inbound, secret: { token: env:HARK_TEST_SHORT } }\n"
		     "  - { name: b, connector: inbound, secret: { token: env:HARK_TEST_LONG } }\n"
		     "  - { name: c, connector: inbound, secret: { token: env:HARK_TEST_NOT_SET } }\n"),
		HARK_OK);
	assert_int_equal(diags.n, 1);
	assert_true(said("C009", 3, "shorter than 16 characters"));
	assert_int_equal(diags.v[0].at.col, 53);
	unsetenv("HARK_TEST_SHORT");
	unsetenv("HARK_TEST_LONG");
}

static void listening_beyond_this_machine_wants_a_word(void **state)
{
	(void)state;
	assert_int_not_equal(load("http: { listen: \"0.0.0.0:8799\" }\n"), HARK_OK);
	assert_true(said("C004", 1, "listen: 0.0.0.0:8799 is reachable from other machines"));
	assert_int_equal(diags.v[0].at.col, 17);
	assert_int_equal(diags.errors, 1);
	assert_int_not_equal(load("http: { listen: \"hark.example.com:8799\" }\n"), HARK_OK);
	assert_true(said("C004", 1, "no address to listen on"));
	assert_int_equal(diags.errors, 2);
	assert_int_equal(load("http: { listen: \"0.0.0.0:8799\", behind-tls: yes }\n"), HARK_OK);
	assert_int_equal(diags.errors, 2);
	conf_unref(conf);
	assert_int_equal(load("http: { listen: \"unix:/run/hark/http\" }\n"), HARK_OK);
	assert_int_equal(diags.errors, 2);
}

static void what_is_only_unwise_is_a_warning(void **state)
{
	(void)state;
	assert_int_equal(load("receivers:\n"
			      "  - { name: w, type: webhook, url: \"http://hooks.example.com/\" }\n"
			      "retention: { unmatched: 200d }\n"),
		HARK_OK);
	assert_true(said("C015", 2, "unencrypted"));
	assert_true(said("C016", 2, "no secret"));
	assert_true(said("C018", 2, "no route"));
	assert_true(said("C018", 0, "no sources"));
	assert_true(said("C019", 3, "longer than leads"));
	assert_int_equal(diags.errors, 0);
}

static void a_secret_in_the_file_is_refused_and_never_shown(void **state)
{
	(void)state;
	char *printed = NULL;
	size_t n = 0;
	struct buf json;
	put("conf.d/a.yaml", "receivers:\n"
			     "  - name: x\n"
			     "    secret: CANARY-8\n"
			     "    secret: CANARY-9\n");
	assert_int_not_equal(
		load("receivers:\n"
		     "  - { name: a, type: webhook, url: \"https://a.test/\", secret: CANARY-1, x: "
		     "1 }\n"
		     "  - { name: b, type: file, path: x, token: CANARY-2 }\n"
		     "sources:\n"
		     "  - { name: c, url: \"https://u:CANARY-3@a.test/\", internal: yes }\n"
		     "  - { name: d, url: \"https://a.test/\", secret: { token: CANARY-4 } }\n"
		     "  - { name: e, url: \"https://a.test/\", vars: { password: CANARY-5 } }\n"
		     "  - name: f\n"
		     "    vars: { url: \"https://u:CANARY-6@a.test/\" }\n"
		     "  - name: g\n"
		     "    secret:\n"
		     "      CANARY-7\n"),
		HARK_OK);
	assert_true(diags.errors >= 8);
	FILE *out = open_memstream(&printed, &n);
	diags_print(&diags, out, false);
	fclose(out);
	buf_init(&json, 1 << 20);
	diags_json(&diags, &json);
	assert_null(strstr(printed, "CANARY"));
	assert_null(strstr(buf_c(&json), "CANARY"));
	free(printed);
	buf_release(&json);
}

static void a_missing_file_says_how_to_get_one(void **state)
{
	(void)state;
	struct hark_err err;
	assert_int_not_equal(conf_load(&conf, path_of("hark.yaml"), &diags, &err), HARK_OK);
	assert_int_equal(diags.n, 1);
	assert_string_equal(diags.v[0].code, "C014");
	assert_string_equal(diags.v[0].message, "cannot open it: No such file or directory");
	assert_non_null(strstr(diags.v[0].help, "hark init"));
	assert_non_null(strstr(diags.v[0].help, "-c FILE"));
}

static void the_service_keeps_its_data_in_its_state_folder(void **state)
{
	(void)state;
	setenv("STATE_DIRECTORY", "/srv/a:/srv/b", 1);
	assert_int_equal(load("sources:\n"), HARK_OK);
	assert_string_equal(conf->store, "sqlite:/srv/a/hark.db");
	assert_string_equal(conf->control, "/srv/a/hark.sock");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_sample_lands_in_the_structure),
		TEST(a_list_says_here_how_it_is_used_as_in_a_rule_file),
		TEST(sources_take_their_defaults_from_the_table_and_from_http),
		TEST(routes_find_their_receivers),
		TEST(a_route_below_another_has_its_receivers_unless_it_names_some),
		TEST(files_of_conf_d_add_to_the_main_file_in_order),
		TEST(a_table_of_territories_is_read_to_its_last_row),
		TEST(a_table_of_territories_is_read_as_it_was_saved),
		TEST(no_receiver_is_called_as_whoever_owns_the_lead),
		TEST(a_mail_server_is_a_host_and_a_port),
		TEST(a_name_taken_in_another_file_names_both_places),
		TEST(conf_d_may_not_change_who_we_are),
		TEST(all_errors_come_at_once),
		TEST(servers_of_others_are_asked_slowly),
		TEST(a_folder_a_program_and_what_is_pushed_ask_nobody),
		TEST(a_secret_without_which_nothing_is_answered_is_missed),
		TEST(a_token_that_could_be_guessed_is_refused),
		TEST(listening_beyond_this_machine_wants_a_word),
		TEST(what_is_only_unwise_is_a_warning),
		TEST(a_secret_in_the_file_is_refused_and_never_shown),
		TEST(a_missing_file_says_how_to_get_one),
		TEST(the_service_keeps_its_data_in_its_state_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
