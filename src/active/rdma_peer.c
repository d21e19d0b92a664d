#include "active/rdma_peer.h"

#include <string.h>

#include "host/meeting.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

enum {
	MEETING_PORT = 18599,
	NAME_MAXIMUM = 64,
	KNOCK_MS = 200, /* how long the peer is looked for at first, and more each turn */
	KNOCK_MORE_MS = 100,
	KNOCK_MAXIMUM_MS = 1000,
	WAIT_S = 60, /* until it is given up */
	SAY_OFFER = 'o',
	SAY_READY = 's',
	SAY_DONE = 'd',
};

/* The token keeps strays out; who wants more gives both sides one of his own. */
static const char usual_token[] = "assay-rdma-pair";

struct pair {
	struct active_run *run;
	const struct rdma_offer *mine, *theirs;
	struct meeting *meeting;
	unsigned rank; /* 0 or 1 */
	struct meeting_patience patience;
};

static bool open_as(struct active_run *run, const char *address, unsigned rank, int64_t limit_ns,
		    struct meeting **ret_meeting, struct error *err)
{
	struct span token = meeting_token();
	const struct meeting_request request = {
		.host = run->request->here,
		.address = address,
		.token = token.length > 0 ? token : span_of(usual_token),
		.rank = rank,
		.ranks = 2,
		.patience = { limit_ns, active_process_goes_on, run },
	};

	return meeting_open(&request, ret_meeting, NULL, err);
}

static int64_t knocking_ms(unsigned turn)
{
	return turn < (KNOCK_MAXIMUM_MS - KNOCK_MS) / KNOCK_MORE_MS
		       ? KNOCK_MS + (int64_t)turn * KNOCK_MORE_MS
		       : KNOCK_MAXIMUM_MS;
}

/* How long this node listens, twice to three times as long as it knocks: two that look for each
 * other in the same beat would never meet. */
static int64_t listening_ms(const struct active_run *run, unsigned turn)
{
	int64_t knocking = knocking_ms(turn);
	const char *boot = host_boot_id(run->request->here, run->arena);
	uint64_t mixed = (uint64_t)host_boot_ns(run->request->here) / NS_PER_MS + turn;

	for (size_t i = 0; boot[i]; i++)
		mixed = mixed * 31 + (unsigned char)boot[i];
	return 2 * knocking + (int64_t)(mixed % (uint64_t)knocking);
}

/* Whoever listens while the other knocks is rank 0; nobody has to say who is who. */
static bool find_peer(struct active_run *run, struct meeting **ret_meeting, unsigned *ret_rank,
		      struct error *err)
{
	const char *peer = run->request->targets->peer;
	const char *there = strchr(peer, ':') && peer[0] != '['
				    ? arena_format(run->arena, "[%s]:%d", peer, MEETING_PORT)
				    : arena_format(run->arena, "%s:%d", peer, MEETING_PORT);
	const char *here = arena_format(run->arena, "0.0.0.0:%d", MEETING_PORT);
	int64_t until_ns = host_boot_ns(run->request->here) + WAIT_S * NS_PER_S;

	for (unsigned turn = 0; active_goes_on(run); turn++) {
		*ret_rank = 1;
		if (open_as(run, there, 1, knocking_ms(turn) * NS_PER_MS, ret_meeting, err))
			return true;
		if (err->code == ERROR_INVALID || err->code == ERROR_CONFLICT)
			return false;
		*ret_rank = 0;
		if (open_as(run, here, 0, listening_ms(run, turn) * NS_PER_MS, ret_meeting, err))
			return true;
		if (host_boot_ns(run->request->here) > until_ns)
			return fail(err, ERROR_MISSING,
				    "%s did not come within %d s: it has to run the same test with "
				    "--peer, and port %d has to be open between the two",
				    peer, WAIT_S, MEETING_PORT);
		/* A short rest: what fails at once, as a port that is taken, is not tried in a
		 * hurry. */
		worker_wait(NULL, 0, 50 * NS_PER_MS);
	}
	return fail(err, ERROR_CONFLICT, "ended while it looked for %s", peer);
}

void rdma_offer_write(const struct rdma_offer *offer, struct text *into)
{
	text_format(into, "test %s gpus %s\n", offer->test, offer->has_gpus ? "yes" : "no");
	for (size_t i = 0; i < offer->rail_count; i++)
		text_format(into, "%s/%s %s\n", offer->rails[i].name, offer->rails[i].port,
			    offer->rails[i].gpu >= 0 ? "gpu" : "-");
}

static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-' || c == '.'))
			return false;
	}
	return name.length > 0 && name.length <= NAME_MAXIMUM;
}

static bool read_rail(struct span line, struct arena *arena, struct rdma_rail *rail)
{
	struct span name, port;

	if (!span_cut(&line, '/', &name) || !span_cut(&line, ' ', &port) || !is_name(name) ||
	    !is_name(port) || !(span_is(line, "gpu") || span_is(line, "-")))
		return false;
	*rail = (struct rdma_rail){
		.name = arena_string(arena, name),
		.port = arena_string(arena, port),
		.gpu = span_is(line, "gpu") ? 0 : -1,
	};
	return true;
}

bool rdma_offer_read(struct span text, const char *test, struct arena *arena,
		     struct rdma_offer *ret_offer, struct error *err)
{
	const char *yes = arena_format(arena, "test %s gpus yes", test);
	const char *no = arena_format(arena, "test %s gpus no", test);
	struct rdma_rail *rails = ARENA_ARRAY(arena, struct rdma_rail, RDMA_RAILS_MAXIMUM);
	struct rdma_offer offer = { .test = test, .rails = rails };
	struct span line;

	if (!span_cut(&text, '\n', &line) || !(span_is(line, yes) || span_is(line, no)))
		return fail(err, ERROR_CONFLICT, "the peer does not run the test %s", test);
	offer.has_gpus = span_is(line, yes);
	while (span_cut(&text, '\n', &line)) {
		if (offer.rail_count == RDMA_RAILS_MAXIMUM ||
		    !read_rail(line, arena, &rails[offer.rail_count]))
			return fail(err, ERROR_PARSE, "the peer tells of ports that make no sense");
		offer.rail_count++;
	}
	*ret_offer = offer;
	return true;
}

static bool say(const struct pair *pair, uint8_t kind, const char *body, struct error *err)
{
	return meeting_say(pair->meeting, 1 - pair->rank, kind, span_of(body), &pair->patience,
			   err);
}

static bool hear(const struct pair *pair, uint8_t kind, struct span *ret_body, struct error *err)
{
	return meeting_hear(pair->meeting, (struct meeting_awaited){ 1 - pair->rank, kind },
			    &pair->patience, pair->run->arena, ret_body, err);
}

/* The side that waits. What goes wrong with its program is told to the other, which records it. The
 * other tells in the end how long the next run is to be; 0: there is none. */
static bool serve(const struct pair *pair, const struct rdma_task *task,
		  const struct rdma_rail *rail, uint64_t *ret_length, struct error *err)
{
	struct process *server = NULL;
	struct error fault = { .code = ERROR_NONE };
	struct span body;
	bool good;

	*ret_length = 0;
	if (!rdma_serve(pair->run, task, rail, &server, &fault))
		return say(pair, SAY_READY, fault.text, err) && hear(pair, SAY_DONE, &body, err);
	good = say(pair, SAY_READY, "", err) && hear(pair, SAY_DONE, &body, err);
	host_end(server);
	if (good && !span_to_u64(body, ret_length))
		return fail(err, ERROR_PARSE, "the peer does not tell how long the next run is");
	return good;
}

static bool wait_for_peer(const struct pair *pair, const struct rdma_task *task,
			  const struct rdma_rail *rail, struct error *err)
{
	struct rdma_task first = rdma_first(task), second;
	uint64_t length;

	if (!serve(pair, &first, rail, &length, err))
		return false;
	if (length == 0)
		return true;
	if (!rdma_second(task, length, &second))
		return fail(err, ERROR_PARSE, "the peer tells of a run that is too long");
	return serve(pair, &second, rail, &length, err);
}

/* The side that comes. *ret_length is that of the next run, 0 when the figure was taken or nothing
 * came of it. */
static bool come(const struct pair *pair, const struct rdma_task *task,
		 const struct rdma_rail *rail, bool is_first, unsigned *ret_length,
		 struct error *err)
{
	struct active_run *run = pair->run;
	struct error fault = { .code = ERROR_NONE };
	struct perftest_report report;
	struct span body;

	*ret_length = 0;
	if (!hear(pair, SAY_READY, &body, err))
		return false;
	if (body.length > 0)
		rdma_say_unknown(run, task, rail,
				 arena_format(run->arena, "at the peer: %.*s",
					      (int)(body.length < 200 ? body.length : 200),
					      body.at));
	else if (!rdma_come(run, task, rail, run->request->targets->peer, &report, &fault))
		rdma_say_unknown(run, task, rail, fault.text);
	else if (is_first)
		*ret_length = rdma_length(task, &report.rows[0]);
	if (body.length == 0 && fault.code == ERROR_NONE && *ret_length == 0)
		rdma_say(run, task, rail, &report);
	return say(pair, SAY_DONE, arena_format(run->arena, "%u", *ret_length), err);
}

static bool go_to_peer(const struct pair *pair, const struct rdma_task *task,
		       const struct rdma_rail *rail, struct error *err)
{
	struct rdma_task first = rdma_first(task), second;
	unsigned length;

	if (!come(pair, &first, rail, true, &length, err))
		return false;
	return !rdma_second(task, length, &second) ||
	       come(pair, &second, rail, false, &length, err);
}

/* Both ways, first from rank 1 to rank 0. */
static bool run_task(const struct pair *pair, const struct rdma_task *task,
		     const struct rdma_rail *rail, struct error *err)
{
	if (pair->rank == 1)
		return go_to_peer(pair, task, rail, err) && wait_for_peer(pair, task, rail, err);
	return wait_for_peer(pair, task, rail, err) && go_to_peer(pair, task, rail, err);
}

static bool run_rail(const struct pair *pair, size_t which, struct error *err)
{
	const struct rdma_rail *rail = &pair->mine->rails[which];
	const struct rdma_rail *other = &pair->theirs->rails[which];
	struct active_run *run = pair->run;
	bool gpus =
		pair->mine->has_gpus && pair->theirs->has_gpus && rail->gpu >= 0 && other->gpu >= 0;

	(void)saw_state(run->sightings, NODE_TEST_RDMA_PARTNER, rail->device,
			arena_format(run->arena, "%.100s/%s/%s", run->request->targets->peer,
				     other->name, other->port));
	for (size_t i = 0; i < pair->mine->task_count; i++) {
		const struct rdma_task *task = &pair->mine->tasks[i];

		if (task->uses_gpu && !gpus) {
			if (rail->gpu >= 0)
				rdma_say_unknown(run, task, rail,
						 "memory of GPUs can not be used on both sides");
			continue;
		}
		active_shows(run, (double)which / (double)pair->mine->rail_count, "%s %s",
			     rail->name, rdma_task_name(task, run->arena));
		if (!run_task(pair, task, rail, err))
			return false;
	}
	return true;
}

static bool exchange(struct pair *pair, struct rdma_offer *theirs, struct error *err)
{
	struct span body;
	SCOPED_TEXT(offer);

	rdma_offer_write(pair->mine, &offer);
	return say(pair, SAY_OFFER, text_string(&offer), err) &&
	       hear(pair, SAY_OFFER, &body, err) &&
	       rdma_offer_read(body, pair->mine->test, pair->run->arena, theirs, err);
}

static bool run_pair(struct pair *pair, struct error *err)
{
	struct rdma_offer *theirs = ARENA_NEW(pair->run->arena, struct rdma_offer);

	if (!exchange(pair, theirs, err))
		return false;
	pair->theirs = theirs;
	for (size_t i = 0; i < pair->mine->rail_count; i++) {
		const struct rdma_rail *rail = &pair->mine->rails[i];

		if (i >= theirs->rail_count)
			rdma_say_unknown(pair->run, &pair->mine->tasks[0], rail,
					 "the peer has no port of this place");
		else if (!run_rail(pair, i, err))
			return false;
	}
	return true;
}

void rdma_with_peer(struct active_run *run, const struct rdma_offer *offer)
{
	struct pair pair = {
		.run = run,
		.mine = offer,
		.patience = { active_left_ns(run) + 1, active_process_goes_on, run },
	};
	struct error err = { .code = ERROR_NONE };

	active_shows(run, -1, "looking for %s", run->request->targets->peer);
	if (!find_peer(run, &pair.meeting, &pair.rank, &err)) {
		active_fails(run, "%s", err.text);
		return;
	}
	if (!run_pair(&pair, &err))
		active_fails(run, "%s: %s", run->request->targets->peer, err.text);
	meeting_close(pair.meeting);
}
