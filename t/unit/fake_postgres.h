/*
 * As much of a PostgreSQL server as a link needs, in the test's own thread:
 * it lets everybody in, and answers what it is asked, or does not.
 */
#ifndef TRIAGE_FAKE_POSTGRES_H
#define TRIAGE_FAKE_POSTGRES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../src/store/network.h"

/* What becomes of a batch. */
typedef enum {
    FAKE_FILES = 0,
    FAKE_FORGETS, /* what it was told to prepare, as behind a pooler */
    FAKE_HANGS,
    FAKE_SHUTS_DOWN, /* an error that says so, and the connection breaks */
    FAKE_VANISHES,   /* the connection breaks */
    FAKE_GOES_DOWN   /* and breaks, after a word: another session crashed */
} fake_mood_t;

/* What it was asked. */
typedef enum {
    FAKE_LOOK = 0,
    FAKE_INGEST,
    FAKE_TICK,
    FAKE_REPLAY_NEXT,
    FAKE_REPLAY_DONE
} fake_question_t;

typedef struct {
    int listener; /* -1: nobody listens */
    int fd;       /* of its one client; -1: none */
    bool is_deaf; /* takes nobody in */
    bool is_read_only;
    bool is_old; /* it does not know triage.tick */
    bool has_begun;
    fake_question_t asked;
    bool is_bound, is_named;
    fake_mood_t mood;
    unsigned batches; /* that it was sent */
    unsigned ticks;
    unsigned replays;  /* dead letters that it has given out */
    unsigned replayed; /* and those of which it was told */
    char in[1 << 16];
    size_t in_len;
    char out[1 << 12];
    size_t out_len;
} fake_postgres_t;

static void
fake_add(fake_postgres_t *server, const void *bytes, size_t len)
{
    memcpy(server->out + server->out_len, bytes, len);
    server->out_len += len;
}

static void
fake_message(fake_postgres_t *server, char type, const void *body, size_t len)
{
    char head[5] = { type };

    triage_put_u32(head + 1, (uint32_t) len + 4);
    fake_add(server, head, sizeof(head));
    fake_add(server, body, len);
}

static void
fake_flush(fake_postgres_t *server)
{
    if (send(server->fd, server->out, server->out_len, MSG_NOSIGNAL) < 0) {
        server->out_len = 0; /* it has gone */
    }
    server->out_len = 0;
}

static void
fake_hang_up(fake_postgres_t *server)
{
    close(server->fd);
    server->fd = -1;
    server->in_len = 0;
    server->has_begun = false;
}

/* Columns without names; `format` 1: binary. */
static void
fake_columns(fake_postgres_t *server, char count, char format)
{
    char body[2 + 8 * 19] = { 0, count };
    char i;

    for (i = 0; i < count; i++) {
        body[2 + 19 * i + 10] = 25; /* text */
        body[2 + 19 * i + 18] = format;
    }
    fake_message(server, 'T', body, 2 + 19 * (size_t) count);
}

/* fsync is on, and it is a primary. */
static void
fake_look(fake_postgres_t *server)
{
    static const char row[] = "\0\3\0\0\0\2on\0\0\0\3off\0\0\0\1f";
    static const char read_only[] = "\0\3\0\0\0\2on\0\0\0\2on\0\0\0\1f";

    fake_columns(server, 3, 0);
    if (server->is_read_only) {
        fake_message(server, 'D', read_only, sizeof(read_only) - 1);
    } else {
        fake_message(server, 'D', row, sizeof(row) - 1);
    }
    fake_message(server, 'C', "SELECT 1", 9);
}

/* No duplicates: an empty int4[]. */
static void
fake_file(fake_postgres_t *server)
{
    static const char row[] = "\0\3\0\0\0\0\0\0\0\0\0\0\0\14"
                              "\0\0\0\0\0\0\0\0\0\0\0\27";

    fake_columns(server, 3, 1);
    fake_message(server, 'D', row, sizeof(row) - 1);
    fake_message(server, 'C', "SELECT 1", 9);
}

/* There was something to do. */
static void
fake_tick(fake_postgres_t *server)
{
    static const char row[] = "\0\3\0\0\0\1\1\0\0\0\0\0\0\0\0";
    static const char unknown[] = "SERROR\0C42883\0Mwhich one?\0";

    server->ticks++;
    if (server->is_old) {
        server->out_len = 0;
        fake_message(server, 'E', unknown, sizeof(unknown));
        return;
    }
    fake_columns(server, 3, 1);
    fake_message(server, 'D', row, sizeof(row) - 1);
    fake_message(server, 'C', "SELECT 1", 9);
}

/* The one dead letter that there is, until it was read. */
static void
fake_replay_next(fake_postgres_t *server)
{
    static const char row[] = "\0\6\0\0\0\10\0\0\0\0\0\0\0\1"
                              "\0\0\0\1x\0\0\0\4acme"
                              "\0\0\0\10\0\0\0\0\0\0\0\1"
                              "\0\0\0\2{}\xff\xff\xff\xff";

    fake_columns(server, 6, 1);
    if (server->replayed == 0) {
        server->replays++;
        fake_message(server, 'D', row, sizeof(row) - 1);
    }
    fake_message(server, 'C', "SELECT 1", 9);
}

/* What it has kept waiting so far. */
static inline void
fake_answer(fake_postgres_t *server)
{
    fake_message(server, '2', "", 0);
    fake_file(server);
    fake_message(server, 'Z', "I", 1);
    fake_flush(server);
}

/* False when it has hung up, or says nothing. */
static bool
fake_ingest(fake_postgres_t *server)
{
    static const char notice[] = "SWARNING\0C57P02\0Mbye\0";
    static const char unknown[] = "SERROR\0C26000\0Mwhich one?\0";
    static const char fatal[] = "SFATAL\0C57P01\0Mbye\0";

    server->batches++;
    if (server->mood == FAKE_FORGETS && server->is_named) {
        server->out_len = 0;
        fake_message(server, 'E', unknown, sizeof(unknown));
        return true;
    }
    if (server->mood <= FAKE_FORGETS) {
        fake_file(server);
        return true;
    }

    if (server->mood == FAKE_GOES_DOWN) {
        server->out_len = 0;
        fake_message(server, 'N', notice, sizeof(notice));
        fake_flush(server);
    }
    if (server->mood == FAKE_SHUTS_DOWN) {
        server->out_len = 0;
        fake_message(server, 'E', fatal, sizeof(fatal));
        fake_flush(server);
    }
    if (server->mood != FAKE_HANGS) {
        fake_hang_up(server);
    }
    server->out_len = 0;

    return false;
}

/* The client waits for all it has asked. */
static void
fake_sync(fake_postgres_t *server)
{
    bool is_bound = server->is_bound;

    server->is_bound = false;
    if (is_bound && server->asked == FAKE_INGEST && !fake_ingest(server)) {
        return;
    }
    if (is_bound && server->asked == FAKE_LOOK) {
        fake_look(server);
    } else if (is_bound && server->asked == FAKE_TICK) {
        fake_tick(server);
    } else if (is_bound && server->asked == FAKE_REPLAY_NEXT) {
        fake_replay_next(server);
    } else if (is_bound && server->asked == FAKE_REPLAY_DONE) {
        server->replayed++;
        fake_message(server, 'C', "SELECT 0", 9);
    }
    fake_message(server, 'Z', "I", 1);
    fake_flush(server);
}

static fake_question_t
fake_read(const char *text, size_t len)
{
    static const char *const functions[] = {
        [FAKE_INGEST] = "triage.ingest",
        [FAKE_TICK] = "triage.tick",
        [FAKE_REPLAY_NEXT] = "triage.replay_next",
        [FAKE_REPLAY_DONE] = "triage.replay_done",
    };
    unsigned i;

    for (i = FAKE_INGEST; i <= FAKE_REPLAY_DONE; i++) {
        if (memmem(text, len, functions[i], strlen(functions[i])) != NULL) {
            return (fake_question_t) i;
        }
    }

    return FAKE_LOOK;
}

static void
fake_asked(fake_postgres_t *server, char type, const char *body, size_t len)
{
    switch (type) {
    case 'P': /* a name, and the statement */
        server->asked = fake_read(body, len);
        fake_message(server, '1', "", 0);
        break;
    case 'B': /* a portal, and the name of a statement */
        server->is_bound = true;
        server->is_named = strcmp(body + 1, "triage_ingest") == 0;
        if (server->is_named) {
            server->asked = FAKE_INGEST;
        }
        fake_message(server, '2', "", 0);
        break;
    case 'S':
        fake_sync(server);
        break;
    default:
        break;
    }
}

/* One message of the client's; false when there is none as yet. */
static bool
fake_next(fake_postgres_t *server)
{
    size_t head = server->has_begun ? 1 : 0, len;
    char body[1 << 14];

    if (server->fd < 0 || server->in_len < head + 4) {
        return false;
    }
    len = triage_get_u32(server->in + head);
    if (len > sizeof(body) || server->in_len < head + len) {
        return false;
    }

    char type = server->in[0];

    memcpy(body, server->in + head + 4, len - 4);
    memmove(server->in, server->in + head + len, server->in_len - head - len);
    server->in_len -= head + len;

    if (server->has_begun) {
        fake_asked(server, type, body, len - 4);
    } else {
        server->has_begun = true;
        fake_message(server, 'R', "\0\0\0", 4); /* no password */
        fake_message(server, 'Z', "I", 1);
        fake_flush(server);
    }

    return true;
}

static bool
fake_serve(void *data)
{
    fake_postgres_t *server = data;
    ssize_t len;

    if (server->fd < 0 && server->listener >= 0 && !server->is_deaf) {
        server->fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK);
    }
    if (server->fd < 0) {
        return false;
    }

    len = recv(server->fd, server->in + server->in_len,
               sizeof(server->in) - server->in_len, MSG_DONTWAIT);
    if (len == 0) {
        fake_hang_up(server);
        return true;
    }
    if (len > 0) {
        server->in_len += (size_t) len;
    }
    while (fake_next(server)) {
    }

    return len > 0;
}

/* In a folder of the test's. */
static bool
fake_listen(fake_postgres_t *server, const char *folder)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    *server = (fake_postgres_t){ .fd = -1 };
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.5432",
             folder);
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    return bind(server->listener, (struct sockaddr *) &address,
                sizeof(address))
               == 0
           && listen(server->listener, 64) == 0;
}

/* Listens in a new folder, whose name ends in XXXXXX, and takes nobody in. */
static void
fake_open(fake_postgres_t *server, char *folder)
{
    if (mkdtemp(folder) == NULL || !fake_listen(server, folder)) {
        abort();
    }
    server->is_deaf = true;
}

/* Ends, with all that is in the folder. */
static void
fake_close(fake_postgres_t *server, const char *folder)
{
    char command[128];

    if (server->fd >= 0) {
        fake_hang_up(server);
    }
    if (server->listener >= 0) {
        close(server->listener);
    }
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0) {
        abort();
    }
}

#endif
