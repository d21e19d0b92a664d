/*
 * What customers say: a questionnaire made from the standard, answers with a proof that the one
 * who answers rents there, and what they come to together. All of it is a function of what was
 * answered: who may answer and where answers lie is not known here. docs/feedback.md is the rule.
 *
 * One tenant has one voice: of his answers to a question about one subject the newest counts. A
 * voice weighs by its proof. Patterns of copying, bursts, invented tenants and rivals are flagged
 * with a reason and weigh less; nothing is left out for what it says, and each flag is shown.
 */
#pragma once

#include "standard/standard.h"

enum {
	FEEDBACK_ANSWERS_MAXIMUM = 400, /* questions in one submission */
	FEEDBACK_REMARK_MAXIMUM = 2000, /* bytes */
	FEEDBACK_NAME_MAXIMUM = 120,
	FEEDBACK_BYTES_MAXIMUM = 128 << 10, /* one submission as JSON */
};

/* ---- questionnaire ---- */

enum questionnaire {
	QUESTIONS_CUSTOMERS, /* criteria that the standard asks customers first */
	QUESTIONS_ALL,       /* every criterion that answers may settle */
};

/* True when the standard lets customers' answers settle the criterion. */
bool customers_may_answer(const struct criterion *criterion);

/* Indices of the criteria by category, the weightiest of each first. */
void questionnaire_of(const struct standard *standard, enum questionnaire which,
		      struct arena *arena, uint32_t **ret_criteria, uint32_t *ret_count);

/* ---- one submission ---- */

/* The proof that somebody rents there, from the weakest. What is proven is that he pays for it, not
 * that what he says is so. */
enum proof {
	PROOF_NONE,    /* his word */
	PROOF_INVOICE, /* hash of an invoice and its day, shown on demand */
	PROOF_CODE,    /* a code that the provider gave to him as a customer, checked */
	PROOF_RUN,     /* a signed run, shown to be from the cluster */
	PROOF_COUNT,
};

extern const char *const proof_names[PROOF_COUNT]; /* "none", "invoice" … */

struct given_answer {
	uint32_t criterion;
	enum record_says says; /* SAYS_ANSWER, SAYS_VALUE, SAYS_NOT_APPLICABLE */
	const char *text;      /* the answer's name, the reason */
	double value;          /* in the criterion's unit */
	const char *remark;    /* NULL without */
};

struct submission {
	const char *id;         /* "" in a form that nobody has taken in yet; so is `tenant` */
	struct subject subject; /* nothing below the GPU is given */
	const char *tenant;     /* opaque: a hash of what tells tenants apart, never a name */
	enum proof proof;
	bool is_proven;         /* the proof was checked and held; told by who took it in */
	const char *proof_mark; /* what the proof is, as a hash: the same mark twice is one proof;
				 * "" without */
	const char *origin;     /* salted hash of where it came from; "" unknown */
	const char *employer;   /* who the one who answers works for, as declared; NULL */
	bool competes;          /* he declared that it competes with the provider */
	bool paid_for;          /* he declared that he got something for answering */
	int64_t time;           /* when it was taken in; 0 when it was not */
	int64_t gpu_hours;      /* rented, as he says; 0 unknown */
	const struct given_answer *answers; /* in the order of the criteria's ids */
	uint32_t answer_count;
	const char *remark; /* on the whole; NULL without */
};

/* Reads one submission of schema assay/feedback/v1, JSON when it begins with a brace and YAML
 * else, bounded, each answer held against the standard. `file` is for errors: they name the field
 * and what it may say. What tells who took it in (id, time, tenant, origin, whether the proof was
 * checked) is read too: whoever takes in from outside sets these himself. */
bool submission_read(struct span text, const char *file, const struct standard *standard,
		     struct arena *arena, struct submission *ret_submission, struct error *err);

/* The canonical line that a store keeps: JSON, keys in the order of their bytes, no newline. */
void submission_write(const struct submission *submission, const struct standard *standard,
		      struct text *into);

/* ---- what they come to ---- */

/* What a voice with this proof weighs before flags: above 0, at most 1. */
double feedback_weight(const struct submission *submission);

enum suspicion {
	SUSPICION_COPY,    /* remarks or whole answer sheets (nearly) equal to another tenant's */
	SUSPICION_BURST,   /* many more within a short time than its history makes likely */
	SUSPICION_SYBIL,   /* many tenants of one origin or one proof */
	SUSPICION_RIVAL,   /* declared, or the origin praises one provider and damns its rivals */
	SUSPICION_INSIDER, /* declared: works for the provider */
	SUSPICION_PAID,    /* declared */
	SUSPICION_COUNT,
};

extern const char *const suspicion_names[SUSPICION_COUNT];

struct flag {
	uint32_t submission; /* index */
	enum suspicion suspicion;
	const char *reason; /* "the remarks of 5 tenants are nearly the same" */
};

struct voice {
	uint32_t submission, answer; /* index of it, and within it */
	double worth;  /* of what it says, 0 to 1; NaN when it says that nothing applies */
	double weight; /* by proof, lowered by flags; 0 < weight <= 1 */
	bool counts;   /* as one of the proven voices that settling needs */
};

/* All voices on one criterion of one subject. */
struct opinion {
	const char *provider;
	struct subject subject;
	uint32_t criterion;
	const struct voice *voices; /* by time, then id */
	uint32_t voice_count;
	uint32_t proven_count;      /* voices that count towards settling */
	uint32_t independent_count; /* of these: by a proof that the provider does not give out */
	uint32_t tally[ANSWERS_MAXIMUM]; /* voices by the criterion's answers */
	double weight;                   /* sum */
	double proven_weight;            /* of the voices that count */
	double worth;     /* robust mean of worths shrunk to the presumption, 0 to 1 */
	double low, high; /* 90 % interval of it */
	enum record_says says;
	const char *text; /* the weighted median's answer */
	double value;     /* or value */
	date_t newest;    /* day of the newest voice */
	date_t lapses; /* last day on which enough proven voices are not too old; DATE_NONE when it
			* does not settle */
	bool settles;  /* enough proven voices to be a record of strength E1 (docs/feedback.md) */
};

struct opinions {
	const struct opinion *items; /* by provider, subject, criterion */
	uint32_t count;
	const struct flag *flags; /* by submission, then suspicion */
	uint32_t flag_count;
};

/* What is known on `day`: later submissions, and voices that are older than their criterion's
 * expiry, do not count. Pure: the order of the submissions changes nothing. */
void opinions_of(const struct standard *standard, const struct submission *submissions,
		 uint32_t count, date_t day, struct arena *arena, struct opinions *ret_opinions);

/* The records that the opinions of that day make which settle: E1, kind answer, source "customers
 * of X", observed on that day, the number of voices in the excerpt. Their ids are the same for the
 * same opinions. Others make none: a record makes a unit of what it is about, and one voice about a
 * product that nobody rents must not make one. */
void opinions_records(const struct standard *standard, const struct opinions *opinions, date_t day,
		      struct arena *arena, struct record **ret_records, uint32_t *ret_count);
