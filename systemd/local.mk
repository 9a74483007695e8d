# systemd: unit, users, folders
systemd_edit = $(SED) -e 's,@sbindir\@,$(sbindir),g' -e 's,@bindir\@,$(bindir),g' \
	-e 's,@sysconfdir\@,$(sysconfdir),g' -e 's,@service_type\@,$(service_type),g' \
	-e 's,@service_watchdog\@,$(service_watchdog),g'

EXTRA_DIST += systemd/hark.service.in systemd/hark.sysusers systemd/hark.tmpfiles.in
CLEANFILES += systemd/hark.service systemd/hark.tmpfiles systemd/hark.conf
nodist_systemdsystemunit_DATA = systemd/hark.service
noinst_DATA = systemd/hark.tmpfiles

systemd/hark.service: $(srcdir)/systemd/hark.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && $(systemd_edit) $(srcdir)/systemd/hark.service.in >$@.new && mv $@.new $@
systemd/hark.tmpfiles: $(srcdir)/systemd/hark.tmpfiles.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && $(systemd_edit) $(srcdir)/systemd/hark.tmpfiles.in >$@.new && mv $@.new $@

# Both are called hark.conf where they are installed.
install-data-local: installdirs-local
	$(MKDIR_P) '$(DESTDIR)$(sysusersdir)' '$(DESTDIR)$(tmpfilesdir)'
	$(INSTALL_DATA) $(srcdir)/systemd/hark.sysusers '$(DESTDIR)$(sysusersdir)/hark.conf'
	$(INSTALL_DATA) systemd/hark.tmpfiles '$(DESTDIR)$(tmpfilesdir)/hark.conf'
uninstall-local:
	rm -f '$(DESTDIR)$(sysusersdir)/hark.conf' '$(DESTDIR)$(tmpfilesdir)/hark.conf'
