#include "monitor/people/who_load.h"

#include "monitor/store/faces.h"

static void take_face(void *ctx, const struct face *f)
{
	who_add(ctx, f->person, f->name, f->title, f->place);
}

static void take_part(void *ctx, enum face_part what, struct str value)
{
	static void (*const add[])(struct who_maker * m, struct str value) = {
		[FACE_HANDLE] = who_add_handle,
		[FACE_EMAIL] = who_add_email,
		[FACE_PROFILE] = who_add_profile,
		[FACE_EMPLOYER] = who_add_employer,
		[FACE_EMPLOYER_DOMAIN] = who_add_employer_domain,
	};
	add[what](ctx, value);
}

int who_load(struct who **out, struct store *s, struct hark_err *err)
{
	struct who_maker *m = who_maker_new();
	if (m == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the people that are known");
	}
	const struct face_reader reader = {take_face, take_part, m};
	int rc = store_faces_each(s, &reader, err);
	if (rc != HARK_OK) {
		who_maker_free(m);
		return rc;
	}
	return who_make(out, m, err);
}
