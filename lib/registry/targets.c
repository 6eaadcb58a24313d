#include "registry/targets.h"

#define TERMS(kind) CHECK_BIT(CARNET__V1__TERM_KIND__TERM_KIND_##kind)

/* ---- Records ---- */

#define RECORDS(variable, text, kind) \
	const struct target variable = {.name = text, .kinds = CHECK_BIT(kind)}

RECORDS(target_area, "an area", KIND_AREA);
RECORDS(target_category, "a data-category", KIND_DATA_CATEGORY);
RECORDS(target_purpose, "a purpose", KIND_PURPOSE);
RECORDS(target_party, "a party", KIND_PARTY);
RECORDS(target_data_set, "a data-set", KIND_DATA_SET);
RECORDS(target_instrument, "an instrument", KIND_INSTRUMENT);
RECORDS(target_rulebook, "a rulebook", KIND_RULEBOOK);
RECORDS(target_term, "a term", KIND_TERM);

const struct target target_group = {
	.name = "an area of kind group", .kinds = CHECK_BIT(KIND_AREA), .group = true};
const struct target target_area_or_any = {
	.name = "an area (or any)", .kinds = CHECK_BIT(KIND_AREA), .any = true};
const struct target target_category_or_any = {
	.name = "a data-category (or any)", .kinds = CHECK_BIT(KIND_DATA_CATEGORY), .any = true};
const struct target target_purpose_or_any = {
	.name = "a purpose (or any)", .kinds = CHECK_BIT(KIND_PURPOSE), .any = true};
const struct target target_law_or_none = {
	.name = "a law (or none)",
	.kinds = CHECK_BIT(KIND_RULEBOOK),
	.rulebook = CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_LAW,
	.none = true,
};
const struct target target_policy_or_none = {
	.name = "a policy (or none)",
	.kinds = CHECK_BIT(KIND_RULEBOOK),
	.rulebook = CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_POLICY,
	.none = true,
};

/* ---- Terms ---- */

#define WORDS(variable, text, kind)                                     \
	const struct target variable = {.name = "a term of kind " text, \
					.kinds = CHECK_BIT(KIND_TERM),  \
					.terms = TERMS(kind)}

WORDS(target_capacity, "capacity", CAPACITY);
WORDS(target_duty, "duty", DUTY);
WORDS(target_fact, "fact", FACT);
WORDS(target_finding, "finding", FINDING);
WORDS(target_instrument_kind, "instrument-kind", INSTRUMENT_KIND);
WORDS(target_measure, "measure", MEASURE);
WORDS(target_notice_item, "notice-item", NOTICE_ITEM);
WORDS(target_outcome, "outcome", OUTCOME);
WORDS(target_owner, "owner", OWNER);
WORDS(target_party_type, "party-type", PARTY_TYPE);
WORDS(target_question, "question", QUESTION);
WORDS(target_role, "role", ROLE);
WORDS(target_scheme, "scheme", SCHEME);
WORDS(target_sector, "sector", SECTOR);
WORDS(target_tag, "tag", TAG);

/* ---- One of several ---- */

/* Whoever settles a question does it by an assessment of that kind. */
const struct target target_assessment = {
	.name = "a term of kind assessment or question",
	.kinds = CHECK_BIT(KIND_TERM),
	.terms = TERMS(ASSESSMENT) | TERMS(QUESTION),
};
const struct target target_authority = {
	.name = "a rulebook, a party or a term of kind authority",
	.kinds = CHECK_BIT(KIND_RULEBOOK) | CHECK_BIT(KIND_PARTY) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(AUTHORITY),
};
const struct target target_coverage = {
	.name = "a data-category or a term of kind coverage",
	.kinds = CHECK_BIT(KIND_DATA_CATEGORY) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(COVERAGE),
};
const struct target target_coverage_or_any = {
	.name = "a data-category, a term of kind coverage (or any)",
	.kinds = CHECK_BIT(KIND_DATA_CATEGORY) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(COVERAGE),
	.any = true,
};
const struct target target_finder = {
	.name = "a rulebook or a term of kind authority",
	.kinds = CHECK_BIT(KIND_RULEBOOK) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(AUTHORITY),
};
const struct target target_key_holder = {
	.name = "a party or a term of kind key-holder",
	.kinds = CHECK_BIT(KIND_PARTY) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(KEY_HOLDER),
};
const struct target target_supervisor = {
	.name = "a party or a term of kind authority",
	.kinds = CHECK_BIT(KIND_PARTY) | CHECK_BIT(KIND_TERM),
	.terms = TERMS(AUTHORITY),
};
