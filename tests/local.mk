# Every test is a program that speaks TAP. Unit tests mirror the tree: monitor/base/buf.c is
# tests/unit/test_buf.c.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	HARK_WEB='$(web_built)'; export HARK_WEB; NODE='$(NODE)'; export NODE; CHROMIUM='$(CHROMIUM)'; export CHROMIUM; \
	WEB_MODULES='$(abs_top_builddir)/tests/web/modules'; export WEB_MODULES; \
	WEB_PICTURES='$(abs_top_builddir)/tests/web/pictures'; export WEB_PICTURES; \
	HARK_PACKS='$(abs_top_srcdir)/rules/packs'; export HARK_PACKS; \
	HARK_MODELS='$(abs_top_srcdir)/rules/classify'; export HARK_MODELS; \
	HARK_DEFINITIONS='$(abs_top_srcdir)/connectors/definitions'; export HARK_DEFINITIONS; \
	HARK_CONNECTORS='$(abs_top_builddir)/no-connectors'; export HARK_CONNECTORS; \
	PYTHON='$(PYTHON)'; export PYTHON; MANDOC='$(MANDOC)'; export MANDOC; \
	SYSTEMD_ANALYZE='$(SYSTEMD_ANALYZE)'; export SYSTEMD_ANALYZE;

if HAVE_CMOCKA
unit_tests = \
	tests/unit/test_politeness \
	tests/unit/test_hostile \
	tests/unit/test_bounds \
	tests/unit/test_alarms \
	tests/unit/test_arena \
	tests/unit/test_auth \
	tests/unit/test_breaker \
	tests/unit/test_bucket \
	tests/unit/test_buf \
	tests/unit/test_cell \
	tests/unit/test_chat \
	tests/unit/test_charset \
	tests/unit/test_collect \
	tests/unit/test_clusters \
	tests/unit/test_company_name \
	tests/unit/test_conf \
	tests/unit/test_control \
	tests/unit/test_copy \
	tests/unit/test_count \
	tests/unit/test_coverage \
	tests/unit/test_crowd \
	tests/unit/test_crypto \
	tests/unit/test_csv \
	tests/unit/test_date \
	tests/unit/test_demo_child \
	tests/unit/test_demo_folder \
	tests/unit/test_demo_network \
	tests/unit/test_definition \
	tests/unit/test_diag \
	tests/unit/test_due \
	tests/unit/test_edgar \
	tests/unit/test_effects \
	tests/unit/test_effort \
	tests/unit/test_emit \
	tests/unit/test_employer \
	tests/unit/test_eval_find \
	tests/unit/test_encounters \
	tests/unit/test_events \
	tests/unit/test_explain \
	tests/unit/test_excerpt \
	tests/unit/test_feed \
	tests/unit/test_fetch \
	tests/unit/test_file \
	tests/unit/test_filing \
	tests/unit/test_fetch_dns \
	tests/unit/test_folder \
	tests/unit/test_fmt \
	tests/unit/test_fresh \
	tests/unit/test_gaps \
	tests/unit/test_guard \
	tests/unit/test_habits \
	tests/unit/test_hash \
	tests/unit/test_headers \
	tests/unit/test_hear \
	tests/unit/test_host \
	tests/unit/test_heap \
	tests/unit/test_hours \
	tests/unit/test_recur \
	tests/unit/test_digest \
	tests/unit/test_html \
	tests/unit/test_hub \
	tests/unit/test_http \
	tests/unit/test_imap \
	tests/unit/test_import \
	tests/unit/test_inbound \
	tests/unit/test_json \
	tests/unit/test_keys \
	tests/unit/test_lane \
	tests/unit/test_leads \
	tests/unit/test_leads_cli \
	tests/unit/test_lines \
	tests/unit/test_lint \
	tests/unit/test_lists \
	tests/unit/test_log \
	tests/unit/test_mail \
	tests/unit/test_mail_out \
	tests/unit/test_mailbox \
	tests/unit/test_match \
	tests/unit/test_move \
	tests/unit/test_moves \
	tests/unit/test_names \
	tests/unit/test_near \
	tests/unit/test_notify \
	tests/unit/test_opml \
	tests/unit/test_options \
	tests/unit/test_outbox \
	tests/unit/test_outage \
	tests/unit/test_overhear \
	tests/unit/test_pace \
	tests/unit/test_person_name \
	tests/unit/test_politeness_kinds \
	tests/unit/test_poll \
	tests/unit/test_post \
	tests/unit/test_query \
	tests/unit/test_questions \
	tests/unit/test_queue \
	tests/unit/test_quiet \
	tests/unit/test_recheck \
	tests/unit/test_receivers \
	tests/unit/test_permission \
	tests/unit/test_reference_guard \
	tests/unit/test_request \
	tests/unit/test_references \
	tests/unit/test_rest \
	tests/unit/test_rest_replies \
	tests/unit/test_rest_waits \
	tests/unit/test_retention \
	tests/unit/test_retry \
	tests/unit/test_reviews \
	tests/unit/test_robots \
	tests/unit/test_roster \
	tests/unit/test_rule_stats \
	tests/unit/test_rulefile \
	tests/unit/test_scan \
	tests/unit/test_scheduler \
	tests/unit/test_search \
	tests/unit/test_secret \
	tests/unit/test_build_up \
	tests/unit/test_credit \
	tests/unit/test_value \
	tests/unit/test_timeline \
	tests/unit/test_route \
	tests/unit/test_routes \
	tests/unit/test_score \
	tests/unit/test_selftest \
	tests/unit/test_signal \
	tests/unit/test_signature \
	tests/unit/test_slot \
	tests/unit/test_pages \
	tests/unit/test_parting \
	tests/unit/test_steps \
	tests/unit/test_store \
	tests/unit/test_syncer \
	tests/unit/test_stream \
	tests/unit/test_subscription \
	tests/unit/test_story_index \
	tests/unit/test_str \
	tests/unit/test_table \
	tests/unit/test_template \
	tests/unit/test_text \
	tests/unit/test_throttle \
	tests/unit/test_tone \
	tests/unit/test_transform \
	tests/unit/test_uri \
	tests/unit/test_users \
	tests/unit/test_values \
	tests/unit/test_watch \
	tests/unit/test_websocket \
	tests/unit/test_who \
	tests/unit/test_writer \
	tests/unit/test_xml \
	tests/unit/test_yaml \
	tests/unit/test_zone

# Those of them that can start a thread. The thread sanitizer has nothing to see in the others, which its
# build leaves out; tests/check-symbols compares this list with what is linked.
threaded_unit_tests = \
	tests/unit/test_control \
	tests/unit/test_demo_folder \
	tests/unit/test_demo_network \
	tests/unit/test_fetch \
	tests/unit/test_fetch_dns \
	tests/unit/test_file \
	tests/unit/test_heap \
	tests/unit/test_leads \
	tests/unit/test_lines \
	tests/unit/test_mailbox \
	tests/unit/test_notify \
	tests/unit/test_politeness \
	tests/unit/test_politeness_kinds \
	tests/unit/test_poll \
	tests/unit/test_queue \
	tests/unit/test_routes \
	tests/unit/test_scheduler \
	tests/unit/test_store \
	tests/unit/test_stream \
	tests/unit/test_syncer \
	tests/unit/test_who \
	tests/unit/test_writer

# It counts allocations by standing in for the C library's own, which a sanitizer does too.
EXTRA_DIST += tests/unit/test_steady.c
if !SANITIZER
unit_tests += tests/unit/test_steady
endif

EXTRA_DIST += tests/fixtures
EXTRA_DIST += tests/unit/unit.h tests/unit/rest_unit.h tests/unit/tmpstore.h tests/unit/rules_unit.h tests/unit/keyed.h \
	tests/unit/zone_file.h tests/unit/names_table.h
# A scripted HTTP peer inside the test.
tests_unit_test_fetch_SOURCES = tests/unit/test_fetch.c tests/unit/server.c tests/unit/server.h
tests_unit_test_stream_SOURCES = tests/unit/test_stream.c tests/unit/server.c tests/unit/server.h
tests_unit_test_fetch_dns_SOURCES = tests/unit/test_fetch_dns.c tests/unit/server.c tests/unit/server.h

# Time, and a network in it, that pass as fast as they are asked.
politeness_shared = tests/unit/politeness_score.c tests/unit/politeness_score.h \
	tests/unit/politeness_world.c tests/unit/politeness_world.h
politeness_ldflags = $(AM_LDFLAGS) -Wl,--wrap=clock_wall_ms \
	-Wl,--wrap=clock_steady_ms -Wl,--wrap=fetch_submit -Wl,--wrap=fetch_wake
tests_unit_test_politeness_SOURCES = tests/unit/test_politeness.c $(politeness_shared)
tests_unit_test_politeness_LDFLAGS = $(politeness_ldflags)
tests_unit_test_politeness_kinds_SOURCES = tests/unit/test_politeness_kinds.c $(politeness_shared)
tests_unit_test_politeness_kinds_LDFLAGS = $(politeness_ldflags)

tests_unit_test_notify_SOURCES = tests/unit/test_notify.c tests/unit/server.c tests/unit/server.h

# The parsers once more, built to report each basic block and each search to the test that counts them.
check_LIBRARIES = tests/unit/libcounted.a
tests_unit_libcounted_a_SOURCES = connectors/optout.c connectors/parse/html.c \
	connectors/parse/html_entity.c connectors/parse/repair.c connectors/parse/xml.c \
	connectors/transform_texts.c monitor/base/str.c
tests_unit_libcounted_a_CPPFLAGS = $(AM_CPPFLAGS) -Dmemchr=counted_memchr -Dmemmem=counted_memmem
tests_unit_libcounted_a_CFLAGS = $(AM_CFLAGS) -fsanitize-coverage=trace-pc
tests_unit_test_effort_LDADD = tests/unit/libcounted.a $(LDADD)

if SANITIZER_THREAD
check_PROGRAMS += $(threaded_unit_tests)
EXTRA_PROGRAMS += $(unit_tests)
else
check_PROGRAMS += $(unit_tests)
endif
LDADD = $(hark_libs) $(CMOCKA_LIBS)
else
LDADD = $(hark_libs)
endif

include $(srcdir)/tests/fuzz/local.mk
include $(srcdir)/tests/oracle/local.mk

# `make bench`: programs that measure, and scripts that run them and print a line each; no test.
bench_programs = \
	tests/bench/bench_clusters \
	tests/bench/bench_load \
	tests/bench/bench_match \
	tests/bench/bench_move \
	tests/bench/bench_parse \
	tests/bench/bench_roster \
	tests/bench/bench_rest \
	tests/bench/bench_store \
	tests/bench/bench_tone \
	tests/bench/bench_who
bench_scripts = \
	tests/bench/bench_alert.py \
	tests/bench/bench_api.py \
	tests/bench/bench_backtest.py \
	tests/bench/bench_fetch.py \
	tests/bench/bench_import.py \
	tests/bench/bench_poll.py \
	tests/bench/bench_stream.py
EXTRA_PROGRAMS += $(bench_programs)
bench_shared = tests/bench/bench_corpus.c tests/bench/bench_corpus.h \
	tests/bench/bench_others.c tests/bench/bench_others.h
tests_bench_bench_load_SOURCES = tests/bench/bench_load.c $(bench_shared)
tests_bench_bench_load_LDADD = $(hark_libs) -lm
tests_bench_bench_match_SOURCES = tests/bench/bench_match.c $(bench_shared)
tests_bench_bench_match_LDADD = $(hark_libs) -lm
tests_bench_bench_clusters_LDADD = $(hark_libs)
tests_bench_bench_move_SOURCES = tests/bench/bench_move.c $(bench_shared)
tests_bench_bench_move_LDADD = $(hark_libs) -lm
tests_bench_bench_tone_SOURCES = tests/bench/bench_tone.c $(bench_shared)
tests_bench_bench_tone_LDADD = $(hark_libs) -lm
tests_bench_bench_who_SOURCES = tests/bench/bench_who.c $(bench_shared)
tests_bench_bench_who_LDADD = $(hark_libs) -lm
tests_bench_bench_store_LDADD = $(hark_libs)
EXTRA_DIST += $(bench_scripts)

EXTRA_DIST += tests/bench/re2_set.cc
CLEANFILES += tests/bench/re2_set

bench: all $(bench_programs) tests/bench/bench_fetch$(EXEEXT)
	@if pkg-config --exists re2 && command -v c++ >/dev/null; then \
		c++ -O2 -o tests/bench/re2_set $(srcdir)/tests/bench/re2_set.cc \
			$$(pkg-config --cflags --libs re2) -pthread; fi
	@rc=0; top_builddir='$(abs_top_builddir)'; export top_builddir; \
	for b in $(bench_programs); do ./$$b || rc=1; done; \
	for b in $(bench_scripts); do top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		$(srcdir)/$$b || rc=1; done; exit $$rc
.PHONY: bench

EXTRA_PROGRAMS += tests/quality/move_frames tests/quality/tone_frames tests/quality/claim_steps
tests_quality_move_frames_LDADD = $(hark_libs)
tests_quality_tone_frames_LDADD = $(hark_libs) -lm
tests_quality_claim_steps_LDADD = -lm

# `make quality`: how well hark reads, on labelled samples; figures, no test.
quality_scripts = tests/quality/packs.py tests/quality/dedupe.py tests/quality/moves.py tests/quality/tone.py
EXTRA_DIST += $(quality_scripts) tests/quality/train_moves.py tests/quality/move_event.py tests/quality/move_net.py tests/quality/move_roles.py tests/quality/train_tone.py tests/quality/statements.py tests/quality/tone-own.tsv \
	tests/quality/clauses-sw10.tsv tests/quality/clauses-sw10-held.tsv \
	tests/quality/clauses-sw11.tsv tests/quality/clauses-sw11-held.tsv tests/quality/clauses-plain.tsv \
	tests/quality/packs.tsv tests/quality/packs-held.tsv \
	tests/quality/dedupe-dev.jsonl tests/quality/dedupe-test.jsonl \
	tests/quality/statements.txt tests/quality/statements-test.jsonl \
	tests/quality/statements-dev.jsonl tests/quality/statements-own.jsonl tests/quality/statements-held.jsonl \
	tests/quality/tone-limits.tsv tests/quality/reviews-own.tsv tests/quality/vendor-own.tsv \
	tests/quality/statements-second.jsonl tests/quality/statements-kept.jsonl tests/quality/statements-third.jsonl \
	tests/quality/statements-fourth.jsonl tests/quality/statements-fourth-held.jsonl \
	tests/quality/statements-fifth.jsonl tests/quality/statements-fifth-held.jsonl \
	tests/quality/statements-sixth.jsonl tests/quality/statements-sixth-held.jsonl \
	tests/quality/statements-seventh.jsonl tests/quality/statements-seventh-held.jsonl \
	tests/quality/statements-eighth.jsonl tests/quality/statements-eighth-held.jsonl \
	tests/quality/statements-ninth.jsonl tests/quality/statements-ninth-held.jsonl \
	tests/quality/statements-tenth.jsonl tests/quality/statements-tenth-held.jsonl \
	tests/quality/statements-eleventh.jsonl tests/quality/statements-eleventh-held.jsonl \
	tests/quality/statements-twelfth.jsonl tests/quality/statements-twelfth-held.jsonl \
	tests/quality/statements-thirteenth.jsonl tests/quality/statements-thirteenth-held.jsonl \
	tests/quality/statements-fourteenth.txt tests/quality/statements-fourteenth-held.txt \
	tests/quality/statements-fifteenth.txt tests/quality/statements-fifteenth-held.txt \
	tests/quality/statements-sixteenth.txt tests/quality/statements-sixteenth-held.txt \
	tests/quality/statements-seventeenth.txt tests/quality/statements-seventeenth-held.txt \
	tests/quality/statements-eighteenth.txt tests/quality/statements-eighteenth-held.txt \
	tests/quality/statements-nineteenth.txt tests/quality/statements-nineteenth-held.txt \
	tests/quality/statements-twentieth.txt tests/quality/statements-twentieth-held.txt \
	tests/quality/statements-twentyfirst.txt tests/quality/statements-twentyfirst-held.txt \
	tests/quality/statements-twentysecond.txt tests/quality/statements-twentysecond-held.txt \
	tests/quality/statements-twentythird.txt tests/quality/statements-twentythird-held.txt \
	tests/quality/moves.txt tests/quality/moves-test.jsonl tests/quality/moves-dev.jsonl \
	tests/quality/moves-own.jsonl tests/quality/moves-second.jsonl tests/quality/moves-third.jsonl \
	tests/quality/moves-fourth.jsonl tests/quality/moves-fifth.jsonl tests/quality/moves-sixth.jsonl \
	tests/quality/moves-seventh.jsonl tests/quality/moves-seventh-held.jsonl \
	tests/quality/moves-eighth.jsonl tests/quality/moves-eighth-held.jsonl \
	tests/quality/moves-ninth.jsonl tests/quality/moves-ninth-held.jsonl \
	tests/quality/moves-tenth.jsonl tests/quality/moves-tenth-held.jsonl \
	tests/quality/moves-eleventh.jsonl tests/quality/moves-eleventh-held.jsonl \
	tests/quality/moves-twelfth.jsonl tests/quality/moves-twelfth-held.jsonl \
	tests/quality/moves-thirteenth.jsonl tests/quality/moves-thirteenth-held.jsonl \
	tests/quality/moves-fourteenth.jsonl \
	tests/quality/moves-fifteenth.jsonl tests/quality/moves-fifteenth-held.jsonl \
	tests/quality/moves-sixteenth.jsonl tests/quality/moves-sixteenth-held.jsonl \
	tests/quality/moves-seventeenth.jsonl tests/quality/moves-seventeenth-held.jsonl \
	tests/quality/moves-eighteenth.jsonl \
	tests/quality/moves-nineteenth.jsonl tests/quality/moves-nineteenth-held.jsonl \
	tests/quality/moves-twentieth.jsonl tests/quality/moves-twentieth-held.jsonl \
	tests/quality/moves-twentyfirst.jsonl tests/quality/moves-twentyfirst-held.jsonl \
	tests/quality/moves-twentysecond.jsonl tests/quality/moves-twentysecond-held.jsonl \
	tests/quality/moves-twentythird.jsonl tests/quality/moves-twentythird-held.jsonl \
	tests/quality/moves-twentyfourth.jsonl \
	tests/quality/lists

quality: all
	@rc=0; for q in $(quality_scripts); do HARK_PACKS='$(abs_top_srcdir)/rules/packs' \
		top_builddir='$(abs_top_builddir)' $(PYTHON) -B $(srcdir)/$$q || rc=1; done; exit $$rc
.PHONY: quality

# Scripts that speak TAP; run with the environment above. Those of the second list run programs of one
# thread, or none: the thread sanitizer has nothing to see there.
test_scripts = \
	tests/notify \
	tests/sources
one_thread_scripts = \
	tests/check-fixtures \
	tests/check-symbols \
	tests/classify \
	tests/config-broken \
	tests/connectors \
	tests/dedupe \
	tests/imports \
	tests/init \
	tests/roster \
	tests/rules-broken \
	tests/rules-cli \
	tests/rules-tools \
	tests/systemd/exposure
EXTRA_DIST += tests/fixtures/config
# The sources, the pages, quickstart and whether the comparison finds a planted bug are the same in every build.
one_build_scripts = \
	tests/check-includes \
	tests/cli-docs \
	tests/oracle/planted \
	tests/quickstart
dist_check_SCRIPTS = $(test_scripts) $(one_thread_scripts) $(one_build_scripts)

# The real daemon against a scripted network, in Python. They are listed where Python and PyYAML are.
# Those that take longest come first.
python_tests = \
	tests/integration/test_reference_stories.py \
	tests/integration/test_streams.py \
	tests/integration/test_audit.py \
	tests/integration/test_poll.py \
	tests/integration/test_imap.py \
	tests/integration/test_websub.py \
	tests/integration/test_rest.py \
	tests/integration/test_changes.py \
	tests/integration/test_people.py \
	tests/integration/test_rule_tools.py \
	tests/integration/test_leaks.py \
	tests/integration/test_api_rules.py \
	tests/integration/test_privacy.py \
	tests/integration/test_desk_stories.py \
	tests/fault/test_kill.py \
	tests/integration/test_abi.py \
	tests/integration/test_alarms.py \
	tests/integration/test_api.py \
	tests/integration/test_api_live.py \
	tests/integration/test_api_login.py \
	tests/integration/test_api_records.py \
	tests/integration/test_api_reference_work.py \
	tests/integration/test_api_overview.py \
	tests/integration/test_api_references.py \
	tests/integration/test_api_sources.py \
	tests/integration/test_api_tables.py \
	tests/integration/test_bad_sources.py \
	tests/integration/test_budget.py \
	tests/integration/test_connector_new.py \
	tests/integration/test_connector_run.py \
	tests/integration/test_coverage.py \
	tests/integration/test_chats.py \
	tests/integration/test_digests.py \
	tests/integration/test_demo.py \
	tests/integration/test_disk.py \
	tests/integration/test_exec.py \
	tests/integration/test_fallback.py \
	tests/integration/test_health.py \
	tests/integration/test_hours.py \
	tests/integration/test_imports.py \
	tests/integration/test_inbound.py \
	tests/integration/test_life.py \
	tests/integration/test_lines.py \
	tests/integration/test_mail.py \
	tests/integration/test_man.py \
	tests/integration/test_peer.py \
	tests/integration/test_search.py \
	tests/integration/test_profiles.py \
	tests/integration/test_receivers.py \
	tests/integration/test_recheck.py \
	tests/integration/test_reload.py \
	tests/integration/test_optout.py \
	tests/integration/test_desk.py \
	tests/integration/test_move_stories.py \
	tests/integration/test_reports.py \
	tests/integration/test_review.py \
	tests/integration/test_stories.py \
	tests/integration/test_statements.py \
	tests/integration/test_users.py \
	tests/integration/test_watch.py \
	tests/integration/test_web.py
stories = \
	tests/stories/desk/a-friend-with-a-code.yaml \
	tests/stories/desk/before-the-first-call.yaml \
	tests/stories/desk/held-for-the-digest.yaml \
	tests/stories/desk/in-confidence.yaml \
	tests/stories/desk/kept-quiet.yaml \
	tests/stories/desk/named-together.yaml \
	tests/stories/desk/nobody-answered.yaml \
	tests/stories/desk/rival-in-the-thread.yaml \
	tests/stories/desk/second-degree.yaml \
	tests/stories/desk/stage-by-stage.yaml \
	tests/stories/desk/weak-signals.yaml \
	tests/stories/desk/who-knows-whom.yaml \
	tests/stories/desk/what-adds-up.yaml \
	tests/stories/desk/who-gets-it.yaml \
	tests/stories/desk/whose-sale-it-is.yaml \
	tests/stories/moves/moved-twice.yaml \
	tests/stories/moves/one-move-four-effects.yaml \
	tests/stories/moves/retirement-plans.yaml \
	tests/stories/mention-and-more.yaml \
	tests/stories/one-person-many-posts.yaml \
	tests/stories/references/asked.yaml \
	tests/stories/references/capped.yaml \
	tests/stories/references/favours.yaml \
	tests/stories/references/found.yaml \
	tests/stories/references/late.yaml \
	tests/stories/references/merged.yaml \
	tests/stories/references/one-signal-two-teams.yaml \
	tests/stories/references/orphaned.yaml \
	tests/stories/references/outside.yaml \
	tests/stories/references/requests.yaml \
	tests/stories/references/value.yaml \
	tests/stories/references/waiting.yaml \
	tests/stories/replies-and-noise.yaml \
	tests/stories/syndicated-release.yaml \
	tests/stories/who-wrote-it.yaml
python_modules = \
	tests/integration/apiclient.py \
	tests/integration/board.py \
	tests/integration/community.py \
	tests/integration/daemon.py \
	tests/integration/imappeer.py \
	tests/integration/peer.py \
	tests/integration/smtppeer.py tests/integration/streampeer.py \
	tests/integration/tap.py
EXTRA_DIST += $(python_tests) $(python_modules) $(stories) tests/integration/helper_only.c
TEST_EXTENSIONS = .py
PY_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_COMPILER = $(PYTHON)
AM_PY_LOG_FLAGS = -B

# The inbox in a browser, once: where Node, npm and Chromium are, and in no sanitizer build.
check_DATA =
EXTRA_DIST += tests/web/browse.py tests/web/browser.mjs tests/web/inbox.mjs tests/web/test_inbox.py
EXTRA_DIST += tests/web/desk.mjs tests/web/test_desk.py
EXTRA_DIST += tests/web/overview.mjs tests/web/test_overview.py
EXTRA_DIST += tests/web/rules.mjs tests/web/test_rules.py
EXTRA_DIST += tests/web/sources.mjs tests/web/test_sources.py
if BROWSER_TESTS
check_DATA += tests/web/modules/installed
tests/web/modules/installed: monitor/web/package.json monitor/web/package-lock.json
	$(AM_V_GEN)$(MKDIR_P) tests/web/modules && \
	cp $(srcdir)/monitor/web/package.json $(srcdir)/monitor/web/package-lock.json tests/web/modules && \
	(cd tests/web/modules && $(npm_ci) >installed.log 2>&1) || { cat tests/web/modules/installed.log >&2; false; }
	$(AM_V_at)touch $@
clean-local:
	-rm -rf tests/web/modules tests/web/pictures
endif

if HAVE_PYTHON
if SANITIZER_THREAD
# For the commands that those run with the hark of the plain build.
check_DATA += tests/integration/helper_only.so
CLEANFILES += tests/integration/helper_only.so
tests/integration/helper_only.so: tests/integration/helper_only.c
	$(AM_V_CC)$(MKDIR_P) tests/integration && $(CC) -shared -fPIC -O1 -o $@ $(srcdir)/tests/integration/helper_only.c
endif
endif

# Every allocation failing in turn, and a disk that fails: not in sanitizer builds, whose allocator cannot be
# replaced and whose library wants to be loaded first.
EXTRA_DIST += tests/fault/failalloc.c tests/fault/test_alloc.py tests/fault/failio.c tests/fault/test_io.py
if !SANITIZER
check_DATA += tests/fault/failalloc.so tests/fault/failio.so
CLEANFILES += tests/fault/failalloc.so tests/fault/failio.so
tests/fault/failalloc.so: tests/fault/failalloc.c
	$(AM_V_CC)$(MKDIR_P) tests/fault && $(CC) -shared -fPIC -O1 -o $@ $(srcdir)/tests/fault/failalloc.c
tests/fault/failio.so: tests/fault/failio.c
	$(AM_V_CC)$(MKDIR_P) tests/fault && $(CC) -shared -fPIC -O1 -o $@ $(srcdir)/tests/fault/failio.c
endif

# Started by tests/bench/bench_fetch.py, which compares it with curl.
EXTRA_PROGRAMS += tests/bench/bench_fetch
tests_bench_bench_fetch_LDADD = $(hark_libs)

# make starts them in this order: what takes long comes first, so that no core waits for the last.
if BROWSER_TESTS
TESTS += tests/web/test_inbox.py tests/web/test_desk.py
endif
if HAVE_PYTHON
TESTS += $(python_tests)
endif
TESTS += $(test_scripts)
if !SANITIZER_THREAD
TESTS += $(one_thread_scripts) $(oracle_tests)
endif
if BROWSER_TESTS
TESTS += tests/web/test_sources.py tests/web/test_overview.py tests/web/test_rules.py
endif
if !SANITIZER
TESTS += $(one_build_scripts)
if HAVE_PYTHON
TESTS += tests/fault/test_alloc.py tests/fault/test_io.py
endif
endif
if HAVE_CMOCKA
if SANITIZER_THREAD
TESTS += $(threaded_unit_tests)
else
TESTS += $(unit_tests)
endif
endif
if !SANITIZER_THREAD
TESTS += $(fuzz_replays)
endif
