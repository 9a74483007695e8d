/* hark references pack: a proof pack for a deal (monitor/references/pack.h). */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/references/pack.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)

static void print_head(const struct pack *p)
{
	char text[CLOCK_TEXT_MAX];
	print_field("deal", p->deal.name);
	print_field("account", p->deal.account_name);
	print_field("product", p->product);
	print_field("made", str_c(clock_local(p->now_ms, text)));
	printf("%s as %s in public, unedited; %zu critical\n", COUNT(p->n, "post"),
		p->n == 1 ? "it stands" : "they stand", p->critical);
	if (p->unlinked > 0) {
		printf("%zu %s\n", p->unlinked, PACK_UNLINKED);
	}
	if (p->critical == 0) {
		puts(PACK_NO_CRITICAL);
	}
	putchar('\n');
}

static int print_json(struct desk *d, const struct pack *p, const struct sheet *s)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	pack_json(p, s, &j);
	int rc = s->rc != HARK_OK ? s->rc : out.rc;
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc == HARK_OK ? EXIT_DONE
			     : cli_fail(d->cli, (hark_err_set(&d->err, rc, "no memory to print it"),
							&d->err));
}

static int tell_pack(struct desk *d, const struct pack *p)
{
	struct sheet s;
	pack_sheet(p, &s);
	if (!cli_json(d->cli) && !cli_given(d->cli, "csv")) {
		print_head(p);
	}
	int code = cli_json(d->cli) ? print_json(d, p, &s) : sheet_print(&s, d->cli, "");
	sheet_release(&s);
	return code;
}

int references_run_pack(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct pack p = {0};
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(
			cli, "for which opportunity or request? say its id or name, or req_4");
	}
	const struct pack_ask ask = {.deal = str_c(argv[0]),
		.product = str_c(cli_value(cli, "product")),
		.industry = str_c(cli_value(cli, "industry")),
		.without_critical = cli_given(cli, "without-critical")};
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK) {
		const struct reader who = references_reader(&d);
		rc = pack_make(&who, &ask, &p, &d.err);
	}
	rc = rc == HARK_OK ? desk_note(&d) : rc;
	code = rc != HARK_OK ? desk_fail(&d, code) : tell_pack(&d, &p);
	desk_close(&d);
	return code;
}
