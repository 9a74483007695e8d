#include "tests/unit/unit.h"

#include "monitor/fetch/guard.h"

#include <sys/un.h>

struct address_case {
	const char *address;
	enum guard_class class;
};

static const struct address_case cases[] = {
	/* first and last of each range, and the neighbours outside */
	{"0.0.0.0", GUARD_NEVER},
	{"0.255.255.255", GUARD_NEVER},
	{"1.0.0.0", GUARD_PUBLIC},
	{"9.255.255.255", GUARD_PUBLIC},
	{"10.0.0.0", GUARD_INTERNAL},
	{"10.255.255.255", GUARD_INTERNAL},
	{"11.0.0.0", GUARD_PUBLIC},
	{"100.63.255.255", GUARD_PUBLIC},
	{"100.64.0.0", GUARD_INTERNAL},
	{"100.127.255.255", GUARD_INTERNAL},
	{"100.128.0.0", GUARD_PUBLIC},
	{"126.255.255.255", GUARD_PUBLIC},
	{"127.0.0.0", GUARD_INTERNAL},
	{"127.0.0.1", GUARD_INTERNAL},
	{"127.255.255.255", GUARD_INTERNAL},
	{"128.0.0.0", GUARD_PUBLIC},
	{"169.253.255.255", GUARD_PUBLIC},
	{"169.254.0.0", GUARD_NEVER},
	{"169.254.169.254", GUARD_NEVER},
	{"169.254.255.255", GUARD_NEVER},
	{"169.255.0.0", GUARD_PUBLIC},
	{"172.15.255.255", GUARD_PUBLIC},
	{"172.16.0.0", GUARD_INTERNAL},
	{"172.31.255.255", GUARD_INTERNAL},
	{"172.32.0.0", GUARD_PUBLIC},
	{"192.0.0.0", GUARD_NEVER},
	{"192.0.0.255", GUARD_NEVER},
	{"192.0.1.0", GUARD_PUBLIC},
	{"192.0.2.1", GUARD_INTERNAL},
	{"192.0.3.0", GUARD_PUBLIC},
	{"192.88.99.1", GUARD_NEVER},
	{"192.167.255.255", GUARD_PUBLIC},
	{"192.168.0.0", GUARD_INTERNAL},
	{"192.168.255.255", GUARD_INTERNAL},
	{"192.169.0.0", GUARD_PUBLIC},
	{"198.17.255.255", GUARD_PUBLIC},
	{"198.18.0.0", GUARD_INTERNAL},
	{"198.19.255.255", GUARD_INTERNAL},
	{"198.20.0.0", GUARD_PUBLIC},
	{"198.51.100.7", GUARD_INTERNAL},
	{"203.0.113.7", GUARD_INTERNAL},
	{"203.0.114.0", GUARD_PUBLIC},
	{"223.255.255.255", GUARD_PUBLIC},
	{"224.0.0.1", GUARD_NEVER},
	{"239.255.255.255", GUARD_NEVER},
	{"240.0.0.1", GUARD_NEVER},
	{"255.255.255.255", GUARD_NEVER},
	{"8.8.8.8", GUARD_PUBLIC},
	/* IPv6 */
	{"::", GUARD_NEVER},
	{"::1", GUARD_INTERNAL},
	{"::2", GUARD_NEVER},
	{"::127.0.0.1", GUARD_NEVER},
	{"::8.8.8.8", GUARD_NEVER},
	{"::ffff:127.0.0.1", GUARD_INTERNAL},
	{"::ffff:10.1.2.3", GUARD_INTERNAL},
	{"::ffff:169.254.169.254", GUARD_NEVER},
	{"::ffff:0.0.0.0", GUARD_NEVER},
	{"::ffff:8.8.8.8", GUARD_PUBLIC},
	{"::ffff:0:127.0.0.1", GUARD_NEVER},
	{"64:ff9b::127.0.0.1", GUARD_INTERNAL},
	{"64:ff9b::a9fe:a9fe", GUARD_NEVER},
	{"64:ff9b::192.168.1.1", GUARD_INTERNAL},
	{"64:ff9b::8.8.8.8", GUARD_PUBLIC},
	{"64:ff9b:1::1", GUARD_NEVER},
	{"100::1", GUARD_NEVER},
	{"2001::1", GUARD_NEVER},
	{"2001:0:7f00:1::80ff:fffe", GUARD_NEVER},
	{"2001:1ff:ffff::1", GUARD_NEVER},
	{"2001:200::1", GUARD_PUBLIC},
	{"2001:db8::1", GUARD_INTERNAL},
	{"2001:db9::1", GUARD_PUBLIC},
	{"2002:7f00:1::", GUARD_NEVER},
	{"2002:808:808::1", GUARD_NEVER},
	{"2003::1", GUARD_PUBLIC},
	{"2606:4700::1111", GUARD_PUBLIC},
	{"3fff:fff::1", GUARD_INTERNAL},
	{"3fff:1000::1", GUARD_PUBLIC},
	{"4000::1", GUARD_NEVER},
	{"5f00::1", GUARD_NEVER},
	{"fbff::1", GUARD_NEVER},
	{"fc00::1", GUARD_INTERNAL},
	{"fdff:ffff::1", GUARD_INTERNAL},
	{"fe00::1", GUARD_NEVER},
	{"fe80::1", GUARD_NEVER},
	{"febf::1", GUARD_NEVER},
	{"fec0::1", GUARD_INTERNAL},
	{"ff02::1", GUARD_NEVER},
	/* no address at all */
	{"", GUARD_NEVER},
	{"localhost", GUARD_NEVER},
	{"127.1", GUARD_NEVER},
	{"0x7f000001", GUARD_NEVER},
	{"2130706433", GUARD_NEVER},
	{"/run/x.sock", GUARD_NEVER},
};

static void every_special_range_is_known_to_its_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *range = NULL;
		enum guard_class got = guard_text(cases[i].address, &range);
		if (got != cases[i].class) {
			fail_msg("%s: class %d, expected %d (%s)", cases[i].address, (int)got,
				(int)cases[i].class, range);
		}
		assert_non_null(range);
	}
}

static void a_unix_socket_is_never_connected(void **state)
{
	(void)state;
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/docker.sock"};
	assert_int_equal(guard_address((struct sockaddr *)&un, NULL), GUARD_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_special_range_is_known_to_its_edges),
		cmocka_unit_test(a_unix_socket_is_never_connected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
