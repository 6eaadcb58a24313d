#include "registry/problems.h"

#include <stdarg.h>
#include <stdio.h>

void problems_init(struct problems *problems)
{
	*problems = (struct problems){.texts = arena_new(0)};
}

void problems_release(struct problems *problems)
{
	arena_free(problems->texts);
	*problems = (struct problems){0};
}

static const char *keep(struct problems *problems, const char *text)
{
	return text ? arena_string(problems->texts, bytes_of_string(text)) : NULL;
}

void problems_add(struct problems *problems, const struct place *place, const char *format, ...)
{
	char line[ERROR_TEXT_SIZE];
	va_list values;

	problems->total++;
	if (problems->count == PROBLEMS_MAX)
		return;
	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	problems->items[problems->count++] = (struct problem){
		.place = {.file = keep(problems, place->file),
			  .line = place->line,
			  .record = keep(problems, place->record),
			  .field = keep(problems, place->field)},
		.text = keep(problems, line),
	};
}

void problem_print(const struct problem *problem, struct buffer *out)
{
	const struct place *place = &problem->place;

	if (place->file)
		buffer_printf(out, "%s:", place->file);
	if (place->file && place->line)
		buffer_printf(out, "%u:", place->line);
	if (place->file)
		buffer_append_byte(out, ' ');
	if (place->record && !place->line)
		buffer_printf(out, "%s: ", place->record);
	if (place->field && *place->field)
		buffer_printf(out, "%s: ", place->field);
	buffer_append_string(out, problem->text);
}

void problems_print(const struct problems *problems, struct buffer *out)
{
	for (size_t i = 0; i < problems->count; i++) {
		problem_print(&problems->items[i], out);
		buffer_append_byte(out, '\n');
	}
	if (problems->total > problems->count)
		buffer_printf(out, "and %zu more\n", problems->total - problems->count);
}

int problems_error(const struct problems *problems, struct error *error)
{
	struct buffer line = {0};

	if (problems->total == 0)
		return 0;
	problem_print(&problems->items[0], &line);
	if (problems->total > 1)
		buffer_printf(&line, " (and %zu more)", problems->total - 1);
	error_set(error, ERR_INVALID, "%s", buffer_string(&line));
	buffer_release(&line);
	return ERR_INVALID;
}
