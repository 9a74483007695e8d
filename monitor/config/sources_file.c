#include "monitor/config/sources_file.h"

#include "monitor/base/file.h"
#include "monitor/base/yaml.h"
#include "monitor/config/yamlout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define SOURCES_FILE_MAX ((size_t)64 << 20)
#define FILE_MODE 0640
#define FOLDER_MODE 0750

char *sources_file_path(const struct conf *c)
{
	char *path = NULL;
	bool is_here = strcmp(c->base_dir, ".") == 0;
	if (asprintf(&path, "%s%sconf.d/sources.yaml", is_here ? "" : c->base_dir,
		    is_here ? "" : "/") < 0) {
		return NULL;
	}
	return path;
}

static void write_text(struct buf *out, const char *key, struct str value)
{
	if (value.n > 0) {
		buf_printf(out, ", %s: ", key);
		yamlout_text(out, value);
	}
}

static void write_pairs(struct buf *out, const char *key, const struct hark_pair *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0) {
			buf_printf(out, ", %s: { ", key);
		} else {
			buf_add_c(out, ", ");
		}
		yamlout_text(out, str_c(v[i].name));
		buf_add_c(out, ": ");
		yamlout_text(out, str_c(v[i].value));
	}
	buf_add_c(out, n > 0 ? " }" : "");
}

void sources_file_entry(struct buf *out, const struct source_entry *e)
{
	buf_add_c(out, "  - { name: ");
	yamlout_text(out, e->name);
	write_text(out, "connector", e->connector);
	write_text(out, "url", e->url);
	write_pairs(out, "vars", e->vars, e->vars_n);
	write_pairs(out, "secret", e->secrets, e->secrets_n);
	write_text(out, "every", e->every);
	buf_add_c(out, e->accepts_terms ? ", accept-terms: yes" : "");
	buf_add_c(out, e->internal ? ", internal: yes }\n" : " }\n");
}

const struct conf_source *sources_file_holder(
	const struct conf *c, struct str url, struct str except)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		const struct conf_source *s = &c->sources[i];
		bool is_excepted = s->name != NULL && str_eq_c(except, s->name);
		if (s->url != NULL && str_eq_c(url, s->url) && !is_excepted) {
			return s;
		}
	}
	return NULL;
}

static bool is_called(const struct yaml_node *entry, const char *name)
{
	const struct yaml_node *found =
		entry->kind == YAML_MAPPING ? yaml_get(entry, "name") : NULL;
	return name != NULL && found != NULL && str_eq_c(found->text, name);
}

/* The whole file anew. `root` NULL: there was none. */
static void write_all(struct buf *out, const struct yaml_node *root, const struct source_entry *add,
	size_t add_n, const char *remove)
{
	buf_add_c(out, "# Kept by `hark sources`. Entries may be edited; comments do not stay.\n");
	for (size_t i = 0; root != NULL && i < root->n; i++) {
		if (!str_eq_c(root->pairs[i].key->text, "sources")) {
			yamlout_text(out, root->pairs[i].key->text);
			buf_add_c(out, ": ");
			yamlout_node(out, root->pairs[i].value);
			buf_add_char(out, '\n');
		}
	}
	buf_add_c(out, "sources:\n");
	const struct yaml_node *old = root != NULL ? yaml_get(root, "sources") : NULL;
	for (size_t i = 0; old != NULL && old->kind == YAML_SEQUENCE && i < old->n; i++) {
		if (!is_called(old->items[i], remove)) {
			buf_add_c(out, "  - ");
			yamlout_node(out, old->items[i]);
			buf_add_char(out, '\n');
		}
	}
	for (size_t i = 0; i < add_n; i++) {
		sources_file_entry(out, &add[i]);
	}
}

static int put_back(const char *path, bool existed, struct str before)
{
	return existed             ? file_write(path, before, FILE_MODE, NULL)
	       : unlink(path) == 0 ? HARK_OK
				   : HARK_EIO;
}

static size_t count_errors(const struct conf *c)
{
	struct diags diags;
	struct conf *now = NULL;
	diags_init(&diags);
	conf_read(&now, c->path, &diags, NULL);
	size_t errors = diags.errors;
	conf_unref(now);
	diags_release(&diags);
	return errors;
}

/* No more errors than there were. The first one becomes the sentence. */
static int check(const struct conf *c, size_t errors_before, struct hark_err *err)
{
	struct diags diags;
	struct conf *fresh = NULL;
	diags_init(&diags);
	int rc = conf_read(&fresh, c->path, &diags, err);
	if (rc == HARK_EPARSE && diags.errors <= errors_before) {
		rc = HARK_OK;
	}
	for (size_t i = 0; rc != HARK_OK && i < diags.n; i++) {
		if (diags.v[i].level == DIAG_ERROR) {
			rc = hark_err_set(err, HARK_EINVAL,
				"not written, because it would be refused: %s", diags.v[i].message);
			break;
		}
	}
	conf_unref(fresh);
	diags_release(&diags);
	return rc;
}

/* One command at a time reads the file and writes it anew: the folder is locked meanwhile. A descriptor, or
 * -1. */
static int lock_folder(const char *path, struct hark_err *err)
{
	char *dir = strndup(path, strlen(path) - strlen("/sources.yaml"));
	int rc = dir != NULL ? file_mkdirs(dir, FOLDER_MODE, err)
			     : hark_err_set(err, HARK_ENOMEM, "no memory");
	int fd = rc == HARK_OK ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (rc == HARK_OK && (fd < 0 || flock(fd, LOCK_EX) != 0)) {
		hark_err_errno(err, HARK_EIO, errno, "%s cannot be locked", dir);
		if (fd >= 0) {
			close(fd);
		}
		fd = -1;
	}
	free(dir);
	return fd;
}

/* Nothing of what somebody else has just saved is lost. */
static int check_untouched(const char *path, bool existed, struct str before, struct hark_err *err)
{
	struct buf now;
	buf_init(&now, SOURCES_FILE_MAX);
	bool exists = access(path, F_OK) == 0;
	int rc = exists ? file_read(&now, path, err) : HARK_OK;
	if (rc == HARK_OK && (exists != existed || !str_eq(buf_str(&now), before))) {
		rc = hark_err_set(err, HARK_ESTATE,
			"not written, because somebody else has just changed %s: try again", path);
	}
	buf_release(&now);
	return rc;
}

static int replace(const struct conf *c, const char *path, bool existed, struct str before,
	struct str after, struct hark_err *err)
{
	size_t errors = count_errors(c);
	int rc = check_untouched(path, existed, before, err);
	rc = rc == HARK_OK ? file_write(path, after, FILE_MODE, err) : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	rc = check(c, errors, err);
	if (rc != HARK_OK && put_back(path, existed, before) != HARK_OK) {
		hark_err_wrap(err, "%s could not be put back as it was", path);
	}
	return rc;
}

static int change(const struct conf *c, const char *path, const struct source_entry *add,
	size_t add_n, const char *remove, struct hark_err *err)
{
	struct buf before, after;
	struct arena arena;
	struct diags diags;
	const struct yaml_node *root = NULL;
	buf_init(&before, SOURCES_FILE_MAX);
	buf_init(&after, SOURCES_FILE_MAX);
	arena_init(&arena, 0);
	diags_init(&diags);
	bool existed = access(path, F_OK) == 0;
	int rc = existed ? file_read(&before, path, err) : HARK_OK;
	if (rc == HARK_OK && existed) {
		root = yaml_read(buf_str(&before), path, &arena, &diags);
		if (root == NULL || root->kind != YAML_MAPPING) {
			rc = hark_err_set(err, HARK_EPARSE,
				"%s cannot be read: hark check says what is wrong with it", path);
		}
	}
	if (rc == HARK_OK) {
		write_all(&after, root, add, add_n, remove);
		rc = after.rc != HARK_OK
			     ? hark_err_set(err, after.rc, "%s: too long", path)
			     : replace(c, path, existed, buf_str(&before), buf_str(&after), err);
	}
	diags_release(&diags);
	arena_release(&arena);
	buf_release(&after);
	buf_release(&before);
	return rc;
}

int sources_file_change(const struct conf *c, const struct source_entry *add, size_t add_n,
	const char *remove, struct hark_err *err)
{
	char *path = sources_file_path(c);
	if (path == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	int lock = lock_folder(path, err);
	int rc = lock >= 0 ? change(c, path, add, add_n, remove, err) : err->code;
	if (lock >= 0) {
		close(lock);
	}
	free(path);
	return rc;
}

bool sources_file_has(const struct conf *c, const struct conf_source *s)
{
	char *path = sources_file_path(c);
	bool has = path != NULL && s->at.file != NULL && strcmp(path, s->at.file) == 0;
	free(path);
	return has;
}

int sources_file_remove(const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	if (!sources_file_has(c, s)) {
		return hark_err_set(err, HARK_ESTATE,
			"'%s' stands in a file that you keep, at %s:%u:%u: take it out there",
			s->name, s->at.file, s->at.line, s->at.col);
	}
	return sources_file_change(c, NULL, 0, s->name, err);
}
