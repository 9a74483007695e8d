#include "rules/pack.h"

#include "monitor/base/file.h"
#include "rules/file.h"

#include <glob.h>

/* The lines of `text` up to the first that is no comment, in one. */
static struct str opening_comment(struct str text, struct arena *arena)
{
	struct str line;
	struct buf b;
	buf_init(&b, 4096);
	while (str_split(&text, '\n', &line) && line.n > 0 && line.p[0] == '#') {
		struct str words = str_trim(str_n(line.p + 1, line.n - 1));
		buf_add_c(&b, b.n > 0 && words.n > 0 ? " " : "");
		buf_add_str(&b, words);
	}
	struct str out = arena_str(arena, b.n > 0 ? buf_str(&b) : STR(""));
	buf_release(&b);
	return out;
}

static int read_pack(struct pack *p, const char *path, struct arena *arena, struct hark_err *err)
{
	const char *slash = strrchr(path, '/');
	struct str base = str_c(slash != NULL ? slash + 1 : path);
	struct buf text, name;
	buf_init(&text, RULE_FILE_MAX);
	buf_init(&name, 4096);
	int rc = file_read(&text, path, err);
	buf_printf(&name, "packs/%.*s", (int)(base.n - strlen(".yaml")), base.p);
	p->name = arena_str(arena, buf_str(&name));
	p->file = arena_str(arena, str_c(path));
	p->about = opening_comment(buf_str(&text), arena);
	buf_release(&text);
	buf_release(&name);
	return rc;
}

int packs_find(
	const char *dir, struct arena *arena, struct pack **out, size_t *n, struct hark_err *err)
{
	glob_t found;
	struct buf pattern;
	*out = NULL;
	*n = 0;
	buf_init(&pattern, 8192);
	buf_printf(&pattern, "%s/*.yaml", dir);
	int none = glob(buf_c(&pattern), 0, NULL, &found);
	buf_release(&pattern);
	if (none != 0) {
		return hark_err_set(err, HARK_EIO, "there are no packs in %s", dir);
	}
	int rc = HARK_OK;
	*out = arena_alloc(arena, found.gl_pathc * sizeof(**out));
	for (size_t i = 0; *out != NULL && rc == HARK_OK && i < found.gl_pathc; i++) {
		rc = read_pack(&(*out)[(*n)++], found.gl_pathv[i], arena, err);
	}
	globfree(&found);
	return rc == HARK_OK && arena->rc != HARK_OK
		       ? hark_err_set(err, HARK_ENOMEM, "no memory for the packs")
		       : rc;
}
