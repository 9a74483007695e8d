/* Posts in (JSON lines), and for each a line of what its tone is told by: its clauses with their signs, the
 * signs of all of it. tests/quality/train_tone.py learns from them. `tone_frames names`: what they are called.
 * `tone_frames MODEL` reads another model. */
#include "monitor/base/jsonout.h"
#include "monitor/base/lines.h"
#include "rules/classify/tone.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)16 << 20)

static void write_signs(struct jsonout *j, const char *name, const float *v, size_t n)
{
	jsonout_key(j, name);
	jsonout_array(j);
	for (size_t k = 0; k < n; k++) {
		jsonout_double(j, (double)v[k]);
	}
	jsonout_end_array(j);
}

/* The buckets of the words and pairs of tokens from … to, which tone_sums_limit() adds up. */
static void write_words(struct jsonout *j, const struct tone_sums *x, uint32_t from, uint32_t to)
{
	jsonout_key(j, "words");
	jsonout_array(j);
	for (uint32_t i = from; i < to; i++) {
		if (to - from > 2 * TONE_LOOKED_AT && i == from + TONE_LOOKED_AT) {
			i = to - TONE_LOOKED_AT;
		}
		jsonout_i64(j, x->bucket[i][0]);
		jsonout_i64(j, x->bucket[i][1]);
	}
	jsonout_end_array(j);
}

/* The buckets of all features of tokens from … to that claims are told by. */
static void write_claimed(
	struct jsonout *j, const struct tone_claims *x, uint32_t from, uint32_t to)
{
	jsonout_key(j, "claimed");
	jsonout_array(j);
	for (uint32_t i = from; i < to; i++) {
		for (int k = 0; k < CLAIM_FEATURES; k++) {
			jsonout_i64(j, x->bucket[i][k]);
		}
	}
	jsonout_end_array(j);
}

static void write_clause(
	struct jsonout *j, const struct tone_watched *w, const struct tone_clause *c)
{
	const struct tone_scan *s = w->scan;
	const struct tone_token *first = &s->v[c->from], *last = &s->v[c->to - 1];
	struct str field = first->title ? s->title : s->text;
	jsonout_object(j);
	jsonout_key_str(j, "text", str_n(field.p + first->start, last->end - first->start));
	jsonout_key(j, "tone");
	jsonout_double(j, (double)c->tone);
	write_signs(j, "signs", c->sign, CLAUSE_SIGNS);
	write_words(j, w->sums, c->from, c->to);
	write_claimed(j, w->claims, c->from, c->to);
	jsonout_end_object(j);
}

/* What is learnt of whole sentences: whether one tells a lesson, or a choice. */
static void write_sentences(struct jsonout *j, const struct tone_watched *w)
{
	const struct tone_scan *s = w->scan;
	jsonout_key(j, "sentences");
	jsonout_array(j);
	for (uint32_t i = 0, to; i < s->n; i = to + 1) {
		for (to = i; to < s->n && !tone_ends_sentence(s, to); to++) {
		}
		if (to > i && s->v[i].title == s->v[to - 1].title) {
			struct str field = s->v[i].title ? s->title : s->text;
			jsonout_object(j);
			jsonout_key_str(j, "text",
				str_n(field.p + s->v[i].start, s->v[to - 1].end - s->v[i].start));
			write_claimed(j, w->claims, i, to);
			jsonout_end_object(j);
		}
	}
	jsonout_end_array(j);
}

static void write_chances(struct jsonout *j, const char *name, const double *v, size_t n)
{
	jsonout_key(j, name);
	jsonout_array(j);
	for (size_t k = 0; k < n; k++) {
		jsonout_double(j, v[k]);
	}
	jsonout_end_array(j);
}

/* How the whole is read before its claims are. */
static void write_read(struct jsonout *j, const struct tone_whole *x)
{
	write_chances(j, "kind", x->kind, TONE_KINDS);
	write_chances(j, "chat", x->chat, TONE_CLASSES);
	write_chances(j, "chatter", &x->chatter, 1);
}

static int print_frames(
	struct tone_reader *r, struct str line, struct arena *arena, struct buf *out)
{
	struct post post;
	struct jsonout j;
	struct hark_err err = {0};
	struct tone_watched w;
	post_init(&post);
	int rc = post_read_json(&post, line, arena, &err);
	if (rc != HARK_OK) {
		return rc;
	}
	tone_watch(r, &post, &w);
	buf_clear(out);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "label", tone_label_name(w.label));
	jsonout_key(&j, "clauses");
	jsonout_array(&j);
	for (size_t k = 0; w.label != TONE_UNKNOWN && k < w.clauses->n; k++) {
		write_clause(&j, &w, &w.clauses->v[k]);
	}
	jsonout_end_array(&j);
	write_signs(&j, "signs", w.whole->sign, WHOLE_SIGNS);
	if (w.label != TONE_UNKNOWN) {
		float firm[FIRM_SIGNS];
		tone_firm_signs(w.scan, w.clauses, firm);
		write_signs(&j, "firm", firm, FIRM_SIGNS);
		write_words(&j, w.sums, 0, w.scan->n);
		write_claimed(&j, w.claims, 0, w.scan->n);
		write_sentences(&j, &w);
		write_read(&j, w.whole);
	}
	jsonout_key(&j, "moved");
	jsonout_double(&j, w.moved);
	jsonout_end_object(&j);
	puts(buf_c(out));
	return rc;
}

static int print_names(void)
{
	for (int k = 0; k < CLAUSE_SIGNS; k++) {
		printf("clause\t%s\n", tone_clause_sign_name((enum tone_clause_sign)k));
	}
	for (int k = 0; k < WHOLE_SIGNS; k++) {
		printf("whole\t%s\n", tone_whole_sign_name((enum tone_whole_sign)k));
	}
	for (unsigned k = 0; k < CLAIM_SIGNS; k++) {
		printf("claim\t%s\n", tone_claim_sign_name(k));
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct buf line, out;
	struct arena arena;
	struct lines in;
	struct tone_model model;
	struct hark_err err = {0};
	if (argc > 1 && strcmp(argv[1], "names") == 0) {
		return print_names();
	}
	int rc = argc > 1 ? tone_model_open(&model, argv[1], &err)
			  : tone_model_open_own(&model, &err);
	if (rc != HARK_OK) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_FAILURE;
	}
	lines_init(&in, STDIN_FILENO, LINE_BYTES_MAX);
	buf_init(&line, LINE_BYTES_MAX + 1);
	buf_init(&out, LINE_BYTES_MAX);
	arena_init(&arena, 0);
	struct tone_reader *r = tone_reader_new(&model);
	rc = r != NULL && fold_init() == HARK_OK ? HARK_OK : HARK_ENOMEM;
	while (rc == HARK_OK && (rc = lines_next(&in, &line, &err)) == HARK_OK) {
		rc = print_frames(r, str_trim(buf_str(&line)), &arena, &out);
		buf_clear(&line);
		arena_reset(&arena);
	}
	tone_reader_free(r);
	tone_model_close(&model);
	arena_release(&arena);
	buf_release(&line);
	buf_release(&out);
	return rc == HARK_ENOENT ? EXIT_SUCCESS : EXIT_FAILURE;
}
