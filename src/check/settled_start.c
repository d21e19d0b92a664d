#include <math.h>
#include <string.h>

#include "check/settled_rules.h"

/* Bytes of what a criterion names: an image of 22 GB, weights of 15 billion numbers of 16 bits. */
struct amount {
	double least, most;
};

static const struct amount image = { 20e9, 24e9 }, model = { 26e9, 32e9 };

/* The slowest of the commands that stand for something, found no cache and moved so many bytes. */
struct command {
	const struct record *median, *rate;
};

static bool had_no_cache(const struct settling *settling, const char *device)
{
	const char *cache = machine_state(settling->machine, NODE_TEST_START_CACHE, device);

	return cache && strcmp(cache, "warm") != 0;
}

static bool moved(const struct record *median, const struct record *rate,
		  const struct amount *amount)
{
	double bytes;

	if (!amount)
		return true;
	if (!rate || rate->says != SAYS_VALUE)
		return false;
	bytes = median->value * rate->value;
	return bytes >= amount->least && bytes <= amount->most;
}

static void take_slower(const struct settling *settling, const char *device,
			const struct amount *amount, struct command *slowest)
{
	struct command one = {
		.median = machine_find(settling->machine, NODE_TEST_START_MEDIAN, device),
		.rate = machine_find(settling->machine, NODE_TEST_START_RATE, device),
	};

	if (!one.median || one.median->says != SAYS_VALUE || !had_no_cache(settling, device) ||
	    !moved(one.median, one.rate, amount))
		return;
	if (!slowest->median || one.median->value > slowest->median->value)
		*slowest = one;
}

static bool find_slowest(struct settling *settling, const char *const *kinds,
			 const struct amount *amount, struct command *ret_slowest)
{
	struct command slowest = { 0 };
	const struct record *kind;
	size_t at = 0;

	while ((kind = machine_next(settling->machine, NODE_TEST_START_KIND, &at))) {
		for (size_t i = 0; kinds[i]; i++) {
			if (kind->says == SAYS_STATE && strcmp(kind->text, kinds[i]) == 0)
				take_slower(settling, kind->subject.parts[SUBJECT_DEVICE], amount,
					    &slowest);
		}
	}
	if (!slowest.median)
		return false;
	settling_uses(settling, slowest.median);
	*ret_slowest = slowest;
	return true;
}

static const char *const pulls[] = { "image-pull", "container-pull", NULL };
static const char *const downloads[] = { "model-download", NULL };
static const char *const installs[] = { "package-install", NULL };

bool settle_start(struct settling *settling, struct settled *into)
{
	return settling_value(settling, "node.test.start.boot", "boot:instance", NULL,
			      &into->value);
}

bool settle_image_pull(struct settling *settling, struct settled *into)
{
	struct command slowest;

	if (!find_slowest(settling, pulls, &image, &slowest))
		return false;
	into->value = slowest.median->value;
	return true;
}

bool settle_model_time(struct settling *settling, struct settled *into)
{
	struct command slowest;

	if (!find_slowest(settling, downloads, &model, &slowest))
		return false;
	/* A fifth beyond the usual 35 s is not yet clearly longer. */
	if (slowest.median->value <= 20)
		into->answer = "fast";
	else
		into->answer = slowest.median->value <= 42 ? "usual" : "slow";
	return true;
}

bool settle_model_rate(struct settling *settling, struct settled *into)
{
	struct command slowest;

	if (!find_slowest(settling, downloads, &model, &slowest))
		return false;
	settling_uses(settling, slowest.rate);
	into->value = slowest.rate->value * 8e-9;
	return true;
}

bool settle_package_install(struct settling *settling, struct settled *into)
{
	struct command slowest;

	if (!find_slowest(settling, installs, NULL, &slowest))
		return false;
	into->value = slowest.median->value;
	return true;
}

/* The criterion is about all nodes at once: one alone is quicker, and settles only that it is as
 * slow as can be. */
bool settle_import(struct settling *settling, struct settled *into)
{
	static const char *const imports[] = { "import-time", NULL };
	struct command slowest;

	if (!find_slowest(settling, imports, NULL, &slowest) || slowest.median->value < 20 ||
	    !machine_state_is(settling->machine, NODE_TEST_START_CACHE,
			      slowest.median->subject.parts[SUBJECT_DEVICE], "cold"))
		return false;
	into->value = slowest.median->value;
	return true;
}

/* A download shorter than this tells of the start of connections. */
static const double download_bytes = 1e9;

/* Bytes and seconds of a fresh download; false of anything else. */
static bool take_download(struct settling *settling, const struct record *kind, double *ret_bytes,
			  double *ret_seconds)
{
	const char *device = kind->subject.parts[SUBJECT_DEVICE];
	const struct record *median =
		machine_find(settling->machine, NODE_TEST_START_MEDIAN, device);
	const struct record *rate = machine_find(settling->machine, NODE_TEST_START_RATE, device);

	if (!median || !rate || median->says != SAYS_VALUE || rate->says != SAYS_VALUE ||
	    !had_no_cache(settling, device) || median->value * rate->value < download_bytes)
		return false;
	settling_uses(settling, rate);
	*ret_bytes = median->value * rate->value;
	*ret_seconds = median->value;
	return true;
}

enum {
	DOWNLOAD_PACKAGES,
	DOWNLOAD_IMAGES,
	DOWNLOAD_MODELS,
	DOWNLOAD_KINDS,
};

/* What came in by each kind. */
struct downloads {
	double bytes[DOWNLOAD_KINDS], seconds[DOWNLOAD_KINDS];
	double fastest; /* bytes a second */
	size_t kinds;   /* of which something came in */
};

static bool is_among(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

static struct downloads find_downloads(struct settling *settling)
{
	static const char *const *const of[DOWNLOAD_KINDS] = { installs, pulls, downloads };
	struct downloads found = { .kinds = 0 };
	const struct record *kind;
	size_t at = 0;

	while ((kind = machine_next(settling->machine, NODE_TEST_START_KIND, &at))) {
		double bytes, seconds;

		for (size_t i = 0; i < DOWNLOAD_KINDS && kind->says == SAYS_STATE; i++) {
			if (!is_among(of[i], kind->text) ||
			    !take_download(settling, kind, &bytes, &seconds))
				continue;
			found.kinds += found.bytes[i] <= 0;
			found.bytes[i] += bytes;
			found.seconds[i] += seconds;
			found.fastest = fmax(found.fastest, bytes / seconds);
		}
	}
	return found;
}

/* What the node can reach is what it reached from the best of several sources: one alone may be the
 * slow one. */
bool settle_download_rate(struct settling *settling, struct settled *into)
{
	const struct downloads found = find_downloads(settling);

	into->value = found.fastest * 8e-9;
	return found.kinds >= 2;
}

/* Packages, images and models one after the other, as a new environment needs them. */
bool settle_internet_speed(struct settling *settling, struct settled *into)
{
	const struct downloads found = find_downloads(settling);
	double bytes = 0, seconds = 0;

	for (size_t i = 0; i < DOWNLOAD_KINDS; i++) {
		bytes += found.bytes[i];
		seconds += found.seconds[i];
	}
	if (found.kinds < DOWNLOAD_KINDS)
		return false;
	into->value = bytes / seconds * 8e-9;
	return true;
}
