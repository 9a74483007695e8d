/* Posts in (JSON lines), and for each a line of all that might be a move in it, with its features, and of how the
 * post reads with the likeliest of them (wording.h): what tests/quality/train_moves.py learns from.
 *
 *	move_frames [WEIGHTS]
 *
 * WEIGHTS, lines of a feature, a tab and tenths of a point, says which is the likeliest in place of weights.c. */
#include "monitor/base/file.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/lines.h"
#include "rules/classify/roles.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)16 << 20)

static void part(struct jsonout *j, const char *key, const struct move_part *p)
{
	jsonout_key_str(j, key, p->text);
}

static void write_frame(
	void *watcher, const struct move_finder *f, const struct frame *x, const struct features *v)
{
	struct jsonout *j = watcher;
	struct move m = {0};
	frame_parts(f, x, &m);
	jsonout_object(j);
	jsonout_key_c(j, "event", move_event_name(frame_event(x, v)));
	jsonout_key_c(j, "pattern", x->cue->phrase);
	jsonout_key_bool(j, "bare", x->cue->points < 2 && x->from == x->to);
	part(j, "person", &m.person);
	part(j, "employer", &m.employer);
	part(j, "title", &m.title);
	jsonout_key(j, "features");
	jsonout_object(j);
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		if (v->value[i] != 0) {
			jsonout_key_i64(j, feature_name(f->words, i), v->value[i]);
		}
	}
	jsonout_end_object(j);
	jsonout_end_object(j);
}

static void write_wording(void *watcher, unsigned group, uint32_t slot)
{
	jsonout_i64(watcher, (int64_t)slot * WORDING_GROUPS + group);
}

static void write_role(void *watcher, unsigned role, uint32_t number, uint32_t row)
{
	jsonout_i64(watcher, ((int64_t)number * MOVE_ROLES + role) * ROLES_ROWS + row);
}

/* What each that may have a role is called. */
static void write_names(struct jsonout *j, const struct move_finder *f, const struct post *post)
{
	struct frame x = {.cue = cue_at(0)};
	for (x.employer = 1; x.employer <= f->spans.names_n && x.employer <= ROLES_NAMES_MAX;
		x.employer++) {
		struct frame one = x;
		struct move m = {0};
		one.employer = frame_fullest(f, x.employer, NOBODY);
		frame_parts(f, &one, &m);
		jsonout_str(j, m.employer.text);
	}
	jsonout_str(j, post->author.display_name);
}

static int print_frames(
	struct move_finder *f, struct str line, struct arena *arena, struct buf *out)
{
	struct post post;
	struct move move;
	struct jsonout j;
	struct hark_err err = {0};
	post_init(&post);
	int rc = post_read_json(&post, line, arena, &err);
	if (rc != HARK_OK) {
		return rc;
	}
	buf_clear(out);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key(&j, "frames");
	jsonout_array(&j);
	f->watch = write_frame;
	f->watcher = &j;
	f->watch_wording = NULL;
	rc = move_find(f, &post, &move);
	jsonout_end_array(&j);
	jsonout_key(&j, "wording");
	jsonout_array(&j);
	f->watch = NULL;
	f->watch_wording = write_wording;
	rc = rc == HARK_OK ? move_find(f, &post, &move) : rc;
	jsonout_end_array(&j);
	jsonout_key(&j, "roles");
	jsonout_array(&j);
	f->watch_wording = NULL;
	f->watch_role = write_role;
	rc = rc == HARK_OK ? move_find(f, &post, &move) : rc;
	f->watch_role = NULL;
	jsonout_end_array(&j);
	jsonout_key(&j, "names");
	jsonout_array(&j);
	write_names(&j, f, &post);
	jsonout_end_array(&j);
	jsonout_key_str(&j, "pattern", str_c(move.pattern != NULL ? move.pattern : ""));
	jsonout_key_i64(&j, "points", move.points);
	jsonout_key_i64(&j, "named", move.named);
	jsonout_end_object(&j);
	puts(buf_c(out));
	return rc;
}

static int read_weights(struct move_finder *f, const char *path, struct hark_err *err)
{
	struct buf text;
	struct str rest, line, name, points;
	buf_init(&text, LINE_BYTES_MAX);
	int rc = file_read(&text, path, err);
	memset(f->worth, 0, sizeof(f->worth));
	rest = str_c(buf_c(&text));
	while (rc == HARK_OK && str_split(&rest, '\n', &line)) {
		points = line;
		if (!str_split(&points, '\t', &name) || points.p == NULL) {
			continue;
		}
		for (size_t i = 0; i < FEATURES_MAX; i++) {
			if (str_eq_c(name, f->feature_names[i])) {
				f->worth[i] = atoi(points.p);
			}
		}
	}
	buf_release(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct buf line, out;
	struct arena arena;
	struct lines in;
	struct hark_err err = {0};
	lines_init(&in, STDIN_FILENO, LINE_BYTES_MAX);
	buf_init(&line, LINE_BYTES_MAX + 1);
	buf_init(&out, LINE_BYTES_MAX);
	arena_init(&arena, 0);
	struct move_finder *f = fold_init() == HARK_OK ? move_finder_new() : NULL;
	int rc = f != NULL ? HARK_OK : HARK_ENOMEM;
	if (rc == HARK_OK && argc > 1) {
		rc = read_weights(f, argv[1], &err);
	}
	while (rc == HARK_OK && (rc = lines_next(&in, &line, &err)) == HARK_OK) {
		rc = print_frames(f, str_trim(buf_str(&line)), &arena, &out);
		buf_clear(&line);
		arena_reset(&arena);
	}
	move_finder_free(f);
	arena_release(&arena);
	buf_release(&line);
	buf_release(&out);
	return rc == HARK_ENOENT ? EXIT_SUCCESS : EXIT_FAILURE;
}
