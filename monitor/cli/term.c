#include "monitor/cli/term.h"

#include "monitor/base/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define REPLACEMENT 0xfffd

int term_width(FILE *out)
{
	struct winsize size;
	int fd = fileno(out);
	if (fd < 0 || !isatty(fd)) {
		return 0;
	}
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
		return size.ws_col;
	}
	const char *columns = getenv("COLUMNS");
	int64_t n = 0;
	return columns != NULL && str_i64(str_c(columns), &n) && n > 0 && n < 10000 ? (int)n : 80;
}

/* wcwidth() and mbrtowc() follow the thread's locale, and the C locale of a bare container knows
 * ASCII only. UTF-8 is put in place for the length of one call; the locale is made once and kept.
 * Where there is no C.UTF-8, everything beyond ASCII counts one column. */
static locale_t utf8_locale;

static void make_utf8_locale(void)
{
	utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static locale_t utf8_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_utf8_locale);
	return uselocale(utf8_locale); /* (locale_t)0 changes nothing */
}

/* One character off the front, as it may be shown. */
static uint32_t next_char(struct str *rest)
{
	wchar_t wc = 0;
	mbstate_t state = {0};
	size_t used = mbrtowc(&wc, rest->p, rest->n, &state);
	if (used == 0 || used > rest->n) { /* NUL, broken or cut short */
		used = 1;
		wc = REPLACEMENT;
	}
	rest->p += used;
	rest->n -= used;
	if (wc == L'\n' || wc == L'\t' || wc == L'\r' || wc == 0x2028 || wc == 0x2029) {
		return ' ';
	}
	if (wc < 0x20 || (wc >= 0x7f && wc < 0xa0) || utf8_is_direction((uint32_t)wc)) {
		return REPLACEMENT;
	}
	return (uint32_t)wc;
}

static size_t width_of(uint32_t cp)
{
	int width = wcwidth((wchar_t)cp);
	return width < 0 ? 1 : (size_t)width;
}

static size_t columns_of(struct str text)
{
	size_t n = 0;
	while (text.n > 0) {
		n += width_of(next_char(&text));
	}
	return n;
}

size_t term_columns(struct str text)
{
	locale_t before = utf8_begin();
	size_t n = columns_of(text);
	uselocale(before);
	return n;
}

size_t term_add(struct buf *out, struct str text, size_t max)
{
	locale_t before = utf8_begin();
	bool cut = max > 0 && columns_of(text) > max;
	size_t room = cut ? max - 1 : SIZE_MAX, used = 0;
	while (text.n > 0) {
		uint32_t cp = next_char(&text);
		size_t width = width_of(cp);
		if (width > room - used) {
			break;
		}
		buf_add_utf8(out, cp);
		used += width;
	}
	if (cut) {
		buf_add_c(out, "…");
		used++;
	}
	uselocale(before);
	return used;
}

int term_ask(const char *question, struct buf *answer, struct hark_err *err)
{
	int c;
	fputs(question, stdout);
	fflush(stdout);
	while ((c = getchar()) != EOF && c != '\n') {
		if (buf_add_char(answer, (char)c) != HARK_OK) {
			return hark_err_set(
				err, answer->rc, "an answer has at most %zu bytes", answer->max);
		}
	}
	if (question[0] != '\0' && (c == EOF || !isatty(STDIN_FILENO))) {
		putchar('\n'); /* nobody pressed return */
	}
	return c == EOF && answer->n == 0 ? hark_err_set(err, HARK_ESTATE, "nobody answered")
					  : HARK_OK;
}

int term_ask_secret(const char *question, struct buf *answer, struct hark_err *err)
{
	struct termios shown, hidden;
	bool is_terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
	if (is_terminal) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		hidden.c_lflag |= ECHONL;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	int rc = term_ask(is_terminal ? question : "", answer, err);
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	}
	return rc;
}
