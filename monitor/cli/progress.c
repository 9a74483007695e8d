#include "monitor/cli/progress.h"

#include "monitor/base/clock.h"
#include "monitor/cli/term.h"

#include <stdio.h>

#define QUIET_MS 400 /* a job shorter than this shows nothing */
#define REDRAW_MS 100
#define BAR_COLUMNS 24
#define LINE_MAX_BYTES 1024

void progress_start(struct progress *p, const char *what, int64_t total)
{
	*p = (struct progress){.what = what,
		.total = total,
		.started_ms = clock_steady_ms(),
		.visible = term_width(stderr) > 0};
}

static void bar(const struct progress *p, struct buf *out)
{
	int64_t full = p->done >= p->total ? BAR_COLUMNS : p->done * BAR_COLUMNS / p->total;
	buf_add_c(out, "[");
	for (int64_t i = 0; i < BAR_COLUMNS; i++) {
		buf_add_char(out, i < full ? '#' : '.');
	}
	buf_add_c(out, "]  ");
}

void progress_line(const struct progress *p, int64_t now_ms, size_t width, struct buf *out)
{
	char span[CLOCK_TEXT_MAX];
	int64_t took_ms = now_ms - p->started_ms;
	int64_t rate = took_ms > 0 ? p->done * 1000 / took_ms : 0;
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	buf_printf(&line, "%s  ", p->what);
	if (p->total > 0) {
		bar(p, &line);
		buf_printf(&line, "%lld/%lld  %lld%%", (long long)p->done, (long long)p->total,
			(long long)(p->done * 100 / p->total));
	} else {
		buf_printf(&line, "%lld", (long long)p->done);
	}
	if (rate > 0) {
		buf_printf(&line, "  %lld/s", (long long)rate);
	}
	if (p->total > p->done && p->done > 0) {
		int64_t left_ms = took_ms * (p->total - p->done) / p->done;
		buf_printf(&line, "  %s left", clock_span(left_ms, span));
	}
	term_add(out, buf_str(&line), width);
	buf_release(&line);
}

void progress_set(struct progress *p, int64_t done)
{
	p->done = done;
	if (!p->visible) {
		return;
	}
	int64_t now = clock_steady_ms();
	if (now - p->started_ms < QUIET_MS || now - p->drawn_ms < REDRAW_MS) {
		return;
	}
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	progress_line(p, now, (size_t)term_width(stderr) - 1, &line);
	fprintf(stderr, "\r\033[K%s", buf_c(&line));
	fflush(stderr);
	buf_release(&line);
	p->drawn_ms = now;
	p->dirty = true;
}

void progress_end(struct progress *p)
{
	if (p->dirty) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
		p->dirty = false;
	}
}
