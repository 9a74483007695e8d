#include "connectors/registry.h"

#include "connectors/builtin.h"
#include "connectors/definition.h"
#include "connectors/definition_read.h"
#include "connectors/rest.h"
#include "connectors/shared.h"
#include "monitor/base/file.h"

#include <dirent.h>
#include <errno.h>
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
	&hark_connector_exec,
	&hark_connector_feed,
	&hark_connector_imap,
	&hark_connector_inbound,
	&hark_connector_presswire,
	&hark_connector_profile_watch,
	&hark_connector_roster,
};
#define BUILTIN (sizeof(builtin) / sizeof(builtin[0]))

static const struct hark_connector *find_builtin(const char *name)
{
	for (size_t i = 0; i < BUILTIN; i++) {
		if (strcmp(builtin[i]->name, name) == 0) {
			return builtin[i];
		}
	}
	return NULL;
}

bool connector_is_builtin(const char *name)
{
	return find_builtin(name) != NULL;
}

/* A definition that was read from a file as it was then. */
struct loaded {
	struct loaded *next;
	struct definition *definition;
	char *path;
	struct timespec changed;
	off_t bytes;
};

/* A connector that was loaded from a file of its own. */
struct opened {
	struct opened *next;
	const struct hark_connector *connector;
	char path[];
};

/* A name that was handed out. */
struct name {
	struct name *next;
	char text[];
};

static struct {
	pthread_mutex_t lock;
	struct loaded *loaded; /* newest first; nothing is ever taken out */
	struct opened *opened;
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

static char own_shared_dir[PATH_MAX];

static void find_shared_dir(void)
{
	static const char *const places[] = {"/../lib/hark/connectors", NULL};
	file_own_dir(own_shared_dir, "HARK_CONNECTORS", places, HARK_PKGLIBDIR "/connectors");
}

const char *connector_shared_dir(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_shared_dir);
	return own_shared_dir;
}

/* All of them in the order they are looked into, NULL behind the last. With the lock held. */
static const char *place(size_t i)
{
	return i < all.dirs_n        ? all.dirs[i]
	       : i == all.dirs_n     ? connector_dir()
	       : i == all.dirs_n + 1 ? connector_shared_dir()
				     : NULL;
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

static bool is_shared(const char *path)
{
	return str_ends(str_c(path), STR(".so"));
}

/* With the lock held. False: there is no such file. */
static bool find_file(const char *name, char path[PATH_MAX], struct stat *st)
{
	static const char *const endings[] = {"yaml", "json", "so"};
	const char *dir;
	if (strchr(name, '/') != NULL || name[0] == '.') {
		return false;
	}
	for (size_t i = 0; (dir = place(i)) != NULL; i++) {
		for (size_t k = 0; k < 3; k++) {
			int n = snprintf(path, PATH_MAX, "%s/%s.%s", dir, name, endings[k]);
			if (n > 0 && n < PATH_MAX && stat(path, st) == 0 && S_ISREG(st->st_mode)) {
				return true;
			}
		}
	}
	return false;
}

bool connector_is_file_of(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	struct str file = str_c(slash != NULL ? slash + 1 : path);
	bool is_one = str_ends(file, STR(".yaml")) || str_ends(file, STR(".json"));
	return is_one && str_eq_c(str_n(file.p, file.n - strlen(".yaml")), name);
}

int connector_check_name(const struct definition *d, struct diags *diags, struct hark_err *err)
{
	const char *name = d->connector.name;
	if (connector_is_builtin(name)) {
		diags_add(diags, DIAG_ERROR, D_VALUE, d->id_at, STR_NONE,
			"choose another, and call the file so",
			"the id '%s' is taken by a connector of the program, so this one is never used",
			name);
	} else if (!connector_is_file_of(d->path, name)) {
		diags_add(diags, DIAG_ERROR, D_VALUE, d->id_at, STR_NONE,
			"make the two the same",
			"the id '%s' is not the name of the file: connectors are found by that", name);
	} else {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EPARSE, "%s is no definition hark can use", d->path);
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
	if (rc == HARK_OK) {
		rc = connector_check_name(l->definition, diags, err);
	}
	if (rc != HARK_OK) {
		definition_free(l != NULL ? l->definition : NULL);
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
		near != NULL ? ", did you mean '"
			     : "; one of your own is a file of that name in connectors/ beside hark.yaml",
		near != NULL ? near : "", near != NULL ? "'?" : "");
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

static int get_shared(const struct hark_connector **out, const char *path, struct hark_err *err)
{
	for (struct opened *o = all.opened; o != NULL; o = o->next) {
		if (strcmp(o->path, path) == 0) {
			*out = o->connector;
			return HARK_OK;
		}
	}
	size_t bytes = strlen(path) + 1;
	struct opened *o = malloc(sizeof(*o) + bytes);
	if (o == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	memcpy(o->path, path, bytes);
	int rc = shared_load(&o->connector, path, err);
	if (rc != HARK_OK) {
		free(o);
		return rc;
	}
	o->next = all.opened;
	all.opened = o;
	*out = o->connector;
	return HARK_OK;
}

/* Bytes behind the name of a connector's file; 0: it is no such file. */
static size_t name_ending(struct str file)
{
	size_t n = str_ends(file, STR(".so"))                                     ? 3
		   : str_ends(file, STR(".json")) || str_ends(file, STR(".yaml")) ? 5
										  : 0;
	return file.n > n && file.p[0] != '.' ? n : 0;
}

static int get_file(const struct hark_connector **out, const char *path, struct hark_err *err)
{
	struct stat st;
	if (is_shared(path)) {
		return get_shared(out, path, err);
	}
	return stat(path, &st) == 0
		       ? get_definition(out, path, &st, NULL, err)
		       : hark_err_set(err, HARK_ENOENT, "%s: %s", path, strerror(errno));
}

int connector_get(const struct hark_connector **out, const char *name, struct diags *diags,
	struct hark_err *err)
{
	char path[PATH_MAX];
	struct stat st;
	const struct hark_connector *own = find_builtin(name);
	if (own != NULL) {
		*out = own;
		return HARK_OK;
	}
	pthread_mutex_lock(&all.lock);
	bool is_there = find_file(name, path, &st);
	int rc = !is_there         ? HARK_ENOENT
		 : is_shared(path) ? get_shared(out, path, err)
				   : get_definition(out, path, &st, diags, err);
	pthread_mutex_unlock(&all.lock);
	return is_there ? rc : no_such(name, err);
}

int connector_load(const struct hark_connector **out, const char *what, struct hark_err *err)
{
	const char *slash = strrchr(what, '/');
	if (name_ending(str_c(slash != NULL ? slash + 1 : what)) == 0) {
		return connector_get(out, what, NULL, err);
	}
	pthread_mutex_lock(&all.lock);
	int rc = get_file(out, what, err);
	pthread_mutex_unlock(&all.lock);
	return rc;
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

const char *connector_file(const struct hark_connector *c)
{
	const struct definition *d = connector_definition(c);
	const char *path = d != NULL ? d->path : NULL;
	pthread_mutex_lock(&all.lock);
	for (struct opened *o = all.opened; o != NULL && path == NULL; o = o->next) {
		path = o->connector == c ? o->path : NULL;
	}
	pthread_mutex_unlock(&all.lock);
	return path;
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
		size_t ending = name_ending(file);
		const char *name = ending > 0 ? keep_name(file.p, file.n - ending) : NULL;
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
	for (size_t i = 0; place(i) != NULL; i++) {
		add_dir_names(place(i), names, &n, max);
	}
	pthread_mutex_unlock(&all.lock);
	qsort(names, n, sizeof(*names), by_text);
	return n;
}

/* --- those that cannot be used --- */

/* HARK_OK: it is the one of its name. */
static int judge_shared(const char *path, const char *name, struct hark_err *err)
{
	char used[PATH_MAX];
	struct stat st;
	const struct hark_connector *c;
	bool is_builtin = find_builtin(name) != NULL;
	if (is_builtin || (find_file(name, used, &st) && strcmp(used, path) != 0)) {
		return hark_err_set(err, HARK_EBUSY,
			"%.200s: not used, the name '%.70s' is taken by %.120s: rename one of them",
			path, name, is_builtin ? "a connector of the program" : used);
	}
	return get_shared(&c, path, err);
}

static void report_dir(
	const char *place, void (*say)(void *ctx, const struct hark_err *why), void *ctx)
{
	char path[PATH_MAX];
	DIR *dir = opendir(place);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		struct hark_err err = {0};
		int n = snprintf(path, sizeof(path), "%s/%s", place, e->d_name);
		size_t ending = name_ending(str_c(e->d_name));
		if (n >= PATH_MAX || ending == 0) {
			continue;
		}
		e->d_name[strlen(e->d_name) - ending] = '\0';
		if (!is_shared(path) && !connector_is_builtin(e->d_name)) {
			continue;
		}
		if (judge_shared(path, e->d_name, &err) != HARK_OK) {
			say(ctx, &err);
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
}

void connector_report(void (*say)(void *ctx, const struct hark_err *why), void *ctx)
{
	pthread_mutex_lock(&all.lock);
	for (size_t i = 0; place(i) != NULL; i++) {
		report_dir(place(i), say, ctx);
	}
	pthread_mutex_unlock(&all.lock);
}
