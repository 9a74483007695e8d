/* The fields a definition may fill, for reading, running and the manual. */
#include "connectors/definition.h"

#define POST(field) offsetof(struct hark_post, field)
#define PROFILE(field) offsetof(struct hark_profile, field)

/* clang-format off */
const struct target post_targets[] = {
	{"external_id", TARGET_TEXT, POST(external_id), "what makes it the same post at the next poll"},
	{"url", TARGET_TEXT, POST(url), "address of the post"},
	{"type", TARGET_CHOICE, POST(type), "post, reply, repost, quote, review, job or filing"},
	{"author.handle", TARGET_TEXT, POST(author.handle), "name of the account"},
	{"author.display_name", TARGET_TEXT, POST(author.display_name), "name for people"},
	{"author.profile_url", TARGET_TEXT, POST(author.profile_url), "address of the account"},
	{"author.bio", TARGET_TEXT, POST(author.bio), "what the author says about themselves"},
	{"author.followers", TARGET_COUNT, POST(author.followers), "who follow the author"},
	{"author.following", TARGET_COUNT, POST(author.following), "whom the author follows"},
	{"author.verified", TARGET_BOOL, POST(author.verified), "whether the network vouches for them"},
	{"published", TARGET_TIME, POST(published), "when it was published"},
	{"edited", TARGET_TIME, POST(edited), "when it was changed"},
	{"title", TARGET_TEXT, POST(title), "title"},
	{"text", TARGET_TEXT, POST(text), "plain text"},
	{"quoted", TARGET_TEXT, POST(quoted), "what it quotes"},
	{"lang", TARGET_TEXT, POST(lang), "language, as en or pt-BR"},
	{"country", TARGET_TEXT, POST(country), "country"},
	{"in_reply_to", TARGET_TEXT, POST(in_reply_to), "id of the post it answers"},
	{"thread", TARGET_TEXT, POST(thread), "id of the conversation"},
	{"engagement.likes", TARGET_COUNT, POST(likes), "likes"},
	{"engagement.replies", TARGET_COUNT, POST(replies), "replies"},
	{"engagement.shares", TARGET_COUNT, POST(shares), "reposts"},
	{"engagement.views", TARGET_COUNT, POST(views), "views"},
	{"engagement.score", TARGET_COUNT, POST(score), "votes"},
	{"engagement.rating", TARGET_COUNT, POST(rating), "stars"},
	{"tags", TARGET_LIST, POST(tags), "tags; all alternatives together"},
	{"mentions", TARGET_LIST, POST(mentions), "accounts it names; all alternatives together"},
	{"links", TARGET_LIST, POST(links), "addresses in it; all alternatives together"},
	{"deleted", TARGET_BOOL, POST(is_deleted), "whether the source says that it is gone"},
	{NULL, TARGET_TEXT, 0, NULL},
};

const struct target profile_targets[] = {
	{"key", TARGET_TEXT, PROFILE(key), "tells people apart where the address may change"},
	{"person", TARGET_TEXT, PROFILE(person), "name of the person"},
	{"handle", TARGET_TEXT, PROFILE(handle), "name of the account, or another id"},
	{"url", TARGET_TEXT, PROFILE(url), "address of the person's page"},
	{"employer", TARGET_TEXT, PROFILE(employer), "the organisation"},
	{"title", TARGET_TEXT, PROFILE(title), "what they are there"},
	{"location", TARGET_TEXT, PROFILE(location), "where"},
	{"bio", TARGET_TEXT, PROFILE(bio), "what the person says about themselves; read, not kept"},
	{"effective", TARGET_TEXT, PROFILE(effective), "from when, as 2026, 2026-09 or 2026-09-01"},
	{"evidence_url", TARGET_TEXT, PROFILE(evidence_url), "where it says so"},
	{"observed", TARGET_TIME, PROFILE(observed), "when the source says it learned of it"},
	{"event", TARGET_CHOICE, PROFILE(event), "listed, joined, left or changed"},
	{NULL, TARGET_TEXT, 0, NULL},
};
/* clang-format on */
