/* Which part of an address somebody registered: the public suffix list, by libpsl, whose only home this is. The
 * list that Debian keeps up to date is read once, at the first question. */
#include "monitor/people/company_name.h"

#include <ctype.h>
#include <libpsl.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static psl_ctx_t *list; /* for as long as the program runs; NULL: there is none to be had */

static void load(void)
{
	list = psl_latest(NULL);
}

static struct str host_of(struct str s)
{
	size_t scheme = str_find(s, STR("://"));
	s = scheme != SIZE_MAX ? str_n(s.p + scheme + 3, s.n - scheme - 3) : s;
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("/?#", s.p[i]) != NULL) {
			s.n = i;
		}
	}
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '@') {
			s = str_n(s.p + i, s.n - i);
			break;
		}
	}
	const char *port = s.n > 0 ? memchr(s.p, ':', s.n) : NULL;
	s.n = port != NULL ? (size_t)(port - s.p) : s.n;
	return s;
}

static bool is_host(struct str s)
{
	bool letter = false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool word = isalnum(c) || c >= 0x80;
		letter = letter || (word && !isdigit(c));
		bool edge = i == 0 || i + 1 == s.n || s.p[i - 1] == '.';
		if (!(word || (c == '-' && !edge) || (c == '.' && !edge))) {
			return false;
		}
	}
	return letter && s.n < COMPANY_DOMAIN_MAX;
}

bool company_domain(struct str address, char out[COMPANY_DOMAIN_MAX])
{
	char host[COMPANY_DOMAIN_MAX];
	struct str s = host_of(str_trim(address));
	if (!is_host(s)) {
		return false;
	}
	for (size_t i = 0; i < s.n; i++) {
		host[i] = (char)tolower((unsigned char)s.p[i]);
	}
	host[s.n] = '\0';
	pthread_once(&once, load);
	const char *domain = list != NULL ? psl_registrable_domain(list, host) : NULL;
	if (domain == NULL) {
		return false;
	}
	memmove(out, domain, strlen(domain) + 1);
	return true;
}

static const char *const shared[] = {"aol.com", "bluesky.social", "bsky.social", "facebook.com",
	"fastmail.com", "free.fr", "github.com", "gitlab.com", "gmail.com", "gmx.at", "gmx.ch",
	"gmx.com", "gmx.de", "gmx.net", "google.com", "googlemail.com", "hotmail.com",
	"hotmail.co.uk", "hotmail.fr", "hushmail.com", "icloud.com", "instagram.com", "laposte.net",
	"libero.it", "linkedin.com", "live.com", "mac.com", "mail.com", "mail.ru",
	"mastodon.social", "me.com", "medium.com", "msn.com", "naver.com", "orange.fr",
	"outlook.com", "outlook.de", "pm.me", "posteo.de", "proton.me", "protonmail.com", "qq.com",
	"rambler.ru", "reddit.com", "substack.com", "t-online.de", "threads.net", "tutanota.com",
	"twitter.com", "web.de", "wordpress.com", "x.com", "yahoo.co.uk", "yahoo.com", "yahoo.de",
	"yahoo.es", "yahoo.fr", "yandex.ru", "youtube.com", "zoho.com", "163.com", "126.com"};

bool company_domain_is_shared(struct str domain)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		if (str_eq_c(domain, shared[i])) {
			return true;
		}
	}
	return false;
}
