/* hark init: a first configuration from four answers. Nothing that exists is overwritten; what is
 * written passes hark check before the command ends. */
#include "monitor/base/cell.h"
#include "monitor/base/arena.h"
#include "monitor/base/file.h"
#include "monitor/cli/check.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/term.h"
#include "monitor/config/yamlout.h"
#include "monitor/config/conf.h"
#include "monitor/config/values.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NAMES_MAX 64
#define ANSWER_MAX 4000
#define TRIES_MAX 5 /* for an answer that has to look like something */
#define FILE_TEXT_MAX ((size_t)1 << 20)

struct names {
	struct str v[NAMES_MAX];
	size_t n;
};

struct answers {
	struct arena arena;
	struct str company, contact; /* contact: absent if none was given */
	struct names products, competitors;
	bool is_system; /* the folder is the system's: data goes to the state folder */
};

struct draft {
	const char *name; /* below the folder */
	struct buf text;
};

enum draft_index {
	DRAFT_CONFIG,
	DRAFT_CUSTOMERS,
	DRAFT_COMPETITORS,
	DRAFT_PRODUCTS,
	DRAFT_RULES,
	DRAFTS,
};

static void add_name(struct answers *a, struct names *names, struct str name)
{
	name = str_trim(name);
	if (name.n > 0 && names->n < NAMES_MAX) {
		names->v[names->n++] = arena_str(&a->arena, name);
	}
}

/* "Quill, Quill Cloud" */
static void add_names(struct answers *a, struct names *names, struct str text)
{
	struct str part;
	while (str_split(&text, ',', &part)) {
		add_name(a, names, part);
	}
}

/* One line from standard input, in `*out`; empty at its end. */
static int ask(struct answers *a, const char *question, struct str *out, struct hark_err *err)
{
	struct buf line;
	buf_init(&line, ANSWER_MAX);
	int rc = term_ask(question, &line, err);
	*out = arena_str(&a->arena, str_trim(buf_str(&line)));
	buf_release(&line);
	return rc == HARK_ESTATE ? HARK_OK : rc;
}

static int ask_names(
	struct answers *a, const char *question, struct names *names, struct hark_err *err)
{
	struct str text = STR("");
	int rc = names->n == 0 ? ask(a, question, &text, err) : HARK_OK;
	if (rc == HARK_OK) {
		add_names(a, names, text);
	}
	return rc;
}

/* A bare mail address is what people have at hand. */
static struct str as_contact(struct answers *a, struct str text)
{
	struct buf full;
	if (str_find(text, STR("@")) == SIZE_MAX || str_find(text, STR(":")) != SIZE_MAX) {
		return text;
	}
	buf_init(&full, 1000);
	buf_printf(&full, "mailto:%.*s", STR_FMT(text));
	struct str kept = arena_str(&a->arena, buf_str(&full));
	buf_release(&full);
	return kept;
}

static void take_options(struct cli *cli, struct answers *a)
{
	const char *value;
	a->company = str_trim(str_c(cli_value(cli, "company")));
	a->contact = as_contact(a, str_trim(str_c(cli_value(cli, "contact"))));
	for (size_t i = 0; (value = cli_value_at(cli, "product", i)) != NULL; i++) {
		add_name(a, &a->products, str_c(value));
	}
	for (size_t i = 0; (value = cli_value_at(cli, "competitor", i)) != NULL; i++) {
		add_name(a, &a->competitors, str_c(value));
	}
}

static int ask_contact(struct answers *a, struct hark_err *err)
{
	struct hark_err why;
	for (int tries = 1; a->contact.n == 0; tries++) {
		struct str text;
		int rc = ask(a,
			"Mail address where owners of polled servers can reach you (may be "
			"empty, but no public one is polled then): ",
			&text, err);
		if (rc != HARK_OK || text.n == 0) {
			return rc;
		}
		text = as_contact(a, text);
		if (value_contact(text, &why) == HARK_OK) {
			a->contact = text;
		} else if (tries == TRIES_MAX) {
			return hark_err_set(err, HARK_EINVAL,
				"none of %d answers is an address: say --contact ADDRESS, or press "
				"return where it is asked for",
				tries);
		} else {
			printf("  %s\n", why.text);
		}
	}
	return HARK_OK;
}

static int ask_rest(struct answers *a, struct hark_err *err)
{
	int rc = a->company.n == 0 ? ask(a, "Your company's name: ", &a->company, err) : HARK_OK;
	rc = rc == HARK_OK ? ask_names(a, "Its products, with commas between (may be empty): ",
				     &a->products, err)
			   : rc;
	rc = rc == HARK_OK ? ask_names(a, "Competitors, with commas between (may be empty): ",
				     &a->competitors, err)
			   : rc;
	return rc == HARK_OK ? ask_contact(a, err) : rc;
}

/* The packs that need no more lists than init writes, as far as they are installed. */
static void write_packs(struct buf *out)
{
	static const char *const packs[] = {"mention", "praise", "case-study", "complaint",
		"question", "purchase-intent", "purchase-announced", "competitor-switch", "hiring",
		"weak-signals", "sensitive"};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof(packs) / sizeof(*packs); i++) {
		int n = snprintf(path, sizeof(path), "%s/%s.yaml", conf_packs_dir(), packs[i]);
		if (n < (int)sizeof(path) && access(path, R_OK) == 0) {
			buf_printf(out, "  - packs/%s\n", packs[i]);
		}
	}
}

static void write_config(const struct answers *a, struct buf *out)
{
	buf_printf(out,
		"# hark watches for what matters to %.*s. hark.yaml(5) explains every key;\n",
		STR_FMT(a->company));
	buf_add_c(out,
		"# `hark check` finds mistakes, `hark reload` takes changes over.\n\n"
		"# Sent with every request, so that the owner of a polled server can reach you.\n");
	if (a->contact.n > 0) {
		buf_add_c(out, "operator: { contact: ");
		yamlout_text(out, a->contact);
		buf_add_c(out, " }\n\n");
	} else {
		buf_add_c(out, "# Needed before the first public source is added:\n"
			       "# operator: { contact: \"mailto:you@example.com\" }\n\n");
	}
	buf_add_c(out, "# Posts and leads. Everything hark knows is in this one file.\n");
	buf_add_c(out, a->is_system ? "# store: sqlite:" HARK_LOCALSTATEDIR "/hark.db\n\n"
				    : "store: sqlite:hark.db\n\n");
	buf_add_c(out, "# Names to look for. `name` is the only column a list must have.\n"
		       "lists:\n"
		       "  customers:   { file: customers.csv }\n"
		       "  competitors: { file: competitors.csv }\n"
		       "  products:    { file: products.csv }\n\n"
		       "# What to look for. Packs come with hark (`hark rules list` shows what is "
		       "in them);\n"
		       "# rules.d is for your own.\n"
		       "rules:\n");
	write_packs(out);
	buf_add_c(out, "  - rules.d/*.yaml\n\n"
		       "# Where to look. `hark sources add URL` finds the feed of a web page and "
		       "keeps it in\n"
		       "# conf.d/sources.yaml; sources may stand here as well:\n"
		       "#  - { name: news, url: \"https://news.example.com/rss\", every: 30m }\n"
		       "# A server of your own is marked internal: yes, may have a private address "
		       "and be polled\n"
		       "# more often.\n"
		       "sources: []\n\n"
		       "# Where alerts go. `hark notify test NAME` sends one.\n"
		       "receivers:\n");
	buf_printf(out, "  - { name: log, type: file, path: %s }\n",
		a->is_system ? HARK_LOCALSTATEDIR "/leads.jsonl" : "leads.jsonl");
	buf_add_c(out,
		"#  - { name: sales, type: webhook, url: \"https://hooks.example.com/hark\",\n"
		"#      secret: file:hook.key }\n\n"
		"# Which lead goes where. The first of these takes everything; the second would "
		"take\n"
		"# buyers only.\n"
		"routes:\n"
		"  - { to: log }\n"
		"#  - { when: { kind: [purchase-intent, job-move], score: 40 }, to: sales }\n\n"
		"# How long records are kept.\n"
		"retention: { unmatched: 30d, leads: 180d }\n");
}

static void write_customers(struct buf *out)
{
	buf_add_c(out, "name,aliases,domains\n"
		       "Brightwater Logistics,Brightwater,brightwater.example\n"
		       "Halden Foods,,halden-foods.example\n"
		       "Quillon Insurance,Quillon,quillon.example\n");
}

static void write_names(const struct names *names, const char *otherwise, struct buf *out)
{
	buf_add_c(out, "name\n");
	for (size_t i = 0; i < names->n; i++) {
		cell_write(out, names->v[i]);
		buf_add_char(out, '\n');
	}
	buf_add_c(out, names->n == 0 ? otherwise : "");
}

static void write_products(struct answers *a, struct buf *out)
{
	struct names all = {.n = 0};
	all.v[all.n++] = a->company;
	for (size_t i = 0; i < a->products.n && all.n < NAMES_MAX; i++) {
		if (!str_eq_nocase(a->products.v[i], a->company)) {
			all.v[all.n++] = a->products.v[i];
		}
	}
	write_names(&all, "", out);
}

static void write_rules(struct buf *out)
{
	buf_add_c(out,
		"# Rules of your own; hark-rules(5) explains them. Each carries its tests:\n"
		"# `hark rules test` runs them.\n"
		"rules:\n"
		"  - id: looking-for-help\n"
		"    title: Somebody looks for help with one of our products\n"
		"    kind: question\n"
		"    match: |\n"
		"      any:products AND (\"how do i\" OR \"help with\" OR \"problem with\")\n"
		"    score: { base: 40 }\n"
		"    tests:\n"
		"      lists: { products: [Examplia] }\n"
		"      match:\n"
		"        - \"I need help with Examplia, exports end in the middle\"\n"
		"      nomatch:\n"
		"        - \"Examplia opens an office\"\n");
}

static const char *const draft_names[DRAFTS] = {
	"hark.yaml", "customers.csv", "competitors.csv", "products.csv", "rules.d/own.yaml"};

static void write_drafts(struct answers *a, struct draft drafts[DRAFTS])
{
	for (size_t i = 0; i < DRAFTS; i++) {
		drafts[i].name = draft_names[i];
		buf_init(&drafts[i].text, FILE_TEXT_MAX);
	}
	write_config(a, &drafts[DRAFT_CONFIG].text);
	write_customers(&drafts[DRAFT_CUSTOMERS].text);
	write_names(&a->competitors, "Corvane Systems\n", &drafts[DRAFT_COMPETITORS].text);
	write_products(a, &drafts[DRAFT_PRODUCTS].text);
	write_rules(&drafts[DRAFT_RULES].text);
}

static int path_in(char path[PATH_MAX], const char *dir, const char *name, const char *ending,
	struct hark_err *err)
{
	bool is_here = strcmp(dir, ".") == 0;
	int n = snprintf(
		path, PATH_MAX, "%s%s%s%s", is_here ? "" : dir, is_here ? "" : "/", name, ending);
	return n > 0 && n < PATH_MAX
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL, "%s: the path is too long", dir);
}

/* Moves what is in the way aside, or says what it is. */
static int make_room(const char *dir, bool is_forced, struct hark_err *err)
{
	char path[PATH_MAX], aside[PATH_MAX];
	for (size_t i = 0; i < DRAFTS; i++) {
		int rc = path_in(path, dir, draft_names[i], "", err);
		rc = rc == HARK_OK ? path_in(aside, dir, draft_names[i], ".bak", err) : rc;
		if (rc != HARK_OK) {
			return rc;
		}
		if (access(path, F_OK) != 0) {
			continue;
		}
		if (!is_forced) {
			return hark_err_set(err, HARK_EBUSY,
				"%s is in the way: choose another folder, or let --force keep it "
				"as %s",
				path, aside);
		}
		if (rename(path, aside) != 0) {
			return hark_err_errno(err, HARK_EIO, errno, "%s: cannot rename it", path);
		}
	}
	return HARK_OK;
}

static int write_files(const char *dir, const struct draft *drafts, struct hark_err *err)
{
	char path[PATH_MAX];
	int rc = path_in(path, dir, "rules.d", "", err);
	rc = rc == HARK_OK ? file_mkdirs(path, 0750, err) : rc;
	for (size_t i = 0; rc == HARK_OK && i < DRAFTS; i++) {
		rc = drafts[i].text.rc != HARK_OK
			     ? hark_err_set(err, drafts[i].text.rc, "%s: too long", drafts[i].name)
			     : path_in(path, dir, drafts[i].name, "", err);
		rc = rc == HARK_OK ? file_write(path, buf_str(&drafts[i].text), 0640, err) : rc;
	}
	return rc;
}

static int finish(struct cli *cli, const char *dir, bool has_contact, struct hark_err *err)
{
	char path[PATH_MAX];
	struct diags diags;
	struct check found;
	int rc = path_in(path, dir, "hark.yaml", "", err);
	if (rc != HARK_OK) {
		return cli_fail(cli, err);
	}
	diags_init(&diags);
	rc = check_all(path, &found, &diags, err);
	bool is_good = rc == HARK_OK && diags.errors == 0;
	if (!is_good) {
		diags_print(&diags, stderr, false);
	}
	diags_release(&diags);
	if (!is_good) {
		fputs("The files are written, but hark check is not content with them (see "
		      "above).\n",
			stderr);
		return EXIT_PROBLEMS;
	}
	const char *option = strcmp(dir, ".") == 0 ? "" : " -c ";
	const char *named = option[0] != '\0' ? path : "";
	printf("Written: %s, three lists beside it (customers.csv holds examples: put yours in), "
	       "and rules.d/own.yaml.\n\nNext:\n",
		path);
	if (!has_contact) {
		puts("  say in it who asks, for no public server is asked without that:\n"
		     "      operator: { contact: \"mailto:you@your.domain\" }");
	}
	printf("  hark%s%s sources add https://news.example.com/   finds the feed of a web page\n"
	       "  harkd%s%s                                        reads it, at first without alerts, and goes on\n"
	       "  hark%s%s leads list                              shows what it has raised\n",
		option, named, option, named, option, named);
	return EXIT_DONE;
}

static int create(struct cli *cli, struct answers *a, const char *dir)
{
	struct draft drafts[DRAFTS];
	struct hark_err err;
	write_drafts(a, drafts);
	int rc = make_room(dir, cli_given(cli, "force"), &err);
	rc = rc == HARK_OK ? write_files(dir, drafts, &err) : rc;
	for (size_t i = 0; i < DRAFTS; i++) {
		buf_release(&drafts[i].text);
	}
	return rc == HARK_OK ? finish(cli, dir, a->contact.n > 0, &err) : cli_fail(cli, &err);
}

static int run_init(struct cli *cli, int argc, char **argv)
{
	struct answers a = {0};
	struct hark_err err;
	const char *dir = argc > 0 ? argv[0] : ".";
	int code;
	if (argc > 1) {
		return cli_usage(cli, "one folder at a time");
	}
	arena_init(&a.arena, (size_t)1 << 20);
	take_options(cli, &a);
	a.is_system = strcmp(dir, HARK_SYSCONFDIR) == 0;
	/* Before anything is asked; again when the answers are there, and with --force only then. */
	int rc = cli_given(cli, "force") ? HARK_OK : make_room(dir, false, &err);
	rc = rc == HARK_OK && !cli_given(cli, "yes") ? ask_rest(&a, &err) : rc;
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (a.company.n == 0) {
		code = cli_usage(cli, "the company's name is needed: --company NAME");
	} else if (a.contact.n > 0 && value_contact(a.contact, &err) != HARK_OK) {
		code = cli_usage(cli, "--contact: %s", err.text);
	} else {
		code = create(cli, &a, dir);
	}
	arena_release(&a.arena);
	return code;
}

static const struct cli_option options[] = {
	{"company", 0, "NAME", "your company"},
	{"product", 0, "NAME", "one of its products; may be given several times"},
	{"competitor", 0, "NAME", "a competitor; may be given several times"},
	{"contact", 0, "ADDRESS", "mail address or page of who runs this hark"},
	{"yes", 'y', NULL, "ask nothing"},
	{"force", 0, NULL, "rename files that are in the way to NAME.bak"},
	{NULL},
};

const struct cli_command command_init = {
	.name = "init",
	.args = "[DIR]",
	.about = "Write a first configuration by asking",
	.more = "Writes hark.yaml, lists of customers, competitors and products, and a rule of your own\n"
		"to begin with. Existing files stay as they are.\n\n"
		"    hark init\n"
		"    hark init --company Acme --product 'Acme Desk' --competitor Globex --yes watch",
	.options = options,
	.run = run_init,
};
