/* Who somebody is to hark, what that lets them do, and which leads it lets them see. Pure. */
#ifndef HARK_MODEL_ROLE_H
#define HARK_MODEL_ROLE_H

#include "monitor/base/str.h"

enum role {
	ROLE_VIEWER,
	ROLE_SALES,
	ROLE_SALES_HEAD,
	ROLE_MARKETING,
	ROLE_COMPLIANCE,
	ROLE_ADMIN,
};
#define ROLES 6

/* What a token may be used for, within what its owner may do. */
enum scope {
	SCOPE_READ,
	SCOPE_WRITE,   /* and read */
	SCOPE_METRICS, /* nothing but /metrics */
	SCOPE_FEED,    /* nothing but the feed, whose address it may be a part of */
};
#define SCOPES 4

const char *role_name(enum role role);
bool role_parse(struct str name, enum role *out);
const char *scope_name(enum scope scope);
bool scope_parse(struct str name, enum scope *out);

/* Everybody but a viewer works leads. */
bool role_works(enum role role);
/* Who looks after references whoever keeps their gate: marketing, the head of sales, an admin. */
bool role_keeps_references(enum role role);
/* The access class of leads (struct lead) that the role sees beside "all": its own name, or, for an admin, every
 * one: NULL. */
const char *role_class(enum role role);
bool role_sees(enum role role, struct str class);

#endif
