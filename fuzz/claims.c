/*
 * Whatever the bytes, a file of claims is refused with a reason, or gives claims that promise
 * something, with a source and a day.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "check/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	struct span text = { (const char *)data, size };
	struct claims claims;
	struct error err = { 0 };

	if (!claims_read(text, "f", &arena, &claims, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(claims.count > 0 && claims.count <= CLAIMS_MAXIMUM);
	for (size_t i = 0; i < claims.count; i++) {
		const struct claim *claim = &claims.items[i];

		assert(claim->source && claim->day != DATE_NONE);
		assert((claim->word != NULL) == (claim_rows[claim->kind].unit == NULL));
		assert(claim->word ||
		       (isfinite(claim_promised(claim)) && claim_promised(claim) > 0));
	}
	return 0;
}
