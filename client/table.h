/*
 * Tables for people, by libsmartcols.  Columns stand below each other whatever the
 * environment says of languages: all our text is UTF-8, and ideographs take two places.
 */
#ifndef CARNET_CLIENT_TABLE_H
#define CARNET_CLIENT_TABLE_H

#include <stddef.h>

struct table;

/* `columns` are the headings; they are copied. */
struct table *table_new(const char *const *columns, size_t count);
void table_free(struct table *table);

/* Adds a row of as many cells as there are columns; they are copied. */
void table_add(struct table *table, const char *const *cells);

/* To stdout. */
void table_print(const struct table *table);

#endif
