#include "rules/fmt.h"

#include "rules/file.h"

#include <stdlib.h>

struct formatting {
	struct fmt *fmt;
	struct str text;
	struct arena *arena;
	struct diags *diags;
};

/* Offset of a line (from 1) in the file. */
static size_t line_start(struct str text, unsigned line)
{
	size_t at = 0;
	while (line > 1 && at < text.n) {
		const char *end = memchr(text.p + at, '\n', text.n - at);
		at = end != NULL ? (size_t)(end - text.p) + 1 : text.n;
		line--;
	}
	return at;
}

static size_t line_end(struct str text, size_t at)
{
	const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
	return end != NULL ? (size_t)(end - text.p) : text.n;
}

static void leave(
	const struct formatting *f, const struct yaml_node *node, const char *what, const char *why)
{
	diags_add(f->diags, DIAG_WARNING, "W014", node->at, STR_NONE, NULL,
		"the query of %s is left as it is: %s", what, why);
	f->fmt->kept++;
}

/* Bare text that YAML takes for nothing else. */
static bool may_be_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr(",[]{}#&*!|>'%@`\\\n", s.p[i]) != NULL && s.p[i] != '\0') {
			return false;
		}
	}
	bool first = s.n > 0 && strchr("\"-?:~=", s.p[0]) == NULL;
	return first && s.p[s.n - 1] != ':' && str_find(s, STR(": ")) == SIZE_MAX;
}

static void add_single_quoted(struct str s, struct buf *out)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		buf_add_c(out, s.p[i] == '\'' ? "'" : "");
		buf_add_char(out, s.p[i]);
	}
	buf_add_char(out, '\'');
}

static void add_edit(const struct formatting *f, struct fmt_edit edit)
{
	struct str old = str_n(f->text.p + edit.start, edit.end - edit.start);
	if (str_eq(old, edit.text)) {
		return;
	}
	struct fmt_edit *grown =
		arena_grow(f->arena, f->fmt->edits, f->fmt->n, &f->fmt->cap, sizeof(*grown));
	edit.text = arena_str(f->arena, edit.text);
	if (grown != NULL) {
		f->fmt->edits = grown;
		f->fmt->edits[f->fmt->n++] = edit;
	}
}

/* A scalar on one line stays on one line. */
static void format_line(
	const struct formatting *f, const struct query *q, const char *what, struct buf *out)
{
	const struct yaml_node *node = q->source;
	bool quoted = node->style == YAML_SINGLE_QUOTED;
	struct diag_at at = yaml_place(node, 0, 0);
	size_t start = line_start(f->text, at.line) + at.byte_col - 1 - quoted;
	size_t end = start + node->text.n;
	if (quoted) {
		end = start + 1;
		while (end + 1 < f->text.n &&
			(f->text.p[end] != '\'' || f->text.p[end + 1] == '\'')) {
			end += f->text.p[end] == '\'' ? 2 : 1;
		}
		end++;
	}
	struct buf flat;
	buf_init(&flat, 4 * QUERY_BYTES_MAX);
	query_format(q, 0, &flat);
	if (quoted || !may_be_plain(buf_str(&flat))) {
		add_single_quoted(buf_str(&flat), out);
	} else {
		buf_add_str(out, buf_str(&flat));
	}
	out->rc = flat.rc != HARK_OK ? flat.rc : out->rc;
	buf_release(&flat);
	add_edit(f, (struct fmt_edit){what, at.line, start, end, buf_str(out)});
}

/* A block keeps its indentation and its first line. */
static void format_block(
	const struct formatting *f, const struct query *q, const char *what, struct buf *out)
{
	const struct yaml_node *node = q->source;
	struct diag_at at = yaml_place(node, q->at, 0);
	unsigned first = node->at.line + 1;
	size_t start = line_start(f->text, first), head = start > 0 ? start - 1 : 0, end = start;
	const char *eol = head > 0 && f->text.p[head - 1] == '\r' ? "\r\n" : "\n";
	size_t indent = yaml_place(node, 0, 0).col - 1;
	struct str rest = node->text, part;
	for (size_t next = start; str_split(&rest, '\n', &part);) {
		size_t stop = line_end(f->text, next);
		end = str_trim(part).n > 0 ? stop : end; /* blank lines behind it stay */
		next = stop < f->text.n ? stop + 1 : stop;
	}
	end -= eol[0] == '\r' && end > start && f->text.p[end - 1] == '\r';
	struct buf lines;
	buf_init(&lines, 4 * QUERY_BYTES_MAX);
	query_format(q, indent + 20 < FMT_WIDTH ? FMT_WIDTH - indent : 20, &lines);
	rest = buf_str(&lines);
	while (str_split(&rest, '\n', &part)) {
		buf_add_c(out, out->n > 0 ? eol : "");
		for (size_t i = 0; i < indent; i++) {
			buf_add_char(out, ' ');
		}
		buf_add_str(out, part);
	}
	out->rc = lines.rc != HARK_OK ? lines.rc : out->rc;
	buf_release(&lines);
	add_edit(f, (struct fmt_edit){
			    what, at.line > first ? first : at.line, start, end, buf_str(out)});
}

/* "|2": the header says how far it is indented. */
static bool has_indicator(const struct formatting *f, const struct yaml_node *node)
{
	size_t from = line_start(f->text, node->at.line);
	struct str line = str_n(f->text.p + from, line_end(f->text, from) - from);
	size_t comment = str_find(line, STR(" #"));
	line.n = comment != SIZE_MAX ? comment : line.n;
	const char *bar = line.n > 0 ? memrchr(line.p, '|', line.n) : NULL;
	for (const char *c = bar; c != NULL && c < line.p + line.n; c++) {
		if (*c >= '0' && *c <= '9') {
			return true;
		}
	}
	return bar == NULL;
}

static void format_query(const struct formatting *f, const struct query *q, const char *what)
{
	const struct yaml_node *node = q->source;
	struct buf out;
	if (q->commented) {
		leave(f, node, what, "it holds comments");
		return;
	}
	buf_init(&out, 8 * QUERY_BYTES_MAX);
	if (node->style == YAML_LITERAL && !has_indicator(f, node)) {
		format_block(f, q, what, &out);
	} else if (node->style != YAML_LITERAL && node->at.col_end != 0) {
		format_line(f, q, what, &out);
	} else {
		leave(f, node, what, "it is written in a way that cannot be kept");
	}
	if (out.rc != HARK_OK) {
		f->arena->rc = out.rc;
	}
	buf_release(&out);
}

static const char *name_of(const struct formatting *f, const char *kind, struct str name)
{
	struct buf b;
	buf_init(&b, 1024);
	buf_printf(&b, "%s %.*s", kind, STR_FMT(name));
	const char *kept = arena_c(f->arena, buf_str(&b));
	buf_release(&b);
	return kept != NULL ? kept : kind;
}

static int by_start(const void *a, const void *b)
{
	const struct fmt_edit *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

static void format_all(const struct formatting *f, const struct rule_file *file)
{
	for (size_t i = 0; i < file->defines_n; i++) {
		const struct define *d = &file->defines[i];
		format_query(f, d->query, name_of(f, "define", d->name));
	}
	for (size_t i = 0; i < file->rules_n; i++) {
		const struct rule *r = &file->rules[i];
		format_query(f, r->match, name_of(f, "rule", r->id));
	}
	if (f->fmt->n > 1) {
		qsort(f->fmt->edits, f->fmt->n, sizeof(*f->fmt->edits), by_start);
	}
}

/* All queries of a file in the form that is compared. */
static void meaning(const struct rule_file *file, struct buf *out)
{
	for (size_t i = 0; i < file->defines_n; i++) {
		query_print(file->defines[i].query, out);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < file->rules_n; i++) {
		query_print(file->rules[i].match, out);
		buf_add_char(out, '\n');
	}
}

/* What is written must be read as what was read: nothing is changed that would change its meaning. */
static int verify(const struct formatting *f, const struct rule_file *before, const char *name,
	struct hark_err *err)
{
	struct buf text, old, new;
	struct diags again;
	diags_init(&again);
	buf_init(&text, 2 * RULE_FILE_MAX);
	buf_init(&old, 4 * RULE_FILE_MAX);
	buf_init(&new, 4 * RULE_FILE_MAX);
	fmt_apply(f->fmt, f->text, &text);
	struct rule_file *after = rule_file_read(buf_str(&text), name, f->arena, &again);
	bool same = after != NULL && again.errors == 0 && text.rc == HARK_OK;
	if (same) {
		meaning(before, &old);
		meaning(after, &new);
		same = old.rc == HARK_OK &&
		       new.rc == HARK_OK &&str_eq(buf_str(&old), buf_str(&new));
	}
	buf_release(&text);
	buf_release(&old);
	buf_release(&new);
	diags_release(&again);
	return same ? HARK_OK
		    : hark_err_set(err, f->arena->rc != HARK_OK ? f->arena->rc : HARK_ESTATE,
			      "%s is left as it is: its queries would not read the same afterwards",
			      name);
}

int fmt_file(struct fmt *out, struct str text, const char *name, struct arena *arena,
	struct diags *diags, struct hark_err *err)
{
	struct formatting f = {.fmt = out, .text = text, .arena = arena, .diags = diags};
	size_t before = diags->errors;
	*out = (struct fmt){0};
	struct rule_file *file = rule_file_read(text, name, arena, diags);
	if (file == NULL || diags->errors > before) {
		return hark_err_set(err, HARK_EPARSE, "%s has errors", name);
	}
	format_all(&f, file);
	return out->n > 0 || arena->rc != HARK_OK ? verify(&f, file, name, err) : HARK_OK;
}

void fmt_apply(const struct fmt *f, struct str text, struct buf *out)
{
	size_t at = 0;
	for (size_t i = 0; i < f->n; i++) {
		buf_add_str(out, str_n(text.p + at, f->edits[i].start - at));
		buf_add_str(out, f->edits[i].text);
		at = f->edits[i].end;
	}
	buf_add_str(out, str_n(text.p + at, text.n - at));
}
