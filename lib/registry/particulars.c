#include "registry/particulars.h"

#include <string.h>

#include "base/base64.h"
#include "engine/fact.h"
#include "registry/meaning.h"
#include "text/names.h"
#include "text/source.h"
#include "text/suggest.h"

/* ---- What every record must hold ---- */

static void check_id(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;
	struct bytes id = bytes_of_string(record->id);

	if (id.size == 0)
		check_problem(check, &record->base, "id", SOURCE_WHOLE, "is missing; give it one");
	else if (!record_id_is_valid(id))
		check_problem(check, &record->base, "id", SOURCE_WHOLE,
			      "%s is no id; use 1 to %d of a-z A-Z 0-9 . _ : - after a letter or "
			      "digit, and neither any nor none",
			      node_quote(id, check->arena), RECORD_ID_MAX);
}

/* Facts of law are worth what their source is. */
static void check_source(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;

	switch (check->slice->kind) {
	case KIND_FINDING:
	case KIND_INSTRUMENT:
	case KIND_ORDER:
	case KIND_RULEBOOK:
		break;
	default:
		return;
	}
	if (record->n_source == 0)
		check_problem(check, &record->base, "source", SOURCE_WHOLE,
			      "is missing; say where it was read");
	if (record->confidence == CARNET__V1__CONFIDENCE__CONFIDENCE_UNSPECIFIED)
		check_problem(check, &record->base, "confidence", SOURCE_WHOLE,
			      "is missing; say verified, high, medium or low");
}

static void check_unsettled(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;
	const ProtobufCMessageDescriptor *kind = kind_descriptor(check->slice->kind);

	for (size_t i = 0; i < record->n_unsettled; i++) {
		struct bytes name = bytes_of_string(record->unsettled[i]);
		struct suggestion suggestion = suggest_for(name);
		char meant[SUGGEST_TEXT_SIZE];

		if (names_field(kind, name))
			continue;
		for (unsigned j = 0; j < kind->n_fields; j++)
			suggest_offer(&suggestion, bytes_of_string(names_kebab(kind->fields[j].name,
									       check->arena)));
		check_problem(check, &record->base, "unsettled", i, "%s is no field of %s%s",
			      node_quote(name, check->arena), kind_name(check->slice->kind),
			      suggestion.best.size ? suggest_text(&suggestion, meant)
						   : "; name one of its fields");
	}
}

/* ---- Kinds ---- */

/* A dotted id rests on the id without its last part. */
static void check_dotted(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;
	const char *dot = strrchr(record->id, '.');
	struct bytes broader;

	if (!dot)
		return;
	broader = bytes_of(record->id, (size_t)(dot - record->id));
	if (!check_find(check, check->slice->kind, broader))
		check_problem(check, &record->base, "id", SOURCE_WHOLE,
			      "its broader %s is not registered; register it too",
			      node_quote(broader, check->arena));
}

/* "m1, m2": each once, as the instrument lists them. */
static const char *modules_of(const struct check *check, const Carnet__V1__Instrument *instrument)
{
	const char *all = "", *last = "";

	for (size_t i = 0; i < instrument->n_modules; i++) {
		const char *module = instrument->modules[i]->module;

		if (!*module || !strcmp(module, last))
			continue;
		all = arena_printf(check->arena, "%s%s%s", all, *all ? ", " : "", module);
		last = module;
	}
	return all;
}

static void check_module(const struct check *check)
{
	const Carnet__V1__Agreement *agreement = check->slice->record->agreement;
	const Carnet__V1__Record *record =
		check_find(check, KIND_INSTRUMENT, bytes_of_string(agreement->instrument));
	struct bytes module = bytes_of_string(agreement->module);
	struct suggestion suggestion = suggest_for(module);
	char meant[SUGGEST_TEXT_SIZE];
	const char *modules;

	if (!record || module.size == 0)
		return;
	for (size_t i = 0; i < record->instrument->n_modules; i++) {
		struct bytes known = bytes_of_string(record->instrument->modules[i]->module);

		if (bytes_equal(module, known))
			return;
		suggest_offer(&suggestion, known);
	}
	modules = modules_of(check, record->instrument);
	check_problem(check, &agreement->base, "module", SOURCE_WHOLE, "%s is no module of '%s'%s",
		      node_quote(module, check->arena), record->id,
		      suggestion.best.size ? suggest_text(&suggestion, meant)
		      : *modules           ? arena_printf(check->arena, "; it has %s", modules)
					   : "; it has none");
}

static void check_agreement(const struct check *check)
{
	const Carnet__V1__Agreement *agreement = check->slice->record->agreement;
	struct bytes hash = bytes_of_string(agreement->document_sha256);
	struct buffer decoded = {0};

	check_module(check);
	if (agreement->any_mode && agreement->n_modes)
		check_problem(check, &agreement->base, "modes", SOURCE_WHOLE,
			      "stand beside `any-mode`; write one of both");
	if (hash.size && (!hex_decode(&decoded, hash) || decoded.size != DIGEST_SIZE))
		check_problem(check, &agreement->base, "document_sha256", SOURCE_WHOLE,
			      "is no SHA-256; write 64 lower-case hexadecimal digits");
	buffer_release(&decoded);
}

/* Any other outcome would look like an answer, and leave the question open. */
static void check_answer(const struct check *check, const Carnet__V1__Assessment *assessment)
{
	const Carnet__V1__Record *kind =
		check_find(check, KIND_TERM, bytes_of_string(assessment->kind));

	if (!kind || kind->term->kind != CARNET__V1__TERM_KIND__TERM_KIND_QUESTION ||
	    !*assessment->outcome || strcmp(assessment->outcome, "holds") == 0 ||
	    strcmp(assessment->outcome, "does-not-hold") == 0)
		return;
	check_problem(check, &assessment->base, "outcome", SOURCE_WHOLE,
		      "'%s' settles no question; write holds or does-not-hold",
		      assessment->outcome);
}

static void check_assessment(const struct check *check)
{
	const Carnet__V1__Assessment *assessment = check->slice->record->assessment;

	check_answer(check, assessment);

	if (!*assessment->exporter && !*assessment->importer && !*assessment->area)
		check_problem(check, &assessment->base, NULL, SOURCE_WHOLE,
			      "is about nothing; name its exporter, importer or area");
}

static void check_order(const struct check *check)
{
	const Carnet__V1__Order *order = check->slice->record->order;

	if (!*order->exporter && !*order->importer && !order->n_areas && !order->n_categories)
		check_problem(check, &order->base, NULL, SOURCE_WHOLE,
			      "narrows nothing; name an exporter, importer, areas or categories");
}

static bool is_ground_id(struct bytes id)
{
	struct bytes part, rest = id;

	while (rest.data) {
		rest = bytes_cut(rest, '/', &part);
		if (!record_id_is_valid(part) || id.size > RECORD_ID_MAX)
			return false;
	}
	return true;
}

struct part {
	const char *id;
	const ProtobufCMessage *message;
};

static struct part part_of(const Carnet__V1__Rulebook *rulebook, size_t i)
{
	if (i < rulebook->n_grounds)
		return (struct part){rulebook->grounds[i]->id, &rulebook->grounds[i]->base};
	i -= rulebook->n_grounds;
	return (struct part){rulebook->prohibitions[i]->id, &rulebook->prohibitions[i]->base};
}

/* An opinion names what decided it, so grounds and prohibitions share one space. */
static void check_parts(const struct check *check)
{
	const Carnet__V1__Rulebook *rulebook = check->slice->record->rulebook;
	size_t count = rulebook->n_grounds + rulebook->n_prohibitions;

	for (size_t i = 0; i < count; i++) {
		struct part part = part_of(rulebook, i);

		if (*part.id && !is_ground_id(bytes_of_string(part.id)))
			check_problem(check, part.message, "id", SOURCE_WHOLE,
				      "%s is no id; write ids joined by /, like eu-gdpr/45",
				      node_quote(bytes_of_string(part.id), check->arena));
		for (size_t j = 0; j < i; j++)
			if (*part.id && strcmp(part_of(rulebook, j).id, part.id) == 0)
				check_problem(check, part.message, "id", SOURCE_WHOLE,
					      "'%s' stands twice in the rulebook; give each ground "
					      "and prohibition an id of its own",
					      part.id);
	}
}

static void check_rulebook(const struct check *check)
{
	const Carnet__V1__Rulebook *rulebook = check->slice->record->rulebook;

	check_parts(check);
	if (rulebook->kind == CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_POLICY &&
	    rulebook->n_speaks_for)
		check_problem(check, &rulebook->base, "speaks_for", SOURCE_WHOLE,
			      "a policy speaks for no area's law; take it out");
}

static void check_fact_term(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;
	const Carnet__V1__Term *term = record->term;

	if (term->type == CARNET__V1__VALUE_TYPE__VALUE_TYPE_UNSPECIFIED)
		check_problem(check, &term->base, "type", SOURCE_WHOLE,
			      "is missing; say what the fact holds");
	if (term->by == CARNET__V1__SAID_BY__SAID_BY_UNSPECIFIED)
		check_problem(check, &term->base, "by", SOURCE_WHOLE,
			      "is missing; say caller or record");
	if (term->by == CARNET__V1__SAID_BY__SAID_BY_CALLER &&
	    term->silence == CARNET__V1__SILENCE__SILENCE_UNSPECIFIED)
		check_problem(check, &term->base, "silence", SOURCE_WHOLE,
			      "is missing; say what saying nothing means: unknown or no");
	if (term->by == CARNET__V1__SAID_BY__SAID_BY_CALLER &&
	    fact_find(bytes_of_string(record->id)) != FACT_NONE)
		check_problem(check, &term->base, "by", SOURCE_WHOLE,
			      "'%s' comes from the question or from records, and a caller never "
			      "overrides these; say `by: record`",
			      record->id);
}

static void check_term(const struct check *check)
{
	const Carnet__V1__Term *term = check->slice->record->term;

	if (term->kind == CARNET__V1__TERM_KIND__TERM_KIND_FACT)
		check_fact_term(check);
	if (term->effort > 9)
		check_problem(check, &term->base, "effort", SOURCE_WHOLE,
			      "is %u; say 1 (say it) to 9 (negotiate it)", term->effort);
}

/* A vkey is NAME+HASH+KEY, and its name is the log's origin. */
static void check_log(const struct check *check)
{
	const Carnet__V1__Log *log = check->slice->record->log;
	size_t size = strlen(log->origin);

	if (size && *log->key && (strncmp(log->key, log->origin, size) || log->key[size] != '+'))
		check_problem(check, &log->base, "key", SOURCE_WHOLE,
			      "is not a vkey of '%s'; it begins with the origin and a +",
			      log->origin);
}

/* Two persons with one certificate would make four eyes of two. */
static void check_identity(const struct check *check, size_t index)
{
	const Carnet__V1__Record *record = check->slice->record;
	const Carnet__V1__Person *person = record->person;
	const char *uri = person->identities[index]->uri;
	size_t count;
	const struct record_slice *const *slices = record_set_kind(check->set, KIND_PERSON, &count);

	if (*uri && strncmp(uri, "spiffe://", 9))
		check_problem(check, &person->base, "identities", index,
			      "'%s' is no SPIFFE URI; it begins with spiffe://", uri);
	for (size_t i = 0; i < count; i++) {
		const Carnet__V1__Record *other = slices[i]->record;

		if (other->retired || !record_set_is_newest(check->set, slices[i]) ||
		    strcmp(other->id, record->id) == 0)
			continue;
		for (size_t j = 0; j < other->person->n_identities; j++)
			if (*uri && strcmp(other->person->identities[j]->uri, uri) == 0)
				check_problem(check, &person->base, "identities", index,
					      "'%s' belongs to person '%s' too; four eyes need two "
					      "persons",
					      uri, other->id);
	}
}

static void check_person(const struct check *check)
{
	const Carnet__V1__Person *person = check->slice->record->person;

	for (size_t i = 0; i < person->n_identities; i++)
		check_identity(check, i);
}

/* An expectation that compares nothing would always hold. */
static void check_expect(const struct check *check)
{
	const Carnet__V1__Expect *expect = check->slice->record->expectation->expect;

	if (expect && !expect->verdict && !expect->n_also_accept && !expect->n_opinions &&
	    !expect->n_reasons && !expect->n_duties && !*expect->holds_until && !expect->authorises)
		check_problem(check, &expect->base, NULL, SOURCE_WHOLE,
			      "compares nothing; expect a verdict, or what one rulebook says");
}

/* What the question of an expectation states must be of the type its term says. */
static void check_stated(const struct check *check)
{
	const Carnet__V1__CheckRequest *ask = check->slice->record->expectation->ask;

	for (size_t i = 0; ask && i < ask->n_facts; i++) {
		const Carnet__V1__Fact *fact = ask->facts[i];
		struct meaning meaning;

		if (!fact->value || !meaning_of_fact(check, bytes_of_string(fact->name), &meaning))
			continue;
		if (fact->value->value_case == CARNET__V1__VALUE__VALUE_LIST && meaning.set)
			for (size_t j = 0; j < fact->value->list->n_of; j++)
				meaning_check_value(check, &fact->base, "value", SOURCE_WHOLE,
						    fact->value->list->of[j], &meaning);
		else
			meaning_check_value(check, &fact->base, "value", SOURCE_WHOLE, fact->value,
					    &meaning);
	}
}

/* An act does not outlive its own last day by being forgotten in the registry. */
static void check_finding(const struct check *check)
{
	const Carnet__V1__Record *record = check->slice->record;
	const char *sunset = record->finding->sunset;

	/* Days in this form are in order as texts are. */
	if (*sunset && (!*record->until || strcmp(record->until, sunset) > 0))
		check_problem(check, &record->finding->base, "sunset", SOURCE_WHOLE,
			      "the act ends on %s, but the finding goes on%s%s; write until: %s, "
			      "and a renewal as another slice",
			      sunset, *record->until ? " until " : "", record->until, sunset);
}

static void check_kind(const struct check *check)
{
	switch (check->slice->kind) {
	case KIND_AGREEMENT:
		check_agreement(check);
		break;
	case KIND_ASSESSMENT:
		check_assessment(check);
		break;
	case KIND_DATA_CATEGORY:
	case KIND_PURPOSE:
		check_dotted(check);
		break;
	case KIND_EXPECTATION:
		check_expect(check);
		check_stated(check);
		break;
	case KIND_FINDING:
		check_finding(check);
		break;
	case KIND_LOG:
		check_log(check);
		break;
	case KIND_ORDER:
		check_order(check);
		break;
	case KIND_PERSON:
		check_person(check);
		break;
	case KIND_RULEBOOK:
		check_rulebook(check);
		break;
	case KIND_TERM:
		check_term(check);
		break;
	default:
		break;
	}
}

void particulars_check(const struct check *check)
{
	check_id(check);
	check_source(check);
	check_unsettled(check);
	check_kind(check);
}
