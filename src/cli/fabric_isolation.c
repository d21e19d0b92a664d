#include <string.h>

#include "check/checkup.h"
#include "cli/node.h"
#include "evidence/random.h"
#include "probe/isolation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	OWN_FILE_MAXIMUM = 4 << 20,
	RATE_DEFAULT = 100,
	QUESTIONS_DEFAULT = 2000,
};

/* The eleven rows, in the order in which one asks less of a fabric first. */
static const char *const rows[] = {
	"infiniband-partitions",
	"isolation-enforcement",
	"isolation-visibility",
	"isolation-management-key",
	"isolation-administration",
	"isolation-classes",
	"isolation-manager",
	"isolation-aggregation",
	"isolation-multicast",
	"isolation-spoofing",
	NULL,
};

/* Who sees what these checks need beside the questions. */
static const struct probe *const probes_of_machine[] = { &probe_machine, &probe_pci, &probe_rdma };

static bool check_consent(const struct options *options, struct error *err)
{
	if (options->consent && strcmp(options->consent, "read") == 0)
		return true;
	if (options->consent)
		return fail(err, ERROR_INVALID, "--consent %s: it is read; nothing else is done",
			    options->consent);
	return fail(err, ERROR_INVALID,
		    "this asks a fabric that others use too: say --consent read when its owner, or "
		    "your contract, allows that; nothing is changed and at most %d questions are "
		    "asked, %d a second",
		    QUESTIONS_DEFAULT, RATE_DEFAULT);
}

static bool read_own(const struct session *session, struct isolation_request *request,
		     struct error *err)
{
	const char *path = session->options->own;
	struct span text;

	return !path ||
	       (host_read(session->host, path, OWN_FILE_MAXIMUM, session->arena, &text, err) &&
		isolation_read_own(text, path, session->arena, &request->own, &request->own_count,
				   err));
}

/* "mlx5_0", "mlx5_0/2". */
static bool open_door(const struct session *session, struct mad_door *ret_door, struct error *err)
{
	struct span rest = span_of(session->options->device), name;
	uint64_t port = 0;

	if (!session->options->device)
		return mad_open(NULL, 0, session->arena, ret_door, err);
	(void)span_cut(&rest, '/', &name);
	if (rest.length > 0 && (!span_to_u64(rest, &port) || port == 0 || port > UINT8_MAX))
		return fail(err, ERROR_INVALID, "--device %s: write it as mlx5_0 or mlx5_0/2",
			    session->options->device);
	return mad_open(arena_string(session->arena, name), (unsigned)port, session->arena,
			ret_door, err);
}

static bool see(const struct session *session, struct isolation_request *request,
		struct node_look *look, struct error *err)
{
	const struct probe_request probe = {
		.host = request->host,
		.shares = PROBE_QUICK | PROBE_FULL,
		.call_limit_ns = (int64_t)session->options->timeout_ms * 1000000,
	};
	struct subject subject;
	struct mad_door *door = ARENA_NEW(session->arena, struct mad_door);
	struct error why = { 0 };

	if (!load_handbook(session, &look->handbook, err) ||
	    !node_subject(session, request->host, &subject, err))
		return false;
	sightings_start(&look->sightings, &subject, request->host, session->arena);
	for (size_t i = 0; i < COUNT(probes_of_machine); i++)
		probes_of_machine[i]->look(&probe, &look->sightings);
	if (open_door(session, door, &why))
		request->door = door;
	else if (why.code == ERROR_INVALID)
		return fail(err, why.code, "%s", why.text);
	else
		request->why = arena_string(session->arena, span_of(why.text));
	isolation_look(request, &look->sightings);
	if (request->door)
		door->close(door->self);
	return node_prepare(session, look, err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct isolation_request request = {
		.host = session->host,
		.per_second = options->rate > 0 ? (unsigned)options->rate : RATE_DEFAULT,
		.questions = options->questions ? (unsigned)options->questions : QUESTIONS_DEFAULT,
	};
	struct node_look look = { 0 };
	struct checkup checkup;

	if (!check_consent(options, err))
		return STATUS_USAGE;
	random_secret(request.salt, sizeof(request.salt));
	if (!read_own(session, &request, err) || !see(session, &request, &look, err))
		return STATUS_ERROR;
	checkup_run(&look.input, PROFILE_SECURITY, rows, session->arena, &checkup);
	if (!node_write_bundle(session, &look.sightings, err))
		return STATUS_ERROR;
	return node_write_audit(session, &look, &checkup, true);
}

const struct command command_fabric_isolation = {
	.name = "fabric isolation",
	.arguments = "",
	.summary = "see how well a tenant of InfiniBand is kept from others",
	.text = "Asks the fabric, slowly and without changing anything, what it should not tell a "
		"tenant: who else is there, its management keys, its lists of nodes and paths, its "
		"classes of management, its subnet manager. Needs --consent read, and as a rule "
		"root. What cannot be tested is said, and is no pass. Of others only numbers and "
		"hashes are kept. The exit status is 0 when all that could be tested is well, 1 "
		"when something fails, 2 when nothing could be told.",
	.options = TAKES_SUBJECT | TAKES_FABRIC_ISOLATION | TAKES_PLAIN_FORMAT | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
	.arguments_minimum = 0,
	.arguments_maximum = 0,
	.run = run,
};
