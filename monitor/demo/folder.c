#include "monitor/demo/folder.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_MAX (64u << 10)

static void add_lists(const struct story *story, struct buf *out)
{
	buf_add_c(out, "lists:\n");
	for (size_t i = 0; i < story->files_n; i++) {
		struct str name = str_c(story->files[i].name);
		if (str_ends(name, STR(".csv"))) {
			buf_printf(
				out, "  %.*s: { file: %s }\n", (int)(name.n - 4), name.p, name.p);
		}
	}
}

static void add_sources(const struct story *story, const struct network *network, struct buf *out)
{
	buf_add_c(out,
		"sources: # private addresses and this pace are allowed because of `internal`\n");
	for (size_t i = 0; i < story->hosts_n; i++) {
		const struct story_host *h = &story->hosts[i];
		buf_printf(out,
			"  - { name: %s, connector: feed, url: \"%s%s\", every: 1s, spacing: 0s, "
			"internal: true }\n",
			h->name, network_base(network, i), h->path);
	}
}

void folder_config(const struct story *story, const struct network *network, const char *folder,
	struct buf *out)
{
	buf_printf(out,
		"# The demo of hark: invented people, a network on loopback. See hark.yaml(5).\n"
		"operator: { contact: \"mailto:demo@example.com\", lawful-basis: "
		"legitimate-interest }\n"
		"store: \"sqlite:%s/hark.db\"\n",
		folder);
	add_lists(story, out);
	buf_add_c(out,
		"rules: [ packs/purchase-intent, packs/praise, packs/job-move, rules.yaml ]\n");
	add_sources(story, network, out);
	buf_printf(out,
		"receivers:\n"
		"  - { name: terminal, type: stdout }\n"
		"  - { name: record, type: file, path: \"%s/alerts.jsonl\" }\n"
		"routes:\n"
		"  - { to: [terminal, record] }\n",
		folder);
}

static int write_in(const char *folder, const char *name, struct str text, struct hark_err *err)
{
	char *path;
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the demo");
	}
	int rc = file_write(path, text, 0600, err);
	free(path);
	return rc;
}

static int write_all(struct folder *f, const struct story *story, const struct network *network,
	struct hark_err *err)
{
	struct buf config;
	int rc = HARK_OK;

	buf_init(&config, CONFIG_MAX);
	folder_config(story, network, f->path, &config);
	if (config.rc != HARK_OK) {
		rc = hark_err_set(err, config.rc, "no memory for the demo's configuration");
	}
	for (size_t i = 0; rc == HARK_OK && i < story->files_n; i++) {
		rc = write_in(f->path, story->files[i].name, str_c(story->files[i].text), err);
	}
	if (rc == HARK_OK) {
		rc = write_in(f->path, "hark.yaml", buf_str(&config), err);
	}
	buf_release(&config);
	return rc;
}

static bool is_empty(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	size_t n = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		n++;
	}
	if (d != NULL) {
		closedir(d);
	}
	return n == 2; /* . and .. */
}

static int make_kept(struct folder *f, const char *keep, struct hark_err *err)
{
	if (mkdir(keep, 0700) != 0 && !(errno == EEXIST && is_empty(keep))) {
		if (errno == EEXIST) {
			return hark_err_set(err, HARK_EINVAL,
				"%s is there already and not empty: name a new folder", keep);
		}
		return hark_err_errno(err, HARK_EINVAL, errno, "cannot make the folder %s", keep);
	}
	f->keep = true;
	f->path = realpath(keep, NULL);
	return f->path != NULL ? HARK_OK : hark_err_errno(err, HARK_EIO, errno, "%s", keep);
}

static int make_temporary(struct folder *f, struct hark_err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *pattern = NULL;
	if (asprintf(&pattern, "%s/hark-demo-XXXXXX", tmp != NULL && tmp[0] == '/' ? tmp : "/tmp") <
		0) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the demo");
	}
	if (mkdtemp(pattern) == NULL) {
		int rc = hark_err_errno(
			err, HARK_EIO, errno, "cannot make a temporary folder (%s)", pattern);
		free(pattern);
		return rc;
	}
	f->path = pattern;
	return HARK_OK;
}

int folder_new(struct folder *f, const char *keep, const struct story *story,
	const struct network *network, struct hark_err *err)
{
	*f = (struct folder){0};
	int rc = keep != NULL ? make_kept(f, keep, err) : make_temporary(f, err);
	if (rc == HARK_OK && (asprintf(&f->config, "%s/hark.yaml", f->path) < 0 ||
				     asprintf(&f->log, "%s/harkd.log", f->path) < 0)) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the demo");
	}
	if (rc == HARK_OK) {
		rc = write_all(f, story, network, err);
	}
	return rc;
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st;
	(void)what;
	(void)ftw;
	remove(path);
	return 0;
}

void folder_release(struct folder *f)
{
	if (f->path != NULL && !f->keep) {
		nftw(f->path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	}
	free(f->path);
	free(f->config);
	free(f->log);
	*f = (struct folder){0};
}
