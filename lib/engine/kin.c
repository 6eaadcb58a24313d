#include "engine/kin.h"

struct line {
	struct word_list parties;
	bool disputed;
};

static void follow(struct context *context, struct line *line, const struct world_party *party,
		   symbol head, enum field field)
{
	if (party->record.unsettled & FIELD_BIT(field))
		line->disputed = true;
	else if (head)
		word_list_add(context->arena, &line->parties, head);
}

static struct line line_of(struct context *context, const struct world_party *party)
{
	struct line line = {0};

	word_list_add(context->arena, &line.parties, party->record.id);
	for (size_t i = 0; i < line.parties.count; i++) {
		party = context_get(context, RECORD_PARTY, line.parties.items[i]);
		if (!party)
			continue;
		context_touch(context, &party->record);
		follow(context, &line, party, party->branch_of, FIELD_BRANCH_OF);
		follow(context, &line, party, party->employee_of, FIELD_EMPLOYEE_OF);
	}
	return line;
}

enum truth kin_same_person(struct context *context, const struct world_party *a,
			   const struct world_party *b)
{
	struct line up = line_of(context, a), other = line_of(context, b);

	for (size_t i = 0; i < up.parties.count; i++)
		if (word_list_has(&other.parties, up.parties.items[i]))
			return TRUTH_TRUE;
	return up.disputed || other.disputed ? TRUTH_UNKNOWN : TRUTH_FALSE;
}
