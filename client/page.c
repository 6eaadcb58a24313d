#include "client/page.h"

#include <inttypes.h>
#include <string.h>

#include "client/output.h"
#include "text/names.h"

struct ink {
	const char *good, *bad, *unsure, *bold, *faint, *end;
};

static const struct ink plain = {"", "", "", "", "", ""};
static const struct ink colours = {"\033[32m", "\033[31m", "\033[33m",
				   "\033[1m",  "\033[2m",  "\033[0m"};

struct writing {
	const Carnet__V1__Decision *decision;
	const struct ink *ink;
	enum language language;
	struct arena *arena; /* while the page is written */
	struct buffer *out;
};

const char *page_verdict(Carnet__V1__Verdict verdict)
{
	const char *name = names_value(&carnet__v1__verdict__descriptor, (int)verdict);

	return name ? name : "UNSPECIFIED";
}

static void put(struct writing *writing, const char *text)
{
	buffer_append_string(writing->out, text);
}

/* What comes from elsewhere. */
static void quote(struct writing *writing, const char *text)
{
	output_append_plain(writing->out, text);
}

static void say(struct writing *writing, enum phrase phrase, const char *const *parts)
{
	phrase_append(writing->language, phrase, parts, writing->out);
}

static void say_in(struct writing *writing, const char *colour, enum phrase phrase,
		   const char *const *parts)
{
	put(writing, colour);
	say(writing, phrase, parts);
	put(writing, writing->ink->end);
}

static void say_heading(struct writing *writing, enum phrase phrase)
{
	put(writing, "\n");
	say_in(writing, writing->ink->bold, phrase, NULL);
	put(writing, "\n");
}

static void say_verdict(struct writing *writing, Carnet__V1__Verdict verdict)
{
	const struct ink *ink = writing->ink;
	const char *colour = ink->good;

	if (verdict == CARNET__V1__VERDICT__VERDICT_DENIED)
		colour = ink->bad;
	else if (verdict == CARNET__V1__VERDICT__VERDICT_INDETERMINATE || !verdict)
		colour = ink->unsure;
	say_in(writing, colour, phrase_of_verdict(verdict), NULL);
}

static bool waits_for_duties(const Carnet__V1__Decision *decision)
{
	for (size_t i = 0; i < decision->n_duties; i++)
		if (!decision->duties[i]->standing &&
		    decision->duties[i]->performs != CARNET__V1__ANSWER__ANSWER_YES)
			return true;
	return false;
}

/* Whether it authorises; of a verdict that permits also why not. */
static enum phrase authorisation(const Carnet__V1__Decision *decision)
{
	if (decision->authorises)
		return PHRASE_AUTHORISES;
	switch (decision->verdict) {
	case CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER:
	case CARNET__V1__VERDICT__VERDICT_PERMITTED:
	case CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS:
		if (waits_for_duties(decision))
			return PHRASE_AUTHORISES_NOT_DUTIES;
		return decision->advisory ? PHRASE_AUTHORISES_NOT : PHRASE_AUTHORISES_NOT_REGISTRY;
	default:
		return PHRASE_AUTHORISES_NOT;
	}
}

static void write_head(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const struct ink *ink = writing->ink;

	say_verdict(writing, decision->verdict);
	if (decision->advisory) {
		put(writing, " ");
		say_in(writing, ink->unsure, PHRASE_ADVISORY, NULL);
	}
	put(writing, "\n");
	say_in(writing, decision->authorises ? ink->good : ink->bad, authorisation(decision), NULL);
	put(writing, "\n");
	if (decision->advisory) {
		say_in(writing, ink->unsure, PHRASE_ADVISORY_WHY, NULL);
		put(writing, "\n");
	}
}

static void write_sentence(struct writing *writing, const char *indent,
			   const Carnet__V1__Reason *reason)
{
	buffer_printf(writing->out, "%s- ", indent);
	quote(writing, reason->text);
	buffer_printf(writing->out, " %s(", writing->ink->faint);
	quote(writing, reason->code);
	buffer_printf(writing->out, ")%s\n", writing->ink->end);
}

/* A line of its own below a sentence. */
static void write_detail(struct writing *writing, const char *indent, enum phrase phrase,
			 const char *const *parts)
{
	buffer_printf(writing->out, "%s  ", indent);
	say(writing, phrase, parts);
	put(writing, "\n");
}

static const char *or_nothing(struct writing *writing, const char *text)
{
	if (*text)
		return text;
	return phrase_text(writing->language, PHRASE_NOTHING, NULL, writing->arena);
}

static void write_reason(struct writing *writing, const char *indent,
			 const Carnet__V1__Reason *reason)
{
	write_sentence(writing, indent, reason);
	if (*reason->condition)
		write_detail(writing, indent, PHRASE_CONDITION, PARTS(reason->condition));
	if (*reason->found || *reason->expected)
		write_detail(writing, indent,
			     *reason->expected ? PHRASE_FOUND_EXPECTED : PHRASE_FOUND,
			     PARTS(or_nothing(writing, reason->found), reason->expected));
	if (*reason->owner)
		write_detail(writing, indent, PHRASE_WHO_CAN_SETTLE, PARTS(reason->owner));
}

void page_write_suggestions(Carnet__V1__Suggestion *const *near, size_t count, const char *indent,
			    enum language language, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(out, indent);
		phrase_append(language, PHRASE_DID_YOU_MEAN,
			      PARTS(near[i]->field, near[i]->did_you_mean), out);
		buffer_append_byte(out, '\n');
	}
}

static void write_reasons(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < decision->n_reasons; i++)
		write_sentence(writing, "  ", decision->reasons[i]);
	page_write_suggestions(decision->did_you_mean, decision->n_did_you_mean, "  ",
			       writing->language, writing->out);
}

static void quote_or(struct writing *writing, const char *text, enum phrase otherwise)
{
	if (*text)
		quote(writing, text);
	else
		say(writing, otherwise, NULL);
}

static void write_leg(struct writing *writing, const Carnet__V1__Leg *leg)
{
	say(writing, PHRASE_HOP, PARTS(leg->exporter, leg->recipient));
	put(writing, ", ");
	quote_or(writing, leg->area, PHRASE_AREA_UNKNOWN);
	put(writing, ", ");
	quote_or(writing, leg->category, PHRASE_CATEGORY_UNKNOWN);
}

/* There is a weakest leg only where legs differ. */
static bool legs_differ(const Carnet__V1__Decision *decision)
{
	for (size_t i = 1; i < decision->n_legs; i++)
		if (decision->legs[i]->verdict != decision->legs[0]->verdict)
			return true;
	return false;
}

static void write_legs(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_legs)
		return;
	say_heading(writing, PHRASE_LEGS);
	for (size_t i = 0; i < decision->n_legs; i++) {
		buffer_printf(writing->out, "  %zu. ", i);
		write_leg(writing, decision->legs[i]);
		put(writing, "  ");
		say_verdict(writing, decision->legs[i]->verdict);
		if (legs_differ(decision) && i == decision->weakest_leg) {
			put(writing, "  ");
			say(writing, PHRASE_WEAKEST, NULL);
		}
		put(writing, "\n");
	}
}

static void write_failures(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	/* Once permitted, the grounds that were not needed are noise. */
	if (opinion->verdict != CARNET__V1__VERDICT__VERDICT_DENIED &&
	    opinion->verdict != CARNET__V1__VERDICT__VERDICT_INDETERMINATE)
		return;
	for (size_t i = 0; i < opinion->n_grounds; i++) {
		const Carnet__V1__GroundResult *ground = opinion->grounds[i];

		if (!ground->n_failed)
			continue;
		put(writing, "    ");
		say(writing,
		    ground->result == CARNET__V1__TRUTH__TRUTH_UNKNOWN ? PHRASE_GROUND_MAY_HOLD
								       : PHRASE_GROUND_FAILS,
		    PARTS(ground->ground));
		put(writing, "\n");
		for (size_t j = 0; j < ground->n_failed; j++)
			write_reason(writing, "      ", ground->failed[j]);
	}
}

static void write_legs_of(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	const char *legs = "";

	if (!opinion->n_legs || opinion->n_legs >= writing->decision->n_legs)
		return;
	for (size_t i = 0; i < opinion->n_legs; i++)
		legs = arena_printf(writing->arena, "%s%s%" PRIu32, legs, i ? " " : "",
				    opinion->legs[i]);
	put(writing, "  ");
	say(writing, PHRASE_OF_LEGS, PARTS(legs));
}

static void write_opinion(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	put(writing, "  ");
	quote_or(writing, opinion->rulebook, PHRASE_NO_RULEBOOK);
	put(writing, "  ");
	say_verdict(writing, opinion->verdict);
	if (*opinion->decided_by) {
		put(writing, "  ");
		say(writing, PHRASE_DECIDED_BY, PARTS(opinion->decided_by));
	}
	if (*opinion->cite) {
		put(writing, ", ");
		quote(writing, opinion->cite);
	}
	write_legs_of(writing, opinion);
	put(writing, "\n");
	for (size_t i = 0; i < opinion->n_reasons; i++)
		write_reason(writing, "    ", opinion->reasons[i]);
	write_failures(writing, opinion);
}

static void write_opinions(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_opinions)
		return;
	say_heading(writing, PHRASE_OPINIONS);
	for (size_t i = 0; i < decision->n_opinions; i++)
		write_opinion(writing, decision->opinions[i]);
}

static enum phrase performance(const Carnet__V1__OwedDuty *duty)
{
	if (duty->performs == CARNET__V1__ANSWER__ANSWER_YES)
		return PHRASE_DUTY_ACCEPTED;
	if (duty->performs == CARNET__V1__ANSWER__ANSWER_NO)
		return PHRASE_DUTY_REFUSED;
	return duty->standing ? PHRASE_DUTY_STANDING : PHRASE_DUTY_OPEN;
}

static void write_duties(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_duties)
		return;
	say_heading(writing, PHRASE_DUTIES);
	for (size_t i = 0; i < decision->n_duties; i++) {
		const Carnet__V1__OwedDuty *duty = decision->duties[i];

		put(writing, "  ");
		quote(writing, duty->duty);
		put(writing, "  ");
		say(writing, performance(duty), NULL);
		put(writing, "  (");
		for (size_t j = 0; j < duty->n_rulebooks; j++) {
			put(writing, j ? ", " : "");
			quote(writing, duty->rulebooks[j]);
		}
		put(writing, ")\n");
	}
}

static void write_act(struct writing *writing, const Carnet__V1__RemedyStep *step)
{
	static const struct {
		const char *act;
		enum phrase phrase;
	} acts[] = {{"say", PHRASE_STEP_SAY},
		    {"record", PHRASE_STEP_RECORD},
		    {"obtain", PHRASE_STEP_OBTAIN},
		    {"perform", PHRASE_STEP_PERFORM}};

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (!strcmp(step->act, acts[i].act)) {
			say(writing, acts[i].phrase, PARTS(step->what));
			return;
		}
	/* That of a newer server. */
	quote(writing, step->act);
	put(writing, " ");
	quote(writing, step->what);
}

/* "in the question" is where one looks first anyway. */
static void write_step(struct writing *writing, const Carnet__V1__RemedyStep *step)
{
	write_act(writing, step);
	if (*step->importer) {
		put(writing, ", ");
		say(writing, PHRASE_HOP, PARTS(step->exporter, step->importer));
	}
	if (*step->owner) {
		buffer_printf(writing->out, "  %s(", writing->ink->faint);
		quote(writing, step->owner);
		buffer_printf(writing->out, ")%s", writing->ink->end);
	}
	put(writing, "\n");
}

static void write_remedy(struct writing *writing, const Carnet__V1__Remedy *remedy)
{
	for (size_t i = 0; i < remedy->n_steps; i++) {
		put(writing, i ? "    " : "  - ");
		if (i) {
			say(writing, PHRASE_STEP_AND, NULL);
			put(writing, " ");
		}
		write_step(writing, remedy->steps[i]);
	}
}

static void write_beyond(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const char *all = "";

	if (!decision->n_beyond_remedy)
		return;
	for (size_t i = 0; i < decision->n_beyond_remedy; i++) {
		const Carnet__V1__BeyondRemedy *beyond = decision->beyond_remedy[i];
		const char *one = beyond->decided_by;

		if (*beyond->rulebook)
			one = phrase_text(writing->language, PHRASE_BEYOND_ONE,
					  PARTS(beyond->rulebook, beyond->decided_by),
					  writing->arena);
		all = arena_printf(writing->arena, "%s%s%s", all, i ? "; " : "", one);
	}
	put(writing, "\n");
	say(writing, PHRASE_BEYOND, PARTS(all));
	put(writing, "\n");
}

static void write_remedies(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	write_beyond(writing);
	if (!decision->n_remedies)
		return;
	say_heading(writing, decision->n_remedies > 1 ? PHRASE_REMEDIES : PHRASE_REMEDY);
	for (size_t i = 0; i < decision->n_remedies; i++)
		write_remedy(writing, decision->remedies[i]);
	if (decision->remedies_cut) {
		put(writing, "  ");
		say(writing, PHRASE_REMEDIES_CUT, NULL);
		put(writing, "\n");
	}
}

void page_write_ignored(Carnet__V1__Ignored *const *ignored, size_t count, enum language language,
			struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		phrase_append(language,
			      *ignored[i]->did_you_mean ? PHRASE_IGNORED_NEAR : PHRASE_IGNORED,
			      PARTS(ignored[i]->name, ignored[i]->did_you_mean), out);
		buffer_append_byte(out, '\n');
	}
}

void page_write_receipt(const char *receipt, const char *kept, enum language language,
			struct buffer *out)
{
	phrase_append(language, kept ? PHRASE_RECEIPT_KEPT : PHRASE_RECEIPT, PARTS(receipt, kept),
		      out);
	buffer_append_byte(out, '\n');
}

static void write_foot(struct writing *writing, const struct page *page)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const char *revision = arena_printf(writing->arena, "%" PRIu64, decision->revision);

	put(writing, "\n");
	if (decision->n_ignored) {
		put(writing, writing->ink->unsure);
		page_write_ignored(decision->ignored, decision->n_ignored, writing->language,
				   writing->out);
		put(writing, writing->ink->end);
	}
	say(writing, *decision->holds_until ? PHRASE_JUDGED_UNTIL : PHRASE_JUDGED,
	    PARTS(decision->as_of, decision->holds_until));
	put(writing, "\n");
	say(writing, PHRASE_REVISION, PARTS(revision, decision->revision_digest));
	put(writing, "\n");
	if (page->receipt)
		page_write_receipt(page->receipt, page->kept, writing->language, writing->out);
}

/* "LO-001: Caller's number to a carrier (cases.yaml:7)" */
static void write_title(struct writing *writing, const struct folder_case *one)
{
	const Carnet__V1__Case *message = one->message;

	put(writing, writing->ink->bold);
	quote(writing, message->id);
	put(writing, *message->id && *message->title ? ": " : "");
	quote(writing, message->title);
	put(writing, writing->ink->end);
	put(writing, *message->id || *message->title ? " (" : "");
	quote(writing, one->file);
	buffer_printf(writing->out, ":%u%s\n", one->line,
		      *message->id || *message->title ? ")" : "");
}

static void write_comparison(struct writing *writing, const struct page *page)
{
	const struct case_result *result = page->result;
	const struct ink *ink = writing->ink;

	if (!page->one->message->expect)
		return;
	if (!result->difference_count) {
		say_in(writing, ink->good, PHRASE_AS_EXPECTED, NULL);
		put(writing, "\n");
		return;
	}
	say_in(writing, ink->bad, PHRASE_NOT_AS_EXPECTED, NULL);
	put(writing, "\n");
	for (size_t i = 0; i < result->difference_count; i++) {
		put(writing, "  ");
		quote(writing, result->differences[i].text);
		put(writing, "\n");
	}
}

void page_write(const struct page *page, struct buffer *out)
{
	struct writing writing = {.decision = page->decision,
				  .ink = page->coloured ? &colours : &plain,
				  .language = page->language,
				  .arena = arena_new(0),
				  .out = out};

	if (page->one)
		write_title(&writing, page->one);
	write_head(&writing);
	if (page->one)
		write_comparison(&writing, page);
	write_reasons(&writing);
	write_legs(&writing);
	write_opinions(&writing);
	write_duties(&writing);
	write_remedies(&writing);
	write_foot(&writing, page);
	arena_free(writing.arena);
}
