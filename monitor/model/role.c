#include "monitor/model/role.h"

#include "monitor/model/lead.h"

static const char *const roles[ROLES] = {
	[ROLE_VIEWER] = "viewer",
	[ROLE_SALES] = "sales",
	[ROLE_SALES_HEAD] = "sales-head",
	[ROLE_MARKETING] = "marketing",
	[ROLE_COMPLIANCE] = "compliance",
	[ROLE_ADMIN] = "admin",
};

static const char *const scopes[SCOPES] = {
	[SCOPE_READ] = "read",
	[SCOPE_WRITE] = "write",
	[SCOPE_METRICS] = "metrics",
	[SCOPE_FEED] = "feed",
};

const char *role_name(enum role role)
{
	return roles[role];
}

const char *scope_name(enum scope scope)
{
	return scopes[scope];
}

bool role_parse(struct str name, enum role *out)
{
	for (int i = 0; i < ROLES; i++) {
		if (str_eq_c(name, roles[i])) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

bool scope_parse(struct str name, enum scope *out)
{
	for (int i = 0; i < SCOPES; i++) {
		if (str_eq_c(name, scopes[i])) {
			*out = (enum scope)i;
			return true;
		}
	}
	return false;
}

bool role_works(enum role role)
{
	return role != ROLE_VIEWER;
}

bool role_keeps_references(enum role role)
{
	return role == ROLE_MARKETING || role == ROLE_SALES_HEAD || role == ROLE_ADMIN;
}

const char *role_class(enum role role)
{
	return role == ROLE_ADMIN ? NULL : roles[role];
}

bool role_sees(enum role role, struct str class)
{
	return lead_class_seen(class, str_c(role_class(role)));
}
