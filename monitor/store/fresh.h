/* A new store is made aside, whole, and put in its place with one sync: made where it is to stand, each step
 * would wait for the disk so that a start that breaks off leaves nothing that cannot be read. */
#ifndef HARK_STORE_FRESH_H
#define HARK_STORE_FRESH_H

#include <stdbool.h>

/* Makes the store of a file that is not there yet; where that fails nothing is there, and whoever opens the
 * place next makes it and says what is wrong. Of two that do it at once the first wins: true for that one. */
bool fresh_make(const char *path);

#endif
