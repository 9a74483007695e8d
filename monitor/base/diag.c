#include "monitor/base/diag.h"

#include "monitor/base/err.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/utf8.h"

#include <stdlib.h>

#define DIAGS_MAX 1000
#define SHOWN_MAX 65536

void diags_init(struct diags *d)
{
	*d = (struct diags){0};
	arena_init(&d->arena, 0);
}

void diags_release(struct diags *d)
{
	arena_release(&d->arena);
	*d = (struct diags){0};
}

void diags_add(struct diags *d, enum diag_level level, const char *code, struct diag_at at,
	struct str source, const char *help, const char *fmt, ...)
{
	struct diag *grown = NULL;
	if (level == DIAG_ERROR) {
		d->errors++;
	}
	if (d->n < DIAGS_MAX) {
		grown = arena_grow(&d->arena, d->v, d->n, &d->cap, sizeof(*d->v));
	}
	if (grown == NULL) {
		d->rc = d->n < DIAGS_MAX ? HARK_ENOMEM : d->rc;
		d->lost++;
		return;
	}
	char message[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	d->v = grown;
	d->v[d->n++] = (struct diag){
		.level = level,
		.code = arena_c(&d->arena, str_c(code)),
		.at = at,
		.message = arena_c(&d->arena, str_c(message)),
		.help = help != NULL ? arena_c(&d->arena, str_c(help)) : NULL,
		.source = arena_c(&d->arena, str_cut_utf8(source, 400)),
	};
	d->v[d->n - 1].at.file = arena_c(&d->arena, str_c(at.file != NULL ? at.file : "?"));
	d->rc = d->arena.rc != HARK_OK ? d->arena.rc : d->rc;
}

bool diags_has(const struct diags *d, const char *code, const char *file, const char *message)
{
	for (size_t i = 0; i < d->n && d->rc == HARK_OK; i++) {
		if (strcmp(d->v[i].code, code) == 0 && strcmp(d->v[i].at.file, file) == 0 &&
			strcmp(d->v[i].message, message) == 0) {
			return true;
		}
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	int order =
		strcmp(x->at.file != NULL ? x->at.file : "", y->at.file != NULL ? y->at.file : "");
	if (order == 0) {
		order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	}
	return order != 0 ? order : (x->at.col > y->at.col) - (x->at.col < y->at.col);
}

static void sort(struct diags *d)
{
	if (d->n > 1) {
		qsort(d->v, d->n, sizeof(*d->v), by_place);
	}
}

/* Files and what they say are strangers' text: nothing in it may steer the terminal. */
static void print_text(struct diags *d, FILE *out, const char *text)
{
	struct buf shown;
	buf_init(&shown, SHOWN_MAX);
	if (utf8_show(&shown, str_c(text)) == HARK_OK) {
		fwrite(buf_c(&shown), 1, shown.n, out);
	} else {
		d->rc = shown.rc;
	}
	buf_release(&shown);
}

static void print_caret(struct diags *d, const struct diag *g, FILE *out, bool color)
{
	unsigned col = 1;
	fprintf(out, "%5u | ", g->at.line);
	print_text(d, out, g->source);
	fputs("\n      | ", out);
	for (const char *p = g->source; *p != '\0' && col < g->at.col; p++) {
		if (((unsigned char)*p & 0xc0) != 0x80) {
			fputc(*p == '\t' ? '\t' : ' ', out);
			col++;
		}
	}
	fputs(color ? "\033[1;32m^" : "^", out);
	for (unsigned c = g->at.col + 1; c < g->at.col_end && c < g->at.col + 100; c++) {
		fputc('~', out);
	}
	fputs(color ? "\033[0m\n" : "\n", out);
}

void diags_print(struct diags *d, FILE *out, bool color)
{
	sort(d);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *g = &d->v[i];
		const char *level = g->level == DIAG_ERROR ? "error" : "warning";
		print_text(d, out, g->at.file);
		if (g->at.line > 0) {
			fprintf(out, ":%u:%u", g->at.line, g->at.col);
		}
		fprintf(out, ": %s%s %s%s: ",
			color ? (g->level == DIAG_ERROR ? "\033[1;31m" : "\033[1;33m") : "", level,
			g->code, color ? "\033[0m" : "");
		print_text(d, out, g->message);
		if (g->help != NULL) {
			fputs("   (", out);
			print_text(d, out, g->help);
			fputc(')', out);
		}
		fputc('\n', out);
		if (g->source != NULL && g->at.line > 0 && g->at.col > 0) {
			print_caret(d, g, out, color);
		}
	}
	if (d->lost > 0) {
		fprintf(out, "… and %zu more\n", d->lost);
	}
}

void diags_json(struct diags *d, struct buf *out)
{
	sort(d);
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_array(&j);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *g = &d->v[i];
		jsonout_object(&j);
		jsonout_key_c(&j, "level", g->level == DIAG_ERROR ? "error" : "warning");
		jsonout_key_c(&j, "code", g->code);
		jsonout_key_c(&j, "file", g->at.file);
		jsonout_key_i64(&j, "line", g->at.line);
		jsonout_key_i64(&j, "col", g->at.col);
		jsonout_key_i64(
			&j, "col_end", g->at.col_end > g->at.col ? g->at.col_end : g->at.col + 1);
		jsonout_key_i64(&j, "byte_col", g->at.byte_col > 0 ? g->at.byte_col : g->at.col);
		jsonout_key_c(&j, "message", g->message);
		if (g->help != NULL) {
			jsonout_key_c(&j, "help", g->help);
		}
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
}

#define WORD_MAX 40

/* Damerau-Levenshtein, the variant that allows one swap of neighbours (optimal string alignment). */
static unsigned edits(struct str a, struct str b)
{
	unsigned row[3][WORD_MAX + 1];
	for (size_t j = 0; j <= b.n; j++) {
		row[0][j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned cost = a.p[i - 1] != b.p[j - 1];
			unsigned best = up[j - 1] + cost;
			if (up[j] + 1 < best) {
				best = up[j] + 1;
			}
			if (now[j - 1] + 1 < best) {
				best = now[j - 1] + 1;
			}
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1] && up2[j - 2] + 1 < best) {
				best = up2[j - 2] + 1;
			}
			now[j] = best;
		}
	}
	return row[a.n % 3][b.n];
}

const char *did_you_mean(struct str word, const char *const *candidates, size_t n)
{
	const char *nearest = NULL;
	unsigned least = (unsigned)(word.n + 2) / 3 + 1;
	if (word.n == 0 || word.n > WORD_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		struct str c = str_c(candidates[i]);
		if (c.n > WORD_MAX) {
			continue;
		}
		unsigned e = edits(word, c);
		if (e < least) {
			least = e;
			nearest = candidates[i];
		}
	}
	return nearest;
}
