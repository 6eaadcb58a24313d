#include "contract/words.h"

#include <string.h>

/* {name} stands for a part.  `without` is said where a part of the sentence is missing. */
struct sentence {
	const char *text, *without;
};

static const struct sentence english[REASON_CODE_COUNT] = {
	[REASON_GROUND] = {"{word} permits it.", "A ground permits it."},
	[REASON_NOT_A_TRANSFER] = {"It does not count as a transfer: {condition}.",
				   "It does not count as a transfer."},
	[REASON_PROHIBITED] = {"{word} prohibits it.", "A prohibition stands against it."},
	[REASON_DUTY_REFUSED] = {"The duty {word} is owed, and the caller will not perform it.",
				 "A duty is owed that the caller will not perform."},
	[REASON_DEFAULT_PROHIBITED] = {"No ground permits it, and what no ground permits is "
				       "prohibited.",
				       NULL},
	[REASON_DEFAULT_PERMITTED] = {"Nothing prohibits it, and what nothing prohibits is "
				      "permitted.",
				      NULL},
	[REASON_PROHIBITION_UNKNOWN] = {"Whether {word} prohibits it depends on what is not known.",
					"Whether a prohibition holds is not known."},
	[REASON_GROUND_UNKNOWN] = {"Whether {word} permits it depends on what is not known.",
				   "Whether a ground holds is not known."},
	[REASON_TRANSFER_UNKNOWN] = {"Whether it counts as a transfer is not known.", NULL},
	[REASON_APPLIES_UNKNOWN] = {"Whether the rulebook applies is not known.", NULL},
	[REASON_UNMODELLED_LAW] = {"No law in the registry speaks for {word}.",
				   "It is not known from where the data goes, so no law speaks "
				   "for it."},
	[REASON_NO_OPINION] = {"No rulebook speaks about this transfer.", NULL},
	[REASON_UNKNOWN_PARTY] = {"No party '{text}' is registered on that day.", NULL},
	[REASON_UNKNOWN_AREA] = {"No area '{text}' is registered on that day.", NULL},
	[REASON_UNKNOWN_CATEGORY] = {"No data-category '{text}' is registered on that day.", NULL},
	[REASON_UNKNOWN_PURPOSE] = {"No purpose '{text}' is registered on that day.", NULL},
	[REASON_UNKNOWN_DATA_SET] = {"No data-set '{text}' is registered on that day.", NULL},
	[REASON_UNKNOWN_WORD] = {"'{text}' in {field} is no word the registry knows.",
				 "'{text}' is no word the registry knows."},
	[REASON_FACT_UNKNOWN] = {"{word} is not known.", "A fact is not known."},
	[REASON_FACT_IS_OTHERWISE] = {"{word} is {found}, not {expected}.",
				      "{word} is not {expected}."},
	[REASON_EXCEPTION_HOLDS] = {"An exception holds: {condition}.", "An exception holds."},
	[REASON_UNSETTLED_QUESTION] = {"The question {word} is not settled.",
				       "A question is not settled."},
	[REASON_SETTLED_OTHERWISE] = {"The question {word} is settled: an assessment says that it "
				      "does not hold.",
				      "A question is settled: an assessment says that it does not "
				      "hold."},
	[REASON_NO_RECORD] = {"Nothing on file answers {condition}.",
			      "Nothing on file answers the condition."},
	[REASON_RECORD_UNKNOWN] = {"What is on file may answer {condition}, or may not.",
				   "What is on file does not settle it."},
	[REASON_OUT_OF_SCOPE] = {"The finding does not hold here: its scope is {condition}.",
				 "The finding does not hold here."},
	[REASON_NOT_CERTIFIED] = {"The certificate is not active.", NULL},
	[REASON_OVERDUE] = {"It was due again and was not done again.", NULL},
	[REASON_NOT_YET_MADE] = {"The assessment is dated after the day that was asked.", NULL},
	[REASON_INSTRUMENT_NOT_OF_THIS_LAW] = {"This law does not know the agreement's instrument.",
					       NULL},
	[REASON_UNSIGNED_OR_UNDATED] =
		{"The agreement is not signed, or its signature has no date.", NULL},
	[REASON_NOT_YET_SIGNED] = {"The agreement is signed only after the day that was asked.",
				   NULL},
	[REASON_SIGNED_BEFORE_WINDOW] = {"The agreement was signed before this law knew its "
					 "instrument.",
					 NULL},
	[REASON_SIGNED_AFTER_REPEAL] = {"The agreement was signed after its instrument could no "
					"longer be signed.",
					NULL},
	[REASON_GRACE_ENDED] = {"The time to rely on the agreement's instrument has ended.", NULL},
	[REASON_NOT_IN_FORCE] = {"The agreement is not in force on the day that was asked.", NULL},
	[REASON_ANNEXES_INCOMPLETE] = {"The agreement's annexes are not complete.", NULL},
	[REASON_WRONG_MODULE] = {"The agreement's module is not for the roles that the parties "
				 "really have.",
				 NULL},
	[REASON_NOT_COVERED] = {"The agreement does not cover it: {word}.",
				"The agreement does not cover it."},
	[REASON_LOW_CONFIDENCE] = {"It rests on a source that nobody has read with confidence.",
				   NULL},
	[REASON_DOUBT] = {"Something stayed open when the source was read.", NULL},
	[REASON_REVIEW_OVERDUE] = {"The source should have been looked at again by now.", NULL},
};

static struct bytes part_named(const struct words_parts *parts, struct bytes name)
{
	const struct {
		const char *name;
		struct bytes value;
	} all[] = {
		{"word", parts->word},   {"text", parts->text},
		{"field", parts->field}, {"condition", parts->condition},
		{"found", parts->found}, {"expected", parts->expected},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (bytes_equal_string(name, all[i].name))
			return all[i].value;
	return (struct bytes){0};
}

/* False if a part that the sentence speaks of is missing. */
static bool expand(const char *sentence, const struct words_parts *parts, struct buffer *out)
{
	struct bytes rest = bytes_of_string(sentence), head, name;
	bool complete = true;

	while (rest.data) {
		rest = bytes_cut(rest, '{', &head);
		buffer_append(out, head);
		if (!rest.data)
			break;
		rest = bytes_cut(rest, '}', &name);
		name = part_named(parts, name);
		complete = complete && name.size;
		buffer_append(out, name);
	}
	return complete;
}

char *words_reason(enum reason_code code, const struct words_parts *parts, struct arena *arena)
{
	const struct sentence *sentence = code < REASON_CODE_COUNT ? &english[code] : english;
	struct buffer text = {0};
	char *result;

	if (!sentence->text) {
		buffer_append_string(&text, reason_code_name(code));
	} else if (!expand(sentence->text, parts, &text) && sentence->without) {
		buffer_clear(&text);
		expand(sentence->without, parts, &text);
	}
	result = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return result;
}
