#include "server/person.h"

static bool holds_on(const char *from, const char *until, day on)
{
	day first = DAY_MIN, end = DAY_MAX;

	/* Dates were validated when the record came in; an unreadable one does not hold. */
	if (*from && date_parse(bytes_of_string(from), &first, NULL))
		return false;
	if (*until && date_parse(bytes_of_string(until), &end, NULL))
		return false;
	return first <= on && on < end;
}

static bool has_identity(const Carnet__V1__Person *person, struct bytes identity, day on)
{
	for (size_t i = 0; i < person->n_identities; i++) {
		const Carnet__V1__Identity *one = person->identities[i];

		if (bytes_equal_string(identity, one->uri) && holds_on(one->from, one->until, on))
			return true;
	}
	return false;
}

int person_find(const struct record_set *records, struct bytes identity, day on, struct bytes *id,
		struct error *error)
{
	struct bytes last = {0};
	size_t count, found = 0;
	const struct record_slice *const *slices = record_set_kind(records, KIND_PERSON, &count);

	for (size_t i = 0; i < count; i++) {
		struct bytes name = bytes_of_string(slices[i]->record->id);
		const struct record_slice *slice;

		if (bytes_equal(name, last)) /* slices of one id stand together */
			continue;
		last = name;
		slice = record_set_speaks(records, KIND_PERSON, name, on, REVISION_NEWEST);
		if (!slice || !has_identity(slice->record->person, identity, on))
			continue;
		*id = name;
		found++;
	}
	if (found == 1)
		return 0;
	return error_set(error, ERR_DENIED,
			 found ? "%.*s stands for several persons in the registry; give each an "
				 "identity of their own"
			       : "%.*s stands for no person in the registry; add it to a record "
				 "of kind person",
			 BYTES_PRINT(identity));
}
