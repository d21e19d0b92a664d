/* How JSON names a key of the price index. */
#pragma once

#include "base/json.h"
#include "market/key.h"

/* The pairs "key", "gpu", "memory_gb", "form", "rental", "term_months", "tier", "composite". */
void json_pairs_key(struct json_writer *writer, const struct key *key,
		    const struct catalogue *catalogue);
