/*
 * Active tests: what loads a machine to see what it can do. Each is a row of the table and a file
 * of its own. It says beforehand what it would load, for how long and what it writes where; it runs
 * only under a consent that covers that; it ends at its limit, when it is told to stop and when a
 * GPU gets too hot; it leaves the machine as it was and what it saw as evidence. What could not be
 * measured is unknown, with the reason. Whether a figure is good is not said here: checks judge.
 *
 * A test has three steps. plan() only looks; run() starts workers (host/worker.h) and programs
 * (host/process.h) and waits for them by the functions below, so that the clock, the heat and the
 * user are heard at least every tenth of a second; then the records lie in run->sightings.
 */
#pragma once

#include "active/heat.h"
#include "base/text.h"
#include "host/process.h"
#include "host/worker.h"
#include "probe/sighting.h"

/* What the one whose machine it is allows. */
enum consent {
	CONSENT_READ, /* only looking */
	CONSENT_LOAD, /* GPUs, processors, network and disks at full load, files of its own */
	CONSENT_DESTRUCTIVE, /* what others on the machine would feel or lose: caches dropped, */
			     /* interfaces shut, devices written to */
	CONSENT_COUNT,
};

extern const char *const consent_names[CONSENT_COUNT]; /* "read", "load", "destructive" */

enum active_profile {
	ACTIVE_QUICK,   /* a minute on a node of eight GPUs */
	ACTIVE_WEEKLY,  /* half an hour on an idle node */
	ACTIVE_BURN_IN, /* hours, at deployment */
	ACTIVE_PROFILE_COUNT,
};

extern const char
	*const active_profile_names[ACTIVE_PROFILE_COUNT]; /* "quick", "weekly", "burnin" */

/* What is tested besides the node itself; NULL and 0 where not given. */
struct active_targets {
	const char *const *folders; /* whose file systems are tested, absolute */
	size_t folder_count;
	const char *bucket;   /* "https://host:port/bucket" of an object store */
	const char *peer;     /* host with the other end, of RDMA and of the network */
	unsigned peer_port;   /* where its iperf3 listens; 0: the usual one */
	const char *commands; /* file of start-up commands; NULL: the usual ones */
	const char *meeting;  /* "host:port" where the ranks of a collective meet */
	unsigned rank, ranks; /* of this process; ranks 0: told by the environment, or alone */
	double heat_limit_c;  /* of a GPU; 0: its own slowdown threshold */
	const char *samples;  /* file that the sensors' samples are written to */
};

struct active_request {
	/* The machine that is looked at; a root in tests, never captured. */
	const struct host *host;
	/* This machine: where files are written and programs run, whatever the root. */
	const struct host *here;
	enum active_profile profile;
	enum consent consent;
	int64_t limit_ns;      /* of all tests together */
	int64_t call_limit_ns; /* of one call of a vendor library, where nothing else is said */
	const struct sightings *seen; /* a passive look, done before: what the node has */
	const struct active_targets *targets;
	/* True once the user wants an end: a signal has come. */
	bool (*is_stopped)(void *context);
	/* What is going on, for a display: `share` of the test is done, 0 to 1, negative when not
	 * known; `left_ns` of all. NULL: nobody looks. */
	void (*show)(void *context, const char *test, const char *what, double share,
		     int64_t left_ns);
	void *context;
};

struct active_test;

/* What a test would do; filled in by its plan(). */
struct active_step {
	const struct active_test *test;
	const char *loads; /* "8 GPUs, up to their power limit" */
	const char
		*writes; /* "16 GiB below /scratch/.assay-…, removed afterwards"; NULL: nothing */
	/* With `cannot`: the node has no such part, or the user named nothing to test, so that
	 * there is nothing to judge. What is there and cannot be tested is judged, as unknown. */
	bool is_absent;
	const char *cannot;   /* why it cannot be run here: "no GPU on the PCI bus"; NULL: it can */
	enum consent consent; /* that it needs; the test's own unless plan() says more */
	int64_t needed_ns;    /* that it is expected to take; above 0 unless it cannot */
	bool is_elastic;      /* takes what the others leave of the limit of all */
	int64_t behind_ns;    /* what the steps behind it need; filled in by active_plan */
};

/* How a test ended, as its record node.test.run has it. */
enum active_end {
	ACTIVE_DONE,
	ACTIVE_NOT_RUN, /* cannot, or no consent */
	ACTIVE_CUT,     /* by the limit of time: what was measured until then counts */
	ACTIVE_STOPPED, /* by the user */
	ACTIVE_TOO_HOT,
	ACTIVE_FAILED, /* it could not be carried out, or nothing could be measured */
	ACTIVE_END_COUNT,
};

extern const char *const active_end_names[ACTIVE_END_COUNT]; /* "done", "not-run", "cut", … */

/* A test while it runs. */
struct active_run {
	const struct active_request *request;
	const struct active_step *step;
	struct sightings *sightings;                      /* where records go */
	struct arena *arena;                              /* of the whole run */
	int64_t started_ns, deadline_ns, all_deadline_ns; /* host_boot_ns of request->here */
	struct heat *heat; /* watched while it runs; NULL: nothing to watch */
	char what[160];    /* shown as going on */
	double share;
	enum active_end end; /* ACTIVE_DONE until something else is the case */
	const char *reason;  /* of an end that is not ACTIVE_DONE; NULL when none was given */
};

struct active_test {
	const char *name;     /* "gemm" */
	const char *group;    /* "gpu": what the command line names */
	const char *title;    /* "matrix products of each precision" */
	unsigned profiles;    /* bit n: enum active_profile n has it */
	enum consent consent; /* that it needs at least */
	/* Names of the checks (check/check.h) that judge what it sees; NULL-terminated. */
	const char *const *checks;
	/* Fills in the step, whose test and consent are set. Loads nothing and starts nothing that
	 * could hang. `arena` takes the texts. */
	void (*plan)(const struct active_request *request, struct arena *arena,
		     struct active_step *step);
	void (*run)(struct active_run *run);
};

/* In the order that they run in: short ones first, so that a verdict shows soon. */
extern const struct active_test *const active_tests[];
extern const size_t active_test_count;

/* True when some test is of the group. */
bool active_group_exists(const char *group);

/* "gpu, storage and start": the groups, for an error. */
void active_groups_write(struct text *into);

enum {
	ACTIVE_STEPS_MAXIMUM = 64,
};

struct active_plan {
	struct active_step steps[ACTIVE_STEPS_MAXIMUM];
	size_t count;
	int64_t needed_ns; /* of those that can be run; an elastic one takes the rest of the limit
			    */
};

/* The tests of the profile, of those groups alone (NULL-terminated; NULL: all; a group that is
 * named is taken whatever the profile). */
void active_plan(const struct active_request *request, const char *const *groups,
		 struct arena *arena, struct active_plan *ret_plan);

/* The same of a table of tests that is handed in. */
void active_plan_of(const struct active_request *request, const struct active_test *const *tests,
		    size_t count, const char *const *groups, struct arena *arena,
		    struct active_plan *ret_plan);

/* How long a step may take when so much is left of all: three times what it is expected to and ten
 * seconds, but never what the steps behind it need; when there is not enough for all, its part of
 * what is left, by what each is expected to need. An elastic one takes all that those behind it
 * leave. */
int64_t active_step_limit_ns(const struct active_step *step, int64_t left_ns);

/* Runs one step of a plan, under the request's limit counted from `all_started_ns`, and adds its
 * records, the last of which is node.test.run about "test:NAME". Without the consent that it needs
 * nothing is run. Returns how it ended. `heat` may be NULL. */
enum active_end active_run_step(const struct active_request *request,
				const struct active_step *step, int64_t all_started_ns,
				struct heat *heat, struct sightings *sightings,
				struct arena *arena);

/* False when the test has to end: the user, the clock or the heat wants it; run->end says which.
 * Cheap; to be called at least every tenth of a second while anything is loaded. */
bool active_goes_on(struct active_run *run);

/* The same as the goes_on of struct process_limits; context is the struct active_run. */
bool active_process_goes_on(void *run);

/* Nanoseconds that are left of the test, never negative. */
int64_t active_left_ns(const struct active_run *run);

/* What is going on now, and which share of the test is done, 0 to 1; negative: not known. */
void active_shows(struct active_run *run, double share, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The test could not be carried out: sets run->end and the reason. */
void active_fails(struct active_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Asks a worker and waits; at the end of the test it is cancelled, and what it had answered is
 * kept: WORKER_STALLED is a call that hung, never the end of the test. Its total_limit_ns is set to
 * what is left of the test. False only when no child could be made. */
bool active_ask(struct active_run *run, struct worker *worker, const char *request,
		struct worker_result *ret_result, struct error *err);

/* The same of several at once, each its own request: one worker a GPU, so that a GPU that hangs is
 * named and the others are measured. ret_results[i] belongs to workers[i]; one that could not be
 * started is WORKER_DIED. */
void active_ask_all(struct active_run *run, struct worker *workers, const char *const *requests,
		    struct worker_result *ret_results, size_t count);

/* Workers that wait for each other, as the ranks of a collective do. */
struct active_band {
	struct worker *workers;
	size_t count;
	/* Of an answer that came to its end: it is of no use to the others. */
	bool (*has_failed)(const struct worker_result *result);
	int64_t grace_ns;
};

/* The same of a band: once one of them failed, or did not come to its end, the others have
 * `grace_ns` left, since they may wait for it in vain; who has not answered then is
 * WORKER_CANCELLED, and the test goes on. */
void active_ask_band(struct active_run *run, const struct active_band *band,
		     const char *const *requests, struct worker_result *ret_results);

/* Runs a program as host_run does, on this machine, for what is left of the test at most. A result
 * that was stopped tells nothing but that. */
bool active_process(struct active_run *run, const char *const *words, struct process_limits limits,
		    struct process_result *ret_result, struct error *err);

/* Adds a record for each fact that a child said (probe/vendor_say.h: say_value and the others, of
 * measures that begin with "node.test." alone), and one for all lines that are none. */
void active_take(struct active_run *run, const struct worker_result *result);

/* What the end of a request means: nothing when it is done; else a record that `measure` of the
 * device is unknown, with the call that stalled, the signal, or who gave it up. */
void active_blame(struct active_run *run, const struct worker_result *result, enum measure measure,
		  const char *device);

/* The devices of the passive look about which a measure says something, as all GPUs by
 * NODE_GPU_ANSWERS; in the order of their names. */
size_t active_devices(const struct active_request *request, enum measure measure,
		      struct arena *arena, const char *const **ret_devices);

/* NULL when the passive look has no such state or value about the device. */
const struct record *active_seen(const struct active_request *request, enum measure measure,
				 const char *device);

extern const struct active_test active_gemm;
extern const struct active_test active_gemm_search;
extern const struct active_test active_gemm_small;
extern const struct active_test active_corruption_cpu;
extern const struct active_test active_corruption_gpu;
extern const struct active_test active_corruption_paths;
extern const struct active_test active_gpu_memory;
extern const struct active_test active_gpu_copies, active_gpu_memory, active_gpu_pattern,
	active_gpu_peers;
extern const struct active_test active_burn, active_processor_memory;
extern const struct active_test active_burn;
extern const struct active_test active_gpu_memory;
extern const struct active_test active_collective;
extern const struct active_test active_pair;
extern const struct active_test active_network;
extern const struct active_test active_object_store;
extern const struct active_test active_processor_memory;
extern const struct active_test active_storage_endurance;
extern const struct active_test active_storage_files;
extern const struct active_test active_storage_honesty;
extern const struct active_test active_storage_throughput;
extern const struct active_test active_rdma_bandwidth;
extern const struct active_test active_rdma_latency;
extern const struct active_test active_start;
