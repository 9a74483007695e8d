#include "monitor/notify/notice.h"

#include "monitor/base/clock.h"

#include <stdio.h>

#define TEXT_MAX ((size_t)2 << 20)
#define SENTENCE_MAX 1000
#define DAY_MS (24 * 3600 * INT64_C(1000))

/* What fills the slots of one text. */
struct filling {
	struct str slot[NOTICE_SLOTS];
};

void notice_languages(const struct conf *conf, struct buf *out)
{
	for (size_t i = 0; i < conf->notices_n; i++) {
		buf_printf(out, "%s%s",
			i == 0                        ? ""
			: i + 1 == conf->notices_n ? " and "
						     : ", ",
			conf->notices[i].lang);
	}
	if (conf->notices_n == 0) {
		buf_add_c(out, "no language");
	}
}

/* NULL, and in `out` why. */
static const struct conf_notice *choose(const struct conf *conf, struct str lang, struct buf *out)
{
	const struct conf_notice *form = notice_find(conf->notices, conf->notices_n, lang);
	if (str_empty(lang)) {
		buf_add_c(out, "which language they read was not imported: say it, or set"
			       " privacy.language");
		return NULL;
	}
	if (form == NULL) {
		buf_printf(out, "there is no text in '%.*s', only in ",
			STR_FMT(str_cut_utf8(lang, 60)));
		notice_languages(conf, out);
		buf_add_c(out, ": name a file for it under privacy.notices");
		return NULL;
	}
	if (form->purpose == NULL) {
		buf_printf(out, "privacy.purpose does not say in %s what the data is for",
			form->lang);
		return NULL;
	}
	if (conf->contact == NULL && conf->privacy_contact == NULL) {
		buf_add_c(out, "nobody stands in it to object to: set operator.contact");
		return NULL;
	}
	return form;
}

/* mailto: is for programs. */
static struct str plain(const char *contact)
{
	struct str text = str_c(contact), scheme = STR("mailto:");
	return str_starts(text, scheme) ? str_n(text.p + scheme.n, text.n - scheme.n) : text;
}

static void fill(const char *text, const struct filling *f, struct buf *out)
{
	struct str rest = str_c(text), piece;
	enum notice_slot slot;
	while (notice_next(&rest, &slot, &piece)) {
		buf_add_str(out, slot == NOTICE_TEXT ? piece : f->slot[slot]);
	}
}

static struct str filled(
	const char *text, const struct filling *f, struct arena *arena)
{
	struct buf out;
	buf_init(&out, TEXT_MAX);
	fill(text, f, &out);
	struct str kept = out.rc == HARK_OK ? arena_str(arena, buf_str(&out)) : STR_NONE;
	buf_release(&out);
	return kept;
}

int notice_write(const struct conf *conf, struct store *s, const struct privacy_due *due,
	struct str lang, struct arena *arena, struct notice *out, struct hark_err *err)
{
	struct buf why, contact;
	char since[CLOCK_TEXT_MAX], days[24];
	*out = (struct notice){0};
	lang = !str_empty(due->lang) ? due->lang : !str_empty(lang) ? lang : str_c(conf->privacy_lang);
	buf_init(&why, SENTENCE_MAX);
	const struct conf_notice *form = choose(conf, lang, &why);
	if (form == NULL) {
		out->missing = arena_str(arena, buf_str(&why));
		buf_release(&why);
		return out->missing.p != NULL
			       ? HARK_OK
			       : hark_err_set(err, HARK_ENOMEM, "no memory for a notice");
	}
	buf_release(&why);
	clock_rfc3339(due->since_ms, since);
	snprintf(days, sizeof(days), "%lld", (long long)(conf->keep_leads_ms / DAY_MS));
	buf_init(&contact, SENTENCE_MAX);
	struct str reach = plain(conf->contact != NULL ? conf->contact : conf->privacy_contact);
	buf_printf(&contact, "%s%s%.*s", conf->operator_name != NULL ? conf->operator_name : "",
		conf->operator_name != NULL ? ", " : "", STR_FMT(reach));
	struct filling f = {.slot = {[NOTICE_NAME] = due->name,
				    [NOTICE_DATE] = str_n(since, 10),
				    [NOTICE_PURPOSE] = str_c(form->purpose),
				    [NOTICE_BASIS] = str_c(form->basis),
				    [NOTICE_CONTACT] = buf_str(&contact),
				    [NOTICE_OBJECT] = plain(conf->privacy_contact),
				    [NOTICE_DAYS] = str_c(days)}};
	int rc = privacy_due_sources(s, due, arena, &f.slot[NOTICE_SOURCE], err);
	if (rc == HARK_OK) {
		out->lang = str_c(form->lang);
		out->subject = filled(form->subject, &f, arena);
		out->text = filled(form->text, &f, arena);
		if (out->subject.p == NULL || out->text.p == NULL) {
			rc = hark_err_set(err, HARK_ENOMEM, "no memory for a notice");
		}
	}
	buf_release(&contact);
	return rc;
}
