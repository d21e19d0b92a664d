#include "host/mad.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/clock.h"
#include "host/library.h"
#include "host/mad_abi.h"

enum {
	CLASS_COUNT = 256,
	NOT_REGISTERED = -2,
	REFUSED = -1,
};

/* What is called. The pairs are NULL in a libibumad that knows of no planes. */
struct umad_calls {
	int (*init)(void);
	int (*names)(char names[][UMAD_NAME_SIZE], int maximum);
	int (*get_port)(const char *device, int number, struct umad_port *port);
	int (*release_port)(struct umad_port *port);
	int (*open_port)(const char *device, int number);
	int (*close_port)(int id);
	int (*enrol)(int id, int class, int version, uint8_t packets, long methods[]);
	size_t (*size)(void);
	int (*status)(void *umad);
	int (*send)(int id, int agent, void *umad, int length, int timeout_ms, int retries);
	int (*receive)(int id, void *umad, int *length, int timeout_ms);
	int (*poll)(int id, int timeout_ms);
	int (*descriptor)(int id);
	int (*pairs)(struct umad_pair *pairs, size_t maximum);
};

struct umad {
	struct umad_calls calls;
	int subnet_id, general_id; /* opened; the same unless the device is split */
	int16_t agents[CLASS_COUNT];
	uint8_t *buffer;
	size_t header, room; /* bytes of the buffer: the library's header, and what follows it */
	struct umad_port port;
	struct umad_pair pair;
};

/* One symbol of the library; false when it lacks it. */
static bool take(const struct library *library, const char *name, void *ret_call)
{
	const char *const names[] = { name, NULL };
	void *address = library_symbol(library, names, NULL);

	if (address)
		memcpy(ret_call, &address, sizeof(address));
	return address != NULL;
}

static bool load(struct umad_calls *calls, struct error *err)
{
	static const char *const names[] = { "libibumad.so.3", NULL };
	struct library library;

	if (!library_open_vendor(names, &library, NULL, err))
		return fail_while(err, "InfiniBand is reached through libibumad.so.3 (Debian: "
				       "libibumad3, Red Hat: libibumad)");
	bool has_all = take(&library, "umad_init", &calls->init) &&
		       take(&library, "umad_get_cas_names", &calls->names) &&
		       take(&library, "umad_get_port", &calls->get_port) &&
		       take(&library, "umad_release_port", &calls->release_port) &&
		       take(&library, "umad_open_port", &calls->open_port) &&
		       take(&library, "umad_close_port", &calls->close_port) &&
		       take(&library, "umad_register", &calls->enrol) &&
		       take(&library, "umad_size", &calls->size) &&
		       take(&library, "umad_status", &calls->status) &&
		       take(&library, "umad_send", &calls->send) &&
		       take(&library, "umad_recv", &calls->receive) &&
		       take(&library, "umad_poll", &calls->poll) &&
		       take(&library, "umad_get_fd", &calls->descriptor);

	if (!has_all)
		return fail(err, ERROR_UNSUPPORTED, "libibumad.so.3 lacks a function");
	(void)take(&library, "umad_get_smi_gsi_pairs", &calls->pairs);
	if (calls->init() < 0)
		return fail(err, ERROR_MISSING,
			    "the kernel has no InfiniBand management (module ib_umad)");
	return true;
}

/* Whether the port can carry datagrams at all. */
static bool is_fit(const struct umad_calls *calls, const char *device, unsigned number,
		   bool must_be_active, struct umad_port *ret_port)
{
	struct umad_port port = { 0 };

	if (calls->get_port(device, (int)number, &port) < 0)
		return false;
	bool is_good = strncmp(port.link_layer, "Ethernet", UMAD_NAME_SIZE) != 0 &&
		       (!must_be_active || port.state == UMAD_PORT_ACTIVE);

	if (is_good) {
		*ret_port = port;
		ret_port->partitions = NULL;
		ret_port->partition_count = 0;
	}
	(void)calls->release_port(&port);
	return is_good;
}

enum {
	PORTS_MAXIMUM = 8, /* of one adapter */
};

/* The port that is meant: the first that is active, else the first there is. */
static bool pick_of(const struct umad_calls *calls, const char *device, unsigned number,
		    struct umad_port *ret_port)
{
	if (number)
		return is_fit(calls, device, number, false, ret_port);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 1; i <= PORTS_MAXIMUM; i++) {
			if (is_fit(calls, device, i, pass == 0, ret_port))
				return true;
		}
	}
	return false;
}

static bool fail_none(const char *device, char names[][UMAD_NAME_SIZE], int count,
		      struct error *err)
{
	SCOPED_TEXT(known);

	if (!device)
		return fail(err, ERROR_MISSING,
			    "no adapter has an InfiniBand port (RoCE has none): run it on a host "
			    "of the fabric");
	for (int i = 0; i < count && i < UMAD_DEVICES_MAXIMUM; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", names[i]);
	return fail(err, ERROR_MISSING,
		    "adapter '%s' has no such InfiniBand port here; adapters are: %s", device,
		    text_string(&known));
}

static bool pick(const struct umad_calls *calls, const char *device, unsigned number,
		 struct umad_port *ret_port, struct error *err)
{
	char names[UMAD_DEVICES_MAXIMUM][UMAD_NAME_SIZE];
	int count = calls->names(names, UMAD_DEVICES_MAXIMUM);
	bool is_found = false;

	if (count <= 0)
		return fail(err, ERROR_MISSING,
			    "no InfiniBand adapter is here: run it on a host of the fabric");
	for (int i = 0; i < count && i < UMAD_DEVICES_MAXIMUM; i++) {
		struct umad_port port;

		names[i][UMAD_NAME_SIZE - 1] = '\0';
		if (device && strcmp(names[i], device) != 0)
			continue;
		if (!pick_of(calls, names[i], number, &port) ||
		    (is_found && port.state != UMAD_PORT_ACTIVE))
			continue;
		*ret_port = port;
		is_found = true;
		if (port.state == UMAD_PORT_ACTIVE)
			return true;
	}
	if (is_found)
		return true;
	return fail_none(device, names, count, err);
}

/* Adapters of several planes send subnet management over a device of its own. */
static bool find_pair(const struct umad_calls *calls, const struct umad_port *port,
		      struct umad_pair *ret_pair)
{
	struct umad_pair pairs[UMAD_DEVICES_MAXIMUM];
	int count = calls->pairs ? calls->pairs(pairs, UMAD_DEVICES_MAXIMUM) : 0;

	for (int i = 0; i < count && i < UMAD_DEVICES_MAXIMUM; i++) {
		const struct umad_pair *pair = &pairs[i];

		if (strncmp(pair->gsi_name, port->device, UMAD_NAME_SIZE) != 0 &&
		    strncmp(pair->smi_name, port->device, UMAD_NAME_SIZE) != 0)
			continue;
		if (!pair->smi_name[0] || !pair->gsi_name[0] ||
		    strncmp(pair->smi_name, pair->gsi_name, UMAD_NAME_SIZE) == 0)
			return false;
		*ret_pair = *pair;
		return true;
	}
	return false;
}

static int open_device(const struct umad_calls *calls, const char *device, unsigned number,
		       struct error *err)
{
	errno = 0;
	int id = calls->open_port(device, (int)number);

	if (id >= 0)
		return id;
	if (errno == EACCES || errno == EPERM)
		(void)fail(err, ERROR_IO,
			   "no permission to send datagrams over %s port %u: run as root, or let "
			   "this user read and write /dev/infiniband/umad*",
			   device, number);
	else
		(void)fail(err, ERROR_IO, "%s port %u cannot be opened for datagrams: %s", device,
			   number, strerror(errno ? errno : -id));
	return -1;
}

bool mad_only_asks(const struct mad *mad, struct error *err)
{
	uint8_t method = mad->data[3];

	return method == MAD_METHOD_GET || method == MAD_METHOD_GET_TABLE ||
	       fail(err, ERROR_INVALID, "method 0x%02x could change a fabric", method);
}

static bool is_subnet(uint8_t class)
{
	return class == MAD_CLASS_SUBNET_LID || class == MAD_CLASS_SUBNET_DIRECTED;
}

/* Classes are registered when they are first used: a device may refuse one and carry the others.
 */
static bool enrol(struct umad *self, uint8_t class, uint8_t version, struct error *err)
{
	int16_t *agent = &self->agents[class];

	if (*agent == NOT_REGISTERED) {
		int id = is_subnet(class) ? self->subnet_id : self->general_id;
		int given = self->calls.enrol(id, class, version, class == MAD_CLASS_ADMINISTRATION,
					      NULL);

		*agent = given >= 0 && given <= INT16_MAX ? (int16_t)given : REFUSED;
	}
	return *agent >= 0 ||
	       fail(err, ERROR_UNSUPPORTED, "%s port %d lets nobody use management class 0x%02x",
		    self->port.device, self->port.number, class);
}

static bool umad_send(void *door, const struct mad *mad, unsigned timeout_ms, struct error *err)
{
	struct umad *self = door;
	struct umad_header header = { 0 };
	uint8_t class = mad->data[1];

	if (!mad_only_asks(mad, err) || !enrol(self, class, mad->data[2], err))
		return false;
	header.address.queue_pair = htonl(mad->address.queue_pair);
	header.address.queue_key = htonl(mad->address.queue_key);
	header.address.lid = htons(mad->address.lid);
	header.address.service_level = mad->address.service_level;
	header.address.partition_index = mad->address.partition_index;
	memcpy(self->buffer, &header, self->header);
	memcpy(self->buffer + self->header, mad->data, MAD_BYTES);
	errno = 0;
	if (self->calls.send(is_subnet(class) ? self->subnet_id : self->general_id,
			     self->agents[class], self->buffer, MAD_BYTES, (int)timeout_ms, 0) < 0)
		return fail(err, ERROR_IO, "%s port %d does not send: %s", self->port.device,
			    self->port.number, strerror(errno));
	return true;
}

/* The id that has something to read within the time; -1: none has. */
static int wait_for(struct umad *self, int wait_ms)
{
	if (self->subnet_id == self->general_id)
		return self->calls.poll(self->subnet_id, wait_ms) == 0 ? self->subnet_id : -1;
	struct pollfd ends[] = {
		{ .fd = self->calls.descriptor(self->subnet_id), .events = POLLIN },
		{ .fd = self->calls.descriptor(self->general_id), .events = POLLIN },
	};

	if (poll(ends, 2, wait_ms) <= 0)
		return -1;
	return ends[0].revents ? self->subnet_id : self->general_id;
}

static void make_room(struct umad *self, size_t room)
{
	uint8_t *larger = realloc(self->buffer, self->header + room);

	if (!larger)
		memory_exhausted(self->header + room);
	self->buffer = larger;
	self->room = room;
}

/* Reads what is there, without waiting: the agent's number, or below 0 with errno set. */
static int read_now(struct umad *self, int id, int *ret_length)
{
	*ret_length = (int)self->room;
	errno = 0;
	int agent = self->calls.receive(id, self->buffer, ret_length, 0);

	if (agent < 0 && errno == ENOSPC && *ret_length > (int)self->room &&
	    *ret_length <= MAD_TABLE_MAXIMUM) {
		make_room(self, (size_t)*ret_length);
		agent = self->calls.receive(id, self->buffer, ret_length, 0);
	}
	return agent;
}

static bool is_nothing(int agent)
{
	return agent < 0 && (errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
}

static enum mad_outcome umad_receive(void *door, int wait_ms, struct mad *ret_mad,
				     struct error *err)
{
	struct umad *self = door;
	int length;
	/* Under load there is something nearly always: waiting first would be a call more. */
	int agent = read_now(self, self->subnet_id, &length);

	if (is_nothing(agent)) {
		int id = wait_for(self, wait_ms);

		if (id < 0)
			return MAD_NOTHING;
		agent = read_now(self, id, &length);
	}
	if (is_nothing(agent))
		return MAD_NOTHING;
	if (agent < 0) {
		(void)fail(err, ERROR_IO, "%s port %d does not receive: %s", self->port.device,
			   self->port.number, strerror(errno));
		return MAD_BROKEN;
	}
	struct umad_header header = { 0 };
	bool is_long = length > MAD_BYTES;

	memcpy(&header, self->buffer, self->header);
	ret_mad->address.lid = ntohs(header.address.lid);
	ret_mad->address.queue_pair = ntohl(header.address.queue_pair);
	ret_mad->address.queue_key = ntohl(header.address.queue_key);
	ret_mad->address.partition_index = header.address.partition_index;
	ret_mad->address.service_level = header.address.service_level;
	if (length < MAD_BYTES)
		memset(ret_mad->data, 0, MAD_BYTES);
	if (length > 0)
		memcpy(ret_mad->data, self->buffer + self->header,
		       is_long ? MAD_BYTES : (size_t)length);
	ret_mad->table = is_long ? self->buffer + self->header : NULL;
	ret_mad->table_bytes = is_long ? (uint32_t)length : 0;
	/* What went wrong with one datagram (the kernel's errno) is no answer to it, either. */
	return self->calls.status(self->buffer) ? MAD_TIMED_OUT : MAD_ANSWER;
}

static int64_t umad_now_ns(void *door)
{
	(void)door;
	return clock_now_ns();
}

static void umad_pause(void *door, int64_t ns)
{
	(void)door;
	clock_sleep_ns(ns);
}

static void umad_close(void *door)
{
	struct umad *self = door;

	(void)self->calls.close_port(self->subnet_id);
	if (self->general_id != self->subnet_id)
		(void)self->calls.close_port(self->general_id);
	free(self->buffer);
	self->buffer = NULL;
}

static bool open_ids(struct umad *self, bool is_split, struct error *err)
{
	const char *subnet = is_split ? self->pair.smi_name : self->port.device;
	unsigned number = is_split ? self->pair.smi_port : (unsigned)self->port.number;

	self->subnet_id = open_device(&self->calls, subnet, number, err);
	self->general_id = self->subnet_id;
	if (self->subnet_id < 0 || !is_split)
		return self->subnet_id >= 0;
	self->general_id = open_device(&self->calls, self->pair.gsi_name, self->pair.gsi_port, err);
	if (self->general_id < 0)
		(void)self->calls.close_port(self->subnet_id);
	return self->general_id >= 0;
}

bool mad_open(const char *device, unsigned port, struct arena *arena, struct mad_door *ret_door,
	      struct error *err)
{
	struct umad *self = ARENA_NEW(arena, struct umad);

	if (!load(&self->calls, err) || !pick(&self->calls, device, port, &self->port, err))
		return false;
	bool is_split = find_pair(&self->calls, &self->port, &self->pair);

	if (!open_ids(self, is_split, err))
		return false;
	/* Only an open device tells the library which header the kernel wants. */
	self->header = self->calls.size();
	assert(self->header <= sizeof(struct umad_header));
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		self->agents[i] = NOT_REGISTERED;
	make_room(self, MAD_BYTES);
	uint32_t guid[2];

	memcpy(guid, &self->port.port_guid, sizeof(guid));
	*ret_door = (struct mad_door){
		.send = umad_send,
		.receive = umad_receive,
		.now_ns = umad_now_ns,
		.pause = umad_pause,
		.close = umad_close,
		.self = self,
		.device = self->port.device,
		.port = (unsigned)self->port.number,
		.port_guid = (uint64_t)ntohl(guid[0]) << 32 | ntohl(guid[1]),
		.lid = (uint16_t)self->port.lid,
		.sm_lid = (uint16_t)self->port.sm_lid,
		.is_split = is_split,
	};
	return true;
}
