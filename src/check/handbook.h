/*
 * What the field knows of hardware and software, as tables that experts edit (data/advisory/,
 * data/baseline/): fault codes and what to do about them, figures that a healthy part reaches, the
 * shape of a node, version floors. A check looks its bar up here and names the row; what has no row
 * is unknown, never a pass. Each row names its source.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

/* What a fault means for the GPU, mildest first. */
enum fault_class {
	FAULT_INFO,        /* nothing to do; may count as a rate */
	FAULT_APPLICATION, /* the job's own doing; the GPU is well */
	FAULT_WATCH,       /* the GPU works; look at it, open a ticket */
	FAULT_DEGRADED,    /* take it out at the next idle moment */
	FAULT_FATAL,       /* out of service until done what the action says */
	FAULT_DECODE,      /* another table or the text decides (144-150, 74, 154, 171 …) */
	FAULT_UNKNOWN, /* not in any catalogue, or unused on these GPUs: warn, keep, never reset on
			  it */
	FAULT_CLASS_COUNT,
};

extern const char *const fault_class_names[FAULT_CLASS_COUNT];

enum gpu_generation {
	GENERATION_A100,
	GENERATION_H100,
	GENERATION_B100,
	GENERATION_GB200,
	GENERATION_COUNT,
};

/* A row of data/advisory/xid.tsv: one Xid. */
struct xid_row {
	uint32_t code;
	const char *mnemonic, *meaning;
	unsigned generations;         /* bit n: it occurs on enum gpu_generation n */
	const char *immediate_action; /* NVIDIA's bucket, as RESET_GPU */
	const char *investigatory_action;
	bool raises_154;        /* a driver that is new enough says 154 beside it */
	enum fault_class class; /* ours */
	const char *action;     /* ours, as "drain; reset-gpu" */
	const char *override;   /* why ours differs from NVIDIA's; NULL when it agrees */
	const char *source;
};

/* A row of data/advisory/nvlink5.tsv: decoding of Xid 144 to 150. A mask is 32 characters, most
 * significant bit first: '0', '1' or '-'. */
struct nvlink5_row {
	uint32_t code;
	const char *unit;
	const char *mask_before_r575, *mask_from_r575; /* NULL when none is given */
	bool has_status;
	uint32_t status;     /* ErrorStatus that it is for; any when not has_status */
	uint32_t status_too; /* another one; equal to `status` when there is none */
	const char *promote_mask_before_r575,
		*promote_mask_from_r575; /* instead of the first one: they
					  * raise the class; NULL for none */
	enum fault_class promote_class;  /* and action, of that case; `class` when there is none */
	const char *promote_action;      /* NULL when there is none */
	const char *immediate_action, *investigatory_action;
	const char *severity; /* NVIDIA's words, as "Link Fatal; HW" */
	enum fault_class class;
	const char *action, *source;
};

/* SXid (data/advisory/sxid.tsv) and AMD's AFID (data/advisory/afid.tsv). */
struct fault_row {
	uint32_t code;
	const char *meaning;
	const char *severity; /* SXid: "non-fatal", "fatal" (the link or partition), "always-fatal"
			       * (the whole fabric); AFID: AMD's own words */
	enum fault_class class;
	const char *action, *source;
};

/* A row of data/baseline/shape.tsv: what a node of one GPU model has. Zero: not stated, not to be
 * judged. */
struct shape_row {
	const char *model;   /* "H100-SXM" */
	const char *vendor;  /* "nvidia", "amd" */
	const char *pci_ids; /* blank-separated device ids, "2330 2336" */
	const char *names;   /* what NVML or amd_smi calls it, without the maker: "H100 80GB HBM3";
			      * '|' stands between alternatives */
	enum gpu_generation generation; /* of NVIDIA; GENERATION_COUNT otherwise */
	uint32_t gpus_per_node;
	uint32_t links;          /* NVLink or xGMI, per GPU */
	double link_bytes_per_s; /* one link, one way */
	uint32_t pcie_generation, pcie_width;
	double memory_bytes;    /* as sold; a driver reports up to 7 % less */
	double power_limit_w;   /* default */
	bool has_switch;        /* NVSwitch: a fabric manager has to run */
	bool multi_node_links;  /* NVLink domain beyond the node: cluster UUID and clique needed */
	uint32_t rdma_ports;    /* of the back end, in the reference build; 0 not stated */
	double rdma_bits_per_s; /* of each */
	const char *source;
};

enum figure_kind {
	FIGURE_SPEC,
	FIGURE_MEASURED,
	FIGURE_THRESHOLD,
	FIGURE_KIND_COUNT,
};

/* A row of data/baseline/figures.tsv. */
struct figure_row {
	const char *vendor, *model;
	uint32_t gpus, nodes;      /* 0: of any number */
	const char *metric, *size; /* size or shape, "" when none */
	double value;
	const char *unit;
	enum figure_kind kind;
	uint32_t line;                          /* of the file: how a finding names the row */
	const char *tool, *conditions, *source; /* the first two "" when not stated */
	const char *caution;                    /* "" or what is the matter with it */
};

/* A row of data/advisory/floors.tsv: the lowest version of a branch that is fit, or a range of
 * versions with a known fault. */
struct floor_row {
	const char *component; /* "nvidia-driver", "runc", "connectx-firmware" … */
	const char *branch; /* "570", "1.2", "28"; "*" for every branch without a row of its own */
	const char *floor;  /* lowest fit version of the branch; NULL when the row is a range, or
			     * when the branch has no fix any more ("end-of-life" in the file) */
	bool end_of_life;   /* no version of the branch is fit */
	const char *from, *before; /* open range [from, before); NULL where unbounded */
	const char *advisory;      /* "CVE-2025-23266", "" for none */
	const char *packaged_fix;  /* distribution package versions that carry the fix,
				      blank-separated; NULL */
	date_t published, expires;
	const char *source;
};

struct handbook {
	const struct xid_row *xids;
	const struct nvlink5_row *nvlink5;
	const struct fault_row *sxids, *afids;
	const struct shape_row *shapes;
	const struct figure_row *figures;
	const struct floor_row *floors;
	size_t xid_count, nvlink5_count, sxid_count, afid_count, shape_count, figure_count,
		floor_count;
	uint8_t hash[32]; /* SHA-256 over all tables, each with its name */
};

/* The tables by the name of their file ("xid.tsv"), in the order that they are hashed in. */
enum handbook_table {
	HANDBOOK_XID,
	HANDBOOK_NVLINK5,
	HANDBOOK_SXID,
	HANDBOOK_AFID,
	HANDBOOK_SHAPE,
	HANDBOOK_FIGURES,
	HANDBOOK_FLOORS,
	HANDBOOK_TABLE_COUNT,
};

extern const char *const handbook_files[HANDBOOK_TABLE_COUNT]; /* "advisory/xid.tsv" … */

/* Reads the tables from the texts of their files, which are not needed afterwards: all of it lives
 * in `arena`. Names, meanings, actions and sources are never NULL unless said above; an absent one
 * of NVIDIA's actions is "". A table with a fault fails with file, line, column and what to do. */
bool handbook_read(const struct span texts[static HANDBOOK_TABLE_COUNT], struct arena *arena,
		   struct handbook *ret_handbook, struct error *err);

const struct xid_row *handbook_xid(const struct handbook *handbook, uint32_t code);
const struct fault_row *handbook_sxid(const struct handbook *handbook, uint32_t code);
const struct fault_row *handbook_afid(const struct handbook *handbook, uint32_t code);

/* The row that matches IntrInfo (registers[0]) and ErrorStatus (registers[1]), NULL when none does;
 * one for that status comes before one for any. `driver_major` chooses the mask; 0, unknown, takes
 * the later one. *ret_class is the row's class, or its promote_class when that mask matched. */
const struct nvlink5_row *handbook_nvlink5(const struct handbook *handbook, uint32_t code,
					   const uint32_t *registers, unsigned register_count,
					   uint32_t driver_major, enum fault_class *ret_class);

/* The shape by PCI device id (16 bits; 0 when not known) and by name; NULL when neither is known.
 * The name decides between models that share an id, the id alone when the name is NULL, and the
 * name alone when no row has the id. A name fits when an alternative of the row stands in it as
 * whole words; the longest one wins ("H200 NVL" before "H200"). */
const struct shape_row *handbook_shape(const struct handbook *handbook, const char *vendor,
				       unsigned pci_device, const char *name);

/* May a check use the figure? Not when its caution starts with DEFECT, SUSPECT, WEAK or LOOSE. */
bool figure_usable(const struct figure_row *figure);

/* How close the figure's model is to the shape: 3, the model itself; 2, its PCI device id; 1, its
 * family; 0, another one. */
int figure_fits(const struct figure_row *figure, const struct shape_row *shape);

struct figure_query {
	const struct shape_row *shape;
	const char *metric;
	const char *size; /* NULL takes any */
	uint32_t gpus, nodes;
	enum figure_kind kind;
};

/* The usable figure of that model, of its family ("A100-SXM" for "A100-SXM-80G") or of its PCI
 * device id ("… [pci 2330]"), the closest first; of equally close ones the first without a caution,
 * then the first of the file. NULL when there is none. */
const struct figure_row *handbook_figure(const struct handbook *handbook,
					 const struct figure_query *query);

/* The figure in bytes per second, operations per second, watts or seconds; as it is in other units.
 */
double figure_in_base_unit(const struct figure_row *figure);

/* Versions compare by numbers: "1.2.10" is above "1.2.9", "550.90.07" above "550.54.14", a missing
 * part is 0, leading "v" and what follows "-", "+" or "~" is left out of the comparison. False when
 * one is no version. */
bool version_compare(struct span a, struct span b, int *ret_order);

enum floor_state {
	FLOOR_MET,
	FLOOR_BELOW,         /* or inside an open range */
	FLOOR_UNKNOWN,       /* no row for the branch, or no version */
	FLOOR_TABLE_EXPIRED, /* it would be met, but the table is too old to say so */
};

/* Judges a version against the floor of its branch and all ranges together. A release candidate
 * ("1.4.0-rc.2", "1.4.0~rc2") comes before its release here. Of "connectx-firmware" the train and
 * what follows count, with or without the family in front ("28.43.3608", "43.3608"). *ret_row is
 * the row that decided, NULL when none. `package` is the full version of the distribution's
 * package, NULL when there is none: one that carries a backported fix meets the floor. */
enum floor_state floor_judge(const struct handbook *handbook, const char *component,
			     struct span version, const char *package, date_t today,
			     const struct floor_row **ret_row);

/* Known defects of such tables, one text each in `complaints` (a bar outside 50 to 105 % of its
 * spec, models of one family that differ twofold, zero, unit slips, a live Xid without a row, a
 * class milder than NVIDIA's action without a reason, expired floors against `today` when it is not
 * DATE_NONE). Returns how many. */
size_t handbook_lint(const struct handbook *handbook, date_t today, struct text *complaints);
