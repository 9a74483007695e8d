# What a connector outside the tree is built with; connectors/example is one.
harkincludedir = $(includedir)/hark
harkinclude_HEADERS = connectors/connector.h
pkgconfigdir = $(libdir)/pkgconfig
nodist_pkgconfig_DATA = connectors/hark-connector.pc
connectordir = $(pkglibdir)/connectors
installdirs-local:
	$(MKDIR_P) '$(DESTDIR)$(connectordir)'
exampledir = $(docdir)/example-connector
dist_example_DATA = connectors/example/Makefile connectors/example/example.c
examplesamplesdir = $(exampledir)/samples
dist_examplesamples_DATA = connectors/example/samples/example.jsonl \
	connectors/example/samples/example.txt

libhark_a_SOURCES += \
	connectors/collect.c connectors/collect.h \
	connectors/parse/base64.c connectors/parse/base64.h \
	connectors/parse/charset.c connectors/parse/charset.h \
	connectors/parse/date.c connectors/parse/date.h \
	connectors/parse/entity.h \
	connectors/parse/html.c connectors/parse/html.h \
	connectors/parse/html_entity.c \
	connectors/parse/mail.c connectors/parse/mail.h \
	connectors/parse/mail_code.c connectors/parse/mail_code.h \
	connectors/parse/opml.c connectors/parse/opml.h \
	connectors/parse/repair.c \
	connectors/parse/xml.c connectors/parse/xml.h \
	connectors/parse/uri.c connectors/parse/uri.h \
	connectors/alert_mail.c connectors/alert_mail.h \
	connectors/asking.c connectors/asking.h \
	connectors/builtin.h \
	connectors/condition.c connectors/condition.h \
	connectors/cursor.c connectors/cursor.h \
	connectors/definition.c connectors/definition.h \
	connectors/definition_kept.c \
	connectors/definition_paging.c \
	connectors/definition_parts.h \
	connectors/definition_read.c connectors/definition_read.h \
	connectors/definition_request.c \
	connectors/definition_rules.c \
	connectors/definition_settings.c \
	connectors/document.c connectors/document.h \
	connectors/edgar.c \
	connectors/employer.c connectors/employer.h \
	connectors/exec.c \
	connectors/feed.c \
	connectors/feed_doc.c connectors/feed_doc.h \
	connectors/feed_json.c \
	connectors/feed_names.c connectors/feed_names.h \
	connectors/feed_watch.c connectors/feed_watch.h \
	connectors/feed_xml.c \
	connectors/filing.c connectors/filing.h \
	connectors/filing_words.c connectors/filing_words.h \
	connectors/form.c connectors/form.h \
	connectors/id.c connectors/id.h \
	connectors/imap.c \
	connectors/inbound.c \
	connectors/link.c connectors/link.h \
	connectors/mapping.c connectors/mapping.h \
	connectors/move.c connectors/move.h \
	connectors/optout.c connectors/optout.h \
	connectors/paging.c connectors/paging.h \
	connectors/pointer.c connectors/pointer.h \
	connectors/presswire.c \
	connectors/profile.c connectors/profile.h \
	connectors/profile_watch.c \
	connectors/record.c connectors/record.h \
	connectors/registry.c connectors/registry.h \
	connectors/rest.c connectors/rest.h \
	connectors/rest_items.c connectors/rest_parts.h connectors/rest_waits.c \
	connectors/rest_replies.c \
	connectors/roster.c \
	connectors/roster_compare.c connectors/roster_compare.h \
	connectors/roster_state.c connectors/roster_state.h \
	connectors/roster_table.c connectors/roster_table.h \
	connectors/secret_parameter.c connectors/secret_parameter.h \
	connectors/shared.c connectors/shared.h \
	connectors/targets.c \
	connectors/template.c \
	connectors/transform.c connectors/transform.h \
	connectors/transform_expand.c \
	connectors/transform_lists.c \
	connectors/transform_people.c \
	connectors/transform_texts.c \
	connectors/value.c connectors/value.h \
	connectors/verdict.c connectors/verdict.h \
	connectors/watch.h \
	connectors/watch_accounts.c connectors/watch_accounts.h \
	connectors/watch_compare.c connectors/watch_compare.h \
	connectors/watch_look.c \
	connectors/watch_slice.c \
	connectors/watch_state.c connectors/watch_state.h \
	connectors/watch_tell.c

# shipped definitions, each with its samples
definitionsdir = $(pkgdatadir)/connectors
definitionsamplesdir = $(definitionsdir)/samples
include $(srcdir)/connectors/definitions/local.mk
