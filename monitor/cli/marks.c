#include "monitor/cli/marks.h"

#include "monitor/base/utf8.h"
#include "monitor/cli/term.h"

#define PLAIN_LINES_MAX 6 /* a text of more lines shows only those with marks */
#define MARK "\033[1;32m"
#define END "\033[0m"

struct marking {
	const struct span *spans;
	size_t n;
	enum post_field field;
	const char *label; /* NULL: none */
	bool color;
	struct buf *out;
};

static bool is_marked(const struct marking *m, size_t at)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->spans[i].field == m->field && at >= m->spans[i].start &&
			at < m->spans[i].end) {
			return true;
		}
	}
	return false;
}

static bool begins_mark(const struct marking *m, size_t at)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->spans[i].field == m->field && at == m->spans[i].start) {
			return true;
		}
	}
	return false;
}

static bool any_mark(const struct marking *m, size_t from, size_t to)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct span *s = &m->spans[i];
		if (s->field == m->field && s->start < to && s->end > from) {
			return true;
		}
	}
	return false;
}

static size_t sequence(struct str s)
{
	size_t n = utf8_sequence(s);
	return n > 0 ? n : 1;
}

/* Where the line that begins at `from` ends: at a newline, or at the last blank that fits. */
static size_t line_end(struct str text, size_t from, size_t width)
{
	size_t at = from, blank = 0, columns = 0;
	while (at < text.n && text.p[at] != '\n') {
		size_t n = sequence(str_n(text.p + at, text.n - at));
		columns += term_columns(str_n(text.p + at, n));
		if (columns > width && at > from) {
			return blank > from ? blank : at;
		}
		blank = text.p[at] == ' ' ? at + 1 : blank;
		at += n;
	}
	return at;
}

static void put_text(const struct marking *m, struct str text, size_t from, size_t to)
{
	bool on = false;
	for (size_t at = from; at < to;) {
		size_t n = sequence(str_n(text.p + at, to - at));
		bool marked = m->color && is_marked(m, at);
		if (marked != on) {
			buf_add_c(m->out, marked ? MARK : END);
			on = marked;
		}
		term_add(m->out, str_n(text.p + at, n), 0);
		at += n;
	}
	buf_add_c(m->out, on ? END : "");
	buf_add_char(m->out, '\n');
}

static void put_carets(const struct marking *m, struct str text, size_t from, size_t to)
{
	size_t blanks = 0;
	bool first = true;
	for (size_t at = from; at < to;) {
		size_t n = sequence(str_n(text.p + at, to - at));
		size_t columns = term_columns(str_n(text.p + at, n));
		if (!is_marked(m, at)) {
			blanks += columns;
			first = true;
		} else {
			for (; blanks > 0; blanks--) {
				buf_add_char(m->out, ' ');
			}
			for (; columns > 0; columns--) {
				buf_add_char(m->out, first || begins_mark(m, at) ? '^' : '~');
				first = false;
			}
		}
		at += n;
	}
	buf_add_char(m->out, '\n');
}

static void put_line(const struct marking *m, struct str text, size_t from, size_t to)
{
	const char *label = m->label != NULL && from == 0 ? m->label : "";
	size_t indent = m->label != NULL ? strlen(m->label) : 0;
	buf_printf(m->out, "  %-*s", (int)indent, label);
	put_text(m, text, from, to);
	if (!m->color && any_mark(m, from, to)) {
		buf_printf(m->out, "  %-*s", (int)indent, "");
		put_carets(m, text, from, to);
	}
}

static size_t count_lines(struct str text, size_t width)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n; n++) {
		size_t end = line_end(text, at, width);
		at = end < text.n && text.p[end] == '\n' ? end + 1 : end;
	}
	return n;
}

static void put_field(const struct marking *m, struct str text, size_t width)
{
	bool all = count_lines(text, width) <= PLAIN_LINES_MAX, left_out = false;
	for (size_t at = 0; at < text.n;) {
		size_t end = line_end(text, at, width);
		if (all || any_mark(m, at, end)) {
			put_line(m, text, at, end);
			left_out = false;
		} else if (!left_out) {
			buf_add_c(m->out, "  …\n");
			left_out = true;
		}
		at = end < text.n && text.p[end] == '\n' ? end + 1 : end;
	}
}

void marks_write(const struct post *post, const struct span *spans, size_t n, size_t width,
	bool color, struct buf *out)
{
	const struct {
		enum post_field field;
		struct str text;
		const char *label;
	} fields[] = {{FIELD_TITLE, post->title, NULL}, {FIELD_TEXT, post->text, NULL},
		{FIELD_QUOTED, post->quoted, "quoted: "}, {FIELD_BIO, post->author.bio, "bio: "}};
	if (post->visibility == VISIBILITY_PRIVATE) {
		buf_add_c(out, "  (" PRIVATE_MARK ")\n");
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct marking m = {spans, n, fields[i].field, fields[i].label, color, out};
		bool always = fields[i].field == FIELD_TITLE || fields[i].field == FIELD_TEXT;
		if (fields[i].text.n > 0 && (always || any_mark(&m, 0, fields[i].text.n))) {
			put_field(&m, fields[i].text, width > 20 ? width - 10 : 90);
		}
	}
}
