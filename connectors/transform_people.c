/* Steps that know what people write of themselves (transform.h). */
#include "connectors/transform.h"

#include "connectors/employer.h"

static bool keep(struct work *w, struct value *v, struct str (*read)(struct str text))
{
	struct str found = read(value_text(v, w->arena));
	struct str copy = arena_str(w->arena, found);
	*v = (struct value){.kind = VALUE_TEXT, .text = copy};
	return copy.n > 0;
}

bool transform_employer(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return keep(w, v, employer_in_bio);
}

bool transform_company(struct work *w, const struct transform *t, struct value *v)
{
	(void)t;
	return keep(w, v, employer_in_field);
}
