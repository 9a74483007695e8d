#include "tests/unit/unit.h"

#include "monitor/base/file.h"
#include "monitor/config/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/hark-secret-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	char path[100];
	const char *const names[] = {"key", "empty"};
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static void is(struct conf_secret s, const char *base_dir, const char *expected)
{
	struct buf out;
	struct hark_err err;
	buf_init(&out, 1000);
	assert_int_equal(conf_secret(&s, base_dir, &out, &err), HARK_OK);
	assert_string_equal(buf_c(&out), expected);
	buf_release(&out);
}

static void is_missing(struct conf_secret s, const char *sentence_part)
{
	struct buf out;
	struct hark_err err;
	buf_init(&out, 1000);
	assert_int_equal(conf_secret(&s, dir, &out, &err), HARK_ENOENT);
	assert_non_null(strstr(err.text, sentence_part));
	buf_release(&out);
}

static void write_secret(const char *name, const char *content)
{
	char path[100];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_write(path, str_c(content), 0600, NULL), HARK_OK);
}

static void a_secret_comes_from_each_of_three_places(void **state)
{
	(void)state;
	setenv("HARK_TEST_SECRET", "CANARY-1", 1);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	write_secret("key", "CANARY-2\r\n");
	is((struct conf_secret){SECRET_ENV, "HARK_TEST_SECRET"}, dir, "CANARY-1");
	is((struct conf_secret){SECRET_FILE, "key"}, dir, "CANARY-2");
	is((struct conf_secret){SECRET_CREDENTIAL, "key"}, "/nowhere", "CANARY-2");
	char path[100];
	snprintf(path, sizeof(path), "%s/key", dir);
	is((struct conf_secret){SECRET_FILE, path}, "/nowhere", "CANARY-2");
}

static void a_missing_secret_is_named_by_its_place(void **state)
{
	(void)state;
	unsetenv("HARK_TEST_SECRET");
	unsetenv("CREDENTIALS_DIRECTORY");
	write_secret("empty", "\n");
	is_missing((struct conf_secret){SECRET_ENV, "HARK_TEST_SECRET"},
		"HARK_TEST_SECRET is not set");
	is_missing((struct conf_secret){SECRET_FILE, "nothing"}, "file:nothing");
	is_missing((struct conf_secret){SECRET_FILE, "empty"}, "is empty");
	is_missing((struct conf_secret){SECRET_CREDENTIAL, "key"}, "LoadCredential=key");
	is_missing((struct conf_secret){SECRET_NONE, NULL}, "no secret");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_comes_from_each_of_three_places),
		cmocka_unit_test(a_missing_secret_is_named_by_its_place),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
