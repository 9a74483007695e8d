/* What waits for somebody: tasks, the unhappy, who may look into the community, what is owed. */
#include "monitor/references/lists_in.h"

#include "monitor/base/hash.h"
#include "monitor/model/post.h"
#include "monitor/references/peeks.h"
#include "monitor/store/favours.h"
#include "monitor/store/references.h"

/* ---- tasks ---- */

static const struct sheet_column task_columns[] = {
	{"task", "task", SHEET_NUMBER, false},
	{"kind", "what", SHEET_TEXT, false},
	{"name", "author", SHEET_TEXT, true},
	{"handle", NULL, SHEET_TEXT, false},
	{"profile", NULL, SHEET_TEXT, false},
	{"tone", "said", SHEET_TEXT, false},
	{"posts", "posts", SHEET_NUMBER, false},
	{"source", "source", SHEET_TEXT, false},
	{"visibility", NULL, SHEET_TEXT, false},
	{"private", "mind", SHEET_PRIVATE, false},
	{"url", NULL, SHEET_TEXT, false},
	{"text", "last", SHEET_TEXT, true},
	{"last", "when", SHEET_TIME, false},
	{"done", NULL, SHEET_TIME, false},
	{"done_by", NULL, SHEET_TEXT, false},
	{"note", NULL, SHEET_TEXT, false},
};

static int fill_tasks(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct task *v;
	size_t n;
	int rc = store_task_list(who->store, f->historic, f->done, who->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct task *t = &v[i];
		const struct statement last = {.post = t->post, .regulated = t->regulated};
		bool told = reader_is_told(who->store, who->role, &last);
		sheet_key(s, t->id);
		sheet_number(s, t->id);
		sheet_text(s, t->kind);
		sheet_text(s, str_empty(t->name) ? t->handle : t->name);
		sheet_text(s, t->handle);
		sheet_text(s, t->profile_url);
		sheet_text_c(s, statement_tone_name(t->tone));
		sheet_number(s, t->posts);
		sheet_text(s, t->source);
		sheet_text_c(s, t->is_private ? "private" : "public");
		sheet_number(s, t->is_private);
		sheet_text(s, told ? t->url : STR_NONE);
		sheet_text(s, told ? t->text : STR_NONE);
		sheet_number(s, t->last_ms);
		sheet_number(s, t->done_ms);
		sheet_text(s, t->done_by);
		sheet_text(s, t->note);
	}
	return rc;
}

const struct list_kind list_tasks = {LIST_COLUMNS(task_columns),
	"no tasks: nobody unknown has spoken well of you", false, fill_tasks};

/* ---- service ---- */

static const struct sheet_column service_columns[] = {
	{"mark", "mark", SHEET_NUMBER, false},
	{"account", "account", SHEET_TEXT, true},
	{"name", "who", SHEET_TEXT, true},
	{"text", "said", SHEET_TEXT, true},
	{"url", NULL, SHEET_TEXT, false},
	{"visibility", NULL, SHEET_TEXT, false},
	{"private", "mind", SHEET_PRIVATE, false},
	{"at", "since", SHEET_TIME, false},
	{"until", "until", SHEET_TIME, false},
	{"cleared", "cleared", SHEET_TIME, false},
	{"cleared_by", "by", SHEET_TEXT, false},
	{"note", NULL, SHEET_TEXT, false},
};

static int fill_service(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct service_mark *v;
	size_t n;
	int rc = store_service_list(who->store, f->all, who->now_ms, who->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct service_mark *m = &v[i];
		struct statement said;
		bool told = store_statement_load(who->store, m->statement, who->arena, &said) &&
			    reader_is_told(who->store, who->role, &said);
		sheet_key(s, m->id);
		sheet_number(s, m->id);
		sheet_text(s, m->account_name);
		sheet_text(s, m->person_name);
		sheet_text(s, told ? m->text : STR_NONE);
		sheet_text(s, told ? m->url : STR_NONE);
		sheet_text_c(s, m->is_private ? "private" : "public");
		sheet_number(s, m->is_private);
		sheet_number(s, m->at_ms);
		sheet_number(s, m->until_ms);
		sheet_number(s, m->cleared_ms);
		sheet_text(s, m->cleared_by);
		sheet_text(s, m->note);
	}
	return rc;
}

const struct list_kind list_service = {LIST_COLUMNS(service_columns),
	"nothing is with service: no customer who is known is unhappy", false, fill_service};

/* ---- peeks ---- */

static const struct sheet_column peek_columns[] = {{"peek", "peek", SHEET_NUMBER, false},
	{"who", "who", SHEET_TEXT, true}, {"opportunity", "opportunity", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"owner", "owner", SHEET_TEXT, false},
	{"granted_by", "let in by", SHEET_TEXT, false}, {"granted", "since", SHEET_TIME, false},
	{"until", "until", SHEET_TIME, false}, {"due", "to be revoked", SHEET_TEXT, true},
	{"told", NULL, SHEET_TIME, false}, {"revoked", "revoked", SHEET_TIME, false},
	{"revoked_by", NULL, SHEET_TEXT, false}, {"why", NULL, SHEET_TEXT, false}};

static int fill_peeks(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	const struct peek_filter which = {.all = f->all, .due = f->due, .now_ms = who->now_ms};
	struct peek *v;
	size_t n;
	int rc = store_peeks(who->store, &which, who->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		const struct peek *p = &v[i];
		const char *why;
		bool due = peek_is_due(p, who->now_ms, &why);
		sheet_key(s, p->id);
		sheet_number(s, p->id);
		sheet_text(s, p->who);
		sheet_text(s, p->deal);
		sheet_text(s, p->account_name);
		sheet_text(s, p->owner);
		sheet_text(s, p->granted_by);
		sheet_number(s, p->granted_ms);
		sheet_number(s, p->until_ms);
		sheet_text_c(s, due ? why : NULL);
		sheet_number(s, p->told_ms);
		sheet_number(s, p->revoked_ms);
		sheet_text(s, p->revoked_by);
		sheet_text(s, p->why);
	}
	return rc;
}

const struct list_kind list_peeks = {LIST_COLUMNS(peek_columns),
	"nobody of a prospect has access to the private community", false, fill_peeks};

/* ---- values ---- */

static const struct sheet_column value_columns[] = {{"entry", "entry", SHEET_NUMBER, false},
	{"reference", "reference", SHEET_NUMBER, false}, {"name", "who", SHEET_TEXT, true},
	{"account", "account", SHEET_TEXT, true}, {"side", "was", SHEET_TEXT, false},
	{"what", "what", SHEET_TEXT, true}, {"worth", "worth", SHEET_NUMBER, false},
	{"currency", "", SHEET_TEXT, false}, {"at", "when", SHEET_TIME, false},
	{"until", "until", SHEET_TIME, false}, {"expired", NULL, SHEET_BOOL, false},
	{"by", "by", SHEET_TEXT, false}, {"undone", NULL, SHEET_TIME, false},
	{"undone_by", NULL, SHEET_TEXT, false}};

static const struct sheet_column sum_columns[] = {{"account", "account", SHEET_TEXT, true},
	{"currency", "currency", SHEET_TEXT, false}, {"entries", "entries", SHEET_NUMBER, false},
	{"asked", "asked", SHEET_NUMBER, false}, {"offered", "offered", SHEET_NUMBER, false},
	{"agreed", "agreed", SHEET_NUMBER, false}};

static int read_values(const struct reader *who, const struct list_filter *f, struct favour **v,
	size_t *n, struct hark_err *err)
{
	const struct favour_filter which = {
		.reference = f->reference, .account = f->account, .all = f->all};
	return store_favour_list(who->store, &which, who->arena, v, n, err);
}

static int fill_values(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct favour *v;
	size_t n;
	int rc = read_values(who, f, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		sheet_key(s, v[i].id);
		sheet_number(s, v[i].id);
		sheet_number(s, v[i].reference);
		sheet_text(s, v[i].person_name);
		sheet_text(s, v[i].account_name);
		sheet_text(s, v[i].side);
		sheet_text(s, v[i].what);
		sheet_number(s, v[i].cents != COUNT_NONE ? v[i].cents / 100 : SHEET_NONE);
		sheet_text(s, v[i].currency);
		sheet_number(s, v[i].at_ms);
		sheet_number(s, v[i].until_ms);
		sheet_number(s, v[i].until_ms != 0 && v[i].until_ms <= who->now_ms);
		sheet_text(s, v[i].actor);
		sheet_number(s, v[i].undone_ms);
		sheet_text(s, v[i].undone_by);
	}
	return rc;
}

static bool goes_with(const struct favour *a, const struct favour *b)
{
	return str_eq(a->account_name, b->account_name) && str_eq_nocase(a->currency, b->currency);
}

/* Whether an entry before it has its account and currency. */
static bool is_summed(const struct favour *v, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (goes_with(&v[k], &v[i])) {
			return true;
		}
	}
	return false;
}

/* What remains of a hash is a number of 42 bits, as long as any other key. */
#define KEY_SHIFT 22

/* Of what stands; what has no worth is counted and adds nothing. */
static void add_sum(struct sheet *s, const struct favour *v, size_t n, size_t first)
{
	static const char *const sides[] = {"asked", "offered", "agreed"};
	int64_t entries = 0, cents[3] = {0};
	for (size_t i = first; i < n; i++) {
		if (!goes_with(&v[first], &v[i])) {
			continue;
		}
		entries++;
		for (size_t k = 0; k < 3; k++) {
			bool counts = str_eq_c(v[i].side, sides[k]) && v[i].cents != COUNT_NONE;
			cents[k] += counts ? v[i].cents : 0;
		}
	}
	const struct str group[] = {v[first].account_name, v[first].currency};
	sheet_key(s, (int64_t)(hash128(group, 2).lo >> KEY_SHIFT) + 1);
	sheet_text(s, v[first].account_name);
	sheet_text(s, v[first].currency);
	sheet_number(s, entries);
	for (size_t k = 0; k < 3; k++) {
		sheet_number(s, cents[k] / 100);
	}
}

static int fill_sums(const struct reader *who, const struct list_filter *f, struct sheet *s,
	struct hark_err *err)
{
	struct favour *v;
	size_t n;
	int rc = read_values(who, f, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		if (!is_summed(v, i)) {
			add_sum(s, v, n, i);
		}
	}
	return rc;
}

#define NO_VALUES "nothing was asked, offered or agreed: hark references value"

const struct list_kind list_values = {LIST_COLUMNS(value_columns), NO_VALUES, false, fill_values};
const struct list_kind list_value_sums = {LIST_COLUMNS(sum_columns), NO_VALUES, false, fill_sums};
