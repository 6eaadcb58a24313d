#include "text/mapping.h"

#include "carnet/v1/registry.pb-c.h"
#include "text/allocator.h"
#include "text/field.h"
#include "text/names.h"
#include "text/scalar.h"
#include "text/shapes.h"
#include "text/suggest.h"

typedef ProtobufCMessageDescriptor descriptor;
typedef ProtobufCFieldDescriptor field_descriptor;

/* A fault ends what it stands in, and nothing else: the fields and elements beside it are
 * read as well, so that all faults of a document are found at once. */
struct reader {
	struct arena *arena;
	struct source_map *map;
	struct error *error; /* the newest fault, until it is noted */
	struct mapping_faults *faults;
	int depth;
};

static int read_message(struct reader *r, const struct node *node, const descriptor *type,
			ProtobufCMessage **out);

static int read_element(struct reader *r, const struct node *node, const field_descriptor *field,
			void *element)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return read_message(r, node, field->descriptor, element);
	return scalar_read(node, field, element, r->arena, r->error);
}

/* Puts the newest fault onto the list, unless what it stands in has done so already. */
static void note(struct reader *r)
{
	struct mapping_faults *faults = r->faults;

	if (!r->error->text[0])
		return;
	if (faults->count < MAPPING_FAULTS_MAX)
		faults->lines[faults->count++] =
			arena_string(r->arena, bytes_of_string(r->error->text));
	r->error->text[0] = '\0';
}

/* How one of several ended, after how those before it did: false if no more are to be read. */
static bool go_on(struct reader *r, int result, int *all)
{
	if (result)
		note(r);
	if (!*all)
		*all = result;
	r->faults->cut |= r->faults->count == MAPPING_FAULTS_MAX;
	return !r->faults->cut;
}

static int refuse(struct reader *r, const struct node *node, const char *what)
{
	int result = scalar_refuse_null(node, r->error);

	return result ? result : node_error(node, r->error, ERR_INVALID, "%s", what);
}

/* A scalar where a list is wanted stands for a list of that one. */
static bool stands_alone(const struct node *node, const field_descriptor *field)
{
	return node->kind == NODE_TEXT &&
	       (field->type != PROTOBUF_C_TYPE_MESSAGE || shape_is(field, SHAPE_VALUE) ||
		shape_is(field, SHAPE_SHORT));
}

/* A message inside those that are open; leave() closes it. */
static int enter(struct reader *r, const struct node *node, const descriptor *type,
		 ProtobufCMessage **out)
{
	if (r->depth == MAPPING_DEPTH_MAX)
		return node_error(node, r->error, ERR_LIMIT,
				  "more than %d messages inside each other; write it flatter",
				  MAPPING_DEPTH_MAX);
	r->depth++;
	*out = allocator_message(r->arena, type);
	source_add(r->map, *out, NULL, SOURCE_WHOLE, node);
	return 0;
}

static int leave(struct reader *r, int result)
{
	r->depth--;
	return result;
}

static int read_pair(struct reader *r, const struct node *item, ProtobufCMessage *pair)
{
	const field_descriptor *name = &pair->descriptor->fields[0];
	const field_descriptor *value = &pair->descriptor->fields[1];

	*(char **)field_begin(pair, name) = arena_string(r->arena, item->key);
	source_add(r->map, pair, name, SOURCE_WHOLE, item);
	source_add(r->map, pair, value, SOURCE_WHOLE, item);
	return read_element(r, item, value, field_begin(pair, value));
}

static int read_pairs(struct reader *r, const struct node *map, const field_descriptor *field,
		      ProtobufCMessage *message)
{
	ProtobufCMessage **pairs = field_begin_repeated(message, field, map->count, r->arena);
	int all = 0;

	for (size_t i = 0; i < map->count; i++) {
		int result;

		source_add(r->map, message, field, i, map->items[i]);
		result = enter(r, map->items[i], field->descriptor, &pairs[i]);
		if (!result)
			result = leave(r, read_pair(r, map->items[i], pairs[i]));
		if (!go_on(r, result, &all))
			break;
	}
	return all;
}

static int read_elements(struct reader *r, const struct node *const *items, size_t count,
			 const field_descriptor *field, ProtobufCMessage *message)
{
	uint8_t *elements = field_begin_repeated(message, field, count, r->arena);
	size_t size = field_element_size(field);
	int all = 0;

	for (size_t i = 0; i < count; i++) {
		source_add(r->map, message, field, i, items[i]);
		if (!go_on(r, read_element(r, items[i], field, elements + i * size), &all))
			break;
	}
	return all;
}

static int read_repeated(struct reader *r, const struct node *node, const field_descriptor *field,
			 ProtobufCMessage *message)
{
	if (node->kind == NODE_LIST)
		return read_elements(r, node->items, node->count, field, message);
	if (node->kind == NODE_MAP && shape_is(field, SHAPE_PAIR))
		return read_pairs(r, node, field, message);
	if (stands_alone(node, field))
		return read_elements(r, &node, 1, field, message);
	return refuse(r, node,
		      shape_is(field, SHAPE_PAIR) ? "a mapping of names to values is wanted here"
						  : "a list is wanted here");
}

static int read_field(struct reader *r, const struct node *node, const field_descriptor *field,
		      ProtobufCMessage *message)
{
	source_add(r->map, message, field, SOURCE_WHOLE, node);
	if (field_is_repeated(field))
		return read_repeated(r, node, field, message);
	return read_element(r, node, field, field_begin(message, field));
}

/* The fields of a mapping go to one message, or to a record and its body. */
struct target {
	ProtobufCMessage *message;
	ProtobufCMessage *record; /* NULL if it is no body of a record */
};

/* The members of Record's oneof are kinds: a record's one key, never a field. */
static const field_descriptor *find_field(const struct target *target, struct bytes key,
					  ProtobufCMessage **owner)
{
	const field_descriptor *field = names_field(target->message->descriptor, key);

	*owner = target->message;
	if (field || !target->record)
		return field;
	*owner = target->record;
	field = names_field(target->record->descriptor, key);
	return field && !field_in_oneof(field) ? field : NULL;
}

static const char *offer_fields(struct reader *r, const descriptor *type, bool kinds,
				const struct node *node, const char *list, struct suggestion *near)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const field_descriptor *field = &type->fields[i];
		const char *name =
			node->source->json ? field->name : names_kebab(field->name, r->arena);

		if (type == &carnet__v1__record__descriptor && field_in_oneof(field) != kinds)
			continue;
		suggest_offer(near, bytes_of_string(name));
		list = arena_printf(r->arena, "%s%s%s", list, *list ? ", " : "", name);
	}
	return list;
}

static int refuse_field(struct reader *r, const struct node *item, const struct target *target)
{
	struct suggestion near = suggest_for(item->key);
	char cure[SUGGEST_TEXT_SIZE];
	const char *list = "";

	if (target->record)
		list = offer_fields(r, target->record->descriptor, false, item, list, &near);
	list = offer_fields(r, target->message->descriptor, false, item, list, &near);
	if (near.best.size)
		return node_error(item, r->error, ERR_INVALID, "unknown field%s",
				  suggest_text(&near, cure));
	return node_error(item, r->error, ERR_INVALID, "unknown field; known here are %s", list);
}

/* Its key may have been spelt with - once and with _ once, or stand beside
 * another member of the same oneof. */
static int check_once(struct reader *r, const struct node *map, const struct node *item,
		      const struct target *target, const field_descriptor *field)
{
	for (size_t i = 0; i < item->index; i++) {
		ProtobufCMessage *owner;
		const field_descriptor *earlier = find_field(target, map->items[i]->key, &owner);

		if (earlier == field)
			return node_error(item, r->error, ERR_INVALID,
					  "the same field stands here as %s already; keep one",
					  node_quote(map->items[i]->key, r->arena));
		if (earlier && field_in_oneof(field) && field_in_oneof(earlier) &&
		    earlier->quantifier_offset == field->quantifier_offset)
			return node_error(item, r->error, ERR_INVALID,
					  "either this or %s can stand here; keep one",
					  node_quote(map->items[i]->key, r->arena));
	}
	return 0;
}

static int read_item(struct reader *r, const struct node *map, const struct node *item,
		     const struct target *target)
{
	ProtobufCMessage *owner;
	const field_descriptor *field = find_field(target, item->key, &owner);
	int result;

	if (!field)
		return refuse_field(r, item, target);
	result = check_once(r, map, item, target, field);
	return result ? result : read_field(r, item, field, owner);
}

static int read_fields(struct reader *r, const struct node *map, const struct target *target)
{
	int all = 0;

	for (size_t i = 0; i < map->count; i++)
		if (!go_on(r, read_item(r, map, map->items[i], target), &all))
			break;
	return all;
}

static int expect_map(struct reader *r, const struct node *node)
{
	if (node->kind == NODE_MAP)
		return 0;
	return refuse(r, node, "a mapping of fields is wanted here");
}

static int expect_one_key(struct reader *r, const struct node *map, const char *what)
{
	if (map->count == 1)
		return 0;
	if (!map->count)
		return node_error(map, r->error, ERR_INVALID, "%s; here is none", what);
	return node_error(map, r->error, ERR_INVALID, "%s; here are %s and %s", what,
			  node_quote(map->items[0]->key, r->arena),
			  node_quote(map->items[1]->key, r->arena));
}

static int refuse_kind(struct reader *r, const struct node *item)
{
	struct suggestion near = suggest_for(item->key);
	char cure[SUGGEST_TEXT_SIZE];
	const char *list = offer_fields(r, &carnet__v1__record__descriptor, true, item, "", &near);

	if (near.best.size)
		return node_error(item, r->error, ERR_INVALID, "unknown kind of record%s",
				  suggest_text(&near, cure));
	return node_error(item, r->error, ERR_INVALID, "unknown kind of record; kinds are %s",
			  list);
}

static int read_record(struct reader *r, const struct node *node, ProtobufCMessage *record)
{
	const field_descriptor *kind;
	struct target target = {.record = record};
	int result = expect_map(r, node);

	if (!result)
		result = expect_one_key(r, node, "a record is a mapping with one key, its kind");
	if (result)
		return result;
	node = node->items[0];
	kind = names_field(record->descriptor, node->key);
	if (!kind || !field_in_oneof(kind))
		return refuse_kind(r, node);
	result = expect_map(r, node);
	if (result)
		return result;
	source_add(r->map, record, NULL, SOURCE_WHOLE, node);
	source_add(r->map, record, kind, SOURCE_WHOLE, node);
	result = enter(r, node, kind->descriptor, field_begin(record, kind));
	if (result)
		return result;
	target.message = *(ProtobufCMessage **)field_begin(record, kind);
	return leave(r, read_fields(r, node, &target));
}

/* A key that is no member of the oneof is a fact: {exporter.areas: {has: EEA}}. */
static int read_fact_test(struct reader *r, const struct node *item, ProtobufCMessage *condition)
{
	const field_descriptor *fact = protobuf_c_message_descriptor_get_field(
		condition->descriptor, CARNET__V1__CONDITION__TEST_FACT);
	ProtobufCMessage **pair = field_begin(condition, fact);
	int result = enter(r, item, fact->descriptor, pair);

	source_add(r->map, condition, fact, SOURCE_WHOLE, item);
	return result ? result : leave(r, read_pair(r, item, *pair));
}

static int read_condition(struct reader *r, const struct node *node, ProtobufCMessage *condition)
{
	const descriptor *type = condition->descriptor;
	const field_descriptor *member;
	int result;

	if (node->kind == NODE_LIST)
		return read_field(r, node,
				  protobuf_c_message_descriptor_get_field(
					  type, CARNET__V1__CONDITION__TEST_ALL),
				  condition);
	if (node->kind != NODE_MAP)
		return refuse(r, node,
			      "a condition is wanted here: a mapping with one key, such as "
			      "{cond: name}, or a list of them");
	result = expect_one_key(r, node,
				"a condition is a mapping with one key; put several into a list");
	if (result)
		return result;
	member = names_field(type, node->items[0]->key);
	if (member)
		return read_field(r, node->items[0], member, condition);
	return read_fact_test(r, node->items[0], condition);
}

static int read_number(struct reader *r, const struct node *node, Carnet__V1__Value *value)
{
	value->value_case = CARNET__V1__VALUE__VALUE_NUMBER;
	if (scalar_integer(node->text, &value->number) && value->number <= SCALAR_NUMBER_MAX &&
	    value->number >= -SCALAR_NUMBER_MAX)
		return 0;
	return node_error(node, r->error, ERR_INVALID,
			  "%s is too large; numbers lie below 2^53, others are texts in quotes",
			  node_quote(node->text, r->arena));
}

static int read_scalar_value(struct reader *r, const struct node *node, Carnet__V1__Value *value)
{
	int result = scalar_refuse_null(node, r->error);

	if (result)
		return result;
	switch (scalar_type(node)) {
	case SCALAR_FLAG:
		value->value_case = CARNET__V1__VALUE__VALUE_FLAG;
		value->flag = bytes_equal_string(node->text, "true");
		return 0;
	case SCALAR_NUMBER:
		return read_number(r, node, value);
	case SCALAR_FRACTION:
		return node_error(node, r->error, ERR_INVALID,
				  "%s is a fraction; write a whole number, or put a text in quotes",
				  node_quote(node->text, r->arena));
	default:
		value->value_case = CARNET__V1__VALUE__VALUE_TEXT;
		value->text = arena_string(r->arena, node->text);
		return 0;
	}
}

static int read_value(struct reader *r, const struct node *node, ProtobufCMessage *message)
{
	if (node->kind == NODE_LIST)
		return read_field(r, node,
				  protobuf_c_message_descriptor_get_field(
					  message->descriptor, CARNET__V1__VALUE__VALUE_LIST),
				  message);
	if (node->kind == NODE_MAP)
		return refuse(r, node, "true, false, a number, a text or a list is wanted here");
	return read_scalar_value(r, node, (Carnet__V1__Value *)message);
}

static int read_single_pair(struct reader *r, const struct node *node, ProtobufCMessage *pair)
{
	int result = expect_map(r, node);

	if (!result)
		result = expect_one_key(r, node, "one name with its value is wanted here");
	return result ? result : read_pair(r, node->items[0], pair);
}

static int read_shape(struct reader *r, const struct node *node, ProtobufCMessage *message)
{
	const descriptor *type = message->descriptor;
	struct target target = {.message = message};
	int result;

	switch (shape_of(type)) {
	case SHAPE_RECORD:
		return read_record(r, node, message);
	case SHAPE_CONDITION:
		return read_condition(r, node, message);
	case SHAPE_VALUE:
		return read_value(r, node, message);
	case SHAPE_PAIR:
		return read_single_pair(r, node, message);
	case SHAPE_LIST:
		return read_field(r, node, &type->fields[0], message);
	case SHAPE_SHORT:
		if (node->kind != NODE_MAP)
			return read_field(r, node, shape_short_field(type), message);
		break;
	case SHAPE_FIELDS:
		break;
	}
	result = expect_map(r, node);
	return result ? result : read_fields(r, node, &target);
}

static int read_message(struct reader *r, const struct node *node, const descriptor *type,
			ProtobufCMessage **out)
{
	int result = enter(r, node, type, out);

	return result ? result : leave(r, read_shape(r, node, *out));
}

int mapping_read_all(const struct node *node, const ProtobufCMessageDescriptor *type,
		     struct arena *arena, struct source_map *map, ProtobufCMessage **out,
		     struct mapping_faults *faults)
{
	struct error newest = {0};
	struct reader r = {.arena = arena, .map = map, .error = &newest, .faults = faults};
	int result;

	*faults = (struct mapping_faults){0};
	result = read_message(&r, node, type, out);
	if (result)
		note(&r);
	return result;
}

int mapping_read(const struct node *node, const ProtobufCMessageDescriptor *type,
		 struct arena *arena, struct source_map *map, ProtobufCMessage **out,
		 struct error *error)
{
	struct mapping_faults faults;
	int result = mapping_read_all(node, type, arena, map, out, &faults);

	return result ? error_set(error, result, "%s", faults.lines[0]) : 0;
}
