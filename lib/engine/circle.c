#include "engine/circle.h"

/* Words that nobody registered have no symbol, and are the same by their text. */
static bool are_same(struct word a, struct word b)
{
	if (a.id || b.id)
		return a.id == b.id;
	return a.text.size && bytes_equal(a.text, b.text);
}

static struct word exporter_of(const struct world *world, const struct question *question)
{
	struct word exporter = question->exporter;

	if (!exporter.id && !exporter.text.size)
		exporter.id = question_exporter(world, question);
	return exporter;
}

static bool has_passed(const struct question *question, struct word exporter, size_t at)
{
	struct word party = question->recipients[at].party;

	if (are_same(party, exporter))
		return true;
	for (size_t i = 0; i < at; i++)
		if (are_same(party, question->recipients[i].party))
			return true;
	return false;
}

bool circle_in(const struct world *world, const struct question *question, size_t *at)
{
	struct word exporter;

	if (question->recipient_count < 2)
		return false;
	exporter = exporter_of(world, question);
	for (*at = 1; *at < question->recipient_count; ++*at)
		if (has_passed(question, exporter, *at))
			return true;
	return false;
}
