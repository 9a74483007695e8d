/* Fills a manual page's template from the program's own tables, so that page and program cannot
 * disagree: mdoc TEMPLATE >PAGE. A template line that is nothing but
 *
 *	.\" @commands@   becomes the commands of hark with their options
 *	.\" @common@     the options every command takes
 *	.\" @options@    the keys of a configuration
 *	.\" @codes@      what hark check says
 *
 * Runs at build time only. */
#include "monitor/base/file.h"
#include "monitor/cli/cli.h"
#include "monitor/config/load.h"

#include <ctype.h>
#include <stdio.h>

#define PAGE_MAX ((size_t)4 << 20)
#define LINE_COLUMNS 76

/* Text as mdoc wants it: no escape starts by accident, what is not ASCII is named. */
static void put_text(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '\\') {
			fputs("\\e", stdout);
		} else if (c == 0xe2 && i + 2 < text.n && memcmp(text.p + i, "…", 3) == 0) {
			fputs("...", stdout);
			i += 2;
		} else if (c == '"') {
			fputs("\\(dq", stdout);
		} else {
			putchar(c);
		}
	}
}

/* Words, broken into lines that mandoc's lint is content with; one that starts like a macro is kept
 * from being one. */
static void put_line(struct str line)
{
	struct str word;
	size_t column = 0;
	line = str_trim(line);
	while (str_split(&line, ' ', &word)) {
		if (column > 0 && column + 1 + word.n > LINE_COLUMNS) {
			putchar('\n');
			column = 0;
		} else if (column > 0) {
			putchar(' ');
			column++;
		}
		if (column == 0 && word.n > 0 && (word.p[0] == '.' || word.p[0] == '\'')) {
			fputs("\\&", stdout);
		}
		put_text(word);
		column += word.n;
	}
	putchar('\n');
}

/* Running text, each sentence on a line of its own as mdoc asks for. */
static void put_sentences(struct str text)
{
	size_t from = 0;
	for (size_t i = 0; i + 2 < text.n; i++) {
		bool ends = (text.p[i] == '.' || text.p[i] == '?' || text.p[i] == '!') &&
			    isspace((unsigned char)text.p[i + 1]);
		if (ends) {
			put_line(str_n(text.p + from, i + 1 - from));
			from = i + 2;
		}
	}
	put_line(str_n(text.p + from, text.n - from));
}

/* Paragraphs of --help: lines that start with a blank stay as they are. */
static void put_paragraphs(const char *text)
{
	struct buf running;
	struct str rest = str_c(text), line;
	bool literal = false;
	buf_init(&running, PAGE_MAX);
	while (str_split(&rest, '\n', &line)) {
		bool is_literal = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
		if ((is_literal || line.n == 0) && running.n > 0) {
			puts(".Pp");
			put_sentences(buf_str(&running));
			buf_clear(&running);
		}
		if (is_literal != literal) {
			puts(is_literal ? ".Bd -literal -offset indent" : ".Ed");
			literal = is_literal;
		}
		if (is_literal) {
			put_text(line);
			putchar('\n');
		} else if (line.n > 0) {
			buf_printf(&running, "%s%.*s", running.n > 0 ? " " : "", STR_FMT(line));
		}
	}
	if (running.n > 0) {
		puts(".Pp");
		put_sentences(buf_str(&running));
	}
	if (literal) {
		puts(".Ed");
	}
	buf_release(&running);
}

/* "FILE…" after a macro; \& keeps it from being read as one itself. */
static void put_arguments(const char *args)
{
	struct str rest = str_c(args), word;
	while (str_split(&rest, ' ', &word)) {
		if (word.n > 0) {
			fputs(" Ar \\&", stdout);
			put_text(word);
		}
	}
}

static void put_options(const struct cli_option *o)
{
	puts(".Bl -tag -width Ds");
	for (; o->name != NULL; o++) {
		fputs(".It", stdout);
		if (o->letter != 0) {
			printf(" Fl %c ,", o->letter);
		}
		printf(" Fl -%s", o->name);
		if (o->arg != NULL) {
			put_arguments(o->arg);
		}
		putchar('\n');
		put_sentences(str_c(o->about));
	}
	puts(".El");
}

static void put_command(const struct cli_command *group, const struct cli_command *c)
{
	fputs(".It Nm", stdout);
	if (group != NULL) {
		printf(" Cm \\&%s", group->name);
	}
	printf(" Cm \\&%s", c->name);
	put_arguments(c->args);
	putchar('\n');
	put_sentences(str_c(c->about));
	if (c->more != NULL) {
		put_paragraphs(c->more);
	}
	if (c->options != NULL && c->options->name != NULL) {
		put_options(c->options);
	}
}

static void put_commands(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		if ((*c)->sub == NULL) {
			put_command(NULL, *c);
			continue;
		}
		for (const struct cli_command *sub = (*c)->sub; sub->name != NULL; sub++) {
			put_command(*c, sub);
		}
	}
	puts(".El");
}

static void put_key(const struct option *o)
{
	struct buf type;
	buf_init(&type, 1000);
	option_write_type(o, &type);
	printf(".It Ic \\&%s : Ar ", o->key);
	put_text(buf_str(&type));
	putchar('\n');
	put_sentences(str_c(o->about));
	if (o->types != 0) {
		const struct option *t = option_find(SECTION_RECEIVER, STR("type"));
		fputs("Goes with type ", stdout);
		const char *between = "";
		for (size_t i = 0; t->choices[i] != NULL; i++) {
			if ((o->types & 1u << i) != 0) {
				printf("%s%s", between, t->choices[i]);
				between = " and ";
			}
		}
		puts(".");
	}
	if (o->required) {
		puts("Required.");
	}
	if (o->otherwise != NULL) {
		printf("Default:\n.Li \\&%s\n", o->otherwise);
	}
	buf_release(&type);
}

static void put_keys(void)
{
	for (size_t s = 0; s < SECTIONS; s++) {
		printf(".Ss %s\\&\n", sections[s].name);
		put_sentences(str_c(sections[s].about));
		puts(".Bl -tag -width Ds");
		for (const struct option *o = options; o->key != NULL; o++) {
			if (o->section == s) {
				put_key(o);
			}
		}
		puts(".El");
	}
}

static void put_codes(void)
{
	puts(".Bl -tag -width C000");
	for (const struct code *c = conf_codes; c->code != NULL; c++) {
		printf(".It Li %s\n", c->code);
		put_sentences(str_c(c->about));
		put_sentences(str_c(c->remedy));
	}
	puts(".El");
}

static bool put_generated(struct str line)
{
	if (str_eq_c(line, ".\\\" @commands@")) {
		put_commands();
	} else if (str_eq_c(line, ".\\\" @common@")) {
		put_options(cli_common);
	} else if (str_eq_c(line, ".\\\" @options@")) {
		put_keys();
	} else if (str_eq_c(line, ".\\\" @codes@")) {
		put_codes();
	} else {
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct hark_err err;
	struct buf template;
	buf_init(&template, PAGE_MAX);
	if (argc != 2 || file_read(&template, argv[1], &err) != HARK_OK) {
		fprintf(stderr, "mdoc: %s\n", argc != 2 ? "usage: mdoc TEMPLATE" : err.text);
		return 2;
	}
	struct str rest = buf_str(&template), line;
	while (str_split(&rest, '\n', &line)) {
		bool is_end = line.n == 0 && rest.n == 0;
		if (!is_end && !put_generated(line)) {
			printf("%.*s\n", STR_FMT(line));
		}
	}
	buf_release(&template);
	return fflush(stdout) == 0 ? 0 : 1;
}
