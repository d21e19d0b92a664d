#include <string.h>

#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	INCLUDES_MAXIMUM = 32,
};

/* Modules of PAM that ask somebody else who a user is, and the word for it. */
static const struct {
	const char *module, *word;
} identities[] = {
	{ "pam_sss.so", "sss" },
	{ "pam_ldap.so", "ldap" },
	{ "pam_krb5.so", "krb5" },
	{ "pam_winbind.so", "winbind" },
	{ "pam_oidc.so", "oidc" },
	{ "pam_oauth2.so", "oauth2" },
	{ "pam_aad.so", "aad" },
	{ "pam_himmelblau.so", "himmelblau" },
	{ "pam_duo.so", "duo" },
	{ "pam_radius_auth.so", "radius" },
	{ "pam_oslogin_login.so", "oslogin" },
};

struct login {
	struct arena *arena;
	bool has_identity[COUNT(identities)];
	struct span passwd; /* of nsswitch.conf */
	bool no_password;
};

static bool is_module(struct span word, const char *module)
{
	size_t length = strlen(module);

	return word.length >= length &&
	       memcmp(word.at + word.length - length, module, length) == 0 &&
	       (word.length == length || word.at[word.length - length - 1] == '/');
}

static void read_pam(void *context, const char *path, struct span text)
{
	struct login *login = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE | CONF_JOINED, login->arena };
	struct span line, word;

	(void)path;
	while (conf_next(&conf, &line))
		while (conf_word(&line, &word))
			for (size_t i = 0; i < COUNT(identities); i++)
				if (is_module(word, identities[i].module))
					login->has_identity[i] = true;
}

static void see_pam(const struct setting_look *look, struct login *login)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting setting = { .name = "pam:identity" };
	const char *words = "";

	conf_folder(&files, "/etc/pam.d", "", read_pam, login);
	for (size_t i = 0; i < COUNT(identities); i++)
		if (login->has_identity[i])
			words = arena_format(look->arena, "%s%s%s", words, *words ? "," : "",
					     identities[i].word);
	setting.value = span_of(words);
	setting.is_set = *words != '\0';
	setting_see(look, &setting, files.why);
}

static void read_switch(void *context, const char *path, struct span text)
{
	struct login *login = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE, login->arena };
	struct span line, key;

	(void)path;
	while (conf_next(&conf, &line))
		if (span_cut(&line, ':', &key) && span_is(span_trim(key), "passwd"))
			login->passwd = span_trim(line);
}

static void see_switch(const struct setting_look *look, struct login *login)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting setting = { .name = "nsswitch:passwd" };

	(void)conf_file(&files, "/etc/nsswitch.conf", read_switch, login);
	setting.value = login->passwd;
	setting.is_set = login->passwd.length > 0;
	setting_see(look, &setting, files.why);
}

/* The first value of a key counts, as sshd has it; what stands behind "Match" holds for some
 * only. */
struct server {
	struct arena *arena;
	struct conf_files *files;
	unsigned included;
	struct setting settings[2];
};

static void read_server(void *context, const char *path, struct span text);

/* "Include PATH", or with a last part of "*.conf" all such files of a folder. */
static void include(struct server *server, struct span line)
{
	static const char pattern[] = "/*.conf";
	struct span word;

	while (conf_word(&line, &word)) {
		const char *path =
			span_starts(word, "/")
				? arena_string(server->arena, word)
				: arena_format(server->arena, "/etc/ssh/%.*s", SPAN_ARGS(word));
		size_t length = strlen(path), end = sizeof(pattern) - 1;

		if (server->included >= INCLUDES_MAXIMUM) {
			server->files->why = "sshd_config includes more files than are read";
			return;
		}
		server->included++;
		if (length > end && strcmp(path + length - end, pattern) == 0)
			conf_folder(
				server->files,
				arena_string(server->arena, (struct span){ path, length - end }),
				".conf", read_server, server);
		else if (!strpbrk(path, "*?["))
			(void)conf_file(server->files, path, read_server, server);
		else if (!server->files->why)
			server->files->why = "sshd_config includes files by a pattern";
	}
}

static void read_server(void *context, const char *path, struct span text)
{
	struct server *server = context;
	struct conf conf = { text, CONF_COMMENT_BEHIND_BLANK, server->arena };
	struct span line, key, value;

	(void)path;
	while (conf_next(&conf, &line)) {
		char *plain = arena_take(server->arena, line.length + 1);

		/* "Key=Value" is as good as "Key Value". */
		memcpy(plain, line.at, line.length);
		for (size_t i = 0; i < line.length && plain[i] != ' ' && plain[i] != '\t'; i++)
			plain[i] = plain[i] == '=' ? ' ' : plain[i];
		line.at = plain;
		if (!conf_word(&line, &key))
			continue;
		if (conf_same(key, "match"))
			return;
		if (conf_same(key, "include"))
			include(server, line);
		else if (conf_word(&line, &value))
			for (size_t i = 0; i < COUNT(server->settings); i++)
				if (conf_same(key, server->settings[i].name + strlen("sshd:")) &&
				    !server->settings[i].is_set) {
					server->settings[i].value = value;
					server->settings[i].is_set = true;
				}
	}
}

static struct span lowered(struct span text, struct arena *arena)
{
	char *into = arena_take(arena, text.length + 1);

	for (size_t i = 0; i < text.length; i++)
		into[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32)
								 : text.at[i];
	return (struct span){ into, text.length };
}

static void see_server(const struct setting_look *look)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct server server = {
		.arena = look->arena,
		.files = &files,
		.settings = { { .name = "sshd:passwordauthentication" },
			      { .name = "sshd:permitrootlogin" } },
	};

	(void)conf_file(&files, "/etc/ssh/sshd_config", read_server, &server);
	for (size_t i = 0; i < COUNT(server.settings); i++) {
		struct setting setting = server.settings[i];

		setting.value = lowered(setting.value, look->arena);
		setting.is_set = setting.is_set && !files.why;
		setting_see(look, &setting, files.why);
	}
}

/* "NOPASSWD:", with or without blanks before the colon, or "!authenticate". */
static bool asks_no_password(struct span line)
{
	static const char tag[] = "NOPASSWD", option[] = "!authenticate";
	const size_t length = sizeof(tag) - 1;

	for (size_t i = 0; i < line.length; i++) {
		struct span rest = { line.at + i, line.length - i };

		if (span_starts(rest, option))
			return true;
		if (!span_starts(rest, tag))
			continue;
		rest = span_trim((struct span){ rest.at + length, rest.length - length });
		if (span_starts(rest, ":"))
			return true;
	}
	return false;
}

static void read_sudo(void *context, const char *path, struct span text)
{
	struct login *login = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE | CONF_USER_NUMBERS | CONF_JOINED_FIRST,
			     login->arena };
	struct span line;

	(void)path;
	while (conf_next(&conf, &line))
		if (asks_no_password(line))
			login->no_password = true;
}

/* Names with a point are left out by sudo itself. */
static void read_sudo_part(void *context, const char *path, struct span text)
{
	if (!strchr(strrchr(path, '/'), '.'))
		read_sudo(context, path, text);
}

static void see_sudo(const struct setting_look *look, struct login *login)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting setting = { .name = "sudo:nopasswd", .value = SPAN("yes") };

	(void)conf_file(&files, "/etc/sudoers", read_sudo, login);
	conf_folder(&files, "/etc/sudoers.d", "", read_sudo_part, login);
	setting.is_set = login->no_password;
	setting_see(look, &setting, files.why);
}

void settings_see_login(const struct setting_look *look)
{
	struct login login = { .arena = look->arena };

	see_pam(look, &login);
	see_switch(look, &login);
	see_server(look);
	see_sudo(look, &login);
}
