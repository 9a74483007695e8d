/* DESIGN: what cannot be parsed (no Host, HTTP/2.0, a head without end) libmicrohttpd answers by itself and asks
 * nobody. But its own answers go out by MHD_queue_response(), too, which it calls as everybody does: by its name, and
 * the program's own function of that name comes before the library's (ELF symbol preemption, ld.so(8)). So this one
 * adds the headers to whatever is answered, ours or not. Where a build of the library calls itself in another way, its
 * own answers, fixed texts, would go without; test_http would tell. */
#include "monitor/api/http_places.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef enum MHD_Result (*queue_fn)(
	struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response);

static queue_fn library_queue; /* set once, by look_up() */

static void look_up(void)
{
	void *symbol = dlsym(RTLD_NEXT, "MHD_queue_response");
	memcpy(&library_queue, &symbol, sizeof(library_queue));
}

enum MHD_Result MHD_queue_response(
	struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, look_up);
	const char *const *h = places_headers(connection);
	for (; h != NULL && h[0] != NULL; h += 2) {
		MHD_add_response_header(response, h[0], h[1]);
	}
	return library_queue != NULL ? library_queue(connection, status, response) : MHD_NO;
}
