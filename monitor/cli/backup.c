/* hark backup: a copy of the store, while harkd goes on writing. */
#include "monitor/cli/commands.h"

#include "monitor/cli/desk.h"
#include "monitor/cli/progress.h"

#include <stdio.h>
#include <sys/stat.h>

static bool step(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	p->total = total;
	progress_set(p, done);
	return true;
}

static int run_backup(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct progress progress;
	struct stat st = {0};
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "say where to: a file that is not there yet");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there is no store yet");
	}
	if (rc == HARK_OK) {
		rc = desk_note(&d);
	}
	if (rc == HARK_OK) {
		progress_start(&progress, "copying", 0);
		rc = store_backup(d.store, argv[0], step, &progress, &d.err);
		progress_end(&progress);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		stat(argv[0], &st);
		if (cli_json(cli)) {
			printf("{\"bytes\":%lld,\"sound\":true}\n", (long long)st.st_size);
		} else {
			printf("copied %.1f MB to %s and checked the copy\n",
				(double)st.st_size / 1e6, argv[0]);
		}
	}
	desk_close(&d);
	return code;
}

const struct cli_command command_backup = {
	.name = "backup",
	.args = "FILE",
	.about = "Copy the store into a file, while harkd works",
	.more = "The copy is of one moment, it is checked when it is whole, and only its owner can read it. It\n"
		"overwrites nothing. Who is logged in and what was agreed with hubs is left out; files and\n"
		"secrets that the configuration names are not part of the store.\n\n"
		"hark restore puts it back, without those who were erased since. Remove copies after 35 days:\n"
		"what is erased today is in those of before.\n\n"
		"    hark backup /var/backups/hark-$(date +%F).db",
	.run = run_backup,
};
