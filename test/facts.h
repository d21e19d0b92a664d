/*
 * For unit tests: a small standard written by hand, facts about clouds, and their rating.
 */
#pragma once

#include "rating/rating.h"

enum {
	RATING_DAY = 20000, /* 2024-10-04, the day of every rating here */
	FACTS_MAXIMUM = 512,
};

/*
 * Two categories and six criteria. Weights in brackets; each expires after 100 days and has
 * E0 as its minimum.
 *
 *   care (3)   care.checks (4)       none 0, some 100, full 200; effort 3
 *              care.alerts (2)       no 0, yes 200; a detail of care.checks; effort 1
 *              care.spares (2)       no 0, yes 200; may be not applicable; effort 2
 *   speed (1)  speed.bandwidth (3)   GB/s: 0 at 0, 50 at 100, 200 at 400; effort 5
 *              speed.claims (1)      false 0, true 200; check claim-consistent; effort 2
 *              speed.start (1)       s: 200 at 10, 0 at 60; only in profile "standing"; effort 1
 *
 * Presumption 50; E0 to E4 are wrong in 300, 100, 50, 10 and 0 of 1000 cases; weights do not
 * spread; profiles "rented" and "standing"; no gate; Bronze to Platinum ask for an overall score of
 * 0.2, 0.4, 0.6 and 0.8 and for nothing else.
 */
enum {
	CARE,
	SPEED,
};

enum {
	CHECKS,
	ALERTS,
	SPARES,
	BANDWIDTH,
	CLAIMS,
	START,
	PLAIN_CRITERIA,
};

struct standard plain_standard(struct arena *arena);

/* Fills standard->by_id for the criteria that are there. */
void sort_ids(struct standard *standard, struct arena *arena);

/* Adds a gate to the standard. */
void plain_gate(struct standard *standard, uint32_t criterion, uint16_t below, enum grade cap,
		enum gate_silence silence);

struct facts {
	struct record *at;    /* room for FACTS_MAXIMUM: addresses stay */
	uint32_t count, made; /* so many there are, and were made: ids never come twice */
	struct arena *arena;
};

struct facts facts_new(struct arena *arena);

/* Each adds an E1 document of a source of its own, observed ten days before RATING_DAY, and
 * returns it so that a test may change it. `subject` is "provider/product/region/gpu/…", where
 * a star or an end leaves parts out. */
struct record *facts_answer(struct facts *facts, const char *subject, const char *what,
			    const char *answer);
struct record *facts_value(struct facts *facts, const char *subject, const char *what, double value,
			   const char *unit);
struct record *facts_withheld(struct facts *facts, const char *subject, const char *what);
struct record *facts_not_applicable(struct facts *facts, const char *subject, const char *what);
struct record *facts_remark(struct facts *facts, const char *subject);

/* The same facts in memory of their own. */
struct facts facts_copy(const struct facts *facts, struct arena *arena);
void facts_remove(struct facts *facts, uint32_t index);

/* A rating with all that it points to; the facts may go. */
struct rated {
	struct evidence_set evidence;
	struct arena arena;
	struct rating rating;
};

/* The request of a rating on RATING_DAY: all profiles, seed 1, one thread, no draws. Its evidence
 * is set by facts_rate. */
struct rating_request plain_request(const struct standard *standard);

void facts_rate(const struct facts *facts, const struct rating_request *request,
		struct rated *ret_rated);
void rated_release(struct rated *rated);

#define SCOPED_RATED(name) struct rated name __attribute__((cleanup(rated_release))) = { 0 }

/* The plain standard, no facts yet, and a plain request: a test changes what it is about, then
 * rates. */
struct scene {
	struct arena arena;
	struct standard standard;
	struct facts facts;
	struct rating_request request;
	struct rated rated;
};

void scene_open(struct scene *scene);
void scene_close(struct scene *scene);

#define SCOPED_SCENE(name)                                               \
	struct scene name __attribute__((cleanup(scene_close))) = { 0 }; \
	scene_open(&(name))

/* Rates the facts as they are now; the result lives until the next call. */
const struct rating *scene_rate(struct scene *scene);

/* The same, and the first unit of it, or what settles a criterion there. */
const struct unit *scene_unit(struct scene *scene);
const struct settlement *scene_settlement(struct scene *scene, uint32_t criterion);

/* Assert what settles a criterion in the first unit: its state and point, its low and high. */
void scene_expect(struct scene *scene, uint32_t criterion, enum state state, int point);
void scene_expect_range(struct scene *scene, uint32_t criterion, int low, int high);
