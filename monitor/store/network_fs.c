#include "monitor/store/network_fs.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define FUSE_MAGIC 0x65735546

static const struct {
	unsigned long magic; /* statfs(2) */
	const char *name;
} by_magic[] = {
	{0x6969, "NFS"},
	{0x517b, "SMB"},
	{0xff534d42, "CIFS"},
	{0xfe534d42, "SMB2"},
	{0x5346414f, "AFS"},
	{0x00c36400, "Ceph"},
};

static const char *const remote_fuse[] = {
	"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs", "fuse.davfs", "fuse.curlftpfs"};

const char *network_fs_name(unsigned long magic, struct str fstype)
{
	for (size_t i = 0; i < sizeof(by_magic) / sizeof(by_magic[0]); i++) {
		if (magic == by_magic[i].magic) {
			return by_magic[i].name;
		}
	}
	for (size_t i = 0; magic == FUSE_MAGIC && i < sizeof(remote_fuse) / sizeof(remote_fuse[0]);
		i++) {
		if (str_eq_c(fstype, remote_fuse[i])) {
			return remote_fuse[i] + 5;
		}
	}
	return NULL;
}

/* The type of the mount with this device: the word behind " - " in its line of mountinfo. */
static struct str mount_type(struct str table, dev_t dev)
{
	char want[32];
	struct str line, type;
	snprintf(want, sizeof(want), " %u:%u ", major(dev), minor(dev));
	while (str_split(&table, '\n', &line)) {
		size_t dash = str_find(line, STR(" - "));
		if (dash == SIZE_MAX || str_find(line, str_c(want)) == SIZE_MAX) {
			continue;
		}
		line = str_n(line.p + dash + 3, line.n - dash - 3);
		return str_split(&line, ' ', &type) ? type : STR_NONE;
	}
	return STR_NONE;
}

int network_fs_refuse(const char *path, struct hark_err *err)
{
	char copy[PATH_MAX];
	struct statfs fs;
	struct stat st;
	struct buf table;
	struct str type = STR_NONE;
	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy)) {
		return hark_err_set(
			err, HARK_EINVAL, "the store's path is longer than %d bytes", PATH_MAX);
	}
	const char *dir = dirname(copy);
	if (statfs(dir, &fs) != 0 || stat(dir, &st) != 0) {
		return HARK_OK; /* opening it will say why */
	}
	buf_init(&table, 4 << 20);
	if ((unsigned long)fs.f_type == FUSE_MAGIC &&
		file_read(&table, "/proc/self/mountinfo", NULL) == HARK_OK) {
		type = mount_type(buf_str(&table), st.st_dev);
	}
	const char *name = network_fs_name((unsigned long)fs.f_type & 0xffffffff, type);
	buf_release(&table);
	if (name == NULL) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EINVAL,
		"%s is on a network file system (%s), where a database breaks; set `store:` to a "
		"local path",
		path, name);
}
