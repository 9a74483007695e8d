#include "monitor/store/story_index.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 1024
#define SLOTS_FEW ((size_t)1 << 19) /* 5 MiB */
#define FULL(slots) ((slots) / 4 * 3)

/* The tag says which chain it is in, too, so 32 bits of a fingerprint decide. */
struct slot {
	uint32_t tag;
	uint32_t post; /* counted from `base`; 0: free */
};

struct story_index {
	struct slot *slots;
	uint8_t *seen; /* a bit an eighth of a slot: whether there is any tag about here */
	size_t slots_n, used, slots_max;
	int64_t base, newest;
};

/* Slots and bits in one piece; NULL: no memory. */
static struct slot *slots_new(size_t n)
{
	return calloc(n, sizeof(struct slot) + 1);
}

static uint8_t *bits_of(struct slot *slots, size_t n)
{
	return (uint8_t *)(slots + n);
}

struct story_index *story_index_new(size_t slots_max)
{
	struct story_index *x = calloc(1, sizeof(*x));
	if (x != NULL) {
		x->slots = slots_new(SLOTS_MIN);
		x->slots_n = SLOTS_MIN;
		x->slots_max = slots_max;
	}
	if (x != NULL && x->slots == NULL) {
		free(x);
		return NULL;
	}
	if (x != NULL) {
		x->seen = bits_of(x->slots, SLOTS_MIN);
	}
	return x;
}

void story_index_free(struct story_index *x)
{
	if (x != NULL) {
		free(x->slots);
		free(x);
	}
}

static uint32_t tag_of(enum story_key key, uint64_t hash)
{
	static const uint64_t odd[] = {[STORY_LINK] = UINT64_C(0x9e3779b97f4a7c15),
		[STORY_WORDS] = UINT64_C(0xc2b2ae3d27d4eb4f),
		[STORY_PART] = UINT64_C(0xd6e8feb86659fd93)};
	return (uint32_t)(hash * odd[key] >> 32);
}

static size_t home(const struct story_index *x, uint32_t tag)
{
	return (size_t)((uint64_t)tag * x->slots_n >> 32);
}

/* Its bit; in the order of the tags, too. */
static size_t bit_of(const struct story_index *x, uint32_t tag)
{
	return (size_t)((uint64_t)tag * (x->slots_n * 8) >> 32);
}

static bool is_seen(const struct story_index *x, size_t bit)
{
	return (x->seen[bit / 8] >> bit % 8 & 1) != 0;
}

static size_t after(const struct story_index *x, size_t i)
{
	return i + 1 < x->slots_n ? i + 1 : 0;
}

/* How far the entry in slot i is behind its home. */
static size_t distance(const struct story_index *x, size_t i)
{
	size_t from = home(x, x->slots[i].tag);
	return i >= from ? i - from : i + x->slots_n - from;
}

/* Whether no entry of the home `far` slots before i is in i or behind: entries lie in the order of their
 * homes, so a search ends at the first that is nearer to its own (Celis, Robin Hood Hashing, 1986). */
static bool is_behind(const struct story_index *x, size_t i, size_t far)
{
	return x->slots[i].post == 0 || distance(x, i) < far;
}

/* Puts an entry behind those of its home; there is a free slot. */
static void put(struct story_index *x, struct slot entry)
{
	size_t i = home(x, entry.tag), bit = bit_of(x, entry.tag), same = 0;
	for (size_t far = 0; !is_behind(x, i, far); far++, i = after(x, i)) {
		if (x->slots[i].tag == entry.tag) {
			if (x->slots[i].post == entry.post || ++same == STORY_CANDIDATES) {
				return;
			}
		}
	}
	for (; x->slots[i].post != 0; i = after(x, i)) {
		struct slot moved = x->slots[i];
		x->slots[i] = entry;
		entry = moved;
	}
	x->slots[i] = entry;
	x->seen[bit / 8] |= (uint8_t)(1U << bit % 8);
	x->used++;
}

/* The same for entries that come nearly in the order of their homes, as those of a table do: none is behind `end`.
 * Returns where the next can go. */
static size_t put_next(struct story_index *x, struct slot entry, size_t end)
{
	size_t at = home(x, entry.tag), bit = bit_of(x, entry.tag);
	bool follows =
		end == 0 || x->slots[end - 1].post == 0 || home(x, x->slots[end - 1].tag) < at;
	at = at < end ? end : at;
	if (!follows || at >= x->slots_n) {
		put(x, entry);
		while (end < x->slots_n && x->slots[end].post != 0) {
			end++;
		}
		return end;
	}
	x->slots[at] = entry;
	x->seen[bit / 8] |= (uint8_t)(1U << bit % 8);
	x->used++;
	return at + 1;
}

/* The same entries in `slots_n` slots, those of posts before `from` left out, counted from there. */
static bool rebuild(struct story_index *x, size_t slots_n, int64_t from)
{
	struct slot *old = x->slots, *fresh = slots_new(slots_n);
	size_t old_n = x->slots_n;
	uint32_t drop = from > x->base ? (uint32_t)(from - x->base) : 0;
	if (fresh == NULL) {
		return false;
	}
	x->slots = fresh;
	x->seen = bits_of(fresh, slots_n);
	x->slots_n = slots_n;
	x->used = 0;
	x->base += drop;
	size_t wrapped = 0, end = 0; /* those at the beginning whose home is at the end come last */
	while (wrapped < old_n && old[wrapped].post != 0 &&
		(uint64_t)old[wrapped].tag * old_n >> 32 > wrapped) {
		wrapped++;
	}
	for (size_t n = 0; n < old_n; n++) {
		struct slot entry = old[(wrapped + n) % old_n];
		if (entry.post > drop) {
			entry.post -= drop;
			end = put_next(x, entry, end);
		}
	}
	free(old);
	return true;
}

static bool make_room(struct story_index *x)
{
	if (x->slots_n < x->slots_max) {
		/* Later little is free, and little is moved at once. */
		size_t more = x->slots_n + (x->slots_n < SLOTS_FEW ? x->slots_n : x->slots_n / 4);
		return rebuild(x, more < x->slots_max ? more : x->slots_max, 0);
	}
	bool ok = true;
	while (ok && x->used >= FULL(x->slots_n)) {
		ok = rebuild(x, x->slots_n, x->base + (x->newest - x->base) / 4 + 1);
	}
	return ok;
}

int64_t story_index_from(int64_t last)
{
	return last > STORY_POSTS_MAX ? last - STORY_POSTS_MAX : 0;
}

bool story_index_add(struct story_index *x, enum story_key key, uint64_t hash, int64_t post)
{
	if (hash == 0) {
		return true;
	}
	if (x->used == 0) {
		x->base = post - 1;
	}
	if (post <= x->base || post - x->base > UINT32_MAX) {
		return true; /* older than what is compared with */
	}
	if (x->used >= FULL(x->slots_n) && !make_room(x)) {
		return false;
	}
	x->newest = post > x->newest ? post : x->newest;
	put(x, (struct slot){tag_of(key, hash), (uint32_t)(post - x->base)});
	return true;
}

size_t story_index_find(const struct story_index *x, enum story_key key, uint64_t hash,
	int64_t posts[STORY_CANDIDATES])
{
	uint32_t tag = tag_of(key, hash);
	size_t n = 0, i = home(x, tag);
	if (!is_seen(x, bit_of(x, tag))) {
		return 0;
	}
	for (size_t far = 0; hash != 0 && !is_behind(x, i, far); far++, i = after(x, i)) {
		if (x->slots[i].tag != tag || n == STORY_CANDIDATES) {
			continue;
		}
		int64_t post = x->base + x->slots[i].post;
		size_t at = n++;
		for (; at > 0 && posts[at - 1] > post; at--) {
			posts[at] = posts[at - 1];
		}
		posts[at] = post;
	}
	return n;
}

/* No step waits for the one before, so the memory brings many bits at a time. */
size_t story_index_maybe(const struct story_index *x, enum story_key key, const uint64_t *hashes,
	size_t n, uint16_t *which)
{
	const uint8_t *seen = x->seen;
	uint64_t bits = x->slots_n * 8;
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		size_t bit = (size_t)(tag_of(key, hashes[i]) * bits >> 32);
		which[found] = (uint16_t)i;
		found += seen[bit / 8] >> bit % 8 & 1;
	}
	for (size_t i = 0; i < found; i++) {
		__builtin_prefetch(&x->slots[home(x, tag_of(key, hashes[which[i]]))]);
	}
	return found;
}

void story_index_ask_soon(
	const struct story_index *x, enum story_key key, const uint64_t *hashes, size_t n)
{
	uint64_t bits = x->slots_n * 8;
	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(&x->seen[(size_t)(tag_of(key, hashes[i]) * bits >> 32) / 8]);
	}
}

void story_index_expect(const struct story_index *x, enum story_key key, uint64_t hash)
{
	uint32_t tag = tag_of(key, hash);
	__builtin_prefetch(&x->slots[home(x, tag)], 1);
	__builtin_prefetch(&x->seen[bit_of(x, tag) / 8], 1);
}

size_t story_index_bytes(const struct story_index *x)
{
	return sizeof(*x) + x->slots_n * (sizeof(*x->slots) + 1);
}
