/* The demo's mock network: several hosts on loopback addresses, each with a manner of its own
 * (RSS, Atom, JSON Feed, paged, conditional, rate limited, slow, damaged, failing). What they say is
 * the story; its second part is published by network_publish().
 *
 * Hosts answer on the HTTP server's threads; every function may be called from any thread. */
#ifndef HARK_DEMO_NETWORK_H
#define HARK_DEMO_NETWORK_H

#include "monitor/demo/story.h"

struct network;

struct network_counts {
	size_t requests, not_modified, refused; /* refused: 429 and 5xx */
	size_t hosts_read; /* that served all they have since the start, or since the publication, */
	size_t hosts_ready; /* of those that ever will */
};

/* Starts every host at `port` of its address, 0: any free port. `story` must outlive the network. */
int network_new(struct network **out, const struct story *story, int port, struct hark_err *err);
/* NULL is fine. */
void network_free(struct network *n);

/* "http://127.0.0.2:4711" of the i-th host of the story; lives as long as the network. */
const char *network_base(const struct network *n, size_t i);

/* Publishes the second part at wall clock `now_ms`. */
void network_publish(struct network *n, int64_t now_ms);
/* Whether every host was read completely since the start or the publication (a host that always
 * fails: was asked). */
bool network_is_read(struct network *n);
struct network_counts network_count(struct network *n);

#endif
