/*
 * What reading and writing a submission share.
 */
#pragma once

#include "base/node.h"
#include "feedback/feedback.h"

#define FEEDBACK_SCHEMA "assay/feedback/v1"

/* A scalar that a form was left with: nothing, null or ~ without quotes. */
bool submission_is_blank(const struct node *node);

/* By the criteria's ids. */
void submission_sort(const struct standard *standard, struct given_answer *answers, uint32_t count);
