/* What every test program includes first. */
#ifndef CARNET_TEST_H
#define CARNET_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
