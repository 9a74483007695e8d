#include "monitor/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int hark_err_set(struct hark_err *err, int code, const char *fmt, ...)
{
	if (err != NULL) {
		va_list ap;
		va_start(ap, fmt);
		err->code = code;
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
	}
	return code;
}

int hark_err_errno(struct hark_err *err, int code, int errnum, const char *fmt, ...)
{
	switch (errnum) {
	case ENOSPC:
	case EDQUOT:
		code = HARK_ENOSPC;
		break;
	case ENOENT:
		code = HARK_ENOENT;
		break;
	case ENOMEM:
		code = HARK_ENOMEM;
		break;
	default:
		break;
	}
	if (err != NULL) {
		char reason[128];
		va_list ap;
		va_start(ap, fmt);
		err->code = code;
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
		size_t used = strlen(err->text);
		snprintf(err->text + used, sizeof(err->text) - used, ": %s",
			strerror_r(errnum, reason, sizeof(reason)));
	}
	return code;
}

void hark_err_wrap(struct hark_err *err, const char *fmt, ...)
{
	if (err == NULL) {
		return;
	}
	char joined[sizeof(err->text)];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(joined, sizeof(joined), fmt, ap);
	va_end(ap);
	size_t used = strlen(joined);
	snprintf(joined + used, sizeof(joined) - used, ": %.*s", (int)(sizeof(joined) - used - 1),
		err->text);
	memcpy(err->text, joined, sizeof(joined));
}

const char *hark_code_name(int code)
{
	static const char *const names[] = {"ok", "no memory", "invalid", "limit reached", "closed",
		"input/output error", "not found", "malformed", "busy", "network", "not allowed",
		"disk full", "wrong state", "try again"};
	size_t i = (size_t)(code <= 0 ? -(long)code : code);
	return i < sizeof(names) / sizeof(names[0]) ? names[i] : "unknown";
}
