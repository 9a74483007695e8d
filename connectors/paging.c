#include "connectors/paging.h"

#include "connectors/parse/uri.h"
#include "connectors/verdict.h"

#include <stdio.h>

/* The address of `rel` in a Link header (RFC 8288), absent if there is none. */
static struct str link_of(struct str header, const char *rel, struct arena *arena)
{
	while (header.n > 0) {
		size_t open = str_find(header, STR("<"));
		struct str rest = open == SIZE_MAX
					  ? STR_NONE
					  : str_n(header.p + open + 1, header.n - open - 1);
		size_t close = str_find(rest, STR(">"));
		if (close == SIZE_MAX) {
			return STR_NONE;
		}
		struct str url = str_n(rest.p, close);
		rest = str_n(rest.p + close, rest.n - close);
		size_t end = str_find(rest, STR("<"));
		struct str params = str_n(rest.p, end == SIZE_MAX ? rest.n : end);
		char quoted[80], bare[80];
		snprintf(quoted, sizeof(quoted), "rel=\"%s\"", rel);
		snprintf(bare, sizeof(bare), "rel=%s", rel);
		if (str_find(params, str_c(quoted)) != SIZE_MAX ||
			str_find(params, str_c(bare)) != SIZE_MAX) {
			return arena_str(arena, url);
		}
		header = str_n(rest.p + params.n, rest.n - params.n);
	}
	return STR_NONE;
}

static struct str text_at(const struct pointer *p, struct work *w)
{
	const json_t *node = p != NULL ? pointer_first(p, w->scope) : NULL;
	return node != NULL ? str_trim(node_text(node, w->arena)) : STR_NONE;
}

/* What the reply names must be of the same site: it gets no farther with the source's rights. */
static struct str own_address(const struct hark_reply *reply, struct str next, struct work *w)
{
	struct buf url;
	struct str base = str_c(reply->url), kept = STR_NONE;
	if (next.n == 0 || base.n == 0) {
		return STR_NONE;
	}
	buf_init(&url, 4 * URI_MAX);
	if (uri_resolve(base, next, &url) && uri_is_other_page(base, buf_str(&url))) {
		kept = arena_str(w->arena, buf_str(&url));
	}
	buf_release(&url);
	return kept;
}

static bool is_last(const struct paging_rule *p, const struct page_facts *page, struct work *w)
{
	int64_t total, had = (page->page + 1) * (p->kind == PAGING_OFFSET ? p->size : 1);
	bool counts = p->kind == PAGING_OFFSET || p->kind == PAGING_PAGE;
	if (page->items == 0) {
		return true;
	}
	/* Newest first: the page reaches back to what is known. */
	if (page->known > 0 && p->kind != PAGING_REPEAT && !p->whole_list) {
		return true;
	}
	if (p->has_more != NULL && !str_eq_c(text_at(p->has_more, w), "true")) {
		return true;
	}
	if (counts && p->total != NULL && str_i64(text_at(p->total, w), &total)) {
		return had >= total;
	}
	return counts && p->size > 0 && (int64_t)page->items < p->size;
}

void paging_next(struct next_page *out, const struct definition *d, const struct page_facts *page,
	const struct hark_reply *reply, struct work *w)
{
	const struct paging_rule *p = &d->paging;
	*out = (struct next_page){.any = false};
	if (p->kind == PAGING_NONE || is_last(p, page, w)) {
		return;
	}
	switch (p->kind) {
	case PAGING_CURSOR:
		out->cursor = text_at(p->next, w);
		out->any = out->cursor.n > 0;
		break;
	case PAGING_BEFORE_SMALLEST_ID:
		out->cursor = page->smallest;
		out->any = out->cursor.n > 0;
		break;
	case PAGING_LINK_HEADER:
		out->url = own_address(reply,
			link_of(reply_header(reply, "Link"), p->rel != NULL ? p->rel : "next",
				w->arena),
			w);
		out->any = out->url.n > 0;
		break;
	case PAGING_URL_IN_BODY:
		out->url = own_address(reply, text_at(p->next, w), w);
		out->any = out->url.n > 0;
		break;
	default:
		out->any = true;
	}
	if (page->page + 1 >= p->max_pages || page->stopped) {
		/* What is asked for oldest first goes on where it stops. */
		out->cut = out->any && p->kind != PAGING_REPEAT;
		out->any = false;
	}
}
