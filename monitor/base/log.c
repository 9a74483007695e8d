#include "monitor/base/log.h"

#include "monitor/base/clock.h"
#include "monitor/base/str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum log_level level_max = LOG_LEVEL_INFO;
static bool to_journal;

/* A write() to a pipe of up to PIPE_BUF bytes is never mixed with another's. */
static _Thread_local struct {
	bool on;
	size_t n;
	char text[PIPE_BUF];
} held;

void log_init(enum log_level max)
{
	level_max = max;
	to_journal = getenv("JOURNAL_STREAM") != NULL;
}

/* Texts of peers must not command the terminal: no control character stays, neither of one byte nor
 * U+0080 to U+009F. */
static void blank_controls(char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)line[i];
		if (c == 0xc2 && i + 1 < n && (unsigned char)line[i + 1] < 0xa0) {
			line[i] = line[i + 1] = ' ';
		} else if ((c < ' ' && c != '\t') || c == 0x7f) {
			line[i] = ' ';
		}
	}
}

static void write_out(const char *text, size_t n)
{
	if (n > 0 && write(STDERR_FILENO, text, n) < 0) {
		return; /* nowhere left to say so */
	}
}

static void hand_on(const char *line, size_t n)
{
	if (!held.on) {
		write_out(line, n);
		return;
	}
	if (n > sizeof(held.text) - held.n) {
		write_out(held.text, held.n);
		held.n = 0;
	}
	memcpy(held.text + held.n, line, n);
	held.n += n;
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
	vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	va_end(ap);
	size_t bytes = str_cut_utf8(str_c(line), sizeof(line) - 2).n;
	blank_controls(line, bytes);
	line[bytes++] = '\n';
	hand_on(line, bytes);
}

void log_hold(void)
{
	held.on = true;
}

void log_release(void)
{
	write_out(held.text, held.n);
	held.n = 0;
	held.on = false;
}
