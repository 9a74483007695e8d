#include "monitor/people/import_match.h"

/* Two ids are two records, whatever else they share. */
static bool may_be(struct record_index *x, uint32_t slot, const struct record *r)
{
	return slot != RECORD_NONE &&
	       !(r->field[REC_ID].n > 0 && record_index_slot(x, slot)->has_id);
}

static uint32_t by_email(struct record_index *x, const struct record *r)
{
	struct str rest = r->field[REC_EMAIL], one;
	while (str_split(&rest, '\n', &one)) {
		uint32_t slot =
			record_index_find2(x, KEY_EMAIL_NAME, one, r->field[REC_NAME], RECORD_NONE);
		if (may_be(x, slot, r)) {
			return slot;
		}
	}
	return RECORD_NONE;
}

/* Namesakes at one employer are told apart by addresses and profiles, where both have them. */
static bool may_be_namesake(struct record_index *x, uint32_t slot, const struct record *r)
{
	const struct record_slot *s = record_index_slot(x, slot);
	return may_be(x, slot, r) && !(r->field[REC_EMAIL].n > 0 && s->has_email) &&
	       !(r->field[REC_LINK].n > 0 && s->has_link);
}

static int by_employer(
	struct record_index *x, const struct record *r, uint32_t *slot, struct hark_err *err)
{
	struct str name = r->field[REC_NAME], employer = r->field[REC_ACCOUNT];
	uint32_t found = RECORD_NONE, at = RECORD_NONE;
	*slot = RECORD_NONE;
	if (employer.n == 0) {
		return HARK_OK;
	}
	while ((at = record_index_find2(x, KEY_NAME_EMPLOYER, name, employer, at)) != RECORD_NONE) {
		if (!may_be_namesake(x, at, r)) {
			continue;
		}
		if (found != RECORD_NONE) {
			return hark_err_set(err, HARK_EINVAL,
				"two known people are called %.*s at %.*s: an id or an e-mail address "
				"must say which it is",
				STR_FMT(name), STR_FMT(employer));
		}
		found = at;
	}
	*slot = found;
	return HARK_OK;
}

static int match_person(
	struct record_index *x, const struct record *r, uint32_t *slot, struct hark_err *err)
{
	uint32_t found = r->field[REC_LINK].n > 0
				 ? record_index_find(x, KEY_LINK, r->field[REC_LINK], RECORD_NONE)
				 : RECORD_NONE;
	if (!may_be(x, found, r)) {
		found = by_email(x, r);
	}
	if (found != RECORD_NONE) {
		*slot = found;
		return HARK_OK;
	}
	return by_employer(x, r, slot, err);
}

static bool shares_domain(struct record_index *x, uint32_t slot, struct str domains)
{
	struct str one;
	while (str_split(&domains, '\n', &one)) {
		uint32_t at = RECORD_NONE;
		while ((at = record_index_find(x, KEY_DOMAIN, one, at)) != RECORD_NONE) {
			if (at == slot) {
				return true;
			}
		}
	}
	return false;
}

static int match_account(
	struct record_index *x, const struct record *r, uint32_t *slot, struct hark_err *err)
{
	struct str domains = r->field[REC_DOMAINS];
	uint32_t found = RECORD_NONE, at = RECORD_NONE;
	while ((at = record_index_find(x, KEY_NAME, r->field[REC_NAME], at)) != RECORD_NONE) {
		bool differs = domains.n > 0 && record_index_slot(x, at)->has_domain &&
			       !shares_domain(x, at, domains);
		if (!may_be(x, at, r) || differs) {
			continue;
		}
		if (found != RECORD_NONE) {
			return hark_err_set(err, HARK_EINVAL,
				"two known accounts are called %.*s: an id or a domain must say which it is",
				STR_FMT(r->field[REC_NAME]));
		}
		found = at;
	}
	*slot = found;
	return HARK_OK;
}

int import_match(
	struct record_index *x, const struct record *r, uint32_t *slot, struct hark_err *err)
{
	*slot = r->field[REC_ID].n > 0 ? record_index_find(x, KEY_ID, r->field[REC_ID], RECORD_NONE)
				       : RECORD_NONE;
	if (*slot != RECORD_NONE) {
		return HARK_OK;
	}
	return record_is_person(r->kind)   ? match_person(x, r, slot, err)
	       : r->kind == RECORD_ACCOUNT ? match_account(x, r, slot, err)
					   : HARK_OK;
}

static bool is_at(struct record_index *x, enum record_key key, struct str value, uint32_t slot)
{
	uint32_t at = RECORD_NONE;
	while (value.n > 0 && (at = record_index_find(x, key, value, at)) != RECORD_NONE) {
		if (at == slot) {
			return true;
		}
	}
	return false;
}

const char *import_match_by(struct record_index *x, const struct record *r, uint32_t slot)
{
	const struct str *v = r->field;
	if (is_at(x, KEY_ID, v[REC_ID], slot)) {
		return "id";
	}
	if (!record_is_person(r->kind)) {
		return "name";
	}
	return is_at(x, KEY_LINK, v[REC_LINK], slot) ? "profile"
	       : by_email(x, r) == slot              ? "e-mail address and name"
						     : "name and employer";
}

bool import_has_emails(struct record_index *x, const struct record *r, uint32_t slot)
{
	struct str rest = r->field[REC_EMAIL], one;
	while (str_split(&rest, '\n', &one)) {
		if (!is_at(x, KEY_EMAIL, one, slot)) {
			return false;
		}
	}
	return true;
}

bool import_has_profile(struct record_index *x, const struct record *r, uint32_t slot)
{
	return is_at(x, KEY_LINK, r->field[REC_LINK], slot);
}

static int index_lines(struct record_index *x, uint32_t slot, enum record_key key, struct str lines)
{
	struct str one;
	int rc = HARK_OK;
	while (rc == HARK_OK && str_split(&lines, '\n', &one)) {
		rc = record_index_key(x, slot, key, one);
	}
	return rc;
}

static int index_person(struct record_index *x, uint32_t slot, const struct record *r)
{
	const struct str *v = r->field;
	struct str rest = v[REC_EMAIL], one;
	int rc = index_lines(x, slot, KEY_EMAIL, v[REC_EMAIL]);
	while (rc == HARK_OK && str_split(&rest, '\n', &one)) {
		rc = record_index_key2(x, slot, KEY_EMAIL_NAME, one, v[REC_NAME]);
	}
	if (rc == HARK_OK && v[REC_LINK].n > 0) {
		rc = record_index_key(x, slot, KEY_LINK, v[REC_LINK]);
	}
	if (rc == HARK_OK && v[REC_ACCOUNT].n > 0) {
		rc = record_index_key2(x, slot, KEY_NAME_EMPLOYER, v[REC_NAME], v[REC_ACCOUNT]);
	}
	return rc;
}

int import_index(struct record_index *x, uint32_t slot, const struct record *r)
{
	const struct str *v = r->field;
	int rc = v[REC_ID].n > 0 ? record_index_key(x, slot, KEY_ID, v[REC_ID]) : HARK_OK;
	if (rc == HARK_OK && record_is_person(r->kind)) {
		rc = index_person(x, slot, r);
	} else if (rc == HARK_OK && r->kind == RECORD_ACCOUNT) {
		rc = record_index_key(x, slot, KEY_NAME, v[REC_NAME]);
		rc = rc == HARK_OK ? index_lines(x, slot, KEY_NAME, v[REC_ALIASES]) : rc;
		rc = rc == HARK_OK ? index_lines(x, slot, KEY_DOMAIN, v[REC_DOMAINS]) : rc;
	}
	return rc;
}

int64_t import_account(struct record_index *accounts, struct str ref, struct str name)
{
	uint32_t slot =
		ref.n > 0 ? record_index_find(accounts, KEY_ID, ref, RECORD_NONE) : RECORD_NONE;
	if (slot == RECORD_NONE && name.n > 0) {
		slot = record_index_find(accounts, KEY_NAME, name, RECORD_NONE);
		bool several = slot != RECORD_NONE &&
			       record_index_find(accounts, KEY_NAME, name, slot) != RECORD_NONE;
		slot = several ? RECORD_NONE : slot;
	}
	return slot != RECORD_NONE ? record_index_slot(accounts, slot)->id : 0;
}
