/* In a history, whether a step still stands: model/undo.h, in SQL. */
#ifndef HARK_STORE_UNDONE_H
#define HARK_STORE_UNDONE_H

/* `e` is a row of `events`, whose column `of` says whose history it is. Taken back it is where some undo behind it ends
 * more steps than were taken in between. */
#define STEP_STANDS(events, of, e)                                                           \
	" NOT EXISTS (SELECT 1 FROM " events " u WHERE u." of " = " e "." of " AND u.id > " e \
	".id AND u.action = 'undo' AND 0 < (SELECT sum(CASE x.action WHEN 'undo' THEN 1"     \
	" ELSE -1 END) FROM " events " x WHERE x." of " = " e "." of " AND x.id > " e ".id"  \
	" AND x.id <= u.id AND x.before IS NOT NULL))"

#endif
