/* Taking steps back: an undo takes back the last step that stands, the next undo the one before it.
 *
 * Histories of leads, references and requests keep both, the step with what it has changed. */
#ifndef HARK_MODEL_UNDO_H
#define HARK_MODEL_UNDO_H

#include "monitor/base/str.h"

#define UNDO_ACTION "undo"

/* Whether the next undo takes back this one of a history, gone through from its newest. `before`: what it would bring
 * back; absent: nothing that can be taken back. *undone: 0 at the newest, of the function's own use. */
bool undo_takes(struct str action, struct str before, size_t *undone);

#endif
