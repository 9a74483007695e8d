/* What a word speaks of, where that speaks for a move or against one; and the little words that say
 * whether a clause tells a fact. Folded, as in words.c. */
#include "rules/classify/vocabulary.h"

const struct word_row topic_rows[] = {
	/* ---- of a clause ---- */
	{TOPIC_NOT,
		"not never neither nor cannot can't won't wouldn't don't doesn't didn't hasn't haven't hadn't isn't "
		"aren't wasn't weren't ain't shan't couldn't shouldn't without nobody dont didnt isnt wont havent"},
	{TOPIC_MODAL,
		"would could might may should wouldn't couldn't shouldn't ought i'd he'd she'd they'd we'd you'd perhaps maybe "
		"possibly probably presumably hypothetically"},
	{TOPIC_UNREAL,
		"want wants wanted wanting wanna hope hopes hoped hoping wish wishes wished wishing plan plans planning planned "
		"considers considering considered mulls mulling weighs weighing thinking thought dream dreams dreaming dreamt "
		"dreamed fancy fancies rumoured rumored reportedly allegedly supposedly apparently tipped linked poised "
		"expected likely unlikely tempted threatens threatened threatening urged urges urging begs begged told asked asks "
		"refuses refused declines declined denies denied rejects rejected deny pretend pretends pretended pretending "
		"imagine imagined try tries tried trying attempt attempts almost nearly need needs must "
		"afraid scared worried speculation speculate rumour rumor rumours rumors gossip"},
	{TOPIC_IF,
		"if unless whether suppose supposing imagine assuming lest wherever whenever whoever"},
	{TOPIC_SINCE,
		"before since after when until till while once by prior following during whilst"},
	{TOPIC_VAGUE,
		"somebody someone anybody anyone nobody everybody everyone people you they one most half many few "
		"others another some each every whoever"},
	/* ---- for a move ---- */
	{TOPIC_NOW,
		"now today tomorrow monday tuesday wednesday thursday friday new newest latest next soon officially official "
		"announce announced announcing announcement announcements announces update news finally effective immediately starting starts begins "
		"begin delighted thrilled excited pleased proud chuffed stoked honoured honored humbled glad happy welcome congratulations "
		"congrats welcoming fresh incoming forward farewell goodbye bye breaking exclusive confirmed confirms shortly "
		"successor succeed succession accepted badge onboarding induction first last final"},
	{TOPIC_WORK,
		"job role position post career work working employer employed company firm office team colleague colleagues boss "
		"manager hr recruiter contract salary payroll desk department division staff employee shift workplace "
		"appointment appoint hire hired payslip paycheck resignation retirement retire severance redundancy executive "
		"management leadership tenure successor ceo cfo coo cto director head officer vp president chief editor"},
	/* ---- against ---- */
	{TOPIC_SPORT,
		"match matches goal goals goalkeeper striker midfielder defender winger squad league cup tournament championship "
		"football soccer rugby cricket hockey basketball baseball tennis golf racing cycling marathon sprint race races racer "
		"team-mate teammate teammates captain captains pitch stadium fixture fixtures scorer scored score scores season "
		"seasons playoff playoffs referee innings wicket bowler batsman kit kits dugout bench touchline loan transfer "
		"fc afc athletic olympic olympics medal medals relegation promoted-side coach club clubs gymnast swimmer rower jersey "
		"rookie quarterback draft roster trophy halftime final "
		"linebacker fullback batter pitcher bowler seamer skipper jockey jockeys peloton climber sprinter grandmaster darts snooker boxing boxer fight fights "
		"knockout wrestling judo archery regatta rowing sailing skiing skier biathlon triathlon ironman velodrome derby "
		"relegated rovers wanderers athletic albion harriers wildcats ravens hawks sharks tigers lions eagles saints warriors bulls"},
	{TOPIC_STAGE,
		"novel chapter episode series film movie play plays theatre drama actor actress cast casting role-play script scene scenes sequel "
		"character characters villain hero plot spoiler spoilers season finale soap fiction story stories poem opera concert gig tour "
		"album song songs band bands drummer bassist guitarist singer vocalist choir chorus orchestra quartet violin cello soloist "
		"rehearsal rehearsals stage musical audition auditions dragon wizard witch knight sword king queen prince princess kingdom castle "
		"ghost pirate vampire elf guild tale tales act curtain audience crown throne starring stars"},
	{TOPIC_BEAST,
		"cat cats dog dogs puppy kitten pet pets horse horses pony goat sheep cow cows pig pigs chicken chickens hen hens duck ducks "
		"goose geese rabbit hamster parrot fish fishes goldfish bird birds owl owls paws paw fur tail herd flock donkey donkeys alpaca "
		"llama tortoise snake lizard fox wolf bear penguin penguins lion tiger elephant monkey ape meow woof purr treats vet kennel "
		"litter rescue spider bee bees"},
	{TOPIC_STATE,
		"election elections elected vote votes voted voter voters ballot seat constituency parliament mp mps mep senator congressman "
		"congress senate minister ministers cabinet party mayor councillor councillors council governor referendum candidate candidates "
		"campaign coalition opposition prime presidency presidential parliamentary majority unopposed by-election poll polls "
		"ward alderman chancellor premier backbencher committee committees whip speaker union shop steward delegates "
		"agm branch convention nominee nomination nominated primaries"},
	{TOPIC_CLUB,
		"club clubs society societies choir scouts scout brownies guides cubs troop pta parish volunteer volunteers volunteering "
		"volunteered unpaid voluntary hobby hobbies allotment knitting quilting bowls chess book-club gym yoga class classes course courses "
		"workshop workshops webinar conference panel panellist panelist keynote speaker speakers podcast guest waitlist beta "
		"challenge newsletter subscribers group groups meetup community members member membership committee trustee "
		"trustees board boards charity fundraiser rota juror jury honorary patron ambassador bellringers ringers treasurer "
		"cadets league sailing crew expedition trip tour summit zoom stream livestream chat server discord channel queue gang "
		"movement protest petition strike lawsuit"},
	{TOPIC_KIN,
		"son daughter wife husband mum mom mam dad father mother brother sister kid kids child children baby toddler grandson "
		"granddaughter grandad grandpa grandma granny nan nana uncle aunt auntie cousin nephew niece boyfriend girlfriend fiance partner "
		"landlord neighbour neighbor roommate flatmate housemate teenager twins"},
	{TOPIC_TECH,
		"game games gamer level levels npc boss-fight quest patch bug bugs server database query table join inner outer repo commit branch "
		"merge release build deploy production software app version beta api script code python sql kernel process thread bot plugin "
		"update login password account browser laptop phone printer robot model gpu"},
	{TOPIC_SHOP,
		"sale sold buy bought price prices discount offer offers free deal deals shop order orders delivery customer customers tickets "
		"ticket booking flat house home apartment rent property car cars van bike train bus flight plane ship boat ferry engine "
		"locomotive vessel product products brand collection recipe menu dish wine beer coffee subscription loyalty "
		"apply applicants vacancy vacancies hiring recruiting candidates cv resume interviews opening openings"},
	{TOPIC_PAST,
		"ago anniversary remember remembered remembering memories memory throwback tbt flashback once decade decades "
		"years then back used retrospect looking history historic nostalgia reunion obituary died dies death funeral "
		"mourn mourns late born memorial biography bio lesson lessons learned learnt advice thread tip tips "
		"anniversaries tenth yesteryear 19th"},
	{TOPIC_JOKE,
		"joke joking jokes kidding kidded lol lmao haha hahaha typo april satire parody prank pretend fictional fiction "
		"apparently elvis idiot legend cult"},
	/* ---- how it is told ---- */
	{TOPIC_GLAD,
		"thrilled delighted excited pleased proud chuffed stoked honoured honored humbled glad happy grateful elated "
		"overjoyed ecstatic lucky pinching pinch privilege privileged honour honor buzzing psyched pumped terrified "
		"nervous emotional bittersweet sad sorry regret gutted heartbroken thank thanks thankful congratulations congrats "
		"kudos welcome farewell cheers"},
	{TOPIC_WHEN,
		"january february march april may june july august september october november december jan feb apr jun jul aug "
		"sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday tomorrow today yesterday tonight "
		"spring summer autumn winter easter christmas effective immediate immediately fortnight"},
	{TOPIC_SPAN,
		"year years month months week weeks day days decade decades season seasons summers winters yrs"},
	{TOPIC_SAY,
		"says said told tells according confirmed announced statement memo filing spokesman spokeswoman spokesperson "
		"reported reports sources source people insiders quoted tweeted wrote writes"},
	/* ---- why a title stands beside a name where nobody moves ---- */
	{TOPIC_TALK,
		"interview interviews interviewed q&a qa podcast episode host hosts hosted hosting guest guests co-host panel panels panellist "
		"panelist panelists webinar webinars keynote keynotes speaker speakers speaking speak speaks session sessions fireside spotlight "
		"profile profiled portrait feature featured features featuring newsletter column columnist op-ed opinion video clip photo photos "
		"photograph photographed pictured spotted caption discusses discuss discussed discussing explains explain explained explaining reveals "
		"revealed warns warned predicts predicted believes argues argued talks talk talked talking chats chat shares reflects reflect asks answers "
		"answered writes wrote quote quoted quotes read listen listening watch livestream live stream conference congress summit expo booth "
		"forum register registration agenda slot mentor mentors mentoring alumni alumna alumnus workshop masterclass roundtable "
		"visit visited visits blog article essay survey study whitepaper studio radio tv broadcast questions question meets event events "
		"advisory media insists recalls remembers thinks hopes wants praises slams defends unpacks debates presents present presenting lecture "
		"lectures seminar symposium hackathon breakfast networking testimonial testimonials review reviews case tips lessons secrets"},
	{TOPIC_PRIZE,
		"award awards awarded prize prizes winner winners won wins win winning nominated nominee nominees nominations shortlist shortlisted "
		"finalist finalists hall fame medal medals trophy laureate list lists ranking ranked rankings recognised recognized recognition certified "
		"certification certificate accredited inducted inductee scholarship grant bursary fellowship lifetime achievement accolade accolades gong "
		"mbe obe cbe knighted knighthood powerlist influential inspiring women-in vote voted judges judging jury ceremony gala"},
	{TOPIC_DEAL,
		"auditor auditors audit agency agencies counsel contractor contractors subcontractor supplier suppliers distributor distributors vendor "
		"vendors bookrunner underwriters underwriter administrator administrators liquidator liquidators receiver receivers broker brokers "
		"retained mandate tender tenders contract contracts deal deals account pitch campaign client clients representation partnered partnership "
		"partnering collaborate collaboration collaborating merger merge merges merging acquisition acquisitions acquires acquired acquire buys buy "
		"sells sell stake stakes investor investors investment invests invest funding round valuation ipo listing lawsuit sues suit llp "
		"headquarters hq plant factory warehouse relocates relocation insolvency bankruptcy takeover"},
	{TOPIC_ADVERT,
		"apply applying applicants applicant application applications applied vacancy vacancies hiring recruiting recruiter recruiters headhunter "
		"candidate candidates cv cvs resume resumes opening openings interviewing looking seeking seeks wanted needed need salary competitive "
		"benefits experience skills requirements link dm dms email send posting jobs careers deadline refer referral referrals full-time part-time "
		"temp hourly pay freelance opportunity opportunities talent pipeline shortlisting"},
	{TOPIC_HOME,
		"gym sugar smoking cigarettes cigs alcohol booze drinking vegan vegetarian diet meat marathon yoga wedding married marriage engaged engagement "
		"fiance fiancee bride groom birthday pregnant pregnancy potty bath bedtime homework laundry dishes washing kitchen garden gardening sofa couch "
		"bed beach holiday vacation cinema supermarket shopping netflix instagram facebook twitter tiktok whatsapp train trains bus flight airport "
		"traffic rain weather storm snow sunshine dinner pizza dentist mattress therapist landlord rent mortgage moving-van school nursery "
		"dating relationship divorce breakup spotify subscription duolingo swimming jogging running hiking knitting cooking"},
	{TOPIC_INTRO,
		"introduction introductions intro introducing followers follower follow bio pronouns mum dad mom father mother husband wife fan lover "
		"enthusiast nerd aka hobbies likes loves love favourite favorite hi newbie mastodon fediverse bluesky obsessed addict aspiring proud "
		"self-taught originally based living lives resident native daytime nighttime"},
	/* ---- which of the two ---- */
	{TOPIC_BEGIN,
		"join joins joined joining start starts started starting begin begins began begun beginning become becomes became "
		"becoming new newest newly first welcome welcomes welcoming hire hires hired hiring recruit recruits recruited appoint appoints "
		"appointed appointment named names accepted accept offer signed contract badge onboarding induction lanyard desk day-one "
		"chapter adventure role job position gig excited thrilled delighted hello incoming taking takes took arrives arrived "
		"lands landed moving moves moved trainee training uniform keys now next yes commence commencing succeed succeeds "
		"promoted promotion probation"},
	{TOPIC_END,
		"leave leaves left leaving quit quits quitting resign resigns resigned resigning resignation retire retires retired retiring "
		"retirement last final goodbye farewell bye cheerio adieu ciao finished finish done over ended ends ending end "
		"exit exits exited departs departed departure depart out gone fired sacked dismissed ousted redundant redundancy laid "
		"let axed severance p45 unemployed jobless notice papers thanks thank miss tears years decades career hang hung "
		"hanging closed closing locked switched anymore longer walked off stepping stepped down boot sack push cardboard "
		"leaver pension pasture tools gave handed handing turned cleared clearing packed packing emptied"},
	{TOPIC_STILL,
		"still remains remain remaining same unchanged stay stays staying stayed carry continues continue continued none "
		"no nothing usual always again prediction predictions hypothetical joke joking kidding typo scam "
		"certificate module jury duty graduation passed graduated enrolled term semester hold queue radio "
		"documentary quiz sponsor voucher raffle"},
};
const size_t topic_rows_n = sizeof(topic_rows) / sizeof(topic_rows[0]);
