#include <string.h>

#include "base/json.h"
#include "evidence/bundle.h"
#include "store/access.h"
#include "store/secret.h"
#include "web/feedback.h"
#include "web/network.h"

/* Who somebody is becomes a keyed hash before anything is kept: nobody who reads the store can try
 * out which customer, address or invoice it is of. */

enum {
	SEAL_DIGITS = 32, /* 128 bits */
	SEAL_SIZE = SEAL_DIGITS + 1,
	HASH_DIGITS = 64,
	STAMP_DIGITS = 12,
	NONCE_SECONDS = 86400,
	CODE_SECONDS = 30 * 86400,
	PARTS_MAXIMUM = 6,
};

static const char code_head[] = "feedback:";

/* The parts with the store's secret, to 128 bits. */
static bool seal(const struct taking *taking, const char *const *parts, char ret_seal[SEAL_SIZE],
		 struct error *err)
{
	uint8_t secret[STORE_SECRET_BYTES], hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT];
	struct hashing hashing;

	if (!store_secret(taking->store, "feedback", secret, err))
		return false;
	hash_start(&hashing);
	hash_more(&hashing, (struct span){ (const char *)secret, sizeof(secret) });
	for (unsigned i = 0; parts[i]; i++) {
		hash_more(&hashing, span_of(parts[i]));
		hash_more(&hashing, SPAN("\n"));
	}
	hash_end(&hashing, hash);
	memcpy(ret_seal, hash_format(hash, digits) + strlen("sha256:"), SEAL_DIGITS);
	ret_seal[SEAL_DIGITS] = '\0';
	return true;
}

static bool seal_text(const struct taking *taking, const char *const *parts, const char **ret_text,
		      struct error *err)
{
	char sealed[SEAL_SIZE];

	if (!seal(taking, parts, sealed, err))
		return false;
	*ret_text = arena_string(taking->request->arena, span_of(sealed));
	return true;
}

/* ---- where it came from ---- */

/* Nothing is known of what comes through a proxy on the same machine. */
static bool is_local(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
	       strncmp(address, "::ffff:127.", 11) == 0;
}

static bool set_origin(const struct taking *taking, struct submission *submission,
		       struct error *err)
{
	const char *address = taking->request->address;
	char network[NETWORK_SIZE];
	const char *const parts[] = { "origin", network_of(address, network).at, NULL };

	submission->origin = "";
	if (is_local(address))
		return true;
	return seal_text(taking, parts, &submission->origin, err);
}

/* ---- nonces and marks of runs: stamps that only this store can have made ---- */

/* "n.TIME.SEAL" */
static bool stamp(const struct taking *taking, const char *const *parts, const char *kind,
		  const char **ret_stamp, struct error *err)
{
	const char *time = arena_format(taking->request->arena, "%0*llx", STAMP_DIGITS,
					(unsigned long long)taking->request->now);
	const char *all[PARTS_MAXIMUM + 1] = { kind, time };
	char sealed[SEAL_SIZE];

	for (unsigned i = 0; parts[i]; i++)
		all[2 + i] = parts[i];
	if (!seal(taking, all, sealed, err))
		return false;
	*ret_stamp = arena_format(taking->request->arena, "%s.%s.%s", kind, time, sealed);
	return true;
}

/* Whether a stamp of this kind and these parts was made here within the last day. */
static bool stamp_holds(const struct taking *taking, const char *const *parts, const char *kind,
			struct span given)
{
	const char *all[PARTS_MAXIMUM + 1] = { kind };
	struct span head, time, rest = given;
	char sealed[SEAL_SIZE];
	int64_t made = 0;

	if (!span_cut(&rest, '.', &head) || !span_is(head, kind) || !span_cut(&rest, '.', &time) ||
	    time.length != STAMP_DIGITS)
		return false;
	all[1] = arena_string(taking->request->arena, time);
	for (unsigned i = 0; i < STAMP_DIGITS; i++) {
		const char *digit = strchr("0123456789abcdef", time.at[i]);

		if (!digit || *digit == '\0')
			return false;
		made = made * 16 + (digit - "0123456789abcdef");
	}
	for (unsigned i = 0; parts[i]; i++)
		all[2 + i] = parts[i];
	return seal(taking, all, sealed, NULL) && span_is(rest, sealed) &&
	       made <= taking->request->now && taking->request->now - made <= NONCE_SECONDS;
}

bool feedback_nonce(const struct taking *taking, const char *provider, const char **ret_nonce,
		    struct error *err)
{
	const char *const parts[] = { provider, NULL };

	return stamp(taking, parts, "n", ret_nonce, err);
}

/* What the bundle was signed with, and over; false when it was not. */
static bool read_signature(struct span text, struct arena *arena, const char **ret_key,
			   struct span *ret_nonce)
{
	const struct node *root, *key, *nonce;

	if (!json_read(text, "the bundle", 1, arena, &root, NULL))
		return false;
	key = node_find(root, "key");
	nonce = node_find(root, "nonce");
	if (!key || !nonce)
		return false;
	*ret_key = arena_string(arena, key->text);
	*ret_nonce = nonce->text;
	return true;
}

bool feedback_run_read(const struct web_request *request, const char *provider,
		       struct run_shown *ret_run, struct error *err)
{
	struct run_shown run = { 0 };
	SCOPED_EVIDENCE(set);

	/* The signature, and that each record fits. */
	if (!evidence_set_add_bundle(&set, request->body, "the bundle", err))
		return false;
	if (!read_signature(request->body, request->arena, &run.key, &run.nonce))
		return fail(err, ERROR_INVALID, "the bundle is not signed over a nonce");
	for (size_t i = 0; i < set.count; i++)
		if (strcmp(set.records[i].subject.parts[SUBJECT_PROVIDER], provider) != 0)
			return fail(err, ERROR_INVALID, "the run is about '%s', not '%s'",
				    set.records[i].subject.parts[SUBJECT_PROVIDER], provider);
	if (set.count == 0)
		return fail(err, ERROR_INVALID, "the bundle holds no record");
	*ret_run = run;
	return true;
}

bool feedback_run_mark(const struct taking *taking, const struct run_shown *run,
		       const char *provider, const char **ret_mark, struct error *err)
{
	const char *const asked[] = { provider, NULL };
	const char *const key[] = { "key", run->key, NULL };
	const char *marked[] = { provider, NULL, NULL };

	if (!stamp_holds(taking, asked, "n", run->nonce))
		return fail(err, ERROR_INVALID,
			    "the nonce is not one that was given for '%s' within a day", provider);
	if (!seal_text(taking, key, &marked[1], err) || !stamp(taking, marked, "r", ret_mark, err))
		return false;
	*ret_mark = arena_format(taking->request->arena, "%s.%s", marked[1], *ret_mark);
	return true;
}

/* ---- proofs ---- */

static bool prove_run(const struct taking *taking, struct submission *submission,
		      const char **ret_who, struct error *err)
{
	struct span rest = span_of(submission->proof_mark), key;
	const char *parts[] = { submission->subject.parts[SUBJECT_PROVIDER], NULL, NULL };

	if (!span_cut(&rest, '.', &key) || key.length != SEAL_DIGITS)
		return fail(err, ERROR_INVALID, "this is no mark of a run");
	parts[1] = arena_string(taking->request->arena, key);
	if (!stamp_holds(taking, parts, "r", rest))
		return fail(err, ERROR_INVALID,
			    "the mark of the run is not one that was given here within a day");
	/* Whoever makes a key can sign what a folder holds: that there was a cluster is seen by a
	 * moderator, as an invoice is. */
	*ret_who = parts[1];
	return true;
}

static bool prove_code(const struct taking *taking, struct submission *submission,
		       const char **ret_who, struct error *err)
{
	const char *provider = submission->subject.parts[SUBJECT_PROVIDER];
	struct arena *arena = taking->request->arena;
	const struct access_use use = { .code = span_of(submission->proof_mark),
					.head = arena_format(arena, "%s%s:", code_head, provider),
					.now = taking->request->now };
	const char *customer = NULL;

	if (!access_code_use(taking->store, &use, arena, &customer, err))
		return false;
	if (!customer)
		return fail(err, ERROR_INVALID,
			    "the code is not known; it holds once, and for customers of '%s'",
			    provider);
	*ret_who = arena_format(arena, "%s%s", use.head, customer);
	submission->is_proven = true;
	return true;
}

static bool prove_invoice(const struct taking *taking, struct submission *submission,
			  const char **ret_who, struct error *err)
{
	struct span hash = span_of(submission->proof_mark);

	if (span_starts(hash, "sha256:")) {
		hash.at += strlen("sha256:");
		hash.length -= strlen("sha256:");
	}
	*ret_who = arena_string(taking->request->arena, hash);
	if (hash.length != HASH_DIGITS || strspn(*ret_who, "0123456789abcdef") != HASH_DIGITS)
		return fail(err, ERROR_INVALID,
			    "the hash of an invoice is SHA-256: 64 digits of 0-9 and a-f");
	return true;
}

/* Without a proof nobody can speak in another's name: what he calls himself counts only together
 * with where he comes from. */
static void name_claimed(const struct taking *taking, const struct submission *submission,
			 const char **ret_who)
{
	*ret_who = arena_format(taking->request->arena, "%s %s", submission->origin,
				submission->tenant);
}

bool feedback_identify(const struct taking *taking, struct submission *submission,
		       struct error *err)
{
	const char *who = "";
	bool good = true;

	submission->is_proven = false;
	submission->time = taking->request->now;
	if (!set_origin(taking, submission, err))
		return false;
	switch (submission->proof) {
	case PROOF_RUN:
		good = prove_run(taking, submission, &who, err);
		break;
	case PROOF_CODE:
		good = prove_code(taking, submission, &who, err);
		break;
	case PROOF_INVOICE:
		good = prove_invoice(taking, submission, &who, err);
		break;
	case PROOF_NONE:
	case PROOF_COUNT:
		name_claimed(taking, submission, &who);
		break;
	}
	const char *const tenant[] = { "tenant", proof_names[submission->proof], who, NULL };
	const char *const mark[] = { "mark", proof_names[submission->proof], who, NULL };

	if (!good || !seal_text(taking, tenant, &submission->tenant, err))
		return false;
	submission->proof_mark = "";
	return submission->proof == PROOF_NONE ||
	       seal_text(taking, mark, &submission->proof_mark, err);
}

bool feedback_code(const struct taking *taking, const char *provider, const char *customer,
		   const char **ret_code, struct error *err)
{
	const char *const parts[] = { "customer", provider, customer, NULL };
	char code[ACCESS_SECRET_TEXT];
	const char *sealed;

	if (!seal_text(taking, parts, &sealed, err) ||
	    !access_code_make(
		    taking->store,
		    arena_format(taking->request->arena, "%s%s:%s", code_head, provider, sealed),
		    taking->request->now, CODE_SECONDS, code, err))
		return false;
	*ret_code = arena_string(taking->request->arena, span_of(code));
	return true;
}
