# Manual pages. The lists of commands, options and codes come from the program's own tables.
man_edit = $(SED) -e 's,@sysconfdir\@,$(sysconfdir),g' -e 's,@localstatedir\@,$(localstatedir),g'
man_templates = monitor/man/hark.1.in monitor/man/hark.yaml.5.in monitor/man/harkd.8.in
man_generated = monitor/man/hark.1 monitor/man/hark.yaml.5 monitor/man/harkd.8

noinst_PROGRAMS += monitor/man/mdoc
monitor_man_mdoc_SOURCES = monitor/man/mdoc.c
monitor_man_mdoc_LDADD = $(hark_libs)

EXTRA_DIST += $(man_templates)
CLEANFILES += $(man_generated)
dist_man_MANS += monitor/man/hark-api.7 monitor/man/hark-connectors.7 monitor/man/hark-effects.5 \
	monitor/man/hark-rules.5
nodist_man_MANS = $(man_generated)

$(man_generated): monitor/man/mdoc$(EXEEXT) $(man_templates)
	$(AM_V_GEN)monitor/man/mdoc$(EXEEXT) $(srcdir)/$@.in | $(man_edit) >$@.new && \
		test -s $@.new && mv $@.new $@
