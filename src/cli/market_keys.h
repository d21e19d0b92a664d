/* Which quotes the options mean. */
#pragma once

#include "cli/command.h"
#include "market/key.h"

bool market_filter(const struct session *session, const struct book *book,
		   struct key_filter *ret_filter, struct error *err);
