/* A scripted HTTP peer on loopback, inside the test: one thread accepts, one thread a connection
 * calls the script for each request. Connections are kept as long as the script wishes. */
#ifndef HARK_TESTS_SERVER_H
#define HARK_TESTS_SERVER_H

#include "monitor/base/str.h"

struct server;
struct server_conn;

struct server_request {
	const char *method, *path; /* path with its query */
	const char *head;          /* all header lines, as sent */
	struct str body;
	int number;    /* counts from 1 on this server, */
	int on_conn;   /* and on this connection */
	int64_t at_ms; /* steady clock, when the head was complete */
};

/* Answers with server_say(); called on the connection's thread. */
typedef void (*server_fn)(struct server_conn *c, const struct server_request *r, void *ctx);

/* Listens on `ip` (NULL: 127.0.0.1) and a free port. Aborts the test program on failure. */
struct server *server_new(const char *ip, server_fn fn, void *ctx);
/* Ends every connection and thread. */
void server_free(struct server *s);
int server_port(const struct server *s);
/* Connections accepted and requests read so far. */
int server_accepts(struct server *s);
int server_requests(struct server *s);
/* Requests being answered at the same time: the most seen. */
int server_busiest(struct server *s);

/* False: the peer has gone. */
bool server_say_bytes(struct server_conn *c, const void *bytes, size_t n);
bool server_say(struct server_conn *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A whole answer: "200 OK", more header lines ("A: b\r\n" or ""), body. */
bool server_answer(
	struct server_conn *c, const char *status, const char *headers, const char *body);
/* Returns early, with false, when the server is being freed. */
bool server_sleep(struct server_conn *c, int ms);
/* Closes the connection after this answer. */
void server_hang_up(struct server_conn *c);

/* The value of a header line of a request head, copied; NULL: not there. Owned by the caller. */
char *server_header(const struct server_request *r, const char *name);

#endif
