# rules: words, queries, lists, matching
libhark_a_SOURCES += \
	rules/anchor.c \
	rules/big.h \
	rules/block.c rules/block.h \
	rules/content.c rules/content.h \
	rules/copy.c rules/copy.h rules/copy_in.h \
	rules/copy_known.c rules/copy_words.c \
	rules/classify/bare.c rules/classify/clause.c rules/classify/cues.c \
	rules/classify/cues_left.c rules/classify/cues_plain.c rules/classify/cues_beside.c \
	rules/classify/features.c rules/classify/features.h rules/classify/parting.c rules/classify/parting.h \
	rules/classify/topics.c rules/classify/weights.c rules/classify/wording.c rules/classify/wording.h \
	rules/classify/wording_event.c rules/classify/wording_event.h rules/classify/wording_event_table.c \
	rules/classify/wording_net.c rules/classify/wording_net.h rules/classify/wording_net_table.c \
	rules/classify/wording_table.c rules/classify/wording_units.c \
	rules/classify/roles.c rules/classify/roles.h rules/classify/roles_table.c \
	rules/classify/fit.c rules/classify/fit_employer.c rules/classify/fit_title.c rules/classify/pick.c rules/classify/weigh.c rules/classify/frame.h \
	rules/classify/gaps.c rules/classify/given.c rules/classify/names.c rules/classify/people.c rules/classify/titles.c \
	rules/classify/effective.c rules/classify/effective.h \
	rules/classify/move.c rules/classify/move.h rules/classify/move_json.c \
	rules/classify/spans.c rules/classify/spans.h \
	rules/classify/tone.c rules/classify/tone.h rules/classify/tone_json.c rules/classify/tone_language.c \
	rules/classify/tone_aspects.c rules/classify/tone_aspects.h \
	rules/classify/tone_claims.c rules/classify/tone_claims.h \
	rules/classify/tone_clauses.c rules/classify/tone_clauses.h \
	rules/classify/tone_cues.c rules/classify/tone_cues.h \
	rules/classify/tone_features.c rules/classify/tone_features.h rules/classify/tone_keys.h \
	rules/classify/tone_limits.c rules/classify/tone_limits.h \
	rules/classify/tone_model.c rules/classify/tone_model.h \
	rules/classify/tone_parts.c rules/classify/tone_parts.h \
	rules/classify/tone_scan.c rules/classify/tone_scan.h \
	rules/classify/tone_sums.c rules/classify/tone_sums.h \
	rules/classify/tone_turns.c rules/classify/tone_turns.h \
	rules/classify/tone_weights.c rules/classify/tone_whole.c rules/classify/tone_whole.h \
	rules/classify/tone_words.c rules/classify/tone_words.h \
	rules/classify/vetoes.c \
	rules/classify/vocabulary.c rules/classify/vocabulary.h \
	rules/classify/words.c \
	rules/check.c rules/check.h \
	rules/draft.c rules/draft.h \
	rules/eval.c rules/eval.h rules/eval_in.h \
	rules/eval_find.c rules/eval_keep.c rules/eval_meta.c rules/eval_words.c \
	rules/explain.c rules/explain.h rules/explain_in.h \
	rules/explain_flip.c rules/explain_miss.c \
	rules/file.c rules/file.h \
	rules/file_rule.c \
	rules/filter.h \
	rules/finding.c \
	rules/fmt.c rules/fmt.h \
	rules/fold.c rules/fold.h \
	rules/frequency.c rules/frequency.h \
	rules/index.c rules/index.h \
	rules/link.c rules/link.h \
	rules/lint.c rules/lint.h rules/lint_in.h \
	rules/lint_cost.c rules/lint_never.c rules/lint_same.c \
	rules/lists.c rules/lists.h rules/lists_in.h \
	rules/lists_file.c rules/lists_from.c rules/lists_name.c rules/lists_row.c \
	rules/match.c \
	rules/names.c rules/names.h rules/names_in.h \
	rules/names_find.c rules/names_same.c \
	rules/near_miss.c rules/near_miss.h \
	rules/need.c rules/need.h \
	rules/pack.c rules/pack.h \
	rules/query.h rules/query_in.h \
	rules/query_format.c \
	rules/query_atom.c rules/query_field.c rules/query_names.c rules/query_parse.c \
	rules/query_print.c rules/query_slot.c \
	rules/query_scan.c rules/query_words.c \
	rules/regex.c rules/regex.h rules/roles.h \
	rules/rule.h rules/rules.h \
	rules/rule_lists.c rules/rule_lists.h \
	rules/ruleset.c rules/ruleset.h rules/ruleset_in.h \
	rules/ruleset_lists.c \
	rules/ruletest.c \
	rules/run.h \
	rules/selftest.c rules/selftest.h \
	rules/slot.c rules/slot.h rules/slot_number.c rules/slot_words.c \
	rules/scan.c rules/scan.h rules/scan_plain.c rules/scan_signs.c rules/scan_tag.c \
	rules/sample.c rules/sample.h \
	rules/scope.c rules/scope.h \
	rules/text.c rules/text.h \
	rules/token_hash.c rules/token_hash.h

# shipped packs
packsdir = $(pkgdatadir)/rules/packs
dist_packs_DATA = \
	rules/packs/case-study.yaml \
	rules/packs/competitor-switch.yaml \
	rules/packs/complaint.yaml \
	rules/packs/hiring.yaml \
	rules/packs/job-move.yaml \
	rules/packs/mention.yaml \
	rules/packs/pain.yaml \
	rules/packs/praise.yaml \
	rules/packs/purchase-announced.yaml \
	rules/packs/purchase-intent.yaml \
	rules/packs/purchase-topic.yaml \
	rules/packs/question.yaml \
	rules/packs/regulated.yaml \
	rules/packs/sensitive.yaml \
	rules/packs/weak-signals.yaml

# What follows from a job move (hark-effects(5)); beside the packs.
effectsdir = $(pkgdatadir)/rules
dist_effects_DATA = rules/effects.yaml

# What people are told who are held here without having been asked; beside the packs.
noticesdir = $(pkgdatadir)/rules/notices
dist_notices_DATA = \
	rules/notices/de.yaml \
	rules/notices/en.yaml \
	rules/notices/es.yaml \
	rules/notices/fr.yaml \
	rules/notices/it.yaml \
	rules/notices/nl.yaml \
	rules/notices/pl.yaml \
	rules/notices/pt.yaml

# What the tone of a post is told by, and the tool that made it: the only user of liblinear, not built by `make`.
modeldir = $(pkgdatadir)/classify
dist_model_DATA = rules/classify/tone.model
EXTRA_PROGRAMS += rules/classify/tone_train
rules_classify_tone_train_LDADD = $(hark_libs) -llinear -lm

EXTRA_DIST += tests/fixtures/rules
