/* What the API serves, and that monitor/api/openapi.json says the same. */
#include "tests/unit/unit.h"

#include "monitor/api/api_in.h"
#include "monitor/base/file.h"

#include <ctype.h>
#include <stdio.h>

static json_t *spec;

static int load(void **state)
{
	char path[512];
	const char *top = getenv("top_srcdir");
	struct buf text;
	struct hark_err err = {0};
	(void)state;
	buf_init(&text, 4u << 20);
	snprintf(path, sizeof(path), "%s/monitor/api/openapi.json", top != NULL ? top : "..");
	int rc = file_read(&text, path, &err);
	spec = rc == HARK_OK ? json_read(buf_str(&text), &err) : NULL;
	buf_release(&text);
	if (spec == NULL) {
		fprintf(stderr, "%s\n", err.text);
	}
	return spec != NULL ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	json_decref(spec);
	return 0;
}

static void lower(const char *method, char out[16])
{
	size_t n = strlen(method);
	assert_true(n < 16);
	for (size_t i = 0; i <= n; i++) {
		out[i] = (char)tolower((unsigned char)method[i]);
	}
}

static const json_t *described(const struct route *r)
{
	char method[16];
	lower(r->method, method);
	return json_object_get(json_object_get(json_object_get(spec, "paths"), r->path), method);
}

static const char *need_name(enum need need)
{
	static const char *const names[] = {[NEED_NOBODY] = "nobody",
		[NEED_FEED] = "feed",
		[NEED_METRICS] = "metrics",
		[NEED_READ] = "read",
		[NEED_WORK] = "work",
		[NEED_ADMIN] = "admin",
		[NEED_PRIVACY] = "privacy",
		[NEED_DESK] = "desk"};
	return names[need];
}

static void every_route_is_described_and_who_may(void **state)
{
	(void)state;
	for (const struct route *r = api_routes; r->method != NULL; r++) {
		const json_t *o = described(r);
		if (o == NULL) {
			fail_msg("%s %s is not in openapi.json", r->method, r->path);
		}
		assert_str_is(json_str(o, "x-needs"), need_name(r->need));
	}
}

static void what_is_described_is_served(void **state)
{
	(void)state;
	const char *path, *method;
	json_t *operations, *operation;
	json_object_foreach(json_object_get(spec, "paths"), path, operations)
	{
		json_object_foreach(operations, method, operation)
		{
			char have[16];
			const struct route *r = api_routes;
			for (; r->method != NULL; r++) {
				lower(r->method, have);
				if (strcmp(r->path, path) == 0 && strcmp(have, method) == 0) {
					break;
				}
			}
			if (r->method == NULL) {
				fail_msg("%s %s is described and not served", method, path);
			}
		}
	}
}

/* The names of the query parameters that are described, sorted, with a space behind each. */
static void names_of(const json_t *operation, char *out, size_t size)
{
	const char *sorted[32];
	size_t n = 0, at = 0, i;
	json_t *p;
	json_array_foreach(json_object_get(operation, "parameters"), i, p)
	{
		const char *ref = json_string_value(json_object_get(p, "$ref"));
		const json_t *all =
			json_object_get(json_object_get(spec, "components"), "parameters");
		p = ref != NULL ? json_object_get(all, strrchr(ref, '/') + 1) : p;
		const char *name = json_string_value(json_object_get(p, "name"));
		if (strcmp(json_string_value(json_object_get(p, "in")), "query") == 0) {
			size_t k = n++;
			for (; k > 0 && strcmp(sorted[k - 1], name) > 0; k--) {
				sorted[k] = sorted[k - 1];
			}
			sorted[k] = name;
		}
	}
	out[0] = '\0';
	for (i = 0; i < n; i++) {
		at += (size_t)snprintf(out + at, size - at, "%s ", sorted[i]);
	}
}

static void what_may_be_asked_for_is_described(void **state)
{
	(void)state;
	for (const struct route *r = api_routes; r->method != NULL; r++) {
		const char *names = route_query(r);
		char described_names[512], known[512] = "";
		if (names == NULL) {
			continue;
		}
		names_of(described(r), described_names, sizeof(described_names));
		struct str rest = str_c(described_names), one;
		size_t n = 0, m = 0;
		while (str_split(&rest, ' ', &one)) {
			n += one.n > 0;
			snprintf(known, sizeof(known), " %s ", names);
			char wanted[64];
			snprintf(wanted, sizeof(wanted), " %.*s ", STR_FMT(one));
			if (one.n > 0 && strstr(known, wanted) == NULL) {
				fail_msg("%s refuses %.*s", r->path, STR_FMT(one));
			}
		}
		rest = str_c(names);
		while (str_split(&rest, ' ', &one)) {
			m += one.n > 0;
		}
		if (n != m) {
			fail_msg("%s takes '%s', described is '%s'", r->path, names,
				described_names);
		}
	}
}

/* Every "$ref" in it leads somewhere. */
static void follow(const json_t *node)
{
	const char *key;
	json_t *value;
	size_t i;
	json_object_foreach((json_t *)(uintptr_t)node, key, value)
	{
		if (strcmp(key, "$ref") == 0) {
			struct str rest = str_c(json_string_value(value)), part;
			const json_t *at = spec;
			assert_true(str_split(&rest, '/', &part));
			assert_str_is(part, "#");
			while (str_split(&rest, '/', &part)) {
				at = json_object_getn(at, part.p, part.n);
			}
			if (at == NULL) {
				fail_msg("%s leads nowhere", json_string_value(value));
			}
		}
		follow(value);
	}
	json_array_foreach(node, i, value)
	{
		follow(value);
	}
}

static void references_lead_somewhere_and_names_are_given_once(void **state)
{
	(void)state;
	const char *path, *method;
	json_t *operations, *operation;
	json_t *seen = json_object();
	follow(spec);
	json_object_foreach(json_object_get(spec, "paths"), path, operations)
	{
		json_object_foreach(operations, method, operation)
		{
			const char *id =
				json_string_value(json_object_get(operation, "operationId"));
			assert_non_null(id);
			assert_null(json_object_get(seen, id));
			json_object_set_new(seen, id, json_true());
			assert_non_null(json_object_get(operation, "summary"));
		}
	}
	json_decref(seen);
}

static const struct route *find(const char *method, const char *path, struct str *arg, char *others)
{
	return route_find(str_c(method), str_c(path), arg, others);
}

static void a_path_is_found_with_what_stands_for_its_name(void **state)
{
	(void)state;
	struct str arg;
	char others[METHODS_MAX];
	const struct route *r = find("POST", "/api/v1/leads/lead_7/claim", &arg, others);
	assert_non_null(r);
	assert_string_equal(r->path, "/api/v1/leads/{lead}/claim");
	assert_str_is(arg, "lead_7");
	r = find("HEAD", "/api/v1/leads", &arg, others);
	assert_non_null(r);
	assert_null(arg.p);
	assert_null(find("PUT", "/api/v1/leads", &arg, others));
	assert_string_equal(others, "GET");
	static const char *const nowhere[] = {"/api/v1/leads/", "/api/v1/leads//claim",
		"/api/v1/leads/7/claim/", "/api/v1", "/api/v1/lead", "/api/v1/leads/7/claims", "",
		"/"};
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		assert_null(find("GET", nowhere[i], &arg, others));
		assert_string_equal(others, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_described_and_who_may),
		cmocka_unit_test(what_is_described_is_served),
		cmocka_unit_test(what_may_be_asked_for_is_described),
		cmocka_unit_test(references_lead_somewhere_and_names_are_given_once),
		cmocka_unit_test(a_path_is_found_with_what_stands_for_its_name),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
