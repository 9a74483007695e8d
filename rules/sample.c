#include "rules/sample.h"

#include "monitor/base/buf.h"
#include "monitor/base/rng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WORDS 30
#define OCTAVES 16 /* 65,535 distinct words */

/* About in the order of how often people write them; languages other than English stand where their
 * share of a mixed stream puts them. */
static const char *const everyday[] = {"the", "to", "and", "a", "of", "i", "in", "is", "for", "it",
	"you", "that", "on", "with", "this", "my", "be", "are", "we", "have", "not", "so", "at",
	"but", "as", "just", "was", "they", "what", "all", "if", "your", "from", "do", "me", "or",
	"can", "out", "like", "an", "about", "by", "how", "up", "de", "get", "will", "new", "one",
	"now", "no", "more", "when", "there", "who", "our", "has", "la", "people", "time", "their",
	"good", "he", "know", "some", "think", "here", "than", "us", "today", "need", "would",
	"see", "go", "really", "day", "great", "been", "any", "love", "want", "them", "had", "work",
	"why", "que", "she", "way", "back", "make", "first", "don't", "only", "die", "der", "also",
	"other", "und", "even", "still", "because", "his", "which", "years", "should", "right",
	"too", "very", "going", "then", "could", "over", "year", "last", "much", "got", "were",
	"best", "into", "well", "en", "these", "use", "something", "every", "never", "look", "take",
	"el", "off", "many", "her", "help", "please", "thing", "thanks", "week", "world", "things",
	"after", "being", "game", "made", "next", "same", "before", "always", "where", "better",
	"ich", "down", "most", "feel", "lot", "life", "free", "let", "those", "say", "him", "team",
	"can't", "show", "does", "did", "live", "it's", "find", "read", "someone", "keep", "part",
	"old", "using", "anyone", "little", "bad", "nice", "home", "looking", "support", "video",
	"two", "big", "long", "everyone", "post", "try", "trying", "start", "happy", "check",
	"actually", "sure", "night", "man", "news", "app", "house", "share", "data", "few", "yes",
	"another", "thought", "through", "friends", "friend", "end", "school", "story", "working",
	"book", "money", "hard", "wait", "stop", "since", "real", "music", "change", "watch",
	"guys", "code", "point", "place", "under", "system", "again", "las", "les", "los", "por",
	"con", "para", "das", "nicht", "mit", "ist", "auf", "ein", "eine", "et", "le", "un", "une",
	"est", "pas", "pour", "qui", "di", "il", "che", "non", "e", "o", "em", "um", "hope", "job",
	"play", "car", "call", "open", "company", "business", "service", "product", "price", "buy",
	"online", "site", "web", "page", "email", "phone", "name", "list", "question", "answer",
	"idea", "problem", "issue", "issues", "fix", "bug", "update", "version", "release", "run",
	"test", "build", "software", "tool", "tools", "customer", "customers", "client", "market",
	"sales", "marketing", "event", "conference", "talk", "meeting", "plan", "project", "report",
	"target", "apple", "amazon", "square", "stripe", "shell", "gap", "orange", "oracle", "visa",
	"meta", "box", "slack", "zoom", "notion", "unity", "bolt", "chase", "discover", "express",
	"future", "power", "energy", "light", "fast", "easy", "simple", "clear", "sharp", "smart",
	"prime", "monday", "linear", "ford", "dove", "tide", "subway", "virgin", "alphabet",
	"block", "nest", "ring", "echo", "fire", "spring", "summer", "winter", "autumn", "star",
	"sun"};

/* Rank of the next word: about 1/rank, as words are in speech. */
static size_t next_rank(struct rng *rng)
{
	size_t octave = (size_t)1 << rng_below(rng, OCTAVES);
	return octave - 1 + (size_t)rng_below(rng, octave);
}

/* A word nobody says, the same for a rank every time. */
static void put_invented(size_t rank, struct buf *out)
{
	static const char *const parts[] = {"ba", "dro", "fi", "gul", "hex", "jo", "ka", "lum",
		"mi", "nor", "pe", "quo", "ra", "sti", "tu", "vel"};
	size_t n = rank + 4096;
	for (; n > 0; n /= COUNT(parts)) {
		buf_add_c(out, parts[n % COUNT(parts)]);
	}
}

bool sample_post(size_t i, struct arena *arena, struct post *out)
{
	struct rng rng = {.state = 77 + i};
	struct buf text;
	buf_init(&text, 4096);
	for (size_t w = 0; w < WORDS; w++) {
		size_t rank = next_rank(&rng);
		buf_add_c(&text, w == 0 ? "" : w % 11 == 10 ? ". " : " ");
		if (rank < COUNT(everyday)) {
			buf_add_c(&text, everyday[rank]);
		} else {
			put_invented(rank, &text);
		}
	}
	post_init(out);
	out->source = STR("sample");
	out->external_id = STR("1");
	out->lang = STR("en");
	out->text = arena_str(arena, buf_str(&text));
	bool ok = text.rc == HARK_OK && out->text.p != NULL;
	buf_release(&text);
	return ok;
}
