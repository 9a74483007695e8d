#include "rules/classify/wording_net.h"

#include <math.h>

#define ROOT_PARTS 4096 /* of one, that the root of a number is told in */
#define INPUT_PARTS 8
#define INPUT_MAX INT16_MAX

void wording_net_begin(struct wording_net *net)
{
	memset(net, 0, sizeof(*net));
}

static int16_t limited(int64_t v)
{
	return (int16_t)(v > INPUT_MAX ? INPUT_MAX : v < -INPUT_MAX ? -INPUT_MAX : v);
}

int64_t wording_net_answer(const struct wording_net *net, const uint32_t n[WORDING_GROUPS])
{
	int16_t in[WORDING_NET_INPUTS];
	for (size_t g = 0; g < WORDING_GROUPS; g++) {
		int64_t root = (int64_t)floor(ROOT_PARTS * sqrt(n[g] > 0 ? n[g] : 1));
		for (size_t i = 0; i < WORDING_NET_WIDE; i++) {
			in[g * WORDING_NET_WIDE + i] =
				limited((int64_t)net->sum[g][i] * ROOT_PARTS * INPUT_PARTS / root);
		}
	}
	int64_t answer = 0;
	for (size_t h = 0; h < WORDING_NET_HIDDEN; h++) {
		int32_t sum = wording_net_bias[h];
		for (size_t i = 0; i < WORDING_NET_INPUTS; i++) {
			sum += wording_net_layer[h][i] * in[i];
		}
		answer += sum > 0 ? (int64_t)sum * wording_net_out[h] : 0;
	}
	return answer;
}
