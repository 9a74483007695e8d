#include "monitor/pipeline/emit_who.h"

#include "monitor/people/who.h"
#include "monitor/store/driver.h"
#include "monitor/store/reviews.h"

#define ADDRESSES (WHO_PROFILE | WHO_EMAIL | WHO_HANDLE)
#define TEXT_MAX 4096

static void add_part(struct buf *b, const char *text)
{
	buf_add_c(b, b->n > 0 ? " + " : "");
	buf_add_c(b, text);
}

struct str emit_who_evidence(struct emitter *e, unsigned evidence, struct str handle)
{
	struct buf b;
	buf_init(&b, TEXT_MAX);
	for (unsigned bit = 1; bit < 1u << WHO_EVIDENCES; bit <<= 1) {
		if ((evidence & bit) != 0) {
			add_part(&b, who_evidence_name((enum who_evidence)bit));
		}
		if ((evidence & bit & (WHO_HANDLE | WHO_BARE_HANDLE)) != 0) {
			buf_add_c(&b, str_starts(handle, STR("@")) ? " " : " @");
			buf_add_str(&b, handle);
		}
	}
	struct str text = arena_str(&e->kept, buf_str(&b));
	buf_release(&b);
	return text;
}

static bool is_whole(struct str handle)
{
	return handle.n > 1 && memchr(handle.p + 1, '@', handle.n - 1) != NULL;
}

/* An address that comes with one that is the person's is theirs too, if the name does not speak against it. */
static void learn(struct emitter *e, const struct meeting *m, const struct who_candidate *c)
{
	const struct author *a = &m->bp->post.author;
	struct learned l = {.person = c->person, .author = m->author, .post = m->post};
	if ((c->agrees & (WHO_PROFILE | WHO_EMAIL)) == 0 || (c->differs & WHO_NAME) != 0) {
		return;
	}
	if ((c->agrees & WHO_HANDLE) == 0 && is_whole(a->handle)) {
		l.kind = "handle";
		l.value = a->handle;
		store_identity_learn(e->store, &l, e->now_ms);
	}
	if ((c->agrees & WHO_PROFILE) == 0 && !str_empty(a->profile_url)) {
		l.kind = "profile";
		l.value = a->profile_url;
		store_identity_learn(e->store, &l, e->now_ms);
	}
}

static void put_up(struct emitter *e, const struct meeting *m, const struct who_answer *answer)
{
	for (size_t i = 0; i < answer->n; i++) {
		const struct who_candidate *c = &answer->v[i];
		struct met met;
		struct buf b;
		if (!store_person_met(e->store, &e->optouts, c->person, &e->kept, &met)) {
			continue;
		}
		buf_init(&b, TEXT_MAX);
		buf_add_str(&b, emit_who_evidence(e, c->agrees, m->bp->post.author.handle));
		for (unsigned bit = 1; bit < 1u << WHO_EVIDENCES; bit <<= 1) {
			if ((c->differs & bit) != 0) {
				buf_add_c(&b, ", other ");
				buf_add_c(&b, who_evidence_name((enum who_evidence)bit));
			}
		}
		store_review_author(e->store, met.person, m->author, buf_str(&b), e->now_ms);
		buf_release(&b);
	}
}

/* What the worker found. False: nothing that stands. */
static bool take_answer(struct emitter *e, const struct meeting *m, struct met *out)
{
	const struct who_answer *answer = m->bp->who;
	if (answer == NULL || answer->outcome != WHO_RESOLVED ||
		!store_person_met(e->store, &e->optouts, answer->person, &e->kept, out)) {
		return false;
	}
	struct who_candidate c = answer->v[0];
	bool by_address = (c.agrees & ADDRESSES) != 0;
	if (!by_address && m->author != 0 &&
		store_author_is_other(e->store, m->author, out->person)) {
		out->person = 0; /* somebody has looked at the two */
		return false;
	}
	c.person = out->person;
	out->grade = answer->grade;
	out->known_by = emit_who_evidence(e, c.agrees, m->bp->post.author.handle);
	learn(e, m, &c);
	return true;
}

/* What was proven of the author before. */
static bool take_proven(struct emitter *e, const struct meeting *m, struct met *out)
{
	struct str how;
	int64_t person =
		store_author_person(e->store, m->author, &m->bp->post.author, &e->kept, &how);
	if (person == 0 || !store_person_met(e->store, &e->optouts, person, &e->kept, out)) {
		return false;
	}
	out->known_by = how;
	out->grade = 'A';
	return true;
}

void emit_meet(struct emitter *e, const struct meeting *asked, struct met *out)
{
	struct meeting m = *asked;
	*out = (struct met){0};
	if (!m.is_new && store_encounter_of(e->store, &e->optouts, m.post, &e->kept, out,
				 &m.author) != ENCOUNTER_NONE) {
		return; /* an edit does not make its author somebody else */
	}
	*out = (struct met){0};
	if (take_answer(e, &m, out) || take_proven(e, &m, out)) {
		store_encounter_add(e->store, m.post, m.author, out, e->now_ms);
	} else if (m.bp->who != NULL && m.bp->who->outcome == WHO_REVIEW && m.author != 0) {
		put_up(e, &m, m.bp->who);
	}
}

/* One part of a lead's key, as rules write it: bars inside are spaces. */
static void add_key_part(struct buf *b, struct str kind, struct str id)
{
	size_t from = b->n;
	buf_add_str(b, kind);
	buf_add_char(b, ':');
	buf_add_str(b, id);
	for (size_t i = from; i < b->n; i++) {
		b->p[i] = b->p[i] == '|' ? ' ' : b->p[i];
	}
}

void emit_met_subject(struct emitter *e, const struct met *met, struct signal *signal)
{
	if (met->person == 0 || !str_eq_c(signal->subject.kind, "author")) {
		return;
	}
	struct buf was, key;
	struct str rest = signal->lead_key, part;
	buf_init(&was, signal->subject.id.n + 64);
	buf_init(&key, signal->lead_key.n + met->id.n + met->kind.n + 64);
	add_key_part(&was, signal->subject.kind, signal->subject.id);
	for (bool first = true; str_split(&rest, '|', &part); first = false) {
		buf_add_c(&key, first ? "" : "|");
		if (str_eq(part, buf_str(&was))) {
			add_key_part(&key, met->kind, met->id);
		} else {
			buf_add_str(&key, part);
		}
	}
	signal->subject = (struct subject){met->kind, met->id, met->name};
	signal->lead_key =
		signal->lead_key.p != NULL ? arena_str(&e->kept, buf_str(&key)) : STR_NONE;
	if (was.rc != HARK_OK || key.rc != HARK_OK || e->kept.rc != HARK_OK) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for the leads of a batch");
	}
	buf_release(&was);
	buf_release(&key);
}
