#include "monitor/store/schema.h"

#include "monitor/store/steps.h"

/* Smaller numbers were given out before hark was released. */
#define SCHEMA_FIRST 129

static const char *const whole[] = {schema_sources, schema_posts, schema_leads, schema_outbox,
	schema_people, schema_references, schema_users, schema_search, NULL};

/* What changed since, one text for each version. */
static const char *const later[] = {NULL};

static const struct steps steps = {SCHEMA_FIRST, whole, later};

int schema_version(void)
{
	return steps_version(&steps);
}

int schema_upgrade(struct db *db, int64_t now_ms, struct hark_err *err)
{
	return steps_run(&steps, db, now_ms, err);
}

int schema_check(struct db *db, struct hark_err *err)
{
	return steps_check(&steps, db, err);
}
