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

static bool permits(const Carnet__V1__Decision *decision)
{
	return decision->verdict == CARNET__V1__VERDICT__VERDICT_NOT_A_TRANSFER ||
	       decision->verdict == CARNET__V1__VERDICT__VERDICT_PERMITTED ||
	       decision->verdict == CARNET__V1__VERDICT__VERDICT_PERMITTED_WITH_OBLIGATIONS;
}

/* Whether it authorises; of a verdict that permits also why not. */
static enum phrase authorisation(const Carnet__V1__Decision *decision)
{
	if (decision->authorises)
		return PHRASE_AUTHORISES;
	if (!permits(decision))
		return PHRASE_AUTHORISES_NOT;
	if (waits_for_duties(decision))
		return PHRASE_AUTHORISES_NOT_DUTIES;
	return decision->advisory ? PHRASE_AUTHORISES_NOT : PHRASE_AUTHORISES_NOT_REGISTRY;
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

static bool is_code(const Carnet__V1__Reason *reason, const char *code)
{
	return !strcmp(reason->code, code);
}

/* What is known needs nobody to settle it. */
static bool waits_for_somebody(const Carnet__V1__Reason *reason)
{
	return *reason->owner && !is_code(reason, "FACT_IS_OTHERWISE");
}

static void write_text(struct writing *writing, const Carnet__V1__Reason *reason)
{
	quote(writing, reason->text);
	buffer_printf(writing->out, " %s(", writing->ink->faint);
	quote(writing, reason->code);
	buffer_printf(writing->out, ")%s\n", writing->ink->end);
}

static void write_sentence(struct writing *writing, const char *indent, const char *who,
			   const Carnet__V1__Reason *reason)
{
	buffer_printf(writing->out, "%s- ", indent);
	quote(writing, who);
	write_text(writing, reason);
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

/* Nothing to say, or the sentence has said it. */
static bool is_said(const Carnet__V1__Reason *reason, const char *part)
{
	return !*part || strstr(reason->text, part);
}

static bool condition_is_said(const Carnet__V1__Reason *reason)
{
	static const char question[] = "unsettled: ";
	const char *condition = reason->condition;

	if (!strncmp(condition, question, strlen(question)))
		condition += strlen(question);
	if (is_said(reason, condition))
		return true;
	/* A fact is said with what was found and what was expected, a record with what it lacks. */
	return *reason->expected &&
	       (!strcmp(reason->expected, reason->condition) ||
		(is_said(reason, reason->found) && is_said(reason, reason->expected)));
}

static bool found_is_said(const Carnet__V1__Reason *reason)
{
	if (is_code(reason, "NO_RECORD"))
		return true;
	return is_said(reason, reason->found) &&
	       (is_said(reason, reason->expected) || !strcmp(reason->expected, reason->condition));
}

static void write_reason(struct writing *writing, const char *indent,
			 const Carnet__V1__Reason *reason)
{
	bool expects = *reason->expected && strcmp(reason->expected, reason->condition) != 0;

	write_sentence(writing, indent, "", reason);
	if (!condition_is_said(reason))
		write_detail(writing, indent, PHRASE_CONDITION, PARTS(reason->condition));
	if (!found_is_said(reason))
		write_detail(writing, indent, expects ? PHRASE_FOUND_EXPECTED : PHRASE_FOUND,
			     PARTS(or_nothing(writing, reason->found), reason->expected));
	if (waits_for_somebody(reason))
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

static bool gives(const Carnet__V1__Opinion *opinion, const Carnet__V1__Reason *reason)
{
	for (size_t i = 0; i < opinion->n_reasons; i++)
		if (is_code(opinion->reasons[i], reason->code) &&
		    !strcmp(opinion->reasons[i]->text, reason->text))
			return true;
	return false;
}

/* "br-lgpd, eu-gdpr: ", of those that decided. */
static const char *who_gives(struct writing *writing, const Carnet__V1__Reason *reason)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const char *all = "", *last = "";

	for (size_t i = 0; i < decision->n_opinions; i++) {
		const Carnet__V1__Opinion *opinion = decision->opinions[i];

		if (opinion->verdict != decision->verdict || !*opinion->rulebook ||
		    !strcmp(opinion->rulebook, last) || !gives(opinion, reason))
			continue;
		last = opinion->rulebook;
		all = arena_printf(writing->arena, "%s%s%s", all, *all ? ", " : "", last);
	}
	return *all ? arena_printf(writing->arena, "%s: ", all) : all;
}

static void write_reasons(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < decision->n_reasons; i++)
		write_sentence(writing, "  ", who_gives(writing, decision->reasons[i]),
			       decision->reasons[i]);
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

/* What is not known, and which day it is, matters no more once something else is against a ground.
 */
static bool explains(const Carnet__V1__Reason *reason)
{
	return !is_code(reason, "FACT_UNKNOWN") && !is_code(reason, "RECORD_UNKNOWN") &&
	       !is_code(reason, "UNSETTLED_QUESTION") && strcmp(reason->about, "as-of") != 0;
}

static bool is_explained(const Carnet__V1__GroundResult *ground)
{
	for (size_t i = 0; i < ground->n_failed; i++)
		if (explains(ground->failed[i]))
			return ground->result != CARNET__V1__TRUTH__TRUTH_UNKNOWN;
	return false;
}

/* The one reason to give, if it takes no more than its sentence: it then stands on the ground's
 * line. */
static const Carnet__V1__Reason *only_sentence(const Carnet__V1__GroundResult *ground)
{
	const Carnet__V1__Reason *only = NULL;
	bool explained = is_explained(ground);

	for (size_t i = 0; i < ground->n_failed; i++) {
		if (explained && !explains(ground->failed[i]))
			continue;
		if (only)
			return NULL;
		only = ground->failed[i];
	}
	return condition_is_said(only) && found_is_said(only) && !waits_for_somebody(only) ? only
											   : NULL;
}

static void write_failure(struct writing *writing, const Carnet__V1__GroundResult *ground)
{
	bool may_hold = ground->result == CARNET__V1__TRUTH__TRUTH_UNKNOWN;
	bool explained = is_explained(ground);
	const Carnet__V1__Reason *only = only_sentence(ground);
	const char *name = ground->ground;

	if (*ground->cite)
		name = arena_printf(writing->arena, "%s (%s)", name, ground->cite);
	put(writing, "    ");
	say(writing, may_hold ? PHRASE_GROUND_MAY_HOLD : PHRASE_GROUND_FAILS, PARTS(name));
	put(writing, only ? " " : "\n");
	if (only)
		write_text(writing, only);
	for (size_t i = 0; i < ground->n_failed && !only; i++)
		if (!explained || explains(ground->failed[i]))
			write_reason(writing, "      ", ground->failed[i]);
}

static bool has_reason(const Carnet__V1__Opinion *opinion, const char *code)
{
	for (size_t i = 0; i < opinion->n_reasons; i++)
		if (is_code(opinion->reasons[i], code))
			return true;
	return false;
}

static void write_failures(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	/* Once permitted, the grounds that were not needed are noise. */
	if (opinion->verdict != CARNET__V1__VERDICT__VERDICT_DENIED &&
	    opinion->verdict != CARNET__V1__VERDICT__VERDICT_INDETERMINATE)
		return;
	/* So they are beside a prohibition, which no ground lifts, and beside one that holds. */
	if (has_reason(opinion, "PROHIBITED") || has_reason(opinion, "GROUND"))
		return;
	for (size_t i = 0; i < opinion->n_grounds; i++)
		if (opinion->grounds[i]->n_failed)
			write_failure(writing, opinion->grounds[i]);
}

/* Some that the decision tells apart, by their records or duties, read alike. */
struct view {
	const Carnet__V1__Opinion *opinion;
	const char *body;
	size_t like; /* the first that reads like it */
};

static bool reads_alike(const struct view *a, const struct view *b)
{
	return a->opinion->verdict == b->opinion->verdict &&
	       !strcmp(a->opinion->rulebook, b->opinion->rulebook) &&
	       !strcmp(a->opinion->decided_by, b->opinion->decided_by) &&
	       !strcmp(a->opinion->cite, b->opinion->cite) && !strcmp(a->body, b->body);
}

static const char *body_of(struct writing *writing, const Carnet__V1__Opinion *opinion)
{
	struct buffer body = {0}, *out = writing->out;
	const char *text;

	writing->out = &body;
	for (size_t i = 0; i < opinion->n_reasons; i++)
		write_reason(writing, "    ", opinion->reasons[i]);
	write_failures(writing, opinion);
	writing->out = out;
	text = arena_string(writing->arena, buffer_bytes(&body));
	buffer_release(&body);
	return text;
}

static bool speaks_of(const Carnet__V1__Opinion *opinion, size_t leg)
{
	for (size_t i = 0; i < opinion->n_legs; i++)
		if (opinion->legs[i] == leg)
			return true;
	return false;
}

static bool one_speaks_of(const struct view *views, size_t count, size_t like, size_t leg)
{
	for (size_t i = like; i < count; i++)
		if (views[i].like == like && speaks_of(views[i].opinion, leg))
			return true;
	return false;
}

static void write_legs_of(struct writing *writing, const struct view *views, size_t count,
			  size_t like)
{
	size_t all = writing->decision->n_legs, spoken = 0;
	const char *legs = "";

	for (size_t leg = 0; leg < all; leg++)
		if (one_speaks_of(views, count, like, leg))
			legs = arena_printf(writing->arena, "%s%s%zu", legs, spoken++ ? " " : "",
					    leg);
	if (!spoken || spoken == all)
		return;
	put(writing, "  ");
	say(writing, PHRASE_OF_LEGS, PARTS(legs));
}

static void write_opinion(struct writing *writing, const struct view *views, size_t count,
			  size_t at)
{
	const Carnet__V1__Opinion *opinion = views[at].opinion;

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
	write_legs_of(writing, views, count, at);
	put(writing, "\n");
	put(writing, views[at].body);
}

static void write_opinions(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;
	size_t count = decision->n_opinions;
	struct view *views = arena_array(writing->arena, struct view, count);

	if (!count)
		return;
	for (size_t i = 0; i < count; i++) {
		views[i].opinion = decision->opinions[i];
		views[i].body = body_of(writing, decision->opinions[i]);
		while (views[i].like < i && !reads_alike(&views[views[i].like], &views[i]))
			views[i].like++;
	}
	say_heading(writing, PHRASE_OPINIONS);
	for (size_t i = 0; i < count; i++)
		if (views[i].like == i)
			write_opinion(writing, views, count, i);
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
	/* Of a refusal they come from the legs that it does not touch. */
	say_heading(writing, permits(decision) ? PHRASE_DUTIES : PHRASE_DUTIES_ELSEWHERE);
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

static void write_act(struct writing *writing, const Carnet__V1__RemedyStep *step, const char *what)
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
			say(writing, acts[i].phrase, PARTS(what));
			return;
		}
	/* That of a newer server. */
	quote(writing, step->act);
	put(writing, " ");
	quote(writing, what);
}

/* The rest of a text that begins so and ends in a bracket that is cut off; NULL: it does not. */
static const char *within(struct writing *writing, const char *text, const char *begin)
{
	size_t size = strlen(text), skip = strlen(begin);

	if (size <= skip || strncmp(text, begin, skip) != 0 || text[size - 1] != '}')
		return NULL;
	return arena_printf(writing->arena, "%.*s", (int)(size - skip - 1), text + skip);
}

/* "consent.told: {has: country}": the name, and by `member` the one member; NULL: another test. */
static const char *name_of_has(struct writing *writing, const Carnet__V1__RemedyStep *step,
			       const char **member)
{
	static const char has[] = ": {has: ";
	const char *at = strstr(step->what, has);

	if (strcmp(step->act, "say") != 0 || !at)
		return NULL;
	*member = within(writing, at, has);
	if (!*member || strpbrk(*member, "[]{},"))
		return NULL;
	return arena_printf(writing->arena, "%.*s", (int)(at - step->what), step->what);
}

/* "not: {subject.area: EEA}" asks for any other value. */
static const char *text_of_step(struct writing *writing, const Carnet__V1__RemedyStep *step)
{
	const char *denied = within(writing, step->what, "not: {"), *colon;

	if (!denied || !(colon = strstr(denied, ": ")))
		return step->what;
	return phrase_text(
		writing->language, PHRASE_OTHER_THAN,
		PARTS(arena_printf(writing->arena, "%.*s", (int)(colon - denied), denied),
		      colon + strlen(": ")),
		writing->arena);
}

/* What to say: of several members of one list all at once, as a case writes them.  Back comes how
 * many steps that were. */
static size_t gather(struct writing *writing, const Carnet__V1__Remedy *remedy, size_t at,
		     const char **what)
{
	const char *member, *name = name_of_has(writing, remedy->steps[at], &member), *next, *all;
	size_t end = at + 1;

	*what = text_of_step(writing, remedy->steps[at]);
	if (!name)
		return 1;
	for (all = member; end < remedy->n_steps; end++) {
		next = name_of_has(writing, remedy->steps[end], &member);
		if (!next || strcmp(next, name) != 0)
			break;
		all = arena_printf(writing->arena, "%s, %s", all, member);
	}
	*what = arena_printf(writing->arena, "%s: [%s]", name, all);
	return end - at;
}

static bool is_of_hop(const struct writing *writing, const Carnet__V1__Opinion *opinion,
		      const Carnet__V1__RemedyStep *step)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < opinion->n_legs; i++)
		if (opinion->legs[i] < decision->n_legs &&
		    !strcmp(decision->legs[opinion->legs[i]]->exporter, step->exporter) &&
		    !strcmp(decision->legs[opinion->legs[i]]->recipient, step->importer))
			return true;
	return false;
}

/* Why the paper that is there does not answer the step; NULL: there is none. */
static const Carnet__V1__Reason *on_file(const struct writing *writing,
					 const Carnet__V1__RemedyStep *step)
{
	const Carnet__V1__Decision *decision = writing->decision;

	for (size_t i = 0; i < decision->n_opinions; i++) {
		const Carnet__V1__Opinion *opinion = decision->opinions[i];

		for (size_t j = 0; j < opinion->n_grounds && is_of_hop(writing, opinion, step); j++)
			for (size_t k = 0; k < opinion->grounds[j]->n_failed; k++) {
				const Carnet__V1__Reason *reason = opinion->grounds[j]->failed[k];

				if (*reason->found && !is_code(reason, "NO_RECORD") &&
				    !strcmp(reason->condition, step->what))
					return reason;
			}
	}
	return NULL;
}

/* "in the question" is where one looks first anyway. */
static void write_step(struct writing *writing, const Carnet__V1__RemedyStep *step,
		       const char *what)
{
	const Carnet__V1__Reason *near =
		strcmp(step->act, "obtain") ? NULL : on_file(writing, step);

	write_act(writing, step, what);
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
	if (near)
		write_detail(writing, "      ", PHRASE_ON_FILE, PARTS(near->found, near->text));
}

static void write_remedy(struct writing *writing, const Carnet__V1__Remedy *remedy)
{
	const char *what;

	for (size_t i = 0, steps; i < remedy->n_steps; i += steps) {
		put(writing, i ? "    " : "  - ");
		if (i) {
			say(writing, PHRASE_STEP_AND, NULL);
			put(writing, " ");
		}
		steps = gather(writing, remedy, i, &what);
		write_step(writing, remedy->steps[i], what);
	}
}

static const char *text_of_beyond(struct writing *writing, const Carnet__V1__BeyondRemedy *beyond)
{
	enum language language = writing->language;

	if (*beyond->rulebook)
		return phrase_text(language, PHRASE_BEYOND_ONE,
				   PARTS(beyond->rulebook, beyond->decided_by), writing->arena);
	if (!strcmp(beyond->decided_by, "coverage"))
		return phrase_text(language, PHRASE_BEYOND_COVERAGE, NULL, writing->arena);
	if (!strcmp(beyond->decided_by, "no-opinion"))
		return phrase_text(language, PHRASE_BEYOND_NO_OPINION, NULL, writing->arena);
	return beyond->decided_by;
}

static void write_beyond(struct writing *writing)
{
	const Carnet__V1__Decision *decision = writing->decision;
	const char *all = "";

	if (!decision->n_beyond_remedy)
		return;
	for (size_t i = 0; i < decision->n_beyond_remedy; i++)
		all = arena_printf(writing->arena, "%s%s%s", all, i ? "; " : "",
				   text_of_beyond(writing, decision->beyond_remedy[i]));
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
