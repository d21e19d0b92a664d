/*
 * What is asked of file systems and drives themselves.
 */
#pragma once

#include "probe/probe.h"
#include "probe/question.h"

/* How they are asked. */
void storage_questioning(const struct probe_request *request, struct questioning *ret_questioning);

/* What is to be asked for the request's shares. */
size_t storage_questions(const struct probe_request *request, struct arena *arena,
			 struct question **ret_questions);
