#include "fleet/parts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/notify.h"
#include "host/system.h"
#include "host/watch.h"

enum {
	LINE_MAXIMUM = 1000,
	MS_PER_S = 1000,
	NS_PER_MS = 1000000,
	NEWS_DELAY_MS = 1000, /* a flood of news is one look */
	NEWS_REST_S = 5,      /* and there is no more than one in so long */
	LOG_REST_MS = 500,    /* after a look at the log, and */
	LOG_REST_FACTOR = 20, /* so many times what it took: a log that never ends takes a
				 twentieth of a processor */
	LOG_REST_LONGEST_MS = 30000,
};

void agent_say(struct agent *agent, unsigned level, const char *format, ...)
{
	char text[LINE_MAXIMUM], line[LINE_MAXIMUM + 8];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	(void)snprintf(line, sizeof(line), "<%u>%s", level, text);
	agent->request->log(agent->request->context, line);
}

/* ---- the kernel's log ---- */

static void on_line(void *context, const struct kernel_line *line)
{
	struct agent *agent = context;

	(void)line;
	agent->log_matters = true;
}

static void look_at_log(struct agent *agent)
{
	uint64_t began = uv_hrtime();

	agent->log_matters = false;
	agent_look_at_log(agent);
	agent->log_ended_ns = uv_hrtime();
	agent->log_took_ns = agent->log_ended_ns - began;
	agent->counts.log_seconds = (double)(agent->log_ended_ns - agent->log_line_ns) / 1e9;
}

static void on_log_rested(uv_timer_t *timer)
{
	look_at_log(timer->data);
}

/* The first line of interest is looked at at once, those of a storm together. */
static void want_log(struct agent *agent)
{
	uint64_t rest_ms = agent->log_took_ns / NS_PER_MS * LOG_REST_FACTOR;
	uint64_t since_ms = (uv_hrtime() - agent->log_ended_ns) / NS_PER_MS;

	if (uv_is_active((uv_handle_t *)&agent->log_rest))
		return;
	rest_ms = rest_ms < LOG_REST_MS ? LOG_REST_MS : rest_ms;
	rest_ms = rest_ms > LOG_REST_LONGEST_MS ? LOG_REST_LONGEST_MS : rest_ms;
	if (since_ms >= rest_ms)
		look_at_log(agent);
	else
		(void)uv_timer_start(&agent->log_rest, on_log_rested, rest_ms - since_ms, 0);
}

static void scan_news_of_log(struct agent *agent)
{
	struct kernel_scan scan = {
		.trust_user_space = agent->settings.trust_user_space,
		.found = on_line,
		.context = agent,
	};
	size_t length = 0;

	do {
		size_t room = KMSG_PIECE_SIZE - agent->kmsg_kept, used, all;

		if (!kmsg_read(&agent->kmsg, agent->kmsg_piece + agent->kmsg_kept, room, &length,
			       NULL))
			break;
		all = agent->kmsg_kept + length;
		used = kernel_scan(&scan, (struct span){ agent->kmsg_piece, all });
		agent->kmsg_kept = all - used;
		if (agent->kmsg_kept > KMSG_PIECE_SIZE - KMSG_RECORD_MAXIMUM)
			agent->kmsg_kept = 0; /* no record is so long */
		memmove(agent->kmsg_piece, agent->kmsg_piece + used, agent->kmsg_kept);
	} while (length > 0);
}

static void on_kmsg(uv_poll_t *poll, int status, int events)
{
	struct agent *agent = poll->data;
	uint64_t lost = kmsg_lost(&agent->kmsg);

	(void)events;
	if (!agent->log_matters)
		agent->log_line_ns = uv_hrtime();
	scan_news_of_log(agent);
	/* Records that were overwritten unread may have been of interest: what is left of the log
	 * tells. The kernel reports that as an error, on which the loop stops to wait. */
	if (kmsg_lost(&agent->kmsg) != lost)
		agent->log_matters = true;
	if (status != 0)
		(void)uv_poll_start(&agent->kmsg_poll, UV_READABLE | UV_PRIORITIZED, on_kmsg);
	if (agent->log_matters)
		want_log(agent);
}

static void watch_log(struct agent *agent)
{
	struct error err = { 0 };

	agent->kmsg_open = kmsg_open(agent->request->host, true, &agent->arena, &agent->kmsg, &err);
	if (!agent->kmsg_open) {
		agent_say(agent, 4, "%s; the log is read at each full look instead", err.text);
		return;
	}
	if (kmsg_descriptor(&agent->kmsg) < 0 ||
	    uv_poll_init(&agent->loop, &agent->kmsg_poll, kmsg_descriptor(&agent->kmsg)) != 0)
		return;
	agent->kmsg_poll.data = agent;
	agent->kmsg_polled =
		uv_poll_start(&agent->kmsg_poll, UV_READABLE | UV_PRIORITIZED, on_kmsg) == 0;
}

/* ---- news of links and devices ---- */

static void on_news_settled(uv_timer_t *timer)
{
	agent_say(timer->data, 7, "the kernel has news: looking again");
	agent_look_now(timer->data, true);
}

static void on_news(uv_poll_t *poll, int status, int events)
{
	struct agent *agent = poll->data;
	enum host_news news = poll == &agent->news_polls[0] ? HOST_NEWS_LINKS : HOST_NEWS_DEVICES;
	int64_t since = host_unix_time(agent->request->host) - agent->counts.last_full;
	uint64_t delay = since >= 0 && since < NEWS_REST_S
				 ? (uint64_t)(NEWS_REST_S - since) * MS_PER_S
				 : NEWS_DELAY_MS;

	(void)events;
	if (status != 0) /* news were lost; the socket goes on */
		(void)uv_poll_start(poll, UV_READABLE, on_news);
	if (host_watch_read(agent->news_files[news], news) &&
	    !uv_is_active((uv_handle_t *)&agent->news))
		(void)uv_timer_start(&agent->news, on_news_settled, delay, 0);
}

static void watch_news(struct agent *agent)
{
	for (unsigned i = 0; i < 2; i++) {
		struct error err = { 0 };

		agent->news_files[i] = host_watch(agent->request->host, (enum host_news)i, &err);
		if (agent->news_files[i] < 0) {
			agent_say(agent, 5, "%s; changes are seen at the next look", err.text);
			continue;
		}
		if (uv_poll_init(&agent->loop, &agent->news_polls[i], agent->news_files[i]) != 0)
			continue;
		agent->news_polls[i].data = agent;
		(void)uv_poll_start(&agent->news_polls[i], UV_READABLE, on_news);
	}
}

/* ---- pace ---- */

static unsigned pace_s(const struct agent *agent)
{
	const struct agent_settings *settings = &agent->settings;

	return settings->counters_s < settings->full_s ? settings->counters_s : settings->full_s;
}

static void on_pace(uv_timer_t *timer)
{
	struct agent *agent = timer->data;
	int64_t since = host_unix_time(agent->request->host) - agent->counts.last_full;
	/* The nearest pace, not the one behind it; and a clock that was set back has to end, too.
	 */
	bool full = since < 0 || since + pace_s(agent) / 2 >= (int64_t)agent->settings.full_s;

	if (full && !agent->kmsg_polled)
		agent_look_at_log(agent);
	agent_look_now(agent, full);
}

static void set_pace(struct agent *agent)
{
	uint64_t pace_ms = (uint64_t)pace_s(agent) * MS_PER_S;

	(void)uv_timer_start(&agent->pace, on_pace, pace_ms, pace_ms);
}

/* ---- signals ---- */

static void close_handle(uv_handle_t *handle, void *context)
{
	(void)context;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void reload(struct agent *agent)
{
	struct agent_settings settings = agent->settings;
	struct arena arena = { 0 };
	struct error err = { 0 };

	(void)notify_reloading();
	if (!agent->request->reload(agent->request->context, &arena, &settings, &err)) {
		agent_say(agent, 3, "reload: %s; the old settings stay", err.text);
		arena_release(&arena);
		(void)notify_send("READY=1");
		return;
	}
	/* Looks and standings have copies of what they need of the old ones. */
	arena_release(&agent->settings_arena);
	agent->settings_arena = arena;
	agent->settings = settings;
	set_pace(agent);
	agent_say(agent, 6, "reloaded: counters every %u s, all every %u s", settings.counters_s,
		  settings.full_s);
	(void)notify_send("READY=1");
	agent_look_at_log(agent);
	agent_look_now(agent, true);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct agent *agent = handle->data;

	if (number == SIGHUP) {
		reload(agent);
		return;
	}
	agent_say(agent, 6, "ending on signal %d", number);
	uv_stop(&agent->loop);
}

static bool watch_signals(struct agent *agent)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

	for (unsigned i = 0; i < 3; i++) {
		agent->signals[i].data = agent;
		if (uv_signal_init(&agent->loop, &agent->signals[i]) != 0 ||
		    uv_signal_start(&agent->signals[i], on_signal, numbers[i]) != 0)
			return false;
	}
	return true;
}

/* ---- beginning and end ---- */

static void on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	(void)notify_send("WATCHDOG=1");
}

static void begin_watchdog(struct agent *agent)
{
	uint64_t pace_ms = notify_watchdog_ms() / 2;

	if (pace_ms > 0)
		(void)uv_timer_start(&agent->watchdog, on_watchdog, pace_ms, pace_ms);
}

/* A full disk is no reason not to watch. */
static bool begin_history(struct agent *agent, struct error *err)
{
	struct error own = { 0 };

	if (!agent->request->history || agent_open_history(agent, &own))
		return true;
	if (own.code != ERROR_LIMIT)
		return fail(err, own.code,
			    "%s; name another file as 'history' in the settings, or an empty one "
			    "to keep none",
			    own.text);
	agent_say(agent, 3, "%s; it is tried again at each look", own.text);
	agent->is_failing = true;
	return true;
}

static bool start(struct agent *agent, struct error *err)
{
	const struct agent_request *request = agent->request;

	agent->boot = host_boot_id(request->host, &agent->arena);
	agent->kmsg_piece = arena_take(&agent->arena, KMSG_PIECE_SIZE);
	if (!watch_signals(agent))
		return fail(err, ERROR_IO, "signals cannot be watched");
	if (!begin_history(agent, err))
		return false;
	if (request->address) {
		agent->server = server_start(agent, request->address, request->port, err);
		if (!agent->server)
			return false;
	}
	for (unsigned i = 0; i < 6; i++) {
		uv_timer_t *const timers[] = { &agent->pace, &agent->patience, &agent->later,
					       &agent->news, &agent->log_rest, &agent->watchdog };

		(void)uv_timer_init(&agent->loop, timers[i]);
		timers[i]->data = agent;
	}
	/* From now on the log is followed; what it held before is read after that, so nothing falls
	 * between. */
	watch_log(agent);
	watch_news(agent);
	agent_look_at_log(agent);
	agent_look_now(agent, true);
	set_pace(agent);
	begin_watchdog(agent);
	(void)notify_send("READY=1");
	return true;
}

static void end(struct agent *agent)
{
	(void)notify_send("STOPPING=1");
	if (agent->unsaved_count > 0)
		agent_save(agent);
	agent_end_workers(agent);
	server_stop(agent->server);
	uv_walk(&agent->loop, close_handle, NULL);
	(void)uv_run(&agent->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&agent->loop);
	if (agent->kmsg_open)
		kmsg_close(&agent->kmsg);
	for (unsigned i = 0; i < 2; i++)
		if (agent->news_files[i] >= 0)
			(void)close(agent->news_files[i]);
	history_close(agent->history);
	standings_release(&agent->standings);
	for (unsigned i = 0; i < LOOK_COUNT; i++)
		arena_release(&agent->looks[i].arena);
	arena_release(&agent->fresh.arena);
	for (unsigned i = 0; i < AGENT_UNSAVED_MAXIMUM; i++)
		arena_release(&agent->unsaved[i].arena);
	arena_release(&agent->cycle);
	arena_release(&agent->asking);
	arena_release(&agent->judging);
	arena_release(&agent->settings_arena);
	arena_release(&agent->arena);
	free(agent->server);
	free(agent);
}

bool agent_run(const struct agent_request *request, struct error *err)
{
	struct agent *agent = calloc(1, sizeof(*agent));
	bool started;

	if (!agent)
		memory_exhausted(sizeof(*agent));
	agent->request = request;
	agent->settings = request->settings;
	agent->news_files[0] = agent->news_files[1] = -1;
	if (uv_loop_init(&agent->loop) != 0) {
		free(agent);
		return fail(err, ERROR_IO, "no event loop can be had");
	}
	started = start(agent, err);
	if (started)
		(void)uv_run(&agent->loop, UV_RUN_DEFAULT);
	end(agent);
	return started;
}
