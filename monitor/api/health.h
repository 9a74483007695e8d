/* What a supervisor asks: GET /-/healthy (the process answers) and /-/ready (it polls and stores; 503
 * with one sentence while it cannot). Nothing else is served, and nothing is said about content. */
#ifndef HARK_API_HEALTH_H
#define HARK_API_HEALTH_H

#include "monitor/api/http.h"

#define HEALTH_WHY_MAX 200

struct health {
	/* False: write why in one sentence. Called on the server's threads; must not wait. */
	bool (*ready)(void *ctx, char why[HEALTH_WHY_MAX]);
	void *ctx;
};

/* When the head is there: what is not served is answered at once, whatever body is announced. */
void health_admit(struct http_exchange *x);
/* For struct http_options.handler, with a struct health as its context. */
void health_handle(void *health, struct http_exchange *x);

#endif
