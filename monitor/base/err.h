/* A code for the program, a sentence for the person.
 *
 * Functions return HARK_OK or one of the negative codes and, on failure only, write a sentence
 * into *err that says what happened, where, and what to do. `err` may be NULL everywhere. Those
 * between the failure and the caller that handles it add context with hark_err_wrap(). */
#ifndef HARK_BASE_ERR_H
#define HARK_BASE_ERR_H

enum hark_code {
	HARK_OK = 0,
	HARK_ENOMEM = -1,  /* no memory */
	HARK_EINVAL = -2,  /* the caller or the user asked for something impossible */
	HARK_ELIMIT = -3,  /* a ceiling was reached: a normal outcome */
	HARK_EPIPE = -4,   /* the other side has closed */
	HARK_EIO = -5,     /* the system failed to read or write */
	HARK_ENOENT = -6,  /* not there */
	HARK_EPARSE = -7,  /* the bytes are not what they should be */
	HARK_EBUSY = -8,   /* somebody else holds it */
	HARK_ENET = -9,    /* a peer is unreachable or answered nonsense */
	HARK_EAUTH = -10,  /* refused for lack of rights */
	HARK_ENOSPC = -11, /* the disk is full */
	HARK_ESTATE = -12, /* not possible in the state the record is in */
	HARK_EAGAIN = -13, /* nothing now, try again */
};

struct hark_err {
	int code;       /* enum hark_code */
	char text[500]; /* one sentence, no trailing full stop or newline */
};

/* Writes code and sentence, returns `code`, so that `return hark_err_set(…)` reads well. */
int hark_err_set(struct hark_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As above, with ": " and the text of `errnum` (an errno value) appended. ENOSPC and EDQUOT turn
 * the code into HARK_ENOSPC, ENOENT into HARK_ENOENT, ENOMEM into HARK_ENOMEM. */
int hark_err_errno(struct hark_err *err, int code, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "prefix: " before the sentence already there. */
void hark_err_wrap(struct hark_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The fixed name of a code, for logs: "no memory", "not found" … */
const char *hark_code_name(int code);

#endif
