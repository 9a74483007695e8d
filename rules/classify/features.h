/* What is seen of one phrase that may speak of a move, as named features; weights.c says what each is
 * worth. Inside the move finder. */
#ifndef HARK_RULES_CLASSIFY_FEATURES_H
#define HARK_RULES_CLASSIFY_FEATURES_H

#include "rules/classify/frame.h"

/* The name is what --why shows. Those of the kinds of cues and of the reasons of vetoes stand behind. */
#define FEATURE_LIST(X)                                                 \
	X(PHRASE, "phrase")                                             \
	X(PHRASE_WEAK, "phrase is weak")                                \
	X(PHRASE_ALONE, "phrase says it alone")                         \
	X(IN_HEADLINE, "in the headline")                               \
	X(FIRST_SENTENCE, "opens the post")                             \
	X(ME, "author")                                                 \
	X(SILENT, "author, unsaid")                                     \
	X(AUTHOR_ORG, "author is no person")                            \
	X(PERSON_ORG, "person may be none")                             \
	X(PERSON_GIVEN, "given name")                                   \
	X(PERSON_ONE, "person of one word")                             \
	X(PERSON_LONG, "person of many words")                          \
	X(PERSON_FAR, "person in another sentence")                     \
	X(PERSON_TOUCHES, "person beside the phrase")                   \
	X(PERSON_TITLED, "person has a title")                          \
	X(HE_SHE, "he or she")                                          \
	X(EMPLOYER, "employer")                                         \
	X(EMPLOYER_US, "employer is the author")                        \
	X(EMPLOYER_ORG, "employer sounds like one")                     \
	X(EMPLOYER_PERSON, "employer sounds like a person")             \
	X(EMPLOYER_PLACE, "employer may be a place")                    \
	X(EMPLOYER_FAR, "employer in another sentence")                 \
	X(EMPLOYER_TOUCHES, "employer beside the phrase")               \
	X(EMPLOYER_AT, "employer behind at, with, for")                 \
	X(NOWHERE, "no employer, no title")                             \
	X(TITLE, "title")                                               \
	X(TITLE_FAR, "title in another sentence")                       \
	X(TITLE_LONG, "title of several words")                         \
	X(TITLE_AT, "title and employer touch")                         \
	X(FORMER, "former employer")                                    \
	X(SURNAME_NEWS, "a surname of somebody, the phrase, somewhere") \
	X(NOWHERE_LAND, "no employer, no title, a place")               \
	X(NEWS, "word of news near it")                                 \
	X(INSIDE, "the same employer")                                  \
	X(QUESTION, "question")                                         \
	X(LONG_PAST, "memory")                                          \
	X(JOB_POST, "advert")                                           \
	X(NEGATED, "negated")                                           \
	X(MODAL, "would, could, might")                                 \
	X(UNREAL, "wished, planned, said")                              \
	X(CONDITION, "hypothetical")                                    \
	X(BACKGROUND, "before, since, when")                            \
	X(RELATIVE, "who, which")                                       \
	X(VAGUE, "nobody in particular")                                \
	X(QUOTED, "in quotes")                                          \
	X(TENSE_PAST, "past")                                           \
	X(TENSE_PRESENT, "present")                                     \
	X(TENSE_GOING, "ends in -ing")                                  \
	X(SUBJECT_NAME, "a name before it")                             \
	X(SUBJECT_ME, "I before it")                                    \
	X(SUBJECT_WE, "we before it")                                   \
	X(SUBJECT_HE, "he or she before it")                            \
	X(SUBJECT_COMMON, "another word before it")                     \
	X(OBJECT_NAME, "a name behind it")                              \
	X(OBJECT_TITLE, "a title behind it")                            \
	X(OBJECT_COMMON, "another word behind it")                      \
	X(OBJECT_END, "the end behind it")                              \
	X(SHORT, "short post")                                          \
	X(LONG, "long post")                                            \
	X(MANY_NAMES, "many names")                                     \
	X(NO_NAMES, "no name")                                          \
	X(NOT_NEAR, "words of denial")                                  \
	X(NOT_POST, "words of denial in the post")                      \
	X(MODAL_NEAR, "would, could beside it")                         \
	X(MODAL_POST, "would, could in the post")                       \
	X(UNREAL_NEAR, "words of wishes")                               \
	X(UNREAL_POST, "words of wishes in the post")                   \
	X(IF_NEAR, "if, whether")                                       \
	X(IF_POST, "if, whether in the post")                           \
	X(SINCE_NEAR, "before, since, when near it")                    \
	X(SINCE_POST, "before, since, when in the post")                \
	X(VAGUE_NEAR, "somebody, they, most")                           \
	X(VAGUE_POST, "somebody, they, most in the post")               \
	X(NOW_NEAR, "now, new, next")                                   \
	X(NOW_POST, "now, new, next in the post")                       \
	X(WORK_NEAR, "words of work")                                   \
	X(WORK_POST, "words of work in the post")                       \
	X(SPORT_NEAR, "words of sport")                                 \
	X(SPORT_POST, "words of sport in the post")                     \
	X(STAGE_NEAR, "words of art")                                   \
	X(STAGE_POST, "words of art in the post")                       \
	X(BEAST_NEAR, "words of animals")                               \
	X(BEAST_POST, "words of animals in the post")                   \
	X(STATE_NEAR, "words of politics")                              \
	X(STATE_POST, "words of politics in the post")                  \
	X(CLUB_NEAR, "words of clubs")                                  \
	X(CLUB_POST, "words of clubs in the post")                      \
	X(KIN_NEAR, "words of kin")                                     \
	X(KIN_POST, "words of kin in the post")                         \
	X(TECH_NEAR, "words of software")                               \
	X(TECH_POST, "words of software in the post")                   \
	X(SHOP_NEAR, "words of trade")                                  \
	X(SHOP_POST, "words of trade in the post")                      \
	X(PAST_NEAR, "words of memory")                                 \
	X(PAST_POST, "words of memory in the post")                     \
	X(BEGIN_NEAR, "words of starts")                                \
	X(BEGIN_POST, "words of starts in the post")                    \
	X(END_NEAR, "words of ends")                                    \
	X(END_POST, "words of ends in the post")                        \
	X(STILL_NEAR, "still, same, remains")                           \
	X(STILL_POST, "still, same, remains in the post")               \
	X(GLAD_NEAR, "words of feeling")                                \
	X(GLAD_POST, "words of feeling in the post")                    \
	X(WHEN_NEAR, "a day or month")                                  \
	X(WHEN_POST, "a day or month in the post")                      \
	X(SPAN_NEAR, "a span of time")                                  \
	X(SPAN_POST, "a span of time in the post")                      \
	X(JOKE_NEAR, "words of jokes")                                  \
	X(JOKE_POST, "words of jokes in the post")                      \
	X(SAY_NEAR, "words of telling")                                 \
	X(SAY_POST, "words of telling in the post")                     \
	X(TALK_NEAR, "words of talks")                                  \
	X(TALK_POST, "words of talks in the post")                      \
	X(PRIZE_NEAR, "words of awards")                                \
	X(PRIZE_POST, "words of awards in the post")                    \
	X(DEAL_NEAR, "words of deals")                                  \
	X(DEAL_POST, "words of deals in the post")                      \
	X(ADVERT_NEAR, "words of adverts")                              \
	X(ADVERT_POST, "words of adverts in the post")                  \
	X(HOME_NEAR, "words of home")                                   \
	X(HOME_POST, "words of home in the post")                       \
	X(INTRO_NEAR, "words of introductions")                         \
	X(INTRO_POST, "words of introductions in the post")             \
	X(AGO_NEAR, "years ago, on, since")                             \
	X(AGO_POST, "years ago, on, since in the post")                 \
	X(YEAR_NEAR, "in a year")                                       \
	X(YEAR_POST, "in a year in the post")                           \
	X(OTHERS, "author, but another's deed")                         \
	X(WHOLE, "somebody, somewhere, a title")                        \
	X(BEGIN_SAME, "starts, and words of starts")                    \
	X(END_SAME, "ends, and words of ends")                          \
	X(PLAIN_NEWS, "somebody, the phrase, somewhere")                \
	X(EMPLOYER_PART, "employer before a common word")               \
	X(OBJECT_LAND, "a country or city behind it")                   \
	X(BARE, "no phrase")                                            \
	X(BARE_OTHER, "no phrase, of another")                          \
	X(BARE_QUIET, "no phrase, no word of change")                   \
	X(BARE_TOLD, "no phrase, of another who talks")                 \
	X(BARE_BEHIND, "no phrase, a name and its title")               \
	X(BARE_FRONT, "no phrase, a title and its name")                \
	X(BARE_LAST, "no phrase, closes the post")                      \
	X(BARE_WORDS, "no phrase, of another, other words")             \
	X(BARE_MY_WORDS, "no phrase, other words")                      \
	X(GROUP_BEGIN, "starts, but all parts stand together")          \
	X(GROUP_END, "ends, and all parts stand together")              \
	X(GROUP_BARE, "no phrase, all parts stand together")            \
	X(BARE_UNTOLD, "no phrase, of another, no start, no end")       \
	X(BARE_DOES, "no phrase, who does something else")              \
	X(BARE_ASIDE, "no phrase, by, with or of somebody")             \
	X(BARE_SIGNED, "no phrase, a sentence of its own")              \
	X(ONE_REASON, "all parts and a phrase, one subject beside")     \
	X(PERSON_APART, "a comma before the person")                    \
	X(EMPLOYER_APART, "a comma before the employer")                \
	X(EMPLOYER_NUMBER, "employer is a number")                      \
	X(EMPLOYER_OPENS, "employer opens a sentence")                  \
	X(LONE, "no phrase, nor two parts that touch")

enum feature {
#define X(id, name) FEATURE_##id,
	FEATURE_LIST(X)
#undef X
		FEATURES_PLAIN,
};
#define FEATURE_CUE FEATURES_PLAIN             /* + enum cue_kind */
#define FEATURE_VETO (FEATURE_CUE + CUE_KINDS) /* + vocabulary_reason() */

struct features {
	uint8_t value[FEATURES_MAX];
};
_Static_assert(FEATURE_VETO + VETO_REASONS_MAX <= FEATURES_MAX, "features have room");

void features_read(const struct move_finder *f, const struct frame *x, struct features *out);
/* Static; "" for a place that is not used. */
const char *feature_name(const struct vocabulary *v, size_t feature);

/* clause.c: what stands around the phrase in its clause. */
void clause_read(const struct move_finder *f, const struct frame *x, struct features *out);
/* Joined, or a rise where the employer is the same. */
enum move_event frame_event(const struct frame *x, const struct features *v);

/* weights.c, made by tests/quality/train_moves.py: tenths of a point. */
struct weight {
	const char *name;
	int points;
};
extern const struct weight weights[];
extern const size_t weights_n;

/* weigh.c: looks up what each feature is worth. */
void weights_read(struct move_finder *f);

#endif
