/* Asking: faces are found by their keys, each is compared with what is asked for, and what agrees decides.
 *
 * DESIGN. An address (profile, e-mail, handle with its host) says who it is, even under another name; a bare handle
 * only if the name does not speak against it. Without an address the name must agree by more than letters, and so
 * must employer, or title and place. If more than one person has what it takes, nobody is resolved. */
#include "monitor/people/who_in.h"

#include "connectors/employer.h"

#define ADDRESSES (WHO_PROFILE | WHO_EMAIL | WHO_HANDLE)
/* Names that many people share are looked through only so far; nobody would review them all. */
#define NAMESAKES_LOOKED_AT 200

/* What is asked, in the form it is compared in. */
struct question {
	const struct who *who;
	struct who_scratch *scratch;
	const struct who_asked *asked;
	struct who_answer *out;
	struct person_name name;
	bool named, read; /* there is a name; the employer was looked for */
	uint64_t profile, email, handle, employer, domain, title, place;
	bool handle_whole; /* with its host */
	bool many;         /* candidates that did not fit */
};

static struct str name_of(const struct who *w, const struct who_face *f)
{
	return str_n(w->bytes + f->name, f->name_n);
}

/* Texts that are seldom needed. */
static void read_employer(struct question *q)
{
	const struct who_asked *a = q->asked;
	if (q->read) {
		return;
	}
	q->read = true;
	struct str employer = a->employer.n > 0 ? a->employer
			      : a->bio.n > 0    ? employer_in_bio(a->bio)
						: STR_NONE;
	q->employer = employer.n > 0 ? who_key_employer(q->who, employer) : 0;
	q->domain = a->email.n > 0 ? who_key_domain(q->who, a->email) : 0;
	q->title = who_key_words(q->who, q->scratch, WHO_KEY_TITLE, a->title);
	q->place = who_key_place(q->who, q->scratch, a->place);
}

static void agree(struct who_candidate *c, bool both, bool equal, unsigned what)
{
	c->agrees |= both && equal ? what : 0;
	c->differs |= both && !equal ? what : 0;
}

static void compare_name(struct question *q, const struct who_face *f, struct who_candidate *c)
{
	struct person_name name;
	if (!q->named || f->name_n == 0 || !person_name_read(&name, name_of(q->who, f))) {
		return;
	}
	c->name = person_name_compare(&q->name, &name);
	c->agrees |= c->name.verdict >= NAME_COMPATIBLE ? WHO_NAME : 0;
	c->differs |= c->name.verdict == NAME_DIFFERENT ? WHO_NAME : 0;
}

static void compare_employer(struct question *q, const struct who_face *f, struct who_candidate *c)
{
	bool equal = false;
	read_employer(q);
	for (uint16_t i = 0; i < f->employers_n; i++) {
		uint64_t key = q->who->employers[f->employers + i];
		equal = equal || key == q->employer || key == q->domain;
	}
	bool both = q->employer != 0 && (f->has & 1u << WHO_KEY_EMPLOYER) != 0;
	agree(c, both || equal, equal, WHO_EMPLOYER);
	agree(c, q->title != 0 && f->title != 0, q->title == f->title, WHO_TITLE);
	agree(c, q->place != 0 && f->place != 0, q->place == f->place, WHO_PLACE);
}

/* Another face of somebody who is there already, or somebody new; NULL: there is no room. */
static struct who_candidate *candidate(struct question *q, int64_t person)
{
	struct who_answer *a = q->out;
	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].person == person) {
			return &a->v[i];
		}
	}
	if (a->n == WHO_CANDIDATES_MAX) {
		q->many = true;
		return NULL;
	}
	a->v[a->n] = (struct who_candidate){.person = person};
	return &a->v[a->n++];
}

/* What one face of a person agrees with is not taken back by another. */
static void join(struct who_candidate *c, const struct who_candidate *face)
{
	if (face->name.verdict > c->name.verdict) {
		c->name = face->name;
	}
	c->agrees |= face->agrees;
	c->differs = (c->differs | face->differs) & ~c->agrees;
}

static bool is_weak(const struct name_match *m)
{
	return m->verdict < NAME_COMPATIBLE || m->reason == NAME_MONONYM ||
	       m->reason == NAME_INITIALS || m->reason == NAME_FAMILY_PART;
}

/* `how`: the address it was found by, 0: its name. */
static void look_at(struct question *q, uint32_t at, unsigned how)
{
	const struct who_face *f = &q->who->faces[at];
	struct who_candidate face = {.person = f->id, .agrees = how};
	compare_name(q, f, &face);
	if (how == 0 && (face.agrees & WHO_NAME) == 0) {
		return;
	}
	compare_employer(q, f, &face);
	if (how == 0 && is_weak(&face.name) && (face.agrees & ~(unsigned)WHO_NAME) == 0) {
		return; /* "J. Smith", and nothing else: not worth anybody's time */
	}
	struct who_candidate *c = candidate(q, f->id);
	if (c != NULL) {
		join(c, &face);
	}
}

static void look_up(struct question *q, uint64_t key, unsigned how)
{
	const struct who *w = q->who;
	if (key == 0 || w->keys_n == 0) {
		return;
	}
	size_t slot = key >> (64 - w->bits), looked = 0;
	for (uint32_t i = w->first[slot]; i < w->first[slot + 1] && w->keys[i] <= key; i++) {
		if (w->keys[i] == key && (how != 0 || looked++ < NAMESAKES_LOOKED_AT)) {
			look_at(q, w->face[i], how);
		}
	}
	q->many = q->many || looked > NAMESAKES_LOOKED_AT;
}

static void look_up_addresses(struct question *q)
{
	const struct who_asked *a = q->asked;
	struct str bare = str_starts(a->handle, STR("@")) ? str_n(a->handle.p + 1, a->handle.n - 1)
							  : a->handle;
	q->handle_whole = bare.n > 0 && memchr(bare.p, '@', bare.n) != NULL;
	look_up(q, who_key_profile(q->who, q->scratch, a->profile_url), WHO_PROFILE);
	look_up(q, who_key_email(q->who, q->scratch, a->email), WHO_EMAIL);
	look_up(q, who_key_handle(q->who, q->scratch, a->handle),
		q->handle_whole ? WHO_HANDLE : WHO_BARE_HANDLE);
}

static void look_up_names(struct question *q)
{
	uint64_t keys[PERSON_KEYS_MAX];
	size_t n = q->named ? person_name_keys(&q->name, false, keys) : 0;
	for (size_t i = 0; i < n; i++) {
		look_up(q, who_key_name(q->who, keys[i]), 0);
	}
}

/* The grade of what speaks for a candidate, 0: it is not enough. */
static char grade_of(const struct who_candidate *c)
{
	bool named = (c->agrees & WHO_NAME) != 0, other = (c->differs & WHO_NAME) != 0;
	unsigned both = WHO_TITLE | WHO_PLACE;
	if ((c->agrees & ADDRESSES) != 0) {
		return other ? 'B' : 'A';
	}
	if ((c->agrees & WHO_BARE_HANDLE) != 0 && !other) {
		return named && !is_weak(&c->name) ? 'A' : 'B';
	}
	if (!named || is_weak(&c->name)) {
		return 0;
	}
	if ((c->agrees & WHO_EMPLOYER) != 0) {
		return 'B';
	}
	return (c->agrees & both) == both && (c->differs & WHO_EMPLOYER) == 0 ? 'C' : 0;
}

static bool has_address(const struct who_candidate *c)
{
	return (c->agrees & (ADDRESSES | WHO_BARE_HANDLE)) != 0;
}

/* The one who has what it takes; n: nobody, or more than one. An address of one outweighs what only the names of
 * others say, but not their address. */
static size_t winner(const struct who_answer *a)
{
	size_t found = a->n, by_address = a->n, graded = 0, addressed = 0;
	for (size_t i = 0; i < a->n; i++) {
		if (has_address(&a->v[i])) {
			addressed++;
			by_address = i;
		}
		if (grade_of(&a->v[i]) != 0) {
			graded++;
			found = i;
		}
	}
	if (addressed > 0) {
		return addressed == 1 && grade_of(&a->v[by_address]) != 0 ? by_address : a->n;
	}
	return graded == 1 ? found : a->n;
}

static void decide(struct question *q)
{
	struct who_answer *a = q->out;
	size_t first = winner(a);
	bool named_only = q->many && (first == a->n || !has_address(&a->v[first]));
	if (a->n == 0 || named_only) {
		a->n = 0; /* a name that many share says nothing, and its candidates would not be all */
		return;
	}
	a->outcome = first < a->n ? WHO_RESOLVED : WHO_REVIEW;
	if (first < a->n) {
		struct who_candidate c = a->v[first];
		a->v[first] = a->v[0];
		a->v[0] = c;
		a->person = c.person;
		a->grade = grade_of(&c);
	}
}

void who_ask(const struct who *w, struct who_scratch *s, const struct who_asked *asked,
	struct who_answer *out)
{
	struct question q = {.who = w, .scratch = s, .asked = asked, .out = out};
	out->outcome = WHO_UNKNOWN;
	out->person = 0;
	out->grade = 0;
	out->n = 0;
	if (w->faces_n == 0) {
		return;
	}
	q.named = person_name_read(&q.name, asked->name);
	look_up_addresses(&q);
	if (out->n == 0 || winner(out) == out->n) {
		look_up_names(&q);
	}
	decide(&q);
}

static bool is_mail_char(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c != '\0' && strchr("._%+-", c) != NULL);
}

/* The first a@b.c of a text; absent: there is none. */
static struct str email_in(struct str text)
{
	if (text.n == 0) {
		return STR_NONE;
	}
	const char *at = memchr(text.p, '@', text.n), *end = text.p + text.n;
	while (at != NULL) {
		const char *from = at, *to = at + 1;
		while (from > text.p && is_mail_char(from[-1])) {
			from--;
		}
		while (to < end && is_mail_char(*to)) {
			to++;
		}
		while (to > at + 1 && to[-1] == '.') {
			to--;
		}
		if (from < at && memchr(at, '.', (size_t)(to - at)) != NULL) {
			return str_n(from, (size_t)(to - from));
		}
		at = to < end ? memchr(to, '@', (size_t)(end - to)) : NULL;
	}
	return STR_NONE;
}

struct who_asked who_of_author(const struct author *a)
{
	bool address =
		a->handle.n > 0 && a->handle.p[0] != '@' && email_in(a->handle).n == a->handle.n;
	return (struct who_asked){.name = a->display_name,
		.handle = a->handle,
		.profile_url = a->profile_url,
		.email = address ? a->handle : email_in(a->bio),
		.bio = a->bio};
}

const char *who_evidence_name(enum who_evidence e)
{
	static const char *const names[WHO_EVIDENCES] = {
		"profile", "e-mail", "handle", "handle", "name", "employer", "title", "place"};
	size_t i = 0;
	while (i + 1 < WHO_EVIDENCES && (e & 1u << i) == 0) {
		i++;
	}
	return names[i];
}
