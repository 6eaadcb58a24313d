/*
 * What the ids in records may name, each under the words that people read.
 */
#ifndef CARNET_REGISTRY_TARGETS_H
#define CARNET_REGISTRY_TARGETS_H

#include "registry/check.h"

extern const struct target target_area, target_area_or_any, target_group;
extern const struct target target_category, target_category_or_any;
extern const struct target target_purpose, target_purpose_or_any;
extern const struct target target_party, target_data_set, target_instrument;
extern const struct target target_rulebook, target_law_or_none, target_policy_or_none;

/* Terms. */
extern const struct target target_capacity, target_duty, target_fact;
extern const struct target target_finding, target_instrument_kind, target_measure;
extern const struct target target_notice_item, target_outcome, target_owner;
extern const struct target target_party_type, target_question, target_role, target_scheme;
extern const struct target target_sector, target_tag, target_term;

/* One of several. */
extern const struct target target_assessment; /* an assessment's kind, a question */
extern const struct target target_authority;  /* a rulebook, a party, an authority */
extern const struct target target_coverage;   /* a category, a coverage */
extern const struct target target_coverage_or_any;
extern const struct target target_finder;     /* a rulebook, an authority */
extern const struct target target_key_holder; /* a key-holder, a party */
extern const struct target target_supervisor; /* a party, an authority */

#endif
