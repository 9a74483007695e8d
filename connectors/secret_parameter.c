#include "connectors/secret_parameter.h"

#define KEY_MIN 16     /* bytes; shorter keys are words */
#define COMPOUND_MIN 6 /* letters of a name that is one at the end of another, too: "apikey" */

/* "API-Key" as "apikey". */
static struct str plain_name(struct str name, char room[32])
{
	size_t n = 0;
	for (size_t i = 0; i < name.n && n < 32; i++) {
		char c = name.p[i];
		if (c != '-' && c != '_' && c != '.') {
			room[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
		}
	}
	return str_n(room, n);
}

/* Long, without a blank, of letters and digits both. */
static bool looks_made_up(struct str value)
{
	bool letters = false, digits = false;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		bool is_digit = c >= '0' && c <= '9';
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_digit && !is_letter && c != '-' && c != '_') {
			return false;
		}
		digits |= is_digit;
		letters |= is_letter;
	}
	return value.n >= KEY_MIN && letters && digits;
}

/* As a whole, behind an "x", or at the end of it if it is more than a word: "Ocp-Apim-Subscription-Key". */
static bool is_named(struct str plain, const char *secret)
{
	struct str name = str_c(secret);
	bool has_x = plain.n > 0 && plain.p[0] == 'x';
	return str_eq(plain, name) || (has_x && str_eq(str_n(plain.p + 1, plain.n - 1), name)) ||
	       (name.n >= COMPOUND_MIN && str_ends(plain, name));
}

/* A switch is named as what it shows or hides, and Accept-Signature (RFC 9421, 5.1) as what may be answered: its
 * value is a list of names, no word alone. */
static bool is_harmless(struct str name, struct str value)
{
	static const char *const words[] = {"true", "false", "yes", "no", "0", "1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_nocase(value, str_c(words[i]))) {
			return true;
		}
	}
	return str_eq_nocase(name, STR("Accept-Signature")) &&
	       str_find(value, STR("=(")) != SIZE_MAX;
}

bool parameter_is_secret(struct str name, struct str value)
{
	static const char *const names[] = {"token", "accesstoken", "authtoken", "apitoken",
		"usertoken", "privatetoken", "gitlabtoken", "apikey", "appkey", "accesskey",
		"secretkey", "authkey", "subscriptionkey", "secret", "clientsecret", "appsecret",
		"password", "passwd", "pwd", "signature", "sessionid", "jwt", "bearer"};
	char room[32];
	struct str plain = plain_name(name, room);
	if (value.n == 0 || str_find(value, STR("{")) != SIZE_MAX || is_harmless(name, value)) {
		return false;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (is_named(plain, names[i])) {
			return true;
		}
	}
	return str_eq_c(plain, "key") && looks_made_up(value);
}

bool next_parameter(struct str *query, struct str *whole, struct str *name, struct str *value)
{
	if (!str_split(query, '&', whole)) {
		return false;
	}
	size_t at = str_find(*whole, STR("="));
	*name = str_n(whole->p, at == SIZE_MAX ? whole->n : at);
	*value = at == SIZE_MAX ? STR_NONE : str_n(whole->p + at + 1, whole->n - at - 1);
	return true;
}

struct str query_of(struct str url)
{
	size_t end = str_find(url, STR("#"));
	url.n = end != SIZE_MAX ? end : url.n;
	size_t at = str_find(url, STR("?"));
	return at == SIZE_MAX ? STR_NONE : str_n(url.p + at + 1, url.n - at - 1);
}
