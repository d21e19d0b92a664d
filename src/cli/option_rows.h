/*
 * The rows behind the options of all subcommands: which commands take one, what it is called, and
 * where plain values go. options.c reads words by it, and nothing else looks here.
 */
#pragma once

#include <argp.h>

#include "cli/options.h"

enum option_key {
	KEY_STANDARD = 0x100,
	KEY_EVIDENCE,
	KEY_PROFILE,
	KEY_AS_OF,
	KEY_SEED,
	KEY_DRAWS,
	KEY_THREADS,
	KEY_FORMAT,
	KEY_AGAINST,
	KEY_COLOR,
	KEY_LINT,
	KEY_PROVIDER,
	KEY_CRITERION,
	KEY_TO,
	KEY_OUTPUT,
	KEY_QUIET,
	KEY_ROOT,
	KEY_GOLDEN,
	KEY_BUNDLE,
	KEY_KEY,
	KEY_NONCE,
	KEY_PRODUCT,
	KEY_REGION,
	KEY_GPU,
	KEY_CLUSTER,
	KEY_NODE,
	KEY_INTERVAL,
	KEY_TIMEOUT,
	KEY_ALL,
	KEY_LIST,
	KEY_TRUST,
	KEY_PROGRAMS,
	KEY_CONFIG,
	KEY_SOURCE,
	KEY_RATES,
	KEY_OBSERVED,
	KEY_REFUSED,
	KEY_SERIES,
	KEY_RESTATE,
	KEY_PRESET,
	KEY_FORM,
	KEY_RENTAL,
	KEY_TERM,
	KEY_TIER,
	KEY_METHOD,
	KEY_GPUS,
	KEY_HOURS,
	KEY_DEADLINE,
	KEY_MINIMUM_GRADE,
	KEY_MARKET,
	KEY_NEED,
	KEY_EFFECTIVE,
	KEY_SET,
	KEY_NETWORK,
	KEY_WINDOW,
	KEY_STEP,
	KEY_CONSENT,
	KEY_DURATION,
	KEY_FOLDER,
	KEY_BUCKET,
	KEY_PEER,
	KEY_COMMANDS,
	KEY_MEET,
	KEY_RANK,
	KEY_RANKS,
	KEY_HEAT_LIMIT,
	KEY_SAMPLES,
	KEY_CLAIMS,
	KEY_IMPORT,
	KEY_COHORT,
	KEY_RECORDS,
	KEY_STORE,
	KEY_ADDRESS,
	KEY_PORT,
	KEY_TLS_MAKE,
	KEY_TLS_CERTIFICATE,
	KEY_TLS_KEY,
	KEY_REQUEST_RATE,
	KEY_PATIENCE,
	KEY_LOG_REQUESTS,
	KEY_URL,
	KEY_TOKEN_FILE,
	KEY_IDENTITY,
	KEY_PIN,
	KEY_CODE,
	KEY_KNOWN_AT,
	KEY_PUBLISH,
	KEY_STREAM,
	KEY_PARTY,
	KEY_SCOPE,
	KEY_LIBRARY,
	KEY_LOG,
	KEY_DEVICE,
	KEY_OWN,
	KEY_FABRIC_QUESTIONS,
	KEY_EXPIRES,
	KEY_METADATA,
	KEY_LABEL_PREFIX,
	KEY_BLOCK_SIZE,
	KEY_JOIN,
	KEY_BETWEEN,
	KEY_HOSTS,
	KEY_LAUNCH,
	KEY_WITH,
	KEY_DEVICES,
	KEY_RAILS,
	KEY_FABRIC,
	KEY_SLOW,
	KEY_EXPECT,
	KEY_ROUNDS,
	KEY_SECONDS,
	KEY_FIRST_PORT,
	KEY_SWEEP_WINDOW,
	KEY_HOPS,
	KEY_COUNTERS,
};

struct shared_option {
	uint64_t share; /* 0: of every command */
	struct argp_option option;
};

enum {
	OPTION_ROWS_MAXIMUM = 320,
};

extern const struct shared_option option_rows[];
extern const size_t option_row_count; /* at most OPTION_ROWS_MAXIMUM */

/* Takes the word of an option that is a name, a flag or a whole number within bounds, and of one
 * that may be given again and again; false when the key is of another kind. What is out of bounds
 * ends the process as argp_error() does. */
bool option_take_plain(int key, const char *word, struct options *options,
		       struct argp_state *state);

/* The whole number, within bounds; else argp_error(). */
uint64_t option_number(const char *word, const char *name, uint64_t minimum, uint64_t maximum,
		       struct argp_state *state);
