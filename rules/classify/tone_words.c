#include "rules/classify/tone_words.h"

#include "rules/classify/vocabulary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 16384u /* a power of two, above twice the words */

struct slot {
	uint32_t tag; /* of the hash; 0: free */
	uint32_t roles;
	uint16_t cue; /* the first phrase that begins with it, and 1 */
	int8_t value;
	uint8_t listed; /* tone_listed */
	uint8_t denies; /* tone_denial */
};

#define TAGS 65536u /* a power of two */

struct tone_words {
	struct slot v[SLOTS];
	uint64_t tags[TAGS / 64]; /* a bit for the tags of all: small enough to stay near */
	uint32_t n;
	struct tone_phrases phrases;
};

/* A stem stands for its forms with s, d, ed, ing and ly. */
static const struct {
	int value;
	const char *words;
} values[] = {
	{3, "amazing awesome excellent fantastic brilliant outstanding superb perfect perfectly perfection wonderful "
	    "incredible phenomenal exceptional magnificent marvellous marvelous fabulous terrific stellar flawless "
	    "faultless impeccable love loving lovin loved best finest delighted delight thrilled ecstatic overjoyed "
	    "obsessed adore adored masterpiece stunning gorgeous superior unbeatable unrivalled extraordinary dream "
	    "heaven bliss gem godsend lifesaver legend legendary genius hero miracle lifechanging epic spectacular "
	    "sublime invaluable indispensable unreal kudos bravo hooray yay triumph treasure beautiful beautifully "
	    "exquisite splendid dazzling mesmerizing breathtaking remarkable lovable unforgettable captivating"},
	{2, "good great nice happy glad pleased pleasure enjoy enjoyed enjoying enjoyable fun lovely cool sweet solid "
	    "impressive impressed impress recommend recommended win winning winner wins won success successful successfully "
	    "reliable reliably helpful friendly easy easily easier simple smooth smoothly seamless seamlessly fast quick "
	    "quickly quicker prompt promptly responsive efficient effective intuitive elegant polished robust sturdy "
	    "durable comfortable comfy clean crisp clear accurate precise powerful useful handy convenient affordable "
	    "worth worthwhile worthy bargain value excited exciting proud grateful gratitude thankful thanks thank thx "
	    "appreciate appreciated appreciation congrats congratulations celebrate celebrating hope fresh smart clever "
	    "charming cute adorable pretty hilarious funny entertaining engaging compelling touching moving powerful "
	    "heartfelt delightful warm witty fascinating thoughtful satisfying satisfied satisfaction refreshing rich "
	    "inventive original insightful poignant authentic honest genuine sincere professional courteous polite "
	    "knowledgeable attentive patient caring kind generous trust trusted trustworthy dependable relief relieved "
	    "relaxing peaceful calm safe secure stable consistent improved improvement improves improving better fixed "
	    "solved solves resolved saved saves saver saving breeze painless effortless effortlessly hassle-free joy "
	    "joyful cheers blessed bless lucky luck favorite favourite fave yummy delicious tasty pleasant pleasantly "
	    "superbly nicely gladly happily thoroughly triumphant praise praised admire admired applause hats class "
	    "classy top-notch first-rate stand-out standout shines shine rocks rock rocked rules nailed nails crushed "
	    "magic magical inspiring inspired inspire vibrant glorious grand fine neat tidy sharp sleek spotless swift "
	    "swiftly speedy snappy lightning trouble-free bulletproof dreamy champ champion unmatched peerless worthiest "
	    "content contented fond pleasing gratifying rewarding beloved bang-on spot-on gold golden star stars goodness "
	    "hallelujah woohoo woot haha hahaha lol lmao xoxo hugs kisses cheerful smile smiling laugh laughing "
	    "wow goodbye-spreadsheets brill ace fab neatly painlessly gracefully graceful tender sensitive "
	    "luminous intelligent enchanting"},
	{1, "like liked likes okay ok decent fair fairly adequate acceptable works working worked well right welcome "
	    "interesting interested positive advantage benefit beneficial support supportive helped helps help "
	    "helping agree yes ready free bonus gift special popular modern flexible light lightweight quiet quietly "
	    "mature familiar sensible reasonable steady straightforward sound promising keen eager forward party weekend "
	    "holiday hopefully hopeful wins upgrade upgraded gain gained gains faster cheaper quickest simplest "
	    "prefer preferred wish miss finally fit fits loyal confidence confident respect respectful promise "
	    "sunny tonight birthday watching ahead invite sleep better-than"},
	{-1, "issue issues wait waiting waited delay delays late slow slowly slower expensive pricey costly costs price "
	     "cheap basic limited limitation limitations minor small odd weird strange confusing confused difficult hard "
	     "tricky complicated complex cumbersome steep dated old heavy thin sparse patchy lacking lacks lack missing "
	     "without unless however unfortunately sadly sorry sad bit niggle niggles gripe gripes quibble quibbles "
	     "fiddly faff clunky quirk quirks caveat downside drawback drawbacks shame pity trouble question doubt doubtful "
	     "unclear noise noisy loud boring bored tired dull flat predictable mediocre average meh unimpressed "
	     "overrated overpriced wary cautious nervous worried worry concern concerned concerns risk risky "
	     "less least alone lost lose losing miss missed loss cry cries crying tears cold sick ill hurt "
	     "long longer wordy repetitive uneven shallow contrived familiar pretentious generic bland lame "
	     "problem problems unable cannot trivial wobbly touchy temperamental stubborn glacial timid manual manually "
	     "rattles sluggish laggy lag lags crude rough undocumented unfinished half-baked incomplete"},
	{-2, "bad badly poor poorly wrong error errors bug bugs buggy fail failed fails failure failing fault faulty "
	     "broke broken breaks breaking crash crashed crashes crashing crashy freeze freezes froze frozen hang hangs "
	     "outage outages downtime unusable unreliable unstable unresponsive unhelpful unprofessional rude arrogant "
	     "ignore ignored ignores ignoring ignorant dismissive incompetent careless sloppy lazy annoy annoyed annoying "
	     "annoys irritate irritated irritating frustrate frustrated frustrating frustration disappoint disappointed "
	     "disappointing disappointment disappoints dissatisfied unhappy unsatisfied upset angry anger mad furious "
	     "fed-up sick-of hate hated hates hating dislike disliked regret regretted refund refunded complain complained "
	     "complaint complaints complaining cancel cancelled canceled cancelling cancellation overcharged overbilled "
	     "billed misled misleading lied lies lie liar dishonest deceptive cheat cheated robbed stolen stole steal rip "
	     "mess messy chaos chaotic nightmare headache pain painful painfully struggle struggled struggling stuck stupid "
	     "dumb idiotic ridiculous absurd nonsense pointless useless worthless junk rubbish trash garbage crap crappy "
	     "shit shitty bullshit damn damned hell fuck fucking fucked fuckin wtf ffs smh ass bitch bastard sucks suck "
	     "sucked sucky fake scam fraud spam ugly gross nasty cruel unfair unacceptable inexcusable waste wasted wasting "
	     "terribly badly tedious tiresome dreary lifeless incoherent pathetic laughable joke clumsy ill-fitting "
	     "disgrace ashamed embarrassing embarrassed shocking shocked ruined ruin ruins destroy destroyed damage "
	     "damaged delayed lose lost vanish vanished disappeared corrupt corrupted garbled glitch glitches glitchy "
	     "worse worsened decline declined refuse refused refuses deny denied broken-down died dead die dying kill killed "
	     "killing murder attack war terror terrorist terrorists crisis threat threatened arrest arrested jail prison "
	     "victim victims tragic tragedy racist racism evil guilty shameful shambles fiasco debacle unsafe dangerous "
	     "disgusted disappointedly beware avoid avoided warned warning grief stress stressed stressful anxious anxiety "
	     "depressed depressing depression lonely miserable hopeless pissed sobbing heartbroken heartbreaking "
	     "unpleasant uncomfortable flimsy defective dud letdown let-down downgrade locked stalled stalling "
	     "silent nobody-answers hold blame blames blamed worst-case hideous insult insulted insulting insults "
	     "horrified mistake mistakes erratic nagging intrusive bloated leak leaks leaked unsupported "
	     "unintelligible uninspired unfunny stale hollow muddled overlong exploitative tasteless"},
	{-3, "terrible horrible awful dreadful worst atrocious abysmal appalling appalled disgusting disgraceful "
	     "outrageous outraged abomination catastrophe catastrophic disaster disastrous unbearable intolerable "
	     "despicable vile hateful hellish horrendous horrific detest loathe despise crooks crooked thieves criminal "
	     "incompetence unforgivable never-again abhorrent excruciating insufferable infuriating infuriated "
	     "deplorable lousy pathetically shite bollocks"},
	{3, "astonishing astonished chuffed chapeau lifeline masterstroke goosebumps ovation revelation "
	    "unstoppable smitten jackpot wizardry sorcery heroes heroic rockstar rockstars gems heavenly "
	    "exemplary immaculate unfailing unfailingly ingenious infallible blissful dreamboat elated "
	    "exhilarating raving acclaimed unparalleled unequalled incomparable transformative "
	    "transformational revolutionary saviour savior impeccably phenomenally wonderfully "
	    "brilliantly superlative flawlessly glowing rave raves"},
	{2, "backbone hooked convert converts converted heartbeat workhorse nifty slick crystal foolproof "
	    "saint angel fan fans enthusiastic enthused enthusiasm acclaim applauded commend commended "
	    "commendable praiseworthy pristine unflappable tireless diligent conscientious meticulous "
	    "gracious considerate approachable accommodating obliging personable welcoming soothing "
	    "reassuring reassured proudly sanity upside accolade accolades admirable admirably adept "
	    "ample appetising astute attractive brave breezy brisk coherent cohesive comforting competent "
	    "competence compliment compliments complimented conquers delicately delightfully dignified "
	    "discreet dreams earned earns easygoing elegance elegantly encouraging endearing energised "
	    "engaged enriching ensures excels excel excelled exceeds exceeded expertly expert fairness "
	    "fearless flourish flourished foresight forgiving frictionless gladden gleaming goodwill "
	    "handily headstart honesty honour honoured hospitable humane humour ideal ideally immersive "
	    "impressively indebted intelligently jolly joys laud lauded leap liberating liberated lively "
	    "logical magnificently marvels marvel mastered memorable merit merits miraculous neatest "
	    "obliged organised outperforms outperform outshines outshine patiently peace perks plus "
	    "poised praises praising pride prized proficient prosper quality recommends recommending "
	    "rejoice relish reliability renewed resilient respected respects responsiveness restful "
	    "revived reward rewards sane satisfies savvy scrumptious secured secures serene skilful "
	    "skilled smoother smoothest sociable speedily stoked straightforwardly strength strengths "
	    "strong stylish sunshine supple supreme surefooted surpassed surpasses swimmingly tasteful "
	    "thriving thrive thrives timely tidily top triumphs trusty unbreakable understanding undying "
	    "unfazed unfussy upbeat uplifting usability valued vastly victory vivid warmly warmth "
	    "watertight wholehearted wholeheartedly wizard wondrous workmanship zest"},
	{1, "accessible agile airy aligned approve approves approved assured assures balanced calmer "
	    "calmly capable careful cares catered chirpy civil cleaner clearer comfort compact complete "
	    "coped copes cosy crisper deserves deserved earnest eases eased easing enables enabled "
	    "fruitful generously gentle gently gladder handier happier healthy hearty helpfully humble "
	    "intact inviting kindly kindness lasting lasts latest leaner luckily measured mild modest "
	    "neater nicer organized patience plenty prepared proper properly pros proven prospering "
	    "quieter recovered refined rested restored reunited rewarded roomier safer safely salvaged "
	    "scalable settled sharper simpler simplicity simplifies simplified smiles snug softer sorted "
	    "spacious staying stronger succeed succeeds succeeded sufficient suits suited sure survived "
	    "survives teamwork thorough tidier tops transparent unlocks upgrades uptime usable versatile "
	    "virtue virtues warmer willing wonder workable"},
	{-1, "stingy bumpy cramped cluttered rigid fussy picky finicky quirky awkward awkwardly archaic "
	     "antiquated outdated obsolete bare blurry tiny vague cryptic obscure opaque convoluted "
	     "labyrinthine laborious onerous consuming hiccup hiccups kink kinks teething nitpick "
	     "nitpicking nit grumble grumbles grumbling moan moans grouse beef peeve wart warts blemish "
	     "shortcoming shortcomings weakness weaknesses weak weaker weakest flaw flaws flawed "
	     "lacklustre lackluster underwhelming afterthought workaround workarounds unintuitive "
	     "unpolished inconsistent forgets forget confuses struggles stumbles stumble falters drains "
	     "drain wobbles squeaks itches itchy smells smelly grim scares puzzling baffling baffled "
	     "ironic begged quit returned excuse excuses complains disagree displeased dubious exhausting "
	     "exhausted faded fear fears fickle finnicky flimsier fumbling gaps gap gloomy halting hassle "
	     "hassles hesitant hesitate hurdle hurdles hurry hurts imperfect impractical inaccurate "
	     "inconvenient inconvenience inflexible insufficient jams jumpy knocks lament lengthy loses "
	     "mandatory maze misfires mishears misplaced misses mistaken monotonous muddle murky narrow "
	     "nag nags naggy neglected nuisance oddly overkill overload overloaded pains pester plods "
	     "popups primitive pushy questionable redundant regrettable reluctant restricts restricted "
	     "restrictive rusty scarce scratchy shaky skimpy slack sluggishly snag snags soggy sore sour "
	     "spammy spotty squinting stiff stilted strain stutter stutters superfluous suspicious swamped "
	     "tangle tangled tiring toll unaware uncertain unclearly uneasy unfriendly unnecessary "
	     "unnecessarily unpredictable unsure unwieldy upsell upselling verbose wasteful wonky worn "
	     "worries wrestle wrestling yawn"},
	{-2, "suing sue flaky fuming seething livid irate shoddy abandoned vanishes wiped wipes corrupts "
	     "garbles garble mangled mangles scrambled botched bungled deceived unanswered unresolved hung "
	     "jammed stranded mayhem meltdown gibberish clueless hostile condescending patronising "
	     "patronizing stonewalled greedy gouging hostage trap trapped refunds dread dreaded dreading "
	     "demoralised demoralising embarrassment cursed ugh argh grr facepalm yikes gutted heartless "
	     "toothless spineless thoughtless senseless stinks chokes choked choke crawls unreadable "
	     "illegible unworkable unanswerable agony aggravating aggravated alienated amateurish angrily "
	     "appal apathetic apathy avoids backwards bait banned betrayed betrayal bitter blunder "
	     "blunders bogus boycott breach breached brittle cheating cheats collapse collapsed collapses "
	     "condemned contempt cripple crippled crippling cumbersomely damages danger defeated deficient "
	     "degraded dehumanising deleted denies despair desperate deteriorated devastated dismal "
	     "disregard distress distressed disturbing dodgy doomed dysfunctional erased exasperated "
	     "exasperating exploit exploits farcical fatal fined forced foul gaslit ghosted grudge harmful "
	     "headaches helpless hijacked hurtful ignorance impossible inadequate incapable incorrect "
	     "indifferent ineffective inefficient inept inferior infuriates insane insecure insolent "
	     "irresponsible lawyer leaking lemon liability lying madness malfunction malfunctions "
	     "malfunctioned malicious maddening messed messes misery misrepresented misused mocking "
	     "mortified neglect negligent nonexistent nonfunctional offended offensive oversold panic "
	     "panicked penalised penalty plague plagued poison predatory punished punishing quits rage "
	     "raging ransom regressed regression rejected resent ripped rotten sabotaged sacked scandal "
	     "screwed shouting shutdown sickening sinking slammed smashed smug snarky spoiled spoilt "
	     "stalls steals stealing stupidity suffer suffered suffering suspended tantrum torment torture "
	     "tortured toxic trashed traumatic uncaring undelivered underhand unethical ungrateful "
	     "uninstall uninstalling unjust unmaintained unprepared unusably upsetting urgently vanishing "
	     "violated warn warns weep whining withheld woeful wrecks wrongly yelled yelling"},
	{-3, "lawsuit robbery ripoff scammers extortion extortionate uninstalled humiliating humiliated "
	     "wrecked wreck sabotage abysmally disgracefully unconscionable unmitigated cesspit dumpster "
	     "trainwreck crook swindle swindled swindlers scumbags shambolic nightmarish horrid "
	     "horrendously horribly awfully dreadfully atrociously appallingly crime criminals defrauded "
	     "loathing loathsome odious putrid repulsive rubbishy scandalous shockingly torturous vomit "
	     "wretched"},
};

static const struct {
	uint32_t roles;
	const char *words;
} roles[] = {
	{ROLE_NEGATES | ROLE_ENGLISH,
		"not never none nobody nothing neither nor don't doesn't didn't can't couldn't won't wouldn't isn't "
		"aren't wasn't weren't haven't hasn't hadn't shouldn't ain't cannot dont cant wont doesnt didnt isnt "
		"wasnt aint couldnt wouldnt shouldnt havent hasnt n't"},
	{ROLE_NEGATES, "no without"},
	{ROLE_HARDLY | ROLE_ENGLISH, "hardly barely scarcely rarely seldom"},
	{ROLE_STRONGER | ROLE_ENGLISH,
		"very really so extremely absolutely totally completely incredibly super truly highly utterly "
		"entirely thoroughly insanely seriously deeply hugely genuinely quite such"},
	{ROLE_WEAKER | ROLE_ENGLISH,
		"bit slightly somewhat little tad touch rather sort kind kinda sometimes "
		"occasionally mostly minor small"},
	{ROLE_CONTRASTS | ROLE_ENGLISH,
		"but though although however yet except albeit still while whilst despite notwithstanding apart "
		"aside unfortunately sadly shame pity only downside drawback caveat"},
	{ROLE_ARTICLE | ROLE_ENGLISH,
		"the their its my our your his her this that these those every each "
		"any some another"},
	{ROLE_ARTICLE, "a an"},
	{ROLE_BINDS | ROLE_ENGLISH,
		"and or which who whose because since if when where until unless than then "
		"whereas"},
	{ROLE_PREPOSITION | ROLE_ENGLISH,
		"of for with from by about into over under after before between during through against per at to "
		"since within without behind beyond across around off out up down towards toward"},
	{ROLE_PREPOSITION, "in on as via"},
	{ROLE_PRONOUN | ROLE_ENGLISH,
		"it they them he she you him everyone everything something anything "
		"someone it's they're that's there"},
	{ROLE_PRONOUN | ROLE_WE | ROLE_ENGLISH,
		"i we us i'm i've i'd i'll we're we've we'd we'll im ive"},
	{ROLE_WE | ROLE_ENGLISH, "my our ours mine myself ourselves"},
	{ROLE_PRONOUN | ROLE_WE, "me"},
	{ROLE_VERB | ROLE_ENGLISH,
		"is are was were be been being am has have had having do does did will would can could should may "
		"might must got get gets getting make makes made take takes took need needs needed keep keeps kept "
		"go goes went going come comes came want wants wanted use uses used work works worked let lets "
		"says said say tell tells told know knows knew think thinks thought look looks looked feel feels "
		"felt give gives gave find finds found see sees saw seem seems it's that's they're we're i'm "
		"can't don't doesn't didn't won't isn't wasn't aren't weren't haven't hasn't hadn't couldn't wouldn't "
		"shouldn't"},
	{ROLE_ENGLISH,
		"here just now what how why all more most much many been than too also back even other first new "
		"time day today last good great love thanks please people way year week work life only right "
		"people going people like what's let's day's tomorrow night morning never always again because "
		"ever after best don't know your youre lol omg happy can't wait year's tonight saturday sunday "
		"monday friday happy birthday excellent terrible awful perfect disappointed useless worst"},
	{ROLE_TOO, "too"},
	{ROLE_LACKS, "without missing lacks lack lacking miss missed wish"},
	{ROLE_WHOLE | ROLE_ENGLISH,
		"tool product app software system platform solution service thing stuff package program programme "
		"application company vendor firm supplier provider kit setup suite machine everything whole one "
		"result experience review purchase money way people year years week weeks month months day days "
		"time times hour hours minute minutes morning night place world life bit lot idea choice decision "
		"move switch thing things point reason word words"},
	{ROLE_COMPANY | ROLE_ENGLISH,
		"support team staff helpdesk hotline people folks guys crew vendor company service customer care "
		"engineers consultants trainer training adviser advisor rep reps onboarding agent agents desk lads "
		"account sales nurses adjuster fitter"},
	{ROLE_ASKS | ROLE_ENGLISH,
		"who how anyone anybody what where which why when does is are can could has have "
		"do did should will would whose"},
	{ROLE_RISES | ROLE_ENGLISH,
		"cut cuts reduced reduces reduce dropped drops drop fell fall falls rose rise rises went gone going goes grew "
		"increased increase decreased doubled tripled halved saved saves shaved shrank down up lower "
		"higher fewer less faster slashed trimmed improved climbed jumped knocked brought takes took take "
		"became used instead compared before was were needed from than against shortened quadrupled lost "
		"gained sank sunk now handles cover covers half raised doubled quadrupled shipped"},
	{ROLE_UNIT | ROLE_ENGLISH,
		"percent hour hours minute minutes second seconds day days week weeks month months year years times "
		"weekend night nights afternoon morning seconds quarter"},
	{ROLE_UNIT, "% pct h min mins hrs hr kg tonnes"},
	{ROLE_COUNTS | ROLE_ENGLISH,
		"two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen nineteen "
		"eighteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half third "
		"quarter fifth sixth tenth eighth dozen couple zero twice"},
	{ROLE_COUNTS, "one"},
	{ROLE_WISHES,
		"wish wishes wished could should would ideally hope hoped hoping want wants wanted love'd like'd "
		"improve improvement improvements prefer better nicer easier"},
	{ROLE_NEEDS,
		"need needs needed take takes took require requires required must costs cost have has had expect "
		"used getting get learn learning assumes assume wants bring prepare workaround "
		"workarounds manually hand"},
	{ROLE_RARELY,
		"sometimes occasionally often rarely seldom once twice again every times now odd"},
	{ROLE_LATE,
		"late later wait waits slow slower slowly long longer weeks months days forever ages age hours "
		"delayed delay delays lag lags behind eventually year years until yet"},
	{ROLE_FORMER,
		"old older previous previously before former formerly earlier last used competitor competitors "
		"rival rivals others incumbent predecessor ago were was had"},
	{ROLE_SPLITS,
		"but though although except however despite albeit whereas notwithstanding besides tho"},
	{ROLE_CONCEDES,
		"although though despite while whilst albeit even admittedly granted notwithstanding"},
	{ROLE_OPENS,
		"thanks great lovely love brilliant genius wonderful fantastic congratulations bravo nice "
		"perfect glad excellent amazing impressive efficient efficiency miracle wow oh sure award "
		"kudos seamless intuitive reliable joy treat well best enjoy enjoying enjoys"},
	{ROLE_YOU, "you your you're you'll you'd you've yourself"},
	{ROLE_FOREIGN,
		/* German, Dutch */
		"der das und ist nicht ein eine einen einem mit für auf dem sich auch nach bei sind wir ich "
		"haben wird werden oder aber wie wenn nur noch mehr sehr kein keine vom zum zur über uns unser unsere "
		"habe schon immer wieder jetzt gut danke leider seit durch gegen ohne dass weil "
		"het een niet dat voor zijn met aan ook maar naar deze wij hebben heeft geen meer heel erg "
		"onze ons goed zeer bij nog wel worden "
		/* French */
		"le les des une et dans pas que qui sur avec nous vous ils sont c'est ce cette mais ou où "
		"très merci tous fait être avoir j'ai n'est notre leur aux il elle "
		/* Spanish, Portuguese, Italian */
		"el los las una que por para como más pero muy este esta está del ya "
		"también gracias todo nuestro nuestra hace desde cuando porque hay ser yo "
		"não uma mais muito foi são você também isso das pela pelo obrigado nosso nossa está "
		"à ao é deixa "
		"il gli che non è sono della del dei delle nel alla anche più molto questo questa "
		"grazie nostro siamo abbiamo dopo "
		/* Nordic */
		"och att det på är av för med till inte om ett vi kan jag så eftersom mycket "
		"og jeg ikke af til er på det vi også meget ville vores før næste gik være eller "
		"det ikke å jeg oss hvor veldig "
		"että hän mutta oli niin kun olen kuin myös joka nyt ole kiitos hyvä meidän "
		/* Polish, Czech, Slovak, Slovene, Croatian */
		"nie się jest na że jak ale tak za od już był jestem bardzo dla przez są "
		"že na není jsme ale jsem který také už nám všechny nikdo velmi nebo více "
		"sú nie sme ale veľmi pre však "
		"su nije smo ali kako što vrlo nas "
		/* Hungarian, Romanian, Turkish */
		"az és hogy nem egy meg csak már volt ez nagyon vagy köszönöm "
		"și este cu pe din care mai sunt foarte pentru dar fost "
		"bir bu çok için ile ama daha şimdi biraz gibi değil ederim çünkü sonra olarak "
		/* Indonesian, Malay, Tagalog, Vietnamese */
		"yang dan itu dengan untuk tidak ini dari pada saya akan juga sudah bisa ada kami banget gak yg "
		"ang ng sa mga hindi ko lang naman kasi siya "
		"và của là có không được cho những một với này người"},
};

static const struct {
	uint8_t list; /* tone_listed */
	const char *words;
} lists[] = {
	{LISTED_FLAW,
		"problem problems issue issues complaint complaints bug bugs outage outages regret "
		"regrets hiccup hiccups glitch glitches hitch hitches snag snags error errors crash "
		"crashes failure failures downtime hassle hassles trouble troubles drama flaw flaws "
		"drawback drawbacks downside downsides gripe gripes incident incidents headache "
		"headaches quibble quibbles breakage"},
	{LISTED_FILLS,
		"a an any single one had have has having been seen experienced encountered found "
		"noticed run into of there were was is got i we i've we've say the slightest real "
		"major serious significant big noticeable more such other technical unplanned once "
		"ever yet actually"},
	{LISTED_SUPPOSED,
		"if hope hoping hopefully wish promise promised promises claim claims claimed said "
		"says told supposed assume assumed pretend pretends pretending imagine thought insist "
		"insists insisted swore swears guarantee guaranteed expect expected expecting"},
	{LISTED_ENDED, "until till unless except according supposedly apparently allegedly before"},
	{LISTED_TONED,
		"price prices pricing support help cost costs fee fees delivery quality value service "
		"limit limits warranty invoice invoices wizard notice stability reliability speed "
		"patience honesty"},
	{LISTED_EMPTY,
		"one ones thing things stuff everything nothing something anything everyone everybody "
		"nobody someone fan fans way ways while rest side fact end heart point star stars "
		"marks word words example instance job joy pleasure treat dream relief mess pain "
		"shame pity joke disaster nightmare gem bargain fortune deal list business world "
		"office shop firm customer customers client clients user users colleagues kids "
		"children patients drivers staff crew boss husband wife mother father today tomorrow "
		"yesterday monday tuesday wednesday thursday friday saturday sunday second third next "
		"first last whole entire old new other others such same best better worst worse more "
		"most less least only own few many much lot bit thanks hats kudos downside drawback "
		"gripe complaint moan niggle caveat upside pros cons problem problems issue issues"},
	{LISTED_LEADS,
		"love loves like liked likes adore adores hate hates enjoy enjoys appreciate miss "
		"misses missing lacks lack except from for with about without no had is are being by "
		"of"},
};

static const struct {
	uint8_t denies; /* tone_denial */
	const char *words;
} denials[] = {
	{DENIES_WHO, "neither nobody nothing"},
	{DENIES_ANY, "barely hardly nary no none without zero"},
	{DENIES_EVER, "didn't didnt doesn't doesnt hadn't hasn't hasnt haven't havent never"},
	{DENIES_DOING, "don't dont not won't wont"},
	{DENIES_FLATLY, "ain't aint aren't hardly isn't isnt never not wasn't wasnt weren't"},
	{DENIES_BEING, "can't cannot cant couldn't couldnt"},
	{DENIES_WISHING,
		"can't cannot cant couldn't couldnt don't dont never not won't wont wouldn't wouldnt"},
	{DENIES_HELP, "never no none without zero"},
};

static uint32_t place_of(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 29) & (SLOTS - 1);
}

static struct slot *find(const struct tone_words *w, uint64_t hash)
{
	uint32_t tag = tone_tag(hash);
	uint32_t at = place_of(hash);
	while (w->v[at].tag != 0 && w->v[at].tag != tag) {
		at = (at + 1) & (SLOTS - 1);
	}
	return (struct slot *)&w->v[at];
}

static inline uint32_t tag_bit(uint32_t tag)
{
	return tag >> 1 & (TAGS - 1); /* the lowest is 1 in all */
}

/* Most words are in no list: an empty slot. */
static const struct slot *look_up(const struct tone_words *w, uint64_t hash)
{
	static const struct slot none;
	uint32_t bit = tag_bit(tone_tag(hash));
	return (w->tags[bit / 64] >> bit % 64 & 1) != 0 ? find(w, hash) : &none;
}

/* True once for each word of a list. */
static bool next_word(const char **list, struct str *word)
{
	const char *p = *list + strspn(*list, " ");
	size_t n = strcspn(p, " ");
	*word = str_n(p, n);
	*list = p + n;
	return n > 0;
}

static struct slot *put(struct tone_words *w, struct str word)
{
	uint64_t hash = tone_hash(word);
	struct slot *s = find(w, hash);
	w->n += s->tag == 0;
	s->tag = tone_tag(hash);
	w->tags[tag_bit(s->tag) / 64] |= 1ull << tag_bit(s->tag) % 64;
	return s;
}

/* Those that name a month or a feast too are none here. */
static void add_given(struct tone_words *w)
{
	struct str word;
	for (const char *list = given_names; next_word(&list, &word);) {
		put(w, word)->roles |= ROLE_GIVEN;
	}
	for (size_t i = 0; i < word_rows_n; i++) {
		const char *list = (word_rows[i].flag & WORD_GIVEN) != 0 ? word_rows[i].words : "";
		while (next_word(&list, &word)) {
			put(w, word)->roles |= ROLE_GIVEN;
		}
	}
	for (size_t i = 0; i < word_rows_n; i++) {
		const char *list = (word_rows[i].flag & WORD_TIME) != 0 ? word_rows[i].words : "";
		while (next_word(&list, &word)) {
			put(w, word)->roles &= ~(uint32_t)ROLE_GIVEN;
		}
	}
}

static void add_lists(struct tone_words *w)
{
	struct str word;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (const char *list = lists[i].words; next_word(&list, &word);) {
			bool alone = find(w, tone_hash(word))->tag == 0;
			put(w, word)->listed |= lists[i].list | (alone ? LISTED_ALONE : 0);
		}
	}
}

/* May the second word of the phrase be any, or does it have none? */
static bool is_open(const char *cue)
{
	const char *second = strchr(cue, ' ');
	return second == NULL || second[1] == '=' || second[1] == '~';
}

static void add_cue(struct tone_words *w, unsigned i, const char *cue)
{
	struct tone_phrases *x = &w->phrases;
	struct str word = STR_NONE;
	bool open = is_open(cue);
	assert(i < TONE_CUES_OF_ALL && x->words_n + strlen(cue) < TONE_CUE_WORDS);
	next_word(&cue, &word);
	bool we = word.p[0] == '=';
	uint16_t *first = we ? &x->we : &put(w, word)->cue;
	uint64_t hash = we ? 0 : tone_hash(word);
	x->next[i] = *first;
	*first = (uint16_t)(i + 1);
	x->rest[i] = (uint16_t)x->words_n;
	while (next_word(&cue, &word)) {
		x->words[x->words_n++] = word.p[0] == '='   ? TONE_CUE_WE
					 : word.p[0] == '~' ? TONE_CUE_GAP
							    : tone_hash(word);
	}
	x->words[x->words_n++] = 0;
	if (!open) {
		uint32_t bit = tone_cue_pair(hash, x->words[x->rest[i]]);
		x->pairs[bit / 64] |= 1ull << bit % 64;
	}
}

/* What is put into a chain goes to its beginning. */
static void add_cues(struct tone_words *w)
{
	const char *cue;
	for (int open = 0; open <= 1; open++) {
		for (unsigned i = 0; (cue = tone_cue(i)) != NULL; i++) {
			if (is_open(cue) == (open == 1)) {
				add_cue(w, i, cue);
			}
		}
	}
}

const struct tone_phrases *tone_words_phrases(const struct tone_words *w)
{
	return &w->phrases;
}

struct tone_words *tone_words_new(void)
{
	struct tone_words *w = calloc(1, sizeof(*w));
	struct str word;
	if (w == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		for (const char *list = values[i].words; next_word(&list, &word);) {
			put(w, word)->value = (int8_t)values[i].value;
		}
	}
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		for (const char *list = roles[i].words; next_word(&list, &word);) {
			put(w, word)->roles |= roles[i].roles;
		}
	}
	for (size_t i = 0; i < sizeof(denials) / sizeof(denials[0]); i++) {
		for (const char *list = denials[i].words; next_word(&list, &word);) {
			put(w, word)->denies |= denials[i].denies;
		}
	}
	add_given(w);
	add_lists(w);
	add_cues(w);
	return w;
}

void tone_words_free(struct tone_words *w)
{
	free(w);
}

bool tone_word_of_firm(struct str word)
{
	for (size_t i = 0; i < word_rows_n; i++) {
		const char *words = word_rows[i].words;
		size_t at = (word_rows[i].flag & WORD_ORG) != 0 ? str_find(str_c(words), word)
								: SIZE_MAX;
		if (at != SIZE_MAX && (at == 0 || words[at - 1] == ' ') &&
			(words[at + word.n] == ' ' || words[at + word.n] == '\0')) {
			return true;
		}
	}
	return false;
}

/* The worth of a word that is in no list by that of its stem. */
static int stem_value(
	const struct tone_words *w, const struct tone_scan *s, const struct tone_token *t)
{
	const char *p = s->fold + t->fold;
	size_t n = t->fold_n;
	if (n < 5) {
		return 0;
	}
	char last = p[n - 1], before = p[n - 2];
	if (last != 's' && last != 'd' && last != 'y' && last != 'g') {
		return 0;
	}
	uint64_t stem = tone_hash_undo(t->hash, (unsigned char)last);
	int value = last == 's' || last == 'd' ? look_up(w, stem)->value : 0;
	if (value == 0 && ((last == 'd' && before == 'e') || (last == 'y' && before == 'l') ||
				  (last == 's' && (before == 'e' || before == '\'')))) {
		value = look_up(w, tone_hash_undo(stem, (unsigned char)before))->value;
	}
	if (value == 0 && last == 'g' && before == 'n' && p[n - 3] == 'i') {
		stem = tone_hash_undo(tone_hash_undo(stem, 'n'), 'i');
		value = look_up(w, stem)->value;
	}
	return value;
}

static void mark_emoticon(struct tone_token *t, const char *p)
{
	t->value = (int8_t)(p[1] == ')'   ? 2
			    : p[0] == '<' ? (p[1] == '3' ? 2 : -2)
			    : p[1] == '(' ? -2
					  : -1);
}

/* Does a negation before it reach beyond the mark? */
static bool is_reached_over(char mark)
{
	return mark == '"' || mark == '*';
}

/* A token that is no word; the reach of a negation behind it. */
static int mark_sign(
	const struct tone_words *w, const struct tone_scan *s, struct tone_token *t, int reach)
{
	char sign = s->fold[t->fold];
	if (t->kind == TONE_EMOTICON) {
		mark_emoticon(t, s->fold + t->fold);
	}
	if (t->kind != TONE_MARK) {
		return reach;
	}
	t->roles = sign == '%' ? look_up(w, t->hash)->roles : 0; /* a unit */
	return is_reached_over(sign) ? reach : 0;
}

static struct tone_met learnt(
	const struct tone_words *w, const struct tone_scan *s, const struct tone_token *t)
{
	const struct slot *slot = look_up(w, t->hash); /* nothing, of a word that is in no list */
	bool valued = slot->tag != 0 && (slot->listed & LISTED_ALONE) == 0;
	return (struct tone_met){
		.tag = tone_tag(t->hash),
		.denies = slot->denies,
		.value = valued ? slot->value : (int8_t)stem_value(w, s, t),
		.listed = slot->listed,
		.cue = slot->cue,
		.roles = slot->roles,
	};
}

#define NEGATION_REACH 5 /* words */

void tone_words_mark(
	const struct tone_words *w, struct tone_memory *memory, struct tone_scan *s)
{
	int reach = 0;
	for (uint32_t i = 0; i < s->n; i++) { /* the memory is larger than the nearest cache */
		__builtin_prefetch(tone_remembered(memory, s->v[i].hash));
	}
	for (uint32_t i = 0; i < s->n; i++) {
		struct tone_token *t = &s->v[i];
		if (!tone_wordlike(t)) {
			reach = mark_sign(w, s, t, reach);
			continue;
		}
		struct tone_met *met = tone_remembered(memory, t->hash);
		if (met->tag != tone_tag(t->hash)) {
			*met = learnt(w, s, t);
		}
		t->value = met->value;
		t->listed = met->listed;
		t->cue = met->cue;
		t->roles = met->roles;
		t->denies = met->denies;
		if ((t->roles & ROLE_CONTRASTS) != 0) {
			reach = 0;
		}
		if (reach > 0) {
			t->flags |= TONE_NEGATED;
			reach--;
		}
		if ((t->roles & (ROLE_NEGATES | ROLE_HARDLY)) != 0) {
			reach = NEGATION_REACH;
		}
	}
}
