/* What people are found by, in the form in which it is compared. */
#include "monitor/people/who_in.h"

#include "monitor/base/fold.h"
#include "monitor/base/hash.h"
#include "monitor/people/company_name.h"
#include "rules/lists.h"

static uint64_t key_of(const struct who *w, enum who_key kind, struct str text)
{
	return text.n > 0 ? hash64(text, w->salt + kind) | 1 : 0;
}

static struct str lower(struct who_scratch *s, struct str text)
{
	buf_clear(&s->text);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		buf_add_char(&s->text, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
	}
	return s->text.rc == HARK_OK ? buf_str(&s->text) : STR_NONE;
}

uint64_t who_key_handle(const struct who *w, struct who_scratch *s, struct str handle)
{
	handle = str_trim(handle);
	if (str_starts(handle, STR("@"))) {
		handle = str_n(handle.p + 1, handle.n - 1);
	}
	return key_of(w, WHO_KEY_HANDLE, lower(s, handle));
}

uint64_t who_key_email(const struct who *w, struct who_scratch *s, struct str email)
{
	email = str_trim(email);
	const char *at = email.n > 0 ? memchr(email.p, '@', email.n) : NULL;
	bool whole = at != NULL && at > email.p && at + 1 < email.p + email.n;
	return whole ? key_of(w, WHO_KEY_EMAIL, lower(s, email)) : 0;
}

/* One network has a host for each country. */
static struct str without_country(struct str address)
{
	bool country = address.n > 3 && address.p[2] == '.' &&
		       str_starts(str_n(address.p + 3, address.n - 3), STR("linkedin.com/"));
	return country ? str_n(address.p + 3, address.n - 3) : address;
}

uint64_t who_key_profile(const struct who *w, struct who_scratch *s, struct str url)
{
	if (url.n == 0) {
		return 0;
	}
	buf_clear(&s->text);
	profile_address(str_trim(url), &s->text);
	struct str address = s->text.rc == HARK_OK ? without_country(buf_str(&s->text)) : STR_NONE;
	/* A host alone is a network, not somebody on it. */
	bool page = address.n > 0 && memchr(address.p, '/', address.n) != NULL;
	return page ? key_of(w, WHO_KEY_PROFILE, address) : 0;
}

uint64_t who_key_employer(const struct who *w, struct str name)
{
	struct company_name n;
	if (!company_name_read(&n, name)) {
		return 0;
	}
	uint64_t key = company_name_key(&n);
	return key_of(w, WHO_KEY_EMPLOYER, str_n((const char *)&key, sizeof(key)));
}

uint64_t who_key_domain(const struct who *w, struct str address)
{
	char domain[COMPANY_DOMAIN_MAX];
	if (!company_domain(address, domain) || company_domain_is_shared(str_c(domain))) {
		return 0;
	}
	return key_of(w, WHO_KEY_DOMAIN, str_c(domain));
}

uint64_t who_key_words(
	const struct who *w, struct who_scratch *s, enum who_key kind, struct str text)
{
	if (text.n == 0) {
		return 0;
	}
	buf_clear(&s->text);
	fold_words(&s->text, text);
	return s->text.rc == HARK_OK ? key_of(w, kind, buf_str(&s->text)) : 0;
}

uint64_t who_key_place(const struct who *w, struct who_scratch *s, struct str place)
{
	const char *comma = place.n > 0 ? memchr(place.p, ',', place.n) : NULL;
	place.n = comma != NULL ? (size_t)(comma - place.p) : place.n;
	return who_key_words(w, s, WHO_KEY_PLACE, place);
}

uint64_t who_key_name(const struct who *w, uint64_t key)
{
	return key_of(w, WHO_KEY_NAME, str_n((const char *)&key, sizeof(key)));
}
