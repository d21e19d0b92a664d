/*
 * The metadata address of a cloud, which answers each of its instances about itself. It gives out
 * credentials too: only the one path that is wanted is ever asked, nothing that was not asked for
 * is kept, and the address is one of the link or of this machine, never another.
 */
#pragma once

#include "host/file.h"

enum {
	METADATA_ANSWER_MAXIMUM = 64 << 10,
};

#define METADATA_ADDRESS "169.254.169.254"

struct metadata_question {
	const char *address; /* "169.254.169.254" or "127.0.0.1:8080" */
	const char *path;    /* "/opc/v2/host/rdmaTopologyData" */
	const char *header;  /* that the cloud insists on */
};

/* 169.254.0.0/16 or 127.0.0.0/8, with a port or without. */
bool metadata_address_is_local(const char *address);

/* Asks once, for two seconds at most, without proxy or redirection. ERROR_INVALID: the address is
 * not local. ERROR_IO: nobody answers. ERROR_MISSING: not to that path, or there is no libcurl.
 * ERROR_LIMIT: the answer is too long. */
bool metadata_ask(const struct metadata_question *question, struct arena *arena,
		  struct span *ret_answer, struct error *err);
