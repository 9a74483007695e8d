#include "monitor/fetch/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range4 {
	uint32_t net;
	int bits;
	enum guard_class class;
	const char *text;
};

#define NET4(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* IANA IPv4 special-purpose address registry, and multicast. */
static const struct range4 ranges4[] = {
	{NET4(0, 0, 0, 0), 8, GUARD_NEVER, "0.0.0.0/8, this host"},
	{NET4(10, 0, 0, 0), 8, GUARD_INTERNAL, "10.0.0.0/8, private"},
	{NET4(100, 64, 0, 0), 10, GUARD_INTERNAL, "100.64.0.0/10, carrier's private range"},
	{NET4(127, 0, 0, 0), 8, GUARD_INTERNAL, "127.0.0.0/8, this machine"},
	{NET4(169, 254, 0, 0), 16, GUARD_NEVER, "169.254.0.0/16, link-local"},
	{NET4(172, 16, 0, 0), 12, GUARD_INTERNAL, "172.16.0.0/12, private"},
	{NET4(192, 0, 0, 0), 24, GUARD_NEVER, "192.0.0.0/24, protocol assignments"},
	{NET4(192, 0, 2, 0), 24, GUARD_INTERNAL, "192.0.2.0/24, test network"},
	{NET4(192, 88, 99, 0), 24, GUARD_NEVER, "192.88.99.0/24, 6to4 relay"},
	{NET4(192, 168, 0, 0), 16, GUARD_INTERNAL, "192.168.0.0/16, private"},
	{NET4(198, 18, 0, 0), 15, GUARD_INTERNAL, "198.18.0.0/15, test network"},
	{NET4(198, 51, 100, 0), 24, GUARD_INTERNAL, "198.51.100.0/24, test network"},
	{NET4(203, 0, 113, 0), 24, GUARD_INTERNAL, "203.0.113.0/24, test network"},
	{NET4(224, 0, 0, 0), 4, GUARD_NEVER, "224.0.0.0/4, multicast"},
	{NET4(240, 0, 0, 0), 4, GUARD_NEVER, "240.0.0.0/4, reserved"},
};

struct range6 {
	unsigned char net[8]; /* no range here is narrower than 64 bits */
	int bits;
	enum guard_class class;
	const char *text;
};

/* The special ranges inside 2000::/3, then those outside; everything else outside is reserved. */
static const struct range6 ranges6[] = {
	{{0x20, 0x01}, 23, GUARD_NEVER, "2001::/23, Teredo and protocol assignments"},
	{{0x20, 0x01, 0x0d, 0xb8}, 32, GUARD_INTERNAL, "2001:db8::/32, documentation"},
	{{0x20, 0x02}, 16, GUARD_NEVER, "2002::/16, 6to4"},
	{{0x3f, 0xff}, 20, GUARD_INTERNAL, "3fff::/20, documentation"},
	{{0xfc}, 7, GUARD_INTERNAL, "fc00::/7, private"},
	{{0xfe, 0x80}, 10, GUARD_NEVER, "fe80::/10, link-local"},
	{{0xfe, 0xc0}, 10, GUARD_INTERNAL, "fec0::/10, private (old form)"},
	{{0xff}, 8, GUARD_NEVER, "ff00::/8, multicast"},
};

static enum guard_class answer(enum guard_class class, const char *text, const char **range)
{
	if (range != NULL) {
		*range = text;
	}
	return class;
}

static enum guard_class check4(uint32_t ip, const char **range)
{
	for (size_t i = 0; i < sizeof(ranges4) / sizeof(ranges4[0]); i++) {
		if ((ip ^ ranges4[i].net) >> (32 - ranges4[i].bits) == 0) {
			return answer(ranges4[i].class, ranges4[i].text, range);
		}
	}
	return answer(GUARD_PUBLIC, "public", range);
}

static bool has_prefix(const unsigned char *ip, const unsigned char *net, int bits)
{
	if (memcmp(ip, net, (size_t)bits / 8) != 0) {
		return false;
	}
	return bits % 8 == 0 || (ip[bits / 8] ^ net[bits / 8]) >> (8 - bits % 8) == 0;
}

static uint32_t last32(const unsigned char *ip)
{
	return NET4(ip[12], ip[13], ip[14], ip[15]);
}

static enum guard_class check6(const unsigned char *ip, const char **range)
{
	static const unsigned char zero[16];
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};

	if (memcmp(ip, zero, 15) == 0 && ip[15] == 1) {
		return answer(GUARD_INTERNAL, "::1, this machine", range);
	}
	if (memcmp(ip, zero, 12) == 0) {
		return answer(GUARD_NEVER, "::/96, this host and IPv4-compatible", range);
	}
	if (memcmp(ip, mapped, 12) == 0 || memcmp(ip, nat64, 12) == 0) {
		return check4(last32(ip), range);
	}
	for (size_t i = 0; i < sizeof(ranges6) / sizeof(ranges6[0]); i++) {
		if (has_prefix(ip, ranges6[i].net, ranges6[i].bits)) {
			return answer(ranges6[i].class, ranges6[i].text, range);
		}
	}
	if (ip[0] >> 5 != 1) {
		return answer(GUARD_NEVER, "outside 2000::/3, reserved", range);
	}
	return answer(GUARD_PUBLIC, "public", range);
}

enum guard_class guard_address(const struct sockaddr *address, const char **range)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		return check4(ntohl(in.sin_addr.s_addr), range);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, address, sizeof(in));
		return check6(in.sin6_addr.s6_addr, range);
	}
	return answer(GUARD_NEVER, "no internet address", range);
}

enum guard_class guard_text(const char *address, const char **range)
{
	unsigned char ip[16];
	if (inet_pton(AF_INET, address, ip) == 1) {
		return check4(NET4(ip[0], ip[1], ip[2], ip[3]), range);
	}
	if (inet_pton(AF_INET6, address, ip) == 1) {
		return check6(ip, range);
	}
	return answer(GUARD_NEVER, "no internet address", range);
}
