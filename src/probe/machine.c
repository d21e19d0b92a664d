#include <string.h>

#include "base/text.h"
#include "probe/look.h"
#include "probe/probe.h"
#include "probe/release.h"
#include "probe/virtual.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DMI "/sys/class/dmi/id/"

enum {
	COMMAND_LINE_MAXIMUM = 64 << 10,
	OS_RELEASE_MAXIMUM = 64 << 10,
	STAT_MAXIMUM = 4 << 20, /* a line with a count for each interrupt is among it */
	KERNELS_MAXIMUM = 4096,
};

/* Joins what is there of the two with a blank. */
static const char *join(struct arena *arena, struct span a, struct span b)
{
	return arena_format(arena, "%.*s%s%.*s", SPAN_ARGS(a), a.length && b.length ? " " : "",
			    SPAN_ARGS(b));
}

/* The words that makers leave where they were to put their own. */
static struct span read_dmi(const struct look *look, const char *file)
{
	static const char *const empty[] = { "To Be Filled By O.E.M.", "To be filled by O.E.M.",
					     "Default string", "Not Specified", "None" };
	struct span text =
		look_text(look->host, look->sightings->arena, look_path(look, DMI "%s", file));

	for (size_t i = 0; i < COUNT(empty); i++)
		if (span_is(text, empty[i]))
			return SPAN("");
	return text;
}

static void see_board(const struct look *look)
{
	struct arena *arena = look->sightings->arena;
	struct span maker = read_dmi(look, "sys_vendor");
	struct span product = read_dmi(look, "product_name");

	if (maker.length == 0)
		maker = read_dmi(look, "board_vendor");
	if (product.length == 0)
		product = read_dmi(look, "board_name");
	/* Arm boards without DMI have a device tree. */
	if (maker.length == 0 && product.length == 0)
		product = look_text(look->host, arena, "/proc/device-tree/model");
	if (maker.length + product.length > 0)
		(void)saw_state(look->sightings, NODE_BOARD, NULL, join(arena, maker, product));
	else
		(void)saw_unknown(look->sightings, NODE_BOARD, NULL,
				  "the firmware names no board in " DMI);
}

/* "01/31/2024", month first, as the SMBIOS specification has it, to "2024-01-31"; anything else
 * stays as it is. */
static struct span turn_day(struct span day, struct arena *arena)
{
	struct span rest = day, month, number;
	uint64_t value;

	if (!span_cut(&rest, '/', &month) || !span_cut(&rest, '/', &number) || month.length != 2 ||
	    number.length != 2 || rest.length != 4 || !span_to_u64(month, &value) ||
	    !span_to_u64(number, &value) || !span_to_u64(rest, &value))
		return day;
	return span_of(arena_format(arena, "%.*s-%.*s-%.*s", SPAN_ARGS(rest), SPAN_ARGS(month),
				    SPAN_ARGS(number)));
}

static void see_firmware(const struct look *look)
{
	struct arena *arena = look->sightings->arena;
	struct span version = read_dmi(look, "bios_version");
	struct span day = turn_day(read_dmi(look, "bios_date"), arena);

	if (version.length + day.length > 0)
		(void)saw_state(look->sightings, NODE_FIRMWARE, NULL, join(arena, version, day));
	else
		(void)saw_unknown(look->sightings, NODE_FIRMWARE, NULL,
				  "the firmware tells no version in " DMI);
}

/* Kernels before 6.1 do not name it; what /proc/cpuinfo is like does. */
static void see_architecture(const struct look *look)
{
	struct arena *arena = look->sightings->arena;
	struct span text = look_text(look->host, arena, "/proc/sys/kernel/arch"), info = SPAN("");
	const char *name = arena_string(arena, text);

	if (text.length == 0) {
		(void)host_peek_start(look->host, "/proc/cpuinfo", HOST_VALUE_MAXIMUM, arena, &info,
				      NULL);
		if (span_is(line_value(info, ':', "CPU architecture"), "8"))
			name = "aarch64";
		else if (line_value(info, ':', "vendor_id").length > 0)
			name = "x86_64"; /* a 32-bit kernel runs on no GPU node */
		else if (span_starts(line_value(info, ':', "cpu"), "POWER"))
			name = "ppc64le";
	}
	if (*name)
		(void)saw_state(look->sightings, NODE_ARCHITECTURE, NULL, name);
	else
		(void)saw_unknown(look->sightings, NODE_ARCHITECTURE, NULL,
				  "neither /proc/sys/kernel/arch nor /proc/cpuinfo tells");
}

/* In pieces that fit a record, cut between two parameters. */
static void see_command_line(const struct look *look)
{
	struct error err = { 0 };
	struct span text;

	if (!host_peek(look->host, "/proc/cmdline", COMMAND_LINE_MAXIMUM, look->sightings->arena,
		       &text, &err)) {
		(void)saw_unknown(look->sightings, NODE_COMMAND_LINE, NULL, "%s", err.text);
		return;
	}
	do {
		struct span piece = text;

		if (piece.length > RECORD_EXCERPT_MAXIMUM) {
			piece.length = RECORD_EXCERPT_MAXIMUM;
			while (piece.length > 0 && piece.at[piece.length - 1] != ' ')
				piece.length--;
			if (piece.length == 0)
				piece.length = RECORD_EXCERPT_MAXIMUM;
		}
		(void)saw_text(look->sightings, NODE_COMMAND_LINE, NULL, piece);
		text.at += piece.length;
		text.length -= piece.length;
	} while (text.length > 0);
}

/* The value of a variable as a shell reads it: os-release(5) allows quotes of both kinds and the
 * backslash. */
static struct span unquote(struct span text, struct arena *arena)
{
	char *into = arena_take(arena, text.length + 1);
	size_t length = 0;
	char quote = '\0';

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? '\0' : c;
			continue;
		}
		if (c == '\\' && quote != '\'' && i + 1 < text.length)
			c = text.at[++i];
		into[length++] = c;
	}
	return (struct span){ into, length };
}

static struct span read_variable(struct span text, const char *key, struct arena *arena)
{
	struct span line, name, value = SPAN("");

	/* The last of several counts, as in a shell. */
	while (span_cut(&text, '\n', &line))
		if (span_cut(&line, '=', &name) && span_is(span_trim(name), key))
			value = unquote(span_trim(line), arena);
	return value;
}

static bool read_os_release(const struct look *look, struct span *ret_text, struct error *err)
{
	static const char *const paths[] = { "/etc/os-release", "/usr/lib/os-release" };

	for (size_t i = 0; i < COUNT(paths); i++)
		if (host_peek(look->host, paths[i], OS_RELEASE_MAXIMUM, look->sightings->arena,
			      ret_text, err))
			return true;
	return false;
}

static void see_system(const struct look *look)
{
	struct arena *arena = look->sightings->arena;
	struct error err = { 0 };
	struct span text, name;

	if (!read_os_release(look, &text, &err)) {
		(void)saw_unknown(look->sightings, NODE_SYSTEM, NULL, "%s", err.text);
		return;
	}
	name = read_variable(text, "ID", arena);
	if (name.length > 0)
		(void)saw_state(look->sightings, NODE_SYSTEM, NULL,
				join(arena, name, read_variable(text, "VERSION_ID", arena)));
	else
		(void)saw_unknown(look->sightings, NODE_SYSTEM, NULL,
				  "os-release has no 'ID': it names no distribution");
}

/* What is newest of those of the flavour, and whether the running one is among them. */
struct kernels {
	struct span running, newest;
	bool has_running;
};

static void add_kernel(struct kernels *kernels, struct span release)
{
	if (!release_same_flavour(release, kernels->running))
		return;
	kernels->has_running |= span_equal(release, kernels->running);
	if (kernels->newest.length == 0 || release_compare(release, kernels->newest) > 0)
		kernels->newest = release;
}

static void find_kernels(const struct look *look, struct kernels *kernels)
{
	struct arena *arena = look->sightings->arena;
	const char *const *names;
	size_t count = look_names(look->host, arena, "/boot", &names);

	for (size_t i = 0; i < count && i < KERNELS_MAXIMUM; i++)
		if (strncmp(names[i], "vmlinuz-", 8) == 0 || strncmp(names[i], "vmlinux-", 8) == 0)
			add_kernel(kernels, span_of(names[i] + 8));
	/* Some distributions keep the kernel with its modules; a folder without one is what a
	 * removed kernel leaves. */
	count = look_names(look->host, arena, "/lib/modules", &names);
	for (size_t i = 0; i < count && i < KERNELS_MAXIMUM; i++)
		if (host_kind(look->host, look_path(look, "/lib/modules/%s/vmlinuz", names[i])) ==
		    HOST_FILE)
			add_kernel(kernels, span_of(names[i]));
}

static void see_newest_kernel(const struct look *look, bool may_be_elsewhere)
{
	struct arena *arena = look->sightings->arena;
	struct kernels kernels = {
		.running = look_text(look->host, arena, "/proc/sys/kernel/osrelease"),
	};

	if (kernels.running.length > 0)
		find_kernels(look, &kernels);
	if (kernels.newest.length == 0)
		(void)saw_unknown(look->sightings, NODE_KERNEL_NEWEST, NULL,
				  "no installed kernel of the flavour of '%.*s' is visible",
				  SPAN_ARGS(kernels.running));
	else if (!kernels.has_running && may_be_elsewhere)
		(void)saw_unknown(look->sightings, NODE_KERNEL_NEWEST, NULL,
				  "the running kernel is not among those seen from this container");
	else
		(void)saw_state(look->sightings, NODE_KERNEL_NEWEST, NULL,
				arena_string(arena, kernels.newest));
}

/* The mark is there or not; that it is not there means something only where somebody leaves it. */
static void see_reboot_required(const struct look *look)
{
	static const char *const makers[] = {
		"/etc/kernel/postinst.d/update-notifier",
		"/etc/kernel/postinst.d/unattended-upgrades",
		"/usr/share/update-notifier/notify-reboot-required",
	};

	if (host_kind(look->host, "/run/reboot-required") != HOST_NOTHING ||
	    host_kind(look->host, "/var/run/reboot-required") != HOST_NOTHING) {
		(void)saw_state(look->sightings, NODE_REBOOT_REQUIRED, NULL, "yes");
		return;
	}
	for (size_t i = 0; i < COUNT(makers); i++) {
		if (host_kind(look->host, makers[i]) == HOST_NOTHING)
			continue;
		(void)saw_state(look->sightings, NODE_REBOOT_REQUIRED, NULL, "no");
		return;
	}
	(void)saw_unknown(look->sightings, NODE_REBOOT_REQUIRED, NULL,
			  "nothing on this system leaves a mark that a reboot is due");
}

static void see_booted(const struct look *look)
{
	struct error err = { 0 };
	struct span text;
	uint64_t time;

	if (!host_peek(look->host, "/proc/stat", STAT_MAXIMUM, look->sightings->arena, &text, &err))
		(void)saw_unknown(look->sightings, NODE_BOOTED, NULL, "%s", err.text);
	else if (span_to_u64(line_value(text, ' ', "btime"), &time))
		(void)saw_value(look->sightings, NODE_BOOTED, NULL, (double)time);
	else
		(void)saw_unknown(look->sightings, NODE_BOOTED, NULL, "/proc/stat has no 'btime'");
}

static void see_build(const struct look *look)
{
	struct error err = { 0 };
	struct span text;

	if (host_value(look->host, "/proc/version", look->sightings->arena, &text, &err))
		(void)saw_text(look->sightings, NODE_KERNEL_BUILD, NULL, text);
	else
		(void)saw_unknown(look->sightings, NODE_KERNEL_BUILD, NULL, "%s", err.text);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const struct look look = { request->host, sightings, NULL, MISSING_IS_UNKNOWN };
	const char *clocks = "/sys/devices/system/clocksource/clocksource0";
	const char *container;

	if (!(request->shares & PROBE_QUICK))
		return;
	see_board(&look);
	see_firmware(&look);
	see_architecture(&look);
	(void)look_state(&look, "/proc/sys/kernel/osrelease", NODE_KERNEL);
	see_build(&look);
	(void)look_value(&look, "/proc/sys/kernel/tainted", NODE_KERNEL_TAINT, 1.0);
	see_command_line(&look);
	see_system(&look);
	virtual_look(request->host, sightings);
	container = container_look(request->host, sightings);
	(void)look_value(&look, "/proc/uptime", NODE_UPTIME, 1.0);
	see_booted(&look);
	see_newest_kernel(&look, !container || strcmp(container, "none") != 0);
	see_reboot_required(&look);
	(void)look_state(&look, look_path(&look, "%s/current_clocksource", clocks),
			 NODE_CLOCK_SOURCE);
	(void)look_state(&look, look_path(&look, "%s/available_clocksource", clocks),
			 NODE_CLOCK_SOURCES);
}

const struct probe probe_machine = {
	.name = "machine",
	.title = "board, kernel and system",
	.shares = PROBE_QUICK,
	.look = look,
};
