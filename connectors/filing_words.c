#include "connectors/filing_words.h"

/* Each word between spaces. */
static const char *const lists[] = {
	[WORD_ABBREVIATION] =
		" mr mrs ms dr prof jr sr inc corp co ltd no st vs messrs llc plc u.s ",
	[WORD_HONORIFIC] = " mr mrs ms dr prof messrs ",
	[WORD_PARTICLE] = " van von der de den da di del la le bin al ",
	[WORD_COMPANY] =
		" inc corp corporation company co ltd limited llc llp lp plc ag gmbh holdings "
		"group bancorp bank partners trust sa nv se international industries ",
	[WORD_NO_NAME] =
		" the a an and on in as at of by to for with from upon following pursuant prior "
		"effective during since after before also there this that these those such each "
		"item items form section exhibit rule regulation act exchange securities commission "
		"board company corporation registrant committee committees agreement employment "
		"separation release plan annual meeting shareholders stockholders class audit "
		"compensation nominating governance executive chief officer financial operating "
		"accounting technology information marketing revenue commercial legal people product "
		"strategy human resources president vice senior director directors chairman "
		"chairwoman chair chairperson general counsel secretary treasurer controller manager "
		"managing head principal interim independent lead global deputy assistant associate "
		"new york united states north america north south east west departure election "
		"appointment appointments arrangements certain officers compensatory today inc corp "
		"ltd llc llp plc lp co his her he she its our their it we under while when if no not base "
		"salary bonus equity incentive stock options restricted units nasdaq nyse "
		"announces announced appoints appointed names named hires hired promotes promoted "
		"elects elected welcomes taps joins steps resigns retires departs industry veteran "
		"former longtime ceo cfo cto coo cio cmo cro ",
	[WORD_MONTH] = " january february march april may june july august september october "
		       "november december ",
	[WORD_ARTICLE] = " a an the its our his her their new next company's serve position "
			 "positions role office of as to company current registrant's ",
	[WORD_TITLE] =
		" chief executive officer financial operating accounting technology information "
		"marketing revenue commercial legal people product strategy president vice senior "
		"director chairman chairwoman chair chairperson general counsel secretary treasurer "
		"controller manager managing head principal interim independent lead global deputy "
		"assistant associate corporate group regional partner co-chief co-president "
		"vice-president administrative medical scientific risk compliance security data "
		"digital customer growth investment human resources widget ceo cfo cto coo cio cmo "
		"cro ciso evp svp vp ",
	[WORD_FIELD] =
		" finance sales marketing operations engineering product products research "
		"development technology legal strategy human resources people communications "
		"relations investor public affairs supply chain manufacturing quality business "
		"corporate customer success service services support data security information "
		"risk compliance treasury tax audit procurement purchasing europe americas asia "
		"north america emea international global accounting administration ",
	[WORD_JOINT] = " and of & for ",
	[WORD_BE] = " was been is be were being ",
	[WORD_APPOINT] = " appointed appoints elected elects named names promoted promotes hired "
			 "hires welcomes taps appoint elect ",
	[WORD_JOIN] = " joins join joining ",
	[WORD_LEAVE] = " resign resigns resigned resignation resigning retire retires retired "
		       "retirement retiring depart departs departed departure terminated "
		       "leaves leave left ",
	[WORD_STEP] = " step steps stepped stepping ",
	[WORD_EFFECTIVE] = " effective commencing beginning ",
	[WORD_NOT] = " no not neither denies ",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Bytes of a quotation mark or dash at the start of `s`, 0 if there is none. */
static size_t mark_at(struct str s)
{
	if (s.n >= 3 && s.p[0] == '\xe2' && s.p[1] == '\x80' && (unsigned char)s.p[2] >= 0x90 &&
		(unsigned char)s.p[2] <= 0x9f) {
		return 3;
	}
	return s.n > 0 && strchr("\"'([", s.p[0]) != NULL && s.p[0] != '\0' ? 1 : 0;
}

static bool ends_with_mark(struct str s)
{
	return s.n >= 3 && s.p[s.n - 3] == '\xe2' && s.p[s.n - 2] == '\x80' &&
	       ((unsigned char)s.p[s.n - 1] == 0x9d || (unsigned char)s.p[s.n - 1] == 0x99);
}

struct word word_make(struct str raw)
{
	struct word w = {.s = raw};
	size_t n;
	while ((n = mark_at(w.s)) > 0) {
		w.opens |= w.s.p[0] == '(';
		w.s = str_n(w.s.p + n, w.s.n - n);
	}
	for (;;) {
		if (ends_with_mark(w.s)) {
			w.s.n -= 3;
		} else if (w.s.n > 0 && strchr(".,;:)]\"'!?", w.s.p[w.s.n - 1]) != NULL) {
			w.after = w.s.p[--w.s.n];
		} else {
			break;
		}
	}
	w.capital =
		w.s.n > 0 && ((w.s.p[0] >= 'A' && w.s.p[0] <= 'Z') || (signed char)w.s.p[0] < 0);
	return w;
}

bool word_is(enum word_kind kind, struct str word)
{
	char key[40];
	if (word.n == 0 || word.n > sizeof(key) - 3) {
		return false;
	}
	key[0] = ' ';
	size_t n = 1;
	for (size_t i = 0; i < word.n; i++) {
		bool curly = i + 2 < word.n && word.p[i] == '\xe2' && word.p[i + 1] == '\x80' &&
			     word.p[i + 2] == '\x99';
		key[n++] = curly ? '\'' : lower(word.p[i]);
		i += curly ? 2 : 0;
	}
	key[n++] = ' ';
	key[n] = '\0';
	return strstr(lists[kind], key) != NULL;
}

int word_month(struct str word)
{
	struct str rest = str_c(lists[WORD_MONTH] + 1), name;
	for (int month = 1; str_split(&rest, ' ', &name); month++) {
		if (str_eq_nocase(name, word)) {
			return month;
		}
	}
	return 0;
}
