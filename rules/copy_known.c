/* DESIGN. Groups of words, one string each: all words of a group count as its first. The table is made once,
 * open addressed by the words' hashes, so a word costs one look. English, with the German and French words
 * that stand in most headlines; words of other languages are told apart by capital letters and digits. */
#include "rules/copy_in.h"

#include "monitor/base/hash.h"

#include <pthread.h>

#define SEED 3

struct group {
	const char *words; /* one space between them */
	uint8_t weight, tells;
};

static const struct group groups[] = {
	/* light */
	{"the", 1, 0},
	{"a an", 1, 0},
	{"and", 1, 0},
	{"or", 1, 0},
	{"of", 1, 0},
	{"for", 1, 0},
	{"to", 1, TELL_SIDE},
	{"in", 1, 0},
	{"on", 1, 0},
	{"at", 1, 0},
	{"by", 1, 0},
	{"with", 1, 0},
	{"from", 1, TELL_SIDE},
	{"as", 1, 0},
	{"is are was were be been being", 1, 0},
	{"has have had", 1, 0},
	{"its it", 1, 0},
	{"their they them", 1, TELL_SIDE},
	{"his he him", 1, TELL_SIDE},
	{"her she", 1, TELL_SIDE},
	{"our we", 1, TELL_SIDE},
	{"your you", 1, TELL_SIDE},
	{"my i me", 1, TELL_SIDE},
	{"this", 1, 0},
	{"that which", 1, 0},
	{"these those", 1, 0},
	{"will would", 1, 0},
	{"also", 1, 0},
	{"just", 1, 0},
	{"than", 1, 0},
	{"until till", 1, TELL_SIDE},
	{"over", 1, 0},
	{"into", 1, 0},
	{"about", 1, 0},
	{"because since", 1, 0},
	{"who", 1, 0},
	{"per", 1, 0},
	{"der die das den dem des", 1, 0},
	{"und", 1, 0},
	{"le la les un une des du de", 1, 0},

	/* around a story, not of it */
	{"rt", 0, 0},
	{"via", 0, 0},
	{"breaking", 0, 0},
	{"update updated", 0, 0},
	{"alert", 0, 0},
	{"news newswire newsflash", 0, 0},
	{"exclusive", 0, 0},
	{"icymi", 0, 0},
	{"fyi", 0, 0},
	{"ht", 0, 0},
	{"cc", 0, 0},
	{"read reading", 0, 0},
	{"more", 0, 0},
	{"amp", 0, 0},
	{"quot", 0, 0},
	{"nbsp", 0, 0},
	{"percent pct cent pc prozent", 0, 0},

	/* numbers */
	{"0 zero", 2, TELL_NUMBER},
	{"1 one", 2, TELL_NUMBER},
	{"2 two", 2, TELL_NUMBER},
	{"3 three", 2, TELL_NUMBER},
	{"4 four", 2, TELL_NUMBER},
	{"5 five", 2, TELL_NUMBER},
	{"6 six", 2, TELL_NUMBER},
	{"7 seven", 2, TELL_NUMBER},
	{"8 eight", 2, TELL_NUMBER},
	{"9 nine", 2, TELL_NUMBER},
	{"10 ten", 2, TELL_NUMBER},
	{"11 eleven", 2, TELL_NUMBER},
	{"12 twelve", 2, TELL_NUMBER},
	{"20 twenty", 2, TELL_NUMBER},
	{"30 thirty", 2, TELL_NUMBER},
	{"40 forty", 2, TELL_NUMBER},
	{"50 fifty", 2, TELL_NUMBER},
	{"hundred hundreds", 2, TELL_NUMBER},
	{"dozen dozens", 2, TELL_NUMBER},
	{"1st first", 2, TELL_TURN},
	{"2nd second", 2, TELL_TURN},
	{"3rd third", 2, TELL_TURN},
	{"4th fourth", 2, TELL_TURN},
	{"5th fifth", 2, TELL_TURN},
	{"6th sixth", 2, TELL_TURN},
	{"7th seventh", 2, TELL_TURN},
	{"8th eighth", 2, TELL_TURN},
	{"9th ninth", 2, TELL_TURN},
	{"10th tenth", 2, TELL_TURN},
	{"last", 2, TELL_TURN},
	{"next", 2, TELL_TURN},
	{"half", 2, TELL_TURN},
	{"quarter quarterly", 2, TELL_TURN},
	{"year yearly annual", 2, TELL_TURN},
	{"month monthly", 2, TELL_TURN},
	{"week weekly", 2, TELL_TURN},
	{"daily", 2, TELL_TURN},
	{"double doubles doubled", 2, TELL_TURN},
	{"triple triples tripled", 2, TELL_TURN},
	{"thousand thousands k tsd", 1, TELL_TURN},
	{"million millions m mn mln mio mill", 1, TELL_TURN},
	{"billion billions bn bln mrd", 1, TELL_TURN},
	{"trillion trillions trn", 1, TELL_TURN},

	/* units */
	{"dollar dollars usd", 0, TELL_UNIT},
	{"euro euros eur", 0, TELL_UNIT},
	{"gbp sterling", 0, TELL_UNIT},
	{"yen jpy", 0, TELL_UNIT},
	{"chf francs", 0, TELL_UNIT},

	/* days */
	{"monday mon", 1, TELL_TURN},
	{"tuesday tue", 1, TELL_TURN},
	{"wednesday wed", 1, TELL_TURN},
	{"thursday thu", 1, TELL_TURN},
	{"friday fri", 1, TELL_TURN},
	{"saturday sat", 1, TELL_TURN},
	{"sunday sun", 1, TELL_TURN},
	{"today", 1, TELL_TURN},
	{"tomorrow", 1, TELL_TURN},
	{"yesterday", 1, TELL_TURN},
	{"tonight", 1, TELL_TURN},
	{"morning", 1, TELL_TURN},
	{"noon midday", 1, TELL_TURN},
	{"afternoon", 1, TELL_TURN},
	{"evening", 1, TELL_TURN},
	{"night", 1, TELL_TURN},
	{"spring", 2, TELL_TURN},
	{"summer", 2, TELL_TURN},
	{"autumn", 2, TELL_TURN},
	{"winter", 2, TELL_TURN},
	{"january jan", 1, TELL_TURN},
	{"february feb", 1, TELL_TURN},
	{"march", 1, TELL_TURN},
	{"april apr", 1, TELL_TURN},
	{"may", 1, TELL_TURN},
	{"june jun", 1, TELL_TURN},
	{"july jul", 1, TELL_TURN},
	{"august aug", 1, TELL_TURN},
	{"september sep sept", 1, TELL_TURN},
	{"october oct", 1, TELL_TURN},
	{"november nov", 1, TELL_TURN},
	{"december dec", 1, TELL_TURN},

	/* turns a sentence or a name round: with it is another story than without */
	{"not", 2, TELL_NOT},
	{"no", 2, TELL_NOT},
	{"never", 2, TELL_NOT},
	{"none", 2, TELL_NOT},
	{"nobody", 2, TELL_NOT},
	{"nothing", 2, TELL_NOT},
	{"without", 2, TELL_NOT},
	{"cannot can't", 2, TELL_NOT},
	{"don't doesn't didn't", 2, TELL_NOT},
	{"won't wouldn't", 2, TELL_NOT},
	{"isn't aren't wasn't weren't", 2, TELL_NOT},
	{"hasn't haven't hadn't", 2, TELL_NOT},
	{"nicht nie kein keine keinen keiner keinem", 2, TELL_NOT},
	{"pas jamais", 2, TELL_NOT},
	{"niet geen", 2, TELL_NOT},
	{"nunca", 2, TELL_NOT},
	{"não nao", 2, TELL_NOT},
	{"inte ikke", 2, TELL_NOT},
	{"не нет", 2, TELL_NOT},
	{"fails failed fail", 2, TELL_NOT},
	{"false fake", 2, TELL_NOT},
	{"denies deny denied", 2, TELL_NOT | TELL_TURN},
	{"against", 2, TELL_NOT},
	{"could might", 1, TELL_NOT},
	{"nearly almost", 2, TELL_NOT},
	{"hardly barely scarcely", 2, TELL_NOT},
	{"former formerly ex", 2, TELL_NOT},
	{"interim acting", 2, TELL_NOT},
	{"deputy vice", 2, TELL_NOT},
	{"semi", 2, TELL_NOT},
	{"anti", 2, TELL_NOT},
	{"non", 2, TELL_NOT},
	{"rejects reject rejected", 2, TELL_TURN},
	{"confirms confirm confirmed", 2, TELL_TURN},
	{"approves approve approved", 2, TELL_TURN},
	{"blocks block blocked", 2, TELL_TURN},

	/* has an opposite */
	{"up", 2, TELL_TURN},
	{"down", 2, TELL_TURN},
	{"above", 2, TELL_TURN},
	{"below under", 2, TELL_TURN},
	{"before prior", 2, TELL_TURN},
	{"after", 2, TELL_TURN},
	{"off", 2, TELL_TURN},
	{"out", 2, TELL_TURN},
	{"less fewer", 2, TELL_TURN},
	{"higher", 2, TELL_TURN},
	{"lower", 2, TELL_TURN},
	{"highest", 2, TELL_TURN},
	{"lowest", 2, TELL_TURN},
	{"high", 2, TELL_TURN},
	{"low", 2, TELL_TURN},
	{"best", 2, TELL_TURN},
	{"worst", 2, TELL_TURN},
	{"better", 2, TELL_TURN},
	{"worse", 2, TELL_TURN},
	{"strong stronger", 2, TELL_TURN},
	{"weak weaker", 2, TELL_TURN},
	{"positive", 2, TELL_TURN},
	{"negative", 2, TELL_TURN},
	{"bullish bull", 2, TELL_TURN},
	{"bearish bear", 2, TELL_TURN},
	{"profit profits", 2, TELL_TURN},
	{"loss losses", 2, TELL_TURN},
	{"win wins won", 2, TELL_TURN},
	{"lose loses lost", 2, TELL_TURN},
	{"rise rises rose rising risen", 2, TELL_TURN},
	{"climb climbs climbed climbing", 2, TELL_TURN},
	{"jump jumps jumped jumping", 2, TELL_TURN},
	{"surge surges surged surging", 2, TELL_TURN},
	{"gain gains gained gaining", 2, TELL_TURN},
	{"grow grows grew growing", 2, TELL_TURN},
	{"rally rallies rallied", 2, TELL_TURN},
	{"fall falls fell falling fallen", 2, TELL_TURN},
	{"drop drops dropped dropping", 2, TELL_TURN},
	{"slip slips slipped slipping", 2, TELL_TURN},
	{"slide slides slid sliding", 2, TELL_TURN},
	{"plunge plunges plunged", 2, TELL_TURN},
	{"tumble tumbles tumbled", 2, TELL_TURN},
	{"ease eases eased", 2, TELL_TURN},
	{"shrink shrinks shrank", 2, TELL_TURN},
	{"raise raises raised raising", 2, TELL_TURN},
	{"lift lifts lifted", 2, TELL_TURN},
	{"cut cuts cutting", 2, TELL_TURN},
	{"lowers lowered", 2, TELL_TURN},
	{"keep keeps kept", 2, TELL_TURN},
	{"hold holds held", 2, TELL_TURN},
	{"increase increases increased", 2, TELL_TURN},
	{"decrease decreases decreased", 2, TELL_TURN},
	{"upgrade upgrades upgraded", 2, TELL_TURN},
	{"downgrade downgrades downgraded", 2, TELL_TURN},
	{"beat beats", 2, TELL_TURN},
	{"miss misses missed", 2, TELL_TURN},
	{"buy buys buying bought acquire acquires acquired", 2, TELL_TURN},
	{"sell sells selling sold", 2, TELL_TURN},
	{"open opens opened opening", 2, TELL_TURN},
	{"close closes closed closing", 2, TELL_TURN},
	{"end ends ended ending", 2, TELL_TURN},
	{"hire hires hired", 2, TELL_TURN},
	{"fire fires fired", 2, TELL_TURN},
	{"join joins joined", 2, TELL_TURN},
	{"leave leaves left", 2, TELL_TURN},
	{"accept accepts accepted", 2, TELL_TURN},
	{"refuse refuses refused", 2, TELL_TURN},
	{"import imports", 2, TELL_TURN},
	{"export exports", 2, TELL_TURN},
	{"north northern", 2, TELL_TURN},
	{"south southern", 2, TELL_TURN},
	{"east eastern", 2, TELL_TURN},
	{"west western", 2, TELL_TURN},

	/* say the same */
	{"says say said saying", 1, 0},
	{"company firm business", 2, 0},
	{"agree agrees agreed", 2, 0},
	{"deal agreement accord", 2, 0},
	{"job jobs position positions role roles", 2, 0},
	{"plan plans planned planning intends intend", 2, 0},
	{"big large huge", 2, 0},
	{"small little tiny", 2, 0},
	{"show shows showed shown reveal reveals revealed", 2, 0},
	{"get gets got receive receives received", 2, 0},
	{"help helps helped assist assists", 2, 0},
	{"probe inquiry investigation", 2, 0},
	{"plant factory", 2, 0},
	{"needs need needed requires require", 2, 0},
	{"wants want wanted", 2, 0},
	{"looking look searching search seeking seeks", 2, 0},
	{"expects expect expected", 2, 0},
	{"names named appoints appointed appoint", 2, 0},
	{"several many various", 2, 0},
	{"terrible horrible awful", 2, 0},
	{"built build builds constructed", 2, 0},
	{"found find finds discovered discover", 2, 0},
	{"recommend suggest", 2, 0},
	{"people persons", 2, 0},
	{"customers clients", 2, 0},
	{"customer client", 2, 0},
	{"launch launches launched launching", 2, 0},
	{"sales revenue revenues", 2, 0},
	{"warns warn warned", 2, 0},
	{"worker workers employee employees staff", 2, 0},
	{"car cars vehicle vehicles", 2, 0},
	{"movie film", 2, 0},
	{"children kids", 2, 0},
	{"uk britain", 2, TELL_NAME},
	{"us u.s usa", 1, 0},
	{"begin begins began beginning start starts started", 2, 0},
	{"announce announces announced announcing", 2, 0},
	{"report reports reported", 2, 0},
	{"shop shops store stores", 2, 0},
	{"vs versus", 1, 0},
	{"ceo", 2, 0},
};

static struct {
	uint32_t hash; /* 0: free */
	struct copy_known known;
} slots[COPY_SLOTS];
uint8_t copy_known_bits[COPY_SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

uint32_t copy_hash_long(struct str folded)
{
	return (uint32_t)hash64(folded, SEED) | 1;
}

static void add(uint32_t hash, struct copy_known known)
{
	size_t i = hash / 2 % COPY_SLOTS;
	while (slots[i].hash != 0 && slots[i].hash != hash) {
		i = (i + 1) % COPY_SLOTS;
	}
	copy_known_bits[hash / 16 % COPY_SLOTS] |= (uint8_t)(1U << hash / 2 % 8);
	if (slots[i].hash == 0) { /* the first group that has it */
		slots[i].hash = hash;
		slots[i].known = known;
	}
}

static void make(void)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		struct str rest = str_c(groups[g].words), word;
		struct copy_known known = {0, groups[g].weight, groups[g].tells};
		while (str_split(&rest, ' ', &word)) {
			uint32_t hash = copy_hash(word);
			known.hash = known.hash != 0 ? known.hash : hash;
			add(hash, known);
		}
	}
}

void copy_known_init(void)
{
	pthread_once(&once, make);
}

const struct copy_known *copy_known_find(uint32_t hash)
{
	for (size_t i = hash / 2 % COPY_SLOTS; slots[i].hash != 0; i = (i + 1) % COPY_SLOTS) {
		if (slots[i].hash == hash) {
			return &slots[i].known;
		}
	}
	return NULL;
}
