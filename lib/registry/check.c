#include "registry/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/names.h"
#include "text/source.h"
#include "text/suggest.h"

struct check check_into(const struct check *check, struct step *step, const char *field,
			size_t index)
{
	struct check inner = *check;

	*step = (struct step){check->path, field, index};
	inner.path = step;
	return inner;
}

static void print_step(const struct step *step, struct arena *arena, struct buffer *out)
{
	if (step->up)
		print_step(step->up, arena, out);
	if (out->size)
		buffer_append_byte(out, '.');
	buffer_append_string(out, names_kebab(step->field, arena));
	if (step->index != SOURCE_WHOLE)
		buffer_printf(out, "[%zu]", step->index);
}

/* The path in a record that has no document: "bound-by[0].rulebook". */
static const char *message_path(const struct check *check, const char *field, size_t index)
{
	struct buffer path = {0};
	struct step last = {check->path, field, index};
	const struct step *step = field ? &last : check->path;
	const char *copy;

	if (step)
		print_step(step, check->arena, &path);
	copy = arena_string(check->arena, buffer_bytes(&path));
	buffer_release(&path);
	return copy;
}

static struct place place_of(const struct check *check, const ProtobufCMessage *message,
			     const char *field, size_t index)
{
	const struct record_slice *slice = check->slice;
	struct record_key key = record_key_of(slice->record);
	struct buffer name = {0};
	struct place place = {.file = slice->file};

	record_key_print(&key, &name);
	place.record = arena_string(check->arena, buffer_bytes(&name));
	buffer_release(&name);
	if (source_node(slice->lines, message, field, index)) {
		place.line = source_line(slice->lines, message, field, index);
		place.field = source_path(slice->lines, message, field, index, check->arena);
	} else {
		place.line = slice->line;
		place.field = message_path(check, field, index);
	}
	return place;
}

void check_problem(const struct check *check, const ProtobufCMessage *message, const char *field,
		   size_t index, const char *format, ...)
{
	struct place place = place_of(check, message, field, index);
	char line[ERROR_TEXT_SIZE];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	problems_add(check->problems, &place, "%s", line);
}

static bool fits(const struct target *target, enum kind kind, const Carnet__V1__Record *record)
{
	if (!(target->kinds & CHECK_BIT(kind)))
		return false;
	switch (kind) {
	case KIND_TERM:
		return !target->terms || target->terms & CHECK_BIT(record->term->kind);
	case KIND_RULEBOOK:
		return !target->rulebook || (int)record->rulebook->kind == target->rulebook;
	case KIND_AREA:
		return !target->group ||
		       record->area->kind == CARNET__V1__AREA_KIND__AREA_KIND_GROUP;
	default:
		return true;
	}
}

const Carnet__V1__Record *check_find(const struct check *check, enum kind kind, struct bytes id)
{
	const struct record_slice *slice;

	for (size_t i = 0; i < check->given_count; i++)
		if (kind_of(check->given[i]) == kind && bytes_equal_string(id, check->given[i]->id))
			return check->given[i];
	slice = record_set_latest(check->set, kind, id);
	return slice ? slice->record : NULL;
}

static const char *describe_value(const struct check *check, const char *what,
				  const ProtobufCEnumDescriptor *values, int number)
{
	const char *name = names_value(values, number);

	return arena_printf(check->arena, "%s of kind %s", what,
			    names_kebab(name ? name : "unknown", check->arena));
}

static const char *describe(const struct check *check, enum kind kind,
			    const Carnet__V1__Record *record)
{
	switch (kind) {
	case KIND_TERM:
		return describe_value(check, "a term", &carnet__v1__term_kind__descriptor,
				      (int)record->term->kind);
	case KIND_AREA:
		return describe_value(check, "an area", &carnet__v1__area_kind__descriptor,
				      (int)record->area->kind);
	case KIND_RULEBOOK:
		return record->rulebook->kind == CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_POLICY
			       ? "a policy"
			       : "a law";
	default:
		return arena_printf(check->arena, "%s %s",
				    strchr("aeio", kind_name(kind)[0]) ? "an" : "a",
				    kind_name(kind));
	}
}

/* What else is registered under the word, for the problem's text; NULL if nothing. */
static const char *describe_other(const struct check *check, struct bytes word)
{
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const Carnet__V1__Record *record = check_find(check, kind, word);

		if (record)
			return describe(check, kind, record);
	}
	return NULL;
}

static bool was_retired(const struct check *check, const struct target *target, struct bytes word)
{
	size_t count = 0;

	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT && !count; kind++)
		if (target->kinds & CHECK_BIT(kind))
			record_set_find(check->set, kind, word, &count);
	return count > 0;
}

/* 'Germany' where 'DE' is wanted: who writes a name means what bears it. */
static bool offer_named(const Carnet__V1__Record *record, struct suggestion *suggestion)
{
	struct suggestion named = suggest_for(suggestion->word);

	suggest_offer(&named, bytes_of_string(record->name));
	if (!named.best.size || named.distance > 0)
		return false;
	suggestion->best = bytes_of_string(record->id);
	return true;
}

static void offer_all(const struct check *check, const struct target *target,
		      struct suggestion *suggestion)
{
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		size_t count = 0;
		const struct record_slice *const *slices =
			record_set_kind(check->set, kind, &count);

		for (size_t i = 0; i < count; i++)
			if (fits(target, kind, slices[i]->record) && !slices[i]->record->retired) {
				if (offer_named(slices[i]->record, suggestion))
					return;
				suggest_offer(suggestion, bytes_of_string(slices[i]->record->id));
			}
	}
}

static void report_word(const struct check *check, const ProtobufCMessage *message,
			const char *field, size_t index, struct bytes word,
			const struct target *target)
{
	const char *quoted = node_quote(word, check->arena);
	const char *other = describe_other(check, word);
	struct suggestion suggestion = suggest_for(word);
	char meant[SUGGEST_TEXT_SIZE];

	if (other) {
		check_problem(check, message, field, index, "%s is %s, but %s is wanted", quoted,
			      other, target->name);
		return;
	}
	if (was_retired(check, target, word)) {
		check_problem(check, message, field, index,
			      "%s is retired; name another, or keep it registered", quoted);
		return;
	}
	/* Beyond the problems that are kept nobody would read the suggestion. */
	if (check->problems->count < PROBLEMS_MAX)
		offer_all(check, target, &suggestion);
	check_problem(check, message, field, index, "%s is not registered as %s%s", quoted,
		      target->name,
		      suggestion.best.size ? suggest_text(&suggestion, meant)
					   : "; register it, or correct the id");
}

bool check_word(const struct check *check, const ProtobufCMessage *message, const char *field,
		size_t index, struct bytes word, const struct target *target)
{
	if ((target->any && bytes_equal_string(word, "any")) ||
	    (target->none && bytes_equal_string(word, "none")))
		return true;
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const Carnet__V1__Record *record = NULL;

		if (target->kinds & CHECK_BIT(kind))
			record = check_find(check, kind, word);
		if (record && fits(target, kind, record))
			return true;
	}
	report_word(check, message, field, index, word, target);
	return false;
}
