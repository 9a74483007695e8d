#include "monitor/model/reference.h"

#include "monitor/model/id.h"

static const char *const tones[STATEMENT_TONES] = {[SAID_NOTHING] = "none",
	[SAID_NEGATIVE] = "negative",
	[SAID_NEUTRAL] = "neutral",
	[SAID_POSITIVE] = "positive",
	[SAID_MIXED] = "mixed"};
static const char *const permissions[PERMISSIONS] = {[PERMISSION_FOUND] = "found",
	[PERMISSION_ASKED] = "asked",
	[PERMISSION_INTERNAL] = "internal-only",
	[PERMISSION_NAMED] = "named",
	[PERMISSION_WITHDRAWN] = "withdrawn",
	[PERMISSION_EXPIRED] = "expired"};
static const char *const authorities[] = {[AUTHORITY_UNKNOWN] = "unknown",
	[AUTHORITY_SPEAK] = "can speak",
	[AUTHORITY_AUTHORISE] = "can authorise"};

/* SIZE_MAX: none of them. */
static size_t find(const char *const *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(name, names[i])) {
			return i;
		}
	}
	return SIZE_MAX;
}

const char *statement_tone_name(enum statement_tone tone)
{
	return tones[tone];
}

bool statement_tone_parse(struct str name, enum statement_tone *out)
{
	size_t i = find(tones, STATEMENT_TONES, name);
	*out = i != SIZE_MAX ? (enum statement_tone)i : SAID_NOTHING;
	return i != SIZE_MAX;
}

const char *permission_name(enum permission permission)
{
	return permissions[permission];
}

bool permission_parse(struct str name, enum permission *out)
{
	size_t i = find(permissions, PERMISSIONS, name);
	*out = i != SIZE_MAX ? (enum permission)i : PERMISSION_FOUND;
	return i != SIZE_MAX;
}

const char *authority_name(enum authority authority)
{
	return authorities[authority];
}

bool authority_parse(struct str name, enum authority *out)
{
	size_t i = find(authorities, sizeof(authorities) / sizeof(authorities[0]), name);
	*out = i != SIZE_MAX ? (enum authority)i : AUTHORITY_UNKNOWN;
	return i != SIZE_MAX;
}

bool statement_stands(const struct statement *s)
{
	return s->deleted_ms == 0 && s->text.p != NULL &&
	       (str_empty(s->now_hash) || str_eq(s->now_hash, s->hash));
}

void reference_json(const struct reference *r, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_key_c(j, "id", id_text(ID_REFERENCE, r->id, id));
	if (r->joined != 0) {
		jsonout_key_c(j, "joined", id_text(ID_REFERENCE, r->joined, id));
	}
	jsonout_key_i64(j, "person", r->person);
	jsonout_key_str(j, "name", r->person_name);
	jsonout_key_str(j, "title", r->title);
	jsonout_key_i64(j, "account", r->account);
	jsonout_key_str(j, "account_name", r->account_name);
	jsonout_key_str(j, "origin", r->origin);
	jsonout_key_str(j, "nominated_by", r->nominated_by);
	jsonout_key_c(j, "authority", authority_name(r->authority));
	jsonout_key_str(j, "authoriser", r->authoriser);
	jsonout_key_c(j, "tone", statement_tone_name(r->tone));
	jsonout_key_i64(j, "score", r->score);
	jsonout_key_i64(j, "statements_count", r->statements);
	jsonout_key_c(j, "permission", permission_name(r->permission));
	jsonout_key_time(j, "since", r->stage_ms);
	jsonout_key_str(j, "scope", r->scope);
	if (r->consent != 0) {
		jsonout_key_i64(j, "consent_statement", r->consent);
	}
	jsonout_key_time(j, "expires", r->expires_ms);
	jsonout_key_str(j, "ask_to", r->ask_to);
	jsonout_key_time(j, "ask_due", r->ask_due);
	jsonout_key_str(j, "owner", r->owner);
	jsonout_key_str(j, "gatekeeper", r->gatekeeper);
	jsonout_key_str(j, "second", r->second);
	jsonout_key_str(j, "assigned_by", r->assigned_by);
	jsonout_key_time(j, "orphaned", r->orphaned_ms);
	jsonout_key_str(j, "orphan_why", r->orphan_why);
	jsonout_key_time(j, "rest_until", r->rest_until);
	jsonout_key_str(j, "hold_reason", r->hold_reason);
	jsonout_key_time(j, "hold_until", r->hold_until);
	jsonout_key_str(j, "held_by", r->held_by);
	jsonout_key_bool(j, "historic", r->historic);
	jsonout_key_time(j, "created", r->created_ms);
	jsonout_key_time(j, "updated", r->updated_ms);
}

void statement_json(const struct statement *s, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_i64(j, "id", s->id);
	jsonout_key_c(j, "tone", statement_tone_name(s->tone));
	jsonout_key_str(j, "text", s->text);
	jsonout_key_str(j, "sha256", s->hash);
	jsonout_key_str(j, "source", s->source);
	jsonout_key_str(j, "url", s->url);
	jsonout_key_str(j, "author", s->author);
	jsonout_key_str(j, "product", s->product);
	jsonout_key_str(j, "rules", s->rules);
	jsonout_key_time(j, "said", s->said_ms);
	jsonout_key_time(j, "captured", s->captured_ms);
	jsonout_key_time(j, "edited", s->edited_ms);
	jsonout_key_str(j, "sha256_now", s->now_hash);
	jsonout_key_time(j, "deleted", s->deleted_ms);
	jsonout_key_bool(j, "stands", statement_stands(s));
	jsonout_key_c(j, "visibility", s->is_private ? "private" : "public");
	jsonout_key_bool(j, "private", s->is_private);
	jsonout_key_bool(j, "regulated", s->regulated);
	jsonout_key_str(j, "signed_by", s->signed_by);
	jsonout_key_bool(j, "historic", s->historic);
	if (!str_empty(s->parts)) {
		jsonout_key(j, "parts");
		jsonout_raw(j, s->parts);
	}
	jsonout_end_object(j);
}

void statements_json(const struct statement *v, size_t n, struct jsonout *j)
{
	jsonout_key(j, "statements");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		statement_json(&v[i], j);
	}
	jsonout_end_array(j);
}
