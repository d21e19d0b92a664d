#define _GNU_SOURCE /* dladdr */

#include "scenario.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	FILES_DEEP_MAXIMUM = 4, /* a machine that builds upon a machine */
	LINKS_MAXIMUM = 63,
};

/* Every key there is: a misspelt line must not pass for a healthy machine. These have words,
 * several numbers or nothing behind them ... */
static const char word_keys[] = " call event process vanish cper bad_page vendor driver driver_date"
				" library confidential name uuid serial part_number pci"
				" compute_capability vbios vbios_date inforom gsp compute_partition"
				" memory_partition board maker memory_maker fabric_cluster remote"
				" memory_flip memory_stuck copy_to_flip copy_from_flip"
				" copy_peer_flip copy_in_flip cuda_memory_slow peer no_peer"
				" sm_flip gemm_flip nccl_dip nccl_corrupt nccl_nic_slow ";

/* ... and these one number, which may change over time. */
static const char number_keys[] =
	" gpus cuda hip pci_device pci_subsystem minor module architecture numa"
	" inforom_checksum slot tray host compute_units target revision"
	" persistence compute_mode mig mig_pending mig_slices ecc ecc_pending"
	" memory memory_used memory_reserved memory_type memory_width"
	" memory_bandwidth dram_corrected_volatile dram_uncorrected_volatile"
	" dram_corrected_aggregate dram_uncorrected_aggregate"
	" sram_corrected_volatile sram_uncorrected_volatile"
	" sram_corrected_aggregate sram_uncorrected_aggregate"
	" sram_parity_volatile sram_parity_aggregate sram_in_l2 sram_in_sm"
	" sram_in_pcie sram_in_mcu sram_in_other sram_threshold retired_single"
	" retired_double retired_pending remapped_correctable"
	" remapped_uncorrectable remap_pending remap_failed remap_banks"
	" remap_banks_most remap_banks_some remap_banks_few remap_banks_none"
	" recovery_action ecc_blocks ecc_block ecc_correctable ecc_uncorrectable"
	" ecc_deferred bad_page_threshold ras_eeprom ras_schemes temperature"
	" memory_temperature margin threshold_shutdown threshold_slowdown"
	" threshold_memory threshold_gpu shutdown_margin slowdown_margin"
	" memory_maximum_margin gpu_maximum_margin power power_average"
	" power_module power_limit power_enforced power_default power_minimum"
	" power_maximum energy utilization memory_utilization performance_state"
	" clock_sm clock_memory clock_video clock_sm_maximum clock_memory_maximum"
	" clock_video_maximum clocks_reasons violation_power violation_thermal"
	" violation_sync_boost violation_board_limit violation_low_utilization"
	" violation_reliability violation_prochot violation_regulator"
	" violation_memory pcie_generation pcie_width pcie_generation_maximum"
	" pcie_width_maximum pcie_generation_gpu pcie_replays"
	" pcie_replay_rollovers pcie_recoveries pcie_naks link_count link_version"
	" link_speed link_lanes hive xgmi_error fabric_state fabric_status"
	" fabric_clique fabric_health fabric_summary c2c_count c2c_status"
	" c2c_bandwidth c2c_errors c2c_replays state speed replay recovery crc"
	" crc_data ecc_data malformed overrun receive_errors remote_errors"
	" general_errors integrity_errors transmit_discards recovery_ok"
	" recovery_failed recovery_events effective_errors effective_ber"
	" symbol_errors symbol_ber read written fec_0 fec_1 fec_2 fec_3 fec_4"
	" fec_5 fec_6 fec_7 fec_8 fec_9 fec_10 fec_11 fec_12 fec_13 fec_14 fec_15"
	" multiprocessors cuda_memory cuda_memory_alias cuda_cache hbm_gb_per_s"
	" pcie_to_gb_per_s pcie_from_gb_per_s pcie_duplex peer_gb_per_s peer_duplex"
	" launch_us jitter pace copy_engines shared_per_block unified integrated"
	" numa_of_memory threads_per_multiprocessor cublaslt"
	" gemm_tflops_bf16 gemm_tflops_fp16 gemm_tflops_tf32 gemm_tflops_fp32"
	" gemm_tflops_fp8 gemm_tflops_fp64 gemm_slope nccl_version nccl_node nccl_slow"
	" nccl_broken nccl_async nccl_latency_us nccl_switch_gb_per_s"
	" nccl_ring_gb_per_s nccl_host_gb_per_s nccl_nic_gb_per_s"
	" nccl_node_gb_per_s ";

/* Where a line stands, for complaints. */
struct place {
	const char *file;
	unsigned line;
};

static bool complain(struct scenario *scenario, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool complain(struct scenario *scenario, struct place place, const char *format, ...)
{
	va_list arguments;
	int length = snprintf(scenario->complaint, sizeof(scenario->complaint),
			      "%s:%u: ", place.file, place.line);

	if (length < 0 || (size_t)length >= sizeof(scenario->complaint))
		return false;
	va_start(arguments, format);
	(void)vsnprintf(scenario->complaint + length, sizeof(scenario->complaint) - (size_t)length,
			format, arguments);
	va_end(arguments);
	return false;
}

/* The next word of the line, cut off with a NUL; NULL at the end. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");

	if (*word == '\0')
		return NULL;
	char *end = word + strcspn(word, " \t");
	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

/* The whole text as a number, hexadecimal too. */
static bool read_number(const char *text, double *ret_number)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(number))
		return false;
	*ret_number = number;
	return true;
}

/* "3", "3-5" or "*". */
static bool read_range(const char *text, int maximum, int *ret_first, int *ret_last)
{
	char *end;

	*ret_first = 0;
	*ret_last = maximum;
	if (strcmp(text, "*") == 0)
		return true;
	double first = strtod(text, &end);
	double last = first;
	if (end == text)
		return false;
	if (*end == '-') {
		const char *from = end + 1;
		last = strtod(from, &end);
		if (end == from)
			return false;
	}
	if (*end != '\0' || !(first >= 0 && first <= last && last <= maximum))
		return false;
	*ret_first = (int)first;
	*ret_last = (int)last;
	return true;
}

/* Takes "t=10" and "until=20" off the end of a value; a curve has a colon and stays. */
static void take_times(char *value, struct scenario_line *line)
{
	for (;;) {
		char *last = strrchr(value, ' ');
		char *word = last ? last + 1 : value;
		double *into = NULL;

		if (strncmp(word, "t=", 2) == 0)
			into = &line->since;
		else if (strncmp(word, "until=", 6) == 0)
			into = &line->until;
		if (!into || !read_number(strchr(word, '=') + 1, into))
			return;
		*word = '\0';
		if (last)
			*last = '\0';
	}
}

static bool is_among(const char *word, const char *words)
{
	char whole[64];
	int length = snprintf(whole, sizeof(whole), " %s ", word);

	return length > 0 && (size_t)length < sizeof(whole) && strstr(words, whole);
}

/* "0:45,30:92" at a moment: a straight line between two points, or the point before it. */
static double curve_at(const char *points, double now, bool steps)
{
	double last_time = 0;
	double last_value = 0;
	bool first = true;

	while (*points != '\0') {
		char *end;
		double time = strtod(points, &end);

		if (*end != ':' || (!first && time <= last_time))
			return NAN;
		double value = strtod(end + 1, &end);
		if (now < time && first)
			return value;
		if (now < time)
			return steps ? last_value
				     : last_value + (value - last_value) * (now - last_time) /
							    (time - last_time);
		first = false;
		last_time = time;
		last_value = value;
		if ((*end == ',' && end[1] == '\0') || (*end != ',' && *end != '\0'))
			return NAN;
		points = *end == ',' ? end + 1 : end;
	}
	return first ? (double)NAN : last_value;
}

/* "rate=5/s base=100": counts from `since` on. */
static double counter_at(const char *value, double elapsed)
{
	char *end;
	double rate = strtod(value + strlen("rate="), &end);
	const char *base = strstr(end, "base=");

	if (strncmp(end, "/s", 2) != 0)
		return NAN;
	return floor(rate * fmax(elapsed, 0)) + (base ? strtod(base + strlen("base="), NULL) : 0);
}

/* The value at a moment, some seconds after its line began to hold; NaN for what is no number. */
static double number_at(const char *value, double now, double elapsed)
{
	double number;

	if (strncmp(value, "t=", 2) == 0)
		return curve_at(value + 2, now, false);
	if (strncmp(value, "step=", 5) == 0)
		return curve_at(value + 5, now, true);
	if (strncmp(value, "rate=", 5) == 0)
		return counter_at(value, elapsed);
	return read_number(value, &number) ? number : (double)NAN;
}

/* Is this what may stand behind the key? */
static bool is_value(const char *key, const char *value)
{
	const char *fault = value + strcspn(value, " ");
	double number;

	if (strcmp(key, "call") == 0)
		return strncmp(fault, " error ", 7) == 0
			       ? read_number(fault + 7, &number)
			       : strcmp(fault, " stall") == 0 ||
					 strncmp(fault, " stall ", 7) == 0 ||
					 strcmp(fault, " crash") == 0 ||
					 strcmp(fault, " rubbish") == 0;
	if (is_among(key, word_keys))
		return true;
	if (value[0] == '!')
		return read_number(value + 1, &number);
	return strcmp(value, "-") == 0 || !isnan(number_at(value, INFINITY, 0));
}

/* How the functions of a library begin, and one that each of them has. */
static const struct {
	const char *begins, *has;
} libraries[] = {
	{ "nvml", "nvmlInit_v2" },
	{ "amdsmi", "amdsmi_init" },
	{ "cu", "cuInit" },
	{ "nccl", "ncclGetVersion" },
};

/* A function of another library is none of our business. */
static bool is_call(const char *name)
{
	Dl_info own;
	char word[128];

	(void)snprintf(word, sizeof(word), "%.*s", (int)strcspn(name, " "), name);
	if (dladdr(__extension__(const void *) scenario_load, &own) == 0)
		return true;
	void *self = dlopen(own.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!self)
		return true;
	bool ours = false;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		if (strncmp(word, libraries[i].begins, strlen(libraries[i].begins)) == 0 &&
		    (isupper((unsigned char)word[strlen(libraries[i].begins)]) ||
		     word[strlen(libraries[i].begins)] == '_'))
			ours = dlsym(self, libraries[i].has);
	bool found = dlsym(self, word);
	(void)dlclose(self);
	return !ours || found;
}

/* "gpu 3", "link 3 5" or "system"; a "call" without one is about all of them. */
static bool read_target(char *word, char **at, struct scenario_target *ret_target, char **ret_key)
{
	struct scenario_target target = { SCENARIO_SYSTEM, SCENARIO_SYSTEM, SCENARIO_NO_LINK,
					  SCENARIO_NO_LINK };
	char *number;

	*ret_key = word;
	if (strcmp(word, "call") == 0) {
		target.gpu_last = SCENARIO_GPUS_MAXIMUM - 1;
		*ret_target = target;
		return true;
	}
	bool is_link = strcmp(word, "link") == 0;
	if (is_link || strcmp(word, "gpu") == 0) {
		number = next_word(at);
		if (!number || !read_range(number, SCENARIO_GPUS_MAXIMUM - 1, &target.gpu_first,
					   &target.gpu_last))
			return false;
	} else if (strcmp(word, "system") != 0) {
		return false;
	}
	if (is_link) {
		number = next_word(at);
		if (!number ||
		    !read_range(number, LINKS_MAXIMUM, &target.link_first, &target.link_last))
			return false;
	}
	*ret_target = target;
	*ret_key = next_word(at);
	return *ret_key != NULL;
}

static bool load_file(struct scenario *scenario, const char *path, unsigned depth);

static bool load_machine(struct scenario *scenario, const char *name, unsigned depth,
			 struct place place)
{
	char path[1024];
	int length = snprintf(path, sizeof(path), "%s/%s.scenario", MACHINES, name);

	if (depth == FILES_DEEP_MAXIMUM || strchr(name, '/'))
		return complain(scenario, place, "no machine '%s'", name);
	if (length < 0 || (size_t)length >= sizeof(path))
		return complain(scenario, place, "the name of the machine is too long");
	return load_file(scenario, path, depth + 1);
}

static bool read_line(struct scenario *scenario, char *text, unsigned depth, struct place place)
{
	char *word = next_word(&text);
	char *key;

	if (!word || word[0] == '#')
		return true;
	if (strcmp(word, "machine") == 0) {
		word = next_word(&text);
		if (!word)
			return complain(scenario, place, "which machine?");
		return load_machine(scenario, word, depth, place);
	}
	if (scenario->count == SCENARIO_LINES_MAXIMUM)
		return complain(scenario, place, "more than %d lines", SCENARIO_LINES_MAXIMUM);
	struct scenario_line *line = &scenario->lines[scenario->count];
	*line = (struct scenario_line){ .until = INFINITY };
	if (!read_target(word, &text, &line->target, &key))
		return complain(scenario, place, "no target of 'system', 'gpu N' or 'link N M'");
	if (!is_among(key, word_keys) && !is_among(key, number_keys))
		return complain(scenario, place, "no key '%s'", key);
	text += strspn(text, " \t");
	take_times(text, line);
	if (strcmp(key, "call") == 0 && !is_call(text))
		return complain(scenario, place, "no function '%s'", text);
	if (!is_value(key, text))
		return complain(scenario, place, "'%s' is no value of '%s'", text, key);
	line->key = key;
	line->value = text;
	scenario->count++;
	return true;
}

/* Appends the file to the pool, NUL-terminated; NULL when it cannot be read whole. */
static char *take_file(struct scenario *scenario, const char *path)
{
	size_t room = sizeof(scenario->pool) - scenario->pool_used;
	char *text = scenario->pool + scenario->pool_used;
	FILE *file = fopen(path, "re");

	if (!file)
		return NULL;
	size_t length = fread(text, 1, room, file);
	bool whole = !ferror(file) && length < room;
	(void)fclose(file);
	if (!whole)
		return NULL;
	text[length] = '\0';
	scenario->pool_used += length + 1;
	return text;
}

static bool load_file(struct scenario *scenario, const char *path, unsigned depth)
{
	struct place place = { .file = path };
	char *text = take_file(scenario, path);

	if (!text)
		return complain(scenario, place, "cannot be read: %s", strerror(errno));
	while (*text != '\0') {
		char *end = text + strcspn(text, "\n");
		char *next = *end == '\0' ? end : end + 1;

		*end = '\0';
		place.line++;
		if (!read_line(scenario, text, depth, place))
			return false;
		text = next;
	}
	return true;
}

static double unix_time(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool scenario_load(struct scenario *scenario)
{
	const char *path = getenv("ASSAY_SCENARIO");
	const char *epoch = getenv("ASSAY_SCENARIO_EPOCH");

	scenario->count = 0;
	scenario->pool_used = 0;
	if (!scenario->started) {
		scenario->epoch = unix_time();
		scenario->started = true;
	}
	if (epoch && !read_number(epoch, &scenario->epoch))
		return complain(scenario, (struct place){ "ASSAY_SCENARIO_EPOCH", 0 },
				"'%s' is no time", epoch);
	if (!path)
		return complain(scenario, (struct place){ "ASSAY_SCENARIO", 0 }, "not set");
	if (load_file(scenario, path, 0))
		return true;
	scenario->count = 0;
	return false;
}

double scenario_now(const struct scenario *scenario)
{
	return unix_time() - scenario->epoch;
}

bool scenario_holds(const struct scenario *scenario, const struct scenario_line *line)
{
	double now = scenario_now(scenario);

	return now >= line->since && now < line->until;
}

static bool is_about(const struct scenario_line *line, int gpu, int link, const char *key)
{
	return gpu >= line->target.gpu_first && gpu <= line->target.gpu_last &&
	       link >= line->target.link_first && link <= line->target.link_last &&
	       strcmp(line->key, key) == 0;
}

static const struct scenario_line *find(const struct scenario *scenario, int gpu, int link,
					const char *key)
{
	for (unsigned i = scenario->count; i > 0; i--) {
		const struct scenario_line *line = &scenario->lines[i - 1];

		if (is_about(line, gpu, link, key) && scenario_holds(scenario, line))
			return line;
	}
	return NULL;
}

static double number_of(const struct scenario *scenario, const struct scenario_line *line)
{
	double now = scenario_now(scenario);

	return number_at(line->value, now, now - line->since);
}

/* What "-" and "!15" say; SCENARIO_VALUE for all else. */
static enum scenario_answer kind_of(const struct scenario_line *line, unsigned *ret_error)
{
	double number;

	if (!line || strcmp(line->value, "-") == 0)
		return SCENARIO_ABSENT;
	if (line->value[0] != '!' || !read_number(line->value + 1, &number))
		return SCENARIO_VALUE;
	*ret_error = (unsigned)number;
	return SCENARIO_ERROR;
}

enum scenario_answer scenario_number(const struct scenario *scenario, int gpu, int link,
				     const char *key, double *ret_number, unsigned *ret_error)
{
	const struct scenario_line *line = find(scenario, gpu, link, key);
	enum scenario_answer answer = kind_of(line, ret_error);

	if (answer != SCENARIO_VALUE)
		return answer;
	double number = number_of(scenario, line);
	if (isnan(number))
		return SCENARIO_ABSENT;
	*ret_number = number;
	return SCENARIO_VALUE;
}

enum scenario_answer scenario_text(const struct scenario *scenario, int gpu, const char *key,
				   char ret_text[static SCENARIO_TEXT_SIZE], unsigned *ret_error)
{
	const struct scenario_line *line = find(scenario, gpu, SCENARIO_NO_LINK, key);
	enum scenario_answer answer = kind_of(line, ret_error);

	if (answer != SCENARIO_VALUE)
		return answer;
	const char *hole = strstr(line->value, "{}");
	if (hole)
		(void)snprintf(ret_text, SCENARIO_TEXT_SIZE, "%.*s%02d%s",
			       (int)(hole - line->value), line->value, gpu, hole + 2);
	else
		(void)snprintf(ret_text, SCENARIO_TEXT_SIZE, "%s", line->value);
	return SCENARIO_VALUE;
}

const struct scenario_line *scenario_nth(const struct scenario *scenario, int gpu, const char *key,
					 unsigned number)
{
	for (unsigned i = 0; i < scenario->count; i++) {
		const struct scenario_line *line = &scenario->lines[i];

		if (is_about(line, gpu, SCENARIO_NO_LINK, key) && number-- == 0)
			return line;
	}
	return NULL;
}

bool scenario_word(const char *value, unsigned word, double *ret_number)
{
	char text[64];
	const char *at = value;

	for (; word > 0; word--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	(void)snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, " "), at);
	return read_number(text, ret_number);
}

bool scenario_vanished(const struct scenario *scenario, int gpu)
{
	return find(scenario, gpu, SCENARIO_NO_LINK, "vanish") != NULL;
}

/* "stall" is for ever, "stall 2s" is not. */
static void stall(const char *length)
{
	char *end;
	double seconds = strtod(length, &end);

	if (end == length) {
		for (;;)
			(void)pause();
	}
	struct timespec left = { .tv_sec = (time_t)seconds,
				 .tv_nsec = (long)((seconds - floor(seconds)) * 1e9) };
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

static void crash(void)
{
	(void)signal(SIGSEGV, SIG_DFL); /* a sanitizer's handler would turn it into an exit */
	(void)raise(SIGSEGV);
}

static enum scenario_fault play(const char *what, unsigned *ret_error)
{
	if (strncmp(what, "error ", 6) == 0) {
		*ret_error = (unsigned)strtod(what + 6, NULL);
		return SCENARIO_FAULT_ERROR;
	}
	if (strcmp(what, "rubbish") == 0)
		return SCENARIO_RUBBISH;
	if (strcmp(what, "crash") == 0)
		crash();
	if (strncmp(what, "stall", 5) == 0)
		stall(what + 5);
	return SCENARIO_NO_FAULT;
}

enum scenario_fault scenario_fault(const struct scenario *scenario, int gpu, const char *call,
				   unsigned *ret_error)
{
	size_t length = strlen(call);

	for (unsigned i = scenario->count; i > 0; i--) {
		const struct scenario_line *line = &scenario->lines[i - 1];

		if (is_about(line, gpu, SCENARIO_NO_LINK, "call") &&
		    strncmp(line->value, call, length) == 0 && line->value[length] == ' ' &&
		    scenario_holds(scenario, line))
			return play(line->value + length + 1, ret_error);
	}
	return SCENARIO_NO_FAULT;
}

void scenario_rubbish(void *at, size_t size)
{
	static uint32_t state = 1;
	unsigned char *bytes = at;

	for (size_t i = 0; i < size; i++) {
		state = state * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(state >> 24);
	}
}
