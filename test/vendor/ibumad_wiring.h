/*
 * The fabric that the stand-in for libibumad.so.3 answers for: devices and cables out of an
 * ibnetdiscover text, and the faults of a scenario. README.md beside this file has the forms.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	WIRING_NONE = -1,
	WIRING_COUNTERS = 10, /* of a port, in the order of ibumad_answer.c */
	WIRING_LOCALS_MAXIMUM = 32,
	WIRING_CLASSES = 256,
};

struct wiring_port {
	uint64_t guid;
	int peer_node; /* WIRING_NONE: no cable */
	int peer_port;
	unsigned lid, lmc;
	uint8_t width, speed, speed_extended, speed_extended_2; /* as in PortInfo */
	bool is_fdr10;                                          /* which PortInfo calls QDR */
	bool is_silent;                                         /* what is sent out of it is lost */
	uint32_t counters[WIRING_COUNTERS];
	uint32_t growth[WIRING_COUNTERS]; /* added at each reading */
};

struct wiring_node {
	uint64_t guid, system_guid, answers_as; /* answers_as 0: as itself */
	unsigned kind;                          /* 1 adapter, 2 switch, 3 router */
	unsigned vendor, device, port_count;
	bool is_enhanced;
	char description[65];
	struct wiring_port *ports; /* 0 to port_count */
	bool is_silent;
	unsigned answered, answers_maximum; /* 0: no maximum */
	unsigned drop_each, asked;          /* each so-many-th datagram is lost; 0: none */
	unsigned delay_us;
	uint64_t key;
	unsigned key_level;
	unsigned attribute_status[256]; /* of Get by attribute, lower byte; 0: answer */
};

/* An adapter of the machine that the stand-in plays. */
struct wiring_local {
	char name[20];
	int node, port;
	unsigned state; /* 4: active */
	int permission; /* errno of opening; 0: may */
	bool is_ethernet;
	bool is_split;       /* subnet management over a device "smi_NAME" */
	bool refuses_subnet; /* a virtual function: no queue pair 0 */
};

enum wiring_administration {
	ADMINISTRATION_ALL, /* tells of every node */
	ADMINISTRATION_OWN, /* of the node that asks only */
	ADMINISTRATION_SILENT,
};

struct wiring {
	struct wiring_node *nodes;
	int node_count, node_room;
	int *slots; /* by GUID */
	int slot_count;
	struct wiring_local locals[WIRING_LOCALS_MAXIMUM];
	int local_count;
	unsigned delay_us;
	FILE *told;            /* gets a byte for each question; NULL: nobody is told */
	unsigned hops_maximum; /* datagrams that go further are lost; 0: none are */
	unsigned manager_lid;
	uint64_t manager_guid;                 /* 0: no subnet manager */
	unsigned class_status[WIRING_CLASSES]; /* answered with; 0: as usual, CLASS_SILENT: not */
	enum wiring_administration administration;
	char complaint[512];
};

enum {
	CLASS_SILENT = 0xffff,
};

/* Reads the file that $ASSAY_FABRIC names; without it there is no adapter. False with a complaint
 * that names the line. */
bool wiring_load(struct wiring *wiring);

/* Adds what the ibnetdiscover text says; false with a complaint. */
bool wiring_read(struct wiring *wiring, const char *path);

/* WIRING_NONE when there is none. */
int wiring_find(const struct wiring *wiring, uint64_t guid);
int wiring_find_lid(const struct wiring *wiring, unsigned lid);

bool wiring_complain(struct wiring *wiring, const char *file, unsigned line, const char *said);

/* A number in decimal, or in hexadecimal behind "0x"; false when something is left. */
bool wiring_number(const char *text, uint64_t *ret_number);

/* Answers the datagram, in its place, as the local adapter gets to hear: the length of the answer
 * (`table` when longer than 256, to be freed by who called), 0 when there is none. The delay is
 * that of who answered. */
size_t wiring_answer(struct wiring *wiring, const struct wiring_local *local, unsigned lid,
		     unsigned char data[static 256], unsigned char **ret_table,
		     unsigned *ret_delay_us);
