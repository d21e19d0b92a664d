#include "fleet/parts.h"

#include <string.h>

#include "host/system.h"

enum {
	LOOKS_MISSED = 3, /* full looks without which nothing is known any more */
};

/* All that is held, as of the day of judging. It is at most one full look old, or a log that was
 * followed since; by its own days it would be two machines around midnight. */
static const struct record **gather(struct agent *agent, date_t today, struct arena *arena,
				    size_t *ret_count)
{
	const struct record **records;
	size_t room = 0, count = 0;

	for (unsigned k = 0; k < LOOK_COUNT; k++)
		room += agent->looks[k].sightings.count;
	records = ARENA_ARRAY(arena, const struct record *, room);
	for (unsigned k = 0; k < LOOK_COUNT; k++)
		for (size_t i = 0; i < agent->looks[k].sightings.count; i++) {
			struct record *record = &agent->looks[k].sightings.items[i];

			/* Written only where it has to be: after a child was forked each page
			 * that is written to is copied. */
			if (record->observed != today)
				record->observed = today;
			records[count++] = record;
		}
	*ret_count = count;
	return records;
}

/* ---- keeping ---- */

static void forget_first(struct agent *agent)
{
	arena_release(&agent->unsaved[agent->unsaved_first].arena);
	agent->unsaved_first = (agent->unsaved_first + 1) % AGENT_UNSAVED_MAXIMUM;
	agent->unsaved_count--;
}

static void keep(struct agent *agent, const struct history_event *event)
{
	struct unsaved *one;

	/* One look can tell of more than wait: a long log that is read for the first time. */
	if (agent->unsaved_count == AGENT_UNSAVED_MAXIMUM && !agent->is_failing)
		agent_save(agent);
	if (agent->unsaved_count == AGENT_UNSAVED_MAXIMUM) {
		forget_first(agent);
		agent->counts.lost_events++;
	}
	one = &agent->unsaved[(agent->unsaved_first + agent->unsaved_count++) %
			      AGENT_UNSAVED_MAXIMUM];
	one->event = *event;
	one->event.about = arena_string(&one->arena, span_of(event->about));
	one->event.text = arena_string(&one->arena, span_of(event->text));
	one->event.action = arena_string(&one->arena, span_of(event->action));
}

/* What stood when the last agent ended. What only a new start of the kernel ends has ended when
 * there was one: then it stands until a look does not find it. */
static bool take_up(struct agent *agent, struct arena *arena, struct error *err)
{
	struct history_list list = { 0 };

	if (!history_standings(agent->history, arena, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct history_event *event = &list.items[i];
		const struct standing_past past = {
			.check = event->check,
			.about = event->about,
			.text = event->text,
			.action = event->action,
			.verdict = event->after,
			.since = event->time,
			.sticky = event->is_sticky && agent->boot[0] != '\0' &&
				  strcmp(event->boot, agent->boot) == 0,
		};

		standings_restore(&agent->standings, &past);
	}
	return true;
}

bool agent_open_history(struct agent *agent, struct error *err)
{
	const char *path = agent->request->history, *slash = strrchr(path, '/'), *note = NULL;
	const struct host here = { 0 };
	const char *folder;

	SCOPED_ARENA(arena);
	folder = arena_string(&arena, (struct span){ path, slash ? (size_t)(slash - path) : 0 });
	if (*folder && !host_make_folder(&here, folder, err))
		return false;
	if (!history_open(path, agent->request->history_bytes, &arena, &agent->history, &note, err))
		return false;
	if (note)
		agent_say(agent, 4, "%s", note);
	return take_up(agent, &arena, err);
}

static bool save_all(struct agent *agent, struct error *err)
{
	if (!agent->history && !agent_open_history(agent, err))
		return false;
	while (agent->unsaved_count > 0) {
		if (!history_add(agent->history, &agent->unsaved[agent->unsaved_first].event, err))
			return false;
		forget_first(agent);
	}
	return true;
}

void agent_save(struct agent *agent)
{
	struct error err = { 0 };
	bool failed;

	if (!agent->request->history || (agent->unsaved_count == 0 && agent->history))
		return;
	failed = !save_all(agent, &err);
	agent->counts.write_failures += failed;
	if (failed && !agent->is_failing)
		agent_say(agent, 3, "%s; it is tried again at each look", err.text);
	if (!failed && agent->is_failing)
		agent_say(agent, 5, "the history is written again");
	agent->is_failing = failed;
}

static void on_settled(void *context, const struct transition *transition)
{
	static const unsigned levels[] = {
		[VERDICT_PASS] = 5,    [VERDICT_WARN] = 4,           [VERDICT_FAIL] = 3,
		[VERDICT_UNKNOWN] = 5, [VERDICT_NOT_APPLICABLE] = 6, [VERDICT_STALE] = 5,
	};
	struct agent *agent = context;
	const struct history_event event = {
		.time = host_unix_time(agent->request->host),
		.boot = agent->boot,
		.check = transition->check,
		.about = transition->about,
		.before = transition->before,
		.after = transition->after,
		.is_sticky = transition->is_sticky,
		.text = transition->text,
		.action = transition->action,
	};

	agent->counts.events++;
	agent_say(agent, levels[transition->after], "%s %s%s%s: %s%s%s",
		  verdict_names[transition->after], transition->check,
		  *transition->about ? " " : "", transition->about, transition->text,
		  *transition->action ? "; do: " : "", transition->action);
	if (agent->request->history)
		keep(agent, &event);
}

/* ---- judging ---- */

/* The names of the checks that read the kernel's log. */
static const char *const *log_checks(struct arena *arena)
{
	const char **names = ARENA_ARRAY(arena, const char *, check_catalogue_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < check_catalogue_count; i++)
		if (standing_reads_log(check_catalogue[i].check))
			names[count++] = check_catalogue[i].name;
	return names;
}

static void on_later(uv_timer_t *timer)
{
	agent_judge(timer->data, false);
}

/* Judges again when the next pending change will have held long enough. */
static void plan_later(struct agent *agent, int64_t now)
{
	int64_t next = standings_next(&agent->standings);

	if (next == 0)
		(void)uv_timer_stop(&agent->later);
	else
		(void)uv_timer_start(&agent->later, on_later,
				     next > now ? (uint64_t)(next - now) * 1000 : 1000, 0);
}

void agent_judge(struct agent *agent, bool log_only)
{
	struct arena *arena = &agent->judging;
	int64_t now = host_unix_time(agent->request->host);
	struct check_input input = {
		.handbook = agent->settings.handbook,
		.today = date_from_unix(now),
		.not_before = DATE_NONE,
	};
	struct checkup checkup;

	/* Before the first look only the log is known, and not even of what machine it is. */
	if (agent->counts.last_full == 0)
		return;
	arena_clear(arena);
	input.records = gather(agent, input.today, arena, &input.count);
	check_prepare(&input, arena);
	if (input.machine_count == 0)
		return;
	input.machine = &input.machines[input.machine_count - 1];
	checkup_run(&input, PROFILE_FULL, log_only ? log_checks(arena) : NULL, arena, &checkup);
	if (!log_only)
		agent->has_told = checkup.checks[VERDICT_PASS] + checkup.checks[VERDICT_WARN] > 0;
	standings_take(&agent->standings, &checkup, now, on_settled, agent);
	agent_save(agent);
	plan_later(agent, now);
}

bool agent_is_current(const struct agent *agent)
{
	int64_t age = host_unix_time(agent->request->host) - agent->counts.last_full;

	return agent->counts.last_full > 0 &&
	       age <= LOOKS_MISSED * (int64_t)agent->settings.full_s +
			       agent->settings.call_limit_ns / 1000000000 * 100;
}

enum verdict agent_gate(const struct agent *agent)
{
	enum verdict gate = standings_gate(&agent->standings);

	if (!agent->has_told || !agent_is_current(agent))
		return verdict_worse(gate, VERDICT_UNKNOWN);
	return gate;
}
