/* What a sentence tells somebody to type, said for those who have the pages before them instead. The sentences are those of
 * the command line, where they stay as they are; what is pressed in place of a command stands here alone. Pure. */
#ifndef HARK_API_WORDS_H
#define HARK_API_WORDS_H

#include "monitor/base/buf.h"

void words_for_pages(struct str sentence, struct buf *out);

#endif
