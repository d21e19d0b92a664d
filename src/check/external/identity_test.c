#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "external-identity";

static void a_word_needs_its_service(void **state)
{
	static const struct verdict_case cases[] = {
		{ "sssd",
		  "setting setting:pam:identity sss\n"
		  "service service:sssd running\n",
		  VERDICT_PASS, NULL },
		{ "nslcd",
		  "setting setting:pam:identity ldap\n"
		  "service service:nslcd running\n",
		  VERDICT_PASS, NULL },
		{ "kerberos", "setting setting:pam:identity krb5\n", VERDICT_PASS, NULL },
		{ "stopped",
		  "setting setting:pam:identity sss\n"
		  "service service:sssd stopped\n",
		  VERDICT_WARN, NULL },
		{ "none", "setting setting:pam:identity unset\n", VERDICT_WARN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void a_comment_is_not_a_word(void **state)
{
	static const struct verdict_case cases[] = {
		{ "# we do not use pam_ldap",
		  "setting setting:pam:identity unset\n"
		  "service service:sssd absent\n",
		  VERDICT_WARN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "service alone", "service service:sssd running\n", VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:pam:identity ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_needs_its_service),
		cmocka_unit_test(a_comment_is_not_a_word),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
