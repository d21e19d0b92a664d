/*
 * What follows from a run for a rating: what was sold beside what was measured, and the criteria
 * that the measures settle, as records of the run.
 */
#pragma once

#include "cli/node.h"

/* Adds them to the sightings; look->input is ready. It has to be made ready again afterwards. */
void derived_add(struct node_look *look, struct arena *arena);
