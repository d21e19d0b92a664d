#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	struct root_entry files[3];
	const char *device, *says;
} cases[] = {
	{ { { "/etc/pam.d/common-auth",
	      "# auth required pam_ldap.so\nauth sufficient pam_unix.so\n" } },
	  "setting:pam:identity",
	  "unset" },
	{ { { "/etc/pam.d/common-auth",
	      "auth [default=1 ignore=ignore] pam_sss.so use_first_pass\n"
	      "auth required /lib/security/pam_krb5.so # pam_ldap.so\n" } },
	  "setting:pam:identity",
	  "sss,krb5" },
	{ { { "/etc/pam.d/a", "auth required xpam_sss.so\n" } }, "setting:pam:identity", "unset" },
	{ { { "/etc/pam.d/a", "auth required pam_sss.so\n" }, { "/etc/pam.d/b", NULL } },
	  "setting:pam:identity",
	  "sss" },
	{ { { "/etc/pam.d/a", "auth required pam_unix.so\n" }, { "/etc/pam.d/b", NULL } },
	  "setting:pam:identity",
	  "?Too many levels" },
	{ { { "/etc/nsswitch.conf", "#passwd: ldap\npasswd:\tfiles systemd sss # x\n" } },
	  "setting:nsswitch:passwd",
	  "files systemd sss" },
	{ { { "/etc/nsswitch.conf", "passwd_compat: nis\n" } },
	  "setting:nsswitch:passwd",
	  "unset" },
	{ { { "/etc/nsswitch.conf", NULL } }, "setting:nsswitch:passwd", "?Too many levels" },
	{ { { "/etc/ssh/sshd_config", "#PermitRootLogin yes\npermitrootlogin NO # x\n"
				      "PermitRootLogin yes\n" } },
	  "setting:sshd:permitrootlogin",
	  "no" },
	{ { { "/etc/ssh/sshd_config", "Match User x\nPasswordAuthentication yes\n" } },
	  "setting:sshd:passwordauthentication",
	  "unset" },
	{ { { "/etc/ssh/sshd_config", "PasswordAuthentication=\"no\"\n" } },
	  "setting:sshd:passwordauthentication",
	  "no" },
	{ { { "/etc/ssh/sshd_config",
	      "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n" },
	    { "/etc/ssh/sshd_config.d/5.conf", "PermitRootLogin prohibit-password\nMatch all\n" } },
	  "setting:sshd:permitrootlogin",
	  "prohibit-password" },
	{ { { "/etc/ssh/sshd_config", "Include more\nPermitRootLogin yes\n" },
	    { "/etc/ssh/more", "PermitRootLogin no\n" } },
	  "setting:sshd:permitrootlogin",
	  "no" },
	{ { { "/etc/ssh/sshd_config", "Include sshd_config\nPermitRootLogin yes\n" } },
	  "setting:sshd:permitrootlogin",
	  "?more files than are read" },
	{ { { "/etc/ssh/sshd_config", "Include /etc/ssh/*/x\nPermitRootLogin no\n" } },
	  "setting:sshd:permitrootlogin",
	  "?by a pattern" },
	{ { { "/etc/ssh/sshd_config", NULL } },
	  "setting:sshd:permitrootlogin",
	  "?Too many levels" },
	{ { { "/etc/sudoers",
	      "# %x ALL=(ALL) NOPASSWD: ALL\n%y ALL=(ALL) ALL # NOPASSWD: ALL\n" } },
	  "setting:sudo:nopasswd",
	  "unset" },
	{ { { "/etc/sudoers", "%x ALL=(#0) \\\n NOPASSWD : ALL\n" } },
	  "setting:sudo:nopasswd",
	  "yes" },
	{ { { "/etc/sudoers", "User_Alias NOPASSWDUSERS = a\n" } },
	  "setting:sudo:nopasswd",
	  "unset" },
	{ { { "/etc/sudoers", "Defaults:x !authenticate\n" } }, "setting:sudo:nopasswd", "yes" },
	{ { { "/etc/sudoers.d/90-cloud", "ubuntu ALL=(ALL) NOPASSWD:ALL\n" } },
	  "setting:sudo:nopasswd",
	  "yes" },
	{ { { "/etc/sudoers.d/90.off", "ubuntu ALL=(ALL) NOPASSWD:ALL\n" } },
	  "setting:sudo:nopasswd",
	  "unset" },
	{ { { "/etc/sudoers", NULL } }, "setting:sudo:nopasswd", "?Too many levels" },
};

static void settings_are_as_the_files_have_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, NULL);
		for (size_t k = 0; k < COUNT(cases[i].files) && cases[i].files[k].path; k++)
			root_put(&watch.root, cases[i].files[k].path, cases[i].files[k].text);
		watch_run(&watch, &probe_setting);
		watch_expect(&watch, "setting", cases[i].device, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
