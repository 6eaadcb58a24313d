#include "contract/words.h"

#include "contract/words_texts.h"

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
	[REASON_UNKNOWN_WORD] = {"'{text}' in {field} is not registered as what is wanted there.",
				 "'{text}' is not registered as what is wanted."},
	[REASON_FACT_UNKNOWN] = {"{word} is {found}, which leaves {expected} open.",
				 "A fact is not known."},
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
	[REASON_OUT_OF_SCOPE] = {"What is on file for {condition} is not shown to have this in its "
				 "scope.",
				 "The finding is not shown to have this in its scope."},
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
	[REASON_WRONG_MODULE] = {"The agreement names no module for the roles that the parties "
				 "really have.",
				 NULL},
	[REASON_NOT_COVERED] = {"The agreement does not cover it: {word}.",
				"The agreement does not cover it."},
	[REASON_LOW_CONFIDENCE] = {"It rests on a source that nobody has read with confidence.",
				   NULL},
	[REASON_DOUBT] = {"Something stayed open when the source was read.", NULL},
	[REASON_REVIEW_OVERDUE] = {"The source should have been looked at again by now.", NULL},
};

static struct bytes part_named(const void *arg, struct bytes name)
{
	const struct words_parts *parts = arg;
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

bool words_expand(struct bytes sentence, words_part *part, const void *arg, struct buffer *out)
{
	struct bytes rest = sentence;
	struct bytes head, name;
	bool complete = true;

	while (rest.data) {
		rest = bytes_cut(rest, '{', &head);
		buffer_append(out, head);
		if (!rest.data)
			break;
		rest = bytes_cut(rest, '}', &name);
		name = part(arg, name);
		complete = complete && name.size;
		buffer_append(out, name);
	}
	return complete;
}

/* ---- The tables of other languages, as text ---- */

static struct bytes table_of(enum language language)
{
	switch (language) {
	case LANGUAGE_KOREAN:
		return bytes_of(words_ko, sizeof(words_ko));
	case LANGUAGE_JAPANESE:
		return bytes_of(words_ja, sizeof(words_ja));
	default:
		return (struct bytes){0};
	}
}

static bool is_indented(struct bytes line)
{
	return line.size && (line.data[0] == '\t' || line.data[0] == ' ');
}

static struct bytes strip(struct bytes line)
{
	while (is_indented(line))
		line = bytes_of(line.data + 1, line.size - 1);
	return line;
}

struct bytes words_line(enum language language, const char *key, int number)
{
	struct bytes table = table_of(language), line;
	bool is_here = false;

	while (table.data) {
		table = bytes_cut(table, '\n', &line);
		if (!is_indented(line))
			is_here = bytes_equal_string(line, key);
		else if (is_here && number-- == 0)
			return strip(line);
	}
	return (struct bytes){0};
}

/* ---- Sentences ---- */

struct bytes words_sentence(enum language language, enum reason_code code, bool without)
{
	const struct sentence *sentence;

	if (language != LANGUAGE_ENGLISH)
		return words_line(language, reason_code_name(code), without);
	sentence = (unsigned)code < REASON_CODE_COUNT ? &english[code] : english;
	return bytes_of_string(without ? sentence->without : sentence->text);
}

bool words_language(struct bytes name, enum language *out)
{
	static const char *const names[LANGUAGE_COUNT] = {"en", "ko", "ja"};

	for (int language = 0; language < LANGUAGE_COUNT; language++)
		if (bytes_equal_string(name, names[language])) {
			*out = (enum language)language;
			return true;
		}
	return false;
}

char *words_reason_in(enum language language, enum reason_code code,
		      const struct words_parts *parts, struct arena *arena)
{
	struct bytes sentence = words_sentence(language, code, false), without;
	struct buffer text = {0};
	char *result;

	if (!sentence.size) {
		buffer_append_string(&text, reason_code_name(code));
	} else if (!words_expand(sentence, part_named, parts, &text)) {
		without = words_sentence(language, code, true);
		if (without.size) {
			buffer_clear(&text);
			words_expand(without, part_named, parts, &text);
		}
	}
	result = arena_string(arena, buffer_bytes(&text));
	buffer_release(&text);
	return result;
}

char *words_reason(enum reason_code code, const struct words_parts *parts, struct arena *arena)
{
	return words_reason_in(LANGUAGE_ENGLISH, code, parts, arena);
}
