#include "registry/circles.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/symbols.h"
#include "registry/conditions.h"
#include "text/source.h"

/* "from rests on to", and where it says so. */
struct edge {
	symbol from, to;
	size_t rank; /* in the order of adding */
	const struct record_slice *slice;
	const ProtobufCMessage *message;
	const char *field;
	size_t index;
};

struct graph {
	struct symbols *names;
	struct edge *edges;
	size_t count, capacity;
};

static void graph_release(struct graph *graph)
{
	symbols_free(graph->names);
	free(graph->edges);
}

static void add_edge(struct graph *graph, struct edge edge, struct bytes from, struct bytes to)
{
	if (to.size == 0)
		return;
	edge.from = symbols_add(graph->names, from);
	edge.to = symbols_add(graph->names, to);
	edge.rank = graph->count;
	array_reserve(&graph->edges, &graph->capacity, graph->count);
	graph->edges[graph->count++] = edge;
}

static int compare_edges(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* A search that goes deep without recursion: a chain may be as long as a kind
 * has records. */
struct search {
	const struct graph *graph;
	const struct check *check;
	size_t *first;  /* per node: its first edge; one more at the end */
	size_t *next;   /* per node: the edge to follow next */
	uint8_t *state; /* per node: 0 new, 1 on the way, 2 done */
	symbol *way;
	size_t length;
};

/* Without what keeps it apart from nodes of the same name: see add_passing. */
static struct bytes name_of(const struct search *search, symbol node)
{
	struct bytes head, name = symbols_text(search->graph->names, node);
	struct bytes rest = bytes_cut(name, '\n', &head);

	return rest.data ? rest : name;
}

/* The way from the node that was met again, and back to it: a > b > a. */
static void report(const struct search *search, const struct edge *edge)
{
	struct check check = *search->check;
	struct buffer way = {0};
	size_t at = search->length;

	while (at > 0 && search->way[at - 1] != edge->to)
		at--;
	for (at--; at < search->length; at++)
		buffer_printf(&way, "%.*s > ", BYTES_PRINT(name_of(search, search->way[at])));
	buffer_printf(&way, "%.*s", BYTES_PRINT(name_of(search, edge->to)));
	check.slice = edge->slice;
	check_problem(&check, edge->message, edge->field, edge->index,
		      "runs in a circle: %s; take one of these away", buffer_string(&way));
	buffer_release(&way);
}

static void enter(struct search *search, symbol node)
{
	search->state[node] = 1;
	search->next[node] = search->first[node];
	search->way[search->length++] = node;
}

static void follow(struct search *search, symbol start)
{
	enter(search, start);
	while (search->length) {
		symbol node = search->way[search->length - 1];
		const struct edge *edge = &search->graph->edges[search->next[node]];

		if (search->next[node]++ == search->first[node + 1]) {
			search->state[node] = 2;
			search->length--;
		} else if (search->state[edge->to] == 1) {
			report(search, edge);
		} else if (search->state[edge->to] == 0) {
			enter(search, edge->to);
		}
	}
}

static void index_edges(struct search *search, size_t nodes)
{
	const struct graph *graph = search->graph;
	size_t at = 0;

	for (size_t node = 0; node <= nodes; node++) {
		while (at < graph->count && graph->edges[at].from < node)
			at++;
		search->first[node] = at;
	}
}

static void find_circles(struct graph *graph, const struct check *check)
{
	size_t nodes = (size_t)symbols_last(graph->names) + 1;
	struct search search = {
		.graph = graph,
		.check = check,
		.first = memory_resize(NULL, nodes + 1, sizeof(size_t)),
		.next = memory_resize(NULL, nodes, sizeof(size_t)),
		.state = memory_new(nodes),
		.way = memory_resize(NULL, nodes, sizeof(symbol)),
	};

	if (graph->count)
		qsort(graph->edges, graph->count, sizeof(*graph->edges), compare_edges);
	index_edges(&search, nodes);
	for (symbol node = 1; node < nodes; node++)
		if (search.state[node] == 0)
			follow(&search, node);
	free(search.first);
	free(search.next);
	free(search.state);
	free(search.way);
}

/* ---- Records ---- */

/* One slice's edges being added. */
struct source {
	struct graph *graph;
	struct bytes id;
	struct edge edge; /* where it stands */
};

static void add(const struct source *source, const char *field, size_t index, const char *to)
{
	struct edge edge = source->edge;

	edge.field = field;
	edge.index = index;
	add_edge(source->graph, edge, source->id, bytes_of_string(to));
}

static void add_list(const struct source *source, const char *field, char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(source, field, i, ids[i]);
}

/* a.b.c rests on a.b without saying so. */
static void add_dotted(const struct source *source)
{
	struct edge edge = source->edge;
	struct bytes parent = source->id;

	while (parent.size && parent.data[parent.size - 1] != '.')
		parent.size--;
	if (parent.size < 2)
		return;
	parent.size--;
	edge.message = &edge.slice->record->base;
	edge.field = "id";
	edge.index = SOURCE_WHOLE;
	add_edge(source->graph, edge, source->id, parent);
}

static void add_area(const struct source *source, const Carnet__V1__Area *area)
{
	add(source, "part_of", SOURCE_WHOLE, area->part_of);
	for (size_t i = 0; i < area->n_member_of; i++)
		add(source, "member_of", i, area->member_of[i]->group);
}

/* Branch and employee lead to the same head, so they are one relation. */
static void add_party(const struct source *source, const Carnet__V1__Party *party, bool parents)
{
	if (parents) {
		add(source, "parent", SOURCE_WHOLE, party->parent);
		return;
	}
	add(source, "branch_of", SOURCE_WHOLE, party->branch_of);
	add(source, "employee_of", SOURCE_WHOLE, party->employee_of);
}

/* One exporter's data passes from the first party to the second.  What others have the
 * same two do is another matter: the node is the party under the exporter's name. */
static void add_passing(const struct source *source, const char *exporter, const char *from,
			const char *to, const char *field, size_t index)
{
	struct buffer first = {0}, second = {0};
	struct edge edge = source->edge;

	edge.field = field;
	edge.index = index;
	buffer_printf(&first, "%s\n%s", exporter, from);
	buffer_printf(&second, "%s\n%s", exporter, to);
	add_edge(source->graph, edge, buffer_bytes(&first), buffer_bytes(&second));
	buffer_release(&first);
	buffer_release(&second);
}

/* A party engaged with itself moves its own data, which is no circle. */
static void add_engagement(const struct source *source, const Carnet__V1__Engagement *engagement)
{
	const char *exporter = engagement->exporter, *importer = engagement->importer;

	if (engagement->n_sub_recipients && strcmp(exporter, importer))
		add_passing(source, exporter, exporter, importer, "importer", SOURCE_WHOLE);
	for (size_t i = 0; i < engagement->n_sub_recipients; i++)
		add_passing(source, exporter, importer, engagement->sub_recipients[i],
			    "sub_recipients", i);
}

static void add_slice(struct graph *graph, const struct record_slice *slice, bool parents)
{
	const Carnet__V1__Record *record = slice->record;
	struct source source = {graph,
				bytes_of_string(record->id),
				{.slice = slice, .message = record_body(record)}};

	switch (slice->kind) {
	case KIND_AREA:
		add_area(&source, record->area);
		break;
	case KIND_DATA_CATEGORY:
		add_dotted(&source);
		add_list(&source, "broader", record->data_category->broader,
			 record->data_category->n_broader);
		break;
	case KIND_PURPOSE:
		add_dotted(&source);
		add_list(&source, "broader", record->purpose->broader, record->purpose->n_broader);
		break;
	case KIND_ENGAGEMENT:
		add_engagement(&source, record->engagement);
		break;
	default:
		add_party(&source, record->party, parents);
	}
}

static void check_kind(const struct check *check, enum kind kind, bool parents)
{
	struct graph graph = {.names = symbols_new()};
	size_t count;
	const struct record_slice *const *slices = record_set_kind(check->set, kind, &count);

	for (size_t i = 0; i < count; i++)
		if (record_set_is_newest(check->set, slices[i]) && !slices[i]->record->retired)
			add_slice(&graph, slices[i], parents);
	find_circles(&graph, check);
	graph_release(&graph);
}

void circles_check_records(const struct check *check)
{
	check_kind(check, KIND_AREA, false);
	check_kind(check, KIND_DATA_CATEGORY, false);
	check_kind(check, KIND_PURPOSE, false);
	check_kind(check, KIND_PARTY, false);
	check_kind(check, KIND_PARTY, true);
	check_kind(check, KIND_ENGAGEMENT, false);
}

/* ---- Definitions ---- */

static void add_conds(const struct source *source, const Carnet__V1__Condition *condition)
{
	const Carnet__V1__Conditions *inner = conditions_inner(condition);
	struct source here = *source;

	here.edge.message = &condition->base;
	if (condition->test_case == CARNET__V1__CONDITION__TEST_COND)
		add(&here, "cond", SOURCE_WHOLE, condition->cond);
	if (condition->test_case == CARNET__V1__CONDITION__TEST_NOT)
		add_conds(source, condition->not_);
	for (size_t i = 0; inner && i < inner->n_of; i++)
		add_conds(source, inner->of[i]);
}

void circles_check_definitions(const struct check *check)
{
	const Carnet__V1__Rulebook *rulebook = check->slice->record->rulebook;
	struct graph graph = {.names = symbols_new()};

	for (size_t i = 0; i < rulebook->n_define; i++) {
		const Carnet__V1__Definition *definition = rulebook->define[i];
		struct source source = {
			&graph, bytes_of_string(definition->name), {.slice = check->slice}};

		for (size_t j = 0; definition->conditions && j < definition->conditions->n_of; j++)
			add_conds(&source, definition->conditions->of[j]);
	}
	find_circles(&graph, check);
	graph_release(&graph);
}
