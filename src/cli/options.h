/*
 * The options of all subcommands: one table, from which each takes its share. What the shell
 * completes and what the manual pages are checked against comes from the same table.
 */
#pragma once

#include "base/date.h"
#include "base/text.h"
#include "report/report.h"

struct command;

enum option_share {
	TAKES_STANDARD = 1 << 0,
	TAKES_EVIDENCE = 1 << 1,
	TAKES_RATING = 1 << 2, /* day, profile, draws, seed, threads */
	TAKES_FORMAT = 1 << 3,
	TAKES_AGAINST = 1 << 4,
	TAKES_LINT = 1 << 5,
	TAKES_RECORDS = 1 << 6, /* which records are meant */
	TAKES_TO = 1 << 7,
	TAKES_OUTPUT = 1 << 8,
	TAKES_MACHINE = 1 << 9,  /* which machine is looked at, and how */
	TAKES_SUBJECT = 1 << 10, /* what the machine is a part of */
	TAKES_CHECKUP = 1 << 11, /* which checks, and what becomes of their result */
	TAKES_CHECK_FORMAT = 1 << 12,
	TAKES_GOLDEN = 1 << 13,
	TAKES_PLAIN_FORMAT = 1 << 14, /* table or json */
	TAKES_CONFIG = 1 << 15,
	TAKES_QUOTES = 1 << 16,              /* how files of prices are read */
	TAKES_KEY = 1 << 17,                 /* which quotes are meant */
	TAKES_IMPORT = 1 << 18,              /* where what was read and refused goes */
	TAKES_INDEX = 1 << 19,               /* how a level is made of quotes */
	TAKES_SERIES = 1 << 20,              /* where published values are kept */
	TAKES_MODEL = 1 << 21,               /* parameters of a model */
	TAKES_DRAWS = 1 << 22,               /* draws, seed and threads of what is no rating */
	TAKES_NEED = 1 << 23,                /* what a job needs */
	TAKES_SITE = 1 << 27,                /* what the market page of a site shows */
	TAKES_TABLE_FORMAT = 1 << 24,        /* table, json, csv or markdown, without a rating */
	TAKES_RIVAL = 1 << 25,               /* the GPU that another is held against */
	TAKES_NETWORK = 1 << 26,             /* which networks are compared */
	TAKES_TEST = 1 << 28,                /* what is loaded, how long and under which consent */
	TAKES_STORE = 1 << 29,               /* which store, and as it was known when */
	TAKES_KEEPING = 1 << 30,             /* what is done to a store */
	TAKES_SERVE = 1ll << 32,             /* where and how it is served */
	TAKES_REMOTE = 1ll << 33,            /* a server elsewhere, and who asks it */
	TAKES_ENROL = 1ll << 34,             /* the code that lets an agent in */
	TAKES_QUESTIONS = 1ll << 36,         /* what customers are asked, and about whom */
	TAKES_OPINIONS = 1ll << 37,          /* what becomes of their answers */
	TAKES_FABRIC_DISCOVER = 1ll << 38,   /* how a fabric is seen */
	TAKES_FABRIC_DESCRIBE = 1ll << 39,   /* what is said of a fabric */
	TAKES_FABRIC_TOPOLOGY = 1ll << 40,   /* which files place jobs */
	TAKES_FABRIC_LINT = 1ll << 41,       /* which files are held against a fabric */
	TAKES_FABRIC_NEIGHBOURS = 1ll << 42, /* how long switches are listened to */
	TAKES_FABRIC_NCCL = 1ll << 43,       /* what of NCCL is audited */
	TAKES_FABRIC_ISOLATION = 1ll << 44,  /* what an audit of isolation may ask */
	TAKES_FABRIC_LOCATE = 1ll << 45,     /* how the slow node is looked for */
};

enum color_choice {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

struct options {
	const char *standard;  /* NULL: the installed one */
	const char **evidence; /* none: the installed */
	size_t evidence_count;
	const char *profile; /* of the standard, or of checks; NULL: all */
	date_t as_of;        /* DATE_NONE: the newest day in the evidence */
	date_t observed;     /* of quotes that do not say when; DATE_NONE: they are refused */
	uint64_t seed;
	uint32_t draws;
	unsigned threads;
	enum report_format format;
	const char *against, *to, *output; /* files, NULL when not given */
	const char *provider, *criterion;
	const char *root, *golden, *bundle, *key, *nonce, *config;
	const char *product, *region, *gpu, *cluster, *node;
	const char *source, *rates, *refused, *series, *restate,
		*preset;                                  /* files and names of the market */
	const char *form, *rental, *term, *tier, *method; /* of a key, and of an index */
	const char *gpus, *hours, *deadline, *minimum_grade, *market;
	const char *need, *effective; /* files for the market page */
	const char **assignments;     /* --set NAME=VALUE */
	size_t assignment_count;
	const char **networks;
	size_t network_count;
	/* Of active tests. */
	const char *consent, *bucket, *peer, *commands, *meeting, *samples, *claims;
	const char **folders, **imports, **cohort;
	size_t folder_count, import_count, cohort_count;
	uint64_t duration_s; /* 0: as the profile says */
	uint64_t rank, ranks;
	uint64_t heat_limit_c;
	uint64_t window_days, step_days; /* of an index; 0: as the method says */
	uint64_t interval_s;             /* between two looks, for rates; 0: one look */
	uint64_t timeout_ms;             /* of one call of a vendor library or a file system */
	/* Of a store. */
	const char *store, *stream, *party, *scope;
	int64_t known_at;    /* seconds since the epoch; 0: now */
	int64_t known_entry; /* no option: set by what recomputes a rating */
	date_t expires;      /* DATE_NONE: not given */
	enum color_choice color;
	const char *library; /* of NCCL */
	const char *log;     /* of a job with NCCL */
	/* Of the search for slow hosts; 0: the default. */
	const char *hosts, *launch, *tool, *devices, *rails;
	const char **fabrics; /* files that tell where the hosts lie */
	size_t fabric_count;
	double slow_percent, expected_gbit;
	uint64_t rounds, seconds, first_port;
	const char *own;    /* file of the tenant's own GUIDs */
	uint64_t questions; /* to a fabric; 0: the default */
	/* Of a server, here or elsewhere. */
	const char *address, *tls_make, *tls_certificate, *tls_key;
	const char *token_file, *identity, *pin, *code;
	/* Of topology files. */
	const char *label_prefix; /* NULL: the default */
	uint64_t block_size;      /* 0: the smallest domain */
	uint64_t port;
	uint64_t patience_s; /* 0: the default */
	double rate;         /* requests a second of one address; NaN: the default */
	const char *between; /* two hosts of a fabric, as n1,n2 */
	/* Of a sweep of a fabric. */
	const char *device; /* an adapter; NULL: the first with a port that is active */
	uint64_t window, hops;
	const char **arguments; /* what is not an option */
	size_t argument_count;
	bool lint, quiet, all, list, records, publish, join, counters;
	bool trust_user_space, run_programs, log_requests;
	bool metadata; /* ask the cloud where this node lies */
};

/* Parses what follows the command's name. A fault ends the process with 64 and a line on
 * standard error, --help with 0. */
void options_parse(const struct command *command, int count, char **words, struct arena *arena,
		   struct options *ret_options);

/* One long option a line, "--format". */
void options_list(const struct command *command, struct text *into);

/* What --help of the command prints; ends the process with 0. */
void options_help(const struct command *command);

/* How standard output wants a table. */
struct report_style options_style(const struct options *options);
