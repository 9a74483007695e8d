#include "rules/token_hash.h"

#include "monitor/base/crypto.h"

uint64_t token_salt[3] = {0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu};

void token_hash_init(void)
{
	crypto_random(token_salt, sizeof(token_salt));
}

uint64_t token_hash_bytes(unsigned kind, struct str folded)
{
	uint64_t h = token_seed(kind, folded.n);
	const char *p = folded.p;
	size_t left = folded.n;
	for (; left > 16; left -= 16, p += 16) {
		h = token_hash_block(h, p);
	}
	return token_hash_last(h, p, left);
}
