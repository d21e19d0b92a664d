/*
 * What is known of GPUs, of products and of providers before any price is read:
 * data/market/gpu.tsv, product.tsv, provider.tsv. A form factor is known when the row says it or
 * when the table of products does; it is never guessed from the GPU's name, the price or the number
 * of GPUs.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/span.h"
#include "market/money.h"

enum form {
	FORM_UNKNOWN, /* a key of its own, never a default */
	FORM_SXM,
	FORM_PCIE,
	FORM_NVL, /* PCIe cards bridged in pairs: H100 NVL, H200 NVL */
	FORM_OAM,
	FORM_NVL72,     /* boards of a rack-wide NVLink domain */
	FORM_SUPERCHIP, /* one GPU and one processor on a board: GH200 */
	FORM_COUNT,
};

enum tier {
	TIER_UNKNOWN,
	TIER_HYPERSCALER,
	TIER_NEOCLOUD,
	TIER_MARKETPLACE, /* machines of many owners */
	TIER_COUNT,
};

extern const char *const form_names[FORM_COUNT]; /* "unknown", "sxm" … */
extern const char *const tier_names[TIER_COUNT];

bool form_find(struct span text, enum form *ret_form); /* "SXM", "sxm5", "PCIe", "OAM" … */
bool tier_find(struct span text, enum tier *ret_tier);

enum {
	GPU_ALIASES_MAXIMUM = 16,
	GPU_MEMORIES_MAXIMUM = 4,
	GPU_NONE = 0xffff,
};

/* One family of GPUs, as the market trades it. Memory sizes of one family are told apart in a key.
 */
struct gpu_row {
	const char *name;                             /* "h100", "a100", "gb200": the key's word */
	const char *title;                            /* "NVIDIA H100" */
	unsigned memories_gb[GPU_MEMORIES_MAXIMUM];   /* 0 ends the list */
	enum form memory_forms[GPU_MEMORIES_MAXIMUM]; /* the one form that has it; else unknown */
	unsigned forms;                               /* bit n: enum form n exists */
	enum form only_form; /* when a family comes in one form alone, it; else FORM_UNKNOWN */
	/* What one GPU-hour can cost at all, in USD: outside it is a fault of the row (component
	 * price, bid floor, price of a node taken for one GPU). Wide: ours, docs/market.md says how
	 * it is set. */
	int64_t floor_nano, ceiling_nano;
	double dense_tflops; /* bf16 or, before Ampere, fp16 tensor; without sparsity; 0 unknown */
	double memory_gb_per_s; /* 0 unknown */
	double power_w;         /* of one GPU, 0 unknown */
	date_t released;        /* general availability; DATE_NONE unknown */
};

/* A product whose make-up its provider publishes. */
struct product_row {
	const char *provider, *product;
	uint16_t gpu;
	enum form form;
	unsigned memory_gb;
	unsigned gpus;
	double node_gbit_per_s; /* of the back-end network; 0 unknown or none */
	const char *network;    /* "infiniband", "roce", "efa", "tcpx", "ethernet"; NULL unknown */
	const char *source;     /* URL of the page that says so */
};

struct provider_row {
	const char *name;    /* "lambda": as data/evidence names it where it does */
	const char *aliases; /* other spellings, `|` between them: "lambdalabs|lambdacloud"; NULL */
	enum tier tier;
};

struct catalogue {
	struct gpu_row *gpus;
	struct product_row *products;
	struct provider_row *providers;
	size_t gpu_count, product_count, provider_count;
	struct gpu_alias *aliases; /* sorted, catalogue_parts.h */
	size_t alias_count;
};

/* The three tables as text, in this order. Everything lives in the arena. */
bool catalogue_read(const struct span texts[3], const char *const files[3], struct arena *arena,
		    struct catalogue *ret_catalogue, struct error *err);

/* What a text about a GPU says: "H100_80GB", "NVIDIA H100 80GB HBM3", "a100-sxm-80", "H100 SXM",
 * "A100-80GB-PCIe", "8x H100 SXM5". What it does not say stays unknown. */
struct gpu_said {
	uint16_t gpu;       /* row; GPU_NONE: no family of ours, or none named */
	enum form form;     /* FORM_UNKNOWN when not said */
	unsigned memory_gb; /* 0 when not said and the family has several */
	unsigned count;     /* "8x"; 0 when not said */
	bool fraction;      /* "1/8 A16", a MIG slice: "1g.10gb" */
};

void gpu_read(const struct catalogue *catalogue, struct span text, struct gpu_said *ret_said);

const struct product_row *catalogue_product(const struct catalogue *catalogue, struct span provider,
					    struct span product);

/* NULL when the provider, by name or alias, is in no row; then its tier is unknown and its name is
 * as written, in small letters. */
const struct provider_row *catalogue_provider(const struct catalogue *catalogue, struct span name);
