/* What hark status says of times in which a source was not heard. */
#include "monitor/cli/report_watch.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/leads/blind.h"

#include <stdio.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))

void report_blind_short(struct cli *cli)
{
	struct desk d;
	struct blind_row *v = NULL;
	size_t n = 0;
	int code = EXIT_DONE;
	int64_t now_ms = clock_wall_ms();
	if (desk_open(&d, cli, STORE_READ_ONLY, &code) == HARK_OK && d.store != NULL &&
		blind_read(d.store, now_ms - 7 * DAY_MS, now_ms, &d.arena, &v, &n, &d.err) ==
			HARK_OK &&
		n > 0) {
		int64_t blind_ms = 0;
		double missed = 0;
		char span[CLOCK_TEXT_MAX];
		for (size_t i = 0; i < n; i++) {
			blind_ms += v[i].until_ms - v[i].from_ms;
			missed += v[i].missed;
		}
		printf("blind      %s of 7 days, all sources together, about %.0f %s missed: hark report blind\n",
			clock_span(blind_ms, span), missed,
			missed > 0.5 && missed < 1.5 ? "lead" : "leads");
	}
	desk_close(&d);
}
