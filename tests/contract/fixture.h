/* A small registry in memory, and questions to put to it. */
#ifndef CARNET_TESTS_CONTRACT_FIXTURE_H
#define CARNET_TESTS_CONTRACT_FIXTURE_H

#include "test.h"

#include <stdlib.h>

#include "base/memory.h"
#include "contract/case.h"
#include "engine/decide.h"
#include "registry/compile.h"
#include "registry/folder.h"
#include "registry/validate.h"
#include "text/document.h"
#include "text/mapping.h"

/* 2026-06-01 */
#define FIXTURE_TODAY ((day)20605)

static const char fixture_registry[] =
	"area: {id: KR, kind: country, name: Korea, source: [ISO 3166-1], confidence: verified}\n"
	"---\n"
	"area: {id: BE, kind: country, name: Belgium, source: [ISO 3166-1], confidence: verified}\n"
	"---\n"
	"area: {id: PH, kind: country, name: Philippines, source: [ISO 3166-1], confidence: "
	"verified}\n"
	"---\n"
	"data-category: {id: user}\n"
	"---\n"
	"data-category: {id: user.phone}\n"
	"---\n"
	"data-category: {id: user.name}\n"
	"---\n"
	"purpose: {id: calls}\n"
	"---\n"
	"party: {id: line-plus, kind: organisation, area: KR, bound-by: [none]}\n"
	"---\n"
	"party: {id: carrier-be, kind: organisation, area: BE, bound-by: [none]}\n"
	"---\n"
	"party: {id: desk-ph, kind: organisation, area: PH, bound-by: [none]}\n"
	"---\n"
	"data-set: {id: accounts, exporter: line-plus, categories: [user.phone], areas: [KR],\n"
	"  origin: [none], policies: [none]}\n"
	"---\n"
	"term: {id: legal, kind: owner}\n"
	"---\n"
	"term: {id: encrypt, kind: duty, owner: legal}\n"
	"---\n"
	"term: {id: keep-records, kind: duty, owner: legal}\n"
	"---\n"
	"term: {id: later-duty, kind: duty, from: 2000-01-01}\n"
	"---\n"
	"term: {id: later, kind: fact, type: flag, by: caller, silence: no, from: 2000-01-01}\n"
	"---\n"
	"term: {id: subject.age, kind: fact, type: number, by: caller, silence: unknown, owner: "
	"legal}\n"
	"---\n"
	"term: {id: subject.area, kind: fact, type: area, by: caller, silence: unknown, owner: "
	"legal}\n"
	"---\n"
	"term: {id: consent.given, kind: fact, type: flag, by: caller, silence: no, owner: legal,\n"
	"  offer: true, effort: 6}\n"
	"---\n"
	"term: {id: consent.date, kind: fact, type: date, by: caller, silence: no, owner: legal}\n"
	"---\n"
	"term: {id: told, kind: fact, type: words, by: caller, silence: no, of: word, owner: "
	"legal}\n"
	"---\n"
	"term: {id: country, kind: word}\n"
	"---\n"
	"term: {id: retention, kind: word}\n"
	"---\n"
	"rulebook:\n"
	"  id: kr-law\n"
	"  kind: law\n"
	"  speaks-for: [KR]\n"
	"  source: [the statute]\n"
	"  confidence: verified\n"
	"  applies: {exporter.areas: {has: KR}}\n"
	"  not-a-transfer: {leg.area: KR}\n"
	"  grounds:\n"
	"    - {id: kr-law/recognised, cite: Art. 1, source: [the statute], confidence: verified,\n"
	"       needs: [{leg.area: BE}], duties: [encrypt]}\n"
	"    - {id: kr-law/consent, cite: Art. 2, source: [the statute], confidence: verified,\n"
	"       needs: [{consent.given: true}]}\n"
	"    - {id: kr-law/adults, cite: Art. 3, source: [the statute], confidence: verified,\n"
	"       needs: [{leg.category: user.name}, {subject.age: {ge: 19}}]}\n"
	"  duties: [{owe: keep-records, standing: true}]\n"
	"  default: prohibited\n"
	"  cite: The Law\n"
	"  owner: legal\n";

struct fixture {
	struct arena *arena;
	struct folder *folder;
	struct world *world;
	struct case_registry registry;
};

static inline void fixture_fail(const struct problems *problems)
{
	struct buffer text = {0};

	problems_print(problems, &text);
	fail_msg("%s", buffer_string(&text));
}

static inline int fixture_open(void **state)
{
	struct fixture *fixture = memory_new(sizeof(*fixture));
	const struct record_set *records;
	struct problems problems;

	problems_init(&problems);
	fixture->arena = arena_new(0);
	fixture->folder = folder_new();
	folder_add_text(fixture->folder, "fixture.yaml", bytes_of_string(fixture_registry),
			&problems);
	records = folder_records(fixture->folder);
	if (problems.total || validate_set(records, &problems) ||
	    compile_world(records, &fixture->world, &problems))
		fixture_fail(&problems);
	problems_release(&problems);
	fixture->registry = (struct case_registry){
		.records = records,
		.world = fixture->world,
		.revision = FOLDER_REVISION,
		.today = FIXTURE_TODAY,
		.place = {.live = true, .confirmed = true, .revision_digest = {{7}}},
	};
	*state = fixture;
	return 0;
}

static inline int fixture_close(void **state)
{
	struct fixture *fixture = *state;

	world_free(fixture->world);
	folder_free(fixture->folder);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* A message written as YAML. */
static inline void *fixture_message(struct arena *arena,
				    const ProtobufCMessageDescriptor *descriptor, const char *yaml)
{
	struct documents documents;
	ProtobufCMessage *message = NULL;
	struct error error;

	if (document_read_yaml(bytes_of_string(yaml), "test", arena, &documents, &error) ||
	    mapping_read(documents.items[0], descriptor, arena, NULL, &message, &error))
		fail_msg("%s", error.text);
	return message;
}

static inline Carnet__V1__CheckRequest *fixture_request(struct fixture *fixture, const char *yaml)
{
	return fixture_message(fixture->arena, &carnet__v1__check_request__descriptor, yaml);
}

struct fixture_answer {
	struct asked asked;
	const struct decision *decision;
	Carnet__V1__Decision *message;
};

/* Asks and answers; the request must be in order. */
static inline struct fixture_answer fixture_ask(struct fixture *fixture, const char *yaml)
{
	const Carnet__V1__CheckRequest *request = fixture_request(fixture, yaml);
	struct question_frame frame = {fixture->world, FIXTURE_TODAY, FOLDER_REVISION};
	struct question_violations violations;
	struct fixture_answer answer;
	struct error error;

	if (question_check(request, fixture->arena, &violations, &error) ||
	    question_read(request, &frame, fixture->arena, &answer.asked, &violations, &error) ||
	    decide(fixture->world, &answer.asked.question, fixture->arena, &answer.decision,
		   &error))
		fail_msg("%s", error.text);
	answer.message = answer_write(&answer.asked, answer.decision, &fixture->registry.place,
				      fixture->arena);
	return answer;
}

#endif
