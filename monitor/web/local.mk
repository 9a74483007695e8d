# web: the inbox. Node bundles it into C, which the release tarball holds, so that building from it needs no Node.
web_sources = \
	monitor/web/build.mjs \
	monitor/web/package.json \
	monitor/web/package-lock.json \
	monitor/web/src/alerts/page.js \
	monitor/web/src/answers.js \
	monitor/web/src/api.js \
	monitor/web/src/app.css \
	monitor/web/src/beside.js \
	monitor/web/src/focus.js \
	monitor/web/src/form.js \
	monitor/web/src/help.js \
	monitor/web/src/html.js \
	monitor/web/src/icon.svg \
	monitor/web/src/index.html \
	monitor/web/src/keys.js \
	monitor/web/src/links.js \
	monitor/web/src/login.js \
	monitor/web/src/main.js \
	monitor/web/src/marks.js \
	monitor/web/src/pages.js \
	monitor/web/src/palette.js \
	monitor/web/src/records.js \
	monitor/web/src/route.js \
	monitor/web/src/setup.js \
	monitor/web/src/shell.js \
	monitor/web/src/store.js \
	monitor/web/src/theme.js \
	monitor/web/src/time.js \
	monitor/web/src/ui.js \
	monitor/web/src/words.js \
	monitor/web/src/leads/ask.js \
	monitor/web/src/leads/detail.js \
	monitor/web/src/leads/evidence.js \
	monitor/web/src/leads/list.js \
	monitor/web/src/leads/page.js \
	monitor/web/src/leads/queue.js \
	monitor/web/src/leads/search.js \
	monitor/web/src/leads/steps.js \
	monitor/web/src/overview/charts.js \
	monitor/web/src/overview/numbers.js \
	monitor/web/src/overview/overview.css \
	monitor/web/src/overview/page.js \
	monitor/web/src/overview/plot.js \
	monitor/web/src/people/lists.js \
	monitor/web/src/people/page.js \
	monitor/web/src/people/people.css \
	monitor/web/src/people/person.js \
	monitor/web/src/people/reviews.js \
	monitor/web/src/privacy/due.js \
	monitor/web/src/privacy/page.js \
	monitor/web/src/privacy/privacy.css \
	monitor/web/src/privacy/trail.js \
	monitor/web/src/privacy/who.js \
	monitor/web/src/references/ask.js \
	monitor/web/src/references/beside.js \
	monitor/web/src/references/board.js \
	monitor/web/src/references/detail.js \
	monitor/web/src/references/exchange.js \
	monitor/web/src/references/lists.js \
	monitor/web/src/references/page.js \
	monitor/web/src/references/references.css \
	monitor/web/src/references/reports.js \
	monitor/web/src/references/requests.js \
	monitor/web/src/references/steps.js \
	monitor/web/src/references/words.js \
	monitor/web/src/rules/editor.js \
	monitor/web/src/rules/list.js \
	monitor/web/src/rules/model.js \
	monitor/web/src/rules/page.js \
	monitor/web/src/rules/rules.css \
	monitor/web/src/rules/text.js \
	monitor/web/src/rules/tried.js \
	monitor/web/src/sources/add.js \
	monitor/web/src/sources/coverage.js \
	monitor/web/src/sources/detail.js \
	monitor/web/src/sources/list.js \
	monitor/web/src/sources/model.js \
	monitor/web/src/sources/page.js \
	monitor/web/src/sources/sources.css \
	monitor/web/src/sources/trial.js \
	monitor/web/src/sources/words.js
EXTRA_DIST += $(web_sources)

libhark_a_SOURCES += monitor/web/web.c monitor/web/web.h
if WEB
libhark_a_SOURCES += monitor/web/assets.c
else
libhark_a_SOURCES += monitor/web/none.c
endif

npm_ci = $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
if WEB_MAKE
# The lock file says what is installed, to the byte; scripts of packages do not run.
monitor/web/modules/installed: monitor/web/package.json monitor/web/package-lock.json
	$(AM_V_GEN)$(MKDIR_P) monitor/web/modules && \
	cp $(srcdir)/monitor/web/package.json $(srcdir)/monitor/web/package-lock.json monitor/web/modules && \
	(cd monitor/web/modules && $(npm_ci) --omit=dev >installed.log 2>&1) || { \
		cat monitor/web/modules/installed.log; \
		echo 'npm cannot install what the inbox is made with; ./configure --without-web leaves it out'; false; } >&2
	$(AM_V_at)touch $@
monitor/web/assets.c: monitor/web/modules/installed $(web_sources)
	$(AM_V_GEN)from=`cd $(srcdir) && pwd` && to=`pwd` && cd monitor/web/modules && \
	$(NODE) $$from/monitor/web/build.mjs $$to/$@.new && mv $$to/$@.new $$to/$@ && touch $$to/$@.made
DISTCLEANFILES = monitor/web/assets.c monitor/web/assets.c.made
distclean-local:
	-rm -rf monitor/web/modules
else !WEB_MAKE
if !WEB
monitor/web/assets.c:
	@echo 'a release tarball holds the inbox: configure where Node and npm are' >&2; false
endif
endif !WEB_MAKE
