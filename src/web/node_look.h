/*
 * What the store knows of the nodes of one party: the grid, one node, and what is noted of a node
 * when a look at it comes in.
 */
#pragma once

#include "report/node_page.h"
#include "web/web.h"

enum {
	NODES_SHOWN_MAXIMUM = 500, /* of one grid */
};

/* Entries of assay/node/v1, whose device is the subject that the node's records have, and of
 * assay/node-period/v1, in STORE_LIVES. */
#define NODE_BRIEF_WHAT "brief"
#define NODE_LIFE_WHAT "life"

/* And of assay/racks/v1, one a cluster and party, which is its device. */
#define NODE_RACKS_WHAT "racks"

/* Whose nodes, and of which place: "provider/…/cluster/node" from its front. */
struct node_place {
	const char *party;                     /* sees its own alone */
	const char *provider, *cluster, *node; /* NULL: all; cluster "": none was said */
};

/* The newest brief of each node, sorted as the grid stands. */
bool node_look_grid(struct store *store, const struct node_place *place, struct arena *arena,
		    struct node_grid *ret_grid, struct error *err);

/* By what and when nodes are judged. */
struct node_moment {
	const struct handbook *handbook;
	int64_t now;
};

/* What a view points to besides the arena. */
struct node_look {
	struct node_view view;
	struct evidence_set records; /* the newest of each measure and device */
};

void node_look_release(struct node_look *look);

#define SCOPED_NODE_LOOK(name) \
	struct node_look name __attribute__((cleanup(node_look_release))) = { 0 }

/* Everything of the one node of a place, judged and aged at `now`; look->view.brief is NULL when
 * the party has no such node. */
bool node_look_at(struct store *store, const struct node_place *place,
		  const struct node_moment *moment, struct arena *arena, struct node_look *look,
		  struct error *err);

/* The newest record of each measure and device that the party has of exactly this subject, into the
 * set, finished. */
bool node_look_records(struct store *store, const char *party, const char *subject,
		       struct evidence_set *set, struct error *err);

/* Judges the node that the records are of, as `assay check` there would have; false when they are
 * of none. */
bool node_look_judge(const struct evidence_set *set, const struct node_moment *moment,
		     struct arena *arena, struct checkup *ret_checkup);

/* "provider/.../cluster/node" as the store has subjects. */
const char *node_place_subject(const struct node_place *place, struct arena *arena);

/* Appends to STORE_LIVES. `entry` has its line, what and device; the rest follows from the place.
 */
bool node_place_append(struct store *store, const struct node_place *place,
		       struct store_entry entry, int64_t now, struct error *err);

/* ---- web/node_racks.c ---- */

/* Takes what the party says of the racks of a cluster, whole, in the place of what it said before;
 * *ret_is_new is false when that was the same, and nothing is appended then. */
bool node_racks_say(struct store *store, const struct node_place *place, struct span said,
		    int64_t now, bool *ret_is_new, struct error *err);

/* Fills in the rack of each, where the party has said it. Quick where those of one cluster stand
 * together. */
bool node_racks_find(struct store *store, const char *party, struct arena *arena,
		     struct node_brief *briefs, uint32_t count, struct error *err);

/* ---- web/node_curves.c ---- */

/* The curves that the records of the machine make: bus bandwidth against size of each collective,
 * with what others measured where the handbook knows it. */
void node_look_curves(const struct machine *machine, const struct handbook *handbook,
		      const struct node_place *place, struct arena *arena, struct node_view *view);

/* After records of nodes were taken in: judges each node among them and appends its brief, and a
 * change of its life when there is one. */
bool node_look_note(struct store *store, const char *party, const struct evidence_set *set,
		    const struct node_moment *moment, struct error *err);

/* Somebody says where a node stands: appended with his party and reason. Quarantine, repair, deploy
 * and burn-in stand until he says serve or return; the others follow from the checks again. */
bool node_look_say(struct store *store, const struct node_place *place, enum node_life life,
		   const char *reason, int64_t now, struct error *err);
