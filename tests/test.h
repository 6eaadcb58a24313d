/* What every test program includes first. */
#ifndef CARNET_TEST_H
#define CARNET_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TEST_IS_SLOW = 1 };
#else
enum { TEST_IS_SLOW = 0 };
#endif

/* `many`, or under a sanitizer, where all takes many times as long, `few`; and says so. */
static inline size_t test_fewer(const char *what, size_t many, size_t few)
{
	if (!TEST_IS_SLOW)
		return many;
	print_message("fewer: under a sanitizer %zu instead of %zu %s\n", few, many, what);
	return few;
}

#endif
