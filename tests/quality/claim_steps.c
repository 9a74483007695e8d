/* Weights of sparse rows, one kind against the others: what train_tone.py learns what clauses claim by.
 *
 * A step after each row, for each feature the shorter the steeper it was so far (AdaGrad), drawn towards 0 as often as
 * the feature is met. From standard input, numbers as the machine has them: struct head, then int32_t ends[rows + 1],
 * feature[cells], kind[rows], order[rounds * rows], float value[cells], share[rows * KINDS], draw[features]. To standard
 * output float weight[(features + 1) * KINDS], those without any feature last. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS 8 /* no more are told apart */

struct head {
	int32_t rows, features, cells, rounds;
	float rate;
};

struct lanes {
	float v[KINDS];
};

struct learner {
	struct head head;
	int32_t *ends, *feature, *kind, *order;
	float *value, *draw;
	struct lanes *share;
	struct lanes *weight, *steep;
};

static void *must(void *p)
{
	if (p == NULL) {
		fputs("no memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

static void *take(size_t n, size_t size)
{
	void *p = must(calloc(n + 1, size));
	if (fread(p, size, n, stdin) != n) {
		fputs("the input is too short\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

static void move(struct learner *l, int32_t at, const struct lanes *slope, float rate)
{
	struct lanes *w = &l->weight[at], *steep = &l->steep[at];
	for (int k = 0; k < KINDS; k++) {
		steep->v[k] += slope->v[k] * slope->v[k];
		w->v[k] -= rate * slope->v[k] / sqrtf(steep->v[k] + 1e-8f);
	}
}

static void learn_row(struct learner *l, int32_t row, float rate)
{
	struct lanes sum = l->weight[l->head.features], slope, here;
	for (int32_t i = l->ends[row]; i < l->ends[row + 1]; i++) {
		for (int k = 0; k < KINDS; k++) {
			sum.v[k] += l->value[i] * l->weight[l->feature[i]].v[k];
		}
	}
	for (int k = 0; k < KINDS; k++) {
		float chance = 1 / (1 + expf(-sum.v[k]));
		slope.v[k] = l->share[row].v[k] * (chance - (l->kind[row] == k ? 1 : 0));
	}
	for (int32_t i = l->ends[row]; i < l->ends[row + 1]; i++) {
		int32_t at = l->feature[i];
		for (int k = 0; k < KINDS; k++) {
			here.v[k] = l->value[i] * slope.v[k] + l->draw[at] * l->weight[at].v[k];
		}
		move(l, at, &here, rate);
	}
	move(l, l->head.features, &slope, rate);
}

int main(void)
{
	struct learner l;
	memset(&l, 0, sizeof(l));
	struct head *head = take(1, sizeof(*head));
	l.head = *head;
	size_t rows = (size_t)head->rows, cells = (size_t)head->cells;
	l.ends = take(rows + 1, sizeof(*l.ends));
	l.feature = take(cells, sizeof(*l.feature));
	l.kind = take(rows, sizeof(*l.kind));
	l.order = take(rows * (size_t)head->rounds, sizeof(*l.order));
	l.value = take(cells, sizeof(*l.value));
	l.share = take(rows, sizeof(*l.share));
	l.draw = take((size_t)head->features, sizeof(*l.draw));
	l.weight = must(calloc((size_t)head->features + 1, sizeof(*l.weight)));
	l.steep = must(calloc((size_t)head->features + 1, sizeof(*l.steep)));
	for (size_t i = 0; i < rows * (size_t)head->rounds; i++) {
		int32_t number = (int32_t)(i / rows);
		float done = (float)number / (float)head->rounds;
		learn_row(&l, l.order[i], head->rate * (1 - 0.9f * done));
	}
	fwrite(l.weight, sizeof(*l.weight), (size_t)head->features + 1, stdout);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
