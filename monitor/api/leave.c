/* The link of every mail that ends them: GET asks, POST does it, and neither needs a log-in (RFC 8058). */
#include "monitor/api/api_in.h"

#include "monitor/api/page.h"
#include "monitor/base/crypto.h"
#include "monitor/base/log.h"
#include "monitor/base/markup.h"
#include "monitor/store/audit.h"
#include "monitor/store/leaves.h"

/* NAME.MARK, for an address that is in the configuration. NULL: it is not, and the call is answered. */
static const struct conf_receiver *whose(struct call *c, struct str *mark)
{
	const struct conf *conf = c->setup->conf;
	char want[LEAVE_MARK_MAX];
	size_t n = c->arg.n;
	while (n > 0 && c->arg.p[n - 1] != '.') {
		n--;
	}
	*mark = str_n(c->arg.p + n, c->arg.n - n);
	for (size_t i = 0; n > 1 && i < conf->receivers_n; i++) {
		const struct conf_receiver *r = &conf->receivers[i];
		if (r->type == RECEIVER_MAIL && str_eq_c(str_n(c->arg.p, n - 1), r->name) &&
			store_leave_mark(c->store, str_c(r->name), str_c(r->to), false, want) &&
			mark->n == LEAVE_MARK_MAX - 1 && crypto_equal(mark->p, want, mark->n)) {
			return r;
		}
	}
	page_answer(c, 404, "Nothing is here",
		STR("<p>This link is not, or no longer, one of hark's mails.</p>\n"));
	return NULL;
}

static void tell(struct call *c, const struct conf_receiver *r, const char *title,
	const char *before, const char *after)
{
	struct buf html;
	buf_init(&html, 8192);
	buf_add_c(&html, before);
	markup_escape(&html, str_c(r->to));
	buf_add_c(&html, after);
	page_answer(c, 200, title, buf_str(&html));
	buf_release(&html);
}

void leave_show(struct call *c)
{
	struct str mark;
	const struct conf_receiver *r = whose(c, &mark);
	if (r != NULL && store_leave_has(c->store, str_c(r->name), mark)) {
		tell(c, r, "No more mails", "<p>hark sends no mails to ",
			" any more. Whoever runs hark can undo it.</p>\n");
	} else if (r != NULL) {
		tell(c, r, "Stop these mails?", "<p>hark sends mails about leads to ",
			".</p>\n<form method=\"post\"><button>Stop these mails</button></form>\n");
	}
}

static int leave(struct store *s, void *arg, struct hark_err *err)
{
	struct call *c = arg;
	const struct conf_receiver *r = c->write_arg;
	(void)err; /* a failure is the transaction's */
	size_t at = c->arg.n - (LEAVE_MARK_MAX - 1);
	const struct audit_entry entry = {.actor = str_c(r->name),
		.action = STR("POST /unsubscribe/{token}"),
		.target = str_c(r->name)};
	store_leave_add(s, str_c(r->name), str_n(c->arg.p + at, c->arg.n - at), c->now_ms);
	store_audit_add(s, &entry);
	return HARK_OK;
}

void leave_now(struct call *c)
{
	struct str mark;
	struct hark_err err = {0};
	const struct conf_receiver *r = whose(c, &mark);
	if (r == NULL) {
		return;
	}
	if (!store_leave_has(c->store, str_c(r->name), mark)) {
		c->write_arg = (void *)(uintptr_t)r;
		if (api_write(c->api, leave, c, &err) != HARK_OK) {
			call_fail(c, &err);
			return;
		}
		log_info("%s wants no more mails: what comes is kept (hark notify subscribe %s)",
			r->name, r->name);
	}
	tell(c, r, "No more mails", "<p>hark sends no mails to ",
		" any more. Whoever runs hark can undo it.</p>\n");
}
