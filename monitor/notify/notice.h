/* What one person is told who is held here without having been asked (GDPR, article 14): the text of their language
 * with what is true of them filled in.
 *
 * Which language that is, is never guessed: it was imported with them, is said by whoever asks, or is the one of
 * privacy.language. Where it is not known, or there is no text in it, there is a sentence that says so instead. */
#ifndef HARK_NOTIFY_NOTICE_H
#define HARK_NOTIFY_NOTICE_H

#include "monitor/config/conf.h"
#include "monitor/store/privacy.h"

struct notice {
	struct str lang;          /* of the text; absent where there is none */
	struct str subject, text;
	struct str missing;       /* why there is no text; absent: there is one */
};

/* `lang`: for whoever's own is not known, or absent. Texts in `arena` or of the configuration. Inside a read of `s`. */
int notice_write(const struct conf *conf, struct store *s, const struct privacy_due *due,
	struct str lang, struct arena *arena, struct notice *out, struct hark_err *err);
/* "de, en and fr": the languages that there are texts in. */
void notice_languages(const struct conf *conf, struct buf *out);

#endif
