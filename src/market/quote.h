/*
 * Quotes: what was asked for an hour, by whom, of what, when, and who says so. An importer fills a
 * draft from a row of its source; the book keeps it as a quote or refuses it with a reason, and
 * counts both. No row is dropped in silence. docs/market.md says what each field and reason means.
 */
#pragma once

#include "base/date.h"
#include "market/catalogue.h"
#include "market/exchange.h"
#include "market/names.h"

enum rental {
	RENTAL_UNKNOWN,
	RENTAL_ON_DEMAND,
	RENTAL_SPOT,       /* can be taken away: spot, preemptible, interruptible, community bid */
	RENTAL_CONTRACT,   /* for a term */
	RENTAL_SERVERLESS, /* billed while a function runs: another trade, never mixed with the rest
			    */
	RENTAL_COUNT,
};

enum stock {
	STOCK_UNKNOWN,
	STOCK_YES,
	STOCK_LOW,
	STOCK_WAITLIST,
	STOCK_NO, /* listed and not to be had: sold out, rented, not in this region */
	STOCK_COUNT,
};

enum price_unit {
	UNIT_HOUR,
	UNIT_SECOND,
	UNIT_DAY,
	UNIT_MONTH, /* of 730 hours, unless the source says otherwise */
	UNIT_YEAR,  /* of 8,760 hours */
	UNIT_TERM,  /* for the whole term */
	UNIT_COUNT,
};

/* Of what the price is for. */
enum price_of {
	PRICE_OF_OFFER, /* all GPUs of the offer */
	PRICE_OF_GPU,   /* one of them */
};

/* What is in the price besides the GPU; a bit not in `told` is unknown. */
enum included {
	INCLUDES_HOST = 1 << 0, /* processor and memory of the machine */
	INCLUDES_STORAGE = 1 << 1,
	INCLUDES_NETWORK = 1 << 2, /* back-end network between nodes */
	INCLUDES_EGRESS = 1 << 3,
	INCLUDES_CONTROL = 1 << 4, /* control plane: Slurm or Kubernetes */
	INCLUDES_SUPPORT = 1 << 5,
};

/* Why a row is not a quote, or a quote is not used. */
enum refusal {
	REFUSAL_NONE,
	/* the row cannot be read */
	REFUSAL_MALFORMED, /* fields missing or left over, not UTF-8, not the format's types */
	REFUSAL_TOO_LONG,  /* a name or a line beyond its maximum */
	REFUSAL_NO_PROVIDER,
	REFUSAL_NO_DATE, /* neither the row nor the file says when */
	/* it is no GPU for rent */
	REFUSAL_NO_GPU,       /* a machine without a GPU */
	REFUSAL_GPU_UNKNOWN,  /* a GPU that the catalogue does not have */
	REFUSAL_GPU_FRACTION, /* a part of a GPU: has no price for one */
	REFUSAL_GPU_COUNT,    /* zero, absent or absurd */
	REFUSAL_MEMORY,       /* memory that this GPU does not come with, or in the wrong unit */
	REFUSAL_FORM, /* a form that this GPU does not come in, or that the product is not */
	REFUSAL_RENTAL_UNKNOWN, /* on demand, spot or contract: not said */
	REFUSAL_TERM, /* a contract without a length, or of one that is no number of months */
	/* the price is not one */
	REFUSAL_PRICE_ABSENT,
	REFUSAL_PRICE_MALFORMED,
	REFUSAL_PRICE_ZERO,
	REFUSAL_PRICE_NEGATIVE,
	REFUSAL_BID_FLOOR, /* the least that may be bid, far below what the GPU can cost */
	REFUSAL_COMPONENT, /* of processor and memory only, or of the GPU without its machine */
	REFUSAL_SOFTWARE,  /* with a licence of software in it, as of Windows */
	REFUSAL_TOO_LOW,   /* below the band, for no reason that is known */
	REFUSAL_TOO_HIGH,  /* above the band: of a node taken for one of a GPU, another unit */
	REFUSAL_UNIT, /* cents for dollars, months for hours: the band fits then, not as given */
	REFUSAL_UNIT_UNKNOWN,
	REFUSAL_CURRENCY_ABSENT,
	REFUSAL_CURRENCY_UNKNOWN,
	REFUSAL_NO_RATE, /* no exchange rate of that week */
	/* it is not one more */
	REFUSAL_DUPLICATE,      /* the same quote again */
	REFUSAL_CARRIED,        /* an old row carried into a newer file, as its own time says */
	REFUSAL_PHANTOM_REGION, /* the machine does not exist in the region */
	REFUSAL_FUTURE,         /* observed after the day of import */
	/* a quote that an index does not take (eligibility) */
	REFUSAL_OTHER_KEY,    /* of another GPU, form, rental model, term or tier */
	REFUSAL_STALE,        /* older than the index looks back */
	REFUSAL_NOT_YET,      /* observed after the day of the index */
	REFUSAL_SUPERSEDED,   /* its source has looked again since */
	REFUSAL_OUT_OF_STOCK, /* listed, not to be had */
	REFUSAL_UNRELIABLE,   /* below the least reliability */
	REFUSAL_SERVERLESS,
	REFUSAL_THIN_DAY, /* of a day with too few quotes to count */
	REFUSAL_OUTLIER,  /* too far from the others */
	REFUSAL_COUNT,
};

extern const char *const rental_names[RENTAL_COUNT]; /* "on-demand", "spot", "contract" … */
extern const char *const stock_names[STOCK_COUNT];
extern const char *const price_unit_names[UNIT_COUNT];   /* "hour", "month" … */
extern const char *const refusal_names[REFUSAL_COUNT];   /* "price-zero": what programs read */
extern const char *const refusal_reasons[REFUSAL_COUNT]; /* a clause for people */

bool rental_find(struct span text, enum rental *ret_rental); /* and common synonyms */
bool stock_find(struct span text, enum stock *ret_stock);
bool price_unit_find(struct span text, enum price_unit *ret_unit);

/* A row as its source says it. Zeroed is "nothing said"; spans live until the draft is taken. */
struct draft {
	struct span provider, product, region;
	struct span gpu;  /* as written: gpu_read reads it; may be empty where the product tells */
	struct span form; /* a column of its own, where the source has one */
	uint64_t memory_mb; /* of one GPU; 0 not said */
	uint32_t gpus;      /* of the offer */
	bool fraction;      /* the source says it is a part of a GPU */
	enum rental rental;
	uint16_t term_months;
	struct span price, currency;
	enum price_unit unit;
	enum price_of price_of;
	struct span
		upfront; /* beside it, once a term, in the same currency and for the same GPUs */
	bool bid;        /* the price is a bid or its floor */
	bool component;  /* the importer knows it to be a part of the price */
	uint8_t includes, told; /* enum included */
	struct span network;    /* "infiniband", "ethernet" … */
	double gbit_per_s;      /* of the back-end network for one GPU; 0 not said */
	bool nvlink, nvlink_told;
	enum stock stock;
	double reliability;        /* 0 to 1; negative or absent: set to NAN by draft_init */
	double performance;        /* the source's own score of one GPU; NAN when not said */
	struct span storage_price; /* of a GB for a month, in USD; empty: not said */
	struct span egress_price;  /* of a GB, in USD */
	uint32_t minimum_gpus;
	uint16_t boot_s;  /* time to a usable machine as the source says; 0 not said */
	int64_t observed; /* seconds since the epoch; 0: not said, the file's day counts */
	int64_t until;    /* when the source last confirmed it, as the day before the next change of
			   * a log of changes; 0: `observed` */
	uint32_t listings;         /* rows that this one sums up, as a provider's mean; 0: one */
	struct span machine, host; /* identifiers of a market place */
	struct span source, licence;
	enum refusal refused; /* set by an importer that knows better: phantom region … */
	uint64_t line;        /* in the file, for the list of refusals */
};

void draft_init(struct draft *draft);

/* A quote that was kept. 1 million of them have to fit 200 MiB with all else. */
struct quote {
	int64_t price_nano; /* as asked, in `currency` for `unit` and `price_of` */
	int64_t usd_nano;   /* of one GPU for one hour, upfront spread over the term */
	int64_t upfront_nano;
	int64_t observed, until; /* seconds since the epoch */
	name_t provider, product, region, machine, host, source, licence, network;
	float reliability, performance;      /* NAN unknown */
	float gbit_per_s;                    /* 0 unknown */
	int32_t storage_micro, egress_micro; /* millionths of USD a GB-month, a GB; -1 unknown */
	uint32_t gpus, minimum_gpus, listings;
	uint16_t gpu;         /* row of the catalogue */
	uint16_t memory_gb;   /* 0 unknown */
	uint16_t term_months; /* 0 unless contract */
	uint16_t boot_s;
	uint8_t form, rental, stock, tier; /* the enums */
	uint8_t includes, told;
	currency_t currency;
	uint8_t unit : 4, price_of : 1, nvlink : 1, nvlink_told : 1;
};

enum {
	BOOK_QUOTES_MAXIMUM = 1 << 23,
	BOOK_EXAMPLES_MAXIMUM = 3, /* of each reason, kept with file and line */
};

struct refusal_example {
	const char *file;
	uint64_t line;
	const char *text; /* "provider product price": what the row was about */
};

struct refusal_count {
	uint64_t count;
	struct refusal_example examples[BOOK_EXAMPLES_MAXIMUM];
};

/* What becomes of rows: counted, and handed on at once, so that memory does not grow with a file.
 */
struct book_sink {
	/* Either may be NULL. False stops the import with `err`. */
	bool (*keep)(void *context, const struct names *names, const struct quote *quote,
		     struct error *err);
	bool (*refuse)(void *context, enum refusal why, const char *file, uint64_t line,
		       const struct draft *draft, struct error *err);
	void *context;
};

/* Where rows go. */
struct book {
	const struct catalogue *catalogue;
	const struct exchange *exchange;
	int64_t now;    /* seconds: later rows are of the future; INT64_MAX: not checked. What a
			 * source confirms for later is taken to be confirmed until then */
	bool streaming; /* quotes go to the sink only and are not kept here */
	struct book_sink sink;

	struct quote *quotes;
	size_t count, room;
	uint64_t kept, rows;            /* rows = kept + all refused */
	uint64_t pages, pages_followed; /* of answers that come in pages, and those of them that say
					 * that another follows: when all do, one is missing */
	struct refusal_count refused[REFUSAL_COUNT];
	struct names names;
	struct arena arena;         /* of examples */
	struct book_memory *memory; /* for duplicates, and of what texts mean; book.c */
	uint64_t forgotten; /* times the fingerprints were full and began anew: duplicates further
			     * apart than FINGERPRINTS_MAXIMUM rows (where quotes are not kept,
			     * than a million names) are not seen then */
};

enum {
	FINGERPRINTS_MAXIMUM = 1 << 22, /* 64 MiB at most */
};

void book_release(struct book *book);

/* A book that goes on where `before` stands, which keeps its quotes and was perhaps arranged, and
 * shares no memory with it: rows taken here are judged as they would be there, duplicates of what
 * is there included. Whoever reads a source that only grows reads so what is new of it alone. The
 * sink is not taken over. */
void book_continue(const struct book *before, struct book *ret_book);

/* Judges a row, and keeps or refuses it. False only when the sink fails or the book is full. */
bool book_take(struct book *book, const char *file, const struct draft *draft, struct error *err);

/* Refuses a row that could not be drafted. The sink gets a draft with `about` as its product. */
bool book_refuse(struct book *book, const char *file, uint64_t line, enum refusal why,
		 struct span about, struct error *err);

struct span quote_name(const struct book *book, name_t name);
double quote_usd(const struct quote *quote); /* of one GPU-hour */
date_t quote_day(const struct quote *quote);
