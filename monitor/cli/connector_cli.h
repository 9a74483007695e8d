/* What the parts of `hark connector` share. */
#ifndef HARK_CLI_CONNECTOR_CLI_H
#define HARK_CLI_CONNECTOR_CLI_H

#include "connectors/connector.h"
#include "monitor/base/buf.h"
#include "monitor/cli/cli.h"

/* Runs a connector's own tests; counts and says what failed. `accept`: what comes out becomes what is
 * expected. Returns how many there are. */
size_t connector_run_tests(
	const struct hark_connector *c, bool accept, size_t *failed, struct buf *why);
/* Runs a connector in a process of its own as no source would, and adds a line to `why` for everything it
 * does that connector.h does not allow. Returns how many. */
size_t connector_contract(const struct hark_connector *c, struct buf *why);
/* What stands in for a setting, as for its connector; a list's file is beside the samples. Valid until the next
 * call for a list. NULL: none. */
const char *connector_example(const struct hark_connector *c, const struct hark_setting *s);
/* The folder of its samples. */
void connector_samples_dir(const struct hark_connector *c, struct buf *out);
/* A context with the examples of the settings. */
int connector_open_example(const struct hark_connector *c, void **ctx, struct hark_err *err);

/* Looks for definitions beside the configuration too. */
void connector_use_config(const struct cli *cli);

int run_connector_check(struct cli *cli, int argc, char **argv);
int run_connector_test(struct cli *cli, int argc, char **argv);
int run_connector_run(struct cli *cli, int argc, char **argv);
int run_connector_new(struct cli *cli, int argc, char **argv);

#endif
