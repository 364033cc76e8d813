#include "../../src/score/phrases.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static uint8_t hits[TRIAGE_PHRASE_SIGNALS];
static triage_words_t words;

/* Finds with one list; false when the list cannot be read. */
static bool
find(const char *list, const char *text)
{
    triage_phrases_t *phrases = triage_phrases_create();
    const char *why;
    unsigned line;
    bool is_read =
        triage_phrases_add(phrases, triage_text_of(list), &why, &line)
        && triage_phrases_finish(phrases);

    memset(hits, 0, sizeof(hits));
    if (is_read) {
        triage_words_read(&words, triage_text_of(text));
        triage_phrases_find(phrases, &words, triage_no_text, hits);
    }
    triage_phrases_free(phrases);
    return is_read;
}

static bool
finds(const char *phrase, const char *text)
{
    char list[1024];

    snprintf(list, sizeof(list), "[stranded]\n%s\n", phrase);
    return find(list, text) && hits[TRIAGE_STRANDED] > 0;
}

static void
phrases_are_found(void)
{
    ok(finds("stuck here", "We are STUCK here!"), "whatever the case");
    ok(!finds("stuck", "unstuck stucked"), "as whole words");
    ok(finds("strand*", "stranded"), "with a word that goes on");
    ok(!finds("strand*", "a beach"), "and not without");
    ok(finds("*ausfall", "ein Stromausfall"),
       "with a word that begins before");
    ok(!finds("*ausfall", "Ausfallzeit"), "which must end there");
    ok(finds("*ausfall*", "Stromausfallzeit"), "or not");
    ok(finds("(a|the) bag", "where is the bag"), "either");
    ok(finds("(a|the|) bag", "bag"), "or none");
    ok(finds("(my (big|small)|the) bag", "my small bag"), "nested");
    ok(finds("caf\u00e9", "CAFE\u0301"), "accents do not matter");
    ok(finds("stra\u00dfe", "STRASSE"), "nor does a sharp s");
    ok(finds("can't", "cant"), "nor an apostrophe");
    ok(finds("can't", "can\u2019t"), "of either kind");
    ok(finds("l avion", "l'avion"), "which parts French words");
    ok(finds("77 hours", "since 24 hours"), "digits stand for each other");
    ok(!finds("77 hours", "since 240 hours"), "not for their number");
    ok(!finds("stuck here", "stuck. here"), "not across a sentence");
    ok(finds("soo late", "sooooo late"), "stretched words are two long");
}

/* Choices are not multiplied out, but for those that fold otherwise. */
static void
choices_fold_as_a_whole(void)
{
    ok(finds("(my|) (big|) bag", "the bag"), "words that are missing");
    ok(finds("(my|) (big|) bag", "my big bag"), "or there");
    ok(finds("bag (lost|)", "bag") && finds("bag (lost|)", "bag lost"),
       "at the end too");
    ok(!finds("bag (lost|)", "bags"), "which ends there");
    ok(finds("bag (lost|)*", "baggage") && finds("bag (lost|)*", "bag losts"),
       "unless it goes on");
    ok(finds("*(aus|) fall", "ein fall") && finds("*(ab|aus)fall", "Abfall"),
       "before it, too");
    ok(finds("cance(l|ll)ed", "cancelled")
           && finds("cance(l|ll)ed", "CANCELED"),
       "inside a word");
    ok(finds("s(o|oo)(o|) late", "soooooo late"), "stretched words are two");
    ok(finds("(so|soo)(on|oon)", "sooooon"), "across choices");
    ok(finds("(i|we)('ve| have) lost", "we\u2019ve lost")
           && finds("(i|we)('ve| have) lost", "I have lost"),
       "with apostrophes");
    ok(finds("(caf\u00e9|bar) closed", "cafe closed"), "with accents");
    ok(finds("((a|b)(c|)|d) e", "a e") && finds("((a|b)(c|)|d) e", "bc e")
           && finds("((a|b)(c|)|d) e", "d e")
           && !finds("((a|b)(c|)|d) e", "c e"),
       "nested and side by side");
    ok(finds("(glitch*|bug)", "glitches") && !finds("(glitch*|bug)", "bugs"),
       "a star in a choice at the end");
}

static void
hits_are_counted(void)
{
    (void) find("[stolen]\nstolen\nwas stolen\nstolen card\n",
                "it was stolen card");
    ok(hits[TRIAGE_STOLEN] == 1, "hits that overlap are one");
    (void) find("[stolen]\nstolen\n", "stolen stolen, stolen");
    ok(hits[TRIAGE_STOLEN] == 3, "others are counted");
    (void) find("[stolen]\nstolen\n[lost]\nstolen\n", "stolen");
    ok(hits[TRIAGE_STOLEN] == 1 && hits[TRIAGE_LOST] == 1,
       "a phrase may count for two");
}

static void
negation_turns(void)
{
    const char *list = "[praise]\nhappy\n[negation]\nnot\n[stolen]\nstolen\n";

    (void) find(list, "not happy");
    ok(hits[TRIAGE_PRAISE] == 0 && hits[TRIAGE_COMPLAINT] == 1,
       "praise that is negated is a complaint");
    (void) find(list, "not a very happy");
    ok(hits[TRIAGE_PRAISE] == 0, "over two words");
    (void) find(list, "not one of the many happy");
    ok(hits[TRIAGE_PRAISE] == 1, "not over five");
    (void) find(list, "Not. Happy");
    ok(hits[TRIAGE_PRAISE] == 1, "nor across a sentence");
    (void) find(list, "not stolen");
    ok(hits[TRIAGE_STOLEN] == 1, "a theft stays a theft");
}

static void
language_is_told(void)
{
    triage_phrases_t *phrases = triage_phrases_create();
    const char *why;
    unsigned line;

    ok(triage_phrases_add(phrases,
                          triage_text("[language en]\n(the|is|my)\n"
                                      "[lost]\nlost\n"),
                          &why, &line)
           && triage_phrases_add(phrases,
                                 triage_text("[language it]\n(il|mio|non)\n"
                                             "[question]\ncome\n"),
                                 &why, &line)
           && triage_phrases_add(phrases, triage_text("[soon]\ngate\n"), &why,
                                 &line)
           && triage_phrases_finish(phrases),
       "lists of two languages and one of none");

    triage_words_read(
        &words, triage_text("the bag is lost, my bags never come, gate"));
    triage_phrases_find(phrases, &words, triage_no_text, hits);
    ok(hits[TRIAGE_LOST] == 1 && hits[TRIAGE_QUESTION] == 0,
       "a word of another language is none");
    ok(hits[TRIAGE_SOON] == 1, "a list without language is for all");
    triage_words_read(&words,
                      triage_text("come arriva il mio pacco non lost"));
    triage_phrases_find(phrases, &words, triage_no_text, hits);
    ok(hits[TRIAGE_LOST] == 0 && hits[TRIAGE_QUESTION] == 1,
       "nor the other way round");
    triage_words_read(&words, triage_text("lost come"));
    triage_phrases_find(phrases, &words, triage_text("it"), hits);
    ok(hits[TRIAGE_LOST] == 0 && hits[TRIAGE_QUESTION] == 1,
       "the platform may tell");
    triage_phrases_free(phrases);
}

static void
refuses(const char *list, unsigned wrong, const char *what)
{
    triage_phrases_t *phrases = triage_phrases_create();
    const char *why;
    unsigned line;

    ok(!triage_phrases_add(phrases, triage_text_of(list), &why, &line)
           && line == wrong && why != NULL,
       what);
    triage_phrases_free(phrases);
}

static void
lists_are_checked(void)
{
    ok(find("# nothing\n\n[lost]\r\n  lost  \r\n", "lost")
           && hits[TRIAGE_LOST] == 1,
       "comments, empty lines, blanks and line ends of any kind");
    refuses("lost\n", 1, "a phrase needs a signal");
    refuses("[lost]\nlost\n[nothing]\n", 3, "a signal must exist");
    refuses("[length]\nlong\n", 1, "and be one of phrases");
    refuses("[lost]\n(a|b\n", 2, "a bracket must close");
    refuses("[lost]\na|b)\n", 2, "and open");
    refuses("[lost]\n?!\n", 2, "a phrase has words");
    refuses("[lost]\n(a|)\n", 2, "whatever the choice");
    refuses("[lost]\nsmell* of\n", 2, "a star is at an end");
    refuses("[lost]\n(a*|b) of\n", 2, "of the whole phrase");
    refuses("[lost]\npres[oa]\n", 2, "other brackets are none");
    refuses("[language english]\n", 1, "a language has two letters");
}

int
main(void)
{
    phrases_are_found();
    choices_fold_as_a_whole();
    hits_are_counted();
    negation_turns();
    language_is_told();
    lists_are_checked();
    return done_testing();
}
