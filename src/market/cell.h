/*
 * What the cells and fields of price lists hold, for the importers: counts, sizes, cents; and what
 * a file's name says.
 */
#pragma once

#include "market/import.h"

/* The first second of a day; 0, which is "not said" in a draft, for DATE_NONE. */
int64_t cell_day(date_t day);

/* How many GPUs an offer has: "8", "8.0". Part of one ("0.125") sets draft->fraction. What is no
 * number, is negative, or is mixed ("2.5") leaves 0, which the book refuses. */
void cell_gpus(struct span text, struct draft *draft);

/* Memory of one GPU in MiB; 0, which is "not said", when the text is no positive number. */
uint64_t cell_gib(struct span text);
uint64_t cell_mib(struct span text);

/* A number, NAN when there is none. */
double cell_number(struct span text);

/* Cents as a price in the unit: "249" becomes "2.49". The text as it is when it is no number, so
 * that the book refuses it. */
struct span cell_cents(struct span text, char into[static MONEY_TEXT_SIZE]);

/* Where `part` starts in `text`, in capitals or not; SIZE_MAX when it is not there. */
size_t span_find(struct span text, const char *part);
bool span_holds(struct span text, const char *part);

/* "aws" of "catalogs/v8/aws/vms.csv.gz". Empty when the file is in no folder. */
struct span file_folder(const char *file);

/* "aws" of "…/aws.csv.gz" and of "…/aws-2026-07-05.csv". */
struct span file_stem(const char *file);
