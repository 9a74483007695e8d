/* The folder the demo lives in: configuration, lists, rules, and what harkd writes. */
#ifndef HARK_DEMO_FOLDER_H
#define HARK_DEMO_FOLDER_H

#include "monitor/base/buf.h"
#include "monitor/demo/network.h"

struct folder {
	char *path;   /* absolute */
	char *config; /* its hark.yaml */
	char *log;    /* what harkd says */
	bool keep;    /* somebody asked for it by name: it stays */
};

/* Makes the folder (`keep` names one that must not exist or be empty; NULL: a temporary one) and
 * writes everything harkd needs to read the network. */
int folder_new(struct folder *f, const char *keep, const struct story *story,
	const struct network *network, struct hark_err *err);
/* Removes the folder with everything in it, unless it is kept. A zeroed one is fine. */
void folder_release(struct folder *f);

/* The configuration as text, for the tests. */
void folder_config(const struct story *story, const struct network *network, const char *folder,
	struct buf *out);

#endif
