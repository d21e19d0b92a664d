#include "check/gpu/xid.h"

#include <string.h>

enum {
	XID_EXCEPTION = 13,
	XID_FAULT = 31,
	XID_PREEMPTIVE = 45,
	XID_DOUBLE_BIT = 48,
	XID_ROW = 63,
	XID_ROW_FAILED = 64,
	XID_NVLINK = 74,
	XID_CONTAINED = 94,
	XID_NVLINK5_FIRST = 144,
	XID_NVLINK5_LAST = 150,
	XID_RECOVERY = 154,
	XID_DRAM = 171,
	XID_SRAM = 172,
};

static const char act_reset[] = "drain; reset the GPU";
static const char act_keep[] = "keep the line and ask the vendor; do not reset because of it";

/* Repeats within an hour from which an application's fault points to the GPU: 3 of 13 and 31 is
 * what NVSentinel v1.14.0 acts on; 94 is an uncorrectable error of the memory and counts alike. The
 * bar of all others is ours: more than a job that is restarted by hand makes. */
enum {
	REPEATS_SAME_PLACE = 3,
	REPEATS_OTHER = 10,
	HOUR_S = 3600,
};

static bool same_gpu(const struct xid_event *a, const struct xid_event *b)
{
	return strcmp(a->line.pci, b->line.pci) == 0;
}

static bool has_place(const struct xid_event *event)
{
	return event->line.has_gpc || event->line.has_tpc;
}

/* Whether `other` is the same fault again: the same code on the same GPU, and for 13 and 31 in the
 * same part of it, where both name one. */
static bool is_repeat(const struct xid_event *event, const struct xid_event *other)
{
	const struct xid_line *a = &event->line, *b = &other->line;

	if (!same_gpu(event, other) || a->code != b->code)
		return false;
	if ((a->code != XID_EXCEPTION && a->code != XID_FAULT) || !has_place(event) ||
	    !has_place(other))
		return true;
	return a->has_gpc == b->has_gpc && a->has_tpc == b->has_tpc && a->gpc == b->gpc &&
	       a->tpc == b->tpc;
}

/* Most repeats within the hour that begins with the event. Where times are not known, the mean of
 * the log: when even that reaches a bar, some hour does. */
static double repeats_per_hour(const struct xid_log *log, const struct xid_event *event)
{
	size_t all = 0, near = 0;

	for (size_t i = 0; i < log->count; i++) {
		const struct xid_event *other = &log->events[i];

		if (!is_repeat(event, other))
			continue;
		all++;
		near += event->timed && other->timed && other->at_s >= event->at_s &&
			other->at_s < event->at_s + HOUR_S;
	}
	if (event->timed)
		return (double)near;
	return (double)all / (log->span_h < 1.0 ? 1.0 : log->span_h);
}

static struct xid_opinion judge_application(const struct xid_log *log,
					    const struct xid_event *event,
					    struct xid_opinion opinion)
{
	uint32_t code = event->line.code;
	bool strict = code == XID_EXCEPTION || code == XID_FAULT || code == XID_CONTAINED;
	int bar = strict ? REPEATS_SAME_PLACE : REPEATS_OTHER;

	opinion.verdict = VERDICT_PASS;
	opinion.why = "the application's own doing";
	opinion.action = NULL;
	if (code == XID_CONTAINED)
		opinion.why = "contained: only the application that was hit restarts";
	if (repeats_per_hour(log, event) < bar)
		return opinion;
	opinion.verdict = VERDICT_WARN;
	opinion.why = arena_format(
		log->arena, "%d or more in an hour%s", bar,
		code == XID_EXCEPTION || code == XID_FAULT ? " in the same part of the GPU" : "");
	opinion.action = "drain; field diagnostics";
	return opinion;
}

static struct xid_opinion judge_class(const struct xid_log *log, const struct xid_event *event,
				      enum fault_class class, struct xid_opinion opinion)
{
	switch (class) {
	case FAULT_INFO:
		opinion.verdict = VERDICT_PASS;
		opinion.why = "needs nothing";
		opinion.action = NULL;
		return opinion;
	case FAULT_APPLICATION:
		return judge_application(log, event, opinion);
	case FAULT_WATCH:
		opinion.verdict = VERDICT_WARN;
		return opinion;
	case FAULT_DEGRADED:
	case FAULT_FATAL:
		opinion.verdict = VERDICT_FAIL;
		return opinion;
	case FAULT_DECODE:
		opinion.verdict = VERDICT_WARN;
		opinion.why = "its text could not be read, so what it means is not known";
		return opinion;
	case FAULT_UNKNOWN:
	case FAULT_CLASS_COUNT:
		break;
	}
	opinion.verdict = VERDICT_WARN;
	opinion.why = "not in use on these GPUs";
	opinion.action = act_keep;
	return opinion;
}

/* Whether the machine's log has another code than this; on the same GPU only, when asked for. */
static bool has_other(const struct xid_log *log, const struct xid_event *event, bool anywhere)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->events[i].line.code != event->line.code &&
		    (anywhere || same_gpu(&log->events[i], event)))
			return true;
	return false;
}

static bool has_code(const struct xid_log *log, const struct xid_event *event, uint32_t code)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->events[i].line.code == code && same_gpu(&log->events[i], event))
			return true;
	return false;
}

/* The trace that a killed channel leaves. Alone, on GPUs that a switch joins, it is the fabric
 * manager that took the channels down. */
static struct xid_opinion judge_preemptive(const struct xid_log *log, const struct xid_event *event,
					   struct xid_opinion opinion)
{
	const struct shape_row *shape = log->seen->machine->shape;

	opinion.verdict = VERDICT_PASS;
	opinion.why = "the trace of something else";
	opinion.action = NULL;
	if (has_other(log, event, true) || (shape && !shape->has_switch))
		return opinion;
	opinion.verdict = VERDICT_WARN;
	opinion.why = "no other Xid beside it";
	opinion.action = "look at the fabric manager, and whether somebody killed a job";
	return opinion;
}

static struct xid_opinion judge_double_bit(const struct xid_log *log, const struct xid_event *event,
					   struct xid_opinion opinion)
{
	const char *gpu = arena_format(log->arena, "gpu:%s", event->line.pci);

	opinion.verdict = VERDICT_FAIL;
	opinion.action = act_reset;
	if (machine_state_is(log->seen->machine, NODE_GPU_ECC_SRAM_THRESHOLD, gpu, "exceeded")) {
		opinion.why = "the threshold of on-chip memory is exceeded";
		opinion.action = "drain; reset the GPU; field diagnostics";
	} else if (has_code(log, event, XID_ROW) || has_code(log, event, XID_ROW_FAILED)) {
		opinion.why = "with a row that is replaced at the next reset";
	}
	return opinion;
}

static struct xid_opinion judge_recovery(const struct xid_event *event, struct xid_opinion opinion)
{
	opinion.verdict = VERDICT_FAIL;
	opinion.why = "the driver asks for it";
	switch (event->line.recovery) {
	case XID_RECOVERY_NONE:
		opinion.verdict = VERDICT_PASS;
		opinion.why = "the driver asks for nothing";
		opinion.action = NULL;
		return opinion;
	case XID_RECOVERY_DRAIN_P2P:
		opinion.action = "drain what uses the links between GPUs";
		return opinion;
	case XID_RECOVERY_DRAIN_AND_RESET:
	case XID_RECOVERY_RESET_GPU:
		opinion.action = act_reset;
		return opinion;
	case XID_RECOVERY_REBOOT_NODE:
		opinion.action = "drain; reboot the node";
		return opinion;
	case XID_RECOVERY_NOT_SAID:
		break;
	}
	opinion.verdict = VERDICT_WARN;
	opinion.why = "its text names no action that is known";
	opinion.action = act_keep;
	return opinion;
}

/* The registers of Xid 74, by the workflow of NVIDIA's catalogue
 * (docs.nvidia.com/deploy/xid-errors). What they leave out is not documented. */
enum {
	WORDS_OF_74 = 7,
};

struct bits_of_74 {
	uint32_t secondary; /* or to be ignored */
	uint32_t parity;    /* ECC and parity: act when more than twice on one link */
	uint32_t hardware;  /* possible hardware: reseat */
	uint32_t signal;    /* signal integrity */
	uint32_t repeat;    /* repetition matters */
	uint32_t fabric;    /* secondary, but needs a reset of the whole fabric */
	uint32_t watch;     /* not expected, or a threshold was crossed */
};

#define BIT(n) (UINT32_C(1) << (n))

static const struct bits_of_74 words_of_74[WORDS_OF_74] = {
	[0] = {
		.secondary = BIT(0) | BIT(23) | BIT(30) | BIT(1) | BIT(20),
		.parity = BIT(4) | BIT(5),
		.hardware = BIT(8) | BIT(9) | BIT(12) | BIT(16) | BIT(17) | BIT(24) | BIT(28),
		.signal = BIT(21) | BIT(22),
		.repeat = BIT(27) | BIT(29),
	},
	[2] = {
		.parity = BIT(0) | BIT(1) | BIT(2) | BIT(6),
		.watch = BIT(13),
		.repeat = BIT(16) | BIT(17) | BIT(18) | BIT(19),
	},
	[3] = {
		.secondary = BIT(16) | BIT(17),
		.fabric = BIT(18),
	},
	[4] = {
		.parity = BIT(18) | BIT(19) | BIT(21) | BIT(22) | BIT(24) | BIT(25) | BIT(27) |
			  BIT(28),
		.watch = BIT(20) | BIT(23) | BIT(26) | BIT(29),
	},
};

static struct bits_of_74 read_74(const struct xid_line *line)
{
	struct bits_of_74 set = { 0 };

	for (unsigned i = 0; i < line->register_count && i < WORDS_OF_74; i++) {
		set.secondary |= line->registers[i] & words_of_74[i].secondary;
		set.parity |= line->registers[i] & words_of_74[i].parity;
		set.hardware |= line->registers[i] & words_of_74[i].hardware;
		set.signal |= line->registers[i] & words_of_74[i].signal;
		set.repeat |= line->registers[i] & words_of_74[i].repeat;
		set.fabric |= line->registers[i] & words_of_74[i].fabric;
		set.watch |= line->registers[i] & words_of_74[i].watch;
	}
	return set;
}

/* Lines of the same link with parity bits, or, with `parity` false, with bits whose repeat counts.
 */
static unsigned count_74(const struct xid_log *log, const struct xid_event *event, bool parity)
{
	unsigned count = 0;

	for (size_t i = 0; i < log->count; i++) {
		const struct xid_line *line = &log->events[i].line;
		struct bits_of_74 set;

		if (line->code != XID_NVLINK || !same_gpu(&log->events[i], event) ||
		    line->link != event->line.link)
			continue;
		set = read_74(line);
		count += parity ? set.parity != 0 : set.repeat != 0;
	}
	return count;
}

static struct xid_opinion judge_nvlink(const struct xid_log *log, const struct xid_event *event,
				       struct xid_opinion opinion)
{
	struct bits_of_74 set = read_74(&event->line);
	bool parity_again = set.parity && count_74(log, event, true) > 2;
	bool repeated = set.repeat && count_74(log, event, false) > 1;

	opinion.verdict = VERDICT_WARN;
	opinion.action = "reset the GPU at the next idle moment; again: inspect the link";
	if (set.hardware || set.fabric || parity_again) {
		opinion.verdict = VERDICT_FAIL;
		opinion.why = set.hardware ? "its registers point to hardware"
			      : set.fabric ? "its registers ask for a reset of the whole fabric"
					   : "ECC or parity more than twice on one link";
		opinion.action = set.fabric && !set.hardware
					 ? "drain; reset all GPUs and switches"
					 : "drain; reset the GPU; again: reseat and inspect";
	} else if (set.signal) {
		opinion.why = "its registers point to the signal integrity of the link";
	} else if (set.parity) {
		opinion.why = "ECC or parity on the link, not more than twice";
	} else if (set.watch) {
		opinion.why = "its registers tell of a threshold or of what is not expected";
	} else if (set.repeat) {
		opinion.why = repeated ? "again on the same link" : "once on this link";
		opinion.verdict = repeated ? VERDICT_WARN : VERDICT_PASS;
	} else if (set.secondary) {
		opinion.why = "its registers tell of nothing of its own";
		opinion.verdict = VERDICT_PASS;
	} else {
		opinion.why = "its registers could not be read, or are not documented";
		opinion.action = act_keep;
	}
	if (opinion.verdict == VERDICT_PASS)
		opinion.action = NULL;
	return opinion;
}

static struct xid_opinion judge_nvlink5(const struct xid_log *log, const struct xid_event *event,
					struct xid_opinion opinion)
{
	const struct xid_line *line = &event->line;
	enum fault_class class = FAULT_UNKNOWN;
	const struct nvlink5_row *row =
		handbook_nvlink5(log->seen->handbook, line->code, line->registers,
				 line->register_count, log->driver_major, &class);

	if (!row) {
		bool severe = line->fatal || line->link_fatal;

		opinion.verdict = severe ? VERDICT_FAIL : VERDICT_WARN;
		opinion.why = severe ? "no row fits its registers, and it calls itself fatal"
				     : "no row fits its registers";
		opinion.action = severe ? act_reset : act_keep;
		return opinion;
	}
	opinion.bar =
		arena_format(log->arena, "nvlink5.tsv %u %s, status 0x%08x: %s (%s)", row->code,
			     row->unit, row->status, fault_class_names[class], row->source);
	opinion.why = arena_format(log->arena, "%s, %s", row->unit, row->severity);
	opinion.action =
		class != row->class && row->promote_action ? row->promote_action : row->action;
	/* Left to the 154 beside it, which is judged in its place; without one the job restarts. */
	if (class == FAULT_DECODE)
		class = FAULT_APPLICATION;
	return judge_class(log, event, class, opinion);
}

static struct xid_opinion judge_row(const struct xid_log *log, const struct xid_event *event,
				    const struct xid_row *row)
{
	uint32_t code = event->line.code;
	struct xid_opinion opinion = {
		.why = row->meaning,
		.bar = arena_format(log->arena, "xid.tsv %u: %s (%s)", row->code,
				    fault_class_names[row->class], row->source),
		.action = row->action,
	};

	if (code >= XID_NVLINK5_FIRST && code <= XID_NVLINK5_LAST)
		return judge_nvlink5(log, event, opinion);
	switch (code) {
	case XID_PREEMPTIVE:
		return judge_preemptive(log, event, opinion);
	case XID_DOUBLE_BIT:
	case XID_DRAM:
	case XID_SRAM:
		return judge_double_bit(log, event, opinion);
	case XID_NVLINK:
		return judge_nvlink(log, event, opinion);
	case XID_RECOVERY:
		return judge_recovery(event, opinion);
	default:
		return judge_class(log, event, row->class, opinion);
	}
}

struct xid_opinion xid_judge(const struct xid_log *log, const struct xid_event *event)
{
	const struct xid_row *row = handbook_xid(log->seen->handbook, event->line.code);
	struct xid_opinion opinion;

	if (event->line.code == XID_PROBE)
		return (struct xid_opinion){
			.verdict = VERDICT_FAIL,
			.why = "the driver could not take it up",
			.action = "drain; reboot; again: inspect the GPU and its slot",
		};
	if (!row)
		return (struct xid_opinion){
			.verdict = VERDICT_WARN,
			.why = "not in the catalogue",
			.bar = "xid.tsv has no such row",
			.action = act_keep,
		};
	opinion = judge_row(log, event, row);
	if (event->settled && opinion.verdict == VERDICT_FAIL) {
		opinion.verdict = VERDICT_WARN;
		opinion.why = arena_format(
			log->arena, "%s; the driver has since asked for nothing more", opinion.why);
		opinion.action = "watch; again: as the first time";
	}
	return opinion;
}
