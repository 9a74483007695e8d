#include "monitor/pipeline/program.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TIMEOUT_MS 60000
#define SECRET_MAX 8192
#define VARIABLE_MAX (SECRET_MAX + 128 * 1024)
#define STDERR_MAX 200

struct program {
	struct arena arena;
	const char **argv, **env; /* end with NULL */
	size_t env_n;
	char *secrets[4]; /* owned, for wiping */
	size_t secrets_n;
	const char *dir, *mark;
	struct str input;
	int64_t timeout_ms;
	size_t output_max;
};

void program_free(struct program *p)
{
	if (p == NULL) {
		return;
	}
	for (size_t i = 0; i < p->secrets_n; i++) {
		crypto_wipe(p->secrets[i], strlen(p->secrets[i]));
		free(p->secrets[i]);
	}
	arena_release(&p->arena);
	free(p);
}

/* --- what it gets --- */

static bool is_variable(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return n > 0 && name[n] == '\0' && (name[0] < '0' || name[0] > '9');
}

static void add_variable(struct program *p, const char *name, const char *value)
{
	struct buf text;
	buf_init(&text, VARIABLE_MAX);
	buf_printf(&text, "%s=", name);
	buf_add_c(&text, value);
	p->env[p->env_n++] = arena_c(&p->arena, buf_str(&text));
	buf_release(&text);
}

/* By which all it starts is known. */
static void add_mark(struct program *p)
{
	static atomic_ulong runs;
	char text[80];
	snprintf(text, sizeof(text), "%ld.%llx.%lx", (long)getpid(),
		(unsigned long long)clock_wall_ms(), atomic_fetch_add(&runs, 1));
	add_variable(p, "HARK_RUN", text);
	p->mark = p->env[p->env_n - 1];
}

static int add_secret(struct program *p, const struct source *src, size_t i, struct hark_err *err)
{
	const char *name = src->conf->secret_names[i];
	struct buf text;
	if (!is_variable(name)) {
		return hark_err_set(err, HARK_EINVAL,
			"the secret '%.60s' is given to the program as a variable and needs a name "
			"of letters, digits and '_'",
			name);
	}
	buf_init(&text, SECRET_MAX);
	buf_printf(&text, "%s=", name);
	int rc = conf_secret(&src->conf->secrets[i], src->setup->conf->base_dir, &text, err);
	char *kept = rc == HARK_OK ? strdup(buf_c(&text)) : NULL;
	crypto_wipe_buf(&text);
	if (rc == HARK_OK && kept == NULL) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory to run it");
	}
	if (kept != NULL) {
		p->secrets[p->secrets_n++] = kept;
		p->env[p->env_n++] = kept;
	}
	return rc;
}

static int add_environment(struct program *p, const struct source *src,
	const struct fetch_request *request, struct hark_err *err)
{
	int rc = HARK_OK;
	add_variable(p, "HARK_SOURCE", src->conf->name);
	add_mark(p);
	for (size_t i = 0; i < request->headers_n; i++) {
		add_variable(p, request->headers[i].name, request->headers[i].value);
	}
	for (size_t i = 0; i < src->conf->secrets_n && rc == HARK_OK; i++) {
		rc = add_secret(p, src, i, err);
	}
	p->env[p->env_n++] = PROCESS_ENV_LANG;
	p->env[p->env_n++] = PROCESS_ENV_PATH;
	return rc;
}

int program_new(struct program **out, const struct source *src, const struct fetch_request *request,
	struct hark_err *err)
{
	struct program *p = calloc(1, sizeof(*p));
	if (p == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to run it");
	}
	arena_init(&p->arena, 4u << 20);
	p->argv = arena_alloc(&p->arena, (src->args_n + 2) * sizeof(*p->argv));
	p->env = arena_alloc(&p->arena, (request->headers_n + 9) * sizeof(*p->env));
	int rc = p->argv != NULL && p->env != NULL ? add_environment(p, src, request, err)
						   : HARK_ENOMEM;
	if (p->argv != NULL) {
		p->argv[0] = arena_c(&p->arena, str_c(request->url));
		for (size_t i = 0; i < src->args_n; i++) {
			p->argv[i + 1] = arena_c(&p->arena, str_c(src->args[i]));
		}
	}
	p->dir = arena_c(&p->arena, str_c(src->setup->conf->base_dir));
	p->input = request->body.n > 0 ? arena_str(&p->arena, request->body) : STR_NONE;
	p->timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS;
	p->output_max = request->max_bytes;
	if (rc == HARK_ENOMEM || p->arena.rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory to run it");
	}
	if (rc != HARK_OK) {
		program_free(p);
		return rc;
	}
	*out = p;
	return HARK_OK;
}

/* --- how it goes --- */

static void add_header(struct fetch_reply *reply, const char *name, struct str value)
{
	buf_add(&reply->headers, name, strlen(name) + 1);
	buf_add_str(&reply->headers, value);
	buf_add_char(&reply->headers, '\0');
	reply->headers_n++;
}

/* The last line of what it said on standard error, without what would disturb a terminal. */
static struct str last_words(const struct process_result *r, char out[STDERR_MAX + 1])
{
	struct str line = str_cut_utf8(process_last_line(r), STDERR_MAX);
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		out[i] = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
	out[line.n] = '\0';
	return str_n(out, line.n);
}

static void judge(
	const struct program *p, const struct process_result *r, struct fetch_reply *reply)
{
	char said[STDERR_MAX + 1], status[24], span[CLOCK_TEXT_MAX];
	const char *name = p->argv[0], *says = "";
	struct str words = last_words(r, said);
	says = words.n > 0 ? ", saying: " : "";
	reply->rc = HARK_EIO;
	switch (r->end) {
	case PROCESS_EXITED:
		reply->rc = HARK_OK;
		reply->status = 200;
		if (r->status != 0) {
			snprintf(status, sizeof(status), "%d", r->status);
			add_header(reply, "Exit-Status", str_c(status));
			add_header(reply, "Stderr", words);
		}
		break;
	case PROCESS_SIGNALLED:
		snprintf(reply->error, sizeof(reply->error), "%.80s: killed by signal %d%s%.100s",
			name, r->status, says, said);
		break;
	case PROCESS_TIMED_OUT:
		snprintf(reply->error, sizeof(reply->error),
			"%.80s: not done within %s, ended%s%.80s", name,
			clock_span(p->timeout_ms, span), says, said);
		break;
	case PROCESS_ABANDONED:
		reply->rc = HARK_EPIPE;
		snprintf(reply->error, sizeof(reply->error), "%.80s: ended, nobody waits for it",
			name);
		break;
	case PROCESS_TOO_MUCH:
		reply->rc = HARK_ELIMIT;
		snprintf(reply->error, sizeof(reply->error),
			"%.80s: ended, it wrote more than %zu bytes (max-body)%s%.80s", name,
			p->output_max, says, said);
		break;
	}
}

void program_run(struct program *p, const atomic_bool *abandon, struct fetch_reply *reply)
{
	struct process_result result;
	const struct process_request request = {.argv = p->argv,
		.env = p->env,
		.dir = p->dir,
		.input = p->input,
		.out = &reply->body,
		.timeout_ms = p->timeout_ms,
		.abandon = abandon,
		.mark = p->mark};
	sigset_t pipe, old;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, &old);
	buf_init(&reply->body, p->output_max);
	buf_init(&reply->headers, 4096);
	int rc = process_run(&request, &result);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	reply->received_ms = clock_wall_ms();
	if (rc != 0) {
		struct hark_err err = {0};
		reply->rc = hark_err_errno(&err, HARK_EIO, rc, "%.100s: cannot run it", p->argv[0]);
		snprintf(reply->error, sizeof(reply->error), "%.250s", err.text);
		return;
	}
	reply->took_ms = result.took_ms;
	judge(p, &result, reply);
}
