/* What a source needs to be subscribed to. */
#include "monitor/config/load.h"

void cross_websub(struct loader *l, const struct yaml_node *node, const struct conf_source *s)
{
	if (s->websub && s->connector != NULL && strcmp(s->connector, "feed") != 0) {
		read_say(l, DIAG_ERROR, C_MISFIT, yaml_get(node, "websub"), NULL,
			"websub goes with connector feed: nothing else names a hub");
	}
}

static const char *name_of(const struct conf_source *s)
{
	return s->name != NULL ? s->name : "a source";
}

/* Only the first source says it: all lack the same. */
static bool lacks(struct loader *l, const struct conf_source *s)
{
	const char *missing = l->conf->http_public_url == NULL ? "public-url"
			      : l->conf->http_listen == NULL   ? "listen"
							       : NULL;
	if (missing != NULL) {
		diags_add(l->diags, DIAG_ERROR, C_MISSING, s->at, STR_NONE,
			strcmp(missing, "listen") == 0
				? "add listen: 127.0.0.1:8787 to http:"
				: "add public-url: \"https://hark.example.com\" to http:, the "
				  "address of a proxy that hands on /in/",
			"'%s' cannot be subscribed to: http.%s is missing, so no hub reaches hark",
			name_of(s), missing);
	}
	return missing != NULL;
}

/* The pages of the inbox ask for what is at the root of their host. */
static void check_public_path(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *http = yaml_get(root, "http");
	struct str rest = str_c(l->conf->http_public_url);
	size_t scheme = str_find(rest, STR("://"));
	if (http == NULL || http->kind != YAML_MAPPING || scheme == SIZE_MAX) {
		return;
	}
	rest = str_n(rest.p + scheme + 3, rest.n - scheme - 3);
	size_t slash = str_find(rest, STR("/"));
	if (slash != SIZE_MAX && slash + 1 < rest.n && strchr("?#", rest.p[slash + 1]) == NULL) {
		read_say(l, DIAG_WARNING, C_MISFIT, yaml_get(http, "public-url"),
			"give it a host name of its own to use the inbox there",
			"public-url: hubs and mails reach hark below a path, the inbox and the link for "
			"its first user do not");
	}
}

static void check_public_url(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *http = yaml_get(root, "http");
	const struct yaml_node *url =
		http != NULL && http->kind == YAML_MAPPING ? yaml_get(http, "public-url") : NULL;
	if (url != NULL && l->conf->http_public_url != NULL &&
		(memchr(url->text.p, '?', url->text.n) != NULL ||
			memchr(url->text.p, '#', url->text.n) != NULL)) {
		read_say(l, DIAG_ERROR, C_VALUE, url, NULL,
			"public-url: nothing may stand behind the path: write https://host or "
			"https://host/path");
	}
}

void cross_websub_all(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *http = yaml_get(root, "http");
	bool is_refused =
		http != NULL && http->kind == YAML_MAPPING &&
		((l->conf->http_public_url == NULL && yaml_get(http, "public-url") != NULL) ||
			(l->conf->http_listen == NULL && yaml_get(http, "listen") != NULL));
	check_public_url(l, root);
	check_public_path(l, root);
	for (size_t i = 0; i < l->sources_n; i++) {
		const struct conf_source *s = &l->sources[i];
		if (s->websub && s->stands_for != NULL) {
			diags_add(l->diags, DIAG_ERROR, C_MISFIT, s->at, STR_NONE,
				"take websub away",
				"'%s' stands in for '%s' and is heard only while that fails: it "
				"cannot be subscribed to",
				name_of(s), s->stands_for);
		}
	}
	for (size_t i = 0; i < l->sources_n && !is_refused; i++) {
		if (l->sources[i].websub && lacks(l, &l->sources[i])) {
			return;
		}
	}
}
