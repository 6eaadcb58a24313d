#include "engine/plain.h"

#include <stddef.h>

/* Where a field stands in its record; 0: it is none of these. */
static const uint8_t word_places[RECORD_KIND_COUNT][FIELD_COUNT] = {
	[RECORD_AGREEMENT] =
		{
			[FIELD_ID] = offsetof(struct world_agreement, record.id),
			[FIELD_INSTRUMENT] = offsetof(struct world_agreement, instrument),
			[FIELD_MODULE] = offsetof(struct world_agreement, module),
		},
	[RECORD_CERTIFICATE] =
		{
			[FIELD_ID] = offsetof(struct world_certificate, record.id),
			[FIELD_HOLDER] = offsetof(struct world_certificate, holder),
			[FIELD_SCHEME] = offsetof(struct world_certificate, scheme),
			[FIELD_ROLE] = offsetof(struct world_certificate, role),
		},
	[RECORD_FINDING] =
		{
			[FIELD_ID] = offsetof(struct world_finding, record.id),
			[FIELD_BY] = offsetof(struct world_finding, by),
			[FIELD_SAYS] = offsetof(struct world_finding, says),
		},
	[RECORD_ASSESSMENT] =
		{
			[FIELD_ID] = offsetof(struct world_assessment, record.id),
			[FIELD_KIND] = offsetof(struct world_assessment, kind),
			[FIELD_BY] = offsetof(struct world_assessment, by),
			[FIELD_EXPORTER] = offsetof(struct world_assessment, exporter),
			[FIELD_IMPORTER] = offsetof(struct world_assessment, importer),
			[FIELD_OUTCOME] = offsetof(struct world_assessment, outcome),
		},
	[RECORD_ORDER] =
		{
			[FIELD_ID] = offsetof(struct world_order, record.id),
			[FIELD_BY] = offsetof(struct world_order, by),
		},
};

static const uint8_t list_places[RECORD_KIND_COUNT][FIELD_COUNT] = {
	[RECORD_AGREEMENT] =
		{
			[FIELD_ADDENDA] = offsetof(struct world_agreement, addenda),
			[FIELD_SAFEGUARDS] = offsetof(struct world_agreement, safeguards),
		},
	[RECORD_DISCLOSURE] =
		{
			[FIELD_RECIPIENTS] = offsetof(struct world_disclosure, recipients),
			[FIELD_NAMES] = offsetof(struct world_disclosure, names),
		},
};

static enum truth compare(symbol word, struct values listed)
{
	enum truth truth = TRUTH_FALSE;

	for (size_t i = 0; i < listed.count; i++) {
		if (listed.items[i].type != VALUE_WORD)
			truth = TRUTH_UNKNOWN;
		else if (listed.items[i].word == word)
			return TRUTH_TRUE;
	}
	return truth;
}

static enum truth match_word(const struct record *record, unsigned place, struct values listed)
{
	const symbol *word = (const void *)((const char *)record + place);

	return *word ? compare(*word, listed) : TRUTH_UNKNOWN;
}

static enum truth match_list(const struct context *context, const struct record *record,
			     unsigned place, struct values listed)
{
	const struct words *list = (const void *)((const char *)record + place);
	enum truth truth = TRUTH_FALSE;
	size_t count;
	const symbol *words = world_list_words(context->world, *list, &count);

	for (size_t i = 0; i < count; i++)
		truth = truth_greatest(truth, words[i] == context->world->any
						      ? TRUTH_TRUE
						      : compare(words[i], listed));
	return truth;
}

enum truth plain_match(const struct context *context, const struct record *record,
		       const struct field_test *test)
{
	unsigned word = word_places[record->kind][test->field];
	unsigned list = list_places[record->kind][test->field];
	bool disputed = record->unsettled & FIELD_BIT(test->field);

	if (word && test_asks_only_in(&test->test))
		return disputed ? TRUTH_UNKNOWN : match_word(record, word, test->test.in);
	if (list && test_asks_only_has(&test->test))
		return disputed ? TRUTH_UNKNOWN : match_list(context, record, list, test->test.has);
	return TRUTH_UNSPECIFIED;
}
