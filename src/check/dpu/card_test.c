#include "check/dpu/card.h"
#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_card_is_known_by_its_functions(void **state)
{
	static const struct {
		const char *lines;
		enum presence presence;
		bool has_management;
	} cases[] = {
		{ "pci.id pci:0000:1a:00.0 15b3:a2dc\n", PRESENCE_PRESENT, false },
		{ "pci.id pci:0000:1a:00.2 15b3:c2d5\n", PRESENCE_PRESENT, true },
		{ "pci.id pci:0000:1a:00.0 15b3:1021\n", PRESENCE_ABSENT, false },
		{ "pci.id pci:0000:1a:00.0 ? denied\n", PRESENCE_UNKNOWN, false },
		{ "", PRESENCE_UNKNOWN, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		const struct record *record;
		const struct machine *machine;

		scene_make(&scene, scene_bare, cases[i].lines, NULL);
		machine = &scene.input.machines[0];
		assert_int_equal(dpu_presence(machine, &record), cases[i].presence);
		assert_true((record != NULL) == (cases[i].presence == PRESENCE_PRESENT));
		assert_true((dpu_find_management(machine) != NULL) == cases[i].has_management);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_is_known_by_its_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
