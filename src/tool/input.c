#include "input.h"

#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define INPUT_PIECE 65536

triage_text_t
triage_input_text(const triage_buffer_t *buffer)
{
    if (buffer->len == 0) {
        return triage_text("");
    }

    return (triage_text_t){ buffer->data, buffer->len };
}

/* 0, or an errno. */
static int
read_all(int fd, triage_buffer_t *buffer)
{
    char piece[INPUT_PIECE];

    for (;;) {
        ssize_t len = read(fd, piece, sizeof(piece));

        if (len == 0) {
            return buffer->has_failed ? ENOMEM : 0;
        }

        if (len < 0 && errno != EINTR) {
            return errno;
        }

        if (len > 0) {
            triage_buffer_add(buffer, (triage_text_t){ piece, (size_t) len });
        }
    }
}

static int
read_file(const char *path, triage_buffer_t *buffer)
{
    int fd, error;

    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, buffer);
    }

    fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd == -1) {
        return errno;
    }

    error = read_all(fd, buffer);
    close(fd);

    return error;
}

bool
triage_input_read(const char *command, const char *path,
                  triage_buffer_t *buffer)
{
    int error = read_file(path, buffer);

    if (error != 0) {
        triage_complain(command, "%s: cannot be read: %s", path,
                        strerror(error));
    }

    return error == 0;
}
