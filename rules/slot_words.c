/* The words slots know, folded, each table in the order of its bytes. */
#include "rules/slot.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int by_word(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_c(*(const char *const *)item));
}

static bool in(struct str word, const char *const *table, size_t n)
{
	return bsearch(&word, table, n, sizeof(*table), by_word) != NULL;
}

const char *const slot_person_lists[] = {"contacts", "people", "staff", NULL};
const char *const slot_org_lists[] = {
	"accounts", "customers", "prospects", "competitors", "companies", NULL};

/* Inside the names of people, in small letters. */
static const char *const particles[] = {"af", "al", "av", "ben", "bin", "bint", "da", "das", "de",
	"degli", "dei", "del", "della", "delle", "den", "der", "des", "di", "do", "dos", "du", "e",
	"el", "ibn", "la", "las", "le", "los", "san", "santa", "st", "te", "ten", "ter", "ul", "ur",
	"van", "vom", "von", "y", "zu", "zum", "zur"};

/* An organisation's name does not begin so, and they are no part of a title. */
static const char *const articles[] = {
	"a", "an", "her", "his", "its", "my", "our", "that", "the", "their", "this", "your"};

static const char *const legal_forms[] = {"ab", "ag", "aps", "as", "asa", "bv", "co", "company",
	"corp", "corporation", "doo", "eg", "ev", "gbr", "gmbh", "inc", "incorporated", "kft", "kg",
	"kgaa", "kk", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "ohg", "ooo", "oy", "oyj",
	"plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "sro", "ug",
	"zrt"};

/* A full stop behind them ends nothing. */
static const char *const abbreviations[] = {
	"assoc",
	"bros",
	"capt",
	"col",
	"dept",
	"dr",
	"ft",
	"gen",
	"hon",
	"intl",
	"jr",
	"lt",
	"mr",
	"mrs",
	"ms",
	"mt",
	"prof",
	"rev",
	"sgt",
	"sr",
	"st",
	"univ",
};

/* A run of words with one of these in it is somebody's position. */
static const char *const titles[] = {"abteilungsleiter", "abteilungsleiterin", "accountant",
	"actuary", "admin", "administrator", "adviser", "adviseur", "advisor", "advocate", "agent",
	"ambassador", "amministratore", "analista", "analyst", "apprentice", "architect",
	"assistant", "associate", "attorney", "auditor", "avp", "banker", "barrister", "berater",
	"beraterin", "bereichsleiter", "bereichsleiterin", "bestuurder", "bookkeeper", "broker",
	"buyer", "cao", "cco", "cdo", "ceo", "cfo", "chair", "chairman", "chairperson",
	"chairwoman", "chancellor", "charge", "chargee", "chef", "cheffe", "chief", "chro", "cio",
	"ciso", "cmo", "coach", "cofounder", "commissioner", "comptroller", "conseiller",
	"conseillere", "consulente", "consultant", "consultor", "consultora", "controller", "coo",
	"coordenador", "coordenadora", "coordinator", "copywriter", "counsel", "cpo", "cro", "cso",
	"cto", "curator", "cxo", "dba", "dean", "dentist", "designer", "developer", "directeur",
	"director", "directora", "directrice", "direktor", "direktorin", "diretor", "diretora",
	"direttore", "direttrice", "dirigente", "doctor", "economist", "editor", "electrician",
	"engenheira", "engenheiro", "engineer", "entwickler", "entwicklerin", "evangelist", "evp",
	"executive", "expert", "fellow", "fondatore", "fondatrice", "foreman", "founder",
	"fundador", "fundadora", "generalist", "gerant", "gerante", "gerente", "geschaftsfuhrer",
	"geschaftsfuhrerin", "gm", "governor", "head", "hoofd", "ingeniera", "ingeniero",
	"ingenieur", "ingenieure", "ingenieurin", "inspector", "instructor", "intern",
	"investigator", "jefa", "jefe", "journalist", "lawyer", "lead", "leader", "lecturer",
	"leiter", "leiterin", "librarian", "manager", "marketer", "md", "mechanic", "merchandiser",
	"minister", "nurse", "officer", "operator", "oprichter", "owner", "paralegal", "partner",
	"pharmacist", "photographer", "physician", "planner", "pm", "president", "presidenta",
	"presidente", "principal", "producer", "professor", "programmer", "projektleiter",
	"projektleiterin", "prokurist", "prokuristin", "provost", "recruiter", "referent",
	"referentin", "registrar", "rep", "reporter", "representative", "researcher",
	"responsabile", "responsable", "rvp", "salesman", "salesperson", "saleswoman", "scientist",
	"secretary", "seller", "socia", "socio", "solicitor", "sourcer", "specialist", "sre",
	"statistician", "strategist", "superintendant", "superintendent", "supervisor", "surgeon",
	"svp", "sysadmin", "teacher", "teamlead", "teamleiter", "teamleiterin", "technician",
	"tester", "therapist", "trader", "trainee", "trainer", "treasurer", "underwriter",
	"vertriebsleiter", "vertriebsleiterin", "vorsitzende", "vorsitzender", "vorstand",
	"vorstandin", "vp", "writer"};

/* Words no title holds. */
static const char *const title_ends[] = {"ab", "after", "also", "am", "announce", "announcing",
	"are", "as", "at", "avec", "be", "because", "been", "before", "bei", "but", "by", "can",
	"chez", "con", "could", "dans", "delighted", "depuis", "desde", "effective", "en",
	"excited", "for", "from", "fur", "had", "happy", "has", "have", "he", "her", "here", "his",
	"honored", "honoured", "humbled", "i", "i'm", "i've", "ich", "if", "im", "in", "is", "it",
	"je", "join", "joined", "joining", "just", "me", "mit", "my", "next", "nosotros", "nous",
	"now", "on", "or", "our", "para", "pleased", "pour", "proud", "really", "seit", "she",
	"since", "so", "soon", "start", "started", "starting", "thank", "thanks", "that", "their",
	"then", "there", "these", "they", "this", "those", "thrilled", "to", "today", "tomorrow",
	"until", "us", "very", "via", "was", "we", "we're", "we've", "were", "when", "where",
	"which", "while", "who", "whom", "will", "wir", "with", "would", "yesterday", "you",
	"your"};

static const char *const months[] = {"abril", "agosto", "aout", "apr", "april", "aug", "august",
	"avril", "dec", "december", "decembre", "dez", "dezember", "diciembre", "enero", "feb",
	"febrero", "februar", "february", "fevrier", "jan", "januar", "january", "janvier",
	"juillet", "juin", "jul", "juli", "julio", "july", "jun", "june", "juni", "junio", "mai",
	"mar", "march", "mars", "marz", "marzo", "may", "mayo", "nov", "november", "novembre",
	"noviembre", "oct", "october", "octobre", "octubre", "okt", "oktober", "sep", "sept",
	"september", "septembre", "septiembre"};

static const char *const scales[] = {"b", "billion", "billions", "bn", "crore", "k", "lakh", "m",
	"mille", "milliard", "milliarden", "milliards", "million", "millionen", "millions",
	"millones", "mio", "mm", "mn", "mrd", "tausend", "thousand", "tn", "trillion"};

static const char *const currencies[] = {"aed", "aud", "brl", "buck", "bucks", "cad", "chf", "cny",
	"czk", "dkk", "dollar", "dollars", "eur", "euro", "euros", "franc", "francs", "gbp", "hkd",
	"huf", "idr", "ils", "inr", "jpy", "krona", "krone", "kroner", "kronor", "krw", "mxn",
	"nok", "nzd", "peso", "pesos", "php", "pln", "pound", "pounds", "quid", "rand", "reais",
	"real", "rmb", "rub", "rupee", "rupees", "sar", "sek", "sgd", "thb", "try", "uah", "usd",
	"yen", "yuan", "zar", "zloty"};

bool slot_is_particle(struct str word)
{
	return in(word, particles, COUNT(particles));
}

bool slot_is_article(struct str word)
{
	return in(word, articles, COUNT(articles));
}

bool slot_is_legal_form(struct str word)
{
	return in(word, legal_forms, COUNT(legal_forms));
}

bool slot_is_abbreviation(struct str word)
{
	return in(word, abbreviations, COUNT(abbreviations));
}

bool slot_is_title(struct str word)
{
	return in(word, titles, COUNT(titles));
}

bool slot_ends_title(struct str word)
{
	return in(word, title_ends, COUNT(title_ends));
}

bool slot_is_month(struct str word)
{
	return in(word, months, COUNT(months));
}

bool slot_is_scale(struct str word)
{
	return in(word, scales, COUNT(scales));
}

bool slot_is_currency(struct str word)
{
	return in(word, currencies, COUNT(currencies));
}
