#include "probe/amd.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIBRARY "library:amd"

enum {
	OLDEST_RELEASE = 25, /* older ones have other lengths of text in nearly every struct */
};

static const struct vendor_status statuses[] = {
	{ AMD_SMI_SUCCESS, HEARD_VALUE, "success" },
	{ AMD_SMI_INVALID, HEARD_REFUSED, "invalid argument" },
	{ AMD_SMI_NOT_SUPPORTED, HEARD_NOTHING, "not supported" },
	{ AMD_SMI_NOT_IMPLEMENTED, HEARD_NOTHING, "not implemented" },
	{ AMD_SMI_FAIL_LOAD_MODULE, HEARD_REFUSED, "a library is missing" },
	{ AMD_SMI_FAIL_LOAD_SYMBOL, HEARD_REFUSED, "a function is missing" },
	{ AMD_SMI_DRM_ERROR, HEARD_REFUSED, "error of libdrm" },
	{ AMD_SMI_API_FAILED, HEARD_REFUSED, "the call failed" },
	{ AMD_SMI_TIMEOUT, HEARD_REFUSED, "timeout" },
	{ AMD_SMI_RETRY, HEARD_REFUSED, "to be tried again" },
	{ AMD_SMI_NO_PERMISSION, HEARD_REFUSED, "no permission" },
	{ AMD_SMI_INTERRUPT, HEARD_REFUSED, "interrupted" },
	{ AMD_SMI_IO, HEARD_REFUSED, "input or output failed" },
	{ AMD_SMI_ADDRESS_FAULT, HEARD_REFUSED, "bad address" },
	{ AMD_SMI_FILE_ERROR, HEARD_REFUSED, "a file of the driver cannot be read" },
	{ AMD_SMI_OUT_OF_RESOURCES, HEARD_REFUSED, "out of resources" },
	{ AMD_SMI_INTERNAL_EXCEPTION, HEARD_REFUSED, "internal exception" },
	{ AMD_SMI_INIT_ERROR, HEARD_REFUSED, "the start failed" },
	{ AMD_SMI_DIRECTORY_NOT_FOUND, HEARD_NOTHING, "the driver has no such folder" },
	{ AMD_SMI_BUSY, HEARD_REFUSED, "busy" },
	{ AMD_SMI_NOT_FOUND, HEARD_REFUSED, "not found" },
	{ AMD_SMI_NOT_INITIALIZED, HEARD_REFUSED, "not initialised" },
	{ AMD_SMI_NO_SLOT, HEARD_REFUSED, "no slot" },
	{ AMD_SMI_DRIVER_NOT_LOADED, HEARD_REFUSED, "the driver is not loaded" },
	{ AMD_SMI_NO_DATA, HEARD_REFUSED, "no data" },
	{ AMD_SMI_INSUFFICIENT_SIZE, HEARD_REFUSED, "insufficient size" },
	{ AMD_SMI_UNEXPECTED_SIZE, HEARD_REFUSED, "unexpected size" },
	{ AMD_SMI_UNEXPECTED_DATA, HEARD_REFUSED, "unexpected data" },
	{ AMD_SMI_FILE_NOT_FOUND, HEARD_NOTHING, "the driver has no such file" },
	{ AMD_SMI_SETTING_UNAVAILABLE, HEARD_NOTHING, "no such setting" },
	{ AMD_SMI_CORRUPTED_EEPROM, HEARD_REFUSED, "the EEPROM is corrupt" },
	{ AMD_SMI_MAP_ERROR, HEARD_REFUSED, "error without a number" },
	{ AMD_SMI_UNKNOWN_ERROR, HEARD_REFUSED, "unknown error" },
};

const struct vendor_statuses amd_smi_statuses = { statuses, COUNT(statuses) };

static const struct {
	size_t at;
	const char *name;
} slots[] = {
#define AMD_SMI_SLOT(function) { offsetof(struct amd_smi, function), #function },
	AMD_SMI_CALLS(AMD_SMI_SLOT)
#undef AMD_SMI_SLOT
};

void amd_smi_find(const struct library *library, struct amd_smi *ret_smi)
{
	*ret_smi = (struct amd_smi){ .amdsmi_init = { NULL, NULL } };
	for (size_t i = 0; i < COUNT(slots); i++) {
		const char *const names[] = { slots[i].name, NULL };
		char *slot = (char *)ret_smi + slots[i].at;
		void *address = library_symbol(library, names, NULL);

		if (!address)
			continue;
		memcpy(slot, &address, sizeof(address));
		memcpy(slot + sizeof(address), &slots[i].name, sizeof(slots[i].name));
	}
}

/* What the child keeps between requests. */
struct session {
	struct library library;
	struct amd_smi smi;
	bool is_open, is_started;
	unsigned major, minor;
	struct amd_smi_gpu *handles[VENDOR_GPUS_MAXIMUM];
	char names[VENDOR_GPUS_MAXIMUM][VENDOR_NAME_SIZE];
	bool is_skipped[VENDOR_GPUS_MAXIMUM];
	unsigned count;
	_Alignas(16) char room[AMD_SMI_ROOM];
};

static bool open_library(struct session *session, struct error *err)
{
	static const char *const names[] = {
		"libamd_smi.so",
		"libamd_smi.so.26",
		"libamd_smi.so.25",
		"/opt/rocm/lib/libamd_smi.so",
		NULL,
	};

	return library_open_vendor(names, &session->library, NULL, err);
}

static const char *state_of(uint32_t status)
{
	switch (status) {
	case AMD_SMI_DRIVER_NOT_LOADED:
		return "no-driver";
	case AMD_SMI_NO_PERMISSION:
		return "refused";
	case AMD_SMI_FAIL_LOAD_MODULE:
		return "absent";
	default:
		return "error";
	}
}

static bool refuse(struct worker_port *port, const char *call, uint32_t status)
{
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, state_of(status));
	say_text(port, LIBRARY, NODE_GPU_CALL, "%s: %s", call,
		 vendor_words(&amd_smi_statuses, status).at);
	return false;
}

static bool refuse_release(struct worker_port *port, const char *why)
{
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, "error");
	say_text(port, LIBRARY, NODE_GPU_CALL, "%s", why);
	return false;
}

/* The layout of what a release answers cannot be known from anything else. */
static bool read_release(struct worker_port *port, struct session *session)
{
	struct amd_smi_version_26 newer;
	struct amd_smi_version_25 older;
	uint32_t status;

	if (!session->smi.amdsmi_get_lib_version.call)
		return refuse_release(port, "libamd_smi.so has no amdsmi_get_lib_version");
	worker_calls(port, "amdsmi_get_lib_version");
	memset(session->room, 0, AMD_SMI_ROOM);
	status = session->smi.amdsmi_get_lib_version.call(session->room);
	if (status != AMD_SMI_SUCCESS)
		return refuse(port, "amdsmi_get_lib_version", status);
	memcpy(&newer, session->room, sizeof(newer));
	memcpy(&older, session->room, sizeof(older));
	session->major = newer.major;
	session->minor = newer.major < 26 ? older.minor : newer.minor;
	if (session->major < OLDEST_RELEASE || session->major > 99)
		return refuse_release(port, "libamd_smi.so is of a release that is not known");
	return true;
}

/* False, and said so, when the library cannot be used. */
static bool start(struct worker_port *port, struct session *session)
{
	struct error err = { 0 };
	uint32_t status;

	if (!session->is_open) {
		worker_calls(port, "dlopen libamd_smi.so");
		if (!open_library(session, &err)) {
			say_state(port, LIBRARY, NODE_GPU_LIBRARY, "absent");
			say_text(port, LIBRARY, NODE_GPU_CALL, "%s", err.text);
			return false;
		}
		amd_smi_find(&session->library, &session->smi);
		session->is_open = true;
	}
	const struct amd_smi *smi = &session->smi;
	if (!smi->amdsmi_init.call || !smi->amdsmi_get_socket_handles.call ||
	    !smi->amdsmi_get_processor_handles.call || !smi->amdsmi_get_gpu_device_bdf.call)
		return refuse_release(port, "libamd_smi.so lacks what lists its GPUs");
	if (session->is_started)
		return true;
	worker_calls(port, "amdsmi_init");
	status = smi->amdsmi_init.call(AMD_SMI_INIT_GPUS);
	if (status != AMD_SMI_SUCCESS)
		return refuse(port, "amdsmi_init", status);
	if (!read_release(port, session))
		return false;
	session->is_started = true;
	return true;
}

bool amd_name(uint64_t bdf, char ret_name[static VENDOR_NAME_SIZE])
{
	unsigned long long domain = bdf >> AMD_SMI_BDF_DOMAIN_SHIFT;

	if (domain > UINT32_MAX)
		return false;
	(void)snprintf(ret_name, VENDOR_NAME_SIZE, "gpu:%04llx:%02x:%02x.%x", domain,
		       (unsigned)(bdf >> AMD_SMI_BDF_BUS_SHIFT & 0xff),
		       (unsigned)(bdf >> AMD_SMI_BDF_DEVICE_SHIFT & 0x1f), (unsigned)(bdf & 7));
	return true;
}

/* The handles of one socket. A GPU that is divided has several: the first stands for it. */
static void take_socket(struct worker_port *port, struct session *session,
			struct amd_smi_socket *socket)
{
	struct amd_smi_gpu *found[VENDOR_GPUS_MAXIMUM] = { NULL };
	uint32_t count = VENDOR_GPUS_MAXIMUM, type = 1;

	worker_calls(port, "amdsmi_get_processor_handles");
	if (session->smi.amdsmi_get_processor_handles.call(socket, &count, found) !=
		    AMD_SMI_SUCCESS ||
	    count == 0 || count > VENDOR_GPUS_MAXIMUM || !found[0])
		return;
	if (session->smi.amdsmi_get_processor_type.call) {
		worker_calls(port, "amdsmi_get_processor_type index:%u", session->count);
		if (session->smi.amdsmi_get_processor_type.call(found[0], &type) ==
			    AMD_SMI_SUCCESS &&
		    type != 1)
			return;
	}
	session->handles[session->count++] = found[0];
}

static bool list_handles(struct worker_port *port, struct session *session)
{
	struct amd_smi_socket *sockets[VENDOR_GPUS_MAXIMUM] = { NULL };
	uint32_t count = 0;
	uint32_t status;

	session->count = 0;
	worker_calls(port, "amdsmi_get_socket_handles");
	status = session->smi.amdsmi_get_socket_handles.call(&count, NULL);
	if (status == AMD_SMI_SUCCESS && count > VENDOR_GPUS_MAXIMUM)
		return refuse_release(port, "rubbish: amdsmi_get_socket_handles counts too many");
	if (status == AMD_SMI_SUCCESS && count > 0)
		status = session->smi.amdsmi_get_socket_handles.call(&count, sockets);
	if (status != AMD_SMI_SUCCESS) {
		session->is_started = false;
		if (session->smi.amdsmi_shut_down.call) {
			worker_calls(port, "amdsmi_shut_down");
			(void)session->smi.amdsmi_shut_down.call();
		}
		return refuse(port, "amdsmi_get_socket_handles", status);
	}
	for (uint32_t i = 0; i < count && i < VENDOR_GPUS_MAXIMUM; i++)
		if (sockets[i])
			take_socket(port, session, sockets[i]);
	return true;
}

static void name_gpus(struct worker_port *port, struct session *session,
		      const struct vendor_request *request)
{
	for (unsigned i = 0; i < session->count; i++) {
		char *name = session->names[i];
		uint64_t bdf = 0;

		(void)snprintf(name, VENDOR_NAME_SIZE, "index:%u", i);
		session->is_skipped[i] = vendor_request_skips(request, name);
		if (session->is_skipped[i])
			continue;
		worker_calls(port, "amdsmi_get_gpu_device_bdf %s", name);
		if (session->smi.amdsmi_get_gpu_device_bdf.call(session->handles[i], &bdf) !=
			    AMD_SMI_SUCCESS ||
		    !amd_name(bdf, name))
			continue;
		worker_answers(port, "g %s %u", name, i);
		session->is_skipped[i] = vendor_request_skips(request, name);
	}
}

static void say_library(struct worker_port *port, const struct session *session, unsigned shares)
{
	if (!(shares & (PROBE_QUICK | PROBE_FULL)))
		return;
	say_state(port, LIBRARY, NODE_GPU_LIBRARY, "ok");
	say_value(port, LIBRARY, NODE_GPU_COUNT_LIBRARY, session->count);
	if (shares & PROBE_FULL)
		worker_answers(port, "s " LIBRARY " gpu.library.version %u.%u", session->major,
			       session->minor);
}

static void ask_gpu(struct worker_port *port, struct session *session,
		    const struct vendor_request *request, unsigned index)
{
	struct amd_gpu gpu = {
		.told = { .port = port, .statuses = &amd_smi_statuses, .shares = request->shares },
		.smi = &session->smi,
		.handle = session->handles[index],
		.major = session->major,
		.minor = session->minor,
		.room = session->room,
	};

	memcpy(gpu.told.name, session->names[index], VENDOR_NAME_SIZE);
	memcpy(gpu.told.part, session->names[index], VENDOR_NAME_SIZE);
	amd_ask_gpu(&gpu);
	gpu_end(&gpu.told);
}

void amd_serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	struct vendor_request asked;
	struct session *session = *state;

	(void)context;
	if (!vendor_request_read(request, &asked))
		return;
	if (!session)
		*state = session = calloc(1, sizeof(*session));
	if (!session)
		memory_exhausted(sizeof(*session));
	if (!start(port, session) || !list_handles(port, session))
		return;
	if (asked.skip.length == 0)
		say_library(port, session, asked.shares);
	name_gpus(port, session, &asked);
	for (unsigned i = 0; i < session->count; i++)
		if (!session->is_skipped[i])
			ask_gpu(port, session, &asked, i);
}
