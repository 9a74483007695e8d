/* What commands that work with stored records have in hand: the configuration, the store, memory. */
#ifndef HARK_CLI_DESK_H
#define HARK_CLI_DESK_H

#include "monitor/base/arena.h"
#include "monitor/cli/cli.h"
#include "monitor/config/conf.h"
#include "monitor/store/store.h"

struct desk {
	struct cli *cli;
	struct conf *conf;
	struct store *store; /* NULL: there is none yet */
	struct arena arena;
	struct hark_err err;
};

/* `flags` as for store_open(). A reader finds d->store NULL where there is none yet, a writer gets HARK_ENOENT.
 * After a failure desk_fail() gives the exit code; desk_close() is due in any case. */
int desk_open(struct desk *d, struct cli *cli, unsigned flags, int *code);
/* As above for a writer, and makes the store if need be. */
int desk_open_new(struct desk *d, struct cli *cli, int *code);
/* Leaves in the audit trail that this command hands on, or shows, what is held about people: it changes nothing there.
 * What cannot be noted is not shown. */
int desk_note(struct desk *d);
/* The same where --csv asks for a table, which is to be handed on. */
int desk_note_table(struct desk *d);
/* Such an entry in `s`, of this record; absent: of the one that the command line names. */
int desk_note_in(const struct cli *cli, struct store *s, struct str record, struct hark_err *err);
void desk_close(struct desk *d);
/* A command without arguments that looks at the store: `look` where there is one, then `tell`. Returns the exit
 * code. */
int desk_report(struct cli *cli, int argc, int (*look)(struct desk *d, void *ctx),
	void (*tell)(struct desk *d, void *ctx), void *ctx);
/* `work` in a transaction, which is committed, and with it the entry in the audit trail, if it goes well. */
int desk_commit(struct desk *d, int (*work)(struct desk *d, void *ctx), void *ctx);
/* A command that changes something: `work`, then `say`, which has what `work` read into d->arena. Returns the exit
 * code. */
int desk_step(struct cli *cli, int (*work)(struct desk *d, void *ctx),
	void (*say)(struct desk *d, void *ctx), void *ctx);
/* The same with `work` in a transaction, for what has none of its own. */
int desk_change(struct cli *cli, int (*work)(struct desk *d, void *ctx),
	void (*say)(struct desk *d, void *ctx), void *ctx);
/* Says what is wrong; `code` is desk_open()'s. */
int desk_fail(struct desk *d, int code);
/* Whether there is such a kind of lead; else says so, with what may have been meant. EXIT_DONE or EXIT_USAGE. */
int desk_check_kind(struct cli *cli, struct str kind);
/* What `s` commits from here on is in the audit trail as this command's. For what opens the store by itself. */
void desk_sign(const struct cli *cli, struct store *s);
/* The configuration of what needs no store, one count of it: one without errors; else says them. EXIT_DONE or the exit
 * code. */
int desk_conf(struct cli *cli, struct conf **out);
/* Who works: --as, else the login name. Absent if there is neither. */
struct str desk_actor(const struct cli *cli);

#endif
