/* hark references: what leaves the house (monitor/references/lists_outward.c). */
#include "monitor/cli/references_cli.h"

#include "monitor/model/id.h"

static struct list_filter read_filter(const struct cli *cli)
{
	return (struct list_filter){.account = str_c(cli_value(cli, "account")),
		.product = str_c(cli_value(cli, "product")),
		.industry = str_c(cli_value(cli, "industry"))};
}

int references_run_quotes(struct cli *cli, int argc, char **argv)
{
	struct list_filter f = read_filter(cli);
	if (argc > 1 || (argc == 1 && !id_parse(ID_REFERENCE, str_c(argv[0]), &f.reference))) {
		return cli_usage(cli, "one reference by its number, or none for all of them");
	}
	return references_show_list(cli, 0, LIST_QUOTES, &f);
}

static int run(struct cli *cli, int argc, enum list list)
{
	const struct list_filter f = read_filter(cli);
	return argc > 0 ? cli_usage(cli, "this takes no arguments; --product and --industry choose")
			: references_show_list(cli, 0, list, &f);
}

int references_run_proof(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return run(cli, argc, LIST_PROOF);
}

int references_run_prospect(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return run(cli, argc, LIST_PROSPECT);
}
