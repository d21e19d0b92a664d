/*
 * Tables of cases for the tests of checks: what is known on top of a scene, and what follows.
 */
#pragma once

#include <stddef.h>

#include "test/scene.h"

struct verdict_case {
	const char *name;
	const char *lines;    /* as scene_make takes them */
	enum verdict verdict; /* the worst of all findings */
	const char *says;     /* stands in the text, bar or action of one with it; NULL: anything */
};

/* Fails the test with the name of the first case that comes out otherwise. */
void verdicts_hold(const char *check, const char *base, const struct verdict_case *cases,
		   size_t count);

#define VERDICTS_HOLD(check, base, cases) \
	verdicts_hold(check, base, cases, sizeof(cases) / sizeof((cases)[0]))

/* A plainer table: lines on top of what is well, and the worst verdict. */
struct verdict_line {
	const char *lines; /* "" leaves the scene as it is */
	enum verdict verdict;
};

/* Fails the test at the first case whose verdict is another one. */
void verdicts_follow(const char *check, const char *scene, const char *well,
		     const struct verdict_line *cases, size_t count);

#define VERDICTS_FOLLOW(check, scene, well, cases) \
	verdicts_follow(check, scene, well, cases, sizeof(cases) / sizeof((cases)[0]))
