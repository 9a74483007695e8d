#include "rules/classify/tone_turns.h"

#include <string.h>

/* Lists of folded words, each between commas. */
/* A courtesy more often than a verdict, unless one of these follows. */
static const char courtesies[] = ",problem,issue,drama,trouble,error,regret,";
static const char verdicts[] = ",with,at,so,whatsoever,in,since,ever,yet,after,during,here,";
/* Behind the flaw: the name of something else, or what was not done about it. */
static const char auxiliaries[] = ",is,are,was,were,has,have,been,ever,get,gets,got,being,";
static const char undone[] =
	",solved,resolved,fixed,addressed,closed,acknowledged,handled,sorted,answered,message,messages,"
	"report,reports,reporting,tracking,tracker,log,logs,logging,handling,handler,notice,"
	"notification,notifications,page,fix,fixes,bounty,form,forms,ticket,tickets,policy,prevention,"
	"goes,taking,charging,billing,raising,ignoring,solving,solver,code,codes,text,";
/* Of these, what was not done about a flaw. */
static const char help[] =
	",solved,resolved,fixed,addressed,acknowledged,handled,sorted,answered,fix,fixes,";
static const char supposed_near[] =
	",should,will,would,want,wanted,need,needs,must,may,might,i'll,it'll,";

/* Before it in the sentence: that it is not so is the news. */
static const char broken[] = ",promised,claimed,swore,supposed,guaranteed,insisted,";

static const char adverbs[] = ",once,ever,yet,really,even,actually,been,be,gone,have,";
static const char fails[] =
	",fail,fails,failed,disappoint,disappoints,disappointed,crash,crashes,crashed,break,breaks,broke,"
	"broken,regret,regretted,freeze,freezes,froze,frozen,falter,falters,faltered,";
static const char regrets[] = ",regret,regretted,disappointed,";
static const char happier[] = ",happier,better,easier,smoother,simpler,prouder,";
static const char lows[] = ",bad,terrible,shabby,awful,horrible,worst,";
static const char low_fillers[] = ",a,at,all,so,too,half,that,as,actually,really,been,the,";
static const char praises[] =
	",good,great,happy,satisfied,impressed,pleased,worth,reliable,helpful,useful,recommended,"
	"responsive,trustworthy,usable,impressive,friendly,";
static const char praise_fillers[] =
	",very,really,that,too,all,at,exactly,been,be,even,particularly,a,an,any,remotely,overly,"
	"especially,entirely,totally,honestly,";
static const char thanks[] = ",recommend,praise,thank,commend,rate,speak,say,";

/* A sentence, and where it is read. */
struct place {
	const struct tone_scan *s;
	uint32_t from, to;
	unsigned denial;          /* of the word that is looked at (tone_denial) */
	bool looked;              /* whether the following are known */
	uint32_t supposed, ended; /* the first, the last of these words; `to`: none */
	uint32_t but, worst;      /* the last of these; `from`: none */
};

static bool in(const struct place *x, uint32_t i, const char *list)
{
	struct str word = i < x->to ? tone_folded(x->s, i) : STR_NONE;
	char key[TONE_WORD_MAX + 3];
	if (word.n == 0 || word.n > TONE_WORD_MAX || !tone_wordlike(&x->s->v[i])) {
		return false;
	}
	key[0] = key[word.n + 1] = ',';
	memcpy(key + 1, word.p, word.n);
	key[word.n + 2] = '\0';
	return strstr(list, key) != NULL;
}
static bool listed(const struct place *x, uint32_t i, unsigned lists)
{
	return i < x->to && (x->s->v[i].listed & lists) != 0;
}
static inline bool is(const struct place *x, uint32_t i, const char *word)
{
	return i < x->to && tone_is_word(x->s, i, word);
}
static bool among(const struct place *x, uint32_t from, uint32_t to, const char *list)
{
	for (uint32_t i = from; i < to && i < x->to; i++) {
		if (in(x, i, list)) {
			return true;
		}
	}
	return false;
}
/* Behind what may stand between. */
static uint32_t past(const struct place *x, uint32_t i, const char *list, unsigned most)
{
	for (; most > 0 && in(x, i, list); most--) {
		i++;
	}
	return i;
}
static uint32_t past_listed(const struct place *x, uint32_t i, unsigned lists, unsigned most)
{
	for (; most > 0 && listed(x, i, lists); most--) {
		i++;
	}
	return i;
}
static bool denies(const struct place *x, uint32_t i)
{
	return i < x->to && (x->s->v[i].roles & ROLE_NEGATES) != 0;
}

/* Each of the following: the end of the phrase that begins at token i, or 0. */

/* "no problems", "haven't had a single outage", "without any hassle". */
static uint32_t no_flaw(const struct place *x, uint32_t i)
{
	uint32_t at = past_listed(x, i + 1, LISTED_FILLS, 6);
	if (!listed(x, at, LISTED_FLAW) || (x->denial & DENIES_WHO) != 0) {
		return 0;
	}
	bool none = (x->denial & DENIES_ANY) != 0;
	if (!none && !denies(x, i)) {
		return 0;
	}
	bool bare = at == i + 1;
	bool named = !none && at == i + 2 && in(x, i + 1, ",a,an,the,");
	if (named && !(in(x, at, ",problem,issue,") && !is(x, i + 1, "the"))) {
		return 0; /* "not a bug", "isn't the problem" */
	}
	if ((bare && !none) || (bare && in(x, at, courtesies) && !in(x, at + 1, verdicts))) {
		return 0;
	}
	if (in(x, past(x, at + 1, auxiliaries, 2), undone)) {
		return 0;
	}
	return at + 1;
}

/* "nothing wrong with it", "nothing to complain about". */
static uint32_t nothing_wrong(const struct place *x, uint32_t i)
{
	uint32_t at = i + 1;
	if (!is(x, i, "nothing")) {
		return 0;
	}
	at += is(x, at, "at") && is(x, at + 1, "all") ? 2 : 0;
	if (is(x, at, "wrong")) {
		bool other =
			is(x, at + 1, "with") && in(x, at + 2, ",my,our,your,me,asking,wanting,");
		return other ? 0 : at + 1;
	}
	bool good = is(x, at, "but") && in(x, at + 1, ",praise,good,great,compliments,");
	return good || (is(x, at, "to") && in(x, at + 1, ",complain,fault,regret,")) ? at + 2 : 0;
}

/* "never fails to annoy": what would be better if it failed. */
static bool fails_to_harm(const struct place *x, uint32_t at)
{
	return in(x, at, fails) && is(x, at + 1, "to") && at + 2 < x->to &&
	       x->s->v[at + 2].value < 0;
}

/* "never let us down", "hasn't crashed once", "don't regret", "never been happier". */
static uint32_t never_failed(const struct place *x, uint32_t i)
{
	bool never = (x->denial & DENIES_EVER) != 0 || (is(x, i, "not") && is(x, i + 1, "once"));
	bool shuns = !never && (x->denial & DENIES_DOING) != 0;
	if (!never && !shuns) {
		return 0;
	}
	uint32_t at = past(x, i + 1, adverbs, 3);
	if (never && is(x, at, "let") && (is(x, at + 2, "down") || is(x, at + 3, "down"))) {
		return at + 3 + !is(x, at + 2, "down");
	}
	bool refuses = shuns && in(x, at, regrets);
	if (is(x, i, "never") && at > i + 1 && in(x, at, happier)) {
		return at + 1;
	}
	if (!(never && in(x, at, fails)) && !refuses) {
		return 0;
	}
	return fails_to_harm(x, at) ? 0 : at + 1;
}

/* "not bad at all", "not the worst"; with a "but" behind it the weight lies there. */
static uint32_t not_low(const struct place *x, uint32_t i)
{
	if ((x->denial & DENIES_FLATLY) == 0) {
		return 0;
	}
	uint32_t at = past(x, i + 1, low_fillers, 3);
	if (!in(x, at, lows) || is(x, at + 1, "enough") || x->but > at) {
		return 0;
	}
	return is(x, at + 1, "at") && is(x, at + 2, "all") ? at + 3 : at + 1;
}

/* Is "enough" said within the next words? */
static uint32_t enough(const struct place *x, uint32_t i)
{
	for (uint32_t k = i; k < i + 9 && k < x->to && x->s->v[k].kind != TONE_MARK; k++) {
		if (is(x, k, "enough")) {
			return k + 1;
		}
	}
	return 0;
}

/* "can't complain", "couldn't be happier", "can't recommend it enough". */
static uint32_t can_not(const struct place *x, uint32_t i)
{
	if ((x->denial & DENIES_BEING) == 0) {
		return 0;
	}
	uint32_t at = past(x, i + 1, ",really,honestly,possibly,even,", 2);
	if (in(x, at, ",complain,fault,")) {
		return in(x, at + 1, ",to,because,via,online,anywhere,") ? 0 : at + 1;
	}
	bool more = is(x, at + 1, "more") && in(x, at + 2, ",pleased,happy,satisfied,impressed,");
	if (is(x, at, "be") && (more || in(x, at + 1, happier))) {
		return is(x, at + 2 + more, "to") ? 0 : at + 2 + more;
	}
	if (is(x, at, "go") && is(x, at + 1, "wrong")) {
		return at + 2;
	}
	return in(x, at, thanks) ? enough(x, at + 1) : 0;
}

/* "no complaints were ever answered", "no bug fixes". */
static uint32_t no_help(const struct place *x, uint32_t i)
{
	if ((x->denial & DENIES_HELP) == 0) {
		return 0;
	}
	uint32_t at = past_listed(x, i + 1, LISTED_FILLS, 6);
	uint32_t done = past(x, at + 1, auxiliaries, 2);
	return listed(x, at, LISTED_FLAW) && in(x, done, help) ? done + 1 : 0;
}

/* "not good", "never works", "couldn't be worse", "wouldn't recommend", "wanted to love it". */
static uint32_t no_praise(const struct place *x, uint32_t i)
{
	uint32_t at = past(x, i + 1, praise_fillers, 3);
	if ((x->denial & DENIES_FLATLY) != 0 && in(x, at, praises)) {
		return at + 1;
	}
	if ((x->denial & DENIES_BEING) != 0 && is(x, i + 1, "be") && is(x, i + 2, "worse")) {
		return i + 3;
	}
	if ((x->denial & DENIES_WISHING) != 0 && is(x, at, "recommend") && enough(x, at) == 0) {
		return at + 1;
	}
	if (is(x, i, "never") && in(x, i + 1, ",works,worked,") &&
		!in(x, i + 2, ",at,for,with,in,as,so,better,harder,smoother,")) {
		return i + 2;
	}
	if (is(x, i, "never") && fails_to_harm(x, i + 1)) {
		return i + 4;
	}
	bool wanted = is(x, i, "wanted") && is(x, i + 1, "to") && in(x, i + 2, ",love,like,");
	return wanted ? i + 3 : 0;
}

static bool is_asked(const struct place *x)
{
	return x->to < x->s->n && tone_mark(x->s, x->to, '?');
}

/* What the whole sentence says of its denials: looked up once, for long ones. */
static void look_around(struct place *x)
{
	x->supposed = x->ended = x->to;
	x->but = x->worst = x->from;
	for (uint32_t i = x->from; i < x->to; i++) {
		const struct tone_token *t = &x->s->v[i];
		bool bare = t->value == -3 && (t->flags & TONE_NEGATED) == 0;
		x->supposed =
			x->supposed == x->to && listed(x, i, LISTED_SUPPOSED) ? i : x->supposed;
		x->ended = listed(x, i, LISTED_ENDED) ? i : x->ended;
		x->but = (t->roles & ROLE_SPLITS) != 0 && is(x, i, "but") ? i : x->but;
		x->worst = bare ? i : x->worst;
	}
	x->looked = true;
}

/* Words that say it was never so, or is so no longer; or worse than what is denied follows. */
static bool is_taken_back(const struct place *x, uint32_t i, uint32_t to)
{
	uint32_t near = i > x->from + 4 ? i - 4 : x->from;
	return x->supposed < i || (x->ended >= to && x->ended < x->to) || x->worst >= to ||
	       among(x, near, i, supposed_near);
}

/* `taken`: whether it is taken back. */
static uint32_t denied_flaw(const struct place *x, uint32_t i, bool *taken)
{
	static uint32_t (*const families[])(const struct place *, uint32_t) = {
		no_flaw, nothing_wrong, never_failed, not_low, can_not};
	for (size_t k = 0; k < sizeof(families) / sizeof(families[0]); k++) {
		uint32_t to = families[k](x, i);
		if (to > 0) {
			*taken = is_taken_back(x, i, to);
			return to;
		}
	}
	return 0;
}

/* Most words begin no denial. */
static bool may_deny(const struct place *x, uint32_t i)
{
	const struct tone_token *t = &x->s->v[i];
	uint32_t may = t->roles & (ROLE_NEGATES | ROLE_HARDLY | ROLE_WISHES);
	return (may | t->denies) != 0 &&
	       (may != ROLE_WISHES || t->denies != 0 || is(x, i, "wanted"));
}

static uint32_t denied_at(struct place *x, uint32_t i, enum tone_turn_kind *kind)
{
	if (!x->looked) {
		look_around(x);
	}
	bool taken = false;
	x->denial = x->s->v[i].denies;
	uint32_t to = denied_flaw(x, i, &taken);
	*kind = TONE_DENIED_FLAW;
	if (taken) {
		*kind = TONE_DENIED_PRAISE;
		to = x->supposed < i && in(x, x->supposed, broken) ? to : 0;
	}
	if (to == 0 && x->supposed >= i) {
		to = no_praise(x, i);
		to = to == 0 ? no_help(x, i) : to;
		*kind = TONE_DENIED_PRAISE;
	}
	return to;
}

static void read_sentence(struct tone_scan *s, struct place *x, struct tone_turns *out)
{
	enum tone_turn_kind kind = TONE_DENIED_FLAW;
	for (uint32_t i = x->from; i < x->to && out->n < TONE_TURNS_MAX;) {
		uint32_t to = may_deny(x, i) ? denied_at(x, i, &kind) : 0;
		if (to == 0) {
			i++;
			continue;
		}
		out->v[out->n++] = (struct tone_turn){kind, i, to};
		for (; i < to; i++) {
			s->v[i].flags |= kind == TONE_DENIED_FLAW ? TONE_DENIED : 0;
		}
	}
}

/* Above 0 glad, below cross; 0: it says nothing. */
static int sign_value(const struct tone_scan *s, uint32_t i)
{
	static const char glad[] =
		"👍👏🙌🎉🥳😀😃😄😁😊🙂😍🥰😘🤩😎🤗💪👌💯🔥🚀⭐🌟✨❤💙💚💛🧡💜🖤🤍💖💕💗✅🏆🙏☺😻🤝";
	static const char cross[] =
		"👎😡😠🤬😤😞😔😟🙁☹😣😖😫😩😢😭😒🙄🤮🤢💩💔😾🤦😱🖕";
	struct str sign = tone_folded(s, i);
	if (s->v[i].kind == TONE_EMOTICON) {
		return s->v[i].value;
	}
	if (s->v[i].kind != TONE_EMOJI) {
		return 0;
	}
	return (str_find(str_c(glad), sign) != SIZE_MAX) -
	       (str_find(str_c(cross), sign) != SIZE_MAX);
}

/* A post of signs alone, but for who is spoken to. */
static void read_signs(const struct tone_scan *s, struct tone_turns *out)
{
	uint32_t glad = 0, cross = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		if (tone_wordlike(&s->v[i]) || tone_mark(s, i, '?')) {
			return;
		}
		int value = sign_value(s, i);
		glad += value > 0;
		cross += value < 0;
	}
	if ((glad > 0) != (cross > 0)) {
		out->v[out->n++] =
			(struct tone_turn){glad > 0 ? TONE_GOOD_SIGN : TONE_BAD_SIGN, 0, s->n};
	}
}

void tone_turns_read(struct tone_scan *s, struct tone_turns *out)
{
	out->n = 0;
	for (uint32_t i = 0, k = 0; i < s->n && out->n < TONE_TURNS_MAX;) {
		struct place x = {.s = s, .from = i, .to = tone_sentence_end(s, i, &k)};
		if (!is_asked(&x)) {
			read_sentence(s, &x, out);
		}
		i = x.to + 1;
	}
	if (out->n == 0) {
		read_signs(s, out);
	}
}

const char *tone_turn_name(enum tone_turn_kind kind)
{
	static const char *const names[] = {
		"denied flaw", "denied praise", "good sign", "bad sign"};
	return names[kind];
}
