#include "monitor/cli/cli.h"

#include "monitor/base/buf.h"

#include "config.h"
#include "monitor/base/clock.h"
#include "monitor/cli/term.h"
#include "monitor/config/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define VALUES_MAX 256
#define LEFT_COLUMNS 26
#define COMMANDS_NAMED 8 /* of a group, where one is asked for */
#define HELP_COLUMNS 100

struct value {
	const struct cli_option *option;
	const char *text; /* NULL for a switch */
};

struct cli {
	const struct cli_command *group, *command; /* group: NULL for a command without one */
	struct value values[VALUES_MAX];
	size_t values_n;
	char **rest;  /* arguments that are no options; NULL: not known yet */
	bool version; /* asked for; it ends the command line */
};

const struct cli_option cli_common[] = {
	{"config", 'c', "FILE",
		"configuration (default: $HARK_CONFIG, ./hark.yaml, then the system's)"},
	{"json", 0, NULL, "print JSON for programs"},
	{"no-color", 0, NULL, "plain text on a terminal too"},
	{"help", 'h', NULL, "this text"},
	{NULL},
};

static const struct cli_option *find_option(
	const struct cli_option *table, struct str name, char letter)
{
	for (; table != NULL && table->name != NULL; table++) {
		if (letter != 0 ? table->letter == letter : str_eq_c(name, table->name)) {
			return table;
		}
	}
	return NULL;
}

static const struct cli_option *option_of(const struct cli *cli, struct str name, char letter)
{
	const struct cli_option *o =
		cli->command != NULL ? find_option(cli->command->options, name, letter) : NULL;
	return o != NULL ? o : find_option(cli_common, name, letter);
}

static void print_command_name(const struct cli *cli, FILE *out)
{
	fprintf(out, "hark%s%s%s%s", cli->group != NULL ? " " : "",
		cli->group != NULL ? cli->group->name : "", cli->command != NULL ? " " : "",
		cli->command != NULL ? cli->command->name : "");
}

/* Two columns; counted in letters, "…" is one. What is too long goes on below, in its column. */
static void print_pair(const char *left, const char *about)
{
	int width = (int)term_columns(str_c(left));
	struct str rest = str_c(about), word;
	size_t column = (size_t)(width > LEFT_COLUMNS ? width : LEFT_COLUMNS) + 2;
	printf("  %s%*s", left, width < LEFT_COLUMNS ? LEFT_COLUMNS - width : 0, "");
	while (str_split(&rest, ' ', &word)) {
		size_t needed = term_columns(word) + 1;
		if (column + needed > HELP_COLUMNS) {
			printf("\n%*s", LEFT_COLUMNS + 2, "");
			column = LEFT_COLUMNS + 2;
		}
		printf(" %.*s", STR_FMT(word));
		column += needed;
	}
	putchar('\n');
}

static void print_options(const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		char left[64];
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", o->letter != 0 ? '-' : ' ',
			o->letter != 0 ? o->letter : ' ', o->letter != 0 ? ", " : "  ", o->name,
			o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");
		print_pair(left, o->about);
	}
}

static void print_commands(const struct cli_command *const *list, const struct cli_command *array)
{
	for (;;) {
		const struct cli_command *c = list != NULL ? *list++ : array++;
		if (c == NULL || c->name == NULL) {
			return;
		}
		char left[64];
		snprintf(left, sizeof(left), "%s%s%s", c->name,
			c->args != NULL && c->args[0] != '\0' ? " " : "",
			c->args != NULL ? c->args : "");
		print_pair(left, c->about);
	}
}

static int help(const struct cli *cli)
{
	if (cli->command != NULL) {
		fputs("usage: ", stdout);
		print_command_name(cli, stdout);
		printf(" [OPTION…]%s%s\n%s.\n", cli->command->args[0] != '\0' ? " " : "",
			cli->command->args, cli->command->about);
		if (cli->command->more != NULL) {
			printf("\n%s\n", cli->command->more);
		}
		fputs("\noptions\n", stdout);
		print_options(cli->command->options);
		print_options(cli_common);
	} else if (cli->group != NULL) {
		printf("usage: hark %s COMMAND\n%s.\n\ncommands\n", cli->group->name,
			cli->group->about);
		print_commands(NULL, cli->group->sub);
		printf("\nhark %s COMMAND --help says more.\n", cli->group->name);
	} else {
		puts("usage: hark COMMAND\nWatches public conversations and job-change feeds for "
		     "leads and "
		     "references.\n\ncommands");
		print_commands(cli_commands, NULL);
		puts("\nhark COMMAND --help says more. Exit codes: 0 done, 1 a check found problems or "
		     "something\nfailed, 2 wrong command line, 3 the daemon or a peer is "
		     "unreachable.");
	}
	return EXIT_DONE;
}

const char *cli_config_path(const struct cli *cli)
{
	const char *given = cli_value(cli, "config");
	return given != NULL ? given : conf_default_path();
}

bool cli_json(const struct cli *cli)
{
	return cli_given(cli, "json");
}

bool cli_color(const struct cli *cli)
{
	return isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && !cli_given(cli, "no-color");
}

const char *cli_value_at(const struct cli *cli, const char *name, size_t i)
{
	for (size_t k = 0; k < cli->values_n; k++) {
		if (strcmp(cli->values[k].option->name, name) == 0 && i-- == 0) {
			return cli->values[k].text != NULL ? cli->values[k].text : "";
		}
	}
	return NULL;
}

/* `what`: NULL, or the option that it is of. */
static int check_text(const char *what, const char *text, size_t max, struct hark_err *err)
{
	size_t n = text != NULL ? strlen(text) : 0;
	const char *mark = what != NULL ? "--" : "", *name = what != NULL ? what : "an argument";
	if (n > max) {
		return hark_err_set(err, HARK_EINVAL, "%s%s has at most %zu bytes, not %zu", mark,
			name, max, n);
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
			return hark_err_set(err, HARK_EINVAL, "%s%s holds a control character", mark,
				name);
		}
	}
	return HARK_OK;
}

int cli_check_texts(const struct cli *cli, size_t max, struct hark_err *err)
{
	int rc = HARK_OK;
	for (size_t i = 0; rc == HARK_OK && i < cli->values_n; i++) {
		rc = check_text(cli->values[i].option->name, cli->values[i].text, max, err);
	}
	for (char **one = cli->rest; rc == HARK_OK && one != NULL && *one != NULL; one++) {
		rc = check_text(NULL, *one, max, err);
	}
	return rc;
}

bool cli_given(const struct cli *cli, const char *name)
{
	return cli_value_at(cli, name, 0) != NULL;
}

const char *cli_value(const struct cli *cli, const char *name)
{
	const char *last = NULL, *next;
	for (size_t i = 0; (next = cli_value_at(cli, name, i)) != NULL; i++) {
		last = next;
	}
	return last;
}

void cli_name(const struct cli *cli, struct buf *out)
{
	buf_add_c(out, "hark");
	if (cli->group != NULL) {
		buf_printf(out, " %s", cli->group->name);
	}
	if (cli->command != NULL) {
		buf_printf(out, " %s", cli->command->name);
	}
}

/* What REFERENCE and the like stand for are called so in the names of records. */
static struct str kind_of(const char *args, char *buf, size_t size)
{
	static const char *const other[][2] = {
		{"REFERENCE", "ref"}, {"REQUEST", "req"}, {"WHO", "person"}, {"PERSON", "person"}};
	size_t n = strspn(args, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		if (str_eq_c(str_n(args, n), other[i][0])) {
			return str_c(other[i][1]);
		}
	}
	for (size_t i = 0; i < n && i < size; i++) {
		buf[i] = (char)(args[i] | 32);
	}
	return str_n(buf, n < size ? n : size);
}

static bool is_one_of(struct str kind, const char *const *names)
{
	while (*names != NULL && !str_eq_c(kind, *names)) {
		names++;
	}
	return *names != NULL;
}

void cli_record(const struct cli *cli, struct buf *out)
{
	static const char *const named[] = {"user", "receiver", "source", NULL};
	static const char *const bare[] = {"number", "entry", NULL};
	char buf[32];
	int64_t n;
	struct str one = str_c(cli->rest != NULL ? cli->rest[0] : NULL);
	struct str kind = kind_of(cli->command != NULL ? cli->command->args : "", buf, sizeof(buf));
	bool is_number = one.n > 0 && one.p[0] == '#';
	if (one.n == 0 || kind.n == 0) {
		return;
	}
	if (is_one_of(kind, named)) {
		buf_add_str(out, one);
		return;
	}
	if (is_number) {
		one = str_n(one.p + 1, one.n - 1);
	} else if (str_starts(one, kind) && one.n > kind.n && one.p[kind.n] == '_') {
		one = str_n(one.p + kind.n + 1, one.n - kind.n - 1);
		is_number = true;
	}
	/* WHO may be a handle, all digits as it is. */
	if (str_i64(one, &n) && n > 0 &&
		(is_number || !str_starts(str_c(cli->command->args), STR("WHO")))) {
		if (!is_one_of(kind, bare)) {
			buf_add_str(out, kind);
			buf_add_c(out, "_");
		}
		buf_printf(out, "%lld", (long long)n);
	}
}

int cli_fail(const struct cli *cli, const struct hark_err *err)
{
	print_command_name(cli, stderr);
	fprintf(stderr, ": %s\n", err->text);
	switch (err->code) {
	case HARK_ENET:
	case HARK_EPIPE:
		return EXIT_UNREACHABLE;
	case HARK_EINVAL:
		return EXIT_USAGE;
	default:
		return EXIT_PROBLEMS;
	}
}

int cli_usage(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;
	print_command_name(cli, stderr);
	fputs(": ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs("   (", stderr);
	print_command_name(cli, stderr);
	fputs(" --help)\n", stderr);
	return EXIT_USAGE;
}

static int unknown(const struct cli *cli, const char *what, struct str word,
	const char *const *names, size_t n)
{
	const char *near = did_you_mean(word, names, n);
	for (size_t i = 0; near == NULL && word.n > 2 && i < n; i++) {
		near = str_starts(str_c(names[i]), word) ? names[i] : NULL;
	}
	if (near != NULL) {
		return cli_usage(cli, "there is no %s '%.*s', did you mean '%s'?", what,
			STR_FMT(word), near);
	}
	return cli_usage(cli, "there is no %s '%.*s'", what, STR_FMT(word));
}

static int unknown_option(const struct cli *cli, struct str word)
{
	const char *names[64];
	size_t n = 0;
	const struct cli_option *tables[] = {
		cli->command != NULL ? cli->command->options : NULL, cli_common};
	for (size_t t = 0; t < 2; t++) {
		for (const struct cli_option *o = tables[t]; o != NULL && o->name != NULL && n < 64;
			o++) {
			names[n++] = o->name;
		}
	}
	int code = unknown(cli, "option", word, names, n);
	if (cli->command != NULL && cli->command->args != NULL && cli->command->args[0] != '\0') {
		fputs("note: what begins with - and is no option stands behind a -- of its own\n", stderr);
	}
	return code;
}

static int keep(struct cli *cli, const struct cli_option *o, const char *text)
{
	if (cli->values_n == VALUES_MAX) {
		return cli_usage(cli, "more than %d options", VALUES_MAX);
	}
	cli->values[cli->values_n++] = (struct value){o, text};
	return EXIT_DONE;
}

/* Takes argv[*i], and the next one if it is the option's value. */
static int take_option(struct cli *cli, int argc, char **argv, int *i)
{
	const char *arg = argv[*i];
	bool is_long = arg[1] == '-';
	const char *equals = is_long ? strchr(arg, '=') : NULL;
	struct str name = is_long ? str_n(arg + 2, equals != NULL ? (size_t)(equals - arg - 2)
								  : strlen(arg + 2))
				  : str_n(arg + 1, 1);
	const struct cli_option *o = option_of(cli, name, is_long ? 0 : arg[1]);
	if (o == NULL) {
		return unknown_option(cli, name);
	}
	if (o->arg == NULL) {
		if (equals != NULL || (!is_long && arg[2] != '\0')) {
			return cli_usage(cli, "option '%s' takes no value", o->name);
		}
		return keep(cli, o, NULL);
	}
	const char *text = equals != NULL               ? equals + 1
			   : !is_long && arg[2] != '\0' ? arg + 2
							: NULL;
	if (text == NULL) {
		if (*i + 1 >= argc) {
			return cli_usage(cli, "option '--%s' needs a value: %s", o->name, o->arg);
		}
		text = argv[++*i];
	}
	return keep(cli, o, text);
}

static const struct cli_command *find_sub(const struct cli_command *array, const char *name)
{
	for (; array != NULL && array->name != NULL; array++) {
		if (strcmp(array->name, name) == 0) {
			return array;
		}
	}
	return NULL;
}

static int find_command(struct cli *cli, const char *word)
{
	const char *names[64];
	size_t n = 0;
	if (cli->group != NULL) {
		cli->command = find_sub(cli->group->sub, word);
		for (const struct cli_command *c = cli->group->sub; c->name != NULL && n < 64;
			c++) {
			names[n++] = c->name;
		}
		return cli->command != NULL ? EXIT_DONE
					    : unknown(cli, "command", str_c(word), names, n);
	}
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		if (strcmp((*c)->name, word) == 0) {
			*((*c)->sub != NULL ? &cli->group : &cli->command) = *c;
			return EXIT_DONE;
		}
		if (n < 64) {
			names[n++] = (*c)->name;
		}
	}
	return unknown(cli, "command", str_c(word), names, n);
}

/* Names the first of a group, so that one need not ask for help to guess on. */
static int ask_command(const struct cli *cli)
{
	char names[160] = "";
	size_t n = 0, used = 0;
	for (const struct cli_command *c = cli->group != NULL ? cli->group->sub : NULL;
		c != NULL && c->name != NULL && n < COMMANDS_NAMED; c++, n++) {
		int more = snprintf(names + used, sizeof(names) - used, "%s%s", n > 0 ? ", " : " ", c->name);
		used += (size_t)more < sizeof(names) - used ? (size_t)more : sizeof(names) - used - 1;
	}
	bool all = cli->group == NULL || cli->group->sub[n].name == NULL;
	return cli_usage(cli, "which command?%s%s", names, all ? "" : ", …");
}

int cli_main(int argc, char **argv)
{
	struct cli cli = {0};
	char **rest = calloc((size_t)argc + 1, sizeof(*rest));
	int n = 0, rc = EXIT_DONE;
	bool only_args = false, asks = false;

	for (int i = 1; rest != NULL && i < argc && rc == EXIT_DONE; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (!only_args && strcmp(argv[i], "--version") == 0 && cli.command == NULL) {
			cli.version = true;
			break;
		} else if (!only_args && argv[i][0] == '-' && argv[i][1] != '\0') {
			rc = take_option(&cli, argc, argv, &i);
		} else if (!asks && cli.command == NULL && strcmp(argv[i], "help") == 0) {
			asks = true;
		} else if (cli.command == NULL) {
			rc = find_command(&cli, argv[i]);
		} else {
			rest[n++] = argv[i];
		}
	}
	if (rest == NULL) {
		fputs("hark: no memory\n", stderr);
		rc = EXIT_PROBLEMS;
	} else if (rc != EXIT_DONE) {
		/* said already */
	} else if (cli.version) {
		puts("hark " PACKAGE_VERSION);
	} else if (asks || cli_given(&cli, "help") ||
		   (cli.command == NULL && cli.group == NULL && argc == 1)) {
		rc = help(&cli);
	} else if (cli.command == NULL) {
		rc = ask_command(&cli);
	} else {
		cli.rest = rest;
		rc = cli.command->run(&cli, n, rest);
	}
	/* Long output may have failed before, with nothing left to write now. */
	errno = 0;
	if ((fflush(stdout) != 0 || ferror(stdout)) && rc == EXIT_DONE) {
		fprintf(stderr, "hark: standard output: %s\n",
			errno != 0 ? strerror(errno) : "not all of it could be written");
		rc = EXIT_PROBLEMS;
	}
	free(rest);
	return rc;
}
