/*
 * Stand-in for libibumad.so.3: a fabric that a text describes answers datagrams after a delay, in
 * the order of their answers. README.md beside this file has the forms.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>

#include "host/mad_abi.h"
#include "ibumad_wiring.h"

int umad_init(void);
int umad_done(void);
int umad_get_cas_names(char names[][UMAD_NAME_SIZE], int maximum);
int umad_get_smi_gsi_pairs(struct umad_pair *pairs, size_t maximum);
int umad_get_port(const char *device, int number, struct umad_port *port);
int umad_release_port(struct umad_port *port);
int umad_open_port(const char *device, int number);
int umad_close_port(int id);
int umad_register(int id, int class, int version, uint8_t packets, long methods[]);
int umad_unregister(int id, int agent);
size_t umad_size(void);
int umad_status(void *umad);
int umad_get_fd(int id);
int umad_send(int id, int agent, void *umad, int length, int timeout_ms, int retries);
int umad_poll(int id, int timeout_ms);
int umad_recv(int id, void *umad, int *length, int timeout_ms);

enum {
	AGENTS_MAXIMUM = 32,
	DATA_SIZE = 256,
	STATUS_TIMED_OUT = 110,
};

/* An answer on its way, or a question that nobody answers. */
struct pending {
	int64_t due_ns;
	uint64_t order; /* of those due together the first sent comes first */
	struct umad_header header;
	unsigned char data[DATA_SIZE];
	unsigned char *table;
	size_t length;
};

/* One fabric for the process; a heap with what is due first in front. */
static struct wiring wiring;
static struct pending *heap;
static size_t heap_count, heap_room;
static uint64_t sent;
static const struct wiring_local *opened;
static unsigned char agent_classes[AGENTS_MAXIMUM];
static int agent_count;
static int bell = -1; /* readable when something is due; made when it is asked for */

static int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_before(const struct pending *a, const struct pending *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void set_bell(void)
{
	struct itimerspec when = { { 0, 0 }, { 0, 0 } };

	if (bell < 0)
		return;
	if (heap_count) {
		when.it_value.tv_sec = heap[0].due_ns / 1000000000;
		when.it_value.tv_nsec = heap[0].due_ns % 1000000000;
	}
	(void)timerfd_settime(bell, TFD_TIMER_ABSTIME, &when, NULL);
}

static void push(const struct pending *pending)
{
	if (heap_count == heap_room) {
		heap_room = heap_room ? 2 * heap_room : 256;
		heap = realloc(heap, heap_room * sizeof(*heap));
		if (!heap)
			abort();
	}
	size_t at = heap_count++;

	for (; at && is_before(pending, &heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = *pending;
	set_bell();
}

static struct pending pop(void)
{
	struct pending first = heap[0];
	const struct pending last = heap[--heap_count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < heap_count && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (child >= heap_count || !is_before(&heap[child], &last))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	set_bell();
	return first;
}

int umad_init(void)
{
	if (!wiring.complaint[0] && !wiring.node_count && !wiring_load(&wiring))
		(void)fprintf(stderr, "libibumad stand-in: %s\n", wiring.complaint);
	return wiring.complaint[0] ? -1 : 0;
}

int umad_done(void)
{
	return 0;
}

static const struct wiring_local *find_local(const char *name, int port)
{
	for (int i = 0; i < wiring.local_count; i++) {
		const struct wiring_local *local = &wiring.locals[i];
		bool is_split = local->is_split && strncmp(name, "smi_", 4) == 0;

		if (strcmp(local->name, is_split ? name + 4 : name) == 0 &&
		    (port == 0 || port == local->port))
			return local;
	}
	return NULL;
}

int umad_get_cas_names(char names[][UMAD_NAME_SIZE], int maximum)
{
	int count = 0;

	for (int i = 0; i < wiring.local_count && count < maximum; i++) {
		if (find_local(wiring.locals[i].name, 0) == &wiring.locals[i])
			memcpy(names[count++], wiring.locals[i].name, UMAD_NAME_SIZE);
	}
	return count;
}

int umad_get_smi_gsi_pairs(struct umad_pair *pairs, size_t maximum)
{
	size_t count = 0;

	for (int i = 0; i < wiring.local_count && count < maximum; i++) {
		const struct wiring_local *local = &wiring.locals[i];
		struct umad_pair *pair = &pairs[count++];

		memset(pair, 0, sizeof(*pair));
		memcpy(pair->gsi_name, local->name, UMAD_NAME_SIZE);
		(void)snprintf(pair->smi_name, UMAD_NAME_SIZE, "%s%.15s",
			       local->is_split ? "smi_" : "", local->name);
		pair->smi_port = pair->gsi_port = (uint32_t)local->port;
	}
	return (int)count;
}

static uint64_t swap_64(uint64_t value)
{
	uint32_t parts[2] = { htonl((uint32_t)(value >> 32)), htonl((uint32_t)value) };
	uint64_t swapped;

	memcpy(&swapped, parts, sizeof(swapped));
	return swapped;
}

int umad_get_port(const char *device, int number, struct umad_port *port)
{
	const struct wiring_local *local = find_local(device, number);

	if (!local)
		return -ENODEV;
	const struct wiring_node *node = &wiring.nodes[local->node];
	const struct wiring_port *wire = &node->ports[local->port];

	*port = (struct umad_port){ .number = local->port,
				    .lid = wire->lid,
				    .lmc = wire->lmc,
				    .sm_lid = wiring.manager_lid,
				    .state = local->state,
				    .physical_state = local->state == UMAD_PORT_ACTIVE ? 5 : 2 };
	(void)snprintf(port->device, sizeof(port->device), "%s", local->name);
	(void)snprintf(port->link_layer, sizeof(port->link_layer), "%s",
		       local->is_ethernet ? "Ethernet" : "InfiniBand");
	port->gid_prefix = swap_64(0xfe80000000000000u);
	port->port_guid = swap_64(wire->guid ? wire->guid : node->guid);
	return 0;
}

int umad_release_port(struct umad_port *port)
{
	(void)port;
	return 0;
}

int umad_open_port(const char *device, int number)
{
	const struct wiring_local *local = find_local(device, number);

	if (!local)
		return -ENODEV;
	errno = local->permission;
	if (local->permission)
		return -EIO;
	opened = local;
	return 0;
}

int umad_close_port(int id)
{
	(void)id;
	while (heap_count) {
		struct pending pending = pop();

		free(pending.table);
	}
	return 0;
}

int umad_register(int id, int class, int version, uint8_t packets, long methods[])
{
	(void)id, (void)version, (void)packets, (void)methods;
	if ((class & 0x7f) == 1 && opened->refuses_subnet)
		return -EPERM;
	if (agent_count == AGENTS_MAXIMUM)
		return -ENOMEM;
	agent_classes[agent_count] = (unsigned char)class;
	return agent_count++;
}

int umad_unregister(int id, int agent)
{
	(void)id;
	return agent >= 0 && agent < agent_count ? 0 : -EINVAL;
}

/* As the real one: before a device is open it knows the older, shorter header only. */
size_t umad_size(void)
{
	return opened ? sizeof(struct umad_header)
		      : offsetof(struct umad_header, address.partition_index);
}

int umad_status(void *umad)
{
	struct umad_header header;

	memcpy(&header, umad, sizeof(header));
	return (int)header.status;
}

int umad_get_fd(int id)
{
	(void)id;
	if (bell < 0)
		bell = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	set_bell();
	return bell;
}

int umad_send(int id, int agent, void *umad, int length, int timeout_ms, int retries)
{
	struct pending pending = { .order = sent++, .length = DATA_SIZE };
	unsigned char answer[DATA_SIZE] = { 0 };
	unsigned delay_us = 0;

	(void)id, (void)retries;
	if (wiring.told) {
		(void)fputc('.', wiring.told);
		(void)fflush(wiring.told);
	}
	memcpy(&pending.header, umad, sizeof(pending.header));
	memcpy(pending.data, (unsigned char *)umad + sizeof(pending.header),
	       length < DATA_SIZE ? (size_t)length : DATA_SIZE);
	if (agent < 0 || agent >= agent_count || pending.data[1] != agent_classes[agent]) {
		errno = EINVAL;
		return -EINVAL;
	}
	memcpy(answer, pending.data, DATA_SIZE);
	size_t answered = wiring_answer(&wiring, opened, ntohs(pending.header.address.lid), answer,
					&pending.table, &delay_us);
	int64_t delay_ns = (int64_t)delay_us * 1000;
	int64_t patience_ns = (int64_t)timeout_ms * 1000000;

	pending.header.agent = (uint32_t)agent;
	pending.header.status = 0;
	if (!answered || delay_ns > patience_ns) {
		free(pending.table);
		pending.table = NULL;
		pending.header.status = STATUS_TIMED_OUT;
		delay_ns = patience_ns;
	} else {
		pending.length = answered;
		memcpy(pending.data, answer, DATA_SIZE);
	}
	pending.header.length = (uint32_t)(sizeof(pending.header) + pending.length);
	pending.due_ns = now_ns() + delay_ns;
	push(&pending);
	return 0;
}

int umad_poll(int id, int timeout_ms)
{
	int64_t until_ns = now_ns() + (int64_t)timeout_ms * 1000000;

	(void)id;
	for (;;) {
		int64_t now = now_ns();
		int64_t due_ns =
			heap_count && heap[0].due_ns < until_ns ? heap[0].due_ns : until_ns;

		if (heap_count && heap[0].due_ns <= now)
			return 0;
		if (now >= until_ns) {
			errno = ETIMEDOUT;
			return -ETIMEDOUT;
		}
		struct timespec pause = { .tv_sec = (due_ns - now) / 1000000000,
					  .tv_nsec = (due_ns - now) % 1000000000 };

		(void)nanosleep(&pause, NULL);
	}
}

int umad_recv(int id, void *umad, int *length, int timeout_ms)
{
	if (umad_poll(id, timeout_ms) < 0) {
		errno = timeout_ms ? ETIMEDOUT : EAGAIN;
		return -errno;
	}
	if (heap[0].length > DATA_SIZE && heap[0].length > (size_t)*length) {
		*length = (int)heap[0].length;
		errno = ENOSPC;
		return -ENOSPC;
	}
	struct pending pending = pop();

	memcpy(umad, &pending.header, sizeof(pending.header));
	memcpy((unsigned char *)umad + sizeof(pending.header),
	       pending.table ? pending.table : pending.data, pending.length);
	*length = (int)pending.length;
	free(pending.table);
	return (int)pending.header.agent;
}
