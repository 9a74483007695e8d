#include "monitor/leads/chain.h"

#include "rules/lists.h"

#include <uthash.h>

#define NODES_MAX 2000
#define TALKS_MAX 200
#define MET_MAX 1000
#define NONE SIZE_MAX

/* An address or the name of a colleague, in the form in which it is compared. */
struct staff {
	int64_t person;
	bool is_name;
	struct str text;
};

/* A stranger on the way back. */
struct node {
	int64_t author; /* key */
	struct talk_author who;
	size_t above; /* to whom they spoke next; NONE: the lead's own author */
	struct talk met;
	unsigned depth;
	int64_t until_ms; /* what they said later did not lead here */
	UT_hash_handle hh;
};

struct met {
	int64_t person;
	size_t with; /* node */
	struct talk_author who;
	struct talk talk;
};

struct chain {
	struct store *s;
	struct arena *arena;
	struct staff *staff;
	size_t staff_n, staff_cap;
	struct node *nodes, *by_author;
	size_t nodes_n;
	struct met *met;
	size_t met_n;
	int rc;
};

/* ---- own staff ---- */

/* Without "@" in front, or as profile links are compared. */
static struct str comparable(struct arena *arena, struct str kind, struct str value)
{
	struct buf address;
	if (str_eq_c(kind, "handle")) {
		return str_starts(value, STR("@"))
			       ? arena_str(arena, str_n(value.p + 1, value.n - 1))
			       : arena_str(arena, value);
	}
	if (!str_eq_c(kind, "profile")) {
		return arena_str(arena, value);
	}
	buf_init(&address, 1 << 16);
	profile_address(value, &address);
	struct str kept = arena_str(arena, buf_str(&address));
	buf_release(&address);
	return kept;
}

static void take_staff(void *ctx, int64_t person, struct str kind, struct str value)
{
	struct chain *c = ctx;
	struct staff *grown =
		arena_grow(c->arena, c->staff, c->staff_n, &c->staff_cap, sizeof(*grown));
	if (grown == NULL) {
		c->rc = HARK_ENOMEM;
		return;
	}
	c->staff = grown;
	grown[c->staff_n++] =
		(struct staff){person, str_eq_c(kind, "name"), comparable(c->arena, kind, value)};
}

int64_t chain_staff_named(const struct chain *c, struct str name)
{
	struct str text = comparable(c->arena, STR("handle"), name);
	for (size_t i = 0; i < c->staff_n && !str_empty(text); i++) {
		if (str_eq_nocase(c->staff[i].text, text)) {
			return c->staff[i].person;
		}
	}
	return 0;
}

struct str chain_staff_name(const struct chain *c, int64_t person, struct str otherwise)
{
	for (size_t i = 0; i < c->staff_n && person != 0; i++) {
		if (c->staff[i].person == person && c->staff[i].is_name) {
			return c->staff[i].text;
		}
	}
	return otherwise;
}

/* By an address, never by the name alone. */
static int64_t staff_of(const struct chain *c, const struct talk_author *a)
{
	struct str handle = comparable(c->arena, STR("handle"), a->handle);
	struct str profile = comparable(c->arena, STR("profile"), a->profile_url);
	for (size_t i = 0; i < c->staff_n; i++) {
		const struct staff *s = &c->staff[i];
		if (!s->is_name &&
			((!str_empty(handle) && str_eq_nocase(s->text, handle)) ||
				(!str_empty(profile) && str_eq_nocase(s->text, profile)))) {
			return s->person;
		}
	}
	return 0;
}

/* ---- the way back ---- */

static void add_node(struct chain *c, const struct talk_author *who, size_t above,
	const struct talk *met, int64_t until_ms)
{
	struct node *n = NULL;
	HASH_FIND(hh, c->by_author, &who->id, sizeof(who->id), n);
	if (n != NULL || c->nodes_n == NODES_MAX) {
		return;
	}
	n = &c->nodes[c->nodes_n++];
	*n = (struct node){.author = who->id,
		.who = *who,
		.above = above,
		.met = *met,
		.depth = above == NONE ? 0 : c->nodes[above].depth + 1,
		.until_ms = until_ms};
	HASH_ADD(hh, c->by_author, author, sizeof(n->author), n);
}

/* The oldest contact of a colleague with somebody counts. */
static void add_met(struct chain *c, int64_t person, size_t with, const struct talk_author *who,
	const struct talk *talk)
{
	for (size_t i = 0; i < c->met_n; i++) {
		struct met *m = &c->met[i];
		if (m->person == person && m->with == with) {
			if (talk->at_ms < m->talk.at_ms) {
				m->talk = *talk;
				m->who = *who;
			}
			return;
		}
	}
	if (c->met_n < MET_MAX) {
		c->met[c->met_n++] = (struct met){person, with, *who, *talk};
	}
}

static int walk_back(struct chain *c, size_t at, int64_t from_ms, struct hark_err *err)
{
	struct talk *talks = NULL;
	size_t n = 0;
	const struct node *node = &c->nodes[at];
	int rc = store_talk_list(
		c->s, &node->who, from_ms, node->until_ms, TALKS_MAX, c->arena, &talks, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct talk_author who = {0};
		rc = store_talk_author(c->s, talks[i].other, c->arena, &who, err);
		if (rc != HARK_OK) {
			break;
		}
		int64_t person = staff_of(c, &who);
		if (person != 0) {
			add_met(c, person, at, &who, &talks[i]);
		} else {
			add_node(c, &who, at, &talks[i], talks[i].at_ms + 1);
		}
	}
	return rc;
}

static int begin(struct chain *c, const struct lead *lead, int64_t start_ms, struct hark_err *err)
{
	int64_t *authors = NULL;
	size_t n = 0;
	static const struct talk none;
	int rc = store_talk_of_lead(c->s, lead->id, c->arena, &authors, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct talk_author who = {0};
		rc = store_talk_author(c->s, authors[i], c->arena, &who, err);
		if (rc == HARK_OK && staff_of(c, &who) == 0) {
			add_node(c, &who, NONE, &none, start_ms + 1);
		}
	}
	return rc;
}

static int by_age(const void *a, const void *b)
{
	const struct met *x = a, *y = b;
	if (x->talk.at_ms != y->talk.at_ms) {
		return x->talk.at_ms < y->talk.at_ms ? -1 : 1;
	}
	if (x->with != y->with) {
		return x->with < y->with ? -1 : 1; /* the fewer steps */
	}
	return x->person < y->person ? -1 : x->person > y->person;
}

int chain_new(struct chain **out, struct store *s, const struct conf_credit *policy,
	const struct lead *lead, struct arena *arena, struct hark_err *err)
{
	struct chain *c = arena_alloc(arena, sizeof(*c));
	int64_t start_ms = lead->posted_ms != 0 ? lead->posted_ms : lead->seen_ms;
	*out = c;
	if (c != NULL) {
		*c = (struct chain){.s = s, .arena = arena};
		c->nodes = arena_alloc(arena, NODES_MAX * sizeof(*c->nodes));
		c->met = arena_alloc(arena, MET_MAX * sizeof(*c->met));
	}
	if (c == NULL || c->nodes == NULL || c->met == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for who spoke to whom");
	}
	int rc = store_staff_each(s, take_staff, c, err);
	rc = rc == HARK_OK ? begin(c, lead, start_ms, err) : rc;
	for (size_t i = 0; i < c->nodes_n && rc == HARK_OK; i++) {
		if (c->nodes[i].depth < (unsigned)policy->steps) {
			rc = walk_back(c, i, start_ms - policy->within_ms, err);
		}
	}
	HASH_CLEAR(hh, c->by_author);
	if (c->met_n > 1) {
		qsort(c->met, c->met_n, sizeof(*c->met), by_age);
	}
	if (rc == HARK_OK && c->rc != HARK_OK) {
		rc = hark_err_set(err, c->rc, "no memory for own staff");
	}
	return rc;
}

size_t chain_steps(const struct chain *c, struct credit_step *out, size_t max)
{
	size_t n = 0;
	if (c->met_n == 0 || max < 2) {
		return 0;
	}
	const struct met *first = &c->met[0];
	struct talk met = first->talk;
	out[n++] = (struct credit_step){.author = first->who,
		.person = first->person,
		.staff = chain_staff_name(c, first->person, first->who.name)};
	for (size_t i = first->with; i != NONE && n < max; i = c->nodes[i].above) {
		out[n++] = (struct credit_step){.author = c->nodes[i].who, .met = met};
		met = c->nodes[i].met;
	}
	return n;
}

static bool is_on_chain(const struct chain *c, size_t node)
{
	for (size_t i = c->met[0].with; i != NONE; i = c->nodes[i].above) {
		if (i == node) {
			return true;
		}
	}
	return false;
}

bool chain_helper(const struct chain *c, size_t i, struct chain_met *out)
{
	for (size_t k = 1; k < c->met_n; k++) {
		const struct met *m = &c->met[k];
		if (m->person != c->met[0].person && is_on_chain(c, m->with) && i-- == 0) {
			*out = (struct chain_met){m->person,
				chain_staff_name(c, m->person, m->who.name), &c->nodes[m->with].who,
				m->talk};
			return true;
		}
	}
	return false;
}
