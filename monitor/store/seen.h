/* What only some may know of moves is nobody else's: neither the job that one tells of nor that another has ended. Pieces
 * of statements; `role` is the placeholder of an access class, NULL: whoever looks sees all. */
#ifndef HARK_STORE_SEEN_H
#define HARK_STORE_SEEN_H

#define MOVE_SEEN(move, role)                                                          \
	" (" role " IS NULL OR NOT EXISTS (SELECT 1 FROM moves hm WHERE hm.id = " move \
	" AND hm.visibility <> 'all' AND hm.visibility <> " role "))"

/* The job of a row of employments goes on, as far as the role knows. */
#define JOB_STANDS(e, role)                                                            \
	MOVE_SEEN(e ".move", role) " AND (" e ".ended_ms IS NULL OR NOT" MOVE_SEEN( \
		e ".ended_move", role) ")"

#endif
