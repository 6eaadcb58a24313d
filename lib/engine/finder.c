#include "engine/finder.h"

#include <string.h>

#include "engine/circle.h"
#include "engine/tables.h"

struct finder {
	const struct world *world;
	enum record_kind kind;
	uint32_t at;              /* the record to look at next */
	struct question question; /* with `word` where the open one stands */
	struct word *word;
};

static const enum record_kind kinds[FINDER_OPEN_COUNT] = {
	[FINDER_RECIPIENT] = RECORD_PARTY,   [FINDER_DESTINATION] = RECORD_AREA,
	[FINDER_DATA_SET] = RECORD_DATA_SET, [FINDER_CATEGORY] = RECORD_CATEGORY,
	[FINDER_PURPOSE] = RECORD_PURPOSE,
};

/* ---- The question with a word that changes ---- */

/* A copy of the recipients; its last one, or NULL. */
static struct recipient *copy_recipients(struct finder *finder, size_t at_least,
					 struct arena *arena)
{
	struct question *question = &finder->question;
	size_t count = question->recipient_count;
	struct recipient *copy;

	if (count < at_least)
		count = at_least;
	copy = arena_array(arena, struct recipient, count);
	if (question->recipient_count)
		memcpy(copy, question->recipients, question->recipient_count * sizeof(*copy));
	question->recipients = copy;
	question->recipient_count = count;
	return count ? &copy[count - 1] : NULL;
}

/* Makes the word a part of the question; its text comes later. */
static void open_word(struct finder *finder, enum finder_open open, struct arena *arena)
{
	struct question *question = &finder->question;
	struct recipient *last;

	finder->word = arena_alloc(arena, sizeof(*finder->word));
	switch (open) {
	case FINDER_RECIPIENT:
		last = copy_recipients(finder, 1, arena);
		finder->word = &last->party;
		break;
	case FINDER_DESTINATION:
		last = copy_recipients(finder, 0, arena);
		if (last) {
			last->storage = finder->word;
			last->storage_count = 1;
		}
		break;
	case FINDER_CATEGORY:
		question->categories = finder->word;
		question->category_count = 1;
		break;
	case FINDER_DATA_SET:
		finder->word = &question->data_set;
		break;
	default:
		finder->word = &question->purpose;
	}
}

/* ---- The words ---- */

static struct bytes id_of(const struct finder *finder, const struct record *record)
{
	return symbols_text(world_words(finder->world), record->id);
}

/* Records lie in the byte order of their ids. */
static uint32_t first_after(const struct finder *finder, struct bytes after)
{
	size_t low = 0, high = finder->world->tables[finder->kind].count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct record *record =
			table_at(finder->world, finder->kind, (uint32_t)middle);

		if (bytes_compare(id_of(finder, record), after) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

struct finder *finder_new(const struct world *world, const struct question *question,
			  enum finder_open open, struct bytes after, struct arena *arena)
{
	struct finder *finder = arena_alloc(arena, sizeof(*finder));

	finder->world = world;
	finder->kind = kinds[open];
	finder->question = *question;
	finder->question.without_remedies = true; /* whom it would permit is all that is asked */
	open_word(finder, open, arena);
	finder->at = after.size ? first_after(finder, after) : 0;
	return finder;
}

bool finder_next(struct finder *finder)
{
	const struct question *question = &finder->question;

	while (finder->at < finder->world->tables[finder->kind].count) {
		const struct record *record = table_at(finder->world, finder->kind, finder->at++);

		if (!record_is_known(record, question->known_at) ||
		    !record_is_valid(record, question->as_of))
			continue;
		*finder->word = (struct word){record->id, id_of(finder, record)};
		return true;
	}
	return false;
}

struct bytes finder_word(const struct finder *finder)
{
	return finder->word->text;
}

int finder_decide(const struct finder *finder, struct arena *arena, const struct decision **out,
		  struct error *error)
{
	size_t at;
	int result;

	*out = NULL;
	if (circle_in(finder->world, &finder->question, &at))
		return 0;
	result = decide(finder->world, &finder->question, arena, out, error);
	if (result && error)
		error_prefix(error, "with '%.*s'", BYTES_PRINT(finder_word(finder)));
	return result;
}

bool finder_permits(const struct decision *decision)
{
	if (!decision)
		return false;
	switch (decision->verdict) {
	case VERDICT_NOT_A_TRANSFER:
	case VERDICT_PERMITTED:
	case VERDICT_PERMITTED_WITH_OBLIGATIONS:
		return true;
	default:
		return false;
	}
}
