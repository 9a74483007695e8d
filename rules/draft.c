#include "rules/draft.h"

#include "rules/file.h"
#include "rules/ruleset_in.h"

#include <fnmatch.h>
#include <sys/stat.h>

#define ENDING ".yaml"
#define PATTERN_SIGNS "*?["

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "rules.d/own.yaml"; without a folder the file alone. NULL: no memory. */
static const char *join(struct arena *arena, struct str folder, struct str file)
{
	struct buf b;
	buf_init(&b, 8192);
	if (folder.n > 0) {
		buf_printf(&b, "%.*s/", STR_FMT(folder));
	}
	buf_add_str(&b, file);
	const char *out = b.rc == HARK_OK ? arena_c(arena, buf_str(&b)) : NULL;
	buf_release(&b);
	return out;
}

/* The folder that an entry of `rules:` reads `file` from, as written; absent: it would not find it. */
static struct str folder_for(
	const struct rules_source *source, const char *written, const char *file, struct arena *arena)
{
	struct str all = str_c(written);
	const char *path = resolve(arena, source->base_dir, written);
	if (path != NULL && is_folder(path)) {
		while (all.n > 1 && all.p[all.n - 1] == '/') {
			all.n--;
		}
		return all;
	}
	const char *slash = strrchr(written, '/');
	const char *pattern = slash != NULL ? slash + 1 : written;
	struct str folder = slash != NULL ? str_n(written, (size_t)(slash - written)) : STR("");
	const char *plain = arena_c(arena, folder);
	bool found = plain != NULL && strpbrk(pattern, PATTERN_SIGNS) != NULL &&
		     strpbrk(plain, PATTERN_SIGNS) == NULL &&
		     fnmatch(pattern, file, FNM_PERIOD) == 0;
	const char *at = found ? resolve(arena, source->base_dir, folder.n > 0 ? plain : ".") : NULL;
	return at != NULL && is_folder(at) ? folder : STR_NONE;
}

int rules_draft_place(const struct rules_source *source, struct str id, struct arena *arena,
	struct rules_draft *out, struct hark_err *err)
{
	char file[200];
	if (id.p != NULL && !is_slug(id)) {
		return hark_err_set(err, HARK_EINVAL,
			"the id of a rule is made of letters, digits, - and _, 100 of them at most");
	}
	snprintf(file, sizeof(file), "%.100s" ENDING, id.n > 0 ? arena_c(arena, id) : "new");
	for (size_t i = 0; i < source->paths_n; i++) {
		const char *written = source->paths[i];
		if (strncmp(written, "packs/", strlen("packs/")) == 0) {
			continue;
		}
		struct str folder = folder_for(source, written, file, arena);
		if (folder.p != NULL) {
			out->name = join(arena, folder, str_c(file));
			out->path = out->name != NULL ? resolve(arena, source->base_dir, out->name) : NULL;
			return out->path != NULL ? HARK_OK
						 : hark_err_set(err, HARK_ENOMEM,
							   "no memory for the name of a file");
		}
	}
	return hark_err_set(err, HARK_ESTATE,
		"the configuration names no folder for rules of your own: add rules.d/*.yaml to 'rules:' and make "
		"the folder");
}

static bool goes_up(struct str path)
{
	struct str part;
	while (str_split(&path, '/', &part)) {
		if (str_eq_c(part, "..")) {
			return true;
		}
	}
	return false;
}

/* Secrets may lie beside the configuration, too. */
static bool is_list(struct str path)
{
	return str_ends(path, STR(".csv")) || str_ends(path, STR(".jsonl")) ||
	       str_ends(path, STR(".ndjson"));
}

bool rules_draft_may_read(const struct rules_draft *draft, struct str written, const char *path)
{
	bool is_below = written.n > 0 && written.p[0] != '/' && !goes_up(written);
	if (draft->running == NULL || (is_below && is_list(written))) {
		return true;
	}
	for (size_t i = 0; i < draft->running->list_paths_n; i++) {
		if (strcmp(draft->running->list_paths[i], path) == 0) {
			return true;
		}
	}
	return false;
}
