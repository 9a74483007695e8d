/* Who asks: turns a connector's hark_auth and a source's secrets into headers and parameters. Secrets are
 * looked up when a request is sent, never kept; tokens that were had for them live in memory only.
 *
 * Belongs to the fetch thread. */
#ifndef HARK_PIPELINE_AUTH_H
#define HARK_PIPELINE_AUTH_H

#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/source.h"

struct auth;

struct auth *auth_new(void); /* NULL: no memory */
void auth_free(struct auth *a);

enum auth_next {
	AUTH_READY, /* the request may go out */
	AUTH_LOG_IN, /* *out is now the request for a token, by log-in or by the refresh token of the last one;
			give its reply to auth_logged_in() */
	AUTH_WAIT,   /* another source is logging in with the same secrets: try again soon */
	AUTH_FAILED, /* err says why */
};
/* Completes a request; strings live in `arena`. */
enum auth_next auth_complete(struct auth *a, struct source *source, struct fetch_request *out,
	struct arena *arena, int64_t now_ms, struct hark_err *err);
/* Takes the tokens out of a reply. HARK_EAUTH: there is none in it. A refresh token that is taken no more is
 * forgotten, which is no failure: auth_complete() then logs in. */
int auth_logged_in(struct auth *a, const struct source *source, const struct fetch_reply *reply,
	int64_t now_ms, struct hark_err *err);
/* Whether the reply says that the token has expired. */
bool auth_expired(const struct source *source, const struct fetch_reply *reply);
/* The source was refused with its token: the next auth_complete() asks for another. False: it had just
 * been given, so another would be no better. */
bool auth_refused(struct auth *a, const struct source *source, int64_t now_ms);
/* What stands for the source's credential in shared buckets: names and places of its secrets, never
 * what they are. Its own name where it has none. */
struct str auth_credential(const struct source *source, struct arena *arena);

#endif
