/* The accounts a profile-watch looks at, from a list: CSV whose columns name networks, beside whatever else
 * the list has,
 *
 *	name,github,mastodon,bluesky,hn
 *	Ada Example,ada-example,@ada@mastodon.example,ada.example,ada_e
 *
 * or one account a line, as an address or "github:ada-example"; '#' begins a comment. A cell or line that is
 * no account is told with its place and left out. Immutable once read. */
#ifndef HARK_CONNECTORS_WATCH_ACCOUNTS_H
#define HARK_CONNECTORS_WATCH_ACCOUNTS_H

#include "connectors/connector.h"
#include "monitor/base/arena.h"

/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

enum watch_network {
	WATCH_GITHUB,
	WATCH_MASTODON,
	WATCH_BLUESKY,
	WATCH_HACKERNEWS,
	WATCH_NETWORKS,
};

struct watch_rule {
	const char *name;       /* "github": column, and before the colon */
	const char *alias;      /* another name of the column, or NULL */
	const char *definition; /* that reads it */
	const char *var;        /* its setting for the handle */
	long limit;             /* requests its owner allows, until a reply says otherwise … */
	int64_t per_ms;         /* … in so long */
};
extern const struct watch_rule watch_rules[WATCH_NETWORKS];

struct watch_account {
	UT_hash_handle hh;
	enum watch_network network;
	const char *key;    /* "github:ada-example": letters in lower case */
	const char *handle; /* as the network writes it, without '@' and server */
	const char *server; /* MASTODON */
	const char *person; /* what the list calls them, or NULL */
	size_t index;       /* in the list */
	size_t host;        /* who is asked for it, in `hosts` */
	unsigned line;
};

/* A server, or the whole of a network that has but one. */
struct watch_place {
	UT_hash_handle hh;
	const char *name; /* in lower case */
	size_t index;
	enum watch_network network;
};

struct watch_accounts {
	struct arena arena;
	struct watch_account **v;
	size_t n, cap;
	struct watch_account *by_key;
	struct watch_place *hosts; /* by name */
	size_t hosts_n;
	int rc; /* HARK_ENOMEM: incomplete */
};

void watch_accounts_init(struct watch_accounts *all);
void watch_accounts_release(struct watch_accounts *all);
/* Reads the file `path` through the host. The host's result; without any account it fails. */
int watch_accounts_read(struct watch_accounts *all, struct hark_host *host, const char *path);
/* NULL: the list has none of that key. */
struct watch_account *watch_accounts_find(const struct watch_accounts *all, struct str key);
/* The account that `text` names on a network, or on whichever it says. False: none; `*why` says what is
 * wrong. Strings go into `arena`. */
bool watch_account_parse(struct watch_account *out, enum watch_network network, struct str text,
	struct arena *arena, const char **why);
bool watch_account_guess(
	struct watch_account *out, struct str text, struct arena *arena, const char **why);

#endif
