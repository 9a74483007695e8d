#include "monitor/cli/print.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/cli/term.h"

#include <stdio.h>

#define ROW_MAX ((size_t)64 << 20)

void print_clean(struct str s)
{
	struct buf out;
	struct str line;
	buf_init(&out, s.n * 3 + 16);
	while (str_split(&s, '\n', &line)) {
		term_add(&out, line, 0);
		if (s.p != NULL) {
			buf_add_char(&out, '\n');
		}
	}
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

void print_padded(struct str s, size_t columns)
{
	struct buf out;
	buf_init(&out, s.n * 3 + columns + 16);
	for (size_t used = term_add(&out, s, 0); used < columns; used++) {
		buf_add_char(&out, ' ');
	}
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

void print_indented(const char *indent, struct str text)
{
	struct str rest = text, line;
	for (bool first = true; str_split(&rest, '\n', &line); first = false) {
		printf("%s%s", first ? "" : "\n", line.n > 0 ? indent : "");
		print_clean(line);
	}
}

void print_field(const char *name, struct str value)
{
	if (!str_empty(value)) {
		printf("%-10s ", name);
		print_clean(value);
		putchar('\n');
	}
}

void print_json_rows(
	const void *v, size_t n, void (*one)(struct jsonout *j, const void *v, size_t i))
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, ROW_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < n; i++) {
		one(&j, v, i);
		fwrite(buf_c(&out), 1, out.n, stdout); /* at once: no list is too long */
		buf_clear(&out);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

void print_time(const char *name, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	if (at_ms != 0) {
		printf("%-10s %s\n", name, clock_local(at_ms, text));
	}
}
