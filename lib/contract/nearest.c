#include "contract/nearest.h"

#include "engine/fact.h"
#include "text/suggest.h"

/* Of which kinds an unknown word might have been meant. */
static const enum record_kind any_kind[] = {RECORD_TERM, RECORD_AREA, RECORD_PARTY, RECORD_CATEGORY,
					    RECORD_NONE};

static const enum record_kind *kinds_meant(enum reason_code unknown)
{
	static const enum record_kind party[] = {RECORD_PARTY, RECORD_NONE},
				      area[] = {RECORD_AREA, RECORD_NONE},
				      category[] = {RECORD_CATEGORY, RECORD_NONE},
				      purpose[] = {RECORD_PURPOSE, RECORD_NONE},
				      data_set[] = {RECORD_DATA_SET, RECORD_NONE},
				      term[] = {RECORD_TERM, RECORD_NONE};

	switch (unknown) {
	case REASON_UNKNOWN_PARTY:
		return party;
	case REASON_UNKNOWN_AREA:
		return area;
	case REASON_UNKNOWN_CATEGORY:
		return category;
	case REASON_UNKNOWN_PURPOSE:
		return purpose;
	case REASON_UNKNOWN_DATA_SET:
		return data_set;
	case REASON_NONE:
		return term;
	default:
		return any_kind;
	}
}

static bool is_registered(const struct asked *asked, const enum record_kind *kinds, symbol word)
{
	const struct question *question = &asked->question;

	for (; *kinds != RECORD_NONE; kinds++)
		if (world_get(asked->world, *kinds, word, question->as_of, question->known_at))
			return true;
	return false;
}

struct bytes nearest_word(const struct asked *asked, enum reason_code unknown, struct bytes word,
			  uint32_t *effort)
{
	const struct symbols *words = world_words(asked->world);
	const enum record_kind *kinds = kinds_meant(unknown);
	struct suggestion near = suggest_for(word);

	for (symbol at = symbols_last(words); at != SYMBOL_NONE && *effort; at--, --*effort) {
		struct suggestion trial = near;

		suggest_offer(&trial, symbols_text(words, at));
		/* Only a word that would win is worth looking up. */
		if (trial.best.data != near.best.data && is_registered(asked, kinds, at))
			near = trial;
	}
	return near.best;
}
