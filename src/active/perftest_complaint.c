#include <string.h>

#include "active/perftest.h"

#define MEMLOCK "the limit of locked memory is too low: ulimit -l has to be unlimited for RDMA"
#define NO_DEVICE                                                                             \
	"no RDMA device can be opened: ib_uverbs is not loaded, or its files below /dev are " \
	"not there or not allowed"
#define APART                                                                                    \
	"the two ports do not reach each other: a wrong GID, rails that are not routed to each " \
	"other, or another partition"

/* The first row whose words stand in what the program said decides, so the cause comes before what
 * follows from it. */
static const struct complaint {
	const char *words, *means;
} complaints[] = {
	{ "unrecognized option '--use_cuda", "this perftest is built without CUDA" },
	{ "Failed to load CUDA library", "the CUDA library is not there" },
	{ "cuInit", "CUDA cannot be started: no GPU or no driver" },
	{ "unrecognized option", "this perftest does not know an option that is needed" },
	{ " state is Down", "the port is down" },
	{ "Unable to query port", "the device has no such port" },
	{ "Gid index should be", "the port has no GID of that index" },
	{ "can't read sgid of index", "the port has no GID of that index" },
	{ "IB device ", "there is no such RDMA device, or it may not be opened" },
	{ "Did not detect devices", NO_DEVICE },
	{ "No IB devices found", NO_DEVICE },
	{ "Failed to open device", "the RDMA device may not be opened: look at /dev/infiniband" },
	{ "Couldn't get context for the device",
	  "the RDMA device cannot be opened, or its port is not usable" },
	{ "Couldn't allocate MR", MEMLOCK },
	{ "Couldn't register", MEMLOCK },
	{ "Cannot allocate memory", MEMLOCK },
	{ "Couldn't create CQ", MEMLOCK },
	{ "Failed to create QP", MEMLOCK },
	{ "Unable to create QP", MEMLOCK },
	{ "Failed to modify QP", APART },
	{ "Unable to Connect the HCA", APART },
	{ "Failed status 12",
	  "completion error 12, no acknowledgement: the other side is gone, or the path loses "
	  "packets (for RoCE: wrong GID, access list, or no flow control)" },
	{ "Failed status 13",
	  "completion error 13, the receiver was not ready: the other side is too slow or gone" },
	{ "Failed status 10",
	  "completion error 10, remote access refused: the two sides run different versions or "
	  "sizes" },
	{ "Failed status 5", "completion error 5, flushed: an earlier error ended the connection" },
	{ "Failed status", "a completion with an error ended the run" },
	{ "Couldn't connect to",
	  "the other side does not listen: it does not run the test, or a firewall is between" },
	{ "Connection timed out", "the other side does not answer: a firewall is between" },
	{ "Couldn't read remote address",
	  "the other side ended in the middle, or is of another version of perftest" },
	{ "Failed to exchange data",
	  "the other side ended in the middle, or is of another version of perftest" },
	{ "Unable to read", "the other side ended in the middle" },
	{ "Unable to open file descriptor", "no connection to the other side could be made" },
	{ "Couldn't set the link layer", "the link layer of the port is not known" },
	{ "active_mtu", "the port is down, or its largest packet is not known" },
};

static bool stands_in(struct span text, const char *words)
{
	size_t length = strlen(words);

	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.at + i, words, length) == 0)
			return true;
	return false;
}

const char *perftest_complaint(struct span said, struct span complained)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (stands_in(complained, complaints[i].words) ||
		    stands_in(said, complaints[i].words))
			return complaints[i].means;
	return NULL;
}
