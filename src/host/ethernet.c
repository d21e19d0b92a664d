#include "host/ethernet.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "host/below.h"
#include "host/system.h"

enum {
	FIRST_SIZE = 128,
	HIGHEST_DEGREES = 150,
	LOWEST_DEGREES = -60,
};

bool ethernet_degrees(uint8_t high, uint8_t low, double *ret_degrees)
{
	double degrees = (int8_t)high + low / 256.0;

	if (degrees < LOWEST_DEGREES || degrees > HIGHEST_DEGREES)
		return false;
	*ret_degrees = degrees;
	return true;
}

/* SFF-8472: diagnostics are a second memory of 256 bytes behind the first. Byte 92 says whether it
 * is there (bit 6), and whether its values are raw (bit 4): those mean nothing without calibration.
 */
static struct ethernet_places places_sfp(const uint8_t *first, size_t size)
{
	bool measures = first[92] & 0x40;
	bool is_raw = first[92] & 0x10;

	if (size < 512 || !measures || is_raw)
		return (struct ethernet_places){ 0, 0 };
	return (struct ethernet_places){ .temperature = 256 + 96, .alarm = 256 };
}

/* SFF-8636: temperature in bytes 22 and 23, thresholds at the beginning of page 3, which a module
 * with flat memory (byte 2, bit 2) has not. */
static struct ethernet_places places_qsfp(const uint8_t *first, size_t size)
{
	bool is_flat = first[2] & 0x04;

	return (struct ethernet_places){ .temperature = 22,
					 .alarm = size >= 640 && !is_flat ? 512 : 0 };
}

/* CMIS: temperature in bytes 14 and 15, thresholds at the beginning of page 2, which a module with
 * flat memory (byte 2, bit 7) has not; such a module is a cable without a sensor. */
static struct ethernet_places places_cmis(const uint8_t *first, size_t size)
{
	bool is_flat = first[2] & 0x80;

	if (is_flat)
		return (struct ethernet_places){ 0, 0 };
	return (struct ethernet_places){ .temperature = 14, .alarm = size >= 512 ? 384 : 0 };
}

struct ethernet_places ethernet_places(const uint8_t first[static 128], size_t size)
{
	/* Identifiers of SFF-8024, table 4-1. */
	switch (first[0]) {
	case 0x03: /* SFP, SFP+, SFP28 */
	case 0x0b: /* DWDM-SFP */
		return places_sfp(first, size);
	case 0x0c: /* QSFP */
	case 0x0d: /* QSFP+ */
	case 0x11: /* QSFP28, QSFP56 */
		return places_qsfp(first, size);
	case 0x18: /* QSFP-DD */
	case 0x19: /* OSFP */
	case 0x1a: /* SFP-DD */
	case 0x1b: /* DSFP */
	case 0x1e: /* QSFP with CMIS */
	case 0x1f: /* SFP-DD with CMIS */
	case 0x20: /* SFP with CMIS */
		return places_cmis(first, size);
	default:
		return (struct ethernet_places){ 0, 0 };
	}
}

static void refuse(const char *name, int number, struct error *err)
{
	if (number == ENODEV)
		(void)fail(err, ERROR_MISSING, "there is no network interface '%s'", name);
	else if (number == EOPNOTSUPP || number == ENOSYS || number == ENOTTY)
		(void)fail(err, ERROR_UNSUPPORTED, "the driver of '%s' does not say", name);
	else
		(void)fail(err, ERROR_IO, "asking the driver of '%s': %s", name, strerror(number));
}

/* Leaves errno as the kernel set it. */
static bool ask(int port, const char *name, void *question, struct error *err)
{
	struct ifreq request = { .ifr_data = question };

	memcpy(request.ifr_name, name, strlen(name) + 1);
	if (ioctl(port, SIOCETHTOOL, &request) == 0)
		return true;
	int number = errno;
	refuse(name, number, err);
	errno = number;
	return false;
}

/* A socket of any kind carries the questions; -1 when there is none. */
static int open_port(const struct host *host, const char *name, struct error *err)
{
	int port;

	if (host_is_elsewhere(host)) {
		(void)fail(err, ERROR_UNSUPPORTED, "only a live machine's driver can be asked");
		return -1;
	}
	if (strlen(name) >= IFNAMSIZ) {
		(void)fail(err, ERROR_MISSING, "no network interface has so long a name: '%s'",
			   name);
		return -1;
	}
	port = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (port < 0)
		(void)fail_system(err, "opening a socket for", name);
	return port;
}

bool ethernet_firmware(const struct host *host, const char *name, struct arena *arena,
		       const char **ret_firmware, struct error *err)
{
	struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
	struct span version;

	SCOPED_FD(port) = open_port(host, name, err);
	if (port < 0 || !ask(port, name, &driver, err))
		return false;
	version = (struct span){ driver.fw_version,
				 strnlen(driver.fw_version, sizeof(driver.fw_version)) };
	version = span_trim(version);
	if (version.length == 0 || span_is(version, "N/A"))
		return fail(err, ERROR_UNSUPPORTED, "the driver of '%s' names no firmware", name);
	*ret_firmware = arena_string(arena, version);
	return true;
}

/* `length` bytes of the module's memory, FIRST_SIZE at most. */
static bool read_memory(int port, const char *name, unsigned offset, size_t length, uint8_t *into,
			struct error *err)
{
	union {
		struct ethtool_eeprom head;
		uint8_t bytes[sizeof(struct ethtool_eeprom) + FIRST_SIZE];
	} question = {
		.head = { .cmd = ETHTOOL_GMODULEEEPROM, .offset = offset, .len = (uint32_t)length }
	};

	if (!ask(port, name, &question, err))
		return false;
	memcpy(into, question.bytes + sizeof(question.head), length);
	return true;
}

/* A value of the module; *ret_has is false when there is no such place, or nothing sound in it: a
 * sensor that is not there reads zero. */
static bool read_degrees(int port, const char *name, unsigned place, double *ret_degrees,
			 bool *ret_has, struct error *err)
{
	uint8_t bytes[2] = { 0 };

	*ret_has = false;
	if (place == 0)
		return true;
	if (!read_memory(port, name, place, sizeof(bytes), bytes, err))
		return false;
	*ret_has = (bytes[0] != 0 || bytes[1] != 0) &&
		   ethernet_degrees(bytes[0], bytes[1], ret_degrees);
	return true;
}

/* Everybody may ask what is plugged in: without fibre or a cable attached for good there is no
 * module that a privileged user could read. */
static bool may_have_module(int port, const char *name)
{
	struct ethtool_cmd settings = { .cmd = ETHTOOL_GSET };

	return ask(port, name, &settings, NULL) &&
	       (settings.port == PORT_FIBRE || settings.port == PORT_DA);
}

static bool ask_module(int port, const char *name, struct ethtool_modinfo *about, struct error *err)
{
	about->cmd = ETHTOOL_GMODULEINFO;
	if (ask(port, name, about, err))
		return true;
	if (errno == EPERM && !may_have_module(port, name))
		return fail(err, ERROR_UNSUPPORTED, "'%s' has no module", name);
	return false;
}

bool ethernet_module(const struct host *host, const char *name, struct ethernet_module *ret_module,
		     struct error *err)
{
	struct ethtool_modinfo about = { 0 };
	struct ethernet_module module = { 0 };
	struct ethernet_places places;
	uint8_t first[FIRST_SIZE] = { 0 };

	SCOPED_FD(port) = open_port(host, name, err);
	if (port < 0 || !ask_module(port, name, &about, err))
		return false;
	if (about.eeprom_len < FIRST_SIZE)
		return fail(err, ERROR_UNSUPPORTED, "the module of '%s' has only %u bytes", name,
			    about.eeprom_len);
	if (!read_memory(port, name, 0, FIRST_SIZE, first, err))
		return false;
	places = ethernet_places(first, about.eeprom_len);
	if (!read_degrees(port, name, places.temperature, &module.temperature_c,
			  &module.has_temperature, err))
		return false;
	if (module.has_temperature &&
	    !read_degrees(port, name, places.alarm, &module.alarm_c, &module.has_alarm, err))
		return false;
	*ret_module = module;
	return true;
}
