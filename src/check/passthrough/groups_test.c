#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "passthrough-groups";
static const char base[] = "virtual - none\n"
			   "module module:vfio_pci absent\n"
			   "pci.driver pci:0000:00:00.0 none\n";

static void a_group_holds_one_card(void **state)
{
	static const struct verdict_case cases[] = {
		{ "alone",
		  "pci.driver pci:0000:19:00.0 vfio-pci\n"
		  "pci.iommu.group pci:0000:19:00.0 30\n",
		  VERDICT_PASS, NULL },
		{ "functions of one card",
		  "pci.driver pci:0000:19:00.0 vfio-pci\n"
		  "pci.iommu.group pci:0000:19:00.0 30\n"
		  "pci.iommu.group pci:0000:19:00.1 30\n",
		  VERDICT_PASS, NULL },
		{ "with a bridge",
		  "pci.driver pci:0000:19:00.0 vfio-pci\n"
		  "pci.iommu.group pci:0000:19:00.0 30\n"
		  "pci.iommu.group pci:0000:18:00.0 30\n"
		  "pci.class pci:0000:18:00.0 060400\n",
		  VERDICT_PASS, NULL },
		{ "shared",
		  "pci.driver pci:0000:19:00.0 vfio-pci\n"
		  "pci.iommu.group pci:0000:19:00.0 30\n"
		  "pci.iommu.group pci:0000:1a:00.0 30\n",
		  VERDICT_FAIL, "shares IOMMU group 30" },
		{ "nothing is passed on",
		  "pci.driver pci:0000:19:00.0 nvidia\n"
		  "pci.iommu.group pci:0000:19:00.0 30\n"
		  "pci.iommu.group pci:0000:1a:00.0 30\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void a_guest_is_unknown_even_when_stated(void **state)
{
	static const struct verdict_case cases[] = {
		{ "guest", "virtual - kvm\n", VERDICT_UNKNOWN, "on the host" },
		{ "stated",
		  "virtual - kvm\n"
		  "setting setting:attest:passthrough-groups provider says isolated\n",
		  VERDICT_UNKNOWN, "stated and not measured" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "drivers only", "pci.driver pci:0000:19:00.0 nvidia\n", VERDICT_UNKNOWN, NULL },
		{ "group not read",
		  "pci.driver pci:0000:19:00.0 vfio-pci\n"
		  "pci.iommu.group pci:0000:19:00.0 ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
		{ "virtual not known", "virtual - -\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_holds_one_card),
		cmocka_unit_test(a_guest_is_unknown_even_when_stated),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
