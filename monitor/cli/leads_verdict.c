#include "monitor/cli/leads_verdict.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/leads/work.h"
#include "monitor/model/id.h"

#include <stdio.h>

static int read_word(struct cli *cli, const char *word, bool *good)
{
	*good = strcmp(word, "relevant") == 0;
	return *good || strcmp(word, "not-relevant") == 0
		       ? EXIT_DONE
		       : cli_usage(cli, "a verdict is relevant or not-relevant, not '%s'", word);
}

static void say_done(struct cli *cli, const struct lead *lead, bool good, struct str reason)
{
	char id[ID_TEXT_MAX];
	id_text(ID_LEAD, lead->id, id);
	if (!cli_json(cli)) {
		printf("%s is %s\n", id, good ? "relevant" : "not relevant");
		return;
	}
	struct buf out;
	struct jsonout j;
	buf_init(&out, 65536);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_c(&j, "lead", id);
	jsonout_key_bool(&j, "relevant", good);
	jsonout_key_str(&j, "reason", reason);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

int leads_verdict(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct lead lead;
	int64_t id = 0;
	bool good = false;
	if (argc != 2) {
		return cli_usage(cli, "say LEAD and relevant or not-relevant");
	}
	if (!id_parse(ID_LEAD, str_c(argv[0]), &id)) {
		return cli_usage(cli, "'%s' is not the number of a lead", argv[0]);
	}
	int code = read_word(cli, argv[1], &good);
	struct str reason = str_trim(str_c(cli_value(cli, "reason")));
	if (code == EXIT_DONE && !good && str_empty(reason)) {
		code = cli_usage(cli, "what is not relevant needs a reason: --reason TEXT");
	}
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		rc = lead_judge(d.store, id, good, reason, desk_actor(cli), clock_wall_ms(),
			&d.arena, &lead, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		say_done(cli, &lead, good, reason);
	}
	desk_close(&d);
	return code;
}
