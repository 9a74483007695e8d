#include "monitor/base/log.h"

#include "monitor/base/clock.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum log_level level_max = LOG_LEVEL_INFO;
static bool to_journal;

void log_init(enum log_level max)
{
	level_max = max;
	to_journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static const int syslog_level[] = {3, 4, 6, 7};
	static const char *const name[] = {"error", "warning", "info", "debug"};
	char line[1024];
	int n;

	if (level > level_max) {
		return;
	}
	if (to_journal) {
		n = snprintf(line, sizeof(line), "<%d>", syslog_level[level]);
	} else {
		char when[CLOCK_TEXT_MAX];
		clock_rfc3339(clock_wall_ms() / 1000 * 1000, when);
		n = snprintf(line, sizeof(line), "%s %s: ", when, name[level]);
	}
	va_list ap;
	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2) {
		n = (int)sizeof(line) - 2;
	}
	for (int i = 0; i < n; i++) {
		if ((unsigned char)line[i] < ' ' && line[i] != '\t') {
			line[i] = ' ';
		}
	}
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, (size_t)n) < 0) {
		return; /* nowhere left to say so */
	}
}
