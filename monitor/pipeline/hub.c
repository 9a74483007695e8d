#include "monitor/pipeline/hub.h"

#include "monitor/fetch/headers.h"
#include "monitor/fetch/url.h"
#include "monitor/pipeline/pace.h"

#include <stdlib.h>

/* The address of the first link of that name; absent: there is none. */
static struct str linked(struct str links, const char *rel)
{
	struct header_link link;
	while (header_link_next(&links, &link)) {
		if (!link.is_of_other && link.url.n > 0 && header_link_is(&link, rel)) {
			return link.url;
		}
	}
	return STR_NONE;
}

bool hub_is_named(struct str hubs, struct str hub)
{
	struct str one;
	while (str_split(&hubs, ' ', &one)) {
		if (str_eq(one, hub)) {
			return true;
		}
	}
	return false;
}

struct str hub_after(struct str hubs, struct str hub, bool *is_first)
{
	struct str first = STR_NONE, one;
	bool found = false;
	*is_first = false;
	while (str_split(&hubs, ' ', &one)) {
		first = first.p == NULL ? one : first;
		if (found) {
			return one;
		}
		found = str_eq(one, hub);
	}
	*is_first = true;
	return first;
}

static bool is_whole(const char *url)
{
	struct buf key;
	buf_init(&key, URL_MAX);
	bool good = strlen(url) <= HUB_URL_MAX && url_origin_why(&key, url) == NULL;
	buf_release(&key);
	return good;
}

/* In full, without fragment. What is whole already stays as it is written: the hub compares it letter by
 * letter. Absent: it is none that could be asked. */
static struct str whole(struct str url, const char *page, struct arena *arena)
{
	char text[HUB_URL_MAX + 1];
	if (url.n == 0 || url.n > HUB_URL_MAX || memchr(url.p, '\0', url.n) != NULL) {
		return STR_NONE;
	}
	memcpy(text, url.p, url.n);
	text[url.n] = '\0';
	text[strcspn(text, "#")] = '\0';
	if (is_whole(text)) {
		return arena_str(arena, str_c(text));
	}
	char *joined = page != NULL && text[0] != '\0' ? url_join(page, text) : NULL;
	struct str found =
		joined != NULL && is_whole(joined) ? arena_str(arena, str_c(joined)) : STR_NONE;
	free(joined);
	return found;
}

/* True: it was not there before. */
static bool add_hub(struct buf *all, struct str hub)
{
	if (hub.p == NULL || memchr(hub.p, ' ', hub.n) != NULL || hub_is_named(buf_str(all), hub)) {
		return false;
	}
	if (all->n > 0) {
		buf_add_char(all, ' ');
	}
	buf_add_str(all, hub);
	return true;
}

/* Those of the Link headers, then that of the document, separated by spaces. */
static struct str all_hubs(
	struct str links, struct str inside, const char *page, struct arena *arena)
{
	struct header_link link;
	struct buf all;
	size_t n = 0;
	buf_init(&all, HUBS_MAX * (HUB_URL_MAX + 1));
	while (n < HUBS_MAX && header_link_next(&links, &link)) {
		if (!link.is_of_other && link.url.n > 0 && header_link_is(&link, "hub")) {
			n += add_hub(&all, whole(link.url, page, arena));
		}
	}
	if (n < HUBS_MAX) {
		add_hub(&all, whole(inside, page, arena));
	}
	struct str text =
		all.n > 0 && all.rc == HARK_OK ? arena_str(arena, buf_str(&all)) : STR_NONE;
	buf_release(&all);
	return text;
}

static struct str announced(const struct fetch_reply *reply, const char *rel, struct str inside,
	const char *page, struct arena *arena)
{
	struct str url = whole(linked(buf_str(&reply->links), rel), page, arena);
	return url.p != NULL ? url : whole(inside, page, arena);
}

void hub_note(struct source_state *state, const struct fetch_reply *reply,
	const struct collected_feed *feed, const char *page, const char *planned,
	struct arena *arena)
{
	state->topic = STR_NONE;
	state->hub = all_hubs(buf_str(&reply->links), feed->hub, page, arena);
	if (state->hub.p != NULL) {
		state->topic = announced(reply, "self", feed->self, page, arena);
		if (state->topic.p == NULL) {
			state->topic = whole(str_c(planned), planned, arena);
		}
	}
	if (state->topic.p == NULL) {
		state->hub = STR_NONE;
	}
}

int64_t hub_due(int64_t now_ms, int64_t due_ms)
{
	int64_t wait = due_ms - now_ms, longer = 4 * wait;
	longer = longer < PACE_DAY_MS ? longer : PACE_DAY_MS;
	return longer > wait ? now_ms + longer : due_ms;
}
