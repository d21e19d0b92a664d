#include "cli/option_rows.h"

#include <stddef.h>

enum {
	INTERVAL_MAXIMUM_S = 86400,
	DAYS_MAXIMUM = 3660,
	RANKS_MAXIMUM = 1 << 16,
	BLOCK_MAXIMUM = 1 << 18,
	SWEEP_WINDOW_MAXIMUM = 1024,
	HOPS_MAXIMUM = 63,
	QUESTIONS_MAXIMUM = 1000000,
	TIMEOUT_MAXIMUM_MS = 600000,
	ROUNDS_MAXIMUM = 1000,
	SECONDS_MAXIMUM = 600,
	FIRST_PORT_MAXIMUM = 65000,
};

/* Where the words of options go. */
static const struct {
	int key;
	size_t place; /* of a const char * in struct options */
} places[] = {
	{ KEY_SOURCE, offsetof(struct options, source) },
	{ KEY_RATES, offsetof(struct options, rates) },
	{ KEY_REFUSED, offsetof(struct options, refused) },
	{ KEY_SERIES, offsetof(struct options, series) },
	{ KEY_RESTATE, offsetof(struct options, restate) },
	{ KEY_PRESET, offsetof(struct options, preset) },
	{ KEY_FORM, offsetof(struct options, form) },
	{ KEY_RENTAL, offsetof(struct options, rental) },
	{ KEY_TERM, offsetof(struct options, term) },
	{ KEY_TIER, offsetof(struct options, tier) },
	{ KEY_METHOD, offsetof(struct options, method) },
	{ KEY_GPUS, offsetof(struct options, gpus) },
	{ KEY_HOURS, offsetof(struct options, hours) },
	{ KEY_DEADLINE, offsetof(struct options, deadline) },
	{ KEY_MINIMUM_GRADE, offsetof(struct options, minimum_grade) },
	{ KEY_MARKET, offsetof(struct options, market) },
	{ KEY_NEED, offsetof(struct options, need) },
	{ KEY_EFFECTIVE, offsetof(struct options, effective) },
	{ KEY_CONFIG, offsetof(struct options, config) },
	{ KEY_ROOT, offsetof(struct options, root) },
	{ KEY_GOLDEN, offsetof(struct options, golden) },
	{ KEY_BUNDLE, offsetof(struct options, bundle) },
	{ KEY_KEY, offsetof(struct options, key) },
	{ KEY_NONCE, offsetof(struct options, nonce) },
	{ KEY_PRODUCT, offsetof(struct options, product) },
	{ KEY_REGION, offsetof(struct options, region) },
	{ KEY_GPU, offsetof(struct options, gpu) },
	{ KEY_CLUSTER, offsetof(struct options, cluster) },
	{ KEY_NODE, offsetof(struct options, node) },
	{ KEY_CONSENT, offsetof(struct options, consent) },
	{ KEY_HOSTS, offsetof(struct options, hosts) },
	{ KEY_LAUNCH, offsetof(struct options, launch) },
	{ KEY_WITH, offsetof(struct options, tool) },
	{ KEY_DEVICES, offsetof(struct options, devices) },
	{ KEY_RAILS, offsetof(struct options, rails) },
	{ KEY_BUCKET, offsetof(struct options, bucket) },
	{ KEY_PEER, offsetof(struct options, peer) },
	{ KEY_COMMANDS, offsetof(struct options, commands) },
	{ KEY_MEET, offsetof(struct options, meeting) },
	{ KEY_SAMPLES, offsetof(struct options, samples) },
	{ KEY_CLAIMS, offsetof(struct options, claims) },
	{ KEY_STANDARD, offsetof(struct options, standard) },
	{ KEY_AGAINST, offsetof(struct options, against) },
	{ KEY_PROVIDER, offsetof(struct options, provider) },
	{ KEY_CRITERION, offsetof(struct options, criterion) },
	{ KEY_TO, offsetof(struct options, to) },
	{ KEY_OUTPUT, offsetof(struct options, output) },
	{ KEY_STORE, offsetof(struct options, store) },
	{ KEY_ADDRESS, offsetof(struct options, address) },
	{ KEY_TLS_MAKE, offsetof(struct options, tls_make) },
	{ KEY_TLS_CERTIFICATE, offsetof(struct options, tls_certificate) },
	{ KEY_TLS_KEY, offsetof(struct options, tls_key) },
	{ KEY_URL, offsetof(struct options, to) },
	{ KEY_TOKEN_FILE, offsetof(struct options, token_file) },
	{ KEY_IDENTITY, offsetof(struct options, identity) },
	{ KEY_PIN, offsetof(struct options, pin) },
	{ KEY_CODE, offsetof(struct options, code) },
	{ KEY_STREAM, offsetof(struct options, stream) },
	{ KEY_PARTY, offsetof(struct options, party) },
	{ KEY_SCOPE, offsetof(struct options, scope) },
	{ KEY_LABEL_PREFIX, offsetof(struct options, label_prefix) },
	{ KEY_LIBRARY, offsetof(struct options, library) },
	{ KEY_LOG, offsetof(struct options, log) },
	{ KEY_DEVICE, offsetof(struct options, device) },
	{ KEY_OWN, offsetof(struct options, own) },
	{ KEY_BETWEEN, offsetof(struct options, between) },
};

static const struct {
	int key;
	size_t place; /* of a bool */
} flags[] = {
	{ KEY_METADATA, offsetof(struct options, metadata) },
	{ KEY_LINT, offsetof(struct options, lint) },
	{ KEY_QUIET, offsetof(struct options, quiet) },
	{ KEY_RECORDS, offsetof(struct options, records) },
	{ KEY_LOG_REQUESTS, offsetof(struct options, log_requests) },
	{ KEY_ALL, offsetof(struct options, all) },
	{ KEY_LIST, offsetof(struct options, list) },
	{ KEY_TRUST, offsetof(struct options, trust_user_space) },
	{ KEY_PROGRAMS, offsetof(struct options, run_programs) },
	{ KEY_JOIN, offsetof(struct options, join) },
	{ KEY_COUNTERS, offsetof(struct options, counters) },
	{ KEY_PUBLISH, offsetof(struct options, publish) },
};

static const struct {
	int key;
	const char *name;
	uint64_t minimum, maximum;
	size_t place; /* of a uint64_t */
} numbers[] = {
	{ KEY_WINDOW, "window", 1, DAYS_MAXIMUM, offsetof(struct options, window_days) },
	{ KEY_STEP, "step", 1, DAYS_MAXIMUM, offsetof(struct options, step_days) },
	{ KEY_SEED, "seed", 0, INT64_MAX, offsetof(struct options, seed) },
	{ KEY_INTERVAL, "interval", 1, INTERVAL_MAXIMUM_S, offsetof(struct options, interval_s) },
	{ KEY_TIMEOUT, "timeout", 1, TIMEOUT_MAXIMUM_MS, offsetof(struct options, timeout_ms) },
	{ KEY_RANK, "rank", 0, RANKS_MAXIMUM - 1, offsetof(struct options, rank) },
	{ KEY_RANKS, "ranks", 1, RANKS_MAXIMUM, offsetof(struct options, ranks) },
	{ KEY_PORT, "port", 0, UINT16_MAX, offsetof(struct options, port) },
	{ KEY_PATIENCE, "patience", 1, INTERVAL_MAXIMUM_S, offsetof(struct options, patience_s) },
	{ KEY_HEAT_LIMIT, "heat-limit", 30, 120, offsetof(struct options, heat_limit_c) },
	{ KEY_FABRIC_QUESTIONS, "questions", 1, QUESTIONS_MAXIMUM,
	  offsetof(struct options, questions) },
	{ KEY_SWEEP_WINDOW, "window", 1, SWEEP_WINDOW_MAXIMUM, offsetof(struct options, window) },
	{ KEY_HOPS, "hops", 1, HOPS_MAXIMUM, offsetof(struct options, hops) },
	{ KEY_BLOCK_SIZE, "block-size", 1, BLOCK_MAXIMUM, offsetof(struct options, block_size) },
	{ KEY_ROUNDS, "rounds", 1, ROUNDS_MAXIMUM, offsetof(struct options, rounds) },
	{ KEY_SECONDS, "seconds", 1, SECONDS_MAXIMUM, offsetof(struct options, seconds) },
	{ KEY_FIRST_PORT, "port", 1024, FIRST_PORT_MAXIMUM, offsetof(struct options, first_port) },
};

uint64_t option_number(const char *word, const char *name, uint64_t minimum, uint64_t maximum,
		       struct argp_state *state)
{
	uint64_t number = 0;

	if (!span_to_u64(span_of(word), &number) || number < minimum || number > maximum)
		argp_error(state, "--%s %s: give a whole number from %llu to %llu", name, word,
			   (unsigned long long)minimum, (unsigned long long)maximum);
	return number;
}

static void *at(struct options *options, size_t place)
{
	return (char *)options + place;
}

static bool take_word(int key, const char *word, struct options *options, struct argp_state *state)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (places[i].key != key)
			continue;
		if (word[0] == '\0')
			argp_error(state, "an option has an empty name; leave it out or give one");
		*(const char **)at(options, places[i].place) = word;
		return true;
	}
	return false;
}

static bool take_flag(int key, struct options *options)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (flags[i].key != key)
			continue;
		*(bool *)at(options, flags[i].place) = true;
		return true;
	}
	return false;
}

static bool take_number(int key, const char *word, struct options *options,
			struct argp_state *state)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].key != key)
			continue;
		*(uint64_t *)at(options, numbers[i].place) = option_number(
			word, numbers[i].name, numbers[i].minimum, numbers[i].maximum, state);
		return true;
	}
	return false;
}

/* Options that may be given again and again. */
static bool add_to_list(int key, const char *word, struct options *options)
{
	const struct {
		int key;
		const char **list;
		size_t *count;
	} lists[] = {
		{ KEY_EVIDENCE, options->evidence, &options->evidence_count },
		{ KEY_SET, options->assignments, &options->assignment_count },
		{ KEY_NETWORK, options->networks, &options->network_count },
		{ KEY_FOLDER, options->folders, &options->folder_count },
		{ KEY_FABRIC, options->fabrics, &options->fabric_count },
		{ KEY_IMPORT, options->imports, &options->import_count },
		{ KEY_COHORT, options->cohort, &options->cohort_count },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (lists[i].key != key)
			continue;
		lists[i].list[(*lists[i].count)++] = word;
		return true;
	}
	return false;
}

bool option_take_plain(int key, const char *word, struct options *options, struct argp_state *state)
{
	return add_to_list(key, word, options) || take_flag(key, options) ||
	       take_number(key, word, options, state) || take_word(key, word, options, state);
}
