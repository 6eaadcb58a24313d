#include "client/table.h"

#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdlib.h>

#include "base/memory.h"

struct table {
	struct libscols_table *columns;
	size_t count;
};

struct table *table_new(const char *const *columns, size_t count)
{
	struct table *table = memory_new(sizeof(*table));

	/* How wide a character is asks the locale; C.UTF-8 is always there. */
	setlocale(LC_CTYPE, "C.UTF-8");
	table->count = count;
	table->columns = scols_new_table();
	/* Cut cells mislead: what is too wide for the terminal may wrap there. */
	for (size_t i = 0; i < count; i++)
		scols_table_new_column(table->columns, columns[i], 0, SCOLS_FL_NOEXTREMES);
	scols_table_enable_nowrap(table->columns, 1);
	scols_table_set_termforce(table->columns, SCOLS_TERMFORCE_NEVER);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->columns);
	free(table);
}

void table_add(struct table *table, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table->columns, NULL);

	for (size_t i = 0; i < table->count; i++)
		scols_line_set_data(line, i, cells[i] ? cells[i] : "");
}

void table_print(const struct table *table)
{
	scols_print_table(table->columns);
}
