# base: no domain
libhark_a_SOURCES += \
	monitor/base/arena.c monitor/base/arena.h \
	monitor/base/buf.c monitor/base/buf.h \
	monitor/base/cell.c monitor/base/cell.h \
	monitor/base/clock.c monitor/base/clock.h \
	monitor/base/count.c monitor/base/count.h \
	monitor/base/crypto.c monitor/base/crypto.h \
	monitor/base/csv.c monitor/base/csv.h \
	monitor/base/diag.c monitor/base/diag.h \
	monitor/base/err.c monitor/base/err.h \
	monitor/base/events.c monitor/base/events.h \
	monitor/base/file.c monitor/base/file.h \
	monitor/base/fold.c monitor/base/fold.h \
	monitor/base/hash.c monitor/base/hash.h \
	monitor/base/heap.c monitor/base/heap.h \
	monitor/base/hours.c monitor/base/hours.h \
	monitor/base/recur.c monitor/base/recur.h \
	monitor/base/json.c monitor/base/json.h \
	monitor/base/jsonout.c monitor/base/jsonout.h \
	monitor/base/lines.c monitor/base/lines.h \
	monitor/base/listen.c monitor/base/listen.h \
	monitor/base/log.c monitor/base/log.h \
	monitor/base/markup.c monitor/base/markup.h \
	monitor/base/notify_systemd.c monitor/base/notify_systemd.h \
	monitor/base/owner.c monitor/base/owner.h \
	monitor/base/process.c monitor/base/process.h \
	monitor/base/process_mark.c monitor/base/process_mark.h \
	monitor/base/queue.c monitor/base/queue.h \
	monitor/base/rng.h \
	monitor/base/scan.h \
	monitor/base/stats.c monitor/base/stats.h \
	monitor/base/str.c monitor/base/str.h \
	monitor/base/url_key.c monitor/base/url_key.h \
	monitor/base/recode.c monitor/base/recode.h \
	monitor/base/utf8.c monitor/base/utf8.h \
	monitor/base/waiting.c monitor/base/waiting.h \
	monitor/base/yaml.c monitor/base/yaml.h \
	monitor/base/zone.c monitor/base/zone.h

# model: plain records and their JSON form
libhark_a_SOURCES += \
	monitor/model/excerpt.c monitor/model/excerpt.h \
	monitor/model/id.c monitor/model/id.h \
	monitor/model/lead.c monitor/model/lead.h \
	monitor/model/money.c monitor/model/money.h \
	monitor/model/post.c monitor/model/post.h \
	monitor/model/post_scan.c monitor/model/post_scan.h \
	monitor/model/role.c monitor/model/role.h \
	monitor/model/reference.c monitor/model/reference.h \
	monitor/model/report_rows.c monitor/model/report_rows.h \
	monitor/model/score.c monitor/model/score.h \
	monitor/model/search.c monitor/model/search.h \
	monitor/model/sheet.c monitor/model/sheet.h \
	monitor/model/signal.c monitor/model/signal.h \
	monitor/model/step.c monitor/model/step.h \
	monitor/model/undo.c monitor/model/undo.h

# config: YAML to tree to options to struct conf
libhark_a_SOURCES += \
	monitor/config/codes.c \
	monitor/config/conf.c monitor/config/conf.h \
	monitor/config/conf_default.c \
	monitor/config/cross.c monitor/config/cross_policy.c monitor/config/cross_route_test.c \
	monitor/config/cross_effects.c monitor/config/effects.c monitor/config/effects.h \
	monitor/config/cross_notices.c monitor/config/notice.c monitor/config/notice.h \
	monitor/config/cross_websub.c \
	monitor/config/hide.c \
	monitor/config/load.h \
	monitor/config/options.c monitor/config/options.h \
	monitor/config/read.c \
	monitor/config/secret.c \
	monitor/config/source_name.c monitor/config/source_name.h \
	monitor/config/opml_sources.c monitor/config/opml_sources.h \
	monitor/config/sources_file.c monitor/config/sources_file.h \
	monitor/config/values.c monitor/config/values.h \
	monitor/config/yamlout.c monitor/config/yamlout.h

# fetch: curl
libhark_a_SOURCES += \
	monitor/fetch/fetch.c monitor/fetch/fetch.h \
	monitor/fetch/guard.c monitor/fetch/guard.h \
	monitor/fetch/headers.c monitor/fetch/headers.h \
	monitor/fetch/host.c monitor/fetch/host.h \
	monitor/fetch/imap.c monitor/fetch/imap.h \
	monitor/fetch/imap_folder.c monitor/fetch/imap_folder.h \
	monitor/fetch/imap_refusal.c monitor/fetch/imap_refusal.h \
	monitor/fetch/mailbox.c \
	monitor/fetch/retry.c monitor/fetch/retry.h \
	monitor/fetch/smtp.c monitor/fetch/smtp.h \
	monitor/fetch/robots.c monitor/fetch/robots.h \
	monitor/fetch/stream.c monitor/fetch/stream.h \
	monitor/fetch/transfer.c monitor/fetch/transfer.h monitor/fetch/transfer_parts.h \
	monitor/fetch/transfer_failure.c monitor/fetch/transfer_reply.c \
	monitor/fetch/transfer_request.c monitor/fetch/transfer_slot.c \
	monitor/fetch/unpack.c monitor/fetch/unpack.h \
	monitor/fetch/url.c monitor/fetch/url.h \
	monitor/fetch/websocket.c monitor/fetch/websocket.h

# store: driver interface, SQLite, one file of queries per record
libhark_a_SOURCES += \
	monitor/store/alarms.c monitor/store/alarms.h \
	monitor/store/around.c monitor/store/around.h \
	monitor/store/audit.c monitor/store/audit.h \
	monitor/store/decisions.c monitor/store/decisions.h \
	monitor/store/sessions.c monitor/store/sessions.h \
	monitor/store/silences.c monitor/store/silences.h \
	monitor/store/clocks.c monitor/store/clocks.h \
	monitor/store/privacy_find.c monitor/store/privacy_hits.c monitor/store/privacy.h \
	monitor/store/privacy_erase.c monitor/store/privacy_export.c \
	monitor/store/beside.c monitor/store/beside.h \
	monitor/store/clusters.c monitor/store/clusters.h \
	monitor/store/driver.c monitor/store/driver.h \
	monitor/store/driver_ops.h \
	monitor/store/employments.c monitor/store/employments.h \
	monitor/store/build_ups.c monitor/store/build_ups.h \
	monitor/store/encounters.c monitor/store/encounters.h \
	monitor/store/questions.c monitor/store/questions.h \
	monitor/store/repliers.c monitor/store/repliers.h \
	monitor/store/faces.c monitor/store/faces.h \
	monitor/store/favours.c monitor/store/favours.h \
	monitor/store/findings.c monitor/store/findings.h \
	monitor/store/follow.c monitor/store/follow.h \
	monitor/store/fresh.c monitor/store/fresh.h \
	monitor/store/gaps.c monitor/store/gaps.h \
	monitor/store/grow.h \
	monitor/store/happened.c monitor/store/happened.h \
	monitor/store/history.c monitor/store/history.h \
	monitor/store/imports.c monitor/store/imports.h \
	monitor/store/known.c monitor/store/known.h \
	monitor/store/leads.c monitor/store/leads.h \
	monitor/store/listed.c monitor/store/listed.h \
	monitor/store/lock.c monitor/store/lock.h \
	monitor/store/near_misses.c monitor/store/near_misses.h \
	monitor/store/move_effects.c monitor/store/move_effects.h \
	monitor/store/moves.c monitor/store/moves.h monitor/store/moves_read.c \
	monitor/store/near.c monitor/store/near.h \
	monitor/store/network_fs.c monitor/store/network_fs.h \
	monitor/store/leaves.c monitor/store/leaves.h \
	monitor/store/optouts.c monitor/store/optouts.h \
	monitor/store/outbox.c monitor/store/outbox.h \
	monitor/store/outbox_digest.c monitor/store/outbox_digest.h \
	monitor/store/overview.c monitor/store/overview.h \
	monitor/store/marks.c monitor/store/marks.h \
	monitor/store/sums.c monitor/store/sums.h \
	monitor/store/post_scan.c monitor/store/post_scan.h \
	monitor/store/posts.c monitor/store/posts.h \
	monitor/store/profiles.c monitor/store/profiles.h \
	monitor/store/changes.c monitor/store/changes.h \
	monitor/store/reach.c monitor/store/reach.h \
	monitor/store/rechecks.c monitor/store/rechecks.h \
	monitor/store/receivers.c monitor/store/receivers.h \
	monitor/store/record.c monitor/store/record.h \
	monitor/store/record_index.c monitor/store/record_index.h \
	monitor/store/record_table.c monitor/store/record_table.h \
	monitor/store/removed.c monitor/store/removed.h \
	monitor/store/records.c monitor/store/records.h \
	monitor/store/reference_facts.c monitor/store/reference_facts.h \
	monitor/store/reference_reports.c monitor/store/reference_reports.h monitor/store/seen.h \
	monitor/store/references.c monitor/store/references.h \
	monitor/store/deals.c monitor/store/deals.h \
	monitor/store/peeks.c monitor/store/peeks.h \
	monitor/store/requests.c monitor/store/requests.h \
	monitor/store/statements.c \
	monitor/store/refusals.c monitor/store/refusals.h \
	monitor/store/replays.c monitor/store/replays.h \
	monitor/store/restore.c monitor/store/restore.h \
	monitor/store/retention.c monitor/store/retention.h \
	monitor/store/key_rows.c monitor/store/key_rows.h \
	monitor/store/rule_days.c monitor/store/rule_days.h \
	monitor/store/rule_stats.c monitor/store/rule_stats.h \
	monitor/store/schema.c monitor/store/schema.h \
	monitor/store/schema_leads.c monitor/store/schema_outbox.c monitor/store/schema_people.c \
	monitor/store/schema_posts.c monitor/store/schema_references.c monitor/store/schema_sources.c \
	monitor/store/schema_search.c monitor/store/search.c monitor/store/search.h \
	monitor/store/words.c monitor/store/words.h \
	monitor/store/schema_users.c monitor/store/steps.c monitor/store/steps.h \
	monitor/store/reviews.c monitor/store/reviews.h \
	monitor/store/signals.c monitor/store/signals.h \
	monitor/store/source_state.h \
	monitor/store/rates.c monitor/store/rates.h \
	monitor/store/sources.c monitor/store/sources.h \
	monitor/store/sqlite.c \
	monitor/store/store.c monitor/store/store.h \
	monitor/store/referrals.c monitor/store/referrals.h \
	monitor/store/reports.c monitor/store/reports.h monitor/store/staff.h \
	monitor/store/talk.c monitor/store/talk.h \
	monitor/store/ties.c monitor/store/ties.h \
	monitor/store/timeline.c monitor/store/timeline.h \
	monitor/store/undone.h \
	monitor/store/unplaced.c monitor/store/unplaced.h \
	monitor/store/subjects.c monitor/store/subjects.h \
	monitor/store/first_user.c monitor/store/first_user.h \
	monitor/store/users.c monitor/store/users.h \
	monitor/store/verdicts.c monitor/store/verdicts.h \
	monitor/store/voices.h \
	monitor/store/subscriptions.c monitor/store/subscriptions.h \
	monitor/store/story_index.c monitor/store/story_index.h

# people: names of people and companies, who is who
libhark_a_SOURCES += \
	monitor/people/company_domain.c \
	monitor/people/company_name.c monitor/people/company_name.h \
	monitor/people/person_name.c monitor/people/person_name.h monitor/people/person_name_in.h \
	monitor/people/person_name_compare.c \
	monitor/people/person_name_keys.c \
	monitor/people/person_name_words.c \
	monitor/people/review.c monitor/people/review.h \
	monitor/people/romanize.c \
	monitor/people/who.c monitor/people/who.h monitor/people/who_in.h \
	monitor/people/who_keys.c monitor/people/who_load.c monitor/people/who_load.h \
	monitor/people/who_make.c

# people: imports
libhark_a_SOURCES += \
	monitor/people/import.c monitor/people/import.h \
	monitor/people/import_columns.c monitor/people/import_columns.h \
	monitor/people/import_map.c monitor/people/import_map.h \
	monitor/people/import_match.c monitor/people/import_match.h \
	monitor/people/import_row.c monitor/people/import_row.h \
	monitor/people/import_table.c monitor/people/import_table.h \
	monitor/people/import_value.c monitor/people/import_value.h

# leads: life cycle
libhark_a_SOURCES += \
	monitor/leads/alert.c monitor/leads/alert.h \
	monitor/leads/offer.c monitor/leads/offer.h \
	monitor/leads/outward.c monitor/leads/outward.h \
	monitor/leads/owner.c monitor/leads/owner.h \
	monitor/leads/route.c monitor/leads/route.h \
	monitor/leads/blind.c monitor/leads/blind.h \
	monitor/leads/build_up.c monitor/leads/build_up.h \
	monitor/leads/chain.c monitor/leads/chain.h \
	monitor/leads/route_check.c monitor/leads/route_check.h \
	monitor/leads/credit.c monitor/leads/credit.h \
	monitor/leads/decided.c monitor/leads/decided.h \
	monitor/leads/route_ask.c monitor/leads/route_ask.h \
	monitor/leads/route_try.c monitor/leads/route_try.h \
	monitor/leads/clocks.c monitor/leads/clocks.h \
	monitor/leads/table.c monitor/leads/table.h \
	monitor/leads/timeline.c monitor/leads/timeline.h \
	monitor/leads/precision.c monitor/leads/precision.h \
	monitor/leads/recall.c monitor/leads/recall.h \
	monitor/leads/reports.c monitor/leads/reports.h monitor/leads/reports_in.h \
	monitor/leads/reports_desk.c monitor/leads/reports_lift.c \
	monitor/leads/reports_clocks.c monitor/leads/reports_questions.c monitor/leads/reports_staff.c \
	monitor/leads/reports_verdicts.c monitor/leads/reports_watch.c \
	monitor/leads/score.c monitor/leads/score.h \
	monitor/leads/raise.c monitor/leads/raise.h \
	monitor/leads/states.c monitor/leads/states.h \
	monitor/leads/work.c monitor/leads/work.h

# references: who may be asked to speak for us
libhark_a_SOURCES += \
	monitor/references/board.c monitor/references/board.h \
	monitor/references/brief.c monitor/references/brief.h \
	monitor/references/candidates.c monitor/references/candidates.h \
	monitor/references/ask_tell.c monitor/references/ask_tell.h \
	monitor/references/desk_tell.c monitor/references/desk_tell.h \
	monitor/references/gate.c monitor/references/gate.h \
	monitor/references/guard.c monitor/references/guard.h \
	monitor/references/lead_guard.c monitor/references/lead_guard.h \
	monitor/references/lists.c monitor/references/lists.h monitor/references/lists_in.h \
	monitor/references/lists_desk.c monitor/references/lists_outward.c \
	monitor/references/lists_requests.c \
	monitor/references/orphans_tell.c monitor/references/orphans_tell.h \
	monitor/references/outcomes.c monitor/references/outcomes.h \
	monitor/references/owners.c monitor/references/owners.h \
	monitor/references/pack.c monitor/references/pack.h \
	monitor/references/peeks.c monitor/references/peeks.h \
	monitor/references/peers.c monitor/references/peers.h \
	monitor/references/permission.c monitor/references/permission.h \
	monitor/references/rank.c monitor/references/rank.h \
	monitor/references/reader.c monitor/references/reader.h \
	monitor/references/reports.c monitor/references/reports.h \
	monitor/references/reports_in.h monitor/references/reports_value.c \
	monitor/references/request.c monitor/references/request.h \
	monitor/references/request_work.c monitor/references/request_work.h \
	monitor/references/statement.c monitor/references/statement.h \
	monitor/references/value.c monitor/references/value.h \
	monitor/references/work.c monitor/references/work.h

# notify: outbox and receivers
libhark_a_SOURCES += \
	monitor/notify/breaker.c monitor/notify/breaker.h \
	monitor/notify/chat.h \
	monitor/notify/chat_discord.c monitor/notify/chat_slack.c monitor/notify/chat_teams.c \
	monitor/notify/consent.c monitor/notify/consent.h \
	monitor/notify/delivery.c monitor/notify/delivery.h \
	monitor/notify/lane.c monitor/notify/lane.h \
	monitor/notify/line.c monitor/notify/line.h \
	monitor/notify/mail.c monitor/notify/mail.h \
	monitor/notify/message.c monitor/notify/message.h \
	monitor/notify/notice.c monitor/notify/notice.h \
	monitor/notify/notify.c monitor/notify/notify.h monitor/notify/notify_in.h \
	monitor/notify/replay.c monitor/notify/replay.h \
	monitor/notify/notify_trip.c \
	monitor/notify/receiver.h \
	monitor/notify/receiver_chat.c \
	monitor/notify/receiver_exec.c \
	monitor/notify/receiver_file.c \
	monitor/notify/receiver_mail.c \
	monitor/notify/receiver_stdout.c \
	monitor/notify/receiver_webhook.c \
	monitor/notify/sign.c monitor/notify/sign.h \
	monitor/notify/try.c monitor/notify/try.h

# pipeline: scheduler, workers, writer
libhark_a_SOURCES += \
	monitor/pipeline/alarm_tell.c monitor/pipeline/alarm_tell.h \
	monitor/pipeline/aside.c monitor/pipeline/aside.h \
	monitor/pipeline/backtest.c monitor/pipeline/backtest.h \
	monitor/pipeline/batch.h \
	monitor/pipeline/coverage.c monitor/pipeline/coverage.h \
	monitor/pipeline/crowd.c monitor/pipeline/crowd.h \
	monitor/pipeline/due.c monitor/pipeline/due.h \
	monitor/pipeline/emit.c monitor/pipeline/emit.h \
	monitor/pipeline/emit_fold.c monitor/pipeline/emit_fold.h \
	monitor/pipeline/emit_gone.c monitor/pipeline/emit_gone.h \
	monitor/pipeline/emit_lead.c monitor/pipeline/emit_lead.h \
	monitor/pipeline/emit_build_up.c monitor/pipeline/emit_build_up.h \
	monitor/pipeline/emit_question.c monitor/pipeline/emit_question.h \
	monitor/pipeline/emit_referral.c monitor/pipeline/emit_referral.h \
	monitor/pipeline/emit_second.c monitor/pipeline/emit_second.h \
	monitor/pipeline/emit_route.c monitor/pipeline/emit_route.h \
	monitor/pipeline/digest.c monitor/pipeline/digest.h \
	monitor/pipeline/overflow_tell.c monitor/pipeline/overflow_tell.h \
	monitor/pipeline/overhear.c monitor/pipeline/overhear.h \
	monitor/pipeline/emit_effects.c monitor/pipeline/emit_effects.h \
	monitor/pipeline/emit_move.c monitor/pipeline/emit_move.h \
	monitor/pipeline/emit_profile.c monitor/pipeline/emit_profile.h \
	monitor/pipeline/emit_unplaced.c monitor/pipeline/emit_unplaced.h \
	monitor/pipeline/emit_who.c monitor/pipeline/emit_who.h \
	monitor/pipeline/by_hand.c monitor/pipeline/by_hand.h \
	monitor/pipeline/find_feed.c monitor/pipeline/find_feed.h \
	monitor/pipeline/folder.c monitor/pipeline/folder.h \
	monitor/pipeline/habits.c monitor/pipeline/habits.h \
	monitor/pipeline/hear.c monitor/pipeline/hear.h \
	monitor/pipeline/hub.c monitor/pipeline/hub.h \
	monitor/pipeline/introduce.c monitor/pipeline/introduce.h \
	monitor/pipeline/keys.c monitor/pipeline/keys.h \
	monitor/pipeline/mailbox.c monitor/pipeline/mailbox.h \
	monitor/pipeline/more.c monitor/pipeline/more.h \
	monitor/pipeline/auth.c monitor/pipeline/auth.h \
	monitor/pipeline/bucket.c monitor/pipeline/bucket.h \
	monitor/pipeline/budget.c monitor/pipeline/budget.h \
	monitor/pipeline/listen.c monitor/pipeline/listen.h \
	monitor/pipeline/loaded.c monitor/pipeline/loaded.h \
	monitor/pipeline/near_sample.c monitor/pipeline/near_sample.h \
	monitor/pipeline/outage.c monitor/pipeline/outage.h \
	monitor/pipeline/pace.c monitor/pipeline/pace.h \
	monitor/pipeline/poll_health.c monitor/pipeline/poll_health.h \
	monitor/pipeline/poll.c monitor/pipeline/poll.h monitor/pipeline/poll_parts.h \
	monitor/pipeline/poll_move.c monitor/pipeline/poll_request.c monitor/pipeline/poll_take.c \
	monitor/pipeline/preview.c monitor/pipeline/preview.h \
	monitor/pipeline/program.c monitor/pipeline/program.h \
	monitor/pipeline/push.c monitor/pipeline/push.h \
	monitor/pipeline/quiet.h \
	monitor/pipeline/rate.c monitor/pipeline/rate.h \
	monitor/pipeline/recheck.c monitor/pipeline/recheck.h \
	monitor/pipeline/recheck_due.c monitor/pipeline/recheck_due.h \
	monitor/pipeline/rule_diff.c monitor/pipeline/rule_diff.h \
	monitor/pipeline/scheduler.c monitor/pipeline/scheduler.h \
	monitor/pipeline/scheduler_ask.c monitor/pipeline/scheduler_parts.h \
	monitor/pipeline/scheduler_counts.c \
	monitor/pipeline/scheduler_inbox.c \
	monitor/pipeline/scheduler_install.c \
	monitor/pipeline/scheduler_listen.c \
	monitor/pipeline/scheduler_push.c \
	monitor/pipeline/scheduler_stand_in.c \
	monitor/pipeline/rule_names.c monitor/pipeline/rule_names.h \
	monitor/pipeline/setup.c monitor/pipeline/setup.h \
	monitor/pipeline/source.c monitor/pipeline/source.h \
	monitor/pipeline/subscription.c monitor/pipeline/subscription.h \
	monitor/pipeline/syncer.c monitor/pipeline/syncer.h \
	monitor/pipeline/trial.c monitor/pipeline/trial.h \
	monitor/pipeline/websub.c monitor/pipeline/websub.h monitor/pipeline/websub_in.h \
	monitor/pipeline/websub_look.c monitor/pipeline/websub_turn.c \
	monitor/pipeline/worker.c monitor/pipeline/worker.h \
	monitor/pipeline/writer.c monitor/pipeline/writer.h

# api: HTTP server wrapper
libhark_a_SOURCES += \
	monitor/api/api.c monitor/api/api.h monitor/api/api_in.h \
	monitor/api/alerts.c monitor/api/atom.c \
	monitor/api/import_view.c monitor/api/import_view.h monitor/api/imports.c \
	monitor/api/auth.c \
	monitor/api/credit_view.c monitor/api/credit_view.h \
	monitor/api/explain_view.c monitor/api/explain_view.h \
	monitor/api/export.c \
	monitor/api/judged.c monitor/api/judged_view.c monitor/api/judged_view.h \
	monitor/api/leads_why.c \
	monitor/api/receiver_view.c monitor/api/receiver_view.h monitor/api/receivers.c \
	monitor/api/route_view.c monitor/api/route_view.h monitor/api/routes_try.c \
	monitor/api/why_not.c monitor/api/why_not.h monitor/api/why_not_reasons.c monitor/api/why_not_show.c \
	monitor/api/why_view.c monitor/api/why_view.h \
	monitor/api/first_user.c monitor/api/first_user.h \
	monitor/api/moves.c \
	monitor/api/outcomes.c \
	monitor/api/call.c monitor/api/call.h \
	monitor/api/leads.c \
	monitor/api/live.c monitor/api/live.h \
	monitor/api/metrics.c \
	monitor/api/queries.c monitor/api/routes.c \
	monitor/api/connectors.c \
	monitor/api/overview.c \
	monitor/api/report_view.c monitor/api/report_view.h monitor/api/reports.c \
	monitor/api/source_view.c monitor/api/source_view.h \
	monitor/api/sources_add.c monitor/api/sources_in.h monitor/api/sources_opml.c \
	monitor/api/trial_view.c monitor/api/trial_view.h \
	monitor/api/view.c monitor/api/view.h \
	monitor/api/words.c monitor/api/words.h \
	monitor/api/view_trial.c monitor/api/view_trial.h \
	monitor/api/desk.h monitor/api/desk_view.c monitor/api/desk_view.h monitor/api/references.c \
	monitor/api/desk_lists.c monitor/api/desk_work.c monitor/api/list_view.c monitor/api/list_view.h \
	monitor/api/reference_work.c monitor/api/request_work.c \
	monitor/api/review_view.c monitor/api/review_view.h monitor/api/reviews.c \
	monitor/api/known.c monitor/api/rules.c monitor/api/rules_in.h monitor/api/rules_diff_view.c \
	monitor/api/rules_diff_view.h monitor/api/rules_save.c monitor/api/rules_try.c \
	monitor/api/silences.c monitor/api/sources.c \
	monitor/api/search.c monitor/api/view_search.c monitor/api/view_search.h \
	monitor/api/privacy.c monitor/api/view_privacy.c monitor/api/view_privacy.h \
	monitor/api/session.c \
	monitor/api/leave.c \
	monitor/api/page.c monitor/api/page.h \
	monitor/api/status.c \
	monitor/api/throttle.c monitor/api/throttle.h \
	monitor/api/health.c monitor/api/health.h \
	monitor/api/http.c monitor/api/http.h \
	monitor/api/http_gate.c monitor/api/http_gate.h \
	monitor/api/http_headers.c \
	monitor/api/http_places.c monitor/api/http_places.h \
	monitor/api/inlet.c monitor/api/inlet.h monitor/api/inlet_in.h monitor/api/inlet_hub.c \
	monitor/api/signature.c monitor/api/signature.h

# demo: the mock network and its story, which is part of the program
libhark_a_SOURCES += \
	monitor/demo/child.c monitor/demo/child.h \
	monitor/demo/folder.c monitor/demo/folder.h \
	monitor/demo/network.c monitor/demo/network.h \
	monitor/demo/render.c monitor/demo/render.h \
	monitor/demo/story.c monitor/demo/story.h
nodist_libhark_a_SOURCES = monitor/demo/story_text.c
EXTRA_DIST += monitor/demo/story.yaml
CLEANFILES += monitor/demo/story_text.c
monitor/demo/story_text.c: monitor/demo/story.yaml monitor/local.mk
	$(AM_V_GEN)$(MKDIR_P) monitor/demo && { echo 'extern const char story_text[];' && \
	echo 'const char story_text[] =' && \
	$(SED) -e 's/\\/&&/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $(srcdir)/monitor/demo/story.yaml && \
	echo ';'; } > $@-t && mv $@-t $@

# cli: hark, one file per command group
bin_PROGRAMS += hark
hark_SOURCES = monitor/cli/main.c
hark_LDADD = $(hark_libs)
libhark_a_SOURCES += \
	monitor/cli/check.c monitor/cli/check.h \
	monitor/cli/cli.c monitor/cli/cli.h \
	monitor/cli/desk.c monitor/cli/desk.h \
	monitor/cli/explain.c \
	monitor/cli/explain_print.c monitor/cli/explain_print.h \
	monitor/cli/import.c \
	monitor/cli/import_show.c monitor/cli/import_show.h \
	monitor/cli/marks.c monitor/cli/marks.h \
	monitor/cli/connector.c monitor/cli/connector_cli.h \
	monitor/cli/connector_check.c \
	monitor/cli/connector_contract.c \
	monitor/cli/connector_guess.c monitor/cli/connector_guess.h \
	monitor/cli/connector_items.c \
	monitor/cli/connector_members.c monitor/cli/connector_members.h \
	monitor/cli/connector_new.c \
	monitor/cli/connector_reply.c monitor/cli/connector_reply.h \
	monitor/cli/connector_report.c monitor/cli/connector_report.h \
	monitor/cli/connector_run.c \
	monitor/cli/connector_test.c \
	monitor/cli/classify.c \
	monitor/cli/match.c \
	monitor/cli/rules.c \
	monitor/cli/rules_args.c monitor/cli/rules_args.h \
	monitor/cli/rules_cli.h \
	monitor/cli/rules_backtest.c monitor/cli/rules_check.c monitor/cli/rules_diff.c \
	monitor/cli/rules_fmt.c monitor/cli/rules_list.c monitor/cli/rules_test.c \
	monitor/cli/rules_near.c monitor/cli/rules_tune.c \
	monitor/cli/report.c \
	monitor/cli/report_desk.c monitor/cli/report_desk.h \
	monitor/cli/report_references.c monitor/cli/report_references.h \
	monitor/cli/report_print.c monitor/cli/report_print.h \
	monitor/cli/report_watch.c monitor/cli/report_watch.h \
	monitor/cli/routes.c \
	monitor/cli/sheet_print.c monitor/cli/sheet_print.h \
	monitor/cli/names.c monitor/cli/names.h \
	monitor/cli/silence.c \
	monitor/cli/audit.c monitor/cli/backup.c monitor/cli/restore.c \
	monitor/cli/search.c \
	monitor/cli/privacy.c \
	monitor/cli/privacy_due.c monitor/cli/privacy_cli.h \
	monitor/cli/token.c \
	monitor/cli/user.c \
	monitor/cli/parse.c \
	monitor/cli/commands.c monitor/cli/commands.h \
	monitor/cli/daemon_commands.c \
	monitor/cli/leads.c \
	monitor/cli/leads_show.c monitor/cli/leads_show.h \
	monitor/cli/leads_export.c monitor/cli/leads_export.h \
	monitor/cli/leads_filter.c monitor/cli/leads_filter.h \
	monitor/cli/leads_credit.c monitor/cli/leads_credit.h \
	monitor/cli/leads_verdict.c monitor/cli/leads_verdict.h \
	monitor/cli/dedupe.c \
	monitor/cli/demo_command.c \
	monitor/cli/completion.c \
	monitor/cli/notify.c \
	monitor/cli/notify_list.c monitor/cli/notify_list.h \
	monitor/cli/init.c \
	monitor/cli/moves.c \
	monitor/cli/people.c \
	monitor/cli/references.c monitor/cli/references_list.c monitor/cli/references_cli.h \
	monitor/cli/references_brief.c \
	monitor/cli/references_match.c \
	monitor/cli/references_out.c \
	monitor/cli/references_pack.c \
	monitor/cli/references_peeks.c \
	monitor/cli/references_request.c \
	monitor/cli/references_work.c \
	monitor/cli/references_said.c monitor/cli/references_said.h \
	monitor/cli/references_show.c monitor/cli/references_show.h \
	monitor/cli/references_value.c \
	monitor/cli/review.c \
	monitor/cli/print.c monitor/cli/print.h \
	monitor/cli/progress.c monitor/cli/progress.h \
	monitor/cli/sources.c monitor/cli/sources.h \
	monitor/cli/sources_add.c \
	monitor/cli/sources_live.c \
	monitor/cli/sources_list.c \
	monitor/cli/sources_opml.c \
	monitor/cli/table.c monitor/cli/table.h \
	monitor/cli/term.c monitor/cli/term.h \
	monitor/cli/why.c monitor/cli/why.h \
	monitor/cli/why_not.c

# harkd, and how the command line talks to it
libhark_a_SOURCES += \
	monitor/control.c monitor/control.h \
	monitor/daemon.c monitor/daemon.h \
	monitor/daemon_answer.c \
	monitor/daemon_house.c \
	monitor/daemon_http.c \
	monitor/daemon_parts.h \
	monitor/daemon_people.c \
	monitor/daemon_reload.c
sbin_PROGRAMS += harkd
harkd_SOURCES = monitor/main.c
harkd_LDADD = $(hark_libs)

include $(srcdir)/monitor/web/local.mk
include $(srcdir)/monitor/man/local.mk

# bash completion, from the command tables
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = monitor/cli/hark
CLEANFILES += monitor/cli/hark
monitor/cli/hark: hark$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) monitor/cli && ./hark$(EXEEXT) completion bash >$@.new && mv $@.new $@

# What programs read to know the API; tests/unit/test_routes.c holds it to the routes.
dist_pkgdata_DATA = monitor/api/openapi.json
