/* What the mock network says: parsed from story.yaml, which is part of the program, so that the
 * demo runs from anywhere. Immutable once loaded; strings live as long as the story. */
#ifndef HARK_DEMO_STORY_H
#define HARK_DEMO_STORY_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

struct story_item {
	const char *id;
	const char *author, *handle; /* handle may be NULL */
	const char *title;           /* NULL: a short message */
	const char *text;
	int64_t age_ms; /* at the time the network starts; 0 for what is published later */
};

enum story_format {
	STORY_RSS,
	STORY_RSS1,
	STORY_ATOM,
	STORY_JSON,
};

struct story_host {
	const char *name, *title;
	const char *at;   /* loopback address */
	const char *path; /* of its feed */
	enum story_format format;
	bool validators;                  /* sends ETag and Last-Modified, answers 304 */
	bool ill_formed;                  /* its markup is damaged */
	int status;                       /* of every answer; 0: 200 */
	int first_status;                 /* of the first answer; 0: as the others */
	int retry_after_s;                /* goes with first_status */
	int64_t delay_ms;                 /* before each answer */
	size_t page;                      /* items a page; 0: all on one */
	struct story_item *items, *later; /* the baseline, and what is published after it */
	size_t items_n, later_n;
};

struct story_lead {
	const char *strand; /* for people: "job move" */
	const char *kind;   /* the lead's */
	const char *person; /* the lead's subject; empty: not checked */
	const char *says;
};

struct story_file {
	const char *name, *text;
};

struct story {
	struct arena arena;
	struct story_host *hosts;
	size_t hosts_n;
	struct story_lead *leads;
	size_t leads_n;
	struct story_file *files;
	size_t files_n;
};

/* `text` absent: the story the program carries. */
int story_load(struct story *s, struct str text, struct hark_err *err);
void story_release(struct story *s);

/* What a first reading finds: one page of each host. */
size_t story_baseline_count(const struct story *s);
size_t story_later_count(const struct story *s);

#endif
