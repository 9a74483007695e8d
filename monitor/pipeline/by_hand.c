#include "monitor/pipeline/by_hand.h"

struct fetch *fetch_by_hand(const struct conf *c, char agent[CONF_AGENT_MAX], struct hark_err *err)
{
	conf_user_agent(c, agent);
	const struct fetch_options options = {.user_agent = agent,
		.parallel = 1,
		.per_host = 1,
		.timeout_ms = c->http_timeout_ms,
		.connect_timeout_ms = c->http_connect_timeout_ms,
		.max_bytes = (size_t)c->http_max_bytes};
	return fetch_new(&options, err);
}

int by_hand_may_ask(
	const struct conf *c, bool internal, const char *internal_word, struct hark_err *err)
{
	if (c->contact != NULL || internal) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_ESTATE,
		"%s does not say who asks: add operator: { contact: \"mailto:you@your.domain\" }, or %s "
		"if the server is your own",
		c->path, internal_word);
}
