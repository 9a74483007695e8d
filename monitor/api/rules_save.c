/* A rule file is written anew and taken into force, unless somebody else has changed it meanwhile. */
#include "monitor/api/rules_in.h"

#include "monitor/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define NEW_MODE 0640

struct saving {
	struct rules_trial trial;
	bool made; /* the file was not there */
};

/* HARK_EAGAIN: what is there is not what the client has seen. */
static int check_version(const struct call *c, const struct rules_draft *draft, struct str there,
	struct hark_err *err)
{
	char tag[RULES_TAG_MAX];
	bool is_said = http_request_header(c->x, "If-Match").p != NULL;
	if (is_said && call_check_match(c, rules_tag(there, tag), NULL) == HARK_OK) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EAGAIN,
		is_said ? "%s was changed since you have opened it: nothing is saved; look at what is there now"
			: "%s is there already: say which version of it you have seen, If-Match",
		draft->name);
}

/* On the writer's thread, so that one save follows another. */
static int write_file(struct saving *s, struct call *c, struct hark_err *err)
{
	const struct rules_draft *draft = &s->trial.draft;
	struct stat st;
	struct buf there;
	int rc = HARK_OK;
	char *real = realpath(draft->path, NULL); /* a link stays one */
	const char *path = real != NULL ? real : draft->path;
	s->made = stat(path, &st) != 0 && errno == ENOENT;
	buf_init(&there, RULE_FILE_MAX);
	if (!s->made) {
		rc = file_read(&there, path, err);
	} else if (http_request_header(c->x, "If-Match").p != NULL) {
		rc = hark_err_set(err, HARK_EAGAIN,
			"%s is not there any more: nothing is saved; save it under a new name",
			draft->name);
	}
	bool is_same = !s->made && str_eq(buf_str(&there), draft->text); /* sent twice */
	if (rc == HARK_OK && !s->made && !is_same) {
		rc = check_version(c, draft, buf_str(&there), err);
	}
	if (rc == HARK_OK && !is_same) {
		rc = file_write(path, draft->text, s->made ? NEW_MODE : st.st_mode & 07777, err);
		if (rc != HARK_OK && rc != HARK_ENOSPC) {
			char why[sizeof(err->text)];
			snprintf(why, sizeof(why), "%s", err->text);
			rc = hark_err_set(err, HARK_ESTATE,
				"%s: let harkd write to that folder, or edit the file there", why);
		}
	}
	buf_release(&there);
	free(real);
	return rc;
}

static int save(struct store *store, struct call *c, struct hark_err *err)
{
	struct saving *s = c->write_arg;
	int rc = write_file(s, c, err);
	(void)store; /* only the trail is written there */
	rules_tag(s->trial.draft.text, c->etag);
	c->status = s->made ? 201 : 200;
	jsonout_object(&c->j);
	jsonout_key_str(&c->j, "id", c->arg);
	jsonout_key_c(&c->j, "file", s->trial.draft.name);
	jsonout_end_object(&c->j);
	return rc;
}

static int take_into_force(struct call *c, struct hark_err *err)
{
	const struct saving *s = c->write_arg;
	int rc = status_reload(c, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "%s is saved, but not in force", s->trial.draft.name);
	}
	return rc;
}

static bool holds(const struct ruleset *set, const struct rules_draft *draft, struct str id)
{
	struct rule_info info;
	for (size_t i = 0; ruleset_rule_at(set, i, &info); i++) {
		if (str_eq(info.id, id) && strcmp(info.path, draft->path) == 0) {
			return true;
		}
	}
	return false;
}

static void save_checked(struct call *c, struct saving *s)
{
	struct rules_trial *t = &s->trial;
	struct ruleset *set = rules_trial_load(c, t);
	if (set == NULL) {
		return;
	}
	if (!holds(set, &t->draft, c->arg)) {
		call_refuse(c, 422, "the text holds no rule called '%.*s'%s", STR_FMT(c->arg),
			t->exists ? ": retire it by its status, or take it out of the file by hand" : "");
	} else {
		c->after = take_into_force;
		call_write(c, save, s);
	}
	ruleset_unref(set);
}

void rules_save(struct call *c)
{
	struct saving s;
	if (!rules_trial_open(c, c->arg, &s.trial)) {
		rules_trial_release(&s.trial);
		return;
	}
	s.trial.draft.alone = false; /* all of it is to be loaded afterwards */
	if (s.trial.exists && s.trial.info.pack) {
		call_refuse(c, 409, "'%.*s' comes with hark and cannot be changed: save a copy under another name",
			STR_FMT(c->arg));
	} else if (s.trial.homeless) {
		call_refuse(c, 409,
			"the configuration names no folder for rules of your own: add rules.d/*.yaml to 'rules:' "
			"and make the folder");
	} else {
		save_checked(c, &s);
	}
	rules_trial_release(&s.trial);
}
