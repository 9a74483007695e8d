/* Secrets are looked up when they are used, so a rotated file is picked up without a reload, and
 * they never become part of the configuration in memory. Any thread. */
#include "monitor/config/conf.h"

#include "monitor/base/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static int from_env(const char *name, struct buf *out, struct hark_err *err)
{
	const char *value = getenv(name);
	if (value == NULL || value[0] == '\0') {
		return hark_err_set(err, HARK_ENOENT,
			"the secret env:%s is not there: the variable %s is %s", name, name,
			value == NULL ? "not set" : "empty");
	}
	return buf_add_c(out, value) == HARK_OK
		       ? HARK_OK
		       : hark_err_set(err, out->rc, "the secret env:%s is too long", name);
}

/* As a path, with what comes before it; the file's last line ends are not part of the secret. */
static int from_file(
	const char *dir, const char *name, const char *what, struct buf *out, struct hark_err *err)
{
	char path[PATH_MAX];
	size_t before = out->n;
	bool is_relative = dir != NULL && name[0] != '/';
	int n = snprintf(
		path, sizeof(path), "%s%s%s", is_relative ? dir : "", is_relative ? "/" : "", name);
	if (n < 0 || n >= (int)sizeof(path)) {
		return hark_err_set(
			err, HARK_EINVAL, "the path of the secret %s:%s is too long", what, name);
	}
	int rc = file_read(out, path, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "the secret %s:%s is not there", what, name);
		return rc;
	}
	while (out->n > before && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r')) {
		buf_cut(out, out->n - 1);
	}
	return out->n > before ? HARK_OK
			       : hark_err_set(err, HARK_ENOENT, "the secret %s:%s is empty: %s",
					 what, name, path);
}

int conf_secret(
	const struct conf_secret *s, const char *base_dir, struct buf *out, struct hark_err *err)
{
	switch (s->from) {
	case SECRET_ENV:
		return from_env(s->name, out, err);
	case SECRET_FILE:
		return from_file(base_dir, s->name, "file", out, err);
	case SECRET_CREDENTIAL: {
		const char *dir = getenv("CREDENTIALS_DIRECTORY");
		if (dir == NULL || dir[0] == '\0') {
			return hark_err_set(err, HARK_ENOENT,
				"the secret credential:%s is not there: the service was given no "
				"credentials (LoadCredential=%s:PATH in its unit)",
				s->name, s->name);
		}
		return from_file(dir, s->name, "credential", out, err);
	}
	default:
		return hark_err_set(err, HARK_ENOENT, "no secret is configured");
	}
}
