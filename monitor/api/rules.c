/* The rules in force, and what each has done. */
#include "monitor/api/rules_in.h"

#include "monitor/api/view.h"
#include "monitor/base/file.h"
#include "monitor/base/hash.h"

#include <stdio.h>
#include <unistd.h>

/* What the store knows of all of them. */
struct known {
	struct rule_stats *stats;
	struct precision_row *judged;
	size_t stats_n, judged_n;
};

static bool load(struct call *c, struct known *k)
{
	struct hark_err err = {0};
	int rc = store_rule_stats(c->store, c->arena, &k->stats, &k->stats_n, &err);
	rc = rc == HARK_OK ? precision_read(c->store, &c->setup->conf->score, c->arena, &k->judged,
				     &k->judged_n, &err)
			   : rc;
	if (rc != HARK_OK) {
		call_fail(c, &err);
	}
	return rc == HARK_OK;
}

static void write_members(struct call *c, const struct rule_info *info, const struct known *k)
{
	static const struct rule_stats nothing;
	const struct rule_stats *found = rule_stats_find(k->stats, k->stats_n, info->id);
	view_rule_members(&c->j, info, found != NULL ? found : &nothing,
		precision_of_rule(k->judged, k->judged_n, info->id));
}

void rules_list_all(struct call *c)
{
	struct known k;
	struct rule_info info;
	if (!load(c, &k)) {
		return;
	}
	call_items(c);
	for (size_t i = 0; ruleset_rule_at(c->setup->rules, i, &info); i++) {
		jsonout_object(&c->j);
		write_members(c, &info, &k);
		jsonout_end_object(&c->j);
	}
	call_items_end(c, 0);
	call_answer(c, 200);
}

bool rules_find(const struct call *c, struct str id, struct rule_info *out)
{
	for (size_t i = 0; ruleset_rule_at(c->setup->rules, i, out); i++) {
		if (str_eq(out->id, id)) {
			return true;
		}
	}
	return false;
}

const char *rules_tag(struct str text, char tag[RULES_TAG_MAX])
{
	char hex[33];
	snprintf(tag, RULES_TAG_MAX, "\"%s\"", hash128_hex(hash128(&text, 1), hex));
	return tag;
}

/* A file is replaced by one made beside it: the folder has to let in. */
static bool may_change(const struct rule_info *info)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(info->path, '/');
	size_t n = slash != NULL ? (size_t)(slash - info->path) : 1;
	snprintf(folder, sizeof(folder), "%.*s", (int)n, slash != NULL ? info->path : ".");
	return !info->pack && access(info->path, W_OK) == 0 &&
	       access(slash == info->path ? "/" : folder, W_OK) == 0;
}

/* As it is on the disk now, which may be newer than what is in force. */
static void write_file(struct call *c, const struct rule_info *info)
{
	struct hark_err err = {0};
	struct buf text;
	buf_init(&text, RULE_FILE_MAX);
	jsonout_key_bool(&c->j, "writable", may_change(info));
	if (file_read(&text, info->path, &err) == HARK_OK) {
		rules_tag(buf_str(&text), c->etag);
		jsonout_key_str(&c->j, "text", buf_str(&text));
	} else {
		jsonout_key_c(&c->j, "unreadable", err.text);
	}
	buf_release(&text);
}

void rules_show_one(struct call *c)
{
	struct known k;
	struct rule_info info;
	if (!load(c, &k)) {
		return;
	}
	if (!rules_find(c, c->arg, &info)) {
		call_refuse(c, 404, "no rule of that name is loaded");
		return;
	}
	jsonout_object(&c->j);
	write_members(c, &info, &k);
	write_file(c, &info);
	jsonout_end_object(&c->j);
	call_tag_body(c);
	call_answer(c, 200);
}
