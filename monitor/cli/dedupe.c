/* hark dedupe: Posts in, the same Posts out, each with the story it is part of.
 *
 * The last post may show that two stories are one, so everything is read first and printed at the end, in
 * its order. A post costs its line and about 120 bytes. */
#include "monitor/base/count.h"
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/hash.h"
#include "monitor/base/json.h"
#include "monitor/base/lines.h"
#include "monitor/base/url_key.h"
#include "monitor/cli/progress.h"
#include "monitor/model/id.h"
#include "monitor/model/post.h"
#include "monitor/store/clusters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)64 << 20)
#define POSTS_MAX UINT32_MAX

/* A post, counted from 1 like the others that are no bad lines. */
struct entry {
	struct str line;
	uint32_t number; /* of the line */
	uint32_t same;   /* an earlier post of the same story, or itself: */
	uint32_t posts;  /* so many */
	bool is_cut;     /* ends in "…": its turn comes when the whole texts are known */
};

struct dedupe {
	struct arena lines, scratch,
		other;   /* of all lines, of a post, of one it is compared with */
	struct entry *v; /* [0] is not used; owned */
	size_t n, cap, bad, stories;
	struct story_index *index;
	struct clusters *clusters;
	struct copy *text;
	struct buf out;
	const char *path;
};

static int no_memory(struct hark_err *err)
{
	return hark_err_set(err, HARK_ENOMEM, "no memory for so many posts");
}

static void refuse(struct dedupe *d, size_t number, const struct hark_err *why)
{
	d->bad++;
	fprintf(stderr, "%s:%zu: %s\n", d->path, number, why->text);
}

static int add_line(struct dedupe *d, struct str line, size_t number, struct hark_err *err)
{
	if (d->n + 1 >= d->cap) {
		size_t cap = d->cap > 0 ? d->cap * 2 : 1024;
		struct entry *moved = cap < POSTS_MAX ? realloc(d->v, cap * sizeof(*moved)) : NULL;
		if (moved == NULL) {
			return no_memory(err);
		}
		d->v = moved;
		d->cap = cap;
	}
	struct str kept = arena_str(&d->lines, line);
	if (kept.p == NULL) {
		return no_memory(err);
	}
	d->n++;
	d->v[d->n] = (struct entry){kept, (uint32_t)number, (uint32_t)d->n, 1, false};
	return HARK_OK;
}

static int read_lines(struct dedupe *d, int fd, struct hark_err *err)
{
	struct lines in;
	struct buf line;
	int rc = HARK_OK;
	lines_init(&in, fd, LINE_BYTES_MAX);
	buf_init(&line, LINE_BYTES_MAX);
	while (rc == HARK_OK || rc == HARK_ELIMIT) {
		buf_clear(&line);
		rc = lines_next(&in, &line, err);
		struct str text = str_trim(buf_str(&line));
		if (rc == HARK_ELIMIT) {
			refuse(d, in.number, err);
		} else if (rc == HARK_OK && text.n > 0) {
			rc = add_line(d, text, in.number, err);
		}
	}
	buf_release(&line);
	return rc == HARK_ENOENT ? HARK_OK : rc;
}

/* What a bare repost says is what it quotes. */
static struct str text_of(const struct post *p)
{
	return str_empty(p->text) ? p->quoted : p->text;
}

static bool load(void *ctx, int64_t post, struct copy *to)
{
	struct dedupe *d = ctx;
	struct post p;
	post_init(&p);
	arena_reset(&d->other);
	return post_read_json(&p, d->v[post].line, &d->other, NULL) == HARK_OK &&
	       copy_read(to, p.title, text_of(&p)) == HARK_OK;
}

static uint32_t story_of(struct dedupe *d, uint32_t i)
{
	while (d->v[i].same != i) {
		d->v[i].same = d->v[d->v[i].same].same;
		i = d->v[i].same;
	}
	return i;
}

/* Two posts are of one story, which keeps the name of its first post. */
static void join(struct dedupe *d, uint32_t a, uint32_t b)
{
	uint32_t x = story_of(d, a), y = story_of(d, b);
	uint32_t keep = x < y ? x : y, drop = x < y ? y : x;
	if (x != y) {
		d->v[drop].same = keep;
		d->v[keep].posts += d->v[drop].posts;
	}
}

static bool same_key(const struct post *a, const struct post *b)
{
	return !str_empty(a->external_id) && str_eq(a->external_id, b->external_id) &&
	       str_eq(a->source, b->source);
}

/* The same page under the same headline. A reply has its thread's link, but words of its own. */
static bool same_page(struct dedupe *d, const struct post *a, const struct post *b)
{
	if (a->type == POST_TYPE_REPLY || b->type == POST_TYPE_REPLY || str_empty(a->title) ||
		!str_eq_nocase(str_trim(a->title), str_trim(b->title))) {
		return false;
	}
	return str_eq(url_key(a->url, &d->scratch), url_key(b->url, &d->other));
}

/* Joins the first post of the same key or page, and lets later ones find this one. */
static bool join_known(struct dedupe *d, uint32_t i, const struct post *p)
{
	const struct str id[] = {p->source, p->external_id};
	const uint64_t hashes[] = {
		[STORY_LINK] = str_empty(p->url) ? 0 : hash64(url_key(p->url, &d->scratch), 0),
		[STORY_WORDS] = str_empty(p->external_id) ? 0 : hash128(id, 2).lo,
	};
	bool joined = false;
	for (enum story_key key = STORY_LINK; key <= STORY_WORDS; key++) {
		int64_t posts[STORY_CANDIDATES];
		size_t n = story_index_find(d->index, key, hashes[key], posts);
		bool found = false;
		for (size_t k = 0; k < n && !found; k++) {
			struct post other;
			post_init(&other);
			arena_reset(&d->other);
			found = post_read_json(&other, d->v[posts[k]].line, &d->other, NULL) ==
					HARK_OK &&
				(key == STORY_WORDS ? same_key(&other, p)
						    : same_page(d, p, &other));
			if (found) {
				join(d, i, (uint32_t)posts[k]);
			}
		}
		joined = joined || found;
		if (!found && !story_index_add(d->index, key, hashes[key], i)) {
			return false;
		}
	}
	return joined;
}

/* All stories it is a copy of become one; what is cut goes to the one with the most posts. */
static void join_found(struct dedupe *d, uint32_t i, const struct clusters_found *found, size_t n)
{
	size_t most = 0;
	for (size_t k = 0; k < n; k++) {
		uint32_t posts = d->v[story_of(d, (uint32_t)found[k].post)].posts;
		if (!d->v[i].is_cut) {
			join(d, i, (uint32_t)found[k].post);
		} else if (posts > d->v[story_of(d, (uint32_t)found[most].post)].posts) {
			most = k;
		}
	}
	if (d->v[i].is_cut && n > 0) {
		join(d, i, (uint32_t)found[most].post);
	}
}

static int place(struct dedupe *d, uint32_t i, struct hark_err *err)
{
	struct post p;
	struct clusters_found found[CLUSTERS_FOUND_MAX];
	uint64_t looked[COPY_KEYS_MAX], keys[COPY_KEYS];
	post_init(&p);
	arena_reset(&d->scratch);
	int rc = post_read_line(&p, d->v[i].line, &d->scratch, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (copy_read(d->text, p.title, text_of(&p)) != HARK_OK) {
		return no_memory(err);
	}
	if (copy_is_cut(d->text) && !d->v[i].is_cut) {
		d->v[i].is_cut = true;
		return HARK_OK;
	}
	bool known = join_known(d, i, &p);
	const struct clusters_text text = {.look = copy_look(d->text, looked), .words = d->text};
	size_t n = clusters_find(d->clusters, &text, found);
	join_found(d, i, found, n);
	bool original = n == 0 ? !known : clusters_is_core(d->clusters);
	if (original &&
		!clusters_add(d->clusters, i, keys, clusters_keys(d->clusters, keys))) {
		return no_memory(err);
	}
	return HARK_OK;
}

static int place_all(struct dedupe *d, struct hark_err *err)
{
	struct progress progress;
	int rc = HARK_OK;
	progress_start(&progress, "comparing", (int64_t)d->n);
	for (uint32_t i = 1; i <= d->n && rc == HARK_OK; i++) {
		rc = place(d, i, err);
		if (rc == HARK_EPARSE) {
			progress_end(&progress);
			refuse(d, d->v[i].number, err);
			d->v[i].line = STR_NONE;
			rc = HARK_OK;
		}
		progress_set(&progress, i);
	}
	for (uint32_t i = 1; i <= d->n && rc == HARK_OK; i++) {
		rc = d->v[i].is_cut ? place(d, i, err) : HARK_OK;
	}
	progress_end(&progress);
	return rc;
}

/* The line as it is, with one member more. */
static void write_line(struct buf *out, struct str line, const char *name)
{
	struct str head = str_trim(str_n(line.p, line.n - 1));
	buf_add_str(out, head);
	buf_printf(out, "%s\"cluster\":\"%s\"}\n", head.n > 1 ? "," : "", name);
}

/* The line had a story already, or has the word somewhere else: this one replaces it. */
static int write_again(struct buf *out, struct str line, const char *name, struct hark_err *err)
{
	json_t *tree = json_read(line, err);
	char *text = NULL;
	if (tree != NULL && json_object_set_new(tree, "cluster", json_string(name)) == 0) {
		text = json_dumps(tree, JSON_COMPACT);
	}
	json_decref(tree);
	if (text == NULL) {
		return no_memory(err);
	}
	buf_add_c(out, text);
	buf_add_char(out, '\n');
	free(text);
	return HARK_OK;
}

static int print(struct dedupe *d, uint32_t i, struct hark_err *err)
{
	char name[ID_TEXT_MAX];
	struct str line = d->v[i].line;
	uint32_t story = story_of(d, i);
	int rc = HARK_OK;
	d->stories += story == i;
	id_text(ID_CLUSTER, story, name);
	buf_clear(&d->out);
	if (str_find(line, STR("\"cluster\"")) == SIZE_MAX) {
		write_line(&d->out, line, name);
	} else {
		rc = write_again(&d->out, line, name, err);
	}
	if (rc == HARK_OK && d->out.rc != HARK_OK) {
		rc = no_memory(err);
	}
	if (rc == HARK_OK && fwrite(buf_c(&d->out), 1, d->out.n, stdout) != d->out.n) {
		rc = hark_err_errno(err, HARK_EIO, errno, "standard output cannot be written");
	}
	return rc;
}

static int dedupe_file(struct dedupe *d, int fd, struct hark_err *err)
{
	int rc = read_lines(d, fd, err);
	if (rc == HARK_OK) {
		rc = place_all(d, err);
	}
	for (uint32_t i = 1; i <= d->n && rc == HARK_OK; i++) {
		if (d->v[i].line.p != NULL) {
			rc = print(d, i, err);
		}
	}
	return rc;
}

static int dedupe_open(struct dedupe *d, const char *path, struct hark_err *err)
{
	*d = (struct dedupe){.path = path};
	arena_init(&d->lines, 0);
	arena_init(&d->scratch, 0);
	arena_init(&d->other, 0);
	buf_init(&d->out, LINE_BYTES_MAX * 2);
	d->index = story_index_new(SIZE_MAX);
	d->text = copy_new();
	d->clusters = d->index != NULL ? clusters_new(d->index, load, d) : NULL;
	return d->clusters != NULL && d->text != NULL ? HARK_OK : no_memory(err);
}

static void dedupe_close(struct dedupe *d)
{
	clusters_free(d->clusters);
	story_index_free(d->index);
	copy_free(d->text);
	arena_release(&d->lines);
	arena_release(&d->scratch);
	arena_release(&d->other);
	buf_release(&d->out);
	free(d->v);
}

static void print_stats(const struct dedupe *d, int64_t ms)
{
	size_t posts = d->n;
	for (size_t i = 1; i <= d->n; i++) {
		posts -= d->v[i].line.p == NULL;
	}
	fprintf(stderr, "%s, %s, %s, %s refused; %.3f s, %.0f posts/s\n", COUNT(posts, "post"),
		COUNT(d->stories, "story"), COUNT(posts - d->stories, "copy"),
		COUNT(d->bad, "line"), (double)ms / 1000,
		ms > 0 ? (double)posts * 1000 / (double)ms : 0.0);
}

static int run_dedupe(struct cli *cli, int argc, char **argv)
{
	struct dedupe d;
	struct hark_err err = {0};
	const char *path = argc == 1 ? argv[0] : "-";
	bool standard = strcmp(path, "-") == 0;
	int64_t begin = clock_steady_ms();
	if (argc > 1) {
		return cli_usage(cli, "one file at a time, or - for standard input");
	}
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		hark_err_errno(&err, HARK_EIO, errno, "%s cannot be read", path);
		return cli_fail(cli, &err);
	}
	int rc = dedupe_open(&d, path, &err);
	if (rc == HARK_OK) {
		rc = dedupe_file(&d, fd, &err);
	}
	if (rc == HARK_OK && cli_given(cli, "stats")) {
		print_stats(&d, clock_steady_ms() - begin);
	}
	size_t bad = d.bad;
	dedupe_close(&d);
	if (!standard) {
		close(fd);
	}
	if (rc != HARK_OK) {
		return cli_fail(cli, &err);
	}
	return bad > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct cli_option options[] = {
	{"stats", 0, NULL, "counts and speed on standard error at the end"},
	{NULL},
};

const struct cli_command command_dedupe = {
	.name = "dedupe",
	.args = "[FILE]",
	.about = "Find the posts that tell the same story",
	.more = "Reads Posts as JSON Lines and writes them in the same order, each with a member `cluster`: the\n"
		"name of its story. Posts with the same cluster are copies of its first one: passed on, cut,\n"
		"with other links or headlines, more hashtags, or lightly edited. Another number, name, ticker\n"
		"or day, a \"not\" or up for down makes another story, and so do other handles or hashtags\n"
		"around a few words. Everything is read before anything is written: a post may show that two\n"
		"stories are one. A post takes its line and about 120 bytes of memory. A line that is no Post\n"
		"is named on standard error and the rest goes on; the exit code is then 1.\n\n"
		"    hark dedupe posts.jsonl >stories.jsonl\n"
		"    hark parse feed.xml | hark dedupe --stats | hark match --rules packs/praise",
	.options = options,
	.run = run_dedupe,
};
