/* Why a post, the newest of somebody or the first of a lead made no lead by a rule, or nobody heard of it. */
#include "monitor/api/api_in.h"

#include "monitor/api/why_not.h"
#include "monitor/model/id.h"

#define WORDS_MAX 2000

struct asking {
	struct str post, lead, person, account, rule;
	struct matcher *matcher;
};

static struct why_not asked(const struct call *c, const struct asking *q)
{
	return (struct why_not){
		.view = {.store = c->store, .matcher = q->matcher, .arena = c->arena},
		.conf = c->setup->conf,
		.seen_as = str_c(role_class(c->who.role))};
}

static int tell_lead(struct call *c, const struct asking *q, struct hark_err *err)
{
	struct why_not a = asked(c, q);
	struct lead lead;
	struct str rule = q->rule;
	int64_t id;
	int rc = id_parse(ID_LEAD, q->lead, &id)
			 ? leads_load_seen(c->store, c, id, &lead, err)
			 : hark_err_set(err, HARK_ENOENT, "there is no lead of that name");
	rc = rc == HARK_OK ? why_not_find_lead(&a, id, &rule, err) : rc;
	rc = rc == HARK_OK ? why_not_tell(&a, str_empty(q->rule) ? rule : q->rule, c->now_ms, err)
			   : rc;
	if (rc == HARK_OK) {
		why_not_json(&a, &c->j);
	}
	return rc;
}

static int tell_post(struct call *c, const struct asking *q, struct hark_err *err)
{
	struct why_not a = asked(c, q);
	int rc = why_not_find(&a, q->post, err);
	bool is_missing = rc == HARK_ENOENT && why_not_missing(&a, q->post, c->now_ms);
	rc = rc == HARK_OK ? why_not_tell(&a, q->rule, c->now_ms, err) : is_missing ? HARK_OK : rc;
	if (rc == HARK_OK) {
		why_not_json(&a, &c->j);
	}
	return rc;
}

/* Those of the newest posts that whoever asks may see. */
static int tell_about(struct call *c, const struct asking *q, struct hark_err *err)
{
	enum known_what what = str_empty(q->person) ? KNOWN_ACCOUNTS : KNOWN_PEOPLE;
	struct str name = str_empty(q->person) ? q->account : q->person;
	int64_t id = 0, posts[WHY_NOT_POSTS_MAX];
	size_t n = 0, told = 0;
	int rc = store_known_find(c->store, what, name, &id, err);
	rc = rc == HARK_OK
		     ? store_posts_about(c->store, what, id, WHY_NOT_POSTS_MAX, posts, &n, err)
		     : rc;
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct why_not a = asked(c, q);
		a.about = id;
		rc = store_post_load(c->store, posts[i], c->arena, &a.post, err);
		rc = rc == HARK_OK ? why_not_tell(&a, q->rule, c->now_ms, err) : rc;
		if (rc == HARK_OK) {
			why_not_json(&a, &c->j);
			told++;
		}
		rc = rc == HARK_ENOENT ? HARK_OK : rc;
	}
	if (rc == HARK_OK && told == 0) {
		struct why_not a = asked(c, q);
		a.about = id;
		why_not_silent(&a, what, name);
		why_not_json(&a, &c->j);
	}
	return rc;
}

static bool read(struct call *c, struct asking *q)
{
	struct rule_info rule;
	const struct {
		const char *name;
		struct str *to;
	} words[] = {{"post", &q->post}, {"lead", &q->lead}, {"person", &q->person},
		{"account", &q->account}, {"rule", &q->rule}};
	int whats = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		*words[i].to = str_trim(http_query(c->x, words[i].name));
		whats += i < 4 && !str_empty(*words[i].to);
		if (words[i].to->n > WORDS_MAX) {
			call_refuse(c, 400, "'%s' has at most %d bytes", words[i].name, WORDS_MAX);
			return false;
		}
	}
	if (whats != 1 || (str_empty(q->rule) && str_empty(q->lead))) {
		call_refuse(c, 400,
			"name one of post (its link, or SOURCE:ID), person and account, and a rule; or a "
			"lead alone");
		return false;
	}
	if (!str_empty(q->rule) && !rules_find(c, q->rule, &rule)) {
		call_refuse(c, 404, "there is no rule '%.*s'", STR_FMT(str_cut_utf8(q->rule, 100)));
		return false;
	}
	return true;
}

void why_not_show(struct call *c)
{
	struct asking q = {0};
	struct hark_err err = {0};
	if (!read(c, &q)) {
		return;
	}
	q.matcher = matcher_new(c->setup->rules);
	call_items(c);
	int rc = q.matcher == NULL    ? hark_err_set(&err, HARK_ENOMEM, "no memory to match")
		 : !str_empty(q.lead) ? tell_lead(c, &q, &err)
		 : !str_empty(q.post) ? tell_post(c, &q, &err)
				      : tell_about(c, &q, &err);
	call_items_end(c, 0);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
	matcher_free(q.matcher);
}
