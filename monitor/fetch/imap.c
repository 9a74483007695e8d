#include "monitor/fetch/imap.h"

#include "monitor/fetch/imap_folder.h"
#include "monitor/fetch/imap_refusal.h"

#include <stdio.h>
#include <stdlib.h>

#define READ_BYTES 16384
#define NOISE_MAX \
	(8u << 20)   /* what an answer says beside mails: some 700,000 numbers of new ones */
#define SAID_MAX 160 /* of a sentence of the peer */
#define LOST_MAX 20  /* that are told one by one */

enum phase {
	PHASE_OPEN,   /* EXAMINE */
	PHASE_SEARCH, /* which mails there are */
	PHASE_SIZES,
	PHASE_MAILS,  /* all that fit, at once */
	PHASE_SINGLE, /* those that did not come, one by one */
	PHASE_DONE,
};

struct mail_at {
	uint32_t uid;
	size_t size; /* as the server says; 0: it does not */
	size_t at, bytes;
	bool here, lost;
	char received[40], why[SAID_MAX];
};

struct imap {
	struct imap_io io;
	struct imap_ask ask; /* its texts live in `folder` and `since` */
	struct buf folder;   /* as it is spelled in commands */
	char since[16];

	struct buf out; /* to be written */
	size_t out_at;
	struct buf line;    /* the answer under way, without its literals */
	size_t fragment_at; /* where it goes on behind the last of them */
	size_t literal;     /* bytes of one still to come */
	bool literal_is_mail;
	size_t noise; /* bytes that were no mail, since the last command */

	enum phase phase;
	unsigned command;
	uint32_t validity, next; /* as the folder says; 0: it does not */
	bool anew;               /* there is no place, or it is not one of this folder */
	uint32_t *found;
	size_t found_n, found_cap;
	struct mail_at mails[IMAP_MAILS_MAX];
	size_t mails_n, single;
	size_t body_at; /* where the mail under way begins */
	bool body_came;
	struct buf *body; /* borrowed for a step */
};

/* --- setting up --- */

/* "1-Feb-2026": nothing that could end a command. */
static bool is_day(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
			c != '-') {
			return false;
		}
	}
	return s.n >= 10 && s.n <= 11;
}

static void say(struct imap *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int imap_new(struct imap **out, const struct imap_io *io, const struct imap_ask *ask,
	struct hark_err *err)
{
	if (ask->folder.n == 0 || ask->folder.n > IMAP_FOLDER_MAX || !is_day(ask->since) ||
		ask->mails == 0 || ask->mails > IMAP_MAILS_MAX || ask->mail_max == 0) {
		return hark_err_set(err, HARK_EINVAL,
			"a mailbox is asked for up to 500 mails of a folder, since a day");
	}
	struct imap *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a mailbox");
	}
	m->io = *io;
	m->ask = *ask;
	memcpy(m->since, ask->since.p, ask->since.n);
	buf_init(&m->folder, 8 * IMAP_FOLDER_MAX);
	buf_init(&m->out, 64 * 1024);
	buf_init(&m->line, NOISE_MAX);
	if (!imap_folder(ask->folder, &m->folder)) {
		imap_free(m);
		return hark_err_set(err, HARK_EINVAL, "the folder's name cannot be sent");
	}
	say(m, "EXAMINE %s", buf_c(&m->folder));
	*out = m;
	return HARK_OK;
}

void imap_free(struct imap *m)
{
	if (m != NULL) {
		buf_release(&m->folder);
		buf_release(&m->out);
		buf_release(&m->line);
		free(m->found);
		free(m);
	}
}

/* --- commands --- */

static void say(struct imap *m, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	m->noise = 0;
	buf_printf(&m->out, "h%u ", ++m->command);
	buf_vprintf(&m->out, fmt, ap);
	buf_add_c(&m->out, "\r\n");
	va_end(ap);
}

/* "3,5:7" of the first `n` mails, which are in order. */
static void add_set(const struct imap *m, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n;) {
		size_t last = i;
		while (last + 1 < n && m->mails[last + 1].uid == m->mails[last].uid + 1) {
			last++;
		}
		buf_printf(out, "%s%u", i > 0 ? "," : "", m->mails[i].uid);
		if (last > i) {
			buf_printf(out, ":%u", m->mails[last].uid);
		}
		i = last + 1;
	}
}

static void finish(struct imap *m)
{
	m->phase = PHASE_DONE;
	say(m, "LOGOUT"); /* its answer is not waited for */
}

static void search(struct imap *m)
{
	m->phase = PHASE_SEARCH;
	/* A next mail before the last one read: restored from an old copy, whatever its UIDVALIDITY says. */
	m->anew = m->ask.validity != m->validity || m->next <= m->ask.after;
	if (m->anew) {
		say(m, "UID SEARCH SINCE %s", m->since);
	} else if (m->next == m->ask.after + 1) {
		finish(m); /* nothing has come */
	} else {
		say(m, "UID SEARCH UID %u:*", m->ask.after + 1);
	}
}

static void ask_sizes(struct imap *m)
{
	struct buf set;
	buf_init(&set, 16 * IMAP_MAILS_MAX);
	m->phase = PHASE_SIZES;
	add_set(m, m->mails_n, &set);
	say(m, "UID FETCH %s (UID RFC822.SIZE)", buf_c(&set));
	buf_release(&set);
}

static void ask_mails(struct imap *m, const char *set)
{
	say(m, "UID FETCH %s (UID INTERNALDATE BODY.PEEK[]<0.%zu>)", set, m->ask.mail_max);
}

/* Of those, as many as there is room for. */
static void ask_all(struct imap *m)
{
	struct buf set;
	size_t n = 0, room = m->body->max - m->body->n;
	for (size_t all = 0; n < m->mails_n; n++) {
		size_t size = m->mails[n].size;
		all += size == 0 || size > m->ask.mail_max ? m->ask.mail_max : size;
		if (n > 0 && all > room) {
			break;
		}
	}
	m->mails_n = n;
	m->phase = PHASE_MAILS;
	buf_init(&set, 16 * IMAP_MAILS_MAX);
	add_set(m, n, &set);
	ask_mails(m, buf_c(&set));
	buf_release(&set);
}

/* Those that the first command did not bring, one by one. */
static void ask_single(struct imap *m)
{
	char set[16];
	m->phase = PHASE_SINGLE;
	while (m->single < m->mails_n && (m->mails[m->single].here || m->mails[m->single].lost)) {
		m->single++;
	}
	if (m->single == m->mails_n) {
		finish(m);
		return;
	}
	snprintf(set, sizeof(set), "%u", m->mails[m->single].uid);
	ask_mails(m, set);
}

/* --- what is answered --- */

static bool take_word(struct str *rest, struct str word)
{
	if (!str_starts_nocase(*rest, word)) {
		return false;
	}
	*rest = str_n(rest->p + word.n, rest->n - word.n);
	return true;
}

/* A number at the beginning, all of it; one that is larger than any becomes the largest. */
static bool take_number(struct str *rest, uint64_t *out)
{
	size_t i = 0;
	*out = 0;
	for (; i < rest->n && rest->p[i] >= '0' && rest->p[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(rest->p[i] - '0');
		*out = *out > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *out * 10 + digit;
	}
	*rest = str_n(rest->p + i, rest->n - i);
	return i > 0;
}

static uint32_t number_behind(struct str s, struct str word)
{
	uint64_t n;
	size_t at = str_find(s, word);
	struct str rest = at != SIZE_MAX ? str_n(s.p + at + word.n, s.n - at - word.n) : STR_NONE;
	return at != SIZE_MAX && take_number(&rest, &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
}

/* What the peer says, for people: printable, and not too much. */
static const char *shown(struct str s, char out[SAID_MAX])
{
	size_t n = 0;
	s = str_cut_utf8(str_trim(s), SAID_MAX - 1);
	for (size_t i = 0; i < s.n; i++) {
		out[n++] = (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i];
	}
	out[n] = '\0';
	return out;
}

/* What is no list of mails must not pass for one that is short: the place would move on behind them. A server that
 * counts changes adds "(MODSEQ 12)". */
static int take_found(struct imap *m, struct str rest, struct hark_err *err)
{
	char text[SAID_MAX];
	uint64_t uid;
	for (rest = str_trim(rest); rest.n > 0 && rest.p[0] != '('; rest = str_trim(rest)) {
		struct str before = rest;
		bool is_uid = take_number(&rest, &uid) && uid > 0 && uid <= UINT32_MAX &&
			      (rest.n == 0 || rest.p[0] == ' ');
		if (!is_uid) {
			return hark_err_set(err, HARK_EPARSE,
				"the server answers a search with what is no number of a mail: %s",
				shown(before, text));
		}
		if (!m->anew && uid <= m->ask.after) {
			continue; /* "n:*" always finds the last mail */
		}
		if (m->found_n == m->found_cap) {
			size_t cap = m->found_cap < 64 ? 64 : 2 * m->found_cap;
			uint32_t *grown = realloc(m->found, cap * sizeof(*grown));
			if (grown == NULL) {
				return hark_err_set(
					err, HARK_ENOMEM, "no memory for so many mails");
			}
			m->found = grown;
			m->found_cap = cap;
		}
		m->found[m->found_n++] = (uint32_t)uid;
	}
	return HARK_OK;
}

static struct mail_at *mail_of(struct imap *m, uint32_t uid)
{
	for (size_t i = 0; i < m->mails_n; i++) {
		if (m->mails[i].uid == uid) {
			return &m->mails[i];
		}
	}
	return NULL;
}

static void note_received(struct mail_at *mail, struct str line)
{
	size_t at = str_find(line, STR("INTERNALDATE \""));
	if (at != SIZE_MAX) {
		struct str date = str_n(line.p + at + 14, line.n - at - 14), value;
		str_split(&date, '"', &value);
		if (value.n < sizeof(mail->received)) {
			memcpy(mail->received, value.p, value.n);
			mail->received[value.n] = '\0';
		}
	}
}

/* "* 12 FETCH (UID 103 INTERNALDATE "..." BODY[]<0> {1180}" and so on, its literal already in the body. */
static void take_fetched(struct imap *m, struct str line)
{
	struct mail_at *mail = mail_of(m, number_behind(line, STR("UID ")));
	bool is_asked = m->phase == PHASE_MAILS || m->phase == PHASE_SINGLE;
	if (mail != NULL && m->phase == PHASE_SIZES) {
		mail->size = number_behind(line, STR("RFC822.SIZE "));
	}
	if (mail != NULL && is_asked && m->body_came && !mail->here) {
		mail->here = true;
		mail->at = m->body_at;
		mail->bytes = m->body->n - m->body_at;
		note_received(mail, line);
	} else if (m->body_came) {
		buf_cut(m->body, m->body_at); /* nobody asked for it, or it came before */
	}
	m->body_came = false;
}

static int take_untagged(struct imap *m, struct str line, struct hark_err *err)
{
	char text[SAID_MAX];
	struct str rest = line;
	uint64_t n;
	if (take_word(&rest, STR("BYE"))) {
		return hark_err_set(err, HARK_ENET, "the server ends it: %s", shown(rest, text));
	}
	if (take_word(&rest, STR("OK ")) && m->phase == PHASE_OPEN) {
		uint32_t validity = number_behind(rest, STR("[UIDVALIDITY "));
		uint32_t next = number_behind(rest, STR("[UIDNEXT "));
		m->validity = validity != 0 ? validity : m->validity;
		m->next = next != 0 ? next : m->next;
	} else if (m->phase == PHASE_SEARCH && take_word(&rest, STR("SEARCH"))) {
		return take_found(m, rest, err);
	} else if (take_number(&rest, &n) && take_word(&rest, STR(" FETCH "))) {
		take_fetched(m, rest);
	}
	return HARK_OK;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* In order, each once; the first of them become what is asked for. */
static void begin_mails(struct imap *m)
{
	size_t n = 0;
	if (m->found_n > 0) {
		qsort(m->found, m->found_n, sizeof(*m->found), by_number);
	}
	for (size_t i = 0; i < m->found_n; i++) {
		if (n == 0 || m->found[i] != m->found[n - 1]) {
			m->found[n++] = m->found[i];
		}
	}
	m->found_n = n;
	m->mails_n = n < m->ask.mails ? n : m->ask.mails;
	for (size_t i = 0; i < m->mails_n; i++) {
		m->mails[i].uid = m->found[i];
	}
	if (m->mails_n > 0) {
		ask_sizes(m);
	} else {
		finish(m);
	}
}

static enum imap_state no_folder(struct str said, struct hark_err *err)
{
	char text[SAID_MAX];
	hark_err_set(err, HARK_ENOENT, "%s", shown(said, text));
	return IMAP_NO_FOLDER;
}

static enum imap_state failed(struct hark_err *err, int rc, const char *sentence)
{
	hark_err_set(err, rc, "%s", sentence);
	return IMAP_FAILED;
}

/* The command is carried out. */
static enum imap_state go_on(struct imap *m, struct hark_err *err)
{
	switch (m->phase) {
	case PHASE_OPEN:
		if (m->validity == 0 || m->next == 0) {
			return failed(err, HARK_EPARSE,
				"the server gives the folder no UIDVALIDITY or UIDNEXT, so its "
				"mails cannot be told apart");
		}
		search(m);
		break;
	case PHASE_SEARCH:
		begin_mails(m);
		break;
	case PHASE_SIZES:
		ask_all(m);
		break;
	case PHASE_MAILS:
		ask_single(m);
		break;
	case PHASE_SINGLE:
		m->mails[m->single].lost = !m->mails[m->single].here; /* somebody has removed it */
		ask_single(m);
		break;
	case PHASE_DONE:
		break;
	}
	return m->out.rc == HARK_OK ? IMAP_WAITS : failed(err, m->out.rc, "no room for a command");
}

/* "OK …", "NO …", "BAD …" behind our tag. */
static enum imap_state take_result(struct imap *m, struct str line, struct hark_err *err)
{
	char text[SAID_MAX];
	struct str rest = line;
	if (take_word(&rest, STR("OK"))) {
		return go_on(m, err);
	}
	bool is_no = take_word(&rest, STR("NO"));
	rest = str_trim(rest);
	if (is_no && m->phase == PHASE_OPEN && !imap_is_passing(rest)) {
		return no_folder(rest, err);
	}
	if (is_no && !imap_is_passing(rest) &&
		(m->phase == PHASE_SIZES || m->phase == PHASE_MAILS)) {
		return go_on(m, err); /* one of them is bad: which, shows one by one */
	}
	if (is_no && !imap_is_passing(rest) && m->phase == PHASE_SINGLE) {
		struct mail_at *mail = &m->mails[m->single];
		mail->lost = !mail->here;
		shown(rest, mail->why);
		ask_single(m);
		return IMAP_WAITS;
	}
	hark_err_set(err, HARK_ENET, "the server does not do what it is asked for: %s",
		shown(line, text));
	return IMAP_FAILED;
}

/* A whole answer is in `line`. */
static enum imap_state take_answer(struct imap *m, struct hark_err *err)
{
	char tag[16];
	struct str line = buf_str(&m->line);
	snprintf(tag, sizeof(tag), "h%u ", m->command);
	if (take_word(&line, STR("* "))) {
		return take_untagged(m, line, err) == HARK_OK ? IMAP_WAITS : IMAP_FAILED;
	}
	return take_word(&line, str_c(tag)) ? take_result(m, line, err) : IMAP_WAITS;
}

/* --- bytes --- */

/* A line that ends in "{123}" goes on with so many bytes. */
static bool ends_in_literal(struct str line, uint64_t *bytes)
{
	size_t i = line.n;
	if (i < 3 || line.p[i - 1] != '}') {
		return false;
	}
	for (i -= 1; i > 0 && line.p[i - 1] >= '0' && line.p[i - 1] <= '9'; i--) {
	}
	struct str digits = str_n(line.p + i, line.n - i);
	return i > 0 && line.p[i - 1] == '{' && take_number(&digits, bytes) && digits.n == 1;
}

static bool ends_in_body(struct str line)
{
	size_t at = str_find(line, STR("BODY[]"));
	size_t brace = line.n;
	while (brace > 0 && line.p[brace - 1] != '{') {
		brace--;
	}
	struct str between = at != SIZE_MAX && at + 6 < brace
				     ? str_trim(str_n(line.p + at + 6, brace - 1 - at - 6))
				     : STR_NONE;
	return at != SIZE_MAX && (between.n == 0 || str_eq(between, STR("<0>")));
}

/* For a mail larger than was said: those before it are the answer, the others come the next time. Without one
 * before it, it is the first alone. */
static void make_room(struct imap *m)
{
	size_t n = 0;
	while (n < m->mails_n && (m->mails[n].here || m->mails[n].lost)) {
		n++;
	}
	if (n > 0) {
		m->mails_n = n;
		finish(m);
		return;
	}
	for (size_t i = 0; i < m->mails_n; i++) {
		m->mails[i].here = false;
	}
	m->mails_n = 1;
	buf_cut(m->body, 0);
}

static enum imap_state begin_literal(struct imap *m, uint64_t bytes, struct hark_err *err)
{
	bool is_asked = m->phase == PHASE_MAILS || m->phase == PHASE_SINGLE;
	m->literal_is_mail = is_asked && !m->body_came && ends_in_body(buf_str(&m->line));
	if (bytes > (m->literal_is_mail ? m->ask.mail_max : NOISE_MAX)) {
		return failed(err, HARK_EPARSE, "the server sends more than it is asked for");
	}
	if (m->literal_is_mail && bytes > m->body->max - m->body->n) {
		make_room(m);
	}
	if (m->literal_is_mail) {
		m->body_at = m->body->n;
		m->body_came = true;
	}
	m->literal = (size_t)bytes;
	return IMAP_WAITS;
}

/* A line has ended; the answer goes on behind a literal. */
static enum imap_state take_line(struct imap *m, struct hark_err *err)
{
	uint64_t bytes;
	if (m->line.n > m->fragment_at && m->line.p[m->line.n - 1] == '\r') {
		buf_cut(&m->line, m->line.n - 1);
	}
	struct str fragment = str_n(buf_c(&m->line) + m->fragment_at, m->line.n - m->fragment_at);
	if (ends_in_literal(fragment, &bytes)) {
		enum imap_state state = begin_literal(m, bytes, err);
		m->fragment_at = m->line.n;
		return state;
	}
	enum imap_state state = take_answer(m, err);
	buf_clear(&m->line);
	m->fragment_at = 0;
	if (m->body_came) {
		buf_cut(m->body, m->body_at); /* a literal outside of a FETCH */
		m->body_came = false;
	}
	return state;
}

static enum imap_state take_literal(struct imap *m, struct str bytes, struct hark_err *err)
{
	m->literal -= bytes.n;
	if (m->literal_is_mail) {
		return buf_add_str(m->body, bytes) == HARK_OK
			       ? IMAP_WAITS
			       : failed(err, m->body->rc, "its mails are larger than it said");
	}
	m->noise += bytes.n;
	return IMAP_WAITS;
}

/* A piece of a line, perhaps its end. */
static enum imap_state take_piece(
	struct imap *m, struct str bytes, bool is_end, struct hark_err *err)
{
	m->noise += bytes.n + is_end;
	if (m->noise > NOISE_MAX || buf_add_str(&m->line, bytes) != HARK_OK) {
		return failed(err, m->line.rc != HARK_OK ? m->line.rc : HARK_ELIMIT,
			"the server says more than is read of it");
	}
	return is_end ? take_line(m, err) : IMAP_WAITS;
}

/* What has been read; a line or a literal may be cut anywhere. */
static enum imap_state understand(struct imap *m, struct str in, struct hark_err *err)
{
	enum imap_state state = IMAP_WAITS;
	while (state == IMAP_WAITS && in.n > 0 && m->phase != PHASE_DONE) {
		struct str piece = str_n(in.p, in.n < m->literal ? in.n : m->literal);
		if (m->literal > 0) {
			state = take_literal(m, piece, err);
			in = str_n(in.p + piece.n, in.n - piece.n);
			continue;
		}
		const char *end = memchr(in.p, '\n', in.n);
		piece.n = end != NULL ? (size_t)(end - in.p) : in.n;
		state = take_piece(m, piece, end != NULL, err);
		piece.n += end != NULL;
		in = str_n(in.p + piece.n, in.n - piece.n);
	}
	return state;
}

static enum imap_state write_some(struct imap *m, struct hark_err *err)
{
	while (m->out_at < m->out.n) {
		ssize_t n = m->io.write(m->io.ctx, m->out.p + m->out_at, m->out.n - m->out_at);
		if (n < 0) {
			return failed(err, HARK_ENET, "the server has closed the connection");
		}
		if (n == 0) {
			return IMAP_WAITS;
		}
		m->out_at += (size_t)n;
	}
	buf_clear(&m->out);
	m->out_at = 0;
	return IMAP_WAITS;
}

static enum imap_state read_some(struct imap *m, struct hark_err *err)
{
	char bytes[READ_BYTES];
	enum imap_state state = IMAP_WAITS;
	while (state == IMAP_WAITS && m->phase != PHASE_DONE) {
		ssize_t n = m->io.read(m->io.ctx, bytes, sizeof(bytes));
		if (n < 0) {
			return failed(err, HARK_ENET, "the server has closed the connection early");
		}
		if (n == 0) {
			return IMAP_WAITS;
		}
		state = understand(m, str_n(bytes, (size_t)n), err);
		if (state == IMAP_WAITS) {
			state = write_some(m, err);
		}
	}
	return state;
}

enum imap_state imap_step(struct imap *m, struct buf *body, struct hark_err *err)
{
	m->body = body;
	enum imap_state state = write_some(m, err);
	if (state == IMAP_WAITS) {
		state = read_some(m, err);
	}
	return state == IMAP_WAITS && m->phase == PHASE_DONE ? IMAP_DONE : state;
}

bool imap_wants_write(const struct imap *m)
{
	return m->out_at < m->out.n;
}

/* --- the answer --- */

static void add_header(struct buf *out, size_t *n, const char *name, const char *value)
{
	buf_add(out, name, strlen(name) + 1);
	buf_add(out, value, strlen(value) + 1);
	*n += out->rc == HARK_OK;
}

static void add_place(
	const struct imap *m, struct buf *out, size_t *n, const char *name, uint32_t uid)
{
	char text[40];
	snprintf(text, sizeof(text), "%u %u", m->validity, uid);
	add_header(out, n, name, text);
}

size_t imap_headers(const struct imap *m, struct buf *out)
{
	char text[SAID_MAX + 100];
	size_t n = 0, lost = 0, left = m->found_n - m->mails_n;
	for (size_t i = 0; i < m->mails_n; i++) {
		const struct mail_at *mail = &m->mails[i];
		if (mail->here) {
			snprintf(text, sizeof(text), "%u %zu %zu %zu %s", mail->uid, mail->at,
				mail->bytes, mail->size, mail->received);
			add_header(out, &n, "Mail", text);
		} else if (lost++ < LOST_MAX) {
			snprintf(text, sizeof(text), "%u %s", mail->uid, mail->why);
			add_header(out, &n, "Lost", text);
		}
	}
	/* What was there when the folder was opened has been looked at, whether it was found or not. */
	uint32_t all = m->next - 1, end = m->found_n > 0 ? m->found[m->found_n - 1] : 0;
	end = end > all ? end : all;
	add_place(m, out, &n, "End", end);
	add_place(m, out, &n, "Place", left > 0 ? m->mails[m->mails_n - 1].uid : end);
	snprintf(text, sizeof(text), "%zu", left);
	add_header(out, &n, "Left", text);
	return n;
}
