/* Lines of a card on standard output. Text of strangers comes without what a terminal would obey. */
#ifndef HARK_CLI_PRINT_H
#define HARK_CLI_PRINT_H

#include "monitor/base/str.h"

void print_clean(struct str s);
/* "name       value"; nothing where there is none. */
void print_field(const char *name, struct str value);
void print_time(const char *name, int64_t at_ms);

#endif
