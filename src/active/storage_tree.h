/*
 * Small files: a tree like that of an installed Python package, made, looked at, walked through as
 * an import does, and removed; each operation timed. Called in a worker's child.
 */
#pragma once

#include "active/storage_crowd.h"

struct tree_task {
	const struct host *here;
	const char *path;    /* folder in which the tree is made */
	const char *mark;    /* of the place */
	unsigned modules;    /* each a source and a compiled file */
	bool may_drop;       /* caches of the machine, for a cold walk */
	unsigned warm_walks; /* how often the tree is walked warm; the median counts */
};

enum {
	TREE_PACKAGE = 25,     /* modules in a folder */
	TREE_FILE_MEAN = 6200, /* bytes of a file, for a plan */
};

/* As worker_function; context is a struct tree_task. Says facts. */
void tree_work(struct worker_port *port, const char *request, void **state, const void *context);
