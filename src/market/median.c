#include "market/median.h"

#include <math.h>
#include <stdlib.h>

static const double half_slack = 1e-12;

static void swap(double *a, double *b)
{
	double kept = *a;

	*a = *b;
	*b = kept;
}

/* Puts the value of rank k in its place: none before it is greater, none behind it less. */
static void select_rank(double *values, size_t count, size_t k)
{
	size_t low = 0, high = count - 1;

	while (low < high) {
		double pivot = values[low + (high - low) / 2];
		size_t i = low, j = high;

		for (;;) {
			while (values[i] < pivot)
				i++;
			while (values[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&values[i++], &values[j--]);
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
}

static double highest(const double *values, size_t count)
{
	double most = values[0];

	for (size_t i = 1; i < count; i++)
		if (values[i] > most)
			most = values[i];
	return most;
}

double median_of(double *values, size_t count)
{
	size_t middle = count / 2;

	if (count == 0)
		return NAN;
	select_rank(values, count, middle);
	if (count % 2 == 1)
		return values[middle];
	return (values[middle] + highest(values, middle)) / 2;
}

static int by_number(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

double quantile_of(double *values, size_t count, double share)
{
	double at;
	size_t below;

	if (count == 0)
		return NAN;
	at = share * (double)(count - 1);
	below = (size_t)at;
	qsort(values, count, sizeof(*values), by_number);
	if (below + 1 >= count)
		return values[count - 1];
	return values[below] + (at - (double)below) * (values[below + 1] - values[below]);
}

static int by_counted(const void *left, const void *right)
{
	const struct counted *a = left;
	const struct counted *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

/* The value at a place of the long list. */
static double counted_at(const struct counted *values, size_t count, uint64_t place)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < count; i++) {
		seen += values[i].count;
		if (seen > place)
			return values[i].value;
	}
	return values[count - 1].value;
}

double median_counted(struct counted *values, size_t count)
{
	uint64_t total = 0;

	if (count == 0)
		return NAN;
	qsort(values, count, sizeof(*values), by_counted);
	for (size_t i = 0; i < count; i++)
		total += values[i].count;
	if (total == 0)
		return NAN;
	return (counted_at(values, count, (total - 1) / 2) + counted_at(values, count, total / 2)) /
	       2;
}

static int by_weighted(const void *left, const void *right)
{
	const struct weighted *a = left;
	const struct weighted *b = right;

	if (a->value < b->value || a->value > b->value)
		return a->value < b->value ? -1 : 1;
	return (a->weight > b->weight) - (a->weight < b->weight);
}

void weighted_sort(struct weighted *values, size_t count)
{
	if (count > 0)
		qsort(values, count, sizeof(*values), by_weighted);
}

/* What the weights below the cap sum to, and how many are at it. */
static double sum_below(const struct weighted *values, size_t count, double cap, size_t *ret_capped)
{
	double sum = 0;

	*ret_capped = 0;
	for (size_t i = 0; i < count; i++) {
		if (values[i].weight >= cap)
			(*ret_capped)++;
		else
			sum += values[i].weight;
	}
	return sum;
}

/* One round: those above the cap get it, the others share what is left. True while that lifts
 * another above the cap. */
static bool cap_once(struct weighted *values, size_t count, double cap)
{
	size_t capped = 0;
	double below = sum_below(values, count, cap, &capped);
	double left = 1 - cap * (double)capped;
	bool again = false;

	for (size_t i = 0; i < count; i++) {
		if (values[i].weight >= cap) {
			values[i].weight = cap;
		} else if (below > 0) {
			values[i].weight *= left / below;
			again |= values[i].weight > cap + half_slack;
		}
	}
	return again;
}

void weights_cap(struct weighted *values, size_t count, double cap)
{
	double total = 0;
	size_t weighty = 0;

	for (size_t i = 0; i < count; i++) {
		total += values[i].weight;
		weighty += values[i].weight > 0;
	}
	if (weighty == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		bool even = (double)weighty * cap <= 1 && values[i].weight > 0;

		values[i].weight = even ? 1.0 / (double)weighty : values[i].weight / total;
	}
	if ((double)weighty * cap <= 1)
		return;
	while (cap_once(values, count, cap))
		continue;
}

double median_weighted(const struct weighted *values, size_t count)
{
	double total = 0, seen = 0;
	size_t i = 0;

	for (size_t k = 0; k < count; k++)
		total += values[k].weight;
	if (!(total > 0))
		return NAN;
	for (; i < count; i++) {
		seen += values[i].weight;
		if (seen >= total * (0.5 - half_slack))
			break;
	}
	if (i >= count)
		return values[count - 1].value;
	if (seen <= total * (0.5 + half_slack)) {
		for (size_t next = i + 1; next < count; next++)
			if (values[next].weight > 0)
				return (values[i].value + values[next].value) / 2;
	}
	return values[i].value;
}
