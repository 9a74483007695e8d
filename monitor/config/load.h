/* What the parts of loading a configuration share. One thread, while conf_load() runs.
 *
 * conf.c finds and orders the files, read.c turns YAML into records by the option table, cross.c
 * checks what no single value can show. Findings gather in `diags`; nothing stops at the first. */
#ifndef HARK_CONFIG_LOAD_H
#define HARK_CONFIG_LOAD_H

#include "monitor/base/yaml.h"
#include "monitor/config/conf.h"
#include "monitor/config/options.h"

/* A route before its receivers are looked up. */
struct loaded_route {
	struct conf_route route; /* first: the option table's offsets count from here */
	const struct yaml_node *to, *node;
	const struct yaml_node *below; /* its routes: */
	size_t above;                  /* in `routes`; SIZE_MAX: it is at the top */
};

/* A source that names a list, which may be defined further on. */
struct waiting_source {
	struct waiting_source *next;
	const struct yaml_node *node;
	size_t at; /* in `sources` */
};

struct loader {
	struct conf *conf; /* strings go into its arena */
	struct str extra;  /* the text of one more file, or absent */
	const char *extra_name;
	struct diags *diags;
	struct arena scratch; /* YAML trees */
	struct conf_list *lists;
	size_t lists_cap;
	struct conf_source *sources;
	size_t sources_cap;
	struct conf_source fresh_source; /* with what goes without saying */
	bool has_fresh_source;
	struct conf_receiver *receivers;
	size_t receivers_cap;
	struct conf_inhibit *inhibits;
	size_t inhibits_n, inhibits_cap;
	struct conf_ref_owner *ref_owners;
	size_t ref_owners_n, ref_owners_cap;
	struct conf_ref_regulated *regulated;
	size_t regulated_n, regulated_cap;
	struct conf_ref_request *ref_requests;
	size_t ref_requests_n, ref_requests_cap;
	struct conf_offer *offers;
	size_t offers_n, offers_cap;
	struct loaded_route *routes;
	size_t routes_cap;
	struct conf_route_test *route_tests;
	size_t route_tests_n, route_tests_cap;
	struct conf_rule_name *rule_names;
	size_t rule_names_n, rule_names_cap;
	const char **rules;
	struct diag_at *rules_at;
	size_t rules_cap, rules_at_cap;
	struct waiting_source *waiting; /* in the scratch arena */
	size_t lists_n, sources_n, receivers_n, routes_n, rules_n;
	bool is_daemon; /* it starts or reloads: a broken connector stops its source alone … */
	const struct conf *running; /* … unless it worked there; NULL: it starts */
	bool no_memory;
};

/* The codes of what conf_load() says. Each has a line in hark.yaml(5). */
#define C_UNKNOWN_KEY "C001"
#define C_SHAPE "C002"
#define C_MISSING "C003"
#define C_VALUE "C004"
#define C_RANGE "C005"
#define C_CHOICE "C006"
#define C_TAKEN "C007"
#define C_NO_SUCH "C008"
#define C_SECRET "C009"
#define C_CONTACT "C010"
#define C_FLOOR "C011"
#define C_CONNECTOR "C012"
#define C_MAIN_ONLY "C013"
#define C_UNREADABLE "C014"
#define C_PLAIN_HTTP "C015"
#define C_UNSIGNED "C016"
#define C_MISFIT "C017"
#define C_IDLE "C018"
#define C_RETENTION "C019"
#define C_LEFT_OUT "C020"
#define C_DEAD_END "C021"
#define C_ROUTE_TEST "C022"
#define C_RESTART "C023"

struct code {
	const char *code, *about, *remedy;
};
/* For the man page; ends with NULL. */
extern const struct code conf_codes[];

/* Puts the section's defaults into `record`. */
void read_defaults(struct loader *l, enum option_section section, void *record);
/* Reads a mapping into `record` by the section's options. */
void read_mapping(
	struct loader *l, const struct yaml_node *node, enum option_section section, void *record);
/* Says that a section has no such key. */
void read_unknown(struct loader *l, const struct yaml_node *key, enum option_section section);
/* An absent or empty value of a collection is none at all, so that all its entries may be
 * commented out. */
bool read_is_empty(const struct yaml_node *node);
/* A finding at a node. */
void read_say(struct loader *l, enum diag_level level, const char *code,
	const struct yaml_node *node, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* A copy in the configuration's arena; NULL only without memory, which is noted. */
const char *read_keep(struct loader *l, struct str text);
/* `path` joined with the folder of the configuration, kept. */
const char *read_join(struct loader *l, struct str path);
/* "a, b and c" of a NULL-terminated or counted list. */
void read_name_all(const char *const *names, size_t n, struct buf *out);

/* Whether a key or a line says that its value is a secret: "token", "password" … */
bool secrets_named(struct str text);
/* Takes away the source lines that may hold a secret, of everything found in `file` so far. `text`
 * is its content. */
void secrets_hide(struct diags *d, const char *file, struct str text);

/* One source with its node, right after reading. */
void cross_list(struct loader *l, const struct yaml_pair *p, const struct conf_list *list);
void cross_source(struct loader *l, const struct yaml_node *node, struct conf_source *s);
void cross_websub(struct loader *l, const struct yaml_node *node, const struct conf_source *s);
void cross_receiver(struct loader *l, const struct yaml_node *node, const struct conf_receiver *r);
/* Whether hubs would reach hark. */
void cross_websub_all(struct loader *l, const struct yaml_node *root);
/* Reads the territory table that the configuration names. */
void cross_territories(struct loader *l);
/* Whether a class of leads is one that somebody may have; a sequence of them likewise. */
void cross_class(struct loader *l, const struct yaml_node *node);
/* Reads the policy of what follows from a job move. */
void cross_effects(struct loader *l);
/* Reads the texts for those who must be told that they are here. */
void cross_notices(struct loader *l, const struct yaml_node *root);
/* What of routes, territories and inhibitions leads nowhere. After routes are resolved. */
void cross_policy(struct loader *l);
/* Whether every entry of `kinds` (may be NULL) is a kind of lead; says so where one is not. */
void cross_kinds(struct loader *l, const struct yaml_node *kinds, bool with_alarms);
void cross_inhibit(struct loader *l, const struct yaml_node *node);
/* Whether what a test of routes names is there. Once all receivers are read. */
void cross_route_tests(struct loader *l);
/* Resolves the receivers of routes and checks the whole. `root`: of the main file. */
void cross_all(struct loader *l, const struct yaml_node *root);

#endif
