#include "tests/fuzz/fuzz.h"

#include "connectors/employer.h"
#include "connectors/watch_state.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct list {
	struct hark_host host; /* first: the host is the list */
	const char *text;
	size_t bytes;
};

static const char *give_list(struct hark_host *host, const char *path, size_t *bytes)
{
	const struct list *l = (const struct list *)host;
	(void)path;
	*bytes = l->bytes;
	return l->text;
}

__attribute__((format(printf, 2, 3))) static int fail(struct hark_host *host, const char *fmt, ...)
{
	(void)host;
	assert(fmt[0] != '\0');
	return -1;
}

__attribute__((format(printf, 5, 6))) static void left_out(
	struct hark_host *host, const char *path, long line, long column, const char *fmt, ...)
{
	(void)host;
	(void)path;
	(void)fmt;
	assert(line >= 1 && column >= 0);
}

/* What is written is read as it was. */
static void try_cursor(const struct watch_accounts *accounts, const char *cursor)
{
	struct watch_state state;
	struct buf once, again;
	watch_state_init(&state, accounts);
	buf_init(&once, 0);
	buf_init(&again, 0);
	assert(watch_state_read(&state, cursor));
	watch_state_write(&state, &once);
	assert(watch_state_read(&state, buf_c(&once)));
	watch_state_write(&state, &again);
	assert(str_eq(buf_str(&once), buf_str(&again)));
	buf_release(&once);
	buf_release(&again);
	watch_state_release(&state);
}

static void try_names(struct str text)
{
	struct str (*const read[])(struct str) = {employer_in_bio, employer_in_field};
	for (int i = 0; i < 2; i++) {
		struct str name = read[i](text);
		assert(name.p == NULL ||
			(name.n > 0 && name.p >= text.p && name.p + name.n <= text.p + text.n));
		assert(name.p == NULL || employer_same(name, name));
		employer_is_named(text, name);
	}
}

/* A list, a record separator, a cursor; and the whole as a text about oneself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct watch_accounts accounts;
	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	try_names(str_n(text, size));
	char *cut = memchr(text, 0x1e, size);
	struct list list = {.text = text,
		.bytes = cut != NULL ? (size_t)(cut - text) : size,
		.host = {.read_file = give_list, .fail = fail, .left_out = left_out}};
	watch_accounts_init(&accounts);
	if (watch_accounts_read(&accounts, &list.host, "list") == 0) {
		try_cursor(&accounts, cut != NULL ? cut + 1 : NULL);
	}
	watch_accounts_release(&accounts);
	free(text);
	return 0;
}
