/* The folder of the demo: complete, private, and gone afterwards. */
#include "monitor/demo/folder.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"
#include "monitor/base/yaml.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct story story;
static struct network *network;

static int setup(void **state)
{
	struct hark_err err;
	(void)state;
	return story_load(&story, STR_NONE, &err) == HARK_OK &&
			       network_new(&network, &story, 0, &err) == HARK_OK
		       ? 0
		       : 1;
}

static int teardown(void **state)
{
	(void)state;
	network_free(network);
	story_release(&story);
	return 0;
}

static void the_configuration_names_every_source_where_it_listens(void **state)
{
	struct arena arena;
	struct diags diags;
	struct buf text;
	(void)state;
	arena_init(&arena, 0);
	diags_init(&diags);
	buf_init(&text, 1 << 16);
	folder_config(&story, network, "/tmp/x", &text);
	struct yaml_node *root = yaml_read(buf_str(&text), "hark.yaml", &arena, &diags);
	assert_non_null(root);
	struct yaml_node *sources = yaml_get(root, "sources");
	assert_int_equal(sources->n, story.hosts_n);
	for (size_t i = 0; i < sources->n; i++) {
		struct str url = yaml_get(sources->items[i], "url")->text;
		assert_true(str_starts(url, str_c(network_base(network, i))));
		assert_true(str_ends(url, str_c(story.hosts[i].path)));
		assert_str_is(yaml_get(sources->items[i], "internal")->text, "true");
	}
	assert_str_is(yaml_get(root, "store")->text, "sqlite:/tmp/x/hark.db");
	buf_release(&text);
	diags_release(&diags);
	arena_release(&arena);
}

static void a_temporary_folder_is_private_and_goes_away(void **state)
{
	struct folder f;
	struct hark_err err;
	struct stat st;
	char path[200];
	(void)state;
	assert_int_equal(folder_new(&f, NULL, &story, network, &err), HARK_OK);
	snprintf(path, sizeof(path), "%s", f.path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(access(f.config, R_OK), 0);
	for (size_t i = 0; i < story.files_n; i++) {
		char file[300];
		snprintf(file, sizeof(file), "%s/%s", path, story.files[i].name);
		assert_int_equal(access(file, R_OK), 0);
	}
	folder_release(&f);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void a_named_folder_stays_and_is_never_one_in_use(void **state)
{
	struct folder f;
	struct hark_err err;
	char dir[] = "/tmp/hark-demo-test-XXXXXX", command[100];
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(folder_new(&f, dir, &story, network, &err), HARK_OK);
	folder_release(&f);
	assert_int_equal(access(dir, F_OK), 0);
	assert_int_equal(folder_new(&f, dir, &story, network, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "not empty"));
	folder_release(&f);
	assert_int_equal(folder_new(&f, "/nowhere/at/all", &story, network, &err), HARK_ENOENT);
	folder_release(&f);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_configuration_names_every_source_where_it_listens),
		T(a_temporary_folder_is_private_and_goes_away),
		T(a_named_folder_stays_and_is_never_one_in_use),
	};
	return cmocka_run_group_tests_name("demo folder", tests, NULL, NULL);
}
