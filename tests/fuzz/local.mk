# Fuzz targets. Every build replays the corpora in `make check`; a build with --enable-fuzzers links
# them with libFuzzer instead: `./tests/fuzz/fuzz_feed -max_total_time=60 CORPUS`.
fuzz_targets = \
	tests/fuzz/fuzz_copy \
	tests/fuzz/fuzz_company_name \
	tests/fuzz/fuzz_csv \
	tests/fuzz/fuzz_match \
	tests/fuzz/fuzz_move \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_roster \
	tests/fuzz/fuzz_rules \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_tone \
	tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_definition \
	tests/fuzz/fuzz_events \
	tests/fuzz/fuzz_feed \
	tests/fuzz/fuzz_filing \
	tests/fuzz/fuzz_headers \
	tests/fuzz/fuzz_html \
	tests/fuzz/fuzz_imap \
	tests/fuzz/fuzz_inbound \
	tests/fuzz/fuzz_mail \
	tests/fuzz/fuzz_opml \
	tests/fuzz/fuzz_person_name \
	tests/fuzz/fuzz_post_json \
	tests/fuzz/fuzz_rest \
	tests/fuzz/fuzz_signature \
	tests/fuzz/fuzz_url \
	tests/fuzz/fuzz_watch \
	tests/fuzz/fuzz_websocket

if FUZZERS
fuzz_driver =
fuzz_replays =
fuzz_link = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += $(fuzz_targets)
else
fuzz_driver = tests/fuzz/replay.c
fuzz_link = $(AM_LDFLAGS)
if SANITIZER_THREAD
EXTRA_PROGRAMS += $(fuzz_targets)
else
check_PROGRAMS += $(fuzz_targets)
endif
fuzz_replays = $(fuzz_targets)
endif

tests_fuzz_fuzz_person_name_SOURCES = tests/fuzz/fuzz_person_name.c tests/fuzz/fuzz.h $(fuzz_driver)
tests_fuzz_fuzz_person_name_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_company_name_SOURCES = tests/fuzz/fuzz_company_name.c tests/fuzz/fuzz.h $(fuzz_driver)
tests_fuzz_fuzz_company_name_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_copy_SOURCES = tests/fuzz/fuzz_copy.c tests/fuzz/fuzz.h $(fuzz_driver)
tests_fuzz_fuzz_copy_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_date_SOURCES = tests/fuzz/fuzz_date.c tests/fuzz/fuzz.h $(fuzz_driver)
tests_fuzz_fuzz_date_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_feed_SOURCES = tests/fuzz/fuzz_feed.c $(fuzz_driver)
tests_fuzz_fuzz_feed_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_definition_SOURCES = tests/fuzz/fuzz_definition.c $(fuzz_driver)
tests_fuzz_fuzz_definition_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_signature_SOURCES = tests/fuzz/fuzz_signature.c $(fuzz_driver)
tests_fuzz_fuzz_signature_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_events_SOURCES = tests/fuzz/fuzz_events.c $(fuzz_driver)
tests_fuzz_fuzz_events_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_rest_SOURCES = tests/fuzz/fuzz_rest.c $(fuzz_driver)
tests_fuzz_fuzz_rest_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c $(fuzz_driver)
tests_fuzz_fuzz_html_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_inbound_SOURCES = tests/fuzz/fuzz_inbound.c $(fuzz_driver)
tests_fuzz_fuzz_inbound_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_imap_SOURCES = tests/fuzz/fuzz_imap.c $(fuzz_driver)
tests_fuzz_fuzz_imap_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_mail_SOURCES = tests/fuzz/fuzz_mail.c $(fuzz_driver)
tests_fuzz_fuzz_mail_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_opml_SOURCES = tests/fuzz/fuzz_opml.c $(fuzz_driver)
tests_fuzz_fuzz_opml_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_post_json_SOURCES = tests/fuzz/fuzz_post_json.c $(fuzz_driver)
tests_fuzz_fuzz_post_json_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_filing_SOURCES = tests/fuzz/fuzz_filing.c $(fuzz_driver)
tests_fuzz_fuzz_filing_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_headers_SOURCES = tests/fuzz/fuzz_headers.c $(fuzz_driver)
tests_fuzz_fuzz_headers_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_url_SOURCES = tests/fuzz/fuzz_url.c $(fuzz_driver)
tests_fuzz_fuzz_url_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_watch_SOURCES = tests/fuzz/fuzz_watch.c $(fuzz_driver)
tests_fuzz_fuzz_watch_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_websocket_SOURCES = tests/fuzz/fuzz_websocket.c $(fuzz_driver)
tests_fuzz_fuzz_websocket_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c $(fuzz_driver)
tests_fuzz_fuzz_csv_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_match_SOURCES = tests/fuzz/fuzz_match.c $(fuzz_driver)
tests_fuzz_fuzz_match_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_move_SOURCES = tests/fuzz/fuzz_move.c $(fuzz_driver)
tests_fuzz_fuzz_move_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_tone_SOURCES = tests/fuzz/fuzz_tone.c $(fuzz_driver)
tests_fuzz_fuzz_tone_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c $(fuzz_driver)
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_roster_SOURCES = tests/fuzz/fuzz_roster.c $(fuzz_driver)
tests_fuzz_fuzz_roster_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_rules_SOURCES = tests/fuzz/fuzz_rules.c $(fuzz_driver)
tests_fuzz_fuzz_rules_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(fuzz_driver)
tests_fuzz_fuzz_text_LDFLAGS = $(fuzz_link)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/replay.c
