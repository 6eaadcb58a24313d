#include "client/calendar.h"

#include <string.h>

struct reading {
	enum language language;
	struct arena *arena;
	calendar_visit *visit;
	void *arg;
};

/* What is no date says nothing: validation has named it. */
static void add(struct reading *reading, const char *text, struct calendar_day one)
{
	struct error error;

	if (*text && !date_parse(bytes_of_string(text), &one.on, &error))
		reading->visit(reading->arg, &one);
}

/* "ground eu-gdpr/46 ends" */
static const char *what(struct reading *reading, enum phrase phrase, const char *id)
{
	return phrase_text(reading->language, phrase, PARTS(id), reading->arena);
}

/* `id` is what the phrase is about; NULL: the record itself. */
static void add_end(struct reading *reading, const char *text, const char *field,
		    enum phrase phrase, const char *id)
{
	if (*text)
		add(reading, text,
		    (struct calendar_day){.field = field, .what = what(reading, phrase, id)});
}

static void add_review(struct reading *reading, const char *text, const char *field,
		       enum phrase phrase, const char *id)
{
	if (*text)
		add(reading, text,
		    (struct calendar_day){
			    .field = field, .what = what(reading, phrase, id), .stays_due = true});
}

static void read_area(struct reading *reading, const Carnet__V1__Area *area)
{
	for (size_t i = 0; i < area->n_member_of; i++)
		add_end(reading, area->member_of[i]->until, "member-of.until", PHRASE_LEAVES,
			area->member_of[i]->group);
}

static void read_party(struct reading *reading, const Carnet__V1__Party *party)
{
	for (size_t i = 0; i < party->n_establishments; i++)
		add_end(reading, party->establishments[i]->until, "establishments.until",
			PHRASE_ESTABLISHED_NO_MORE, party->establishments[i]->area);
	for (size_t i = 0; i < party->n_bound_by; i++)
		add_end(reading, party->bound_by[i]->until, "bound-by.until", PHRASE_BOUND_NO_MORE,
			party->bound_by[i]->rulebook);
}

static void read_instrument(struct reading *reading, const Carnet__V1__Instrument *instrument)
{
	for (size_t i = 0; i < instrument->n_laws; i++) {
		const Carnet__V1__Window *window = instrument->laws[i];
		struct calendar_day one = {.law = window->rulebook};

		one.field = "laws.sign-until";
		one.what = what(reading, PHRASE_SIGNED_NO_MORE, window->rulebook);
		add(reading, window->sign_until, one);
		one.field = "laws.rely-until";
		one.what = what(reading, PHRASE_RELIED_ON_NO_MORE, window->rulebook);
		add(reading, window->rely_until, one);
	}
}

static void read_order(struct reading *reading, const Carnet__V1__Order *order)
{
	for (size_t i = 0; i < order->n_stays; i++)
		add_end(reading, order->stays[i]->until, "stays.until", PHRASE_STAYED_NO_MORE,
			NULL);
}

static void read_rulebook(struct reading *reading, const Carnet__V1__Rulebook *rulebook)
{
	for (size_t i = 0; i < rulebook->n_grounds; i++) {
		const Carnet__V1__Ground *ground = rulebook->grounds[i];

		add_end(reading, ground->until, "grounds.until", PHRASE_GROUND_ENDS, ground->id);
		add_review(reading, ground->review_by, "grounds.review-by", PHRASE_GROUND_REVIEW,
			   ground->id);
	}
	for (size_t i = 0; i < rulebook->n_prohibitions; i++) {
		const Carnet__V1__Prohibition *one = rulebook->prohibitions[i];

		add_end(reading, one->until, "prohibitions.until", PHRASE_PROHIBITION_ENDS,
			one->id);
		add_review(reading, one->review_by, "prohibitions.review-by",
			   PHRASE_PROHIBITION_REVIEW, one->id);
	}
	for (size_t i = 0; i < rulebook->n_duties; i++)
		add_end(reading, rulebook->duties[i]->until, "duties.until", PHRASE_DUTY_ENDS,
			rulebook->duties[i]->owe);
}

static void read_person(struct reading *reading, const Carnet__V1__Person *person)
{
	for (size_t i = 0; i < person->n_identities; i++)
		add_end(reading, person->identities[i]->until, "identities.until",
			PHRASE_SIGNS_AS_NO_MORE, person->identities[i]->uri);
	for (size_t i = 0; i < person->n_keys; i++)
		add_end(reading, person->keys[i]->until, "keys.until", PHRASE_SIGNS_WITH_NO_MORE,
			NULL);
}

static void read_body(struct reading *reading, const Carnet__V1__Record *record)
{
	switch (record->body_case) {
	case CARNET__V1__RECORD__BODY_AREA:
		read_area(reading, record->area);
		return;
	case CARNET__V1__RECORD__BODY_PARTY:
		read_party(reading, record->party);
		return;
	case CARNET__V1__RECORD__BODY_INSTRUMENT:
		read_instrument(reading, record->instrument);
		return;
	case CARNET__V1__RECORD__BODY_CERTIFICATE:
		add_review(reading, record->certificate->next_due, "next-due", PHRASE_DUE_AGAIN,
			   NULL);
		return;
	case CARNET__V1__RECORD__BODY_ASSESSMENT:
		add_review(reading, record->assessment->next_due, "next-due", PHRASE_DUE_AGAIN,
			   NULL);
		return;
	case CARNET__V1__RECORD__BODY_FINDING:
		add_end(reading, record->finding->sunset, "sunset", PHRASE_SUNSET, NULL);
		return;
	case CARNET__V1__RECORD__BODY_ORDER:
		read_order(reading, record->order);
		return;
	case CARNET__V1__RECORD__BODY_RULEBOOK:
		read_rulebook(reading, record->rulebook);
		return;
	case CARNET__V1__RECORD__BODY_PERSON:
		read_person(reading, record->person);
		return;
	default:
		return;
	}
}

/* A finding that ends with its act has one end, not two. */
static bool ends_by_sunset(const Carnet__V1__Record *record)
{
	return record->body_case == CARNET__V1__RECORD__BODY_FINDING &&
	       !strcmp(record->finding->sunset, record->until);
}

void calendar_each(const Carnet__V1__Record *record, enum language language, struct arena *arena,
		   calendar_visit *visit, void *arg)
{
	struct reading reading = {language, arena, visit, arg};

	if (!ends_by_sunset(record))
		add_end(&reading, record->until, "until", PHRASE_ENDS, NULL);
	add_review(&reading, record->review_by, "review-by", PHRASE_REVIEW, NULL);
	read_body(&reading, record);
}
