/*
 * Hosts and their network adapters, as host evidence and lists of names tell them, joined to the
 * graph of a fabric on GUIDs. A description is never what joins; where nothing else names a host,
 * its adapters' descriptions lend it a name, and the host says so. No adapter of the graph is left
 * without a host.
 */
#pragma once

#include "evidence/set.h"
#include "fabric/graph.h"

enum {
	HOST_ADAPTERS_MAXIMUM = 64, /* of one host; a description that more share names none */
	HOST_RAIL_UNKNOWN = 255,
	HOST_FACTS_MAXIMUM = 1 << 21,
	HOST_LIST_BYTES_MAXIMUM = 256 << 20,
	HOST_NAME_MAXIMUM = 255,
};

/* What says which host an adapter belongs to, the strongest first. */
enum host_naming {
	HOST_NAMED_BY_EVIDENCE,    /* the host itself reported the GUID */
	HOST_NAMED_BY_LIST,        /* a list of names and GUIDs that the operator gave */
	HOST_NAMED_BY_DESCRIPTION, /* the first word of what its adapters call themselves */
	HOST_NAMED_BY_GUID, /* nothing names it: "guid-b83fd20300a1b2c0", of its system or card */
	HOST_NAMING_COUNT,
};

struct fabric_adapter {
	uint64_t node_guid;   /* 0: not known (RoCE) */
	uint64_t system_guid; /* 0: not known */
	uint64_t port_guid;   /* of port 1; 0: not known */
	const char *device;   /* "mlx5_0"; "" when not known */
	const char *pci;      /* "0000:19:00.0"; "" when not known */
	bool is_ethernet;     /* its ports are not InfiniBand's */
	bool has_downs;       /* the host tells it, of one port and no other */
	uint64_t downs;       /* times that its link went down, since its counter began */
	uint32_t node;        /* in the graph; GRAPH_NONE: the fabric does not show it */
	uint8_t rail;         /* order among the host's adapters of one kind of link: by PCI
			       * address, else by the number in the device's name, else
			       * HOST_RAIL_UNKNOWN */
};

struct fabric_host {
	const char *name; /* unique; "" never */
	enum host_naming naming;
	uint32_t first_adapter, adapter_count;
	const char *domain;     /* NVLink domain: "CLUSTERUUID.CLIQUE"; "" when there is none or not
				 * known */
	const char *domain_why; /* one line when its GPUs contradict each other about it; else "" */
	bool is_listed;         /* evidence or a list names it; else only the fabric shows it */
};

struct fabric_hosts {
	struct arena *arena;
	struct fabric_host *hosts; /* in natural order of their names: n2 before n10 */
	uint32_t host_count;
	struct fabric_adapter *adapters;
	uint32_t adapter_count;
	uint32_t
		*host_of_node; /* of the graph: its host, GRAPH_NONE for switches and aggregators */
	uint32_t unnamed;      /* hosts that are HOST_NAMED_BY_GUID */
	uint32_t unseen;       /* adapters that hosts report and the fabric does not show */
	const char **notes;    /* one line each: two hosts that claim one GUID, names that differ */
	uint32_t note_count;   /* of all; only the first HOST_NOTES_MAXIMUM are kept */
};

enum {
	HOST_NOTES_MAXIMUM = 1000,
};

/* What one source says about one host: an adapter of it, its NVLink domain, or only that it is
 * there. */
struct host_fact {
	const char *host;
	enum host_naming naming;       /* by evidence or by a list */
	struct fabric_adapter adapter; /* `node` and `rail` are not read; no GUID: no adapter */
	const char *domain;            /* NULL: says nothing about it */
	const char *domain_why;        /* NULL, or why there is none to tell */
};

/* `struct host_facts facts = { .arena = &arena };` is ready. */
struct host_facts {
	struct arena *arena;
	struct host_fact *items;
	uint32_t count, room;
};

/* Texts are copied; a host of no name or of more than HOST_NAME_MAXIMUM bytes is ERROR_INVALID. */
bool host_facts_add(struct host_facts *facts, const struct host_fact *fact, struct error *err);

/* What records of nodes say: node.rdma.node.guid and its kin, node.rdma.pci, and
 * node.gpu.fabric.cluster and .clique. The newest record of a device counts. A node is known by its
 * name alone, whatever its provider and cluster. */
bool host_facts_add_evidence(struct host_facts *facts, const struct evidence_set *set,
			     struct error *err);

/* A list of hosts: on each line a name, with or without a colon behind it, and GUIDs, or what
 * `grep -r . …/infiniband/DEVICE/node_guid` prints on that host (so that the output of pdsh and
 * clush is such a list); "DEVICE=GUID" and "DEVICE@PCI=GUID" name the device too. '#' begins a
 * comment. */
bool host_list_read(struct host_facts *facts, struct span text, const char *file,
		    struct error *err);

/* Whether the text looks like one: its first line is a name and a GUID. */
bool host_list_is(struct span text);

/* Joins. An adapter of the graph belongs to the host that says its node GUID, else its port GUID,
 * else, where exactly one host says it, its system GUID; adapters that no host claims go by the
 * first word of their description, and those without a useful one by their system GUID, or their
 * own. */
void fabric_hosts_join(const struct graph *graph, const struct host_facts *facts,
		       struct arena *arena, struct fabric_hosts *ret_hosts);

/* The host of that name, GRAPH_NONE when there is none. By a search in natural order. */
uint32_t fabric_hosts_find(const struct fabric_hosts *hosts, struct span name);

/* "evidence", "list", "description", "GUID". */
extern const char *const host_naming_names[HOST_NAMING_COUNT];
