/* hark completion bash: a script made from the command tables, so it knows what hark knows. */
#include "monitor/cli/commands.h"

#include <stdio.h>

static void put_options(const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		printf(" --%s", o->name);
	}
}

/* What is a command, with its group before it: "leads|leads list|…", as a pattern of case. */
static void put_commands(void)
{
	const char *between = "";
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		printf("%s'%s'", between, (*c)->name);
		between = "|";
		const struct cli_command *sub = (*c)->sub;
		for (; sub != NULL && sub->name != NULL; sub++) {
			printf("|'%s %s'", (*c)->name, sub->name);
		}
	}
}

/* One case branch: what may follow the words typed so far. */
static void put_case(const char *group, const struct cli_command *c)
{
	printf("\t'%s%s%s') words='", group != NULL ? group : "", group != NULL ? " " : "",
		c->name);
	for (const struct cli_command *sub = c->sub; sub != NULL && sub->name != NULL; sub++) {
		printf("%s ", sub->name);
	}
	put_options(c->options);
	puts("' ;;");
}

static int run_completion(struct cli *cli, int argc, char **argv)
{
	if (argc != 1 || strcmp(argv[0], "bash") != 0) {
		return cli_usage(cli, "name the shell: bash");
	}
	puts("# bash completion of hark, made by: hark completion bash\n"
	     "_hark() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} path='' words='' i\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase \"${path:+$path }${COMP_WORDS[i]}\" in");
	fputs("\t\t", stdout);
	put_commands();
	puts(") path=\"${path:+$path }${COMP_WORDS[i]}\" ;;\n" /* values and arguments are not */
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase $path in");
	fputs("\t'') words='", stdout);
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		printf("%s ", (*c)->name);
	}
	puts("--version' ;;");
	for (const struct cli_command *const *c = cli_commands; *c != NULL; c++) {
		put_case(NULL, *c);
		const struct cli_command *sub = (*c)->sub;
		for (; sub != NULL && sub->name != NULL; sub++) {
			put_case((*c)->name, sub);
		}
	}
	fputs("\tesac\n\twords=\"$words", stdout);
	put_options(cli_common);
	puts("\"\n"
	     "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t[ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	     "}\n"
	     "complete -F _hark hark");
	return EXIT_DONE;
}

const struct cli_command command_completion = {
	.name = "completion",
	.args = "bash",
	.about = "Print the completion script of a shell",
	.more = "Where the distribution's package did not install it:\n\n"
		"    hark completion bash >~/.local/share/bash-completion/completions/hark",
	.run = run_completion,
};
