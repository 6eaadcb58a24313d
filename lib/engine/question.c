#include "engine/question.h"

struct word question_word(const struct world *world, struct bytes text)
{
	return (struct word){symbols_find(world_words(world), text), text};
}

symbol question_exporter(const struct world *world, const struct question *question)
{
	symbol exporter = question->exporter.id;

	if (!exporter && question->exporter.text.size == 0) {
		const void *record = world_get(world, RECORD_DATA_SET, question->data_set.id,
					       question->as_of, question->known_at);
		const struct world_data_set *data_set = record;

		exporter = data_set ? data_set->exporter : SYMBOL_NONE;
	}
	return world_get(world, RECORD_PARTY, exporter, question->as_of, question->known_at)
		       ? exporter
		       : SYMBOL_NONE;
}
