#include "monitor/references/orphans_tell.h"

#include "monitor/model/id.h"
#include "monitor/references/desk_tell.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define TITLE_MAX 300
#define WHY_SHOWN 150

static void write_orphans(const void *ctx, struct jsonout *j)
{
	const struct orphaned *o = ctx;
	char id[ID_TEXT_MAX];
	jsonout_key_i64(j, "total", o->total);
	jsonout_key(j, "references");
	jsonout_array(j);
	for (size_t i = 0; i < o->ids_n; i++) {
		jsonout_str(j, str_c(id_text(ID_REFERENCE, o->ids[i], id)));
	}
	jsonout_end_array(j);
}

int orphans_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	struct arena arena;
	struct orphaned *v;
	char title[TITLE_MAX];
	size_t n = 0, one;
	struct str whom =
		conf->references.marketing != NULL ? str_c(conf->references.marketing) : STR_NONE;
	*made = 0;
	arena_init(&arena, 0);
	int rc = store_orphaned_untold(s, &arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		bool is_one = v[i].total == 1;
		snprintf(title, sizeof(title), "%.*s: %lld reference%s nobody who keeps %s gate",
			STR_FMT(str_cut_utf8(v[i].why, WHY_SHOWN)), (long long)v[i].total,
			is_one ? " has" : "s have", is_one ? "its" : "their");
		const struct desk_news news = {
			"gate.orphaned", str_c(title), whom, write_orphans, &v[i]};
		rc = desk_tell(s, conf, &news, now_ms, &one, err);
		store_orphaned_told(s, v[i].why, now_ms);
		*made += one;
	}
	arena_release(&arena);
	return rc;
}
