/* hark connector check: definitions for what is wrong in them, connectors in C for what they may not do. */
#include "monitor/cli/connector_cli.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/file.h"

#include <stdio.h>

static int check_definition(const char *path, struct diags *diags, size_t *failed, struct buf *why,
	struct hark_err *err)
{
	struct buf text;
	struct definition *d = NULL;
	buf_init(&text, DEFINITION_BYTES_MAX);
	int rc = file_read(&text, path, err);
	if (rc == HARK_OK) {
		rc = definition_read(&d, buf_str(&text), path, diags, err);
	}
	if (rc == HARK_OK) {
		rc = connector_check_name(d, diags, err);
	}
	if (rc == HARK_OK) {
		connector_run_tests(&d->connector, false, failed, why);
	}
	definition_free(d);
	buf_release(&text);
	return rc == HARK_EPARSE ? HARK_OK : rc;
}

/* One in C, by its file or its name. */
static int check_code(const char *what, size_t *failed, struct buf *why, struct hark_err *err)
{
	const struct hark_connector *c = NULL;
	int rc = connector_load(&c, what, err);
	if (rc == HARK_ENOENT || rc == HARK_ENOMEM) {
		return rc;
	}
	if (rc != HARK_OK) {
		buf_printf(why, "%s\n", err->text);
		(*failed)++;
		return HARK_OK;
	}
	*failed += connector_contract(c, why);
	connector_run_tests(c, false, failed, why);
	return HARK_OK;
}

static bool is_definition(struct str name)
{
	return str_ends(name, STR(".yaml")) || str_ends(name, STR(".json"));
}

int run_connector_check(struct cli *cli, int argc, char **argv)
{
	struct diags diags;
	struct hark_err err = {0};
	struct buf why;
	size_t failed = 0;
	int rc = HARK_OK;
	if (argc == 0) {
		return cli_usage(cli, "which file or connector?");
	}
	connector_use_config(cli);
	diags_init(&diags);
	buf_init(&why, 1 << 20);
	for (int i = 0; i < argc && rc == HARK_OK; i++) {
		rc = is_definition(str_c(argv[i]))
			     ? check_definition(argv[i], &diags, &failed, &why, &err)
			     : check_code(argv[i], &failed, &why, &err);
	}
	int code = diags.errors + failed > 0 ? EXIT_PROBLEMS : EXIT_DONE;
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		struct buf out;
		buf_init(&out, 8u << 20);
		diags_json(&diags, &out);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		diags_print(&diags, stdout, cli_color(cli));
		fputs(buf_c(&why), stdout);
		if (code == EXIT_DONE) {
			printf("%d connector%s fine\n", argc, argc == 1 ? " is" : "s are");
		}
	}
	buf_release(&why);
	diags_release(&diags);
	return code;
}
