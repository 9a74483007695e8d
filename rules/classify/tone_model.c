#include "rules/classify/tone_model.h"

#include "monitor/base/file.h"
#include "monitor/base/hash.h"
#include "rules/classify/tone_words.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_BYTES ((size_t)TONE_BUCKETS * TONE_SIDES)
#define TOLD_BYTES ((size_t)TONE_TOLD_BUCKETS * TONE_TOLD)
#define CLAIM_BYTES (sizeof(struct tone_claim_head) + (size_t)TONE_CLAIM_LINES * TONE_CLAIM_LINE)
#define TABLES_BYTES (TABLE_BYTES + TOLD_BYTES + TONE_TOLD_BUCKETS + CLAIM_BYTES)
#define FILE_BYTES (sizeof(struct tone_model_head) + TABLES_BYTES)

_Static_assert(sizeof(struct tone_model_head) == 512, "tables begin as lines of the cache");
_Static_assert(sizeof(struct tone_claim_head) == 2 * TONE_CLAIM_LINE, "lines begin as lines");
_Static_assert(FILE_BYTES <= 2u << 20, "a model stays small");

uint64_t tone_model_checksum(const struct tone_model_head *head, const int8_t *tables)
{
	struct tone_model_head copy = *head;
	copy.checksum = 0;
	uint64_t first = hash64(str_n((const char *)&copy, sizeof(copy)), 0);
	return hash64(str_n((const char *)tables, TABLES_BYTES), first);
}

/* What is wrong with it, or NULL. */
static const char *fault_of(const struct tone_model *m)
{
	const struct tone_model_head *h = m->head;
	if (m->bytes < sizeof(*h) || memcmp(h->magic, TONE_MODEL_MAGIC, sizeof(h->magic)) != 0) {
		return "is no tone model";
	}
	if (h->version != TONE_MODEL_VERSION || h->features_version != TONE_FEATURES_VERSION ||
		h->buckets_log2 != TONE_BUCKETS_LOG2 || h->classes != TONE_CLASSES) {
		return "is a tone model of another version of hark";
	}
	if (m->bytes != FILE_BYTES || h->checksum != tone_model_checksum(h, m->table)) {
		return "is a tone model that was cut or changed: its checksum is wrong";
	}
	return NULL;
}

double tone_model_share(const struct tone_model_head *h, enum tone_group group, uint32_t n)
{
	return (double)(h->step * h->group[group]) / sqrt(n > 0 ? n : 1);
}

static void tell_counts(struct tone_model *m)
{
	for (int g = 0; g < TONE_SIGNS; g++) {
		for (uint32_t n = 0; n < TONE_SHARES; n++) {
			m->share[g][n] = tone_model_share(m->head, (enum tone_group)g, n);
		}
	}
	for (unsigned n = 0; n < TONE_LOGARITHMS; n++) {
		m->log1p[n] = log1pf((float)n);
	}
}

int tone_model_open(struct tone_model *m, const char *path, struct hark_err *err)
{
	struct stat st;
	memset(m, 0, sizeof(*m));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe has no end */
	if (fd < 0 || fstat(fd, &st) != 0) {
		int rc = hark_err_errno(
			err, HARK_EIO, errno, "%s: the tone model cannot be read", path);
		if (fd >= 0) {
			close(fd);
		}
		return rc;
	}
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct tone_model_head)) {
		close(fd);
		return hark_err_set(err, HARK_EPARSE, "%s is no tone model", path);
	}
	m->bytes = (size_t)st.st_size < FILE_BYTES + 1 ? (size_t)st.st_size : FILE_BYTES + 1;
	void *p = mmap(NULL, m->bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED) {
		memset(m, 0, sizeof(*m));
		return hark_err_errno(
			err, HARK_ENOMEM, errno, "%s: no memory to map the tone model", path);
	}
	m->head = p;
	m->table = (const int8_t *)p + sizeof(struct tone_model_head);
	m->told = m->table + TABLE_BYTES;
	m->firm = m->told + TOLD_BYTES;
	m->claim_head = (const void *)(m->firm + TONE_TOLD_BUCKETS);
	m->claims = (const int8_t *)(m->claim_head + 1);
	const char *fault = fault_of(m);
	if (fault != NULL) {
		tone_model_close(m);
		return hark_err_set(err, HARK_EPARSE, "%s %s", path, fault);
	}
	m->words = tone_words_new();
	if (m->words == NULL) {
		tone_model_close(m);
		return hark_err_set(
			err, HARK_ENOMEM, "%s: no memory for the words of the tone model", path);
	}
	tell_counts(m);
	return HARK_OK;
}

int tone_model_open_own(struct tone_model *m, struct hark_err *err)
{
	static const char *const places[] = {"/../rules/classify", "/rules/classify",
		"/../../../rules/classify", "/../share/hark/classify", NULL};
	static const char name[] = "/tone.model";
	char path[PATH_MAX + sizeof(name)];
	file_own_dir(path, "HARK_MODELS", places, HARK_PKGDATADIR "/classify");
	strcat(path, name);
	return tone_model_open(m, path, err);
}

void tone_model_close(struct tone_model *m)
{
	if (m->head != NULL) {
		munmap((void *)(uintptr_t)m->head, m->bytes);
	}
	tone_words_free(m->words);
	memset(m, 0, sizeof(*m));
}

static double group_weight(
	const struct tone_model *m, const struct tone_features *f, enum tone_group group)
{
	return (double)m->head->group[group] * (double)m->head->step / tone_group_norm(f, group);
}

double tone_model_worth(const struct tone_model *m, const struct tone_features *f,
	enum tone_group group, uint32_t i, unsigned class)
{
	if (class == 1) {
		return 0; /* neutral: the others are told against it */
	}
	return group_weight(m, f, group) * (double)m->head->slope *
	       m->table[(size_t)f->v[group][i].bucket * TONE_SIDES + class / 2];
}
