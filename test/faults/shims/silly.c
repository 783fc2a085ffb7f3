/* NFS and FUSE: an open file that is removed stays in its folder under another name. SILLY: a part of the paths. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_open(const struct stat *wanted) {
  DIR *files = opendir("/proc/self/fd");
  if (!files) return 0;
  int found = 0;
  for (struct dirent *entry; (entry = readdir(files));) {
    struct stat stats;
    if (fstat(atoi(entry->d_name), &stats) == 0 && stats.st_ino == wanted->st_ino && stats.st_dev == wanted->st_dev)
      found = 1;
  }
  closedir(files);
  return found;
}

int unlink(const char *path) {
  int (*remove_it)(const char *) = dlsym(RTLD_NEXT, "unlink");
  const char *part = getenv("SILLY");
  struct stat stats;
  if (!part || !strstr(path, part) || strstr(path, "/.nfs") || lstat(path, &stats) || !is_open(&stats))
    return remove_it(path);
  char other[4096];
  snprintf(other, sizeof other, "%.*s/.nfs%lx", (int)(strrchr(path, '/') - path), path, (unsigned long)stats.st_ino);
  return rename(path, other);
}
