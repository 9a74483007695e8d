/* Which addresses a transfer may connect to. The check is made on the address about to be
 * connected, never on the text of a URL: names, decimal forms, redirects and answers of the DNS
 * that change between two look-ups all end here. Pure. */
#ifndef HARK_FETCH_GUARD_H
#define HARK_FETCH_GUARD_H

#include <sys/socket.h>

enum guard_class {
	GUARD_PUBLIC,   /* the internet */
	GUARD_INTERNAL, /* private, loopback, test networks: only for requests that say so */
	GUARD_NEVER, /* link-local (cloud metadata), multicast, reserved, tunnels, no IP at all */
};

/* The class of an address. An IPv4 address inside an IPv6 one (IPv4-mapped, NAT64) counts as
 * itself; 6to4, Teredo and the old IPv4-compatible form are refused whole, nothing public lives
 * there. `range` (may be NULL) gets what it is, for people: "10.0.0.0/8, private". Static text. */
enum guard_class guard_address(const struct sockaddr *address, const char **range);

/* As above for "192.0.2.1" or "2001:db8::1"; what is no address is GUARD_NEVER. */
enum guard_class guard_text(const char *address, const char **range);

#endif
