#include "connectors/registry.h"

#include "connectors/builtin.h"
#include "connectors/definition.h"
#include "connectors/rest.h"
#include "monitor/base/file.h"

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRS_MAX 8

/* In order of name. */
static const struct hark_connector *const builtin[] = {
	&hark_connector_edgar,
	&hark_connector_feed,
	&hark_connector_presswire,
	&hark_connector_roster,
};
#define BUILTIN (sizeof(builtin) / sizeof(builtin[0]))

/* A definition that was read from a file as it was then. */
struct loaded {
	struct loaded *next;
	struct definition *definition;
	char *path;
	struct timespec changed;
	off_t bytes;
};

/* A name that was handed out. */
struct name {
	struct name *next;
	char text[];
};

static struct {
	pthread_mutex_t lock;
	struct loaded *loaded; /* newest first; nothing is ever taken out */
	struct name *names;
	char *dirs[DIRS_MAX]; /* last first */
	size_t dirs_n;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- places --- */

static char own_dir[PATH_MAX];

static void find_own_dir(void)
{
	static const char *const places[] = {"/../connectors/definitions",
		"/connectors/definitions", "/../share/hark/connectors", NULL};
	file_own_dir(own_dir, "HARK_DEFINITIONS", places, HARK_PKGDATADIR "/connectors");
}

const char *connector_dir(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_own_dir);
	return own_dir;
}

void connector_add_dir(const char *path)
{
	pthread_mutex_lock(&all.lock);
	bool is_there = false;
	for (size_t i = 0; i < all.dirs_n; i++) {
		is_there |= strcmp(all.dirs[i], path) == 0;
	}
	char *copy = is_there || all.dirs_n == DIRS_MAX ? NULL : strdup(path);
	if (copy != NULL) {
		memmove(&all.dirs[1], &all.dirs[0], all.dirs_n * sizeof(all.dirs[0]));
		all.dirs[0] = copy;
		all.dirs_n++;
	}
	pthread_mutex_unlock(&all.lock);
}

/* --- files --- */

/* With the lock held. False: there is no such file. */
static bool find_file(const char *name, char path[PATH_MAX], struct stat *st)
{
	static const char *const endings[] = {"yaml", "json"};
	if (strchr(name, '/') != NULL || name[0] == '.') {
		return false;
	}
	for (size_t i = 0; i <= all.dirs_n; i++) {
		const char *dir = i < all.dirs_n ? all.dirs[i] : connector_dir();
		for (size_t k = 0; k < 2; k++) {
			int n = snprintf(path, PATH_MAX, "%s/%s.%s", dir, name, endings[k]);
			if (n > 0 && n < PATH_MAX && stat(path, st) == 0 && S_ISREG(st->st_mode)) {
				return true;
			}
		}
	}
	return false;
}

static struct loaded *find_loaded(const char *path, const struct stat *st)
{
	for (struct loaded *l = all.loaded; l != NULL; l = l->next) {
		if (strcmp(l->path, path) == 0 && l->bytes == st->st_size &&
			l->changed.tv_sec == st->st_mtim.tv_sec &&
			l->changed.tv_nsec == st->st_mtim.tv_nsec) {
			return l;
		}
	}
	return NULL;
}

static int load(struct loaded **out, const char *path, const struct stat *st, struct diags *diags,
	struct hark_err *err)
{
	struct buf text;
	struct loaded *l = calloc(1, sizeof(*l));
	char *copy = strdup(path);
	buf_init(&text, DEFINITION_BYTES_MAX);
	int rc = l == NULL || copy == NULL ? hark_err_set(err, HARK_ENOMEM, "no memory")
					   : file_read(&text, path, err);
	if (rc == HARK_OK) {
		rc = definition_read(&l->definition, buf_str(&text), path, diags, err);
	}
	buf_release(&text);
	if (rc != HARK_OK) {
		free(copy);
		free(l);
		return rc;
	}
	l->path = copy;
	l->changed = st->st_mtim;
	l->bytes = st->st_size;
	l->next = all.loaded;
	all.loaded = l;
	*out = l;
	return HARK_OK;
}

/* --- asking --- */

static int no_such(const char *name, struct hark_err *err)
{
	const char *names[CONNECTORS_MAX];
	const char *near = did_you_mean(str_c(name), names, connector_names(names, CONNECTORS_MAX));
	return hark_err_set(err, HARK_ENOENT, "there is no connector '%s'%s%s%s", name,
		near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?" : "");
}

static void say_first(const struct diags *d, struct hark_err *err)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].level == DIAG_ERROR) {
			hark_err_set(err, HARK_EPARSE, "%s:%u:%u: %s", d->v[i].at.file,
				d->v[i].at.line, d->v[i].at.col, d->v[i].message);
			return;
		}
	}
}

static int get_definition(const struct hark_connector **out, const char *path,
	const struct stat *st, struct diags *diags, struct hark_err *err)
{
	struct diags own;
	struct loaded *l = find_loaded(path, st);
	int rc = HARK_OK;
	if (l == NULL) {
		diags_init(&own);
		rc = load(&l, path, st, diags != NULL ? diags : &own, err);
		if (rc == HARK_EPARSE && diags == NULL) {
			say_first(&own, err);
		}
		diags_release(&own);
	}
	if (rc == HARK_OK) {
		*out = &l->definition->connector;
	}
	return rc;
}

int connector_get(const struct hark_connector **out, const char *name, struct diags *diags,
	struct hark_err *err)
{
	char path[PATH_MAX];
	struct stat st;
	for (size_t i = 0; i < BUILTIN; i++) {
		if (strcmp(builtin[i]->name, name) == 0) {
			*out = builtin[i];
			return HARK_OK;
		}
	}
	pthread_mutex_lock(&all.lock);
	bool is_there = find_file(name, path, &st);
	int rc = is_there ? get_definition(out, path, &st, diags, err) : HARK_ENOENT;
	pthread_mutex_unlock(&all.lock);
	return is_there ? rc : no_such(name, err);
}

const struct hark_connector *connector_find(const char *name)
{
	const struct hark_connector *c = NULL;
	return connector_get(&c, name, NULL, NULL) == HARK_OK ? c : NULL;
}

const struct definition *connector_definition(const struct hark_connector *c)
{
	struct hark_connector own = {0};
	rest_install(&own);
	return c->open == own.open ? c->data : NULL;
}

/* --- names --- */

static const char *keep_name(const char *text, size_t n)
{
	for (struct name *k = all.names; k != NULL; k = k->next) {
		if (strlen(k->text) == n && memcmp(k->text, text, n) == 0) {
			return k->text;
		}
	}
	struct name *k = malloc(sizeof(*k) + n + 1);
	if (k == NULL) {
		return NULL;
	}
	memcpy(k->text, text, n);
	k->text[n] = '\0';
	k->next = all.names;
	all.names = k;
	return k->text;
}

static void add_name(const char **names, size_t *n, size_t max, const char *name)
{
	for (size_t i = 0; i < *n; i++) {
		if (strcmp(names[i], name) == 0) {
			return;
		}
	}
	if (*n < max) {
		names[(*n)++] = name;
	}
}

static void add_dir_names(const char *path, const char **names, size_t *n, size_t max)
{
	DIR *dir = opendir(path);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		struct str file = str_c(e->d_name);
		bool fits = str_ends(file, STR(".json")) || str_ends(file, STR(".yaml"));
		const char *name = fits && file.n > 5 && file.p[0] != '.'
					   ? keep_name(file.p, file.n - 5)
					   : NULL;
		if (name != NULL) {
			add_name(names, n, max, name);
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t connector_names(const char **names, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < BUILTIN; i++) {
		add_name(names, &n, max, builtin[i]->name);
	}
	pthread_mutex_lock(&all.lock);
	for (size_t i = 0; i <= all.dirs_n; i++) {
		add_dir_names(i < all.dirs_n ? all.dirs[i] : connector_dir(), names, &n, max);
	}
	pthread_mutex_unlock(&all.lock);
	qsort(names, n, sizeof(*names), by_text);
	return n;
}
