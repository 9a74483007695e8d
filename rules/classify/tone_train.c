/* Makes the tone model: tone_train [option=value…] OUT NAME[*TIMES]=FILE.tsv…
 *                       tone_train told=FILE MODEL OUT
 *                       tone_train claims=FILE MODEL OUT
 *
 * A line of a file is LABEL, a tab and a text. Features come from the code that reads posts. One linear
 * classifier a class (liblinear's L2-regularised logistic regression, in its dual form) learns from nine
 * texts of ten; on the tenth, chosen by a hash of its first words so that copies stay together, slope and
 * bias of the calibration are fitted with the classes weighed to `prior`, and what is printed is measured.
 * Then it learns from all texts, and OUT is written. A NAME with a + before it is only measured, and texts
 * that are also there are not learnt from. The same input gives the same file. Not needed to build hark:
 * `make rules/classify/tone_train`, with liblinear-dev. */
#include "rules/classify/tone_model.h"

#include "monitor/base/file.h"

#include <linear.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SOURCES_MAX 16
#define HELD_OF 10
#define KEY_WORDS 8
#define STEPS 800
#define LIMIT 127
#define TABLE_BYTES ((size_t)TONE_BUCKETS * TONE_SIDES)
#define TOLD_BYTES ((size_t)TONE_TOLD_BUCKETS * TONE_TOLD)
#define CLAIM_BYTES (sizeof(struct tone_claim_head) + (size_t)TONE_CLAIM_LINES * TONE_CLAIM_LINE)
#define TABLES_BYTES (TABLE_BYTES + TOLD_BYTES + TONE_TOLD_BUCKETS + CLAIM_BYTES)
#define TOLD_FLOATS_BYTES ((TOLD_BYTES + TONE_TOLD_BUCKETS) * sizeof(float))

struct example {
	struct feature_node *x;
	uint64_t key;
	double s[TONE_CLASSES];
	int label, source;
	bool held, copy;
};

struct source {
	const char *name;
	int times;
	bool measured_only;
};

static struct trainer {
	struct example *v;
	size_t n, cap;
	struct source sources[SOURCES_MAX];
	int sources_n;
	double cost, weight[TONE_CLASSES], prior[TONE_CLASSES], group[TONE_GROUPS];
	float *w; /* [bucket * TONE_CLASSES + class] */
	double slope, bias[TONE_CLASSES];
	struct tone_words *words;
	struct tone_scan scan;
	struct tone_memory memory;
	struct tone_features features;
} t = {.cost = 3,
	.weight = {1.5, 1, 1},
	.prior = {0.31, 0.34, 0.35},
	.group = {1, 1, 0.3},
	.slope = 1};

static const char *const labels[TONE_CLASSES] = {"negative", "neutral", "positive"};
static const char origin[] =
	"English tweets of SemEval 2013-2016 task 4 (under the task's and "
	"Twitter's terms), sentences of the Stanford Sentiment Treebank (research), and invented texts of tests/quality";

static void die(const char *what)
{
	fprintf(stderr, "tone_train: %s\n", what);
	exit(EXIT_FAILURE);
}
static void *must(void *p)
{
	if (p == NULL) {
		die("no memory");
	}
	return p;
}

static int by_index(const void *a, const void *b)
{
	return ((const struct feature_node *)a)->index - ((const struct feature_node *)b)->index;
}

/* Sorted, each bucket once. */
static struct feature_node *row_of(const struct tone_features *f)
{
	static struct feature_node row[TONE_GROUPS * TONE_FEATURES_MAX + 1];
	size_t n = 0, m = 0;
	for (int g = 0; g < TONE_GROUPS; g++) {
		double value = t.group[g] / tone_group_norm(f, (enum tone_group)g);
		for (uint32_t i = 0; i < f->n[g]; i++) {
			row[n++] = (struct feature_node){(int)f->v[g][i].bucket + 1, value};
		}
	}
	qsort(row, n, sizeof(row[0]), by_index);
	for (size_t i = 0; i < n; i++) {
		if (m > 0 && row[m - 1].index == row[i].index) {
			row[m - 1].value += row[i].value;
		} else {
			row[m++] = row[i];
		}
	}
	row[m++].index = -1;
	struct feature_node *copy = must(malloc(m * sizeof(row[0])));
	memcpy(copy, row, m * sizeof(row[0]));
	return copy;
}

static uint64_t key_of(const struct tone_scan *s)
{
	uint64_t key = 1;
	unsigned words = 0;
	for (uint32_t i = 0; i < s->n && words < KEY_WORDS; i++) {
		if (s->v[i].kind == TONE_WORD) {
			key = key * 31 + s->v[i].hash;
			words++;
		}
	}
	return key;
}

/* "does n't , it 's" of a treebank as it is written elsewhere. */
static void join_pieces(char *text)
{
	char *to = text;
	for (const char *p = text; *p != '\0'; p++) {
		bool apart =
			*p == ' ' &&
			(p[1] == '\'' || strncmp(p + 1, "n't", 3) == 0 ||
				((p[1] == ',' || p[1] == '.') && (p[2] == ' ' || p[2] == '\0')));
		if (!apart) {
			*to++ = *p;
		}
	}
	*to = '\0';
}

static void add(int label, char *text, int source)
{
	if (t.n == t.cap) {
		t.cap = t.cap == 0 ? 4096 : 2 * t.cap;
		t.v = must(realloc(t.v, t.cap * sizeof(*t.v)));
	}
	struct example *e = &t.v[t.n++];
	memset(e, 0, sizeof(*e));
	join_pieces(text);
	tone_scan(&t.scan, STR_NONE, str_c(text));
	tone_words_mark(t.words, &t.memory, &t.scan);
	tone_features_read(&t.scan, &t.features);
	e->x = row_of(&t.features);
	e->key = key_of(&t.scan);
	e->held = t.sources[source].measured_only ||
		  (e->key * 0x9e3779b97f4a7c15ull >> 33) % HELD_OF == 0;
	e->label = label;
	e->source = source;
}

static void load(const char *path, int source)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	if (f == NULL) {
		die(path);
	}
	while ((n = getline(&line, &cap, f)) > 0) {
		char *tab = strchr(line, '\t');
		line[n - 1] = line[n - 1] == '\n' ? '\0' : line[n - 1];
		for (int c = 0; c < TONE_CLASSES && tab != NULL; c++) {
			if (strncmp(line, labels[c], (size_t)(tab - line)) == 0) {
				add(c, tab + 1, source);
			}
		}
	}
	free(line);
	fclose(f);
}

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}
/* What is measured is not learnt from. */
static void mark_copies(void)
{
	uint64_t *keys = must(malloc((t.n + 1) * sizeof(*keys)));
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++) {
		if (t.sources[t.v[i].source].measured_only) {
			keys[n++] = t.v[i].key;
		}
	}
	qsort(keys, n, sizeof(*keys), by_key);
	for (size_t i = 0; i < t.n; i++) {
		t.v[i].copy = !t.sources[t.v[i].source].measured_only &&
			      bsearch(&t.v[i].key, keys, n, sizeof(*keys), by_key) != NULL;
	}
	free(keys);
}

static void quiet(const char *text)
{
	(void)text;
}

static void learn(bool all)
{
	int order[TONE_CLASSES] = {0, 1, 2};
	size_t most = 0;
	for (size_t i = 0; i < t.n; i++) {
		most += (size_t)t.sources[t.v[i].source].times;
	}
	struct problem p = {.n = (int)TONE_BUCKETS,
		.bias = -1,
		.y = must(malloc(most * sizeof(double))),
		.x = must(malloc(most * sizeof(struct feature_node *)))};
	for (size_t i = 0; i < t.n; i++) {
		const struct example *e = &t.v[i];
		const struct source *s = &t.sources[e->source];
		for (int k = 0; k < s->times && !s->measured_only && !e->copy && (all || !e->held);
			k++) {
			p.y[p.l] = e->label;
			p.x[p.l++] = e->x;
		}
	}
	struct parameter how = {.solver_type = L2R_LR_DUAL,
		.eps = 0.1,
		.C = t.cost,
		.nr_weight = TONE_CLASSES,
		.weight_label = order,
		.weight = t.weight,
		.p = 0.1};
	set_print_string_function(quiet);
	struct model *m = train(&p, &how);
	for (int k = 0; k < m->nr_class; k++) {
		for (size_t b = 0; b < TONE_BUCKETS; b++) {
			t.w[b * TONE_CLASSES + (size_t)m->label[k]] =
				(float)m->w[b * (size_t)m->nr_class + (size_t)k];
		}
	}
	printf("learnt from %d texts\n", p.l);
	free(p.x);
	free(p.y);
	free_and_destroy_model(&m);
}

static void score_all(void)
{
	for (size_t i = 0; i < t.n; i++) {
		memset(t.v[i].s, 0, sizeof(t.v[i].s));
		for (const struct feature_node *x = t.v[i].x; x->index > 0; x++) {
			for (int c = 0; c < TONE_CLASSES; c++) {
				t.v[i].s[c] += x->value *
					       (double)t.w[(size_t)(x->index - 1) * TONE_CLASSES +
							   (size_t)c];
			}
		}
	}
}

static void chances(const struct example *e, double p[TONE_CLASSES])
{
	double all = 0;
	for (int c = 0; c < TONE_CLASSES; c++) {
		all += p[c] = exp(t.slope * e->s[c] + t.bias[c]);
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		p[c] /= all;
	}
}

/* Of the first source, whose held texts are many and have all classes. */
static void calibrate(void)
{
	double count[TONE_CLASSES] = {0}, speed[TONE_CLASSES + 1] = {0};
	for (size_t i = 0; i < t.n; i++) {
		count[t.v[i].label] += t.v[i].held && t.v[i].source == 0;
	}
	for (int k = 0; k < STEPS; k++) {
		double down[TONE_CLASSES + 1] = {0};
		for (size_t i = 0; i < t.n; i++) {
			const struct example *e = &t.v[i];
			double p[TONE_CLASSES];
			if (!e->held || e->source != 0) {
				continue;
			}
			chances(e, p);
			for (int c = 0; c < TONE_CLASSES; c++) {
				double d = t.prior[e->label] / count[e->label] *
					   (p[c] - (c == e->label));
				down[c] += d;
				down[TONE_CLASSES] += d * e->s[c];
			}
		}
		for (int c = 0; c <= TONE_CLASSES; c++) {
			speed[c] = 0.9 * speed[c] - 0.5 * down[c];
			*(c < TONE_CLASSES ? &t.bias[c] : &t.slope) += speed[c];
		}
	}
}

static void measure(int source)
{
	double n[TONE_CLASSES] = {0}, right[TONE_CLASSES] = {0}, said[TONE_CLASSES] = {0},
	       gap[10] = {0};
	double all = 0, macro = 0, off = 0;
	int classes = 0;
	for (size_t i = 0; i < t.n; i++) {
		const struct example *e = &t.v[i];
		double p[TONE_CLASSES];
		if (e->source != source || !e->held || e->copy) {
			continue;
		}
		chances(e, p);
		int best = p[1] >= p[0] ? 1 : 0;
		best = p[2] > p[best] ? 2 : best;
		n[e->label]++;
		said[best]++;
		right[best] += best == e->label;
		gap[(int)(p[best] * 9.999)] += p[best] - (best == e->label);
		all++;
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		macro += n[c] > 0 ? right[c] / n[c] : 0;
		classes += n[c] > 0;
	}
	for (int k = 0; k < 10; k++) {
		off += fabs(gap[k]) / all;
	}
	printf("%-10s n %5.0f macro-recall %.3f calibration error %.3f; recall",
		t.sources[source].name, all, macro / classes, off);
	for (int c = 0; c < TONE_CLASSES; c++) {
		printf(" %s %.3f", labels[c], n[c] > 0 ? right[c] / n[c] : 0);
	}
	printf("; praise precision %.3f\n", said[2] > 0 ? right[2] / said[2] : 0);
}

/* What is written: negative less neutral, positive less neutral. */
static float side_of(size_t i)
{
	const float *w = &t.w[i / TONE_SIDES * TONE_CLASSES];
	return w[i % TONE_SIDES * 2] - w[1];
}

/* The largest becomes LIMIT. */
static float step_of(const float *v, size_t n)
{
	float most = 0;
	for (size_t i = 0; i < n; i++) {
		most = fabsf(v[i]) > most ? fabsf(v[i]) : most;
	}
	return most > 0 ? most / LIMIT : 1;
}

static void write_file(struct tone_model_head *head, const int8_t *tables, const char *path)
{
	struct hark_err err;
	struct buf out;
	head->checksum = tone_model_checksum(head, tables);
	buf_init(&out, sizeof(*head) + TABLES_BYTES);
	buf_add_str(&out, str_n((const char *)head, sizeof(*head)));
	buf_add_str(&out, str_n((const char *)tables, TABLES_BYTES));
	if (out.rc != HARK_OK || file_write(path, buf_str(&out), 0644, &err) != HARK_OK) {
		die("the model cannot be written");
	}
	buf_release(&out);
}

static void write_model(const char *path)
{
	struct tone_model_head head = {.version = TONE_MODEL_VERSION,
		.features_version = TONE_FEATURES_VERSION,
		.buckets_log2 = TONE_BUCKETS_LOG2,
		.classes = TONE_CLASSES,
		.slope = (float)t.slope};
	int8_t *tables = must(calloc(TABLES_BYTES, 1));
	float *sides = must(malloc(TABLE_BYTES * sizeof(float)));
	memcpy(head.magic, TONE_MODEL_MAGIC, sizeof(head.magic));
	memcpy(head.origin, origin, sizeof(origin));
	for (size_t i = 0; i < TABLE_BYTES; i++) {
		sides[i] = side_of(i);
	}
	head.step = step_of(sides, TABLE_BYTES);
	for (size_t i = 0; i < TABLE_BYTES; i++) {
		tables[i] = (int8_t)lrintf(sides[i] / head.step);
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		head.bias[c] = (float)t.bias[c];
	}
	for (int g = 0; g < TONE_GROUPS; g++) {
		head.group[g] = (float)t.group[g];
	}
	write_file(&head, tables, path);
	free(sides);
	free(tables);
}

/* The floats of limits, of kinds and, behind these, of firms are of different size: each have a step of their own.
 * What claims are told by stands behind them as it is kept. */
static void tell(const char *floats, const char *path, const char *to)
{
	struct tone_model m;
	struct hark_err err;
	struct buf in;
	buf_init(&in, TOLD_FLOATS_BYTES + CLAIM_BYTES);
	if (tone_model_open(&m, path, &err) != HARK_OK || file_read(&in, floats, &err) != HARK_OK) {
		die(err.text);
	}
	if (in.n != TOLD_FLOATS_BYTES + CLAIM_BYTES) {
		die("what words tell is of another size");
	}
	struct tone_model_head head = *m.head;
	int8_t *tables = must(malloc(TABLES_BYTES));
	float *limit = must(malloc(TOLD_BYTES * sizeof(float))), *kind = limit + TONE_TOLD_BUCKETS;
	const float *v = (const float *)(const void *)buf_c(&in);
	memcpy(tables, m.table, TABLE_BYTES);
	for (size_t i = 0, k = 0; i < TOLD_BYTES; i++) {
		*(i % TONE_TOLD == TONE_TOLD_LIMIT ? &limit[i / TONE_TOLD] : &kind[k++]) = v[i];
	}
	head.told_limit = step_of(limit, TONE_TOLD_BUCKETS);
	head.told_kind = step_of(kind, TOLD_BYTES - TONE_TOLD_BUCKETS);
	for (size_t i = 0; i < TOLD_BYTES; i++) {
		float step = i % TONE_TOLD == TONE_TOLD_LIMIT ? head.told_limit : head.told_kind;
		tables[TABLE_BYTES + i] = (int8_t)lrintf(v[i] / step);
	}
	const float *firm = v + TOLD_BYTES;
	head.told_firm = step_of(firm, TONE_TOLD_BUCKETS);
	for (size_t i = 0; i < TONE_TOLD_BUCKETS; i++) {
		tables[TABLE_BYTES + TOLD_BYTES + i] = (int8_t)lrintf(firm[i] / head.told_firm);
	}
	memcpy(tables + TABLES_BYTES - CLAIM_BYTES, buf_c(&in) + TOLD_FLOATS_BYTES, CLAIM_BYTES);
	write_file(&head, tables, to);
	free(limit);
	free(tables);
	buf_release(&in);
	tone_model_close(&m);
}

/* The same of claims alone: the other tables stay. */
static void claim(const char *claims, const char *path, const char *to)
{
	struct tone_model m;
	struct hark_err err;
	struct buf in;
	buf_init(&in, CLAIM_BYTES);
	if (tone_model_open(&m, path, &err) != HARK_OK || file_read(&in, claims, &err) != HARK_OK) {
		die(err.text);
	}
	if (in.n != CLAIM_BYTES) {
		die("what claims are told by is of another size");
	}
	struct tone_model_head head = *m.head;
	int8_t *tables = must(malloc(TABLES_BYTES));
	memcpy(tables, m.table, TABLES_BYTES - CLAIM_BYTES);
	memcpy(tables + TABLES_BYTES - CLAIM_BYTES, buf_c(&in), CLAIM_BYTES);
	write_file(&head, tables, to);
	free(tables);
	buf_release(&in);
	tone_model_close(&m);
}

static bool read_option(const char *arg)
{
	double *v = strncmp(arg, "weight=", 7) == 0   ? t.weight
		    : strncmp(arg, "prior=", 6) == 0  ? t.prior
		    : strncmp(arg, "groups=", 7) == 0 ? t.group
						      : NULL;
	if (strncmp(arg, "cost=", 5) == 0) {
		t.cost = strtod(arg + 5, NULL);
		return true;
	}
	return v != NULL && sscanf(strchr(arg, '=') + 1, "%lf,%lf,%lf", &v[0], &v[1], &v[2]) == 3;
}

static void read_source(char *arg)
{
	char *file = strchr(arg, '='), *times = strchr(arg, '*');
	if (file == NULL || t.sources_n == SOURCES_MAX) {
		die("NAME=FILE, or too many of them");
	}
	*file++ = '\0';
	struct source *s = &t.sources[t.sources_n++];
	s->times = times != NULL && times < file ? atoi(times + 1) : 1;
	s->measured_only = arg[0] == '+';
	s->name = arg + s->measured_only;
	load(file, t.sources_n - 1);
}

int main(int argc, char **argv)
{
	const char *out = NULL;
	if (argc == 4 && strncmp(argv[1], "told=", 5) == 0) {
		tell(argv[1] + 5, argv[2], argv[3]);
		return EXIT_SUCCESS;
	}
	if (argc == 4 && strncmp(argv[1], "claims=", 7) == 0) {
		claim(argv[1] + 7, argv[2], argv[3]);
		return EXIT_SUCCESS;
	}
	t.words = must(tone_words_new());
	t.w = must(calloc((size_t)TONE_BUCKETS * TONE_CLASSES, sizeof(*t.w)));
	for (int i = 1; i < argc; i++) {
		if (out == NULL && read_option(argv[i])) {
			continue;
		}
		if (out == NULL) {
			out = argv[i];
		} else {
			read_source(argv[i]);
		}
	}
	if (t.sources_n == 0) {
		die("tone_train [option=value…] OUT NAME[*TIMES]=FILE.tsv…, or told=FILE MODEL OUT");
	}
	mark_copies();
	learn(false);
	score_all();
	calibrate();
	for (int i = 0; i < t.sources_n; i++) {
		measure(i);
	}
	learn(true);
	write_model(out);
	return EXIT_SUCCESS;
}
