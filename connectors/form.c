#include "connectors/form.h"

#define FORM_BYTES_MAX (1u << 20)

static int find_var(struct blank *b, struct str name, const struct maker *m, struct hark_err *err)
{
	for (size_t i = 0; i < m->vars_n; i++) {
		if (str_eq_c(name, m->vars[i])) {
			b->var = i;
			/* Checked when they are set, and full of what would be encoded. */
			b->encoded = i < m->settings_n &&
				     (m->settings[i].type == HARK_SETTING_HOST ||
					     m->settings[i].type == HARK_SETTING_URL);
			return HARK_OK;
		}
	}
	return hark_err_set(err, HARK_EPARSE,
		"nothing fills the blank {%.*s}: it is neither under vars nor a value of the run",
		STR_FMT(str_cut_utf8(name, 60)));
}

static int read_steps(struct blank *b, struct str rest, struct maker *m, struct hark_err *err)
{
	struct str part;
	while (str_split(&rest, '|', &part)) {
		int rc = transform_add_text(&b->steps, m, part, err);
		if (rc != HARK_OK) {
			return rc;
		}
		const char *name = b->steps.v[b->steps.n - 1].kind->name;
		b->encoded |= strcmp(name, "enc") == 0 || strcmp(name, "pathenc") == 0 ||
			      strcmp(name, "raw") == 0;
	}
	return HARK_OK;
}

static int read_blank(struct blank *b, struct str inside, struct maker *m, struct hark_err *err)
{
	if (inside.n > 0 && inside.p[inside.n - 1] == '?') {
		b->optional = true;
		inside.n--;
	}
	size_t n = str_find(inside, STR("|"));
	struct str name = str_n(inside.p, n == SIZE_MAX ? inside.n : n);
	struct str steps = n == SIZE_MAX ? STR_NONE : str_n(inside.p + n + 1, inside.n - n - 1);
	int rc;
	if (name.n > 0 && (name.p[0] == '/' || name.p[0] == '$')) {
		b->is_pointer = true;
		rc = pointer_compile(&b->pointer, name, m->lookups, m->lookups_n, m->arena, err);
	} else {
		rc = find_var(b, name, m, err);
	}
	return rc == HARK_OK ? read_steps(b, steps, m, err) : rc;
}

/* Where the next blank begins; "{{" begins none. */
static size_t find_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '{' && i + 1 < s.n && s.p[i + 1] == '{') {
			i++;
		} else if (s.p[i] == '{') {
			return i;
		}
	}
	return SIZE_MAX;
}

/* "{{" and "}}" stand for one brace each. */
static struct str literal(struct str s, struct arena *arena)
{
	char *p = arena_alloc(arena, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p != NULL && i < s.n; i++) {
		bool twice =
			(s.p[i] == '{' || s.p[i] == '}') && i + 1 < s.n && s.p[i + 1] == s.p[i];
		p[n++] = s.p[i];
		i += twice;
	}
	return p != NULL ? str_n(p, n) : STR_NONE;
}

int form_compile(
	struct form *out, struct str text, enum form_use use, struct maker *m, struct hark_err *err)
{
	struct str rest = arena_str(m->arena, text);
	*out = (struct form){.use = use};
	for (;;) {
		size_t open = find_blank(rest);
		if (open == SIZE_MAX) {
			out->after = literal(rest, m->arena);
			return HARK_OK;
		}
		struct str behind = str_n(rest.p + open + 1, rest.n - open - 1);
		size_t close = str_find(behind, STR("}"));
		if (close == SIZE_MAX) {
			return hark_err_set(err, HARK_EPARSE, "a '{' without '}'");
		}
		struct blank *b = arena_grow(m->arena, out->blanks, out->n, &out->cap, sizeof(*b));
		if (b == NULL) {
			return hark_err_set(err, HARK_ENOMEM, "no memory");
		}
		out->blanks = b;
		b = &out->blanks[out->n++];
		*b = (struct blank){.before = literal(str_n(rest.p, open), m->arena)};
		int rc = read_blank(b, str_n(behind.p, close), m, err);
		if (rc != HARK_OK) {
			return rc;
		}
		rest = str_n(behind.p + close + 1, behind.n - close - 1);
	}
}

void form_encode(struct str text, struct buf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
		if (plain && c != '\0') {
			buf_add_char(out, (char)c);
		} else {
			const char code[] = {'%', hex[c >> 4], hex[c & 15]};
			buf_add(out, code, sizeof(code));
		}
	}
}

static enum form_result fill_blank(
	const struct form *f, const struct blank *b, struct work *w, struct buf *out)
{
	struct values vs = {.arena = w->arena};
	if (!b->is_pointer) {
		values_add_text(&vs, w->vars[b->var]);
	} else if (w->scope != NULL) {
		pointer_all(&b->pointer, w->scope, &vs);
	}
	transforms_run(&b->steps, w, &vs);
	struct str text = vs.n > 0 ? value_text(&vs.v[0], w->arena) : STR_NONE;
	if (text.n == 0) {
		return b->optional ? FORM_GAPS : FORM_LACKS;
	}
	if (f->use == FORM_TEXT || b->encoded) {
		buf_add_str(out, text);
	} else {
		form_encode(text, out);
	}
	return FORM_FULL;
}

/* What the definition writes itself is encoded in a query as well. */
static void add_literal(const struct form *f, struct str text, struct buf *out)
{
	if (f->use == FORM_QUERY) {
		form_encode(text, out);
	} else {
		buf_add_str(out, text);
	}
}

enum form_result form_fill(const struct form *f, struct work *w, struct buf *out)
{
	enum form_result worst = FORM_FULL;
	for (size_t i = 0; i < f->n && worst != FORM_LACKS; i++) {
		add_literal(f, f->blanks[i].before, out);
		enum form_result got = fill_blank(f, &f->blanks[i], w, out);
		worst = got < worst ? got : worst;
	}
	add_literal(f, f->after, out);
	return out->rc == HARK_OK ? worst : FORM_LACKS;
}

struct str form_text(const struct form *f, struct work *w)
{
	struct str text = STR_NONE;
	struct buf out;
	if (f->n == 0) {
		return f->after;
	}
	buf_init(&out, FORM_BYTES_MAX);
	if (form_fill(f, w, &out) != FORM_LACKS) {
		text = arena_str(w->arena, buf_str(&out));
	}
	buf_release(&out);
	return text;
}

bool form_asks(const struct form *f, size_t var)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!f->blanks[i].is_pointer && f->blanks[i].var == var) {
			return true;
		}
	}
	return false;
}
