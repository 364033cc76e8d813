/*
 * Preloaded into PostgreSQL: a disk that takes longer to sync.  The file that
 * TRIAGE_SLOW_SYNC names holds the microseconds, as four bytes; they may be
 * changed while it runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile int32_t *delay_us;
static int (*sync_for_real)(int);

__attribute__((constructor)) static void
look_up(void)
{
    const char *path = getenv("TRIAGE_SLOW_SYNC");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *map = MAP_FAILED;

    if (fd >= 0) {
        map = mmap(NULL, sizeof(*delay_us), PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (map != MAP_FAILED) {
        delay_us = map;
    }
    *(void **) &sync_for_real = dlsym(RTLD_NEXT, "fdatasync");
}

int
fdatasync(int fd)
{
    int32_t us = delay_us == NULL ? 0 : *delay_us;
    struct timespec pause = { us / 1000000, us % 1000000 * 1000 };

    if (us > 0) {
        nanosleep(&pause, NULL);
    }

    return sync_for_real(fd);
}
