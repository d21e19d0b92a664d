/*
 * Customers' answers over the web: how they are taken in, kept, shown and moderated.
 * docs/feedback.md says what becomes of them. Everything that is taken in stays in the store as it
 * was; what is done about it later is an act.
 */
#pragma once

#include "feedback/feedback.h"
#include "web/web.h"

enum {
	ANSWERS_SHOWN_MAXIMUM = 100, /* submissions that a page shows, the newest */
	ACTS_SHOWN_MAXIMUM = 1000,
	FEEDBACK_TEXT_MAXIMUM = 2000, /* of a reply or a reason */
};

/* ---- web/feedback_keep.c: answers and acts in the store ---- */

/* What was said, in the order in which it was taken in, withdrawn ones left out, proofs that a
 * moderator has confirmed taken as checked. */
struct said_list {
	struct submission *items;
	int64_t *places; /* what a query for the rest has as its `after` */
	uint32_t count;
	size_t looked_at; /* entries: those that are not understood today are left out */
	int64_t last;     /* the place of the last of these */
};

/* Where to look. */
struct said_query {
	const char *provider; /* NULL: all */
	int64_t known_until;  /* taken in at or before this moment; 0: all */
	int64_t up_to;        /* up to this entry of the store; 0: all */
	int64_t after;        /* behind this place; 0: from the start */
	size_t limit;         /* entries that are looked at; 0: all */
	bool moderated;       /* acts: those of moderators alone, no replies */
};

bool feedback_load(struct store *store, const struct standard *standard,
		   const struct said_query *query, struct arena *arena, struct said_list *ret_said,
		   struct error *err);

/* Keeps a submission: gives it an id by what it says. */
bool feedback_keep(struct store *store, const struct standard *standard,
		   struct submission *submission, struct arena *arena, struct error *err);

/* Something that was done about an answer: public, with who and why. */
struct feedback_act {
	int64_t place;     /* what a query for the rest has as its `after` */
	const char *act;   /* "withdraw", "restore", "confirm" a proof, "reply" */
	const char *about; /* the answer's id, "evidence:ID" or "quotes:ID"; "" for all that was
			    * said about the provider */
	const char *provider;
	const char *text; /* the reason, or the reply */
	const char *party;
	int64_t time;
};

struct act_list {
	struct feedback_act *items; /* in the order in which they were done */
	uint32_t count;
	bool more; /* there are older ones */
};

/* An entry of the acts; false when it is of another kind, as what keepers say of nodes. */
bool feedback_act_read(const struct store_found *found, struct arena *arena,
		       struct feedback_act *ret_act);

/* The newest ACTS_SHOWN_MAXIMUM of them. */
bool feedback_acts(struct store *store, const struct said_query *query, struct arena *arena,
		   struct act_list *ret_acts, struct error *err);

/* Adds the act; ERROR_MISSING when the answer is not there. */
bool feedback_act_keep(struct store *store, const struct feedback_act *act, struct arena *arena,
		       struct error *err);

/* Adds what customers say on the day to the set, which is not finished, as records. DATE_NONE: on
 * the newest day in the set or of a proven answer; nobody moves it without a proof. */
bool feedback_into(struct store *store, const struct standard *standard,
		   const struct said_query *query, date_t day, struct evidence_set *set,
		   struct error *err);

/* ---- web/feedback_proof.c: who it is, without keeping who it is ---- */

struct taking {
	const struct web_request *request;
	struct store *store; /* for writing */
	const struct standard *standard;
};

/* Sets tenant, origin, proof mark, whether the proof holds, and the time of a submission that came
 * from outside, whatever it said of them itself. Fails when a proof was given that does not hold;
 * a code that holds is used up. */
bool feedback_identify(const struct taking *taking, struct submission *submission,
		       struct error *err);

/* A nonce for `assay check --key --nonce`, good for a day. */
bool feedback_nonce(const struct taking *taking, const char *provider, const char **ret_nonce,
		    struct error *err);

/* A run that was shown. */
struct run_shown {
	const char *key;   /* it is signed with */
	struct span nonce; /* and over; points into what the arena of the request holds */
};

/* Whether the bundle is signed and about that provider alone. It takes as long as the bundle is, so
 * it is asked before a store is taken. */
bool feedback_run_read(const struct web_request *request, const char *provider,
		       struct run_shown *ret_run, struct error *err);

/* A mark that stands for the run, which has to be signed over a nonce of ours for that provider. */
bool feedback_run_mark(const struct taking *taking, const struct run_shown *run,
		       const char *provider, const char **ret_mark, struct error *err);

/* A code for one customer of the provider; `customer` is what the provider calls him: the same name
 * is the same tenant. */
bool feedback_code(const struct taking *taking, const char *provider, const char *customer,
		   const char **ret_code, struct error *err);

/* ---- web/feedback_form.c ---- */

struct form_fault {
	const char *field; /* its name and the id of its element */
	const char *text;
};

struct form {
	const struct web_request *request; /* fields as they were sent; NULL: an empty form */
	const char *provider;
	bool all;         /* every question rather than the first ones */
	const char *seal; /* web/form_seal.h */
	const uint32_t *criteria;
	uint32_t criterion_count;
	struct form_fault *faults; /* in the order of the page */
	uint32_t fault_count;
};

/* Which questions the form has. */
void form_open(const struct standard *standard, const char *provider, bool all,
	       const struct web_request *request, struct form *ret_form);

/* What the fields say; false when there are faults, which the form then has. */
bool form_read(struct form *form, const struct standard *standard,
	       struct submission *ret_submission);

void form_fault(struct form *form, const char *field, const char *text);

/* The form as HTML, with what was sent and with its faults. */
void form_write(const struct form *form, const struct standard *standard, struct text *into);

/* ---- web/feedback_pages.c ---- */

/* Whether the provider is rated here; refuses when it is not. */
bool feedback_knows(struct web *web, const char *provider, const struct web_request *request,
		    struct web_answer *answer);

/* Takes a submission in: who it is from is what the request shows, not what it says. Whoever has
 * sent too many waits: false with *ret_wait_s above 0, nothing taken and no proof used up. */
bool feedback_take(struct web *web, const struct web_request *request,
		   struct submission *submission, unsigned *ret_wait_s, struct error *err);

/* ---- web/feedback_page.c ---- */

/* What customers say of a provider, and the provider to them. */
struct said_part {
	const char *provider;
	const struct standard *standard;
	const struct said_list *said;
	const struct opinions *opinions;
	const struct act_list *acts;
};

/* The part of a page with opinions, answers, flags and replies. */
void said_part_write(const struct said_part *part, struct arena *arena, struct text *into);

/* The whole page; `said` is such a part. `is_taken`: an answer has just been taken in. */
struct site_page;
void said_page_write(const struct site_page *page, const struct form *form,
		     const struct standard *standard, struct span said, bool is_taken);
void moderation_page_write(const struct site_page *page, const struct act_list *acts);
