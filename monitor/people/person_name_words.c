/* The words that names of people are read by, folded, each table in the order of its bytes. */
#include "monitor/people/person_name_in.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const titles[] = {"capt", "captain", "ceo", "cfo", "cio", "cmdr", "cmo", "col",
	"coo", "cpl", "cto", "dame", "dhr", "dipl", "dipling", "doc", "doctor", "dott", "dottssa",
	"dr", "drs", "fr", "frau", "gen", "haji", "hajj", "herr", "hon", "hr", "imam", "ing",
	"ingr", "ir", "lady", "lord", "lt", "madame", "mag", "maj", "mevr", "miss", "mister",
	"mlle", "mme", "monsieur", "mr", "mrs", "ms", "mw", "mx", "pastor", "pater", "pfarrer",
	"phd", "prof", "professor", "pvt", "rabbi", "rev", "reverend", "senor", "senora", "sgt",
	"sheik", "sheikh", "sir", "sister", "sr", "sra", "srta", "the"};
static const char *const degrees[] = {"aca", "acca", "aia", "bba", "bcom", "beng", "bsc", "cbe",
	"ceng", "cfa", "cfp", "chfc", "cisa", "cism", "cissp", "clu", "cmc", "cpa", "csm", "dba",
	"dds", "dipl", "dphil", "drph", "dsc", "dvm", "edd", "emba", "esq", "esquire", "faia",
	"fca", "fcca", "frcp", "frcs", "lcsw", "llb", "llm", "mba", "mbe", "mcom", "mdiv", "meng",
	"mfa", "mph", "mphil", "mrcp", "mres", "msc", "msw", "obe", "pgdip", "pharmd", "phd",
	"phdc", "phr", "pmp", "psyd", "ret", "rph", "scd", "shrm", "sphr"};
static const char *const short_degrees[] = {"ba", "be", "bs", "ca", "cpo", "dc", "do", "jd", "kc",
	"ma", "md", "mit", "mp", "ms", "np", "od", "op", "osb", "pa", "pe", "pt", "qc", "ra", "rn",
	"sc", "sj"};
static const char *const ends[] = {"aka", "at", "bei", "chez", "fka", "from", "is"};
/* Family names of two Han characters. */
static const char *const compound_families[] = {"\xe4\xb8\x8a\xe5\xae\x98",
	"\xe4\xb8\x9c\xe6\x96\xb9", "\xe4\xbb\xa4\xe7\x8b\x90", "\xe5\x85\xac\xe5\xad\x99",
	"\xe5\x85\xac\xe5\xad\xab", "\xe5\x8d\x97\xe5\xae\xab", "\xe5\x8f\xb8\xe5\xbe\x92",
	"\xe5\x8f\xb8\xe9\xa6\xac", "\xe5\x8f\xb8\xe9\xa9\xac", "\xe5\xa4\x8f\xe4\xbe\xaf",
	"\xe5\xb0\x89\xe8\xbf\x9f", "\xe6\x85\x95\xe5\xae\xb9", "\xe6\x9d\xb1\xe6\x96\xb9",
	"\xe6\xac\xa7\xe9\x98\xb3", "\xe6\xad\x90\xe9\x99\xbd", "\xe7\x8b\xac\xe5\xad\xa4",
	"\xe7\x9a\x87\xe7\x94\xab", "\xe7\xab\xaf\xe6\x9c\xa8", "\xe8\xab\xb8\xe8\x91\x9b",
	"\xe8\xaf\xb8\xe8\x91\x9b"};

/* What people are called, and the name in their papers. Some stand for several. English, with the German,
 * French, Spanish and Dutch ones that are in common use. */
static const struct nick {
	const char *word, *formal;
} nicks[] = {{"abbie", "abigail"}, {"abby", "abigail"}, {"abe", "abraham"}, {"achim", "joachim"},
	{"al", "albert"}, {"al", "alexander"}, {"al", "alfred"}, {"ale", "alejandra"},
	{"ale", "alejandro"}, {"alec", "alexander"}, {"alex", "alejandro"}, {"alex", "alexander"},
	{"alex", "alexandra"}, {"alex", "alexandre"}, {"alf", "alfred"}, {"allie", "alice"},
	{"allie", "alison"}, {"ally", "alice"}, {"ally", "alison"}, {"andi", "andrea"},
	{"andi", "andreas"}, {"andy", "andrea"}, {"andy", "andreas"}, {"andy", "andrew"},
	{"angie", "angela"}, {"anke", "antje"}, {"anni", "anna"}, {"annie", "anna"},
	{"antxon", "antonio"}, {"arnie", "arnold"}, {"art", "arthur"}, {"artie", "arthur"},
	{"babs", "barbara"}, {"babsi", "barbara"}, {"barb", "barbara"}, {"barbie", "barbara"},
	{"bart", "bartholomew"}, {"basti", "sebastian"}, {"bastian", "sebastian"},
	{"bea", "beatrice"}, {"bea", "beatrix"}, {"becca", "rebecca"}, {"becky", "rebecca"},
	{"bella", "isabel"}, {"bella", "isabella"}, {"belle", "isabelle"}, {"ben", "benedict"},
	{"ben", "benedikt"}, {"ben", "benjamin"}, {"bene", "benedikt"}, {"benji", "benjamin"},
	{"benny", "benjamin"}, {"beppe", "giuseppe"}, {"bernd", "bernhard"}, {"bernie", "bernard"},
	{"bert", "albert"}, {"bert", "gilbert"}, {"bert", "herbert"}, {"bert", "hubert"},
	{"bert", "hubertus"}, {"bert", "lambertus"}, {"bert", "norbert"}, {"bert", "robert"},
	{"bertie", "albert"}, {"bertie", "bertha"}, {"bertie", "robert"}, {"bess", "elizabeth"},
	{"beth", "elizabeth"}, {"beto", "alberto"}, {"beto", "roberto"}, {"betsy", "elizabeth"},
	{"bettina", "elisabeth"}, {"betty", "elizabeth"}, {"bill", "william"}, {"bille", "sibylle"},
	{"billy", "william"}, {"bob", "robert"}, {"bobby", "robert"}, {"brad", "bradley"},
	{"cam", "cameron"}, {"caro", "carolina"}, {"caro", "caroline"}, {"carrie", "caroline"},
	{"casi", "carsten"}, {"cat", "catherine"}, {"cate", "catherine"}, {"cathie", "catherine"},
	{"cathy", "catherine"}, {"cato", "catharina"}, {"cees", "cornelis"}, {"celle", "marcel"},
	{"cesco", "francesco"}, {"chabela", "isabel"}, {"charlie", "charles"},
	{"charlie", "charlotte"}, {"charly", "charles"}, {"charo", "rosario"}, {"chas", "charles"},
	{"checo", "sergio"}, {"chela", "graciela"}, {"chente", "vicente"}, {"chris", "christian"},
	{"chris", "christiane"}, {"chris", "christina"}, {"chris", "christine"},
	{"chris", "christoph"}, {"chris", "christopher"}, {"chrissie", "christina"},
	{"chrissie", "christine"}, {"christa", "christiane"}, {"christie", "christina"},
	{"christie", "christine"}, {"christy", "christian"}, {"chuck", "charles"},
	{"chuy", "jesus"}, {"cilla", "priscilla"}, {"cindy", "cynthia"}, {"cobus", "jacobus"},
	{"conny", "cornelia"}, {"conny", "konrad"}, {"cor", "cornelis"}, {"curro", "francisco"},
	{"dan", "daniel"}, {"dani", "daniel"}, {"dani", "daniela"}, {"dani", "danielle"},
	{"danny", "daniel"}, {"dave", "david"}, {"davey", "david"}, {"deb", "deborah"},
	{"debbie", "deborah"}, {"dick", "richard"}, {"dieter", "dietrich"}, {"dima", "dmitri"},
	{"dirk", "dietrich"}, {"dolly", "dorothy"}, {"dom", "dominic"}, {"dom", "dominik"},
	{"don", "donald"}, {"donnie", "donald"}, {"dora", "dorothea"}, {"doro", "dorothea"},
	{"dot", "dorothy"}, {"dottie", "dorothy"}, {"doug", "douglas"}, {"dre", "andreas"},
	{"drew", "andrew"}, {"ebbo", "eberhard"}, {"ed", "edgar"}, {"ed", "edmund"},
	{"ed", "edward"}, {"ed", "edwin"}, {"eddie", "edmund"}, {"eddie", "edward"},
	{"eddie", "edwin"}, {"edi", "eduard"}, {"edu", "eduardo"}, {"elise", "elisabeth"},
	{"eliza", "elizabeth"}, {"ellie", "eleanor"}, {"elsa", "elisabeth"}, {"em", "emily"},
	{"emmy", "emily"}, {"enzo", "lorenz"}, {"enzo", "lorenzo"}, {"ernie", "ernst"},
	{"evi", "eva"}, {"evie", "evelyn"}, {"fanfan", "francois"}, {"ferdi", "ferdinand"},
	{"flo", "florian"}, {"fran", "frances"}, {"fran", "francesca"}, {"fran", "francis"},
	{"franca", "francesca"}, {"franco", "francesco"}, {"frank", "francis"},
	{"frannie", "frances"}, {"franzi", "franziska"}, {"franzl", "franz"}, {"fred", "alfred"},
	{"fred", "frederic"}, {"fred", "frederick"}, {"fred", "frederik"}, {"fred", "friedrich"},
	{"fred", "manfred"}, {"freddie", "alfred"}, {"freddie", "frederick"},
	{"freddy", "frederick"}, {"friedel", "gottfried"}, {"frits", "frederik"},
	{"fritz", "friedrich"}, {"gabe", "gabriel"}, {"gabi", "gabriel"}, {"gabi", "gabriela"},
	{"gabi", "gabriele"}, {"gail", "abigail"}, {"geli", "angela"}, {"gene", "eugene"},
	{"geoff", "geoffrey"}, {"georgie", "george"}, {"gerard", "gerardus"}, {"gerd", "gerhard"},
	{"gerrit", "gerardus"}, {"gerry", "gerald"}, {"gerry", "gerard"}, {"gert", "gerhard"},
	{"gerti", "gertrud"}, {"gianni", "giovanni"}, {"gil", "gilbert"}, {"gina", "regina"},
	{"ginny", "virginia"}, {"gitta", "brigitte"}, {"gitte", "brigitte"},
	{"greet", "margaretha"}, {"greg", "gregory"}, {"greta", "margaret"}, {"greta", "margarete"},
	{"grete", "margarete"}, {"gretel", "margarete"}, {"grietje", "margaretha"},
	{"guille", "guillermo"}, {"gunni", "gunther"}, {"gus", "augustin"}, {"gus", "gustav"},
	{"guy", "guillaume"}, {"hal", "harold"}, {"hal", "henry"}, {"hank", "henry"},
	{"hanna", "hannah"}, {"hanna", "johanna"}, {"hanne", "hannelore"}, {"hannes", "johannes"},
	{"hans", "johan"}, {"hans", "johann"}, {"hans", "johannes"}, {"harry", "harold"},
	{"harry", "henry"}, {"heidi", "adelheid"}, {"hein", "heinrich"}, {"hein", "hendrik"},
	{"heiner", "heinrich"}, {"heinz", "heinrich"}, {"henk", "hendrik"}, {"henk", "henrik"},
	{"herb", "herbert"}, {"hias", "matthias"}, {"howie", "howard"}, {"hubi", "hubert"},
	{"huib", "hubertus"}, {"isa", "isabel"}, {"isa", "isabella"}, {"isa", "isabelle"},
	{"izzy", "isabella"}, {"jaap", "jacobus"}, {"jack", "jacob"}, {"jack", "john"},
	{"jackie", "jacqueline"}, {"jacquot", "jacques"}, {"jake", "jacob"}, {"jamie", "james"},
	{"jan", "janet"}, {"jan", "johannes"}, {"jandra", "alejandra"}, {"jandro", "alejandro"},
	{"janneke", "jan"}, {"jeannette", "jeanne"}, {"jeff", "geoffrey"}, {"jeff", "jeffrey"},
	{"jem", "jeremy"}, {"jen", "jennifer"}, {"jenn", "jennifer"}, {"jenny", "jennifer"},
	{"jerry", "gerald"}, {"jerry", "jeremy"}, {"jerry", "jerome"}, {"jess", "jessica"},
	{"jessie", "jessica"}, {"jim", "james"}, {"jimmy", "jaime"}, {"jimmy", "james"},
	{"jo", "joachim"}, {"jo", "joanna"}, {"jo", "johan"}, {"jo", "johann"}, {"jo", "johanna"},
	{"jo", "johannes"}, {"jo", "josephine"}, {"jochen", "joachim"}, {"joe", "joseph"},
	{"joey", "joseph"}, {"joh", "johannes"}, {"johan", "johannes"}, {"johnny", "john"},
	{"jon", "john"}, {"jon", "jonathan"}, {"jonny", "jonathan"}, {"jorgi", "jorg"},
	{"jos", "joseph"}, {"josh", "joshua"}, {"josie", "josephine"}, {"juancho", "juan"},
	{"judy", "judith"}, {"jule", "julia"}, {"jules", "julian"}, {"jules", "julien"},
	{"juli", "juliana"}, {"jupp", "josef"}, {"jupp", "jurgen"}, {"kalle", "karl"},
	{"kat", "katherine"}, {"kate", "catherine"}, {"kate", "katherine"}, {"kate", "kathleen"},
	{"kate", "kathryn"}, {"kathe", "katharina"}, {"kathi", "katharina"}, {"kathy", "catherine"},
	{"kathy", "katherine"}, {"kathy", "kathleen"}, {"kathy", "kathryn"}, {"kati", "katharina"},
	{"katie", "catherine"}, {"katie", "katherine"}, {"katie", "kathleen"}, {"katie", "kathryn"},
	{"katja", "katharina"}, {"kees", "cornelis"}, {"ken", "kenneth"}, {"kenny", "kenneth"},
	{"kike", "enrique"}, {"kiko", "francisco"}, {"kim", "kimberly"}, {"kit", "christopher"},
	{"kit", "katherine"}, {"kitty", "catherine"}, {"kitty", "katherine"}, {"klaus", "nikolaus"},
	{"klausi", "klaus"}, {"kolja", "nikolai"}, {"kolya", "nikolai"}, {"koos", "jacobus"},
	{"kosta", "konstantin"}, {"kostja", "konstantin"}, {"kris", "kristina"}, {"kurt", "konrad"},
	{"lalo", "eduardo"}, {"larry", "laurence"}, {"larry", "lawrence"}, {"lars", "lawrence"},
	{"laurie", "laurence"}, {"laurie", "lawrence"}, {"len", "leonard"}, {"lena", "helena"},
	{"lena", "helene"}, {"lena", "magdalena"}, {"leni", "helena"}, {"leni", "helene"},
	{"lenny", "leonard"}, {"leo", "leonard"}, {"leo", "leonardo"}, {"leo", "leopold"},
	{"les", "leslie"}, {"lex", "alexander"}, {"lexi", "alexandra"}, {"liam", "william"},
	{"libby", "elizabeth"}, {"liesel", "elisabeth"}, {"liesl", "anneliese"},
	{"lilli", "elisabeth"}, {"lina", "caroline"}, {"lipp", "philipp"}, {"lisa", "elisabeth"},
	{"lisa", "elizabeth"}, {"lisbeth", "elisabeth"}, {"liv", "olivia"}, {"livvy", "olivia"},
	{"liz", "elizabeth"}, {"lizzie", "elizabeth"}, {"lola", "dolores"}, {"lore", "hannelore"},
	{"lotte", "charlotte"}, {"lottie", "charlotte"}, {"lou", "louis"}, {"lou", "louisa"},
	{"lou", "louise"}, {"louie", "louis"}, {"lucho", "luis"}, {"lulu", "luise"},
	{"lupe", "guadalupe"}, {"lutz", "ludwig"}, {"madge", "margaret"}, {"magda", "magdalena"},
	{"maggie", "margaret"}, {"mamie", "mary"}, {"mandy", "amanda"}, {"manni", "hermann"},
	{"manni", "manfred"}, {"manny", "emanuel"}, {"manny", "immanuel"}, {"manolo", "manuel"},
	{"manu", "manuel"}, {"manu", "manuela"}, {"marc", "marcus"}, {"marge", "margaret"},
	{"marge", "marjorie"}, {"margie", "marjorie"}, {"mariechen", "maria"},
	{"marietto", "mario"}, {"marika", "maria"}, {"mark", "marcus"}, {"marty", "martha"},
	{"marty", "martin"}, {"mat", "mathieu"}, {"matt", "matthew"}, {"matti", "matthias"},
	{"matty", "matthew"}, {"matze", "matthias"}, {"mau", "mauricio"}, {"max", "maxime"},
	{"max", "maximilian"}, {"max", "maximilien"}, {"max", "maxwell"}, {"maxi", "maximilian"},
	{"maxl", "max"}, {"meg", "margaret"}, {"mel", "melanie"}, {"mel", "melissa"},
	{"melli", "melanie"}, {"memo", "guillermo"}, {"merche", "mercedes"}, {"mia", "maria"},
	{"michel", "michael"}, {"michi", "michael"}, {"michi", "michaela"}, {"mick", "michael"},
	{"mickey", "michael"}, {"mien", "wilhelmina"}, {"migue", "miguel"}, {"mike", "michael"},
	{"mikey", "michael"}, {"millie", "mildred"}, {"mina", "wilhelmina"}, {"mischa", "michael"},
	{"misha", "mikhail"}, {"missy", "melissa"}, {"mitch", "mitchell"}, {"mitzi", "maria"},
	{"molly", "mary"}, {"moncho", "ramon"}, {"moni", "monika"}, {"montse", "montserrat"},
	{"nacho", "ignacio"}, {"nadia", "nadezhda"}, {"nando", "fernando"}, {"nat", "natalia"},
	{"nat", "natalie"}, {"nat", "nathan"}, {"nat", "nathaniel"}, {"natasha", "natalia"},
	{"nate", "nathan"}, {"nate", "nathaniel"}, {"nate", "renate"}, {"nathan", "jonathan"},
	{"nathan", "nathaniel"}, {"ned", "edmund"}, {"ned", "edward"}, {"nel", "petronella"},
	{"nell", "eleanor"}, {"nelly", "cornelia"}, {"nelly", "petronella"}, {"nessie", "agnes"},
	{"nick", "dominic"}, {"nick", "dominik"}, {"nick", "nicholas"}, {"nick", "nicolas"},
	{"nick", "nikolaus"}, {"nicky", "nicholas"}, {"nicky", "nicole"}, {"nico", "nicolas"},
	{"nico", "nicole"}, {"nikki", "nicole"}, {"niko", "nikolaus"}, {"nora", "eleanor"},
	{"olja", "olga"}, {"olli", "oliver"}, {"ollie", "oliver"}, {"ossi", "oskar"},
	{"ossi", "oswald"}, {"ossie", "oscar"}, {"oz", "oswald"}, {"paca", "francisca"},
	{"paco", "francisco"}, {"paddy", "patrick"}, {"pam", "pamela"}, {"pancho", "francisco"},
	{"paqui", "francisca"}, {"paquito", "francisco"}, {"pat", "patricia"}, {"pat", "patrick"},
	{"patty", "patricia"}, {"pauli", "paula"}, {"paulie", "paul"}, {"peggy", "margaret"},
	{"pepa", "josefina"}, {"pepe", "jose"}, {"peppe", "giuseppe"}, {"pete", "peter"},
	{"peti", "petra"}, {"phil", "philip"}, {"phil", "philipp"}, {"phil", "philippe"},
	{"phil", "phillip"}, {"pili", "pilar"}, {"pim", "willem"}, {"pip", "philip"},
	{"pipe", "felipe"}, {"poldi", "leopold"}, {"polly", "mary"}, {"poncho", "alfonso"},
	{"quique", "enrique"}, {"rae", "rachel"}, {"rafa", "rafael"}, {"rai", "raimund"},
	{"ray", "raymond"}, {"reini", "reinhard"}, {"reni", "irene"}, {"reni", "renate"},
	{"resi", "theresa"}, {"resi", "therese"}, {"rich", "richard"}, {"richi", "ricardo"},
	{"richie", "richard"}, {"rick", "frederick"}, {"rick", "patrick"}, {"rick", "richard"},
	{"ricky", "ricardo"}, {"ricky", "richard"}, {"rike", "ulrike"}, {"rita", "margaret"},
	{"rob", "robert"}, {"robbie", "robert"}, {"robin", "robert"}, {"rod", "roderick"},
	{"rodri", "rodrigo"}, {"rog", "roger"}, {"rolf", "rudolf"}, {"rolli", "roland"},
	{"romy", "rosemarie"}, {"ron", "ronald"}, {"ronnie", "ronald"}, {"ronnie", "veronica"},
	{"rosi", "rosa"}, {"rosi", "rosemarie"}, {"rudi", "rodolfo"}, {"rudi", "rudolf"},
	{"rudy", "rudolph"}, {"russ", "russell"}, {"sadie", "sarah"}, {"sally", "sara"},
	{"sally", "sarah"}, {"sam", "samantha"}, {"sam", "samuel"}, {"sammy", "samuel"},
	{"sandra", "alexandra"}, {"sandy", "alexander"}, {"sandy", "sandra"}, {"sanna", "susanna"},
	{"sanne", "susanne"}, {"santi", "santiago"}, {"sascha", "alexander"},
	{"sascha", "alexandra"}, {"sasha", "alexander"}, {"sasha", "alexandra"},
	{"schorsch", "georg"}, {"seb", "sebastian"}, {"seb", "sebastien"}, {"sepp", "josef"},
	{"shelly", "michelle"}, {"siggi", "siegfried"}, {"sigi", "siegfried"},
	{"sissi", "elisabeth"}, {"sly", "sylvester"}, {"sofi", "sofia"}, {"sol", "solomon"},
	{"sophie", "sophia"}, {"stan", "stanley"}, {"steff", "stefan"}, {"steff", "stephan"},
	{"steffi", "stefanie"}, {"steffi", "stephanie"}, {"steph", "stephanie"},
	{"steph", "stephen"}, {"steve", "stephen"}, {"steve", "steven"}, {"stevie", "stephen"},
	{"stevie", "steven"}, {"stoffel", "christoph"}, {"stu", "stuart"}, {"sue", "susan"},
	{"sue", "susanna"}, {"sue", "suzanne"}, {"susi", "susana"}, {"susi", "susanna"},
	{"susi", "susanne"}, {"susie", "susan"}, {"suzy", "susan"}, {"suzy", "suzanne"},
	{"tammy", "tamara"}, {"tanja", "tatiana"}, {"tanya", "tatiana"}, {"ted", "edward"},
	{"ted", "theodore"}, {"teddy", "edward"}, {"teddy", "theodor"}, {"teddy", "theodore"},
	{"tere", "teresa"}, {"terry", "theresa"}, {"tess", "theresa"}, {"tessa", "theresa"},
	{"thea", "dorothea"}, {"theo", "theodor"}, {"theo", "theodore"}, {"tim", "timothy"},
	{"timmy", "timothy"}, {"tina", "christina"}, {"tina", "christine"}, {"tina", "kristina"},
	{"tina", "martina"}, {"tina", "valentina"}, {"tobi", "tobias"}, {"tom", "thomas"},
	{"tommy", "thomas"}, {"toni", "antoinette"}, {"toni", "anton"}, {"toni", "antonia"},
	{"toni", "antonio"}, {"tonio", "antoine"}, {"tonio", "antonio"}, {"tony", "anthony"},
	{"topher", "christopher"}, {"tori", "victoria"}, {"traudl", "waltraud"},
	{"tricia", "patricia"}, {"trish", "patricia"}, {"trixie", "beatrice"},
	{"trixie", "beatrix"}, {"trude", "gertrud"}, {"uli", "ulrich"}, {"uli", "ulrike"},
	{"ulla", "ursula"}, {"ulli", "ulrich"}, {"ulli", "ulrike"}, {"uschi", "ursula"},
	{"vale", "valentina"}, {"valli", "valentin"}, {"vanni", "giovanni"}, {"vero", "veronica"},
	{"vic", "victor"}, {"vicky", "victoria"}, {"vince", "vincent"}, {"vinnie", "vincent"},
	{"volodja", "vladimir"}, {"vova", "vladimir"}, {"vroni", "veronika"}, {"wally", "walter"},
	{"walt", "walter"}, {"wastl", "sebastian"}, {"wendel", "wendelin"}, {"will", "william"},
	{"willem", "wilhelmus"}, {"willi", "wilhelm"}, {"willie", "william"}, {"willy", "wilhelm"},
	{"wim", "wilhelm"}, {"wim", "wilhelmus"}, {"wim", "willem"}, {"win", "winston"},
	{"winni", "winfried"}, {"wolf", "wolfgang"}, {"wolfi", "wolfgang"}, {"xander", "alexander"},
	{"xavi", "xavier"}, {"yve", "yvonne"}, {"zach", "zachary"}, {"zack", "zachary"},
	{"zhenya", "yevgeny"}, {"ziska", "franziska"}};

static int by_word(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_c(*(const char *const *)item));
}

static bool in(struct str word, const char *const *table, size_t n)
{
	return bsearch(&word, table, n, sizeof(*table), by_word) != NULL;
}

bool person_is_title(struct str word)
{
	return in(word, titles, COUNT(titles));
}

bool person_is_degree(struct str word)
{
	return in(word, degrees, COUNT(degrees));
}

bool person_is_short_degree(struct str word)
{
	return in(word, short_degrees, COUNT(short_degrees));
}

bool person_ends_name(struct str word)
{
	return in(word, ends, COUNT(ends));
}

bool person_is_compound_family(struct str two)
{
	return in(two, compound_families, COUNT(compound_families));
}

uint8_t person_generation(struct str word)
{
	static const struct {
		const char *word;
		uint8_t generation;
	} all[] = {{"sr", 1}, {"snr", 1}, {"senior", 1}, {"jr", 2}, {"jnr", 2}, {"junior", 2},
		{"ii", 2}, {"iii", 3}, {"iv", 4}};
	for (size_t i = 0; i < COUNT(all); i++) {
		if (str_eq_c(word, all[i].word)) {
			return all[i].generation;
		}
	}
	return 0;
}

size_t person_nicks(struct str word, uint16_t *from)
{
	size_t low = 0, high = COUNT(nicks), n = 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(str_c(nicks[mid].word), word) < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	while (low + n < COUNT(nicks) && str_eq_c(word, nicks[low + n].word)) {
		n++;
	}
	*from = (uint16_t)low;
	return n;
}

struct str person_nick_formal(size_t row)
{
	return str_c(nicks[row].formal);
}
