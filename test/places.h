/* A small placement for tests: a core, two pods, three leaf groups and an empty one, ten hosts. */
#pragma once

#include "fabric/placement.h"

/* leaf1 n1-n4 and leaf2 n5-n8 in pod1, leaf3 n9-n10 in pod2, all in core; every text may be
 * replaced. */
struct placement *places_make(struct arena *arena);
