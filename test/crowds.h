/*
 * For property tests of feedback: crowds of honest and other customers made up from a seed.
 */
#pragma once

#include "test/customers.h"
#include "test/invent.h"

/* Up to fifty submissions about the providers p, q and r: of all proofs, with shared origins,
 * proofs and remarks, tenants who answer again, ties that are declared, on days of two years. */
void crowd_invent(struct customers *all, struct dice *dice);

/* So many customers of p, proven and without a pattern, who answer as they like. */
void crowd_prove(struct customers *all, struct dice *dice, uint32_t count);

/* Each answer becomes the one as far from the other end: none full, some good. */
void crowd_turn(struct customers *all);

/* Every opinion with its voices, and every flag, by the ids of submissions. */
void crowd_write(struct customers *all, struct text *into);

/* As crowd_write, without what they say. */
void crowd_write_weights(struct customers *all, struct text *into);
