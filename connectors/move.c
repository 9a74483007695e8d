#include "connectors/move.h"

#include "monitor/base/buf.h"
#include "monitor/base/hash.h"

#include <stdio.h>

#define SENTENCE_MAX 8000

static bool is_said(const char *text)
{
	return text != NULL && text[0] != '\0';
}

struct str move_name(const char *person)
{
	struct str name = str_c(person);
	for (size_t i = 1; i < name.n; i++) {
		if (name.p[i] == '(' || name.p[i] == ',' || name.p[i] == '|') {
			return str_trim(str_n(name.p, i));
		}
	}
	return str_trim(name);
}

static void add_was(struct buf *out, const struct move *m)
{
	bool title = is_said(m->was_title), employer = is_said(m->was_employer);
	if (title || employer) {
		buf_printf(out, " (was: %s%s%s)", title ? m->was_title : "",
			title && employer ? " at " : "", employer ? m->was_employer : "");
	}
}

static void add_effective(struct buf *out, const struct hark_profile *p)
{
	if (is_said(p->effective)) {
		buf_printf(out, ", effective %s", p->effective);
	}
}

static void add_sentence(struct buf *out, const struct move *m)
{
	const struct hark_profile *p = m->profile;
	buf_add_str(out, move_name(p->person));
	if (p->event == HARK_LEFT) {
		buf_printf(out, " has left %s", is_said(p->employer) ? p->employer : "the company");
		if (is_said(p->title)) {
			buf_printf(out, " (was: %s)", p->title);
		}
		add_effective(out, p);
		return;
	}
	bool stays = p->event == HARK_CHANGED && !is_said(m->was_employer);
	if (stays &&
		!is_said(m->was_title)) { /* a page says something else now; what is not known */
		buf_printf(out, ": %s%s%s", is_said(p->title) ? p->title : "",
			is_said(p->title) && is_said(p->employer) ? " at " : "",
			is_said(p->employer) ? p->employer : "");
	} else if (!is_said(p->employer)) {
		buf_printf(out, " is now %s", is_said(p->title) ? p->title : "somewhere else");
	} else if (stays && is_said(p->title)) {
		buf_printf(out, " is the new %s at %s", p->title, p->employer);
	} else {
		buf_printf(out, " joins %s", p->employer);
		if (is_said(p->title)) {
			buf_printf(out, " as %s", p->title);
		}
	}
	add_effective(out, p);
	add_was(out, m);
}

void move_ids(struct str key, char out[MOVE_ID_MAX])
{
	snprintf(out, MOVE_ID_MAX, MOVE_IDS "%016llx/", (unsigned long long)hash128(&key, 1).lo);
}

/* The same change told twice is one post; the same job taken up again later is another. */
static const char *id_of(const struct move *m, char room[MOVE_ID_MAX])
{
	const struct hark_profile *p = m->profile;
	char event[40];
	snprintf(event, sizeof(event), "%d %lld", (int)p->event, (long long)p->observed);
	const struct str parts[] = {str_c(event), str_c(p->employer), str_c(p->title)};
	move_ids(str_c(m->key), room);
	size_t n = strlen(room);
	snprintf(room + n, MOVE_ID_MAX - n, "%016llx", (unsigned long long)hash128(parts, 3).lo);
	return room;
}

static int emit_post(struct hark_host *host, const struct move *m, const char *sentence)
{
	const struct hark_profile *p = m->profile;
	const char *const link = is_said(p->url) ? p->url : p->evidence_url;
	struct hark_post post;
	char id[MOVE_ID_MAX];
	hark_post_init(&post);
	post.external_id = id_of(m, id);
	post.url = is_said(link) ? link : NULL;
	post.type = m->type;
	post.published = p->observed;
	post.text = sentence;
	post.quoted = m->said;
	post.lang = "en";
	post.is_private = m->is_private;
	return host->emit_post(host, &post);
}

int move_emit_post(struct hark_host *host, const struct move *m)
{
	struct buf sentence;
	buf_init(&sentence, SENTENCE_MAX);
	add_sentence(&sentence, m);
	int rc = emit_post(host, m, buf_c(&sentence));
	buf_release(&sentence);
	return rc;
}

int move_emit(struct hark_host *host, const struct move *m)
{
	int rc = host->emit_profile(host, m->profile);
	return rc == 0 ? move_emit_post(host, m) : rc;
}
