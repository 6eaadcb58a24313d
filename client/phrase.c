#include "client/phrase.h"

#include "client/output.h"

/* {1}, {2} and {3} stand for parts. */
static const struct {
	const char *key, *english;
} table[PHRASE_COUNT] = {
	[PHRASE_UNSPECIFIED] = {"verdict-unspecified", "UNSPECIFIED"},
	[PHRASE_NOT_A_TRANSFER] = {"verdict-not-a-transfer", "NOT_A_TRANSFER"},
	[PHRASE_PERMITTED] = {"verdict-permitted", "PERMITTED"},
	[PHRASE_PERMITTED_WITH_OBLIGATIONS] = {"verdict-permitted-with-obligations",
					       "PERMITTED_WITH_OBLIGATIONS"},
	[PHRASE_INDETERMINATE] = {"verdict-indeterminate", "INDETERMINATE"},
	[PHRASE_DENIED] = {"verdict-denied", "DENIED"},
	[PHRASE_ADVISORY] = {"advisory", "(advisory)"},
	[PHRASE_ADVISORY_WHY] = {"advisory-why", "ADVISORY: this can never authorise (another day "
						 "or revision, records given, or no server)"},
	[PHRASE_AUTHORISES] = {"authorises", "authorises: yes"},
	[PHRASE_AUTHORISES_NOT] = {"authorises-not", "authorises: no"},
	[PHRASE_AUTHORISES_NOT_DUTIES] =
		{"authorises-not-duties",
		 "authorises: no: not every duty is accepted (--performs)"},
	[PHRASE_AUTHORISES_NOT_REGISTRY] =
		{"authorises-not-registry",
		 "authorises: no: the registry is not known to be current"},
	[PHRASE_AS_EXPECTED] = {"as-expected", "as expected"},
	[PHRASE_NOT_AS_EXPECTED] = {"not-as-expected", "NOT AS EXPECTED"},
	[PHRASE_CONDITION] = {"condition", "condition: {1}"},
	[PHRASE_FOUND] = {"found", "found: {1}"},
	[PHRASE_FOUND_EXPECTED] = {"found-expected", "found: {1}, expected: {2}"},
	[PHRASE_NOTHING] = {"nothing", "nothing"},
	[PHRASE_WHO_CAN_SETTLE] = {"who-can-settle", "who can settle it: {1}"},
	[PHRASE_DID_YOU_MEAN] = {"did-you-mean", "{1}: did you mean '{2}'?"},
	[PHRASE_IGNORED] = {"ignored", "ignored: {1}, nothing that a caller states"},
	[PHRASE_IGNORED_NEAR] = {"ignored-near",
				 "ignored: {1}, nothing that a caller states; did you mean '{2}'?"},
	[PHRASE_LEGS] = {"legs", "legs"},
	[PHRASE_HOP] = {"hop", "{1} to {2}"},
	[PHRASE_AREA_UNKNOWN] = {"area-unknown", "area unknown"},
	[PHRASE_CATEGORY_UNKNOWN] = {"category-unknown", "category unknown"},
	[PHRASE_WEAKEST] = {"weakest", "(weakest)"},
	[PHRASE_OPINIONS] = {"opinions", "opinions"},
	[PHRASE_NO_RULEBOOK] = {"no-rulebook", "(no rulebook)"},
	[PHRASE_DECIDED_BY] = {"decided-by", "by {1}"},
	[PHRASE_OF_LEGS] = {"of-legs", "(legs {1})"},
	[PHRASE_GROUND_MAY_HOLD] = {"ground-may-hold", "{1} may hold, but:"},
	[PHRASE_GROUND_FAILS] = {"ground-fails", "{1} does not hold:"},
	[PHRASE_DUTIES] = {"duties", "duties"},
	[PHRASE_DUTIES_ELSEWHERE] = {"duties-elsewhere", "duties of the legs that are permitted"},
	[PHRASE_DUTY_ACCEPTED] = {"duty-accepted", "accepted"},
	[PHRASE_DUTY_REFUSED] = {"duty-refused", "REFUSED"},
	[PHRASE_DUTY_STANDING] = {"duty-standing", "standing"},
	[PHRASE_DUTY_OPEN] = {"duty-open", "NOT ACCEPTED"},
	[PHRASE_REMEDY] = {"remedy", "what would permit it"},
	[PHRASE_REMEDIES] = {"remedies", "what would permit it (any one of these)"},
	[PHRASE_REMEDIES_CUT] = {"remedies-cut", "and others, which take more"},
	[PHRASE_STEP_SAY] = {"step-say", "if it is so, say {1}"},
	[PHRASE_STEP_RECORD] = {"step-record", "record {1}"},
	[PHRASE_STEP_OBTAIN] = {"step-obtain", "obtain {1}"},
	[PHRASE_STEP_PERFORM] = {"step-perform", "perform {1}"},
	[PHRASE_STEP_AND] = {"step-and", "and"},
	[PHRASE_OTHER_THAN] = {"other-than", "{1}: other than {2}"},
	[PHRASE_ON_FILE] = {"on-file", "on file is {1}: {2}"},
	[PHRASE_BEYOND] = {"beyond", "nothing on offer lifts: {1}"},
	[PHRASE_BEYOND_ONE] = {"beyond-one", "{1} by {2}"},
	[PHRASE_BEYOND_COVERAGE] = {"beyond-coverage", "no law in the registry speaks for where "
						       "the data leaves from"},
	[PHRASE_BEYOND_NO_OPINION] = {"beyond-no-opinion",
				      "no rulebook that applies for sure speaks of it"},
	[PHRASE_JUDGED] = {"judged", "judged for {1}, no change in sight"},
	[PHRASE_JUDGED_UNTIL] = {"judged-until", "judged for {1}, holds until {2}"},
	[PHRASE_REVISION] = {"revision", "registry revision {1} {2}"},
	[PHRASE_RECEIPT] = {"receipt", "receipt {1}"},
	[PHRASE_RECEIPT_KEPT] = {"receipt-kept", "receipt {1} in {2}"},
	[PHRASE_ASKED] = {"asked", "asked {1}, as expected {2}, authorised {3}"},
	[PHRASE_COLUMN_DESTINATION] = {"column-destination", "DESTINATION"},
	[PHRASE_COLUMN_RECIPIENT] = {"column-recipient", "RECIPIENT"},
	[PHRASE_COLUMN_VERDICT] = {"column-verdict", "VERDICT"},
	[PHRASE_COLUMN_DUTIES] = {"column-duties", "DUTIES"},
	[PHRASE_SEARCH_IN_VAIN] = {"search-in-vain", "{1} So nothing can be found."},
	[PHRASE_SEARCH_FOUND] = {"search-found",
				 "{1} found, judged for {2}, registry revision {3}"},
	[PHRASE_SEARCH_WHY_NOT] = {"search-why-not", "carnet check says of any one why it may not"},
	[PHRASE_SEARCH_ADVISORY] =
		{"search-advisory",
		 "ADVISORY: a search never authorises; ask carnet check before data goes"},
	[PHRASE_COLUMN_DAY] = {"column-day", "DAY"},
	[PHRASE_COLUMN_KIND] = {"column-kind", "KIND"},
	[PHRASE_COLUMN_ID] = {"column-id", "ID"},
	[PHRASE_COLUMN_HAPPENS] = {"column-happens", "WHAT HAPPENS"},
	[PHRASE_COLUMN_OWNER] = {"column-owner", "OWNER"},
	[PHRASE_DAYS] = {"days", "{1} from {2} on, within {3} days"},
	[PHRASE_DAY_OVERDUE] = {"day-overdue", "OVERDUE: {1}"},
	[PHRASE_DAY_FOLLOWED] = {"day-followed", "{1}; another slice goes on"},
	[PHRASE_DAY_NOT_FOLLOWED] = {"day-not-followed", "{1}; nothing follows"},
	[PHRASE_ENDS] = {"day-ends", "ends"},
	[PHRASE_REVIEW] = {"day-review", "is due for review"},
	[PHRASE_DUE_AGAIN] = {"day-due-again", "is due again; from that day it does not count"},
	[PHRASE_SUNSET] = {"day-sunset", "ends with its own act, unless that is renewed"},
	[PHRASE_LEAVES] = {"day-leaves", "leaves {1}"},
	[PHRASE_ESTABLISHED_NO_MORE] = {"day-established-no-more",
					"is no longer established in {1}"},
	[PHRASE_BOUND_NO_MORE] = {"day-bound-no-more", "is no longer bound by {1}"},
	[PHRASE_SIGNED_NO_MORE] = {"day-signed-no-more", "can no longer be signed for {1}"},
	[PHRASE_RELIED_ON_NO_MORE] = {"day-relied-on-no-more",
				      "can no longer be relied on under {1}"},
	[PHRASE_FALLS_WITH_INSTRUMENT] =
		{"day-falls-with-instrument",
		 "can no longer be relied on under {1}: its instrument {2} cannot"},
	[PHRASE_STAYED_NO_MORE] = {"day-stayed-no-more", "is no longer stayed: it bites"},
	[PHRASE_GROUND_ENDS] = {"day-ground-ends", "ground {1} ends"},
	[PHRASE_GROUND_REVIEW] = {"day-ground-review", "ground {1} is due for review"},
	[PHRASE_PROHIBITION_ENDS] = {"day-prohibition-ends", "prohibition {1} ends"},
	[PHRASE_PROHIBITION_REVIEW] = {"day-prohibition-review",
				       "prohibition {1} is due for review"},
	[PHRASE_DUTY_ENDS] = {"day-duty-ends", "duty {1} ends"},
	[PHRASE_SIGNS_AS_NO_MORE] = {"day-signs-as-no-more", "may no longer sign as {1}"},
	[PHRASE_SIGNS_WITH_NO_MORE] = {"day-signs-with-no-more",
				       "may no longer sign with one of the keys"},
};

const char *phrase_key(enum phrase phrase)
{
	return table[phrase].key;
}

struct bytes phrase_sentence(enum language language, enum phrase phrase)
{
	if (language == LANGUAGE_ENGLISH)
		return bytes_of_string(table[phrase].english);
	return words_line(language, table[phrase].key, 0);
}

static struct bytes part_of(const void *arg, struct bytes name)
{
	const char *const *parts = arg;
	size_t at = name.size == 1 ? (size_t)(name.data[0] - '1') : PHRASE_PARTS_MAX;

	if (!parts || at >= PHRASE_PARTS_MAX || !parts[at])
		return (struct bytes){0};
	return bytes_of_string(parts[at]);
}

void phrase_append(enum language language, enum phrase phrase, const char *const *parts,
		   struct buffer *out)
{
	struct bytes sentence = phrase_sentence(language, phrase);
	struct buffer text = {0};

	if (!sentence.size)
		sentence = phrase_sentence(LANGUAGE_ENGLISH, phrase);
	words_expand(sentence, part_of, parts, &text);
	output_append_plain(out, buffer_string(&text));
	buffer_release(&text);
}

const char *phrase_text(enum language language, enum phrase phrase, const char *const *parts,
			struct arena *arena)
{
	struct buffer text = {0};
	const char *copy;

	phrase_append(language, phrase, parts, &text);
	copy = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return copy;
}

enum phrase phrase_of_verdict(Carnet__V1__Verdict verdict)
{
	return (unsigned)verdict <= PHRASE_DENIED ? (enum phrase)verdict : PHRASE_UNSPECIFIED;
}

int phrase_language(const char *text, enum language *out, struct error *error)
{
	if (words_language(bytes_of_string(text), out))
		return 0;
	return error_set(error, ERR_INVALID, "--language: '%s' is none of en, ko, ja", text);
}
