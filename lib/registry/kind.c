#include "registry/kind.h"

#include <string.h>

static const struct {
	const char *name;
	Carnet__V1__Record__BodyCase body;
	const ProtobufCMessageDescriptor *descriptor;
} kinds[KIND_COUNT] = {
	[KIND_NONE] = {"record", CARNET__V1__RECORD__BODY__NOT_SET, NULL},
#define ROW(kind, name, message)                                \
	[KIND_##kind] = {name, CARNET__V1__RECORD__BODY_##kind, \
			 &carnet__v1__##message##__descriptor}
	ROW(AGREEMENT, "agreement", agreement),
	ROW(AREA, "area", area),
	ROW(ASSESSMENT, "assessment", assessment),
	ROW(CERTIFICATE, "certificate", certificate),
	ROW(DATA_CATEGORY, "data-category", data_category),
	ROW(DATA_SET, "data-set", data_set),
	ROW(DISCLOSURE, "disclosure", disclosure),
	ROW(ENGAGEMENT, "engagement", engagement),
	ROW(EXPECTATION, "expectation", expectation),
	ROW(FINDING, "finding", finding),
	ROW(INSTRUMENT, "instrument", instrument),
	ROW(LOG, "log", log),
	ROW(ORDER, "order", order),
	ROW(PARTY, "party", party),
	ROW(PERSON, "person", person),
	ROW(PURPOSE, "purpose", purpose),
	ROW(RULEBOOK, "rulebook", rulebook),
	ROW(TERM, "term", term),
#undef ROW
};

const char *kind_name(enum kind kind)
{
	return kinds[kind].name;
}

static bool same_word(struct bytes word, const char *name)
{
	if (word.size != strlen(name))
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] != (uint8_t)name[i] && !(word.data[i] == '_' && name[i] == '-'))
			return false;
	return true;
}

enum kind kind_named(struct bytes name)
{
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (same_word(name, kinds[kind].name))
			return kind;
	return KIND_NONE;
}

enum kind kind_of(const Carnet__V1__Record *record)
{
	for (enum kind kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (kinds[kind].body == record->body_case && record->area)
			return kind;
	return KIND_NONE;
}

const ProtobufCMessageDescriptor *kind_descriptor(enum kind kind)
{
	return kinds[kind].descriptor;
}
