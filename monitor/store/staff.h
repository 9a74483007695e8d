/* How statements tell own staff: who has left, and whom an owner names. Conditions on a row p of people. */
#ifndef HARK_STORE_STAFF_H
#define HARK_STORE_STAFF_H

/* Owners are written as a name, as the id in the system they come from ("crm:bea"), or as what stands before the @. */
#define GOES_BY(name)                                                                    \
	"(lower(p.name) = lower(" name ") OR lower(p.external_id) = lower(" name         \
	") OR lower(p.external_id) LIKE '%:' || replace(replace(lower(" name             \
	"), '%', ''), '_', '!_') ESCAPE '!' OR EXISTS (SELECT 1 FROM identities i WHERE" \
	" i.person = p.id AND i.kind = 'email' AND (lower(i.value) = lower(" name        \
	") OR lower(i.value) LIKE replace(replace(lower(" name                           \
	"), '%', ''), '_', '!_') || '@%' ESCAPE '!')))"

/* The name means p, and no colleague of the same name who is still there. */
#define STAFF_ALONE(name)                                                                          \
	GOES_BY(name)                                                                              \
	" AND NOT EXISTS (SELECT 1 FROM people o WHERE o.kind = 'staff' AND o.left_on IS NULL AND" \
	" lower(o.name) = lower(" name ") AND o.id <> p.id)"

/* Has left: by the record, because every job has ended, or because a move led elsewhere. */
#define STAFF_GONE                                                                                 \
	" p.kind = 'staff' AND (p.left_on IS NOT NULL OR (EXISTS (SELECT 1 FROM employments e"     \
	" WHERE e.person = p.id) AND NOT EXISTS (SELECT 1 FROM employments e"                      \
	" WHERE e.person = p.id AND e.ended_ms IS NULL)) OR EXISTS (SELECT 1 FROM employments e"   \
	" JOIN moves m ON m.id = e.move WHERE e.person = p.id AND e.ended_ms IS NULL AND"          \
	" (m.event = 'joined' OR lower(m.from_employer) <> lower(m.to_employer))))"

/* The words of a customer mean p of own staff: the whole name, or the given name of nobody else of us. */
#define STAFF_PRAISED(words)                                                                       \
	" p.kind = 'staff' AND (lower(p.name) = lower(" words ") OR (lower(p.name) LIKE"           \
	" replace(replace(lower(" words "), '%', ''), '_', '!_') || ' %' ESCAPE '!' AND NOT EXISTS" \
	" (SELECT 1 FROM people o WHERE o.kind = 'staff' AND o.id <> p.id AND lower(o.name) LIKE"  \
	" replace(replace(lower(" words "), '%', ''), '_', '!_') || ' %' ESCAPE '!')))"

/* Public handles of own staff s: an author a by an identity i. */
#define STAFF_AUTHORS                                                     \
	" authors a JOIN identities i ON i.kind = 'handle'"               \
	" AND i.value IN (a.handle, '@' || a.handle, ltrim(a.handle, '@'))" \
	" JOIN people s ON s.id = i.person AND s.kind = 'staff'"

#endif
