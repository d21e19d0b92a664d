#include "fleet/agent.h"

#include <stdio.h>

#include "base/yaml.h"
#include "cli/node.h"
#include "store/history.h"

enum {
	CONFIG_MAXIMUM = 1 << 20,
	PACE_MINIMUM_S = 1,
	PACE_MAXIMUM_S = 86400,
	PORT_MAXIMUM = 65535,
	HISTORY_MAXIMUM_MIB = 16384,
};

static const char default_config[] = "/etc/assay.yaml";
static const char default_history[] = "/var/lib/assay/history.db";

/* What the file says, or the defaults. */
struct config {
	const char *history, *address;
	uint64_t history_mib, port, counters_s, full_s;
	bool trust_user_space;
};

/* What a reload needs. */
struct context {
	const struct session *session;
	const struct host *host;
};

/* A field that holds a whole number, and the range that it has. */
struct number_field {
	const char *key;
	uint64_t minimum, maximum;
	uint64_t *into;
};

static bool take_number(const struct node *map, const char *file, const struct number_field *field,
			struct error *err)
{
	const struct node *node = node_find(map, field->key);
	uint64_t number;

	if (!node)
		return true;
	if (!span_to_u64(node->text, &number) || number < field->minimum || number > field->maximum)
		return node_fail(node, file, err, ERROR_INVALID,
				 "'%s' is a whole number from %llu to %llu", field->key,
				 (unsigned long long)field->minimum,
				 (unsigned long long)field->maximum);
	*field->into = number;
	return true;
}

static void take_text(const struct node *map, const char *key, struct arena *arena,
		      const char **ret_text)
{
	const struct node *node = node_find(map, key);

	if (node)
		*ret_text = node->text.length > 0 ? arena_string(arena, node->text) : NULL;
}

static bool read_agent(const struct node *map, const char *file, struct arena *arena,
		       struct config *config, struct error *err)
{
	static const struct node_field fields[] = {
		{ "counters", NODE_SCALAR, false },         { "full", NODE_SCALAR, false },
		{ "history", NODE_SCALAR, false },          { "history_mib", NODE_SCALAR, false },
		{ "address", NODE_SCALAR, false },          { "port", NODE_SCALAR, false },
		{ "trust_user_space", NODE_SCALAR, false },
	};
	const struct number_field numbers[] = {
		{ "counters", PACE_MINIMUM_S, PACE_MAXIMUM_S, &config->counters_s },
		{ "full", PACE_MINIMUM_S, PACE_MAXIMUM_S, &config->full_s },
		{ "history_mib", 1, HISTORY_MAXIMUM_MIB, &config->history_mib },
		{ "port", 0, PORT_MAXIMUM, &config->port },
	};
	const struct node *trust = node_find(map, "trust_user_space");

	if (!node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!take_number(map, file, &numbers[i], err))
			return false;
	take_text(map, "history", arena, &config->history);
	take_text(map, "address", arena, &config->address);
	if (trust && !span_is(trust->text, "true") && !span_is(trust->text, "false"))
		return node_fail(trust, file, err, ERROR_INVALID,
				 "'trust_user_space' is true or false");
	config->trust_user_space = trust && span_is(trust->text, "true");
	return true;
}

static bool read_config(const struct session *session, struct arena *arena,
			struct config *ret_config, struct error *err)
{
	static const struct node_field fields[] = { { "agent", NODE_MAP, false } };
	const char *path = session->options->config ? session->options->config : default_config;
	struct config config = {
		.history = default_history,
		.history_mib = HISTORY_BYTES_DEFAULT >> 20,
		.address = "127.0.0.1",
		.port = AGENT_PORT,
		.counters_s = AGENT_COUNTERS_S,
		.full_s = AGENT_FULL_S,
	};
	const struct node *root, *agent;
	struct span text;

	if (!session->options->config && host_kind(session->host, path) == HOST_NOTHING) {
		*ret_config = config;
		return true;
	}
	if (!host_read(session->host, path, CONFIG_MAXIMUM, arena, &text, err) ||
	    !yaml_read(text, path, arena, &root, err) || !node_expect(root, path, fields, 1, err))
		return false;
	agent = node_find(root, "agent");
	if (agent && !read_agent(agent, path, arena, &config, err))
		return false;
	*ret_config = config;
	return true;
}

static bool make_settings(const struct session *session, const struct host *host,
			  const struct config *config, struct arena *arena,
			  struct agent_settings *ret_settings, struct error *err)
{
	struct session own = *session;
	struct handbook *handbook = ARENA_NEW(arena, struct handbook);
	struct agent_settings settings = {
		.handbook = handbook,
		.counters_s = (unsigned)config->counters_s,
		.full_s = (unsigned)config->full_s,
		.trust_user_space = config->trust_user_space || session->options->trust_user_space,
		.call_limit_ns = (int64_t)session->options->timeout_ms * 1000000,
	};

	own.arena = arena;
	if (!load_handbook(&own, handbook, err) ||
	    !node_subject(&own, host, &settings.subject, err))
		return false;
	*ret_settings = settings;
	return true;
}

static bool reload(void *context, struct arena *arena, struct agent_settings *ret_settings,
		   struct error *err)
{
	const struct context *from = context;
	struct config config;

	return read_config(from->session, arena, &config, err) &&
	       make_settings(from->session, from->host, &config, arena, ret_settings, err);
}

/* To standard error, whole lines at once, for journald or a terminal. */
static void say(void *context, const char *line)
{
	(void)context;
	(void)fprintf(stderr, "%s\n", line);
}

static int run(const struct session *session, struct error *err)
{
	struct context context = { .session = session };
	struct agent_request request = { .reload = reload, .log = say, .context = &context };
	struct config config;
	struct host host;

	if (!node_open(session, &host, err) ||
	    !read_config(session, session->arena, &config, err) ||
	    !make_settings(session, &host, &config, session->arena, &request.settings, err))
		return STATUS_ERROR;
	context.host = &host;
	request.host = &host;
	request.history = config.history;
	request.history_bytes = config.history_mib << 20;
	request.address = config.address;
	request.port = (unsigned)config.port;
	return agent_run(&request, err) ? STATUS_GOOD : STATUS_ERROR;
}

const struct command command_agent = {
	.name = "agent",
	.arguments = "",
	.summary = "watch this machine for ever",
	.text = "Waits for the kernel's news, looks again at a steady pace, judges, keeps what "
		"changed, "
		"and serves it as /metrics and /findings on a loopback address. It changes "
		"nothing. "
		"Settings stand in /etc/assay.yaml; SIGHUP reads them anew, SIGTERM ends it.",
	.options = TAKES_MACHINE | TAKES_SUBJECT | TAKES_CONFIG,
	.arguments_minimum = 0,
	.arguments_maximum = 0,
	.run = run,
};
