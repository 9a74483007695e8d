#include "monitor/people/who_in.h"

#include "monitor/base/crypto.h"

#include <stdlib.h>

#define TEXT_MAX 65536
#define BITS_MAX 24

struct pair {
	uint64_t key;
	uint32_t face;
};

struct who_maker {
	struct who *who; /* with its arrays as they grow */
	struct who_scratch scratch;
	struct pair *pairs;
	size_t pairs_n, pairs_cap, faces_cap, bytes_cap, employers_cap;
	int rc;
};

struct who_maker *who_maker_new(void)
{
	struct who_maker *m = calloc(1, sizeof(*m));
	struct who *w = calloc(1, sizeof(*w));
	if (m == NULL || w == NULL) {
		free(m);
		free(w);
		return NULL;
	}
	atomic_init(&w->refs, 1);
	crypto_random(&w->salt, sizeof(w->salt));
	m->who = w;
	who_scratch_init(&m->scratch);
	return m;
}

void who_maker_free(struct who_maker *m)
{
	if (m == NULL) {
		return;
	}
	who_unref(m->who);
	who_scratch_release(&m->scratch);
	free(m->pairs);
	free(m);
}

/* Room for `more` behind the `n` there are; the array may move. */
static bool grow(struct who_maker *m, void *array, size_t n, size_t more, size_t *cap, size_t size)
{
	void **at = array;
	if (m->rc != HARK_OK) {
		return false;
	}
	if (n + more > *cap) {
		size_t want = *cap < 512 ? 1024 : *cap * 2;
		want = want < n + more ? n + more : want;
		void *moved = realloc(*at, want * size);
		if (moved == NULL) {
			m->rc = HARK_ENOMEM;
			return false;
		}
		*at = moved;
		*cap = want;
	}
	return true;
}

static void add_key(struct who_maker *m, uint64_t key, enum who_key kind)
{
	if (key == 0 || !grow(m, &m->pairs, m->pairs_n, 1, &m->pairs_cap, sizeof(*m->pairs))) {
		return;
	}
	m->pairs[m->pairs_n++] = (struct pair){key, (uint32_t)(m->who->faces_n - 1)};
	m->who->faces[m->who->faces_n - 1].has |= (uint8_t)(1u << kind);
}

static void add_name(struct who_maker *m, struct str text)
{
	struct person_name name;
	uint64_t keys[PERSON_KEYS_MAX];
	struct who *w = m->who;
	if (!person_name_read(&name, text)) {
		return;
	}
	text = str_cut_utf8(str_trim(text), PERSON_BYTES_MAX);
	if (!grow(m, &w->bytes, w->bytes_n, text.n, &m->bytes_cap, 1)) {
		return;
	}
	struct who_face *f = &w->faces[w->faces_n - 1];
	f->name = (uint32_t)w->bytes_n;
	f->name_n = (uint8_t)text.n;
	memcpy(w->bytes + w->bytes_n, text.p, text.n);
	w->bytes_n += text.n;
	size_t n = person_name_keys(&name, true, keys);
	for (size_t i = 0; i < n; i++) {
		add_key(m, who_key_name(w, keys[i]), WHO_KEY_NAME);
	}
}

void who_add(struct who_maker *m, int64_t id, struct str name, struct str title, struct str place)
{
	struct who *w = m->who;
	if (!grow(m, &w->faces, w->faces_n, 1, &m->faces_cap, sizeof(*w->faces))) {
		return;
	}
	w->faces[w->faces_n++] = (struct who_face){.id = id,
		.title = who_key_words(w, &m->scratch, WHO_KEY_TITLE, title),
		.place = who_key_place(w, &m->scratch, place),
		.employers = (uint32_t)w->employers_n};
	add_name(m, name);
}

void who_add_handle(struct who_maker *m, struct str handle)
{
	add_key(m, who_key_handle(m->who, &m->scratch, handle), WHO_KEY_HANDLE);
}

void who_add_email(struct who_maker *m, struct str email)
{
	add_key(m, who_key_email(m->who, &m->scratch, email), WHO_KEY_EMAIL);
}

void who_add_profile(struct who_maker *m, struct str url)
{
	add_key(m, who_key_profile(m->who, &m->scratch, url), WHO_KEY_PROFILE);
}

static void add_employer(struct who_maker *m, uint64_t key, bool named)
{
	struct who *w = m->who;
	struct who_face *f = &w->faces[w->faces_n - 1];
	if (key == 0 || f->employers_n == UINT16_MAX ||
		!grow(m, &w->employers, w->employers_n, 1, &m->employers_cap, sizeof(uint64_t))) {
		return;
	}
	w->employers[w->employers_n++] = key;
	f->employers_n++;
	f->has |= named ? (uint8_t)(1u << WHO_KEY_EMPLOYER) : 0;
}

void who_add_employer(struct who_maker *m, struct str name)
{
	add_employer(m, who_key_employer(m->who, name), true);
}

void who_add_employer_domain(struct who_maker *m, struct str domain)
{
	add_employer(m, who_key_domain(m->who, domain), false);
}

static int by_key(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
				: (x->face > y->face) - (x->face < y->face);
}

/* Once each: a name may give one key twice. */
static void drop_doubles(struct who_maker *m)
{
	size_t n = 0;
	for (size_t i = 0; i < m->pairs_n; i++) {
		if (n == 0 || by_key(&m->pairs[i], &m->pairs[n - 1]) != 0) {
			m->pairs[n++] = m->pairs[i];
		}
	}
	m->pairs_n = n;
}

/* About as many places as keys. */
static unsigned bits_for(size_t n)
{
	unsigned bits = 1;
	while (bits < BITS_MAX && (size_t)1 << bits < n) {
		bits++;
	}
	return bits;
}

static void fill(struct who *w, const struct pair *pairs, size_t n)
{
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		w->keys[i] = pairs[i].key;
		w->face[i] = pairs[i].face;
		for (size_t slot = pairs[i].key >> (64 - w->bits); at <= slot; at++) {
			w->first[at] = (uint32_t)i;
		}
	}
	for (; at <= (size_t)1 << w->bits; at++) {
		w->first[at] = (uint32_t)n;
	}
	w->keys_n = n;
}

static int sort_keys(struct who_maker *m)
{
	struct who *w = m->who;
	if (m->pairs_n > 1) {
		qsort(m->pairs, m->pairs_n, sizeof(*m->pairs), by_key);
		drop_doubles(m);
	}
	w->bits = bits_for(m->pairs_n);
	w->keys = malloc((m->pairs_n + 1) * sizeof(*w->keys));
	w->face = malloc((m->pairs_n + 1) * sizeof(*w->face));
	w->first = malloc((((size_t)1 << w->bits) + 1) * sizeof(*w->first));
	if (w->keys == NULL || w->face == NULL || w->first == NULL) {
		return HARK_ENOMEM;
	}
	fill(w, m->pairs, m->pairs_n);
	return HARK_OK;
}

/* What was grown in steps, no larger than it is. */
static void *fit(void *array, size_t bytes)
{
	void *fitted = bytes > 0 ? realloc(array, bytes) : NULL;
	return fitted != NULL ? fitted : array;
}

int who_make(struct who **out, struct who_maker *m, struct hark_err *err)
{
	struct who *w = m->who;
	int rc = m->rc == HARK_OK && w->bytes_n < UINT32_MAX && m->pairs_n < UINT32_MAX
			 ? sort_keys(m)
			 : HARK_ENOMEM;
	if (rc != HARK_OK) {
		who_maker_free(m);
		return hark_err_set(err, HARK_ENOMEM, "no memory for the people that are known");
	}
	w->faces = fit(w->faces, w->faces_n * sizeof(*w->faces));
	w->bytes = fit(w->bytes, w->bytes_n);
	w->employers = fit(w->employers, w->employers_n * sizeof(*w->employers));
	*out = who_ref(w);
	who_maker_free(m);
	return HARK_OK;
}

struct who *who_ref(struct who *w)
{
	atomic_fetch_add_explicit(&w->refs, 1, memory_order_relaxed);
	return w;
}

void who_unref(struct who *w)
{
	if (w == NULL || atomic_fetch_sub_explicit(&w->refs, 1, memory_order_acq_rel) > 1) {
		return;
	}
	free(w->faces);
	free(w->bytes);
	free(w->employers);
	free(w->keys);
	free(w->face);
	free(w->first);
	free(w);
}

size_t who_faces(const struct who *w)
{
	return w->faces_n;
}

size_t who_bytes(const struct who *w)
{
	return sizeof(*w) + w->faces_n * sizeof(*w->faces) + w->bytes_n +
	       w->employers_n * sizeof(*w->employers) +
	       w->keys_n * (sizeof(*w->keys) + sizeof(*w->face)) +
	       (((size_t)1 << w->bits) + 1) * sizeof(*w->first);
}

void who_scratch_init(struct who_scratch *s)
{
	buf_init(&s->text, TEXT_MAX);
}

void who_scratch_release(struct who_scratch *s)
{
	buf_release(&s->text);
}
