#include "monitor/config/options.h"

#include "monitor/config/conf.h"
#include "monitor/config/load.h"
#include "monitor/config/values.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define DAY (24 * 60 * MINUTE)
#define MIB (INT64_C(1) << 20)

#define CONF(field) offsetof(struct conf, field)
#define LIST(field) offsetof(struct conf_list, field)
#define SOURCE(field) offsetof(struct conf_source, field)
#define RECEIVER(field) offsetof(struct conf_receiver, field)
#define REF_OWNER(field) offsetof(struct conf_ref_owner, field)
#define OFFER(field) offsetof(struct conf_offer, field)
#define REGULATED(field) offsetof(struct conf_ref_regulated, field)
#define REF_REQUEST(field) offsetof(struct conf_ref_request, field)
#define INHIBIT(field) offsetof(struct conf_inhibit, field)
#define ROUTE(field) offsetof(struct conf_route, field)
#define TEST(field) offsetof(struct conf_route_test, field)

static const char *const lawful_bases[] = {"legitimate-interest", "consent", "contract", NULL};
static const char *const visibilities[] = {"public", "private", NULL};
static const char *const digest_leads[] = {"digest", "normal", "all", NULL};
static const char *const when_empty[] = {"daily", "tell", "skip", NULL};
static const char *const warn_or_block[] = {"warn", "block", NULL};
static const char *const open_things[] = {"open-deal", "open-case", NULL};
static const char *const receiver_types[] = {"stdout", "file", "exec", "webhook", "slack", "teams", "discord",
	"mail", NULL};

#define CHATS (1u << RECEIVER_SLACK | 1u << RECEIVER_TEAMS | 1u << RECEIVER_DISCORD)

const struct section sections[SECTIONS] = {
	[SECTION_TOP] = {"the top level", "The top level of the file."},
	[SECTION_OPERATOR] = {"operator", "Who runs this hark."},
	[SECTION_HTTP] = {"http", "How hark fetches, and where it listens."},
	[SECTION_RETENTION] = {"retention", "How long records are kept."},
	[SECTION_PRIVACY] = {"privacy", "What people who are mentioned can do."},
	[SECTION_ALARMS] = {"alarms", "Alarms of sources."},
	[SECTION_SCORE] = {"score",
		"Points that a lead gets beside those of its strongest finding (the rule's score:). The sum, 0 to "
		"100, is absolute: a lead of score 60 is meant to be worth it 60 times of 100."},
	[SECTION_CREDIT] = {"credit",
		"Whose sale it is: weights of those who have a part in a lead. What nobody has goes to the others in "
		"proportion. hark leads credit shows the split and how it came about."},
	[SECTION_VALUE] = {"value",
		"What had a part in a won deal (hark report value). Of the findings about the account, or about somebody "
		"there, the first before the deal was created sources it, for its rule and for its source; all others "
		"until the close influence it. So does each reference that was named or used for it."},
	[SECTION_BUILD_UP] = {"build-up",
		"When signals that are too weak for a lead of their own are one together: those about one account, or "
		"about somebody who works there. Each counts by its score, halved for every half-life since it was "
		"said. The lead lists them and says what each was worth."},
	[SECTION_SECOND] = {"second-degree",
		"When those who reply in public to an announced purchase (a signal of kind purchase-announced) are leads "
		"too. Whoever announced it and your own staff never are."},
	[SECTION_OFFER] = {"offers[]",
		"A code that customers pass on to friends. Whoever wants to buy and names it in public, replies to a "
		"post that does, or is answered with it, is a referral: the lead keeps who recommended, the code, what it promises and what is to "
		"be disclosed. A known customer who recommends so is a reference to be asked, an unknown one is to be "
		"found out."},
	[SECTION_UNANSWERED] = {"unanswered",
		"Questions that are for others to answer first: what rules find in them makes no lead until nobody has "
		"answered for so long. An answer is a later post of another author that replies to the question or stands "
		"in its thread, unless it replies to something else there; hark why-not says who gave it. One that comes "
		"later is noted on the lead."},
	[SECTION_SENSITIVE] = {"sensitive",
		"What rules of flag sensitive find, of health, hardship or children, raises nothing and no text of it is "
		"kept. Whoever has a reason and a right to it lets findings of single rules be like others. Each start and "
		"each reload with it stands in hark audit list."},
	[SECTION_REFERENCES] = {"references",
		"When customers who speak well of you may be asked for more (hark references)."},
	[SECTION_REFERENCE_OWNER] = {"reference-owners[]",
		"Who keeps the gate of references, by the sales model of the account. The first entry that fits and names "
		"somebody who has not left decides; hark references owner shows how. Without any: the partner where the "
		"channel is one, references.marketing where the motion is B2C or B2SB, else the account's owner."},
	[SECTION_REGULATED] = {"regulated[]",
		"Accounts whose praise is for compliance first. All that is given must hold."},
	[SECTION_REFERENCE_REQUEST] = {"reference-requests[]",
		"Requests for a reference that are refused (hark references request): the first entry of which all holds, "
		"whose name is shown. Without any entry one request at a time is open for an opportunity. An opportunity "
		"that is not open, or of which stage or value is not known, is refused in any case."},
	[SECTION_LIST] = {"lists.NAME", "Names that rules look for, from a file or from imported records."},
	[SECTION_SOURCE] = {"sources[]", "What is polled."},
	[SECTION_RECEIVER] = {"receivers[]", "Where alerts can go."},
	[SECTION_ROUTE] = {"routes[]",
		"Which lead alerts which receivers, from the first to the last. Every route that matches is taken, "
		"until one says continue: no. A route may have routes of its own, for leads that match it: among "
		"those the first that matches is taken, unless it says continue: yes, and where none is, the "
		"route's own to is."},
	[SECTION_WHEN] = {"routes[].when", "Conditions of a route; all that are given must hold."},
	[SECTION_ROUTE_TEST] = {"route-tests[]",
		"Leads that never were, and who must be told of them: hark check and hark routes test try them."},
	[SECTION_TEST_LEAD] = {"route-tests[].lead", "What the lead of a test is, and the account it is about."},
	[SECTION_INHIBIT] = {"inhibit[]",
		"When leads about an account are kept quiet: they are in the queue, and hark why says so."},
};

/* clang-format off */
static const char *const list_kinds[] = {"contacts", "accounts", "staff", "products", NULL};
static const char *const answerers[] = {"anyone", "staff", NULL};
static const char *const signal_kinds[] = {"mention", "praise", "complaint", "job-move", "purchase-intent",
	"purchase-announced", "hiring", "question", "pain", NULL};
static const char *const list_needs[] = {"case", "context", "handle", NULL};

const struct option options[] = {
	{SECTION_TOP, "operator", OPTION_SECTION, .sub = SECTION_OPERATOR,
		.about = "Who runs this hark."},
	{SECTION_TOP, "store", OPTION_STORE, CONF(store),
		.about = "The database, as sqlite:PATH. Default: hark.db in the service's state folder."},
	{SECTION_TOP, "control", OPTION_PATH, CONF(control),
		.about = "Socket over which hark talks to harkd. Default: hark.sock beside the database."},
	{SECTION_TOP, "workers", OPTION_COUNT, CONF(workers), "0", 0, 64,
		.about = "Threads that parse and match; 0 takes one for each processor."},
	{SECTION_TOP, "http", OPTION_SECTION, .sub = SECTION_HTTP,
		.about = "How hark fetches, and where it listens."},
	{SECTION_TOP, "lists", OPTION_MAP, .sub = SECTION_LIST, .shared = true,
		.about = "Lists of names, each under a name of its own."},
	{SECTION_TOP, "rules", OPTION_RULES, .shared = true,
		.about = "Rule files: paths, patterns such as rules.d/*.yaml, and shipped packs as packs/NAME."},
	{SECTION_TOP, "sources", OPTION_RECORDS, .sub = SECTION_SOURCE, .shared = true,
		.about = "What is polled."},
	{SECTION_TOP, "receivers", OPTION_RECORDS, .sub = SECTION_RECEIVER, .shared = true,
		.about = "Where alerts can go."},
	{SECTION_TOP, "routes", OPTION_RECORDS, .sub = SECTION_ROUTE, .shared = true,
		.about = "Which lead alerts which receivers."},
	{SECTION_TOP, "route-tests", OPTION_RECORDS, .sub = SECTION_ROUTE_TEST, .shared = true,
		.about = "Leads that never were, and who must be told of them."},
	{SECTION_TOP, "territories", OPTION_PATH, CONF(territories_path),
		.about = "Who owns leads about which accounts: a CSV file with the column owner, and any of territory, "
			"region, industry, segment and product, saved as lists may be. The first row whose cells all fit "
			"decides."},
	{SECTION_TOP, "effects", OPTION_PATH, CONF(effects_path),
		.about = "What follows from a job move: a file of its own, see hark-effects(5). Default: the one that "
			"comes with hark."},
	{SECTION_TOP, "inhibit", OPTION_RECORDS, .sub = SECTION_INHIBIT, .shared = true,
		.about = "When leads about an account are kept quiet."},
	{SECTION_TOP, "retention", OPTION_SECTION, .sub = SECTION_RETENTION,
		.about = "How long records are kept."},
	{SECTION_TOP, "privacy", OPTION_SECTION, .sub = SECTION_PRIVACY,
		.about = "What people who are mentioned can do."},
	{SECTION_TOP, "alarms", OPTION_SECTION, .sub = SECTION_ALARMS,
		.about = "Alarms of sources: silent, stale, failing, refused, gone, or of another format."},

	{SECTION_TOP, "score", OPTION_SECTION, .sub = SECTION_SCORE,
		.about = "Points that a lead gets beside those of its strongest finding."},

	{SECTION_TOP, "credit", OPTION_SECTION, .sub = SECTION_CREDIT,
		.about = "Whose sale it is."},
	{SECTION_TOP, "value", OPTION_SECTION, .sub = SECTION_VALUE,
		.about = "What had a part in a won deal."},
	{SECTION_TOP, "build-up", OPTION_SECTION, .sub = SECTION_BUILD_UP,
		.about = "When weak signals of one account are a lead together."},
	{SECTION_TOP, "second-degree", OPTION_SECTION, .sub = SECTION_SECOND,
		.about = "When those who reply to an announced purchase are leads."},
	{SECTION_TOP, "offers", OPTION_RECORDS, .sub = SECTION_OFFER, .shared = true,
		.about = "Codes that customers pass on to friends."},
	{SECTION_TOP, "unanswered", OPTION_SECTION, .sub = SECTION_UNANSWERED,
		.about = "When questions that nobody answers are leads."},
	{SECTION_TOP, "sensitive", OPTION_SECTION, .sub = SECTION_SENSITIVE,
		.about = "Sensitive findings that are leads all the same."},
	{SECTION_TOP, "references", OPTION_SECTION, .sub = SECTION_REFERENCES,
		.about = "When customers who speak well of you may be asked for more."},
	{SECTION_TOP, "reference-owners", OPTION_RECORDS, .sub = SECTION_REFERENCE_OWNER, .shared = true,
		.about = "Who keeps the gate of references, by the sales model of the account."},
	{SECTION_TOP, "regulated", OPTION_RECORDS, .sub = SECTION_REGULATED, .shared = true,
		.about = "Accounts whose praise is for compliance first."},
	{SECTION_TOP, "reference-requests", OPTION_RECORDS, .sub = SECTION_REFERENCE_REQUEST, .shared = true,
		.about = "Requests for a reference that are refused."},

	{SECTION_OPERATOR, "contact", OPTION_CONTACT, CONF(contact),
		.about = "How the owner of a polled server reaches you: mailto:name@example.com or the URL of a "
			"page. Sent with every request. Required as soon as one source is not internal."},
	{SECTION_OPERATOR, "name", OPTION_TEXT, CONF(operator_name),
		.about = "What you are called, a company or a person: whoever is told that they are here (hark privacy due) "
			"reads who is responsible."},
	{SECTION_OPERATOR, "lawful-basis", OPTION_WORD, CONF(lawful_basis), "legitimate-interest",
		.choices = lawful_bases,
		.about = "The ground on which personal data is processed, for the record."},

	{SECTION_HTTP, "listen", OPTION_LISTEN, CONF(http_listen),
		.about = "Where programs find the API (hark-api(7)), supervisors ask GET /-/healthy and /-/ready, and sources "
			"that are pushed get their messages: 127.0.0.1:8787, [::1]:8787 or unix:/path. Without it hark does "
			"not listen."},
	{SECTION_HTTP, "behind-tls", OPTION_BOOL, CONF(http_behind_tls), "no",
		.about = "listen may be an address that other machines reach, because only a proxy that speaks TLS "
			"gets there."},
	{SECTION_HTTP, "user-header", OPTION_TEXT, CONF(http_user_header),
		.about = "A header in which a proxy names the user it has let in, as X-Remote-User. Only where nobody else "
			"than that proxy reaches listen, and it takes the header off what it is sent."},
	{SECTION_HTTP, "public-url", OPTION_URL, CONF(http_public_url),
		.about = "Where the world reaches what listen serves, as https://hark.example.com: what hubs are told to "
			"call, and where mails have their link to end them. A proxy has to hand on /in/ and "
			"/unsubscribe/ and nothing else."},
	{SECTION_HTTP, "timeout", OPTION_DURATION, CONF(http_timeout_ms), "60s", SECOND, 10 * MINUTE,
		.about = "A whole transfer may take this long."},
	{SECTION_HTTP, "connect-timeout", OPTION_DURATION, CONF(http_connect_timeout_ms), "10s", SECOND, MINUTE,
		.about = "Getting connected may take this long."},
	{SECTION_HTTP, "parallel", OPTION_COUNT, CONF(http_parallel), "64", 1, 1000,
		.about = "Transfers at the same time."},
	{SECTION_HTTP, "per-host", OPTION_COUNT, CONF(http_per_host), "1", 1, 16,
		.about = "Transfers to one host at the same time; more than 1 only where every source is internal."},
	{SECTION_HTTP, "spacing", OPTION_DURATION, CONF(http_spacing_ms), "2s", 0, 60 * MINUTE,
		.about = "Pause between two requests to one host; at least 2s for sources that are not internal."},
	{SECTION_HTTP, "max-body", OPTION_SIZE, CONF(http_max_bytes), "16MiB", 1024, 1024 * MIB,
		.about = "A reply larger than this, unpacked, is refused."},

	{SECTION_LIST, "file", OPTION_FILE, LIST(file),
		.about = "A CSV or JSON Lines file. name is the only column it must have."},
	{SECTION_LIST, "from", OPTION_WORD, LIST(from), .choices = list_kinds,
		.about = "Imported records instead of a file."},
	{SECTION_LIST, "where", OPTION_TEXT, LIST(where),
		.about = "Which of them, for example \"type = customer\"."},
	{SECTION_LIST, "context", OPTION_TEXTS, LIST(context),
		.about = "Words that make a name of an everyday word. Default: words of business, such as company, app, "
			"vendor."},
	{SECTION_LIST, "forbid", OPTION_TEXTS, LIST(forbid),
		.about = "A name within ten words of one of these does not count."},
	{SECTION_LIST, "require", OPTION_WORDS, LIST(require), .choices = list_needs,
		.about = "What every name needs, in place of what everyday words need: case, a capital first letter; "
			"context, a word of it; handle, only handles count."},
	{SECTION_LIST, "variants", OPTION_BOOL, LIST(variants), "on",
		.about = "off: names are found as they are written in the file only."},
	{SECTION_LIST, "class", OPTION_BOOL, LIST(class), "on",
		.about = "off: everyday words count like others, and nothing varies."},

	{SECTION_SOURCE, "name", OPTION_NAME, SOURCE(name), .required = true,
		.about = "What the source is called, everywhere. A post's identity hangs on it, so keep it."},
	{SECTION_SOURCE, "connector", OPTION_NAME, SOURCE(connector), "feed",
		.about = "Which connector reads it."},
	{SECTION_SOURCE, "url", OPTION_URL, SOURCE(url),
		.about = "Short for vars: { url: … }."},
	{SECTION_SOURCE, "folder", OPTION_PATH, SOURCE(folder),
		.about = "Short for vars: { folder: … }, of connectors that read files dropped there."},
	{SECTION_SOURCE, "format", OPTION_NAME, SOURCE(format),
		.about = "Short for vars: { format: … }."},
	{SECTION_SOURCE, "command", OPTION_COMMAND, SOURCE(command),
		.about = "Program and arguments of connector exec, as a sequence. No shell reads it."},
	{SECTION_SOURCE, "vars", OPTION_PAIRS, SOURCE(vars),
		.about = "Settings of the connector, name: value."},
	{SECTION_SOURCE, "secret", OPTION_SECRETS, SOURCE(secrets),
		.about = "Secrets of the connector, name: place, each as env:NAME, file:PATH or credential:NAME."},
	{SECTION_SOURCE, "every", OPTION_DURATION, SOURCE(every_ms), "30m", SECOND, 30 * DAY,
		.about = "How often it is polled; at least 15m unless internal, a folder or a program, or the connector knows better. Default: the connector's, else 30m."},
	{SECTION_SOURCE, "spacing", OPTION_DURATION, SOURCE(spacing_ms), .min = 0, .max = 60 * MINUTE,
		.about = "Pause between two requests to its host. Default: http.spacing, or 0 if internal."},
	{SECTION_SOURCE, "active-hours", OPTION_HOURS, SOURCE(hours),
		.about = "It is asked in these hours only, as 07:00-20:00 Europe/Berlin, and rests outside them. Default: "
			"the connector's."},
	{SECTION_SOURCE, "backfill", OPTION_DURATION, SOURCE(backfill_ms), "0", 0, 3650 * DAY,
		.about = "Posts of the first poll that are younger than this are raised; the others are kept as historic."},
	{SECTION_SOURCE, "internal", OPTION_BOOL, SOURCE(internal), "no",
		.about = "The source is your own: it may live at a private address and may be polled faster."},
	{SECTION_SOURCE, "accept-terms", OPTION_BOOL, SOURCE(accepts_terms), "no",
		.about = "You have read the terms of a connector that is off without this (hark connector show NAME)."},
	{SECTION_SOURCE, "paused", OPTION_BOOL, SOURCE(paused), "no",
		.about = "Known, but not polled."},
	{SECTION_SOURCE, "websub", OPTION_BOOL, SOURCE(websub), "no",
		.about = "Subscribe at the hub the feed names, which then sends news at once; it is polled all the same, "
			"less often. Needs http.listen and http.public-url."},
	{SECTION_SOURCE, "lang", OPTION_LANG, SOURCE(lang),
		.about = "Language of its posts where the source does not say, as en or pt-BR."},
	{SECTION_SOURCE, "charset", OPTION_CHARSET, SOURCE(charset),
		.about = "Overrides the charset the source claims."},
	{SECTION_SOURCE, "visibility", OPTION_CHOICE, SOURCE(visibility), "public", .choices = visibilities,
		.about = "private: read with your own rights; what it says is never quoted outside."},
	{SECTION_SOURCE, "max-body", OPTION_SIZE, SOURCE(max_bytes), .min = 1024, .max = 1024 * MIB,
		.about = "A larger reply, unpacked, is refused. Default: http.max-body."},
	{SECTION_SOURCE, "fallback", OPTION_TEXTS, SOURCE(fallback),
		.about = "Names of sources that are polled only while this one fails, the first that does not "
			"fail itself. What they give counts as this one's."},
	{SECTION_SOURCE, "alarm-after", OPTION_COUNT, SOURCE(alarm_after), "4", 1, 1000,
		.about = "So many failures in a row raise an alarm."},

	{SECTION_RECEIVER, "name", OPTION_NAME, RECEIVER(name), .required = true,
		.about = "What routes call it."},
	{SECTION_RECEIVER, "type", OPTION_CHOICE, RECEIVER(type), .choices = receiver_types, .required = true,
		.about = "stdout prints a line, file appends JSON Lines, exec runs a program with the alert on "
			"its standard input, webhook posts a signed message, slack, teams and discord post one to a chat, mail sends it "
			"to one person."},
	{SECTION_RECEIVER, "path", OPTION_PATH, RECEIVER(path), .required = true,
		.types = 1u << RECEIVER_FILE,
		.about = "The file to append to."},
	{SECTION_RECEIVER, "command", OPTION_COMMAND, RECEIVER(command), .required = true,
		.types = 1u << RECEIVER_EXEC,
		.about = "Program and arguments, as a sequence. No shell reads it."},
	{SECTION_RECEIVER, "url", OPTION_URL, RECEIVER(url), .required = true,
		.types = 1u << RECEIVER_WEBHOOK,
		.about = "Where to post."},
	{SECTION_RECEIVER, "secret", OPTION_SECRET, RECEIVER(secret),
		.types = 1u << RECEIVER_WEBHOOK,
		.about = "Key of the signature, as env:NAME, file:PATH or credential:NAME."},
	{SECTION_RECEIVER, "old-secret", OPTION_SECRET, RECEIVER(old_secret),
		.types = 1u << RECEIVER_WEBHOOK,
		.about = "The key before it, while receivers change over; messages carry both signatures."},
	{SECTION_RECEIVER, "address", OPTION_SECRET, RECEIVER(address), .required = true,
		.types = CHATS,
		.about = "The URL the chat gave out to post to, as env:NAME, file:PATH or credential:NAME: whoever "
			"knows it can post."},
	{SECTION_RECEIVER, "server", OPTION_SERVER, RECEIVER(server), .required = true,
		.types = 1u << RECEIVER_MAIL,
		.about = "The mail server: smtps://host, or smtp://host:587, which has to offer STARTTLS."},
	{SECTION_RECEIVER, "from", OPTION_MAIL, RECEIVER(from), .required = true,
		.types = 1u << RECEIVER_MAIL,
		.about = "The address mails come from."},
	{SECTION_RECEIVER, "to", OPTION_MAIL, RECEIVER(to), .required = true,
		.types = 1u << RECEIVER_MAIL,
		.about = "The address of the person; a receiver for each."},
	{SECTION_RECEIVER, "user", OPTION_TEXT, RECEIVER(user),
		.types = 1u << RECEIVER_MAIL,
		.about = "Who logs in at the mail server. Default: nobody."},
	{SECTION_RECEIVER, "password", OPTION_SECRET, RECEIVER(password),
		.types = 1u << RECEIVER_MAIL,
		.about = "What the user logs in with, as env:NAME, file:PATH or credential:NAME."},
	{SECTION_RECEIVER, "internal", OPTION_BOOL, RECEIVER(internal), "no",
		.types = 1u << RECEIVER_WEBHOOK | CHATS | 1u << RECEIVER_MAIL,
		.about = "The URL may live at a private address; mails may go there unencrypted."},
	{SECTION_RECEIVER, "quiet", OPTION_HOURS, RECEIVER(quiet),
		.about = "Alerts wait until these hours are over, as 19:00-07:30 Europe/Berlin. None is dropped."},
	{SECTION_RECEIVER, "budget", OPTION_COUNT, RECEIVER(budget), "0", 0, 1000,
		.about = "So many alerts in budget-per; what is more is told together when that time is over, the best "
			"first. 0: any number."},
	{SECTION_RECEIVER, "budget-per", OPTION_DURATION, RECEIVER(budget_per_ms), "1d", SECOND, 30 * DAY,
		.about = "The time of the budget. What rules of level digest raise is told together after the same time, unless it "
			"has a digest."},
	{SECTION_RECEIVER, "digest", OPTION_RECUR, RECEIVER(digest),
		.about = "One message with the leads since the one before, by account, the strongest first: hourly, daily "
			"08:00 Europe/Berlin, or weekly monday 08:00 Europe/Berlin. It says what was kept back, and which sources were not heard. What would come in "
			"quiet hours comes after them."},
	{SECTION_RECEIVER, "digest-takes", OPTION_CHOICE, RECEIVER(digest_takes), "normal", .choices = digest_leads,
		.about = "Which leads wait for the digest: those of level digest alone, all but urgent ones (level instant, or "
			"a score of 60), or all."},
	{SECTION_RECEIVER, "digest-max", OPTION_COUNT, RECEIVER(digest_max), "20", 1, 40,
		.about = "So many leads are named in a digest; it says how many more there are."},
	{SECTION_RECEIVER, "when-empty", OPTION_CHOICE, RECEIVER(when_empty), "daily", .choices = when_empty,
		.about = "Whether a digest without leads comes: tell, so that silence is no riddle, or skip. daily: it does if "
			"it is a daily or weekly one."},
	{SECTION_RECEIVER, "for", OPTION_TEXTS, RECEIVER(owners),
		.about = "Names of owners whose leads it gets by routes to: owner. Default: its own name."},
	{SECTION_RECEIVER, "sees", OPTION_TEXTS, RECEIVER(sees),
		.about = "Classes of leads it may be told of beside those that everybody sees, such as sales-head. "
			"A lead of another class never reaches it, whatever a route says."},
	{SECTION_RECEIVER, "timeout", OPTION_DURATION, RECEIVER(timeout_ms), "20s", SECOND, 5 * MINUTE,
		.types = 1u << RECEIVER_WEBHOOK | 1u << RECEIVER_EXEC | CHATS | 1u << RECEIVER_MAIL,
		.about = "A delivery that takes longer has failed and is tried again; a program is ended then, with what it has "
			"started."},

	{SECTION_ROUTE, "when", OPTION_SECTION, .sub = SECTION_WHEN,
		.about = "Conditions; without them every lead takes the route."},
	{SECTION_ROUTE, "to", OPTION_NODE, offsetof(struct loaded_route, to),
		.about = "Name or names of receivers; owner is the receiver of whoever owns the lead, and a route to "
			"it alone is not taken where there is none. Default: that of the route it is under. Without "
			"any, the route only leads to its routes."},
	{SECTION_ROUTE, "continue", OPTION_BOOL, ROUTE(goes_on), "yes",
		.about = "no: where this route is taken, those after it beside it are not looked at. In routes that are "
			"under another the default is no."},
	{SECTION_ROUTE, "routes", OPTION_NODE, offsetof(struct loaded_route, below),
		.about = "Routes for the leads that match this one, as above; so deep as eight."},

	{SECTION_WHEN, "kind", OPTION_TEXTS, ROUTE(kinds),
		.about = "Kind or kinds of lead, such as purchase-intent. With source-alarm the route also takes "
			"alarms of sources, for whoever looks after hark; with reference-desk what the desk of "
			"references has to be told."},
	{SECTION_WHEN, "rule", OPTION_TEXTS, ROUTE(rules),
		.about = "Id or ids of rules."},
	{SECTION_WHEN, "route", OPTION_TEXTS, ROUTE(routes),
		.about = "What the rule says under route:, one or several."},
	{SECTION_WHEN, "account-type", OPTION_TEXTS, ROUTE(types),
		.about = "Type or types of the account it is about, such as customer or target."},
	{SECTION_WHEN, "territory", OPTION_TEXTS, ROUTE(territories),
		.about = "Territory or territories of the account."},
	{SECTION_WHEN, "product", OPTION_TEXTS, ROUTE(products),
		.about = "What the account has, one or several."},
	{SECTION_WHEN, "segment", OPTION_TEXTS, ROUTE(segments),
		.about = "Segment or segments of the account."},
	{SECTION_WHEN, "score", OPTION_COUNT, ROUTE(score_min), "0", 0, 100,
		.about = "At least this score."},

	{SECTION_ROUTE_TEST, "about", OPTION_TEXT, TEST(about),
		.about = "What it is for, in a word or two; said where it does not hold."},
	{SECTION_ROUTE_TEST, "lead", OPTION_SECTION, .sub = SECTION_TEST_LEAD,
		.about = "What comes in: what the lead is."},
	{SECTION_ROUTE_TEST, "at", OPTION_TEXT, TEST(at),
		.about = "When it comes, as 2027-01-15T22:30:00Z. Without it quiet hours are not looked at."},
	{SECTION_ROUTE_TEST, "to", OPTION_TEXTS, TEST(to),
		.about = "The receivers that must be told, and no others. Without it nobody may be."},
	{SECTION_ROUTE_TEST, "held", OPTION_TEXTS, TEST(held),
		.about = "Those of them whose quiet hours hold it."},

	{SECTION_TEST_LEAD, "kind", OPTION_TEXT, TEST(kind), "praise",
		.about = "The kind of the lead."},
	{SECTION_TEST_LEAD, "rule", OPTION_TEXT, TEST(rule),
		.about = "The id of the rule that raises it."},
	{SECTION_TEST_LEAD, "route", OPTION_TEXT, TEST(route),
		.about = "What the rule says under route:."},
	{SECTION_TEST_LEAD, "owner", OPTION_TEXT, TEST(owner),
		.about = "The owner that the rule names."},
	{SECTION_TEST_LEAD, "score", OPTION_COUNT, TEST(score), "50", 0, 100,
		.about = "The score of the lead."},
	{SECTION_TEST_LEAD, "account-type", OPTION_TEXT, TEST(type),
		.about = "Type of the account, such as customer."},
	{SECTION_TEST_LEAD, "territory", OPTION_TEXT, TEST(territory),
		.about = "Territory of the account."},
	{SECTION_TEST_LEAD, "region", OPTION_TEXT, TEST(region),
		.about = "Region of the account."},
	{SECTION_TEST_LEAD, "industry", OPTION_TEXT, TEST(industry),
		.about = "Industry of the account."},
	{SECTION_TEST_LEAD, "product", OPTION_TEXT, TEST(product),
		.about = "What the account has."},
	{SECTION_TEST_LEAD, "segment", OPTION_TEXT, TEST(segment),
		.about = "Segment of the account."},
	{SECTION_TEST_LEAD, "account-owner", OPTION_TEXT, TEST(account_owner),
		.about = "Who owns the account."},
	{SECTION_TEST_LEAD, "channel", OPTION_TEXT, TEST(channel),
		.about = "Who has the contract: direct, partner or agent."},
	{SECTION_TEST_LEAD, "partner", OPTION_TEXT, TEST(partner),
		.about = "The partner or agent."},
	{SECTION_TEST_LEAD, "preferred", OPTION_TEXT, TEST(preferred),
		.about = "The contact whom the customer has chosen."},

	{SECTION_INHIBIT, "kind", OPTION_TEXTS, INHIBIT(kinds),
		.about = "Kind or kinds of lead; without it every kind."},
	{SECTION_INHIBIT, "while", OPTION_CHOICE, INHIBIT(while_open), .choices = open_things, .required = true,
		.about = "open-deal: an opportunity of the account is open, and only the receiver of its owner is told. "
			"open-case: a service case is open and makes no progress, and nobody is told."},

	{SECTION_RETENTION, "unmatched", OPTION_DURATION, CONF(keep_unmatched_ms), "30d", DAY, 3650 * DAY,
		.about = "Posts in which no rule found anything."},
	{SECTION_RETENTION, "leads", OPTION_DURATION, CONF(keep_leads_ms), "180d", DAY, 3650 * DAY,
		.about = "Leads after they are closed, with the posts they rest on."},

	{SECTION_ALARMS, "gather", OPTION_DURATION, CONF(alarms_gather_ms), "2m", SECOND, 60 * MINUTE,
		.about = "An alarm waits so long for others, to be told of in one message; the next message "
			"waits five times as long."},

	{SECTION_SCORE, "stories", OPTION_COUNT, CONF(score.v[SCORE_STORIES]), "5", -100, 100,
		.about = "For each story more that says the same of the same subject."},
	{SECTION_SCORE, "stories-max", OPTION_COUNT, CONF(score.stories_max), "20", 0, 100,
		.about = "All further stories together."},
	{SECTION_SCORE, "mixed", OPTION_COUNT, CONF(score.v[SCORE_MIXED]), "5", -100, 100,
		.about = "Praise that names a limit."},
	{SECTION_SCORE, "ambiguous", OPTION_COUNT, CONF(score.v[SCORE_AMBIGUOUS]), "-10", -100, 100,
		.about = "A name in it belongs to several entries of a list."},
	{SECTION_SCORE, "contact", OPTION_COUNT, CONF(score.v[SCORE_CONTACT]), "10", -100, 100,
		.about = "It is about somebody who was imported as a contact."},
	{SECTION_SCORE, "customer", OPTION_COUNT, CONF(score.v[SCORE_CUSTOMER]), "5", -100, 100,
		.about = "The company it is about is a customer."},
	{SECTION_SCORE, "target", OPTION_COUNT, CONF(score.v[SCORE_TARGET]), "10", -100, 100,
		.about = "The company it is about is a target."},
	{SECTION_SCORE, "deal", OPTION_COUNT, CONF(score.v[SCORE_DEAL]), "10", -100, 100,
		.about = "An opportunity of the company is open."},

	{SECTION_CREDIT, "territory", OPTION_COUNT, CONF(credit.territory), "60", 0, 100,
		.about = "Of whoever owns the lead: by territory, contract or choice of the customer."},
	{SECTION_CREDIT, "originator", OPTION_COUNT, CONF(credit.originator), "30", 0, 100,
		.about = "Of the colleague whose talk in public began the chain that led to it."},
	{SECTION_CREDIT, "helper", OPTION_COUNT, CONF(credit.helper), "10", 0, 100,
		.about = "Of all others who spoke with somebody on that chain or answered the lead, in equal parts."},
	{SECTION_CREDIT, "steps", OPTION_COUNT, CONF(credit.steps), "6", 1, 10,
		.about = "So long a chain is followed back, from one to those they spoke with."},
	{SECTION_CREDIT, "within", OPTION_DURATION, CONF(credit.within_ms), "180d", DAY, 3650 * DAY,
		.about = "Talk that is older does not count."},

	{SECTION_VALUE, "within", OPTION_DURATION, CONF(value.within_ms), "180d", DAY, 3650 * DAY,
		.about = "What is older than this when the deal is created has no part in it."},
	{SECTION_VALUE, "reference-sources", OPTION_TEXTS, CONF(value.channels),
		.about = "What the CRM calls the source of deals that came by a reference, such as Referral: the first that was "
			"named or used sources them. "
			"Default: none, so references influence only."},

	{SECTION_BUILD_UP, "score", OPTION_COUNT, CONF(build_up.score), "20", 0, 100,
		.about = "So much they must add up to. 0: they never do."},
	{SECTION_BUILD_UP, "half-life", OPTION_DURATION, CONF(build_up.half_ms), "60d", DAY, 365 * DAY,
		.about = "In this time a signal loses half of its weight."},
	{SECTION_BUILD_UP, "window", OPTION_DURATION, CONF(build_up.window_ms), "180d", DAY, 365 * DAY,
		.about = "What is older does not count."},
	{SECTION_BUILD_UP, "kinds", OPTION_WORDS, CONF(build_up.kinds), .choices = signal_kinds,
		.about = "Kinds of signal that count. Default: purchase-intent, hiring, question and pain."},

	{SECTION_SECOND, "cap", OPTION_COUNT, CONF(second.cap), "5", 0, 50,
		.about = "So many of one announcement, the first to reply. 0: none."},
	{SECTION_SECOND, "score", OPTION_COUNT, CONF(second.score), "30", 20, 100,
		.about = "The score of such a reply."},
	{SECTION_SECOND, "consumers", OPTION_BOOL, CONF(second.consumers), "no",
		.about = "Announcements of people who are known at no account count too, and those of accounts whose "
			"motion is B2C."},

	{SECTION_OFFER, "code", OPTION_TEXT, OFFER(code), .required = true,
		.about = "Letters, digits and hyphens, at least 4, and no word of everyday, best with a digit; case does not matter."},
	{SECTION_OFFER, "offer", OPTION_TEXT, OFFER(text), .required = true,
		.about = "What whoever comes with it gets, in at most 500 bytes: 20 % off the first year."},
	{SECTION_OFFER, "disclosure", OPTION_TEXT, OFFER(disclosure), .required = true,
		.about = "What is to be said of it, in at most 500 bytes: Angie gets a free month for each friend."},

	{SECTION_UNANSWERED, "after", OPTION_DURATION, CONF(unanswered.after_ms), "0", 0, 90 * DAY,
		.about = "So long others have, from when it was asked. 0: questions are leads at once, as all else."},
	{SECTION_UNANSWERED, "answered-by", OPTION_CHOICE, CONF(unanswered.answered_by), "anyone",
		.choices = answerers, .about = "Whose answer counts: anyone's, or only that of your own staff."},
	{SECTION_UNANSWERED, "rules", OPTION_TEXTS, CONF(unanswered.rules),
		.about = "Ids of rules whose findings wait if the post asks something. Default: rules of kind question, whose "
			"findings always do."},
	{SECTION_UNANSWERED, "sources", OPTION_TEXTS, CONF(unanswered.sources),
		.about = "Only what these sources say waits. Default: all."},
	{SECTION_UNANSWERED, "account-type", OPTION_TEXTS, CONF(unanswered.accounts),
		.about = "Only what is about accounts of these types, or about somebody who works there, waits. Default: all."},
	{SECTION_UNANSWERED, "score", OPTION_COUNT, CONF(unanswered.score), "30", 20, 100,
		.about = "What the finding scores at least once it is a lead."},

	{SECTION_SENSITIVE, "rules", OPTION_TEXTS, CONF(sensitive.rules), .required = true,
		.about = "Ids of rules of flag sensitive: from now on what they find is a finding, and its text is kept."},
	{SECTION_SENSITIVE, "by", OPTION_TEXT, CONF(sensitive.by), .required = true,
		.about = "Who answers for it: a name."},
	{SECTION_SENSITIVE, "why", OPTION_TEXT, CONF(sensitive.why), .required = true,
		.about = "By what right, in a sentence: members have agreed to be looked after."},

	{SECTION_REFERENCES, "service", OPTION_DURATION, CONF(references.service_ms), "30d", DAY, 3650 * DAY,
		.about = "An account of which somebody speaks badly is with service, and nobody there is asked for "
			"so long, unless it is cleared before."},
	{SECTION_REFERENCES, "cap-person", OPTION_COUNT, CONF(references.cap_person), "3", 0, 1000,
		.about = "So often one person is asked for anything within cap-window."},
	{SECTION_REFERENCES, "cap-account", OPTION_COUNT, CONF(references.cap_account), "5", 0, 1000,
		.about = "So often people of one account are."},
	{SECTION_REFERENCES, "cap-activity", OPTION_COUNT, CONF(references.cap_activity), "2", 0, 1000,
		.about = "So often one person is for the same activity, such as a call."},
	{SECTION_REFERENCES, "cap-window", OPTION_DURATION, CONF(references.cap_window_ms), "90d", DAY, 3650 * DAY,
		.about = "The time that caps count back from now."},
	{SECTION_REFERENCES, "rest", OPTION_DURATION, CONF(references.rest_ms), "90d", DAY, 3650 * DAY,
		.about = "Whoever was tepid twice in a row rests so long."},
	{SECTION_REFERENCES, "ask-deadline", OPTION_DURATION, CONF(references.ask_ms), "7d", DAY, 365 * DAY,
		.about = "Whoever is asked for permission has so long, and is reminded in the middle of it; then the second "
			"has, and then it has expired. Receivers of the kind reference-desk are told of each, once."},
	{SECTION_REFERENCES, "open-deal", OPTION_CHOICE, CONF(references.open_deal), "warn", .choices = warn_or_block,
		.about = "block: nobody is asked while an opportunity of their account is open, so that no favour is "
			"traded for a discount. warn: that is only said."},
	{SECTION_REFERENCES, "marketing", OPTION_TEXT, CONF(references.marketing),
		.about = "Who owns references that no rep does."},
	{SECTION_REFERENCES, "first-name", OPTION_DURATION, CONF(references.first_ms), "48h", 60 * MINUTE, 365 * DAY,
		.about = "A request for a reference has its first name within so long; else receivers of the kind "
			"reference-desk are told, once."},
	{SECTION_REFERENCES, "request-deadline", OPTION_DURATION, CONF(references.request_ms), "14d", DAY, 365 * DAY,
		.about = "A request that nothing came of expires after so long."},
	{SECTION_REFERENCES, "late-stage", OPTION_TEXTS, CONF(references.late_stages),
		.about = "Stage or stages of opportunities that need a reference soon: where one has none, receivers of the "
			"kind reference-desk are told before anybody asks, once an opportunity. Default: none."},

	{SECTION_REFERENCE_OWNER, "motion", OPTION_TEXTS, REF_OWNER(motions),
		.about = "How the account buys, such as B2C, B2SB or B2LB."},
	{SECTION_REFERENCE_OWNER, "channel", OPTION_TEXTS, REF_OWNER(channels),
		.about = "Its channel, such as direct, partner or agent."},
	{SECTION_REFERENCE_OWNER, "segment", OPTION_TEXTS, REF_OWNER(segments),
		.about = "Its segment or segments."},
	{SECTION_REFERENCE_OWNER, "account-type", OPTION_TEXTS, REF_OWNER(types),
		.about = "Its type or types, such as customer."},
	{SECTION_REFERENCE_OWNER, "region", OPTION_TEXTS, REF_OWNER(regions),
		.about = "Its region or regions."},
	{SECTION_REFERENCE_OWNER, "product", OPTION_TEXTS, REF_OWNER(products),
		.about = "What it has, one or several."},
	{SECTION_REFERENCE_OWNER, "owner", OPTION_TEXT, REF_OWNER(owner), .required = true,
		.about = "A name, or account-owner, deal-owner, partner, preferred or marketing: whoever that is."},
	{SECTION_REFERENCE_OWNER, "gatekeeper", OPTION_TEXT, REF_OWNER(gatekeeper),
		.about = "Who alone may let somebody be asked, as above. Default: the owner."},
	{SECTION_REFERENCE_OWNER, "second", OPTION_TEXT, REF_OWNER(second),
		.about = "Who is asked when the gatekeeper does not answer, as above. Default: references.marketing."},

	{SECTION_REGULATED, "industry", OPTION_TEXT, REGULATED(industry),
		.about = "Industry of the account."},
	{SECTION_REGULATED, "product", OPTION_TEXT, REGULATED(product),
		.about = "What is praised, or what the account has."},
	{SECTION_REGULATED, "region", OPTION_TEXT, REGULATED(region),
		.about = "Region of the account, such as a state."},
	{SECTION_REGULATED, "why", OPTION_TEXT, REGULATED(why), .required = true,
		.about = "What rule says so; told to whoever signs."},

	{SECTION_REFERENCE_REQUEST, "name", OPTION_TEXT, REF_REQUEST(name), .required = true,
		.about = "What the rule is called; told to whoever asks."},
	{SECTION_REFERENCE_REQUEST, "stage", OPTION_TEXTS, REF_REQUEST(stages),
		.about = "The opportunity is at this stage, or one of these."},
	{SECTION_REFERENCE_REQUEST, "below", OPTION_COUNT, REF_REQUEST(below), "0", 0, INT64_C(1000000000000),
		.about = "It is worth less, in whole units of its currency. 0: not asked."},
	{SECTION_REFERENCE_REQUEST, "currency", OPTION_TEXT, REF_REQUEST(currency),
		.about = "Its currency, such as EUR. Default: any."},
	{SECTION_REFERENCE_REQUEST, "open", OPTION_COUNT, REF_REQUEST(open), "0", 0, 1000,
		.about = "So many requests are open for it already. 0: not asked."},
	{SECTION_REFERENCE_REQUEST, "owes", OPTION_COUNT, REF_REQUEST(owes), "0", 0, 100000,
		.about = "Whoever asks has borrowed so many references more than they lent. 0: not asked."},
	{SECTION_REFERENCE_REQUEST, "why", OPTION_TEXT, REF_REQUEST(why),
		.about = "Why; told with the name."},

	{SECTION_PRIVACY, "contact", OPTION_CONTACT, CONF(privacy_contact),
		.about = "Where people ask what is known about them; every alert names it. Default: operator.contact."},
	{SECTION_PRIVACY, "language", OPTION_LANG, CONF(privacy_lang),
		.about = "The language of what somebody is told whose own was not imported, as en. Default: none; it is "
			"said each time, and never guessed."},
	{SECTION_PRIVACY, "notices", OPTION_PAIRS, offsetof(struct conf, notice_files),
		.about = "Files with what people are told who are held here without having been asked (GDPR, article "
			"14), language: file. Texts in de, en, es, fr, it, nl, pl and pt come with hark; hark privacy "
			"notices shows them. In a text, {name}, {source}, {date}, {purpose}, {basis}, {contact}, {object} "
			"and {days} are filled in."},
	{SECTION_PRIVACY, "purpose", OPTION_PAIRS, offsetof(struct conf, purposes),
		.about = "What the data is for, language: text, in place of what these texts say. Whoever says it says it "
			"in each language that is used: without, there is no text in that language."},
	{SECTION_PRIVACY, "recheck", OPTION_BOOL, CONF(privacy_recheck), "yes",
		.about = "The links that open leads rest on are looked at again after a day, a week and 30 days. "
			"Where 404 or 410 comes twice, 6 hours apart, the post is deleted here too. Robots.txt "
			"is asked first. no: never."},
	{SECTION_TOP, NULL},
};
/* clang-format on */

const struct option *option_find(enum option_section section, struct str key)
{
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->section == section && key.n > 0 && key.p[0] == o->key[0] &&
			str_eq_c(key, o->key)) {
			return o;
		}
	}
	return NULL;
}

size_t option_keys(enum option_section section, const char **keys, size_t max)
{
	size_t n = 0;
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->section == section && n < max) {
			keys[n++] = o->key;
		}
	}
	return n;
}

static const char *type_name(enum option_type type)
{
	static const char *const names[] = {
		[OPTION_TEXT] = "text",
		[OPTION_NAME] = "name",
		[OPTION_LANG] = "language",
		[OPTION_CHARSET] = "charset",
		[OPTION_BOOL] = "yes or no",
		[OPTION_COUNT] = "number",
		[OPTION_DURATION] = "duration",
		[OPTION_SIZE] = "size",
		[OPTION_HOURS] = "hours of the day",
		[OPTION_RECUR] = "hourly, daily or weekly",
		[OPTION_CHOICE] = "one of ",
		[OPTION_WORD] = "one of ",
		[OPTION_URL] = "URL",
		[OPTION_CONTACT] = "contact",
		[OPTION_MAIL] = "mail address",
		[OPTION_SERVER] = "mail server",
		[OPTION_LISTEN] = "address",
		[OPTION_STORE] = "store",
		[OPTION_PATH] = "path",
		[OPTION_FILE] = "path",
		[OPTION_SECRET] = "place of a secret",
		[OPTION_SECRETS] = "mapping of secrets",
		[OPTION_WORDS] = "one or more of ",
		[OPTION_TEXTS] = "text or sequence of texts",
		[OPTION_PAIRS] = "mapping of texts",
		[OPTION_COMMAND] = "sequence of texts",
		[OPTION_NODE] = "name or sequence of names",
		[OPTION_SECTION] = "mapping",
		[OPTION_MAP] = "mapping of names",
		[OPTION_RECORDS] = "sequence",
		[OPTION_RULES] = "sequence of texts",
	};
	return names[type];
}

static void write_bound(const struct option *o, int64_t bound, struct buf *out)
{
	if (o->type == OPTION_DURATION) {
		value_write_duration(out, bound);
	} else if (o->type == OPTION_SIZE) {
		value_write_size(out, bound);
	} else {
		buf_printf(out, "%lld", (long long)bound);
	}
}

void option_write_type(const struct option *o, struct buf *out)
{
	buf_add_c(out, type_name(o->type));
	for (size_t i = 0; o->choices != NULL && o->choices[i] != NULL; i++) {
		buf_printf(out, "%s%s", i > 0 ? ", " : "", o->choices[i]);
	}
	if (o->max > 0) {
		buf_add_c(out, " from ");
		write_bound(o, o->min, out);
		buf_add_c(out, " to ");
		write_bound(o, o->max, out);
	}
}
