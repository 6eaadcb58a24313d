/*
 * Words as small numbers.
 *
 * Interns each distinct text once; equal texts have equal symbols.  Numbers
 * are given in order from 1; 0 is no word.  Adding is for one thread; once
 * nobody adds, any number may find.
 */
#ifndef CARNET_BASE_SYMBOLS_H
#define CARNET_BASE_SYMBOLS_H

#include "base/bytes.h"

typedef uint32_t symbol;

#define SYMBOL_NONE ((symbol)0)

struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols);

/* The word's symbol, made if it is new.  The empty text is SYMBOL_NONE. */
symbol symbols_add(struct symbols *symbols, struct bytes text);

/* The word's symbol, or SYMBOL_NONE. */
symbol symbols_find(const struct symbols *symbols, struct bytes text);

/* The text of a symbol, with a NUL behind it; lives as long as the table. */
struct bytes symbols_text(const struct symbols *symbols, symbol word);

/* The highest symbol given so far. */
symbol symbols_last(const struct symbols *symbols);

#endif
