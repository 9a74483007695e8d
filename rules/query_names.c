/* The names the query language knows. */
#include "rules/query_in.h"

#include "monitor/model/post.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const fields[] = {
	[QUERY_TEXT] = "text",
	[QUERY_TITLE] = "title",
	[QUERY_QUOTED] = "quoted",
	[QUERY_AUTHOR] = "author",
	[QUERY_NAME] = "name",
	[QUERY_BIO] = "bio",
	[QUERY_URL] = "url",
	[QUERY_LINK] = "link",
	[QUERY_SITE] = "site",
	[QUERY_SOURCE] = "source",
	[QUERY_LANG] = "lang",
	[QUERY_COUNTRY] = "country",
	[QUERY_TAGS] = "tag",
	[QUERY_MENTION] = "mention",
	[QUERY_REPLYTO] = "replyto",
	[QUERY_TYPE] = "type",
	[QUERY_HAS] = "has",
	[QUERY_VERIFIED] = "verified",
};

static const char *const numbers[] = {
	[NUMBER_FOLLOWERS] = "followers",
	[NUMBER_FOLLOWING] = "following",
	[NUMBER_LIKES] = "likes",
	[NUMBER_SHARES] = "shares",
	[NUMBER_REPLIES] = "replies",
	[NUMBER_VIEWS] = "views",
	[NUMBER_ENGAGEMENT] = "engagement",
	[NUMBER_AGE_DAYS] = "age_days",
	[NUMBER_SENTIMENT] = "sentiment",
	[NUMBER_SCORE] = "score",
	[NUMBER_RATING] = "rating",
};

static const char *const ops[] = {
	[OP_EQ] = "=",
	[OP_NE] = "!=",
	[OP_LT] = "<",
	[OP_LE] = "<=",
	[OP_GT] = ">",
	[OP_GE] = ">=",
	[OP_RANGE] = "..",
};

static const char *const has_values[] = {"link", "image", "video", "tag", "mention", NULL};
static const char *const verified_values[] = {"yes", "no", NULL};
static const char *const type_values[] = {
	"post", "reply", "repost", "quote", "review", "job", "filing", NULL};

const char *query_field_name(enum query_field field)
{
	return fields[field];
}

const char *query_number_name(enum query_number number)
{
	return numbers[number];
}

const char *query_op_name(enum query_op op)
{
	return ops[op];
}

bool field_parse(struct str name, enum query_field *out)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (str_eq_c(name, fields[i])) {
			*out = (enum query_field)i;
			return true;
		}
	}
	return false;
}

bool number_parse(struct str name, enum query_number *out)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (str_eq_c(name, numbers[i])) {
			*out = (enum query_number)i;
			return true;
		}
	}
	return false;
}

const char *field_near(struct str name)
{
	const char *all[COUNT(fields) + COUNT(numbers) + 5];
	size_t n = 0;
	for (size_t i = 0; i < COUNT(fields); i++) {
		all[n++] = fields[i];
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		all[n++] = numbers[i];
	}
	static const char *const others[] = {"any", "all", "case", "raw", "re"};
	for (size_t i = 0; i < COUNT(others); i++) {
		all[n++] = others[i];
	}
	return did_you_mean(name, all, n);
}

bool value_known(enum query_field field, struct str value, const char **near)
{
	const char *const *known = field == QUERY_TYPE       ? type_values
				   : field == QUERY_HAS      ? has_values
				   : field == QUERY_VERIFIED ? verified_values
							     : NULL;
	size_t n = 0;
	*near = NULL;
	if (known == NULL) {
		return true;
	}
	for (; known[n] != NULL; n++) {
		if (str_eq_c(value, known[n])) {
			return true;
		}
	}
	*near = did_you_mean(value, known, n);
	*near = *near != NULL ? *near : known[0];
	return false;
}
