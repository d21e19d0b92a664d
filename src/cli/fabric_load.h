/*
 * What every `assay fabric X FILE...` works on: files of any of the known forms, told apart by
 * their content, become one graph, the hosts joined to it, and, where a cloud answered itself,
 * where hosts lie. A folder stands for every file in it, in the order of their names.
 */
#pragma once

#include "cli/command.h"
#include "fabric/cloud.h"
#include "fabric/hosts.h"
#include "fabric/neighbours.h"
#include "fabric/placement.h"

struct fabric_input {
	struct graph graph; /* without nodes when no file tells of a fabric */
	struct host_facts facts;
	struct cloud_hosts clouds;     /* what clouds answered, of all files */
	struct neighbours neighbours;  /* what hosts heard, of all files */
	struct fabric_hosts hosts;     /* of the graph and of all that hosts say */
	struct placement *placement;   /* a cloud's own answer; NULL when no file is one */
	struct evidence_set *evidence; /* records of nodes, while files are read; else NULL */
	uint32_t fabric_files;         /* that told of a fabric */
	uint32_t host_files;           /* that told of hosts */
	const char *source; /* "ibnetdiscover text 'a.txt'", of several the first and their count */
};

/* Reads all files, joins. Everything lives in the session's arena. A file of no known form is an
 * error that names the forms. What the fabric or its hosts leave in doubt stands in the notes of
 * both and is nothing that fails here. */
bool fabric_load(const struct session *session, const char *const *paths, size_t count,
		 struct fabric_input *ret_input, struct error *err);

/* The same, and fails with ERROR_MISSING, with what to do, when no file tells of a fabric. */
bool fabric_load_graph(const struct session *session, const char *const *paths, size_t count,
		       struct fabric_input *ret_input, struct error *err);

/*
 * A form of file; a row of the table in fabric_load.c. `is` looks at the beginning of the text,
 * `read` adds to the input's graph, facts or placement. A form that is looked for first stands
 * first.
 */
struct fabric_form {
	const char *name; /* for people: "ibnetdiscover text" */
	size_t maximum;   /* bytes */
	bool has_fabric;  /* it tells of a fabric; else of hosts only */
	bool (*is)(struct span text);
	bool (*read)(struct fabric_input *input, struct span text, const char *file,
		     struct error *err);
};
