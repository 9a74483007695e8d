/* The inbox: what a browser loads, as bytes of the program. Its pages ask the API for everything else.
 *
 * Any thread; nothing waits, nothing is allocated but the answers. */
#ifndef HARK_WEB_WEB_H
#define HARK_WEB_WEB_H

#include "monitor/api/http.h"

struct web_asset {
	const char *path, *type;
	const char *etag, *etag_packed; /* with their quotes */
	struct str plain, packed;       /* as it is, and as gzip */
};

/* Made by build.mjs, or none at all (none.c, --without-web). Ends with a NULL path; the first is the
 * document of every page. */
extern const struct web_asset web_assets[];
/* First parts of the paths of pages, "leads" for /leads and /leads/lead_7. Ends with NULL. */
extern const char *const web_pages[];

/* Whether the path is one of the inbox's: "/" always is, so that a build without it can say so. */
bool web_serves(struct str path);
/* For struct http_options, when it is. */
void web_admit(struct http_exchange *x);
void web_handle(struct http_exchange *x);

#endif
