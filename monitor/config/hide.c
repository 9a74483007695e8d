/* Findings show the line they are about, and a line of a configuration may hold a secret that does
 * not belong there: `secret: whsec_…` is itself one of the mistakes people make. So a line is shown
 * only if neither it nor the line it hangs under names a secret, and if it holds no URL with a
 * password. */
#include "monitor/config/load.h"

#include <stdlib.h>

bool secrets_named(struct str text)
{
	static const char *const words[] = {"secret", "token", "passw", "passphrase", "pwd",
		"api-key", "api_key", "apikey", "credential", "private-key", "private_key"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);
		for (size_t at = 0; at + n <= text.n; at++) {
			if (str_eq_nocase(str_n(text.p + at, n), str_c(words[i]))) {
				return true;
			}
		}
	}
	return false;
}

static size_t indent_of(struct str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ') {
		n++;
	}
	return n;
}

/* `lines[at]` or its parent, which is the nearest line above that starts further left. */
static bool may_hold_secret(const struct str *lines, size_t at)
{
	struct str line = lines[at];
	size_t indent = indent_of(line);
	bool has_password =
		str_find(line, STR("://")) != SIZE_MAX && str_find(line, STR("@")) != SIZE_MAX;
	if (has_password || secrets_named(line)) {
		return true;
	}
	while (at-- > 0) {
		if (indent_of(lines[at]) < indent && indent_of(lines[at]) < lines[at].n) {
			return secrets_named(lines[at]);
		}
	}
	return false;
}

/* An owned array, NULL without memory. */
static struct str *split_lines(struct str text, size_t *n)
{
	struct str rest = text;
	size_t cap = 1;
	for (size_t i = 0; i < text.n; i++) {
		cap += text.p[i] == '\n';
	}
	struct str *lines = calloc(cap, sizeof(*lines));
	*n = 0;
	while (lines != NULL && *n < cap && str_split(&rest, '\n', &lines[*n])) {
		(*n)++;
	}
	return lines;
}

void secrets_hide(struct diags *d, const char *file, struct str text)
{
	size_t n = 0;
	struct str *lines = split_lines(text, &n);
	for (size_t i = 0; i < d->n; i++) {
		unsigned line = d->v[i].at.line;
		if (d->v[i].source == NULL || strcmp(d->v[i].at.file, file) != 0) {
			continue;
		}
		if (lines == NULL || line == 0 || line > n || may_hold_secret(lines, line - 1)) {
			d->v[i].source = NULL;
		}
	}
	free(lines);
}
