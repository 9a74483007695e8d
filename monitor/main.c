/* harkd: see daemon.h for what it does. */
#include "config.h"

#include "monitor/base/diag.h"
#include "monitor/base/heap.h"
#include "monitor/base/log.h"
#include "monitor/daemon.h"
#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/setup.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] = "usage: harkd [-c FILE] [--once] [--check] [--debug]\n"
			    "Polls sources, matches rules, raises leads, delivers alerts.\n\n"
			    "  -c, --config FILE  configuration (default: $HARK_CONFIG, "
			    "./hark.yaml, then the system's)\n"
			    "      --once         poll every source once, deliver, exit\n"
			    "      --check        check the configuration and exit: 0 good, 1 not\n"
			    "      --debug        say more on stderr\n"
			    "  -h, --help         this text\n"
			    "      --version      the version\n";

static int check(const char *config)
{
	struct diags diags;
	struct hark_err err = {0};
	struct setup *setup = NULL;
	diags_init(&diags);
	int rc = setup_load(&setup, config, &diags, &err);
	diags_print(&diags, stderr, false);
	if (rc != HARK_OK) {
		fprintf(stderr, "harkd: %s\n", err.text);
	}
	diags_release(&diags);
	setup_unref(setup);
	return rc == HARK_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const struct option table[] = {{"config", required_argument, NULL, 'c'},
		{"once", no_argument, NULL, 'o'}, {"check", no_argument, NULL, 'k'},
		{"debug", no_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	struct daemon_options options = {.config = conf_default_path()};
	enum log_level level = LOG_LEVEL_INFO;
	bool only_check = false;
	int c;
	fetch_locale();
	while ((c = getopt_long(argc, argv, "c:h", table, NULL)) != -1) {
		switch (c) {
		case 'c':
			options.config = optarg;
			break;
		case 'o':
			options.once = true;
			break;
		case 'k':
			only_check = true;
			break;
		case 'd':
			level = LOG_LEVEL_DEBUG;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'v':
			puts("harkd " PACKAGE_VERSION);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "harkd: unexpected argument '%s'\n%s", argv[optind], usage);
		return 2;
	}
	log_init(level);
	heap_tune();
	return only_check ? check(options.config) : daemon_run(&options);
}
