#include "registry/compile.h"

#include <string.h>

#include "registry/check.h"
#include "registry/compile_condition.h"
#include "registry/rectangles.h"
#include "text/names.h"

/* A world being made.  `scratch` is emptied after each record. */
struct compiler {
	struct world *world;
	struct arena *scratch;
	struct check check;
};

static symbol word(struct compiler *compiler, const char *text)
{
	return symbols_add(world_symbols(compiler->world), bytes_of_string(text));
}

/* A list of words; `none` says that there are none. */
static struct words list(struct compiler *compiler, char *const *texts, size_t count)
{
	symbol *words = arena_array(compiler->scratch, symbol, count);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!bytes_equal_string(bytes_of_string(texts[i]), "none"))
			words[kept++] = word(compiler, texts[i]);
	return world_list(compiler->world, words, kept);
}

static day day_or(const char *text, day otherwise)
{
	struct bytes date = bytes_of_string(text);
	day found;

	return date.size && date_parse(date, &found, NULL) == 0 ? found : otherwise;
}

static struct bytes keep(struct compiler *compiler, const char *text)
{
	return arena_copy(world_arena(compiler->world), bytes_of_string(text));
}

/* ---- What all kinds have ---- */

static enum record_kind engine_kind(enum kind kind)
{
	static const enum record_kind kinds[KIND_COUNT] = {
		[KIND_AGREEMENT] = RECORD_AGREEMENT,
		[KIND_AREA] = RECORD_AREA,
		[KIND_ASSESSMENT] = RECORD_ASSESSMENT,
		[KIND_CERTIFICATE] = RECORD_CERTIFICATE,
		[KIND_DATA_CATEGORY] = RECORD_CATEGORY,
		[KIND_DATA_SET] = RECORD_DATA_SET,
		[KIND_DISCLOSURE] = RECORD_DISCLOSURE,
		[KIND_ENGAGEMENT] = RECORD_ENGAGEMENT,
		[KIND_FINDING] = RECORD_FINDING,
		[KIND_INSTRUMENT] = RECORD_INSTRUMENT,
		[KIND_ORDER] = RECORD_ORDER,
		[KIND_PARTY] = RECORD_PARTY,
		[KIND_PURPOSE] = RECORD_PURPOSE,
		[KIND_RULEBOOK] = RECORD_RULEBOOK,
		[KIND_TERM] = RECORD_TERM,
	};

	return kinds[kind];
}

/* Fields in dispute that no condition reaches change no decision. */
static uint64_t unsettled_bits(const struct compiler *compiler, const Carnet__V1__Record *record,
			       enum record_kind kind)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < record->n_unsettled; i++) {
		const char *name = names_kebab(record->unsettled[i], compiler->scratch);
		enum field field = field_find(kind, bytes_of_string(name));

		if (field != FIELD_NONE)
			bits |= FIELD_BIT(field);
	}
	return bits;
}

static struct record head_of(struct compiler *compiler, const struct rectangle *rectangle)
{
	const struct record_slice *slice = rectangle->slice;
	const Carnet__V1__Record *record = slice->record;
	struct record head = {
		.known_from = rectangle->known_from,
		.known_until = rectangle->known_until,
		.from = rectangle->from,
		.until = rectangle->until,
		.revision = slice->revision,
		.unsettled = unsettled_bits(compiler, record, engine_kind(slice->kind)),
		.id = word(compiler, record->id),
		.slice_from = slice->from,
		.review_by = day_or(record->review_by, DAY_MAX),
		.confidence = (uint8_t)record->confidence,
		.doubt = *record->doubt != '\0',
	};

	for (int i = 0; i < DIGEST_SIZE; i++)
		head.digest[i] = slice->digest.bytes[i];
	return head;
}

/* ---- Areas and taxonomies ---- */

static void add_area(struct compiler *compiler, struct record head, const Carnet__V1__Area *in)
{
	struct dated *groups = arena_array(compiler->scratch, struct dated, in->n_member_of);

	for (size_t i = 0; i < in->n_member_of; i++)
		groups[i] = (struct dated){word(compiler, in->member_of[i]->group),
					   day_or(in->member_of[i]->from, DAY_MIN),
					   day_or(in->member_of[i]->until, DAY_MAX)};
	world_add_area(compiler->world,
		       &(struct world_area){.record = head,
					    .part_of = word(compiler, in->part_of),
					    .member_of = {groups, in->n_member_of}});
}

/* The further broader ones that a record names, and the id without its last part. */
static struct words broader(struct compiler *compiler, symbol id, char *const *names, size_t count)
{
	struct bytes parent = symbols_text(world_symbols(compiler->world), id);
	symbol *words = arena_array(compiler->scratch, symbol, count + 1);
	size_t kept = 0;

	while (parent.size && parent.data[parent.size - 1] != '.')
		parent.size--;
	if (parent.size > 1) {
		parent.size--;
		/* The table may move its texts when it grows. */
		parent = arena_copy(compiler->scratch, parent);
		words[kept++] = symbols_add(world_symbols(compiler->world), parent);
	}
	for (size_t i = 0; i < count; i++)
		words[kept++] = word(compiler, names[i]);
	return world_list(compiler->world, words, kept);
}

static void add_category(struct compiler *compiler, struct record head,
			 const Carnet__V1__DataCategory *in)
{
	world_add_category(compiler->world,
			   &(struct world_category){.record = head,
						    .broader = broader(compiler, head.id,
								       in->broader, in->n_broader),
						    .tags = list(compiler, in->tags, in->n_tags)});
}

static void add_purpose(struct compiler *compiler, struct record head,
			const Carnet__V1__Purpose *in)
{
	world_add_purpose(compiler->world,
			  &(struct world_purpose){.record = head,
						  .broader = broader(compiler, head.id, in->broader,
								     in->n_broader)});
}

/* ---- Parties and what is between them ---- */

static struct dated_words establishments(struct compiler *compiler, const Carnet__V1__Party *in)
{
	struct dated *items = arena_array(compiler->scratch, struct dated, in->n_establishments);

	for (size_t i = 0; i < in->n_establishments; i++)
		items[i] = (struct dated){word(compiler, in->establishments[i]->area),
					  day_or(in->establishments[i]->from, DAY_MIN),
					  day_or(in->establishments[i]->until, DAY_MAX)};
	return (struct dated_words){items, in->n_establishments};
}

static struct dated_words bound_by(struct compiler *compiler, const Carnet__V1__Party *in)
{
	struct dated *items = arena_array(compiler->scratch, struct dated, in->n_bound_by);
	size_t kept = 0;

	for (size_t i = 0; i < in->n_bound_by; i++) {
		const Carnet__V1__BoundBy *law = in->bound_by[i];

		if (!bytes_equal_string(bytes_of_string(law->rulebook), "none"))
			items[kept++] = (struct dated){word(compiler, law->rulebook),
						       day_or(law->from, DAY_MIN),
						       day_or(law->until, DAY_MAX)};
	}
	return (struct dated_words){items, kept};
}

static void add_party(struct compiler *compiler, struct record head, const Carnet__V1__Party *in)
{
	world_add_party(compiler->world, &(struct world_party){
						 .record = head,
						 .area = word(compiler, in->area),
						 .sector = word(compiler, in->sector),
						 .branch_of = word(compiler, in->branch_of),
						 .employee_of = word(compiler, in->employee_of),
						 .establishments = establishments(compiler, in),
						 .bound_by = bound_by(compiler, in),
						 .supervised_by = list(compiler, in->supervised_by,
								       in->n_supervised_by),
						 .is = list(compiler, in->is, in->n_is),
						 .public_body = (enum answer)in->public_body,
					 });
}

static void add_engagement(struct compiler *compiler, struct record head,
			   const Carnet__V1__Engagement *in)
{
	world_add_engagement(compiler->world,
			     &(struct world_engagement){
				     .record = head,
				     .exporter = word(compiler, in->exporter),
				     .importer = word(compiler, in->importer),
				     .capacity = word(compiler, in->capacity),
				     .exporter_role = word(compiler, in->exporter_role),
				     .importer_role = word(compiler, in->importer_role),
				     .keys_holder = word(compiler, in->keys_holder),
				     .keys_area = word(compiler, in->keys_area),
				     .keys_shared_control = (uint8_t)in->keys_shared_control,
				     .provider_handles_data = (uint8_t)in->provider_handles_data,
			     });
}

static void add_data_set(struct compiler *compiler, struct record head,
			 const Carnet__V1__DataSet *in)
{
	world_add_data_set(compiler->world,
			   &(struct world_data_set){
				   .record = head,
				   .exporter = word(compiler, in->exporter),
				   .categories = list(compiler, in->categories, in->n_categories),
				   .origin = list(compiler, in->origin, in->n_origin),
				   .policies = list(compiler, in->policies, in->n_policies),
				   .subjects = list(compiler, in->subjects, in->n_subjects),
				   .key = (enum answer)in->key,
				   .local_copy = (enum answer)in->local_copy,
			   });
}

static uint8_t mode_bits(const Carnet__V1__Agreement *in)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < in->n_modes; i++)
		if (in->modes[i] > 0 && (int)in->modes[i] < ACCESS_MODE_COUNT)
			bits |= (uint8_t)(1u << in->modes[i]);
	return bits;
}

static void add_agreement(struct compiler *compiler, struct record head,
			  const Carnet__V1__Agreement *in)
{
	world_add_agreement(compiler->world,
			    &(struct world_agreement){
				    .record = head,
				    .exporter = word(compiler, in->exporter),
				    .importer = word(compiler, in->importer),
				    .instrument = word(compiler, in->instrument),
				    .module = word(compiler, in->module),
				    .signed_on = day_or(in->signed_, DAY_MAX),
				    .addenda = list(compiler, in->addenda, in->n_addenda),
				    .safeguards = list(compiler, in->safeguards, in->n_safeguards),
				    .categories = list(compiler, in->categories, in->n_categories),
				    .purposes = list(compiler, in->purposes, in->n_purposes),
				    .areas = list(compiler, in->areas, in->n_areas),
				    .modes = mode_bits(in),
				    .any_mode = in->any_mode,
				    .annexes_complete = (uint8_t)in->annexes_complete,
				    .approved = (uint8_t)in->approved,
				    .unchanged = (uint8_t)in->unchanged,
			    });
}

static void add_instrument(struct compiler *compiler, struct record head,
			   const Carnet__V1__Instrument *in)
{
	struct module *modules = arena_array(compiler->scratch, struct module, in->n_modules);
	struct window *laws = arena_array(compiler->scratch, struct window, in->n_laws);

	for (size_t i = 0; i < in->n_modules; i++)
		modules[i] = (struct module){word(compiler, in->modules[i]->module),
					     word(compiler, in->modules[i]->exporter_role),
					     word(compiler, in->modules[i]->importer_role)};
	for (size_t i = 0; i < in->n_laws; i++)
		laws[i] = (struct window){word(compiler, in->laws[i]->rulebook),
					  day_or(in->laws[i]->from, DAY_MIN),
					  day_or(in->laws[i]->sign_until, DAY_MAX),
					  day_or(in->laws[i]->rely_until, DAY_MAX)};
	world_add_instrument(compiler->world,
			     &(struct world_instrument){.record = head,
							.kind = word(compiler, in->kind),
							.modules = modules,
							.module_count = in->n_modules,
							.laws = laws,
							.law_count = in->n_laws});
}

/* ---- What authorities and people state ---- */

static void add_certificate(struct compiler *compiler, struct record head,
			    const Carnet__V1__Certificate *in)
{
	world_add_certificate(compiler->world,
			      &(struct world_certificate){
				      .record = head,
				      .holder = word(compiler, in->holder),
				      .scheme = word(compiler, in->scheme),
				      .role = word(compiler, in->role),
				      .covers = list(compiler, in->covers, in->n_covers),
				      .status = (enum certificate_status)in->status,
				      .next_due = day_or(in->next_due, DAY_MAX),
			      });
}

static void add_finding(struct compiler *compiler, struct record head,
			const Carnet__V1__Finding *in)
{
	struct condition_compiler conditions = {.check = &compiler->check,
						.world = compiler->world};

	world_add_finding(compiler->world,
			  &(struct world_finding){
				  .record = head,
				  .by = word(compiler, in->by),
				  .area = word(compiler, in->area),
				  .says = word(compiler, in->says),
				  .scope = compile_condition(&conditions, in->scope),
			  });
}

static void add_assessment(struct compiler *compiler, struct record head,
			   const Carnet__V1__Assessment *in)
{
	world_add_assessment(compiler->world, &(struct world_assessment){
						      .record = head,
						      .kind = word(compiler, in->kind),
						      .by = word(compiler, in->by),
						      .exporter = word(compiler, in->exporter),
						      .importer = word(compiler, in->importer),
						      .area = word(compiler, in->area),
						      .outcome = word(compiler, in->outcome),
						      .date = day_or(in->date, DAY_MIN),
						      .next_due = day_or(in->next_due, DAY_MAX),
					      });
}

static void add_disclosure(struct compiler *compiler, struct record head,
			   const Carnet__V1__Disclosure *in)
{
	world_add_disclosure(compiler->world,
			     &(struct world_disclosure){
				     .record = head,
				     .exporter = word(compiler, in->exporter),
				     .areas = list(compiler, in->areas, in->n_areas),
				     .recipients = list(compiler, in->recipients, in->n_recipients),
				     .categories = list(compiler, in->categories, in->n_categories),
				     .purposes = list(compiler, in->purposes, in->n_purposes),
				     .names = list(compiler, in->names, in->n_names),
			     });
}

static void add_order(struct compiler *compiler, struct record head, const Carnet__V1__Order *in)
{
	struct span *stays = arena_array(compiler->scratch, struct span, in->n_stays);

	for (size_t i = 0; i < in->n_stays; i++)
		stays[i] = (struct span){day_or(in->stays[i]->from, DAY_MIN),
					 day_or(in->stays[i]->until, DAY_MAX)};
	world_add_order(compiler->world,
			&(struct world_order){
				.record = head,
				.by = word(compiler, in->by),
				.exporter = word(compiler, in->exporter),
				.importer = word(compiler, in->importer),
				.areas = list(compiler, in->areas, in->n_areas),
				.categories = list(compiler, in->categories, in->n_categories),
				.stays = stays,
				.stay_count = in->n_stays,
			});
}

static bool is_settled(const struct compiler *compiler, const Carnet__V1__Record *record,
		       const char *field)
{
	for (size_t i = 0; i < record->n_unsettled; i++)
		if (strcmp(names_kebab(record->unsettled[i], compiler->scratch), field) == 0)
			return false;
	return true;
}

static void add_term(struct compiler *compiler, struct record head,
		     const Carnet__V1__Record *record)
{
	const Carnet__V1__Term *in = record->term;
	bool is_fact = in->kind == CARNET__V1__TERM_KIND__TERM_KIND_FACT;

	world_add_term(
		compiler->world,
		&(struct world_term){
			.record = head,
			.type = (enum term_type)in->type,
			.by_caller = is_fact && in->by == CARNET__V1__SAID_BY__SAID_BY_CALLER,
			.silence_is_no = in->silence == CARNET__V1__SILENCE__SILENCE_NO &&
					 is_settled(compiler, record, "silence"),
			.offer = in->offer,
			.effort = (uint8_t)in->effort,
			.owner = word(compiler, in->owner),
		});
}

/* ---- Rulebooks ---- */

static struct duties duties(struct compiler *compiler, const struct condition_compiler *conditions,
			    Carnet__V1__Duty *const *in, size_t count)
{
	struct duty *out = arena_array(world_arena(compiler->world), struct duty, count);

	for (size_t i = 0; i < count; i++)
		out[i] = (struct duty){.owe = word(compiler, in[i]->owe),
				       .when = compile_condition(conditions, in[i]->when),
				       .standing = in[i]->standing,
				       .cite = keep(compiler, in[i]->cite),
				       .from = day_or(in[i]->from, DAY_MIN),
				       .until = day_or(in[i]->until, DAY_MAX)};
	return (struct duties){out, count};
}

static const struct ground *grounds(struct compiler *compiler,
				    const struct condition_compiler *conditions,
				    const Carnet__V1__Rulebook *in)
{
	struct ground *out =
		arena_array(world_arena(compiler->world), struct ground, in->n_grounds);

	for (size_t i = 0; i < in->n_grounds; i++) {
		const Carnet__V1__Ground *ground = in->grounds[i];

		out[i] = (struct ground){
			.id = word(compiler, ground->id),
			.cite = keep(compiler, ground->cite),
			.from = day_or(ground->from, DAY_MIN),
			.until = day_or(ground->until, DAY_MAX),
			.needs = compile_condition_all(conditions, ground->needs, ground->n_needs),
			.duties = duties(compiler, conditions, ground->duties, ground->n_duties),
			.confidence = (uint8_t)ground->confidence,
			.doubt = *ground->doubt != '\0',
			.review_by = day_or(ground->review_by, DAY_MAX),
		};
	}
	return out;
}

static const struct prohibition *prohibitions(struct compiler *compiler,
					      const struct condition_compiler *conditions,
					      const Carnet__V1__Rulebook *in)
{
	struct prohibition *out =
		arena_array(world_arena(compiler->world), struct prohibition, in->n_prohibitions);

	for (size_t i = 0; i < in->n_prohibitions; i++) {
		const Carnet__V1__Prohibition *prohibition = in->prohibitions[i];

		out[i] = (struct prohibition){
			.id = word(compiler, prohibition->id),
			.cite = keep(compiler, prohibition->cite),
			.from = day_or(prohibition->from, DAY_MIN),
			.until = day_or(prohibition->until, DAY_MAX),
			.reach_any = prohibition->reach == CARNET__V1__REACH__REACH_ANY,
			.when = compile_condition(conditions, prohibition->when),
			.confidence = (uint8_t)prohibition->confidence,
			.doubt = *prohibition->doubt != '\0',
			.review_by = day_or(prohibition->review_by, DAY_MAX),
		};
	}
	return out;
}

static void add_rulebook(struct compiler *compiler, struct record head,
			 const Carnet__V1__Rulebook *in)
{
	struct condition_compiler conditions = {
		.check = &compiler->check, .world = compiler->world, .rulebook = in};

	compile_condition_definitions(&conditions);
	world_add_rulebook(
		compiler->world,
		&(struct world_rulebook){
			.record = head,
			.policy = in->kind == CARNET__V1__RULEBOOK_KIND__RULEBOOK_KIND_POLICY,
			.default_permitted = in->default_ == CARNET__V1__DEFAULT__DEFAULT_PERMITTED,
			.speaks_for = list(compiler, in->speaks_for, in->n_speaks_for),
			.applies = compile_condition(&conditions, in->applies),
			.not_a_transfer = compile_condition(&conditions, in->not_a_transfer),
			.grounds = grounds(compiler, &conditions, in),
			.ground_count = in->n_grounds,
			.prohibitions = prohibitions(compiler, &conditions, in),
			.prohibition_count = in->n_prohibitions,
			.duties = duties(compiler, &conditions, in->duties, in->n_duties),
			.cite = keep(compiler, in->cite),
			.owner = word(compiler, in->owner),
		});
}

/* ---- All together ---- */

static void add_record(struct compiler *compiler, const struct rectangle *rectangle)
{
	const Carnet__V1__Record *record = rectangle->slice->record;
	struct record head = head_of(compiler, rectangle);

	switch (rectangle->slice->kind) {
	case KIND_AGREEMENT:
		add_agreement(compiler, head, record->agreement);
		break;
	case KIND_AREA:
		add_area(compiler, head, record->area);
		break;
	case KIND_ASSESSMENT:
		add_assessment(compiler, head, record->assessment);
		break;
	case KIND_CERTIFICATE:
		add_certificate(compiler, head, record->certificate);
		break;
	case KIND_DATA_CATEGORY:
		add_category(compiler, head, record->data_category);
		break;
	case KIND_DATA_SET:
		add_data_set(compiler, head, record->data_set);
		break;
	case KIND_DISCLOSURE:
		add_disclosure(compiler, head, record->disclosure);
		break;
	case KIND_ENGAGEMENT:
		add_engagement(compiler, head, record->engagement);
		break;
	case KIND_FINDING:
		add_finding(compiler, head, record->finding);
		break;
	case KIND_INSTRUMENT:
		add_instrument(compiler, head, record->instrument);
		break;
	case KIND_ORDER:
		add_order(compiler, head, record->order);
		break;
	case KIND_PARTY:
		add_party(compiler, head, record->party);
		break;
	case KIND_PURPOSE:
		add_purpose(compiler, head, record->purpose);
		break;
	case KIND_RULEBOOK:
		add_rulebook(compiler, head, record->rulebook);
		break;
	case KIND_TERM:
		add_term(compiler, head, record);
		break;
	default: /* logs, persons, expectations: nothing is decided by them */
		break;
	}
}

static void add_id(struct compiler *compiler, struct rectangles *rectangles,
		   const struct record_slice *const *slices, size_t count)
{
	rectangles_compute(rectangles, slices, count);
	for (size_t i = 0; i < rectangles->count; i++) {
		compiler->check.slice = rectangles->items[i].slice;
		add_record(compiler, &rectangles->items[i]);
		arena_reset(compiler->scratch);
	}
}

/* Slices come in the order of their ids, so those of one id stand together. */
static void add_all(struct compiler *compiler, const struct record_set *set)
{
	struct rectangles rectangles = {0};
	size_t count;
	const struct record_slice *const *slices = record_set_slices(set, &count);

	for (size_t i = 0, end; i < count; i = end) {
		struct bytes id = bytes_of_string(slices[i]->record->id);

		for (end = i + 1; end < count; end++)
			if (slices[end]->kind != slices[i]->kind ||
			    !bytes_equal_string(id, slices[end]->record->id))
				break;
		if (engine_kind(slices[i]->kind) != RECORD_NONE)
			add_id(compiler, &rectangles, slices + i, end - i);
	}
	rectangles_release(&rectangles);
}

int compile_world(const struct record_set *set, struct world **out, struct problems *problems)
{
	size_t before = problems->total;
	struct arena *scratch = arena_new(0);
	struct compiler compiler = {
		.world = world_new(),
		.scratch = scratch,
		.check = {.set = set, .problems = problems, .arena = scratch},
	};

	*out = NULL;
	add_all(&compiler, set);
	arena_free(scratch);
	if (problems->total > before) { /* not to be sealed: its definitions may run in a circle */
		world_free(compiler.world);
		return ERR_INVALID;
	}
	world_seal(compiler.world);
	*out = compiler.world;
	return 0;
}
