/* In place of the inbox, where hark is built without it. */
#include "monitor/web/web.h"

#include <stddef.h>

const struct web_asset web_assets[] = {{.path = NULL}};
const char *const web_pages[] = {NULL};
