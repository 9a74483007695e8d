#include "monitor/api/throttle.h"

#include "monitor/base/hash.h"

static size_t place(struct str key)
{
	return (size_t)(hash64(key, 0) % THROTTLE_KEYS);
}

int64_t throttle_try(struct throttle *t, struct str key, int64_t now_ms)
{
	size_t at = place(key);
	if (t->keys[at].tries == 0 || now_ms - t->keys[at].since_ms >= THROTTLE_MS) {
		t->keys[at].since_ms = now_ms;
		t->keys[at].tries = 0;
	}
	if (t->keys[at].tries >= THROTTLE_TRIES) {
		return t->keys[at].since_ms + THROTTLE_MS - now_ms;
	}
	t->keys[at].tries++;
	return 0;
}

void throttle_forget(struct throttle *t, struct str key)
{
	t->keys[place(key)].tries = 0;
}
