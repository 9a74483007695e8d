/* What single words mean to the move finder. Folded: small letters, no accents, no final 's. */
#include "rules/classify/vocabulary.h"

const struct word_row
	word_rows[] =
		{
			/* No names, whatever their first letter: little words, and verbs of headlines. */
			{WORD_PLAIN,
				"a about as longer newly freshly always often brand proudly again title above across after again against ago ahead all almost along already also although am "
				"among an and another any anybody anyone anyway are around as at away back badly be because "
				"been before behind being below beside between beyond both but by can can't cannot come coming "
				"could did didn't do does doesn't doing don't done down during each eight eleven else even ever every "
				"everybody everyone everything few fifteen finally first five for four from further get gets "
				"getting give given gives go goes going gone good got great had half has hasn't have haven't he "
				"he'll he'd hello her here hers hi him his how however i i'd i'll i'm i've if in instead into is "
				"isn't it it'll its itself just last late later least less let like long made make makes making "
				"many may maybe me meet might mine more most much must my myself near never new next nine no nobody "
				"none nor not nothing now of off oh ok okay old on once one only onto or other our ours out over "
				"own per plus put quick quite rather really right same say says see seven she she'll should since six so "
				"some somebody someone something sometimes soon still such sure ten than thank thanks that that's "
				"the their them then there these they they'll they're they've thing things third this those though three "
				"through thus till times to today together told tomorrow tonight too took toward towards twelve "
				"twenty two under until up upon us very via want wants was wasn't way we we'd we'll we're we've "
				"well went were what when where whether which while who whom whose why will wish with within "
				"without won't would wouldn't yes yesterday yet you you'd you'll you're you've your yours zero y'all yep "
				"nope well dear hey hurray hooray wow omg ps fyi btw subject re rt via psst "
				"announce announced announces announcing appoint appointed appointing appoints appointment "
				"appointments become becomes becoming began begin begins begun breaking update updated exclusive "
				"official officially confirmed confirms confirm congrats congratulations delighted excited "
				"exit exits exiting departs departing departure depart fired fires goodbye farewell bye happy "
				"proud hire hired hires hiring honored honoured humbled introducing join joined joining joins leave "
				"leaves leaving left lands landed lures lured move moved moves moving name named names naming news "
				"oust ousted ousts personal pleased poach poached poaches promote promoted promotes promoting promotion promotions "
				"quit quits recruit recruited recruits recruitment replaces replace replaced resign resigned resigns resignation resigning "
				"retire retired retires retiring retirement sack sacked sacks start started starting starts step "
				"steps stepped stepping succeed succeeds succeeding tap tapped taps thrilled welcome welcomes "
				"welcoming elevates elevated elevate bags bagged signs signed snaps picks picked pick onboards brings brought "
				"adds added add rises rose rise heads headed heading leads led joins swaps trades turns elects elected elect "
				"dismisses dismissed dismiss loses lost lose gains gained parts parted "
				"people person anybody effective former formerly ex incoming outgoing interim acting "
				"hired wanted exciting big huge small short monday tuesday wednesday thursday friday saturday sunday "
				"january february march april june july august september october november december "
				"sources source reuters rumour rumor rumours report reports told tells thread week month year "
				"weeks months years day days noon time after then "
				"job role position post work working career offer letter badge locker colleagues team friends "
				"everyone folks readers parents members clients speaking heard hearing watch "
				"longtime veteran nasdaq nyse lse amex tsx asx english deutsch danke merci gracias mrs mr ms dr prof "
				"retirement lasted promoted further nights quiet pressing poach decision best top more "
				"level plot guess found out switching employment island short pinned proud only loud "
				"leaving grateful blessed honored honoured beyond because having coming seventeen nineteen thirteen fourteen "
				"sixteen eighteen thirty forty fifty hundred thousand million billion once quit "
				"warm warmest huge hugs cheers three team says senior "
				"join looking note noted noting please kindly following hereby notice"},
			/* Little words that end a title: no row of words crosses them to the left. */
			{WORD_ARTICLE,
				"a an the our its their his her my your current new first next permanent incoming latest this"},
			{WORD_ME, "i i'm i've i'll i'd my me myself im ive"},
			{WORD_WE, "we we're we've we'll our us"},
			{WORD_PRONOUN, "he she they he'll she'll they'll him"},
			{WORD_BE, "is was be been being are were been becomes become gets got"},
			{WORD_OLD, "ex former formerly previously onetime longtime retired"},
			{WORD_FROM,
				"from leaving left leaves quits quit swaps trades departs exits ditches"},
			{WORD_TICKER, "nasdaq nyse lse amex tsx asx"},
			{WORD_PLACE,
				"at with in of for from by join joins joined joining to @ inside within"},
			{WORD_HONORIFIC,
				"mr mrs ms miss dr prof professor sir dame lord lady baroness baron capt sgt lt col gen rev fr "
				"sister brother hon mx herr frau"},
			{WORD_TIME,
				"today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday january "
				"february march april may june july august september october november december jan feb mar apr jun "
				"jul aug sep sept oct nov dec spring summer autumn winter easter christmas"},
			{WORD_BARE_ORG,
				"company board group firm bank ministry committee council government city state department agency "
				"university hospital school club team office union commission authority court cabinet parliament senate "
				"corporation court partnership registrant desk bench house press news wire daily times post airport clinic charity retailer housebuilder brewer airline foundry trading "
				"co inc ltd"},
			/* The head of a title. */
			{WORD_TITLE,
				"accountant actuary administrator admiral adviser advisor advocate aide ambassador analyst anchor "
				"apprentice archaeologist archivist architect artist assistant associate astronomer attache attorney "
				"auditor author baker banker barista barrister bartender beekeeper biologist biostatistician bookkeeper "
				"bookseller boss brewer bricklayer broker builder butcher buyer captain caretaker carpenter cartographer "
				"cashier ceo cfo chair chairman chairperson chairwoman chancellor chef chemist chief choreographer "
				"chro cio ciso cmo cco cdo cto coo cpo cro cso cxo cleaner clerk coach commander commissioner "
				"comptroller concierge conductor conservator constable consul consultant controller cook cooper "
				"coordinator copywriter correspondent counsel counsellor counselor courier creator critic cupper "
				"curator custodian cutter dba dean dentist deputy designer detective developer dietitian diplomat director "
				"dispatcher doctor dramaturg draughtsman driver ecologist economist editor educator electrician "
				"engineer epidemiologist estimator evangelist evp executive exec expert fellow financiero fireman "
				"firefighter fisherman foreman forester fundraiser gardener generalist general geologist glaciologist gm governor "
				"groundskeeper guard guide hairdresser head headmaster headmistress headteacher historian hod hostess "
				"housekeeper hydrologist illustrator inspector instructor intern interpreter investigator janitor "
				"joiner journalist judge justice keeper laborer labourer lawyer lead leader lecturer lender librarian "
				"lifeguard locksmith machinist magistrate maitre manager marketer mason mate mathematician md mechanic "
				"merchandiser meteorologist midwife miller miner minister musician nanny navigator neurologist nurse "
				"nutritionist oberarzt officer ombudsman operator optician optometrist organiser organizer organist owner painter paralegal "
				"paramedic partner pastor pathologist pharmacist photographer physicist physician physiotherapist pilot "
				"planner plumber pm porter postdoc postman potter prefect premier president presenter principal producer "
				"professor programmer prosecutor provost psychiatrist psychologist publisher purser radiographer "
				"radiologist ranger receptionist recruiter rector referee referent registrar rep reporter representative "
				"researcher restorer rider roaster sailor salesman salesperson saleswoman scheduler scholar scientist "
				"secretary seller sergeant sheriff shepherd solicitor sommelier sorter sourcer spokesman "
				"spokesperson spokeswoman sre statistician stationmaster steward strategist subeditor "
				"superintendent supervisor surgeon surveyor svp avp rvp sysadmin tailor teacher teamlead technician "
				"technologist teller teacher tester therapist trader trainee trainer translator treasurer trooper tuner tutor undersecretary "
				"underwriter usher veterinarian vice-chancellor chancellor videographer vintner vp warden warehouseman watchmaker weaver "
				"welder winemaker writer founder cofounder owner proprietor mayor senator fitter rigger glazier "
				"leiter leiterin geschaftsfuhrer geschaftsfuhrerin direktor direktorin directeur directrice "
				"directora gerente responsable entwickler ingenieur jefe jefa redakteur "
				"editor-in-chief signaller stagehand roofer dancer singer copyeditor skipper bosun harbourmaster"},
			/* Before the head. */
			{WORD_MODIFIER,
				"acting adjunct assistant associate branch building business campus center central chief city class clinical club "
				"co commissioning community company corporate country county creative culture delivery deputy district "
				"division divisional dual editorial emeritus executive external field first foreign founding front full stack "
				"gallery general global graduate group head house independent inhouse interim international investment joint junior key lead "
				"lieutenant line managing master national night non operating parliamentary part permanent platform "
				"plant primary principal private program programme project public regional registered research "
				"rotating second senior shift site snr sr jr special staff state store strategic supervising "
				"team technical temporary tenure territory trainee travelling under university vice visiting ward "
				"worldwide group-wide veterinary cabin features health honorary supply night ios android web "
				"european asian african american nordic british german french us uk emea apac latam"},
			/* Of what somebody is head, and before the head as well. */
			{WORD_AREA,
				"academics accounting accounts acquisition acquisitions actuarial administration advertising affairs agriculture "
				"ai alliances americas analytics animation app applications architecture art arts asia assets audience audit automation "
				"automotive aviation baltics banking benelux biology brand brands broadcast budget business buying cabin "
				"capital cardiology care catering chemistry china claims cloud commerce commercial communication "
				"communications compliance comms construction consumer content contracts conversion copy corporate credit culture "
				"curation customer customers cyber cybersecurity data dach debt defence defense delivery demand deployment design development devops "
				"digital digitalisation digitalization distribution diversity documentation domestic dramaturgy ecommerce ecology economics "
				"editorial education electronics emea enablement energy engagement engineering enterprise equities equity "
				"esg estate etch ethics europe events exhibitions experience expansion export exports fashion field finance "
				"financial fixed fleet food foreign france franchise frontend fundraising games gaming germany global governance "
				"graduate grants graphics grid growth hardware health healthcare hospitality hr human iberia impact inclusion income incubation india industrial "
				"information infra infrastructure innovation insight insights insurance integration intelligence interiors internal international "
				"inventory investment investments investor ios it kernel labour land learning legal lending lending library licensing lithography "
				"litigation localization logistics loyalty machine maintenance manufacturing marine market marketing markets materials media medical medicine "
				"membership menus merchandising metals midwifery mobile mobility mountain music navigation network networks news "
				"night nursing nutrition oem office oncology onboarding online operating operations ops optimization outreach "
				"packaging paediatrics partner partners partnerships payments pediatrics people performance pharma philanthropy physics planning "
				"platform platforms poetry agricultural fire police battalion bus r d grounds hub school rural toddler room depot site farm land water wind flight ground  policy portfolio practice preservation press pricing private process procurement product production productions "
				"products professional program programmes programs project projects property protection public publishing purchasing qa quality "
				"radiology rail real recruiting recruitment regulatory relations reliability renewables rentals reporting research reservoir resources retail "
				"revenue rights risk robotics safety sales science sciences security semiconductor service services social software solutions "
				"sourcing special staff stage standards storage strategy success supply support surgery sustainability system systems talent tax taxation teaching "
				"tech technical technology test ticketing tooling toxicology trade trading training transformation transport travel treasury "
				"uk us user ux vehicle vendor video virtual visual warehouse warehousing wealth web wellbeing wholesale workplace writing "
				"africa australia canada japan spain italy mexico brazil nordics scandinavia switzerland austria netherlands pacific middle east north south west "
				"america apac anz mena latam southeast northern southern western eastern"},
			/* In names of organisations. */
			{WORD_ORG,
				"ab abbey academy accelerator adventures advisers advisors advisory aerospace ag agency air airlines airport airways alliance allianz "
				"analytics apparel archives arms army arts asa asset assets associates association assurance athletic atelier authority auto "
				"automotive aviation azienda bakery banca banco bank banka banking bankers bau beauty beverages biotech bikes biosciences bodegas bookshop books boutique bank "
				"brands brewery brewing broadcasting bros brothers building bureau bv cafe capital care carriers catering cellars center centre "
				"chamber charity chemicals chemists church cinema city clinic club co coach coalition coffee college colliery commission committee "
				"communications community companies company compute computing conservatory construction consulting cooperage cooperative "
				"corp corporation council county court creameries creamery customs dairies dairy data daycare defence dental department depot designs devices "
				"diagnostics digital district dynamics electric electronics elementary embassy energy engineering enterprises entertainment "
				"equipment escort estate estates exchange exporters express fabrics factory farm farms fashion fashions faculty federation ferry ferries films "
				"finance financial fire firm fisheries fleet flughafen foods football forest forge foundation foundry freight freightways fund funds fundacion "
				"fundacao furniture gallery games gaming garage gas geothermal gmbh goods government grid group guild hall harbour health "
				"healthcare heritage high holding holdings home homes hospital hospice hospitality host hosting hotel hotels house housing hydro "
				"imports inc industries industry infirmary informatics infrastructure inn innovation innovations institute institution instruments insurance "
				"integration interactive international investments investors invest isd kg klinik klinikum kliniken kingdom labs laboratories laboratory lab land law leasing leisure library "
				"life limited lines llc llp lodge logistics ltd machinery magazine management manufacturing maritime market marketing markets materials media medical "
				"metals mills mine mines mining ministry mobility motors mountain museum mutual national navy network networks news nhs "
				"nursery office oil optical optics optik oy oyj packaging paper parish park partners partnership party pay payments petrochem petroleum "
				"pharma pharmaceuticals pharmacy plastics plc plumbing police policlinic poliklinik post power precision press primary prison "
				"productions products properties property publishers publishing quarterly quarry railway railways rail re refining records recruitment relief renewables "
				"rentals republic rescue research resort resources restaurant restaurants retail review robotics rugby sa sarl savings school schools sciences scientific secondary "
				"secretariat security securities semiconductor semiconductors sensors service services shipping shipyard shop society software sohne "
				"solaire solar solutions sparkasse spa sparebank spirits sports state station steel stock storage store stores studio studios stadtwerke suppliers supplies supply "
				"surgery systems takaful tech technologies technology telecom telekom television textile textiles theatre theater therapeutics times tools town toys trading "
				"traffic transit transport transportation travel treasury trials trust tribune truck trucking tv union united universitat universite universidad university utilities utility "
				"vc ventures verkehrsbetriebe vets veterinary vision volunteers wagons water wealth werft wine wines wireless works workshop yard zoo "
				"gazette herald chronicle observer guardian journal daily mail post echo courier beacon sun telegraph planet tidende tidning zeitung "
				"trattoria ristorante hopital ospedale policlinico clinique crazy rolling brewers guild games embassy tea administration court committee spar"},
			/* Given names that are common somewhere: what follows is a person. */
			{WORD_GIVEN, "aaron abdul abigail adam adrian agnes ahmed aisha alan albert alejandro alex alexander alexandra alfred ali alice alicia alina "
				     "alison allison amanda amber amelia amir amy ana anastasia andre andrea andreas andrew andy angela anita ann anna anne annika anthony "
				     "anton antonio antonia april ari arjun arne arthur astrid audrey axel barbara beatrice beatriz ben benjamin bernard beth bettina bill bjorn bob "
				     "boris brad brandon brenda brian bridget bruce bruno caitlin cameron camille carl carla carlos carmen carol caroline carolyn catherine cathy "
				     "cecilia chad charles charlie charlotte chen chloe chris christian christina christine christoph christopher cindy claire clara "
				     "claudia clive colin connie conor connor corinna craig cristina curtis cynthia daisy dale dan daniel daniela danielle darren dave david dawn dean "
				     "deborah debra denise dennis derek diana diane diego dieter dimitri dmitri dominic don donald donna dora doris dorothy doug douglas duncan dylan ed "
				     "eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eli elias elisabeth elise eliza elizabeth ella ellen elsa emil emilia "
				     "emily emma enrique eric erica erik erika erin ernest esther ethan eva evan eve evelyn fabian fatima felix fernando fiona florian "
				     "frances francesca francis francisco frank franz fred frederick frida friedrich gabriel gabriela gail gareth gary gavin gemma geoffrey george "
				     "georgia gerald gerard gina giovanni giulia glen gloria gordon grace graham greg gregory greta guido gustav guy hamid hana hank hannah hans harold "
				     "harriet harry hassan heather hector heidi helen helena helga henrik henry herbert hilary holger holly howard hugh hugo ian ibrahim ida ignacio igor "
				     "ingrid ingo irene iris isaac isabel isabella ivan jack jackie jacob jacqueline jaime jakob james jamie jan jana jane janet jasmin jason javier jay jean jeff "
				     "jeffrey jenna jennifer jenny jens jeremy jerome jerry jesse jessica jill jim joan joanna joanne joe joel johan johann johanna johannes john jon jonas jonathan "
				     "jordan jorge jose joseph joshua joy joyce juan judith judy julia julian julie juliet jun jurgen justin karen karin karl karla kate "
				     "katherine kathleen kathryn katja katrin keith kelly ken kenneth kerry kevin kim kirsten klaus kofi kristen kristin kurt kyle lara larry lars laura "
				     "lauren laurence laurent lea leah lee lena leo leon leonard leslie lewis liam lily linda lisa liz lorenzo louis louise luca lucas lucia lucy luis luke luz lydia "
				     "lynn mads magnus malcolm manuel mara marc marcel marco marcus margaret margit maria marie marina mario marion marisol mark markus marta martha martin mary "
				     "mateo mathias matt matthew matthias maureen maurice max maya megan mei melanie melissa mia michael michel michelle miguel mike mikael milan milena mina miriam "
				     "mohamed mohammed moira monica monika morgan muhammad nadia nancy naomi natalia natalie natasha nathan neil nellie niall nicholas nick nicola nicole nigel niklas "
				     "nils nina noah nora norbert norman olga oliver olivia olivier omar oscar oskar otto owen pablo pamela paolo pat patricia patrick paul paula pauline pedro penelope per "
				     "peter petra phil philip philipp philippe phoebe pia pierre piotr rachel rafael rainer ralf ralph raj ravi ray raymond rebecca renata rene ricardo richard "
				     "rick rob robert roberta roberto robin rodrigo roger roland ron ronald rosa rose rosemary ross roy ruben rudolf russell ruth ryan sabine sally sam samantha samir samuel "
				     "sandra sanjay sara sarah scott sean sebastian sergei shane shannon sharon sheila shirley silvia simon simone sofia sofie sonia sonja sophia sophie soren stacy "
				     "stan stefan stefanie stella stephanie stephen steve steven stuart sue susan susanne suzanne sven sylvia tamara tania tanya tara tatiana ted teresa terence terry theo "
				     "theodore theresa thomas tiffany tim timothy tina tobias todd tom tomas tony tracy trevor tyler ulrich ulrike ursula uwe valentina valerie vanessa vera veronica victor "
				     "victoria viktor vincent virginia vivian vladimir walter wanda wayne wei wendy werner wilhelm will william wolfgang xavier yasmin yusuf yvonne zachary zoe"},
};
const size_t word_rows_n = sizeof(word_rows) / sizeof(word_rows[0]);
