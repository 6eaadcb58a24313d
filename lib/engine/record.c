#include "engine/record.h"

static const char *const names[RECORD_KIND_COUNT] = {
	[RECORD_NONE] = "",
	[RECORD_AREA] = "area",
	[RECORD_CATEGORY] = "data-category",
	[RECORD_PURPOSE] = "purpose",
	[RECORD_PARTY] = "party",
	[RECORD_ENGAGEMENT] = "engagement",
	[RECORD_DATA_SET] = "data-set",
	[RECORD_AGREEMENT] = "agreement",
	[RECORD_INSTRUMENT] = "instrument",
	[RECORD_CERTIFICATE] = "certificate",
	[RECORD_FINDING] = "finding",
	[RECORD_ASSESSMENT] = "assessment",
	[RECORD_DISCLOSURE] = "disclosure",
	[RECORD_ORDER] = "order",
	[RECORD_RULEBOOK] = "rulebook",
	[RECORD_TERM] = "term",
};

const char *record_kind_name(enum record_kind kind)
{
	return (unsigned)kind < RECORD_KIND_COUNT ? names[kind] : "";
}
