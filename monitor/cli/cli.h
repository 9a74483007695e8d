/* The frame of the `hark` command line: one table a command, from which come parsing, --help,
 * completion and the test that the man page agrees. One file per command group defines its
 * `struct cli_command` and is listed in commands.c. */
#ifndef HARK_CLI_CLI_H
#define HARK_CLI_CLI_H

#include "monitor/base/diag.h"
#include "monitor/base/err.h"

#include <stdbool.h>

enum cli_exit {
	EXIT_DONE = 0,        /* done */
	EXIT_PROBLEMS = 1,    /* a check or test found problems */
	EXIT_USAGE = 2,       /* wrong command line, or harkd refuses to start */
	EXIT_UNREACHABLE = 3, /* the daemon or a peer is unreachable */
};

struct cli_option {
	const char *name; /* long form without dashes; NULL ends the table */
	char letter;      /* short form, or 0 */
	const char *arg;  /* "FILE", or NULL for a switch */
	const char *about;
};

struct cli;

struct cli_command {
	const char *name;                 /* "leads"; NULL ends a table */
	const char *args;                 /* "FILE…", "" for none */
	const char *about;                /* one line, no full stop */
	const char *more;                 /* paragraphs for --help, or NULL */
	const struct cli_option *options; /* beside the common ones, or NULL */
	const struct cli_command *sub;    /* sub-commands; then `run` is NULL */
	/* argv holds the arguments that are no options. Returns enum cli_exit. */
	int (*run)(struct cli *cli, int argc, char **argv);
};

/* Ends with NULL, in the order of --help. */
extern const struct cli_command *const cli_commands[];

/* What every command takes; ends with a NULL name. */
extern const struct cli_option cli_common[];

/* The whole program: finds the command, parses, runs. */
int cli_main(int argc, char **argv);

/* Common options: -c/--config FILE, --json, --no-color, -h/--help. */
const char *cli_config_path(const struct cli *cli);
/* "hark leads claim", into `out`. */
struct buf;
void cli_name(const struct cli *cli, struct buf *out);
/* The record that the command line names first, by its number or, of users, receivers and sources, by its name:
 * "lead_7", "person_12", "anna". Nothing where it names none, or somebody by what they are called elsewhere. */
void cli_record(const struct cli *cli, struct buf *out);
bool cli_json(const struct cli *cli);
/* Whether colour belongs on standard output (a terminal, NO_COLOR unset, no --no-color). */
bool cli_color(const struct cli *cli);
/* The command's own options: was the switch given; the last value or NULL; the i-th value or NULL. */
bool cli_given(const struct cli *cli, const char *name);
const char *cli_value(const struct cli *cli, const char *name);
const char *cli_value_at(const struct cli *cli, const char *name, size_t i);

/* Whether all that was given may be kept: at most `max` bytes each and no control characters but tabs and ends of
 * lines. HARK_EINVAL says of which option it is not so. */
int cli_check_texts(const struct cli *cli, size_t max, struct hark_err *err);

/* "hark leads: …" on stderr; returns the exit code that fits err->code. */
int cli_fail(const struct cli *cli, const struct hark_err *err);
/* A wrong command line: the sentence and where help is. Returns EXIT_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
