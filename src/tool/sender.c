#include "sender.h"

#include "answer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define RECEIVE_SIZE 65536
#define LOOK_AT_CLOCKS_US 100000

typedef enum { IDLE, CONNECTING, SENDING, RECEIVING } state_t;

typedef struct connection_s connection_t;
struct connection_s {
    int fd; /* -1: none */
    state_t state;
    int64_t number;
    int64_t due_at; /* when the request should have begun, us */
    int64_t begun_at;
    triage_buffer_t request;
    size_t sent;
    bool is_kept; /* it has carried an answer before this request */
    triage_answer_t answer;
    connection_t *next_idle;
};

typedef struct {
    const triage_sender_options_t *options;
    triage_sender_result_t *result;
    connection_t *connections;
    connection_t *idle;
    int epoll;
    int64_t started_at;
    int64_t next;     /* number of the next request */
    int64_t finished; /* answered or failed */
    int64_t looked_at;
    bool has_failed;
} sender_t;

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
hang_up(connection_t *connection)
{
    if (connection->fd != -1) {
        close(connection->fd); /* leaves epoll by itself */
        connection->fd = -1;
    }
}

static void
make_idle(sender_t *sender, connection_t *connection, unsigned status)
{
    const triage_sender_options_t *options = sender->options;

    if (options->ended != NULL) {
        options->ended(options->ended_context, connection->number, status,
                       now_us() - connection->due_at);
    }

    sender->finished++;
    connection->state = IDLE;
    connection->next_idle = sender->idle;
    sender->idle = connection;
}

static void
fail(sender_t *sender, connection_t *connection, int64_t *counter)
{
    (*counter)++;
    hang_up(connection);
    make_idle(sender, connection, 0);
}

static void connect_anew(sender_t *sender, connection_t *connection);

/* A server may close a connection that it kept open just when the next
 * request is under way.  Then it has not read it, and every HTTP client
 * sends it again over a new connection (RFC 9112, section 9.3.1). */
static bool
was_not_read(const connection_t *connection)
{
    return connection->is_kept
           && connection->answer.state == TRIAGE_ANSWER_STATUS
           && connection->answer.line_len == 0;
}

static void
break_off(sender_t *sender, connection_t *connection)
{
    triage_sender_result_t *result = sender->result;

    if (was_not_read(connection)) {
        result->resent++;
        hang_up(connection);
        connection->sent = 0;
        connect_anew(sender, connection);
        return;
    }

    fail(sender, connection,
         connection->state == CONNECTING ? &result->unreachable
                                         : &result->dropped);
}

static void
finish(sender_t *sender, connection_t *connection)
{
    triage_sender_result_t *result = sender->result;
    int64_t latency = now_us() - connection->due_at;

    result->statuses[connection->answer.status]++;
    result->latencies_us[result->answered++] =
        latency < UINT32_MAX ? (uint32_t) latency : UINT32_MAX;

    connection->is_kept = true;

    if (connection->answer.closes) {
        hang_up(connection);
    }

    make_idle(sender, connection, connection->answer.status);
}

static void
send_some(connection_t *connection)
{
    const triage_buffer_t *request = &connection->request;

    while (connection->sent < request->len) {
        ssize_t len = send(connection->fd, request->data + connection->sent,
                           request->len - connection->sent, MSG_NOSIGNAL);

        if (len >= 0) {
            connection->sent += (size_t) len;

        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;

        } else if (errno != EINTR) {
            /* The answer may be there already: a 413, say. */
            break;
        }
    }

    connection->state = RECEIVING;
}

static void
receive_some(sender_t *sender, connection_t *connection)
{
    static char data[RECEIVE_SIZE];
    triage_answer_t *answer = &connection->answer;

    for (;;) {
        ssize_t len = recv(connection->fd, data, sizeof(data), 0);

        if (len > 0) {
            triage_answer_feed(answer, data, (size_t) len);

        } else if (len == 0) {
            if (triage_answer_end(answer)) {
                finish(sender, connection);
            } else {
                break_off(sender, connection);
            }
            return;

        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;

        } else if (errno != EINTR) {
            break_off(sender, connection);
            return;
        }

        if (answer->state == TRIAGE_ANSWER_DONE) {
            /* An answer before the whole request: nothing fits any more. */
            answer->closes |= connection->sent < connection->request.len;
            finish(sender, connection);
            return;
        }

        if (answer->state == TRIAGE_ANSWER_BROKEN) {
            break_off(sender, connection);
            return;
        }
    }
}

/* A server may close a connection that was kept; better seen now than after
 * a request was put into it. */
static bool
is_still_open(const connection_t *connection)
{
    char byte;

    return connection->fd != -1
           && recv(connection->fd, &byte, 1, MSG_PEEK) == -1
           && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static void
go_on(sender_t *sender, connection_t *connection)
{
    int error = 0;
    socklen_t len = sizeof(error);

    if (connection->state == IDLE) {
        if (!is_still_open(connection)) {
            hang_up(connection);
        }
        return;
    }

    if (connection->state == CONNECTING) {
        getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &len);

        if (error != 0) {
            break_off(sender, connection);
            return;
        }

        connection->state = SENDING;
    }

    if (connection->state == SENDING) {
        send_some(connection);
    }

    receive_some(sender, connection);
}

/* Edge-triggered, so that a connection costs one epoll_ctl in its life. */
static bool
watch(sender_t *sender, connection_t *connection)
{
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.ptr = connection,
    };

    return epoll_ctl(sender->epoll, EPOLL_CTL_ADD, connection->fd, &event)
           == 0;
}

static void
connect_anew(sender_t *sender, connection_t *connection)
{
    const struct sockaddr *address = sender->options->address;
    int on = 1;

    connection->state = CONNECTING;
    connection->is_kept = false;
    connection->fd = socket(address->sa_family,
                            SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (connection->fd == -1 || !watch(sender, connection)) {
        sender->has_failed = true;
        return;
    }

    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

    if (connect(connection->fd, address, sender->options->address_len) == 0) {
        go_on(sender, connection);

    } else if (errno != EINPROGRESS) {
        break_off(sender, connection);
    }
}

static void
begin(sender_t *sender, int64_t due_at)
{
    const triage_sender_options_t *options = sender->options;
    connection_t *connection = sender->idle;

    sender->idle = connection->next_idle;
    triage_buffer_clear(&connection->request);
    triage_answer_init(&connection->answer);
    connection->sent = 0;
    connection->number = sender->next++;

    if (!options->write(options->context, connection->number,
                        &connection->request)
        || connection->request.has_failed)
    {
        sender->has_failed = true;
        return;
    }

    sender->result->sent++;
    connection->begun_at = now_us();
    connection->due_at = options->rate > 0 ? due_at : connection->begun_at;

    if (!is_still_open(connection)) {
        hang_up(connection);
        connect_anew(sender, connection);
        return;
    }

    connection->state = SENDING;
    send_some(connection);
}

/* When the next request is due; 0: at once. */
static int64_t
next_due_at(const sender_t *sender)
{
    int64_t rate = sender->options->rate;

    if (rate == 0) {
        return 0;
    }

    return sender->started_at + sender->next / rate * 1000000
           + sender->next % rate * 1000000 / rate;
}

static void
begin_what_is_due(sender_t *sender)
{
    int64_t now = now_us();

    while (sender->idle != NULL && sender->next < sender->options->count
           && next_due_at(sender) <= now && !sender->has_failed)
    {
        begin(sender, next_due_at(sender));
    }
}

static void
give_up_what_is_late(sender_t *sender)
{
    int64_t timeout_us = sender->options->timeout_ms * 1000;
    int64_t now = now_us();

    if (now - sender->looked_at < LOOK_AT_CLOCKS_US) {
        return;
    }

    sender->looked_at = now;

    for (int64_t i = 0; i < sender->options->concurrency; i++) {
        connection_t *connection = &sender->connections[i];

        if (connection->state != IDLE
            && now - connection->begun_at > timeout_us) {
            fail(sender, connection, &sender->result->timed_out);
        }
    }
}

static int
time_to_wait(const sender_t *sender)
{
    int64_t wait = LOOK_AT_CLOCKS_US;

    if (sender->idle != NULL && sender->next < sender->options->count) {
        int64_t until = next_due_at(sender) - now_us();

        wait = until < 0 ? 0 : until < wait ? until : wait;
    }

    /* The last millisecond of a wait is spent awake: epoll would oversleep
     * and the pace would be lost. */
    return (int) (wait / 1000);
}

static void
run_loop(sender_t *sender)
{
    struct epoll_event events[EVENTS_MAX];

    while (sender->finished < sender->options->count && !sender->has_failed) {
        int count;

        begin_what_is_due(sender);
        count = epoll_wait(sender->epoll, events, EVENTS_MAX,
                           time_to_wait(sender));

        for (int i = 0; i < count && !sender->has_failed; i++) {
            go_on(sender, events[i].data.ptr);
        }

        give_up_what_is_late(sender);
    }
}

static int
compare_latencies(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *) a, right = *(const uint32_t *) b;

    return (left > right) - (left < right);
}

static bool
open_sender(sender_t *sender)
{
    const triage_sender_options_t *options = sender->options;

    sender->epoll = epoll_create1(EPOLL_CLOEXEC);
    sender->connections =
        calloc((size_t) options->concurrency, sizeof(connection_t));
    sender->result->latencies_us =
        calloc((size_t) options->count, sizeof(uint32_t));

    if (sender->epoll == -1 || sender->connections == NULL
        || sender->result->latencies_us == NULL)
    {
        return false;
    }

    for (int64_t i = options->concurrency - 1; i >= 0; i--) {
        sender->connections[i].fd = -1;
        sender->connections[i].next_idle = sender->idle;
        sender->idle = &sender->connections[i];
    }

    return true;
}

static void
close_sender(sender_t *sender)
{
    int error = errno;

    for (int64_t i = 0;
         sender->connections != NULL && i < sender->options->concurrency; i++)
    {
        hang_up(&sender->connections[i]);
        triage_buffer_free(&sender->connections[i].request);
    }

    if (sender->epoll != -1) {
        close(sender->epoll);
    }

    free(sender->connections);
    errno = error;
}

bool
triage_sender_run(const triage_sender_options_t *options,
                  triage_sender_result_t *result)
{
    sender_t sender = { .options = options, .result = result, .epoll = -1 };
    bool is_open;

    memset(result, 0, sizeof(*result));
    is_open = open_sender(&sender);

    if (is_open) {
        sender.started_at = now_us();
        run_loop(&sender);
        result->elapsed_us = now_us() - sender.started_at;
        qsort(result->latencies_us, (size_t) result->answered,
              sizeof(uint32_t), compare_latencies);
    }

    close_sender(&sender);

    return is_open && !sender.has_failed;
}
