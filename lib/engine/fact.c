#include "engine/fact.h"

#include <assert.h>

#define FLAG(text)                               \
	{                                        \
		.name = text, .type = VALUE_FLAG \
	}
#define DATE(text)                               \
	{                                        \
		.name = text, .type = VALUE_DATE \
	}
#define WORD(text, of)                                         \
	{                                                      \
		.name = text, .type = VALUE_WORD, .domain = of \
	}
#define WORDS(text, of)                                                     \
	{                                                                   \
		.name = text, .type = VALUE_WORD, .domain = of, .set = true \
	}

static const struct shape facts[FACT_COUNT] = {
	[FACT_AS_OF] = DATE("as-of"),
	[FACT_LEG_AREA] = WORD("leg.area", DOMAIN_AREA),
	[FACT_LEG_CATEGORY] = WORD("leg.category", DOMAIN_CATEGORY),
	[FACT_LEG_PURPOSE] = WORD("leg.purpose", DOMAIN_PURPOSE),
	[FACT_LEG_TAGS] = WORDS("leg.tags", DOMAIN_TERM),
	[FACT_ACCESS_MODE] = WORD("access.mode", DOMAIN_MODE),
	[FACT_EXPORTER_PARTY] = WORD("exporter.party", DOMAIN_PARTY),
	[FACT_EXPORTER_AREAS] = WORDS("exporter.areas", DOMAIN_AREA),
	[FACT_EXPORTER_BOUND_BY] = WORDS("exporter.bound-by", DOMAIN_RULEBOOK),
	[FACT_EXPORTER_PUBLIC_BODY] = FLAG("exporter.public-body"),
	[FACT_EXPORTER_SECTOR] = WORD("exporter.sector", DOMAIN_TERM),
	[FACT_EXPORTER_IS] = WORDS("exporter.is", DOMAIN_TERM),
	[FACT_IMPORTER_PARTY] = WORD("importer.party", DOMAIN_PARTY),
	[FACT_IMPORTER_AREA] = WORD("importer.area", DOMAIN_AREA),
	[FACT_IMPORTER_AREAS] = WORDS("importer.areas", DOMAIN_AREA),
	[FACT_IMPORTER_IS] = WORDS("importer.is", DOMAIN_TERM),
	[FACT_IMPORTER_BOUND_BY] = WORDS("importer.bound-by", DOMAIN_RULEBOOK),
	[FACT_IMPORTER_PUBLIC_BODY] = FLAG("importer.public-body"),
	[FACT_IMPORTER_SECTOR] = WORD("importer.sector", DOMAIN_TERM),
	[FACT_IMPORTER_SUPERVISED_BY] = WORDS("importer.supervised-by", DOMAIN_AUTHORITY),
	[FACT_IMPORTER_SAME_LEGAL_PERSON] = FLAG("importer.same-legal-person"),
	[FACT_ENGAGEMENT_EXPORTER_ROLE] = WORD("engagement.exporter-role", DOMAIN_TERM),
	[FACT_ENGAGEMENT_IMPORTER_ROLE] = WORD("engagement.importer-role", DOMAIN_TERM),
	[FACT_ENGAGEMENT_CAPACITY] = WORD("engagement.capacity", DOMAIN_TERM),
	[FACT_ENGAGEMENT_PROVIDER_HANDLES_DATA] = FLAG("engagement.provider-handles-data"),
	[FACT_KEYS_HOLDER] = WORD("keys.holder", DOMAIN_KEY_HOLDER),
	[FACT_KEYS_AREA] = WORD("keys.area", DOMAIN_AREA),
	[FACT_KEYS_SHARED_CONTROL] = FLAG("keys.shared-control"),
	[FACT_DATA_SET] = WORD("data.set", DOMAIN_RECORD),
	[FACT_DATA_CATEGORIES] = WORDS("data.categories", DOMAIN_CATEGORY),
	[FACT_DATA_KEY] = FLAG("data.key"),
	[FACT_DATA_ORIGIN] = WORDS("data.origin", DOMAIN_RULEBOOK),
	[FACT_DATA_POLICIES] = WORDS("data.policies", DOMAIN_RULEBOOK),
	[FACT_DATA_LOCAL_COPY] = FLAG("data.local-copy"),
	[FACT_DATA_SUBJECTS] = WORDS("data.subjects", DOMAIN_AREA),
	[FACT_PERFORMS] = WORDS("performs", DOMAIN_TERM),
};

enum fact fact_find(struct bytes name)
{
	for (int fact = FACT_AS_OF; fact < FACT_COUNT; fact++)
		if (bytes_equal_string(name, facts[fact].name))
			return (enum fact)fact;
	return FACT_NONE;
}

const struct shape *fact_shape(enum fact fact)
{
	assert(fact >= FACT_AS_OF && fact < FACT_COUNT);
	return &facts[fact];
}

#define TEST_FLAG(text)                                            \
	{                                                          \
		.name = text, .type = VALUE_FLAG, .testable = true \
	}
#define TEST_DATE(text)                                            \
	{                                                          \
		.name = text, .type = VALUE_DATE, .testable = true \
	}
#define TEST_WORD(text, of)                                                      \
	{                                                                        \
		.name = text, .type = VALUE_WORD, .domain = of, .testable = true \
	}
#define TEST_WORDS(text, of)                                                                  \
	{                                                                                     \
		.name = text, .type = VALUE_WORD, .domain = of, .set = true, .testable = true \
	}
#define TEST_ID [FIELD_ID] = TEST_WORD("id", DOMAIN_RECORD)

static const struct shape fields[RECORD_KIND_COUNT][FIELD_COUNT] = {
	[RECORD_AREA] = {[FIELD_AREA] = WORD("part-of", DOMAIN_AREA),
			 [FIELD_AREAS] = WORDS("member-of", DOMAIN_AREA)},
	[RECORD_CATEGORY] = {[FIELD_CATEGORIES] = WORDS("broader", DOMAIN_CATEGORY),
			     [FIELD_IS] = WORDS("tags", DOMAIN_TERM)},
	[RECORD_PURPOSE] = {[FIELD_PURPOSES] = WORDS("broader", DOMAIN_PURPOSE)},
	[RECORD_PARTY] = {[FIELD_AREA] = WORD("area", DOMAIN_AREA),
			  [FIELD_ESTABLISHMENTS] = WORDS("establishments", DOMAIN_AREA),
			  [FIELD_BOUND_BY] = WORDS("bound-by", DOMAIN_RULEBOOK),
			  [FIELD_PUBLIC_BODY] = FLAG("public-body"),
			  [FIELD_SECTOR] = WORD("sector", DOMAIN_TERM),
			  [FIELD_SUPERVISED_BY] = WORDS("supervised-by", DOMAIN_AUTHORITY),
			  [FIELD_BRANCH_OF] = WORD("branch-of", DOMAIN_PARTY),
			  [FIELD_EMPLOYEE_OF] = WORD("employee-of", DOMAIN_PARTY),
			  [FIELD_IS] = WORDS("is", DOMAIN_TERM)},
	[RECORD_ENGAGEMENT] = {[FIELD_EXPORTER] = WORD("exporter", DOMAIN_PARTY),
			       [FIELD_IMPORTER] = WORD("importer", DOMAIN_PARTY),
			       [FIELD_CAPACITY] = WORD("capacity", DOMAIN_TERM),
			       [FIELD_EXPORTER_ROLE] = WORD("exporter-role", DOMAIN_TERM),
			       [FIELD_IMPORTER_ROLE] = WORD("importer-role", DOMAIN_TERM),
			       [FIELD_KEYS_HOLDER] = WORD("keys-holder", DOMAIN_KEY_HOLDER),
			       [FIELD_KEYS_AREA] = WORD("keys-area", DOMAIN_AREA),
			       [FIELD_KEYS_SHARED_CONTROL] = FLAG("keys-shared-control"),
			       [FIELD_PROVIDER_HANDLES_DATA] = FLAG("provider-handles-data")},
	[RECORD_DATA_SET] = {[FIELD_EXPORTER] = WORD("exporter", DOMAIN_PARTY),
			     [FIELD_CATEGORIES] = WORDS("categories", DOMAIN_CATEGORY),
			     [FIELD_ORIGIN] = WORDS("origin", DOMAIN_RULEBOOK),
			     [FIELD_POLICIES] = WORDS("policies", DOMAIN_RULEBOOK),
			     [FIELD_SUBJECTS] = WORDS("subjects", DOMAIN_AREA),
			     [FIELD_KEY] = FLAG("key"),
			     [FIELD_LOCAL_COPY] = FLAG("local-copy")},
	[RECORD_AGREEMENT] = {TEST_ID, [FIELD_EXPORTER] = WORD("exporter", DOMAIN_PARTY),
			      [FIELD_IMPORTER] = WORD("importer", DOMAIN_PARTY),
			      [FIELD_INSTRUMENT] = TEST_WORD("instrument", DOMAIN_INSTRUMENT),
			      [FIELD_MODULE] = TEST_WORD("module", DOMAIN_MODULE),
			      [FIELD_ADDENDA] = TEST_WORDS("addenda", DOMAIN_INSTRUMENT),
			      [FIELD_SIGNED] = TEST_DATE("signed"),
			      [FIELD_ANNEXES_COMPLETE] = TEST_FLAG("annexes-complete"),
			      [FIELD_CATEGORIES] = TEST_WORDS("categories", DOMAIN_CATEGORY),
			      [FIELD_PURPOSES] = TEST_WORDS("purposes", DOMAIN_PURPOSE),
			      [FIELD_AREAS] = TEST_WORDS("areas", DOMAIN_AREA),
			      [FIELD_MODES] = TEST_WORDS("modes", DOMAIN_MODE),
			      [FIELD_SAFEGUARDS] = TEST_WORDS("safeguards", DOMAIN_TERM),
			      [FIELD_APPROVED] = TEST_FLAG("approved"),
			      [FIELD_UNCHANGED] = TEST_FLAG("unchanged")},
	[RECORD_INSTRUMENT] = {[FIELD_MODULE] = WORDS("modules", DOMAIN_MODULE),
			       [FIELD_BY] = WORDS("laws", DOMAIN_RULEBOOK)},
	[RECORD_CERTIFICATE] = {TEST_ID, [FIELD_HOLDER] = TEST_WORD("holder", DOMAIN_PARTY),
				[FIELD_SCHEME] = TEST_WORD("scheme", DOMAIN_TERM),
				[FIELD_ROLE] = TEST_WORD("role", DOMAIN_TERM),
				[FIELD_COVERS] = TEST_WORDS("covers", DOMAIN_COVERAGE),
				[FIELD_STATUS] = TEST_WORD("status", DOMAIN_STATUS),
				[FIELD_NEXT_DUE] = TEST_DATE("next-due")},
	[RECORD_FINDING] =
		{TEST_ID, [FIELD_BY] = TEST_WORD("by", DOMAIN_AUTHORITY),
		 [FIELD_AREA] = TEST_WORD("area", DOMAIN_AREA),
		 [FIELD_SAYS] = TEST_WORD("says", DOMAIN_TERM), [FIELD_SCOPE] = FLAG("scope")},
	[RECORD_ASSESSMENT] =
		{TEST_ID, [FIELD_KIND] = TEST_WORD("kind", DOMAIN_TERM),
		 [FIELD_BY] = TEST_WORD("by", DOMAIN_AUTHORITY),
		 [FIELD_EXPORTER] = TEST_WORD("exporter", DOMAIN_PARTY),
		 [FIELD_IMPORTER] = TEST_WORD("importer", DOMAIN_PARTY),
		 [FIELD_AREA] = TEST_WORD("area", DOMAIN_AREA),
		 [FIELD_OUTCOME] = TEST_WORD("outcome", DOMAIN_TERM),
		 [FIELD_DATE] = TEST_DATE("date"), [FIELD_NEXT_DUE] = TEST_DATE("next-due")},
	[RECORD_DISCLOSURE] = {TEST_ID, [FIELD_EXPORTER] = WORD("exporter", DOMAIN_PARTY),
			       [FIELD_AREAS] = TEST_WORDS("areas", DOMAIN_AREA),
			       [FIELD_RECIPIENTS] = TEST_WORDS("recipients", DOMAIN_PARTY),
			       [FIELD_CATEGORIES] = TEST_WORDS("categories", DOMAIN_CATEGORY),
			       [FIELD_PURPOSES] = TEST_WORDS("purposes", DOMAIN_PURPOSE),
			       [FIELD_NAMES] = TEST_WORDS("names", DOMAIN_TERM)},
	[RECORD_ORDER] = {TEST_ID, [FIELD_BY] = TEST_WORD("by", DOMAIN_AUTHORITY),
			  [FIELD_EXPORTER] = TEST_WORD("exporter", DOMAIN_PARTY),
			  [FIELD_IMPORTER] = TEST_WORD("importer", DOMAIN_PARTY),
			  [FIELD_AREAS] = TEST_WORDS("areas", DOMAIN_AREA),
			  [FIELD_CATEGORIES] = TEST_WORDS("categories", DOMAIN_CATEGORY),
			  [FIELD_STAYS] = DATE("stays")},
};

_Static_assert(FIELD_COUNT <= 64, "a record's `unsettled` has one bit per field");

enum field field_find(enum record_kind kind, struct bytes name)
{
	for (int field = FIELD_ID; field < FIELD_COUNT; field++) {
		const struct shape *shape = field_shape(kind, (enum field)field);

		if (shape && bytes_equal_string(name, shape->name))
			return (enum field)field;
	}
	return FIELD_NONE;
}

const struct shape *field_shape(enum record_kind kind, enum field field)
{
	const struct shape *shape;

	if ((unsigned)kind >= RECORD_KIND_COUNT || (unsigned)field >= FIELD_COUNT)
		return NULL;
	shape = &fields[kind][field];
	return shape->name ? shape : NULL;
}
