/* hark rules: its commands. */
#include "monitor/cli/commands.h"

#include "monitor/cli/rules_cli.h"

static const struct cli_option check_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"cost", 0, NULL, "what wakes each rule, how often, and what that takes"},
	{"strict", 0, NULL, "exit 1 for warnings too"},
	{NULL},
};

static const struct cli_option list_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"packs", 0, NULL, "the packs that come with hark, instead of rules"},
	{NULL},
};

static const struct cli_option test_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"verbose", 'v', NULL, "name the tests that pass too"},
	{"tap", 0, NULL, "report as TAP"},
	{"junit", 0, "FILE", "write a JUnit report too"},
	{NULL},
};

static const struct cli_option fmt_options[] = {
	{"check", 0, NULL, "change nothing; exit 1 if a file is not formatted"},
	{"diff", 0, NULL, "change nothing; show what would change, exit 1 if anything"},
	{NULL},
};

static const struct cli_option backtest_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"all", 0, NULL, "all rules of the configuration"},
	{"since", 0, "SPAN", "posts that came in this time, for example 7d or 12h (default: all)"},
	{"samples", 0, "N", "show so many new and so many lost posts (default 5)"},
	{"strict", 0, NULL, "exit 1 if something that was found is not found any more"},
	{NULL},
};

static const struct cli_option judge_options[] = {
	{"reason", 'r', "TEXT", "why; kept with the verdict"},
	{"as", 0, "NAME", "who does it (default: your login name)"},
	{NULL},
};

static const struct cli_option diff_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"since", 0, "SPAN", "posts to try them on, for example 30d (default 7d)"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"check", "[PATH…]", "Read rules and lists, report everything that is wrong at once",
		"PATH is a rule file, a folder, a pattern or packs/NAME; without one, the rules of the\n"
		"configuration are checked. Tests inside the files are run too. Lists are the configuration's,\n"
		"where --lists names no folder. Where nothing is wrong, the rules are looked at closely: those\n"
		"that never fire, fire on everything, repeat another, wait for everyday words or have no tests.\n"
		"--cost measures on posts that hark makes up; they are the same every time.\n\n"
		"    hark rules check\n"
		"    hark rules check --cost rules.d/own.yaml",
		check_options, NULL, rules_check},
	{"test", "[PATH…]", "Run the tests inside rule files through the matcher",
		"Names the tests that fail. Lists named under a rule's tests stand for the real ones.\n\n"
		"    hark rules test rules.d/own.yaml",
		test_options, NULL, rules_test},
	{"backtest", "[PATH…]", "What rules would find in the stored posts, and how that differs",
		"Compares with the signals and leads that are stored: posts found anew or not any more, leads\n"
		"more or less, and how many a week would reach each receiver. Rules on trial are taken as if\n"
		"they were live. Copies of a story count once; posts whose text is not kept any more are left\n"
		"out. The store is only read. PATH is a rule file, a folder, a pattern or packs/NAME.\n\n"
		"    hark rules backtest rules.d/own.yaml --since 30d",
		backtest_options, NULL, rules_backtest},
	{"diff", "[FILE…]", "What changed rules and lists would change, before a reload",
		"Compares with the rules and lists that harkd loaded last: rules added, removed and changed,\n"
		"entries of lists that came and went, and on the stored posts which hits appear and disappear.\n"
		"Without FILE everything in the configuration is compared. The store is only read.\n\n"
		"    hark rules diff",
		diff_options, NULL, rules_diff},
	{"near-misses", "", "Ten posts a week that a rule came near to, to be judged",
		"Their words woke a live rule, their scope is right, and the rule said no. The ten stay the same\n"
		"until a week has passed. hark report recall estimates from what is judged how much is missed.\n\n"
		"    hark rules near-misses",
		NULL, NULL, rules_near},
	{"judge", "NUMBER VERDICT", "Say of a near miss whether it was relevant or not-relevant",
		"    hark rules judge 4 relevant", judge_options, NULL, rules_judge},
	{"tune", "", "What verdicts say about the scores of rules and symbols",
		"The scale is absolute: a lead of score 60 is meant to be relevant 60 times of 100. Where the\n"
		"verdicts say otherwise, a change is proposed, the smaller the fewer they are; below five none\n"
		"is. Nothing is ever changed by itself.\n\n"
		"    hark rules tune",
		NULL, NULL, rules_tune},
	{"fmt", "FILE…", "Write the queries of rule files in one normal form",
		"Operators, blanks and brackets get one form and long blocks are broken into lines; words stay\n"
		"as written, and everything that is no query stays byte for byte. A query that holds comments\n"
		"is left as it is. - reads standard input and prints the result.\n\n"
		"    hark rules fmt --diff rules.d/own.yaml",
		fmt_options, NULL, rules_fmt},
	{"list", "[PATH…]", "Show the rules, and what each has done",
		"Where the configuration has a store: matches (those of rules on trial included), leads,\n"
		"matches where a pattern reached its limit, matches of posts whose language is not known\n"
		"although the scope asks for one, and the last match. With --packs: what may stand under rules:\n"
		"as packs/NAME.\n\n"
		"    hark rules list --packs",
		list_options, NULL, rules_list},
	{NULL},
};

const struct cli_command command_rules = {
	.name = "rules",
	.args = "",
	.about = "Check, test, try and list rules",
	.sub = commands,
};
