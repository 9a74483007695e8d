/* DESIGN: a part is a slice of the mail; nothing is copied until the two parts that are wanted, the first plain
 * text and the first HTML, are decoded. Each level of multipart reads its lines once, so time is at most
 * MAIL_DEPTH_MAX times the size. */
#include "connectors/parse/mail.h"

#include "connectors/parse/base64.h"
#include "connectors/parse/charset.h"
#include "connectors/parse/date.h"
#include "connectors/parse/mail_code.h"
#include "connectors/parse/uri.h"

#define HEADERS_MAX 2000 /* of a part; what is more is not looked at */
#define VALUE_MAX 32768  /* of a header; the rest is left out */
#define ID_MAX 998       /* a line of a mail, RFC 5322 */
#define BOUNDARY_MAX 200 /* 70 by the book */
#define ARENA_TEXTS_MAX (4u * MAIL_TEXT_MAX)

struct part {
	struct str type;        /* "text/plain" as written */
	struct str type_header; /* all of Content-Type, for its parameters */
	struct str encoding, disposition;
	struct str body;
};

struct reading {
	struct mail *mail;
	struct arena *arena;
	int parts;
	int rc;                  /* HARK_ENOMEM: some of it is missing for lack of memory */
	struct part plain, html; /* body.p NULL: not met yet */
};

/* Releases a buffer, and notes whether it could not hold what it should for lack of memory. */
static void done_with(struct reading *r, struct buf *b)
{
	r->rc = b->rc == HARK_ENOMEM ? HARK_ENOMEM : r->rc;
	buf_release(b);
}

static void damage(struct reading *r, const char *what)
{
	if (r->mail->damage == NULL) {
		r->mail->damage = what;
	}
}

/* --- lines and headers --- */

/* Cuts the first line off, with its end. */
static struct str take_line(struct str *rest)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	struct str line = end != NULL ? str_n(rest->p, (size_t)(end - rest->p) + 1) : *rest;
	*rest = str_n(rest->p + line.n, rest->n - line.n);
	return line;
}

static bool is_blank(struct str line)
{
	return str_trim(line).n == 0;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
			c != '-' && c != '_' && c != '.') {
			return false;
		}
	}
	return s.n > 0;
}

/* The next header off `*rest`, with the lines it is folded over. False: the head has ended, and its empty line is
 * off too. A line that is no header is passed over. */
static bool next_header(struct str *rest, struct str *name, struct str *value, bool *strange)
{
	while (rest->n > 0) {
		struct str line = take_line(rest);
		if (is_blank(line)) {
			return false;
		}
		while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
			line.n += take_line(rest).n;
		}
		const char *colon = memchr(line.p, ':', line.n);
		size_t n = colon != NULL ? (size_t)(colon - line.p) : 0;
		if (is_name(str_n(line.p, n))) {
			*name = str_n(line.p, n);
			*value = str_trim(str_n(colon + 1, line.n - n - 1));
			value->n = value->n < VALUE_MAX ? value->n : VALUE_MAX;
			return true;
		}
		*strange = true;
	}
	return false;
}

/* --- what the head says --- */

static struct str keep_words(struct reading *r, struct str value)
{
	struct buf out;
	buf_init(&out, 4 * VALUE_MAX);
	mail_words(value, &out);
	struct str kept = out.n > 0 ? arena_str(r->arena, buf_str(&out)) : STR_NONE;
	done_with(r, &out);
	return kept;
}

/* "<id@host>", or the first of a list of such. */
static struct str keep_id(struct reading *r, struct str value)
{
	size_t open = value.n > 0 ? str_find(value, STR("<")) : SIZE_MAX;
	if (open != SIZE_MAX) {
		value = str_n(value.p + open + 1, value.n - open - 1);
	}
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '>' || (unsigned char)value.p[i] <= ' ') {
			value.n = i;
		}
	}
	return value.n > 0 && value.n <= ID_MAX ? arena_str(r->arena, value) : STR_NONE;
}

/* Without quotes and comments, both of which may hold anything. `*comment`: the first, NULL: not wanted. */
static void strip(struct str value, struct buf *out, struct buf *comment)
{
	size_t depth = 0;
	bool quoted = false, is_first = true;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		struct buf *to = depth == 0 ? out : is_first ? comment : NULL;
		if (c == '\\' && (quoted || depth > 0) && i + 1 < value.n) {
			c = value.p[++i];
		} else if (c == '"' && depth == 0) {
			quoted = !quoted;
			continue;
		} else if (c == '(' && !quoted) {
			depth++;
			continue;
		} else if (c == ')' && depth > 0) {
			depth--;
			is_first = is_first && depth > 0;
			continue;
		}
		if (to != NULL) {
			buf_add_char(to, c);
		}
	}
}

/* "Ana Ro <ana@example.com>", "ana@example.com (Ana Ro)", "ana@example.com", the first of several. */
static void read_from(struct reading *r, struct str value)
{
	struct buf plain, comment;
	buf_init(&plain, VALUE_MAX);
	buf_init(&comment, VALUE_MAX);
	size_t open = SIZE_MAX, close = SIZE_MAX;
	bool quoted = false;
	for (size_t i = 0; i < value.n && close == SIZE_MAX; i++) {
		char c = value.p[i];
		i += c == '\\' && i + 1 < value.n;
		quoted = c == '"' ? !quoted : quoted;
		open = c == '<' && !quoted && open == SIZE_MAX ? i : open;
		close = c == '>' && open != SIZE_MAX ? i : close;
	}
	if (close != SIZE_MAX) {
		struct str address = str_trim(str_n(value.p + open + 1, close - open - 1));
		strip(str_n(value.p, open), &plain, NULL);
		r->mail->from_address = arena_str(r->arena, address);
		r->mail->from_name = keep_words(r, buf_str(&plain));
	} else {
		strip(value, &plain, &comment);
		struct str rest = buf_str(&plain), address = STR_NONE;
		str_split(&rest, ',', &address);
		r->mail->from_address = arena_str(r->arena, str_trim(address));
		r->mail->from_name = keep_words(r, buf_str(&comment));
	}
	done_with(r, &plain);
	done_with(r, &comment);
}

static bool read_if(struct str name, const char *wanted, struct str *to, struct str value)
{
	bool is_it = str_eq_nocase(name, str_c(wanted));
	if (is_it && to->p == NULL) {
		*to = value; /* of several the first counts */
	}
	return is_it;
}

struct head {
	struct str id, subject, from, date, in_reply_to, references, archived_at;
};

static void keep_head(struct reading *r, const struct head *h)
{
	struct mail *m = r->mail;
	int64_t sent;
	m->id = keep_id(r, h->id);
	m->in_reply_to = keep_id(r, h->in_reply_to);
	m->thread = keep_id(r, h->references);
	m->thread = m->thread.p != NULL ? m->thread : m->in_reply_to;
	m->subject = keep_words(r, h->subject);
	if (h->from.n > 0) {
		read_from(r, h->from);
	}
	if (h->date.n > 0 && date_parse(h->date, &sent)) {
		m->sent_ms = sent;
	}
	struct str archived = keep_id(r, h->archived_at);
	m->archived_at = archived.p != NULL && uri_is_web(archived) ? archived : STR_NONE;
}

/* Reads the head of a mail or of a part. `head`: NULL for a part. Returns how many headers it has. */
static size_t read_head(struct reading *r, struct str *rest, struct part *part, struct head *head)
{
	struct head none;
	struct head *h = head != NULL ? head : &none;
	struct str name, value;
	bool strange = false;
	size_t n = 0;
	none = (struct head){0};
	while (next_header(rest, &name, &value, &strange)) {
		if (++n > HEADERS_MAX) {
			damage(r, "it has more headers than are read");
			continue;
		}
		if (read_if(name, "content-type", &part->type_header, value) ||
			read_if(name, "content-transfer-encoding", &part->encoding, value) ||
			read_if(name, "content-disposition", &part->disposition, value) ||
			read_if(name, "message-id", &h->id, value) ||
			read_if(name, "subject", &h->subject, value) ||
			read_if(name, "from", &h->from, value) ||
			read_if(name, "date", &h->date, value) ||
			read_if(name, "in-reply-to", &h->in_reply_to, value) ||
			read_if(name, "references", &h->references, value) ||
			read_if(name, "archived-at", &h->archived_at, value)) {
			continue;
		}
	}
	if (strange && head != NULL) {
		damage(r, "a line of its head is no header");
	}
	part->body = *rest;
	struct str type = part->type_header;
	str_split(&type, ';', &part->type);
	part->type = str_trim(part->type);
	return n;
}

/* --- parts --- */

static bool is_type(const struct part *p, const char *type)
{
	return str_starts_nocase(p->type, str_c(type));
}

static bool says(struct str value, const char *word)
{
	struct str first = STR_NONE;
	str_split(&value, ';', &first);
	return str_eq_nocase(str_trim(first), str_c(word));
}

static void walk(struct reading *r, struct part *p, bool in_digest, unsigned depth);

/* The line "--boundary" or "--boundary--", with blanks behind it. */
static bool is_delimiter(struct str line, struct str boundary, bool *is_last)
{
	if (line.n < boundary.n + 2 || line.p[0] != '-' || line.p[1] != '-' ||
		memcmp(line.p + 2, boundary.p, boundary.n) != 0) {
		return false;
	}
	struct str tail = str_trim(str_n(line.p + 2 + boundary.n, line.n - 2 - boundary.n));
	*is_last = str_eq(tail, STR("--"));
	return tail.n == 0 || *is_last;
}

static void read_part(struct reading *r, struct str bytes, bool in_digest, unsigned depth)
{
	struct part part = {.type = STR_NONE};
	read_head(r, &bytes, &part, NULL);
	walk(r, &part, in_digest, depth);
}

static void read_parts(struct reading *r, const struct part *p, struct str boundary, unsigned depth)
{
	bool in_digest = is_type(p, "multipart/digest"), is_last = false;
	struct str rest = p->body;
	const char *start = NULL;
	while (rest.n > 0 && !is_last) {
		struct str line = take_line(&rest);
		if (!is_delimiter(line, boundary, &is_last)) {
			continue;
		}
		if (start != NULL) {
			read_part(r, str_n(start, (size_t)(line.p - start)), in_digest, depth + 1);
		}
		start = line.p + line.n;
		if (r->parts > MAIL_PARTS_MAX) {
			return;
		}
	}
	if (!is_last && start != NULL && start < p->body.p + p->body.n) {
		read_part(r, str_n(start, (size_t)(p->body.p + p->body.n - start)), in_digest,
			depth + 1);
	}
	if (!is_last) {
		damage(r, "a part of it has no end");
	}
}

static void take_text(struct reading *r, const struct part *p)
{
	bool is_html = is_type(p, "text/html");
	struct part *to = is_html ? &r->html : &r->plain;
	bool wanted = is_html || p->type.n == 0 || is_type(p, "text/");
	if (wanted && to->body.p == NULL && !says(p->disposition, "attachment") &&
		!is_blank(p->body)) {
		*to = *p;
	}
}

static void walk(struct reading *r, struct part *p, bool in_digest, unsigned depth)
{
	struct buf boundary;
	if (++r->parts > MAIL_PARTS_MAX || depth > MAIL_DEPTH_MAX) {
		damage(r, depth > MAIL_DEPTH_MAX
				  ? "its parts lie deeper in one another than is read"
				  : "it has more parts than are read");
		return;
	}
	buf_init(&boundary, BOUNDARY_MAX);
	bool is_mail = is_type(p, "message/rfc822") || (in_digest && p->type.n == 0);
	if (is_type(p, "multipart/") &&
		(!mail_parameter(p->type_header, STR("boundary"), &boundary) || boundary.n == 0 ||
			boundary.rc != HARK_OK)) {
		damage(r, "it has parts and does not say where they begin");
		p->type = STR_NONE;
	}
	if (boundary.n > 0) {
		read_parts(r, p, buf_str(&boundary), depth);
	} else if (is_mail && !says(p->disposition, "attachment")) {
		read_part(r, p->body, false, depth + 1);
	} else {
		take_text(r, p);
	}
	done_with(r, &boundary);
}

/* --- texts --- */

static struct str decode(struct reading *r, const struct part *p, struct buf *room)
{
	bool good = true;
	if (says(p->encoding, "base64")) {
		good = base64_read(p->body, room);
	} else if (says(p->encoding, "quoted-printable")) {
		good = mail_quoted_printable(p->body, room);
	} else {
		return str_n(p->body.p, p->body.n < MAIL_TEXT_MAX ? p->body.n : MAIL_TEXT_MAX);
	}
	if (!good) {
		damage(r, "the encoding of its text is damaged");
	}
	return buf_str(room);
}

/* The text of a part in UTF-8; it lives in one of the buffers or in the mail. */
static int part_text(struct reading *r, const struct part *p, struct buf *raw, struct buf *room,
	struct str *text)
{
	struct buf said;
	struct charset used;
	buf_init(&said, 100);
	mail_parameter(p->type_header, STR("charset"), &said);
	int rc = charset_decode(
		decode(r, p, raw), said.n > 0 ? buf_c(&said) : NULL, room, text, &used, NULL);
	done_with(r, &said);
	return raw->rc == HARK_ENOMEM ? HARK_ENOMEM : rc;
}

static bool has_parameter(
	struct reading *r, const struct part *p, const char *name, const char *value)
{
	struct buf said;
	buf_init(&said, 100);
	bool has = mail_parameter(p->type_header, str_c(name), &said) &&
		   str_eq_nocase(buf_str(&said), str_c(value));
	done_with(r, &said);
	return has;
}

static int keep_plain(struct reading *r)
{
	struct buf raw, room, flowed;
	struct str text = STR_NONE;
	buf_init(&raw, MAIL_TEXT_MAX);
	buf_init(&room, ARENA_TEXTS_MAX);
	buf_init(&flowed, ARENA_TEXTS_MAX + 2);
	int rc = part_text(r, &r->plain, &raw, &room, &text);
	if (rc == HARK_OK && has_parameter(r, &r->plain, "format", "flowed")) {
		mail_unflow(text, has_parameter(r, &r->plain, "delsp", "yes"), &flowed);
		rc = flowed.rc;
		text = buf_str(&flowed);
	}
	text = str_trim(text);
	r->mail->text = rc == HARK_OK && text.n > 0 ? arena_str(r->arena, text) : STR_NONE;
	done_with(r, &raw);
	done_with(r, &room);
	done_with(r, &flowed);
	return rc;
}

/* Its text is wanted where there is no plain one, its links in any case. */
static int keep_html(struct reading *r)
{
	struct buf raw, room, out;
	struct str html = STR_NONE;
	buf_init(&raw, MAIL_TEXT_MAX);
	buf_init(&room, ARENA_TEXTS_MAX);
	int rc = part_text(r, &r->html, &raw, &room, &html);
	buf_init(&out, 2 * html.n + 64);
	if (rc == HARK_OK) {
		r->mail->html = arena_str(r->arena, html);
		rc = html_to_text(html, STR_NONE, 0, &out, &r->mail->links);
	}
	if (rc == HARK_OK && r->mail->text.n == 0 && out.n > 0) {
		r->mail->text = arena_str(r->arena, buf_str(&out));
	}
	done_with(r, &raw);
	done_with(r, &room);
	done_with(r, &out);
	return rc;
}

/* What a mailbox file has before a mail, and what editors put before a text. */
static struct str without_preamble(struct str bytes)
{
	if (str_starts(bytes, STR("\xef\xbb\xbf"))) {
		bytes = str_n(bytes.p + 3, bytes.n - 3);
	}
	while (bytes.n > 0 && (bytes.p[0] == '\n' || bytes.p[0] == '\r')) {
		bytes = str_n(bytes.p + 1, bytes.n - 1);
	}
	if (str_starts(bytes, STR("From "))) {
		take_line(&bytes);
	}
	return bytes;
}

int mail_read(struct mail *out, struct str bytes, struct arena *arena, struct hark_err *err)
{
	struct reading r = {.mail = out, .arena = arena};
	struct part whole = {.type = STR_NONE};
	struct head head = {0};
	*out = (struct mail){.links.arena = arena};
	bytes = without_preamble(bytes);
	if (read_head(&r, &bytes, &whole, &head) == 0) {
		return hark_err_set(err, HARK_EPARSE, "this is no mail: it has no headers");
	}
	keep_head(&r, &head);
	walk(&r, &whole, false, 0);
	int rc = r.plain.body.p != NULL ? keep_plain(&r) : HARK_OK;
	if (rc == HARK_OK && r.html.body.p != NULL) {
		rc = keep_html(&r);
	}
	rc = rc != HARK_OK ? rc : r.rc != HARK_OK ? r.rc : arena->rc;
	return rc == HARK_OK
		       ? rc
		       : hark_err_set(err, rc, "no memory to read a mail of %zu bytes", bytes.n);
}
