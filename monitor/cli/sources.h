/* What the parts of `hark sources` share. */
#ifndef HARK_CLI_SOURCES_H
#define HARK_CLI_SOURCES_H

#include "monitor/api/source_view.h"
#include "monitor/cli/cli.h"
#include "monitor/config/conf.h"

#include <stdio.h>

/* The configuration, or NULL after its errors have been shown; then *code is the exit code. */
struct conf *sources_conf(struct cli *cli, int *code);
/* As sources_conf(), with `extra` read as one more file of conf.d. */
struct conf *sources_conf_with(
	struct cli *cli, struct str extra, const char *extra_name, int *code);
/* As sources_conf(), but with what is sound in a configuration with errors, which are shown and leave *code
 * alone. A source may lack its name or URL then. NULL: there is not even a source. */
struct conf *sources_conf_sound(struct cli *cli, int *code);
/* Asks a running harkd to take the change over, and says on `say` what came of it. */
void sources_reload(struct cli *cli, const struct conf *c, FILE *say);
/* The named source, or NULL with a sentence that guesses what was meant. */
const struct conf_source *sources_find(
	const struct conf *c, const char *name, struct hark_err *err);

int run_sources_show(struct cli *cli, int argc, char **argv);
int run_sources_list(struct cli *cli, int argc, char **argv);
int run_sources_add(struct cli *cli, int argc, char **argv);
int run_sources_import(struct cli *cli, int argc, char **argv);
int run_sources_export(struct cli *cli, int argc, char **argv);

/* Asks the daemon, if there is one and a source is of that kind: fills in those it listens to. The i-th lies
 * `step` bytes behind the one before. */
void sources_load_streams(
	const struct conf *c, struct sources_stream *first, size_t step, size_t n);

#endif
