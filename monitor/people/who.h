/* Who is who: which known person the author of a post, or somebody named in one, is.
 *
 * Only evidence makes somebody a known person: a profile, an e-mail address, a handle, or the name together with
 * the employer, or with title and place. A name alone never does; namesakes, and evidence that points at two
 * people, are candidates for somebody to look at.
 *
 * A `struct who` is made once from what is stored, then immutable and counted: any number of threads may ask, each
 * with a scratch of its own. A question allocates nothing once the scratch has grown.
 *
 * DESIGN. A person may have several faces (names, employers), as after a merge: the faces share the id. All that a
 * face is found by is a 64-bit key, salted because names come from strangers; keys lie sorted behind a directory
 * of their first bits, twelve bytes each. Names are kept as text and read again when a key finds them: few are. */
#ifndef HARK_PEOPLE_WHO_H
#define HARK_PEOPLE_WHO_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/model/post.h"
#include "monitor/people/person_name.h"

struct who;
struct who_maker;

/* --- making one --- */

/* NULL: no memory. */
struct who_maker *who_maker_new(void);
void who_maker_free(struct who_maker *m); /* NULL is fine */
/* A face of person `id` (not 0); all of the following are the face's added last. Texts are copied and may be
 * absent. A failure is kept and told by who_make(). */
void who_add(struct who_maker *m, int64_t id, struct str name, struct str title, struct str place);
void who_add_handle(struct who_maker *m, struct str handle);
void who_add_email(struct who_maker *m, struct str email);
void who_add_profile(struct who_maker *m, struct str url);
/* A name of a present employer, and a domain of it. */
void who_add_employer(struct who_maker *m, struct str name);
void who_add_employer_domain(struct who_maker *m, struct str domain);
/* Takes the maker in any case; the caller has the one count of *out. HARK_ENOMEM. */
int who_make(struct who **out, struct who_maker *m, struct hark_err *err);
struct who *who_ref(struct who *w);
void who_unref(struct who *w); /* NULL is fine */
size_t who_faces(const struct who *w);
/* Memory it takes, for `hark status` and benchmarks. */
size_t who_bytes(const struct who *w);

/* --- asking --- */

enum who_evidence {
	WHO_PROFILE = 1 << 0,
	WHO_EMAIL = 1 << 1,
	WHO_HANDLE = 1 << 2,      /* with its host: @anna@social.example */
	WHO_BARE_HANDLE = 1 << 3, /* which may be another person's on another network */
	WHO_NAME = 1 << 4,
	WHO_EMPLOYER = 1 << 5, /* or an address at its domain */
	WHO_TITLE = 1 << 6,
	WHO_PLACE = 1 << 7,
};
#define WHO_EVIDENCES 8

enum who_outcome {
	WHO_UNKNOWN,
	WHO_RESOLVED,
	WHO_REVIEW, /* somebody must look at the candidates */
};

struct who_candidate {
	int64_t person;
	unsigned agrees,
		differs; /* enum who_evidence; what is not known on both sides is in neither */
	struct name_match name;
};

#define WHO_CANDIDATES_MAX 5

struct who_answer {
	enum who_outcome outcome;
	int64_t person; /* 0 unless it is resolved */
	char grade; /* 'A': an address of theirs; 'B': name and employer; 'C': name, title and place */
	size_t n; /* candidates; the first is the person that is resolved */
	struct who_candidate v[WHO_CANDIDATES_MAX];
};

/* What is known of somebody; each may be absent. */
struct who_asked {
	struct str name, handle, profile_url, email;
	struct str bio; /* the employer is looked for in it if it is needed and not given */
	struct str employer, title, place;
};

struct who_scratch {
	struct buf text;
};

void who_scratch_init(struct who_scratch *s);
void who_scratch_release(struct who_scratch *s);
/* The e-mail address is the handle, or the one in the bio. */
struct who_asked who_of_author(const struct author *a);
void who_ask(const struct who *w, struct who_scratch *s, const struct who_asked *asked,
	struct who_answer *out);
/* "profile", "e-mail" …; static. */
const char *who_evidence_name(enum who_evidence e);

#endif
