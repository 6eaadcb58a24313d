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
	struct buffer *out;
};

const char *page_verdict(Carnet__V1__Verdict verdict)
{
	const char *name = names_value(&carnet__v1__verdict__descriptor, (int)verdict);

	return name ? name : "UNSPECIFIED";
}

static void say(struct writing *writing, const char *text)
{
	buffer_append_string(writing->out, text);
}

/* What comes from elsewhere. */
static void quote(struct writing *writing, const char *text)
{
	output_append_plain(writing->out, text);
}

static void say_verdict(struct writing *writing, Carnet__V1__Verdict verdict)
{
	const struct ink *ink = writing->ink;
	const char *colour = ink->good;

	if (verdict == CARNET__V1__VERDICT__VERDICT_DENIED)
		colour = ink->bad;
	else if (verdict == CARNET__V1__VERDICT__VERDICT_INDETERMINATE || !verdict)
		colour = ink->unsure;
	buffer_printf(writing->out, "%s%s%s", colour, page_verdict(verdict), ink->end);
}

static bool waits_for_duties(const Carnet__V1__Decision *decision)
{
	for (size_t i = 0; i < decision->n_duties; i++)
		if (!decision->duties[i]->standing &&
		    decision->duties[i]->performs != CARNET__V1__ANSWER__ANSWER_YES)
			return true;
	return false;
}

/* Of a verdict that permits, why it does not authorise. */
static const char *why_not(const Carnet__V1__Decision *decision)
{
	switch (decision->verdict) {
	case CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER:
	case CARNET__V1__VERDICT__VERDICT_PERMITTED:
	case CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS:
		if (decision->authorises)
			return "";
		if (waits_for_duties(decision))
			return ": not every duty is accepted (--performs)";
		return decision->advisory ? "" : ": the registry is not known to be current";
	default:
		return "";
	}
}

static void write_head(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const struct ink *ink = writing->ink;

	say_verdict(writing, decision->verdict);
	if (decision->advisory)
		buffer_printf(writing->out, " %s(advisory)%s", ink->unsure, ink->end);
	buffer_printf(writing->out, "\nauthorises: %s%s%s%s\n",
		      decision->authorises ? ink->good : ink->bad,
		      decision->authorises ? "yes" : "no", ink->end, why_not(decision));
	if (decision->advisory)
		buffer_printf(writing->out,
			      "%sADVISORY%s: this can never authorise (another day or revision, "
			      "records given, or no server)\n",
			      ink->unsure, ink->end);
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

static void write_reason(struct writing *writing, const char *indent,
			 const Carnet__V1__Reason *reason)
{
	write_sentence(writing, indent, reason);
	if (*reason->condition) {
		buffer_printf(writing->out, "%s  condition: ", indent);
		quote(writing, reason->condition);
		say(writing, "\n");
	}
	if (*reason->found || *reason->expected) {
		buffer_printf(writing->out, "%s  found: ", indent);
		quote(writing, *reason->found ? reason->found : "nothing");
		say(writing, *reason->expected ? ", expected: " : "");
		quote(writing, reason->expected);
		say(writing, "\n");
	}
	if (*reason->owner) {
		buffer_printf(writing->out, "%s  who can settle it: ", indent);
		quote(writing, reason->owner);
		say(writing, "\n");
	}
}

static void write_reasons(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < decision->n_reasons; i++)
		write_sentence(writing, "  ", decision->reasons[i]);
	for (size_t i = 0; i < decision->n_did_you_mean; i++) {
		const Carnet__V1__Suggestion *near = decision->did_you_mean[i];

		say(writing, "  ");
		quote(writing, near->field);
		say(writing, ": did you mean '");
		quote(writing, near->did_you_mean);
		say(writing, "'?\n");
	}
}

static void write_leg(struct writing *writing, const Carnet__V1__Leg *leg)
{
	quote(writing, leg->exporter);
	say(writing, " to ");
	quote(writing, leg->recipient);
	say(writing, ", ");
	quote(writing, *leg->area ? leg->area : "area unknown");
	say(writing, ", ");
	quote(writing, *leg->category ? leg->category : "category unknown");
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
	buffer_printf(writing->out, "\n%slegs%s\n", writing->ink->bold, writing->ink->end);
	for (size_t i = 0; i < decision->n_legs; i++) {
		buffer_printf(writing->out, "  %zu. ", i);
		write_leg(writing, decision->legs[i]);
		say(writing, "  ");
		say_verdict(writing, decision->legs[i]->verdict);
		say(writing,
		    legs_differ(decision) && i == decision->weakest_leg ? "  (weakest)\n" : "\n");
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
		say(writing, "    ");
		quote(writing, ground->ground);
		say(writing, ground->result == CARNET__V1__TRUTH__TRUTH_UNKNOWN
				     ? " may hold, but:\n"
				     : " does not hold:\n");
		for (size_t j = 0; j < ground->n_failed; j++)
			write_reason(writing, "      ", ground->failed[j]);
	}
}

static void write_opinion(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	say(writing, "  ");
	quote(writing, *opinion->rulebook ? opinion->rulebook : "(no rulebook)");
	say(writing, "  ");
	say_verdict(writing, opinion->verdict);
	if (*opinion->decided_by) {
		say(writing, "  by ");
		quote(writing, opinion->decided_by);
	}
	if (*opinion->cite) {
		say(writing, ", ");
		quote(writing, opinion->cite);
	}
	if (opinion->n_legs && opinion->n_legs < writing->decision->n_legs) {
		say(writing, "  (legs");
		for (size_t i = 0; i < opinion->n_legs; i++)
			buffer_printf(writing->out, " %" PRIu32, opinion->legs[i]);
		say(writing, ")");
	}
	say(writing, "\n");
	for (size_t i = 0; i < opinion->n_reasons; i++)
		write_reason(writing, "    ", opinion->reasons[i]);
	write_failures(writing, opinion);
}

static void write_opinions(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_opinions)
		return;
	buffer_printf(writing->out, "\n%sopinions%s\n", writing->ink->bold, writing->ink->end);
	for (size_t i = 0; i < decision->n_opinions; i++)
		write_opinion(writing, decision->opinions[i]);
}

static const char *performance(const Carnet__V1__OwedDuty *duty)
{
	if (duty->performs == CARNET__V1__ANSWER__ANSWER_YES)
		return "accepted";
	if (duty->performs == CARNET__V1__ANSWER__ANSWER_NO)
		return "REFUSED";
	return duty->standing ? "standing" : "NOT ACCEPTED";
}

static void write_duties(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_duties)
		return;
	buffer_printf(writing->out, "\n%sduties%s\n", writing->ink->bold, writing->ink->end);
	for (size_t i = 0; i < decision->n_duties; i++) {
		const Carnet__V1__OwedDuty *duty = decision->duties[i];

		say(writing, "  ");
		quote(writing, duty->duty);
		buffer_printf(writing->out, "  %s  (", performance(duty));
		for (size_t j = 0; j < duty->n_rulebooks; j++) {
			say(writing, j ? ", " : "");
			quote(writing, duty->rulebooks[j]);
		}
		say(writing, ")\n");
	}
}

/* "in the question" is where one looks first anyway. */
static void write_step(struct writing *writing, const Carnet__V1__RemedyStep *step)
{
	quote(writing, step->act);
	say(writing, " ");
	quote(writing, step->what);
	if (*step->importer) {
		say(writing, ", ");
		quote(writing, step->exporter);
		say(writing, " to ");
		quote(writing, step->importer);
	}
	if (*step->owner) {
		buffer_printf(writing->out, "  %s(", writing->ink->faint);
		quote(writing, step->owner);
		buffer_printf(writing->out, ")%s", writing->ink->end);
	}
	say(writing, "\n");
}

static void write_remedy(struct writing *writing, const Carnet__V1__Remedy *remedy)
{
	for (size_t i = 0; i < remedy->n_steps; i++) {
		say(writing, i ? "    and " : "  - ");
		write_step(writing, remedy->steps[i]);
	}
}

static void write_beyond(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	if (!decision->n_beyond_remedy)
		return;
	say(writing, "\nnothing on offer lifts: ");
	for (size_t i = 0; i < decision->n_beyond_remedy; i++) {
		const Carnet__V1__BeyondRemedy *beyond = decision->beyond_remedy[i];

		say(writing, i ? "; " : "");
		quote(writing, beyond->rulebook);
		say(writing, *beyond->rulebook ? " by " : "");
		quote(writing, beyond->decided_by);
	}
	say(writing, "\n");
}

static void write_remedies(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	write_beyond(writing);
	if (!decision->n_remedies)
		return;
	buffer_printf(writing->out, "\n%swhat would permit it%s%s\n", writing->ink->bold,
		      writing->ink->end, decision->n_remedies > 1 ? " (any one of these)" : "");
	for (size_t i = 0; i < decision->n_remedies; i++)
		write_remedy(writing, decision->remedies[i]);
	if (decision->remedies_cut)
		say(writing, "  and others, which take more\n");
}

static void write_ignored(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < decision->n_ignored; i++) {
		const Carnet__V1__Ignored *one = decision->ignored[i];

		buffer_printf(writing->out, "%signored%s: ", writing->ink->unsure,
			      writing->ink->end);
		quote(writing, one->name);
		say(writing, ", nothing that a caller states");
		if (*one->did_you_mean) {
			say(writing, "; did you mean '");
			quote(writing, one->did_you_mean);
			say(writing, "'?");
		}
		say(writing, "\n");
	}
}

static void write_foot(struct writing *writing, const struct page *page)
{
	const Carnet__V1__Decision *decision = writing->decision;

	say(writing, "\n");
	write_ignored(writing);
	say(writing, "judged for ");
	quote(writing, decision->as_of);
	say(writing, *decision->holds_until ? ", holds until " : ", no change in sight");
	quote(writing, decision->holds_until);
	buffer_printf(writing->out, "\nregistry revision %" PRIu64 " ", decision->revision);
	quote(writing, decision->revision_digest);
	say(writing, "\n");
	if (page->receipt) {
		say(writing, "receipt ");
		quote(writing, page->receipt);
		if (page->kept) {
			say(writing, " in ");
			quote(writing, page->kept);
		}
		say(writing, "\n");
	}
}

/* "LO-001: Caller's number to a carrier (cases.yaml:7)" */
static void write_title(struct writing *writing, const struct folder_case *one)
{
	const Carnet__V1__Case *message = one->message;

	say(writing, writing->ink->bold);
	quote(writing, message->id);
	say(writing, *message->id && *message->title ? ": " : "");
	quote(writing, message->title);
	say(writing, writing->ink->end);
	say(writing, *message->id || *message->title ? " (" : "");
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
		buffer_printf(writing->out, "%sas expected%s\n", ink->good, ink->end);
		return;
	}
	buffer_printf(writing->out, "%sNOT AS EXPECTED%s\n", ink->bad, ink->end);
	for (size_t i = 0; i < result->difference_count; i++) {
		say(writing, "  ");
		quote(writing, result->differences[i].text);
		say(writing, "\n");
	}
}

void page_write(const struct page *page, struct buffer *out)
{
	struct writing writing = {page->decision, page->coloured ? &colours : &plain, out};

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
}
