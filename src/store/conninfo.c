#include "conninfo.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../base/buffer.h"
#include "conninfo_settings.h"

enum { ENDPOINTS_MAX = 64, KEYWORDS_MAX = 64 };

typedef struct {
    char *host; /* a name, a socket's folder, or NULL */
    char *hostaddr;
    char *port;
    char *name; /* for people */
    const char *keywords[KEYWORDS_MAX];
    const char *values[KEYWORDS_MAX];
} endpoint_t;

struct triage_conninfo_s {
    triage_conninfo_settings_t settings;
    char *passfile; /* libpq's default one, if it is there */
    bool wants_primary;
    endpoint_t *endpoints[ENDPOINTS_MAX];
    size_t count;
};

static bool
read_session_attrs(triage_conninfo_t *conninfo,
                   const triage_complaint_t *complaint)
{
    const char *attrs =
        triage_conninfo_setting(&conninfo->settings, "target_session_attrs");

    if (attrs == NULL || strcmp(attrs, "any") == 0) {
        return true;
    }

    conninfo->wants_primary =
        strcmp(attrs, "read-write") == 0 || strcmp(attrs, "primary") == 0;

    return conninfo->wants_primary
           || triage_conninfo_complain(
               complaint, "triage writes: target_session_attrs cannot be",
               attrs);
}

/* --- endpoints ---------------------------------------------------------- */

static char *
copy(triage_text_t text)
{
    char *string = malloc(text.len + 1);

    if (string != NULL) {
        memcpy(string, text.data, text.len);
        string[text.len] = '\0';
    }

    return string;
}

static void
free_endpoint(endpoint_t *endpoint)
{
    if (endpoint == NULL) {
        return;
    }

    free(endpoint->host);
    free(endpoint->hostaddr);
    free(endpoint->port);
    free(endpoint->name);
    free(endpoint);
}

/* Set here, or never given to libpq: it acts on them by itself. */
static bool
is_ours(const char *keyword)
{
    static const char *const keywords[] = { "host",
                                            "hostaddr",
                                            "port",
                                            "service",
                                            "connect_timeout",
                                            "target_session_attrs",
                                            "gssencmode",
                                            "application_name",
                                            "fallback_application_name",
                                            "client_encoding",
                                            "passfile",
                                            "load_balance_hosts" };
    size_t i;

    for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (strcmp(keywords[i], keyword) == 0) {
            return true;
        }
    }

    return false;
}

static void
set(endpoint_t *endpoint, size_t *count, const char *keyword,
    const char *value)
{
    if (value != NULL && *count < KEYWORDS_MAX - 1) {
        endpoint->keywords[*count] = keyword;
        endpoint->values[*count] = value;
        ++*count;
    }
}

static void
set_params(const triage_conninfo_t *conninfo, endpoint_t *endpoint)
{
    const char *application =
        triage_conninfo_setting(&conninfo->settings, "application_name");
    const char *passfile =
        triage_conninfo_setting(&conninfo->settings, "passfile");
    const PQconninfoOption *option;
    size_t count = 0;

    set(endpoint, &count, "host", endpoint->host);
    set(endpoint, &count, "hostaddr", endpoint->hostaddr);
    set(endpoint, &count, "port", endpoint->port);
    /* Kerberos would be asked for tickets, over the network */
    set(endpoint, &count, "gssencmode", "disable");
    set(endpoint, &count, "client_encoding", "UTF8");
    set(endpoint, &count, "application_name",
        application != NULL ? application : "triage");
    set(endpoint, &count, "passfile",
        passfile != NULL ? passfile : conninfo->passfile);

    for (option = conninfo->settings.defaults; option->keyword != NULL;
         option++) {
        if (!is_ours(option->keyword)) {
            set(endpoint, &count, option->keyword,
                triage_conninfo_setting(&conninfo->settings, option->keyword));
        }
    }
}

static void
name_endpoint(endpoint_t *endpoint)
{
    const char *host =
        endpoint->host != NULL ? endpoint->host : endpoint->hostaddr;
    const char *port = endpoint->port != NULL ? endpoint->port : "5432";
    triage_buffer_t name = { 0 };

    triage_buffer_print(&name, "%s:%s", host == NULL ? "local" : host, port);
    triage_buffer_add_byte(&name, '\0');
    if (name.has_failed) {
        triage_buffer_free(&name);
        return;
    }

    endpoint->name = name.data;
}

static bool
add_endpoint(triage_conninfo_t *conninfo, triage_text_t host,
             triage_text_t hostaddr, triage_text_t port)
{
    endpoint_t *endpoint;

    if (conninfo->count == ENDPOINTS_MAX) {
        return true; /* enough to try */
    }

    endpoint = calloc(1, sizeof(*endpoint));
    if (endpoint == NULL) {
        return false;
    }

    conninfo->endpoints[conninfo->count++] = endpoint;
    endpoint->host = host.len > 0 ? copy(host) : NULL;
    endpoint->hostaddr = hostaddr.len > 0 ? copy(hostaddr) : NULL;
    endpoint->port = port.len > 0 ? copy(port) : NULL;
    name_endpoint(endpoint);

    return (host.len == 0 || endpoint->host != NULL)
           && (hostaddr.len == 0 || endpoint->hostaddr != NULL)
           && (port.len == 0 || endpoint->port != NULL)
           && endpoint->name != NULL;
}

/* An endpoint for each address of a name. */
static bool
add_addresses(triage_conninfo_t *conninfo, triage_text_t host,
              triage_text_t port, const triage_complaint_t *complaint)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    const struct addrinfo *at;
    char *name = copy(host);
    bool is_added = name != NULL;

    if (is_added && getaddrinfo(name, NULL, &hints, &found) != 0) {
        triage_conninfo_complain(complaint, "host not found:", name);
        free(name);
        return false;
    }

    for (at = found; at != NULL && is_added; at = at->ai_next) {
        char address[NI_MAXHOST];

        is_added =
            getnameinfo(at->ai_addr, at->ai_addrlen, address, sizeof(address),
                        NULL, 0, NI_NUMERICHOST)
                == 0
            && add_endpoint(conninfo, host, triage_text_of(address), port);
    }

    if (found != NULL) {
        freeaddrinfo(found);
    }
    free(name);

    return is_added || triage_conninfo_complain(complaint, "no memory", NULL);
}

static bool
is_socket(triage_text_t host)
{
    return host.len > 0 && (host.data[0] == '/' || host.data[0] == '@');
}

static bool
is_address(triage_text_t hostaddr)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_flags = AI_NUMERICHOST };
    struct addrinfo *found = NULL;
    char *name = copy(hostaddr);
    bool is_found =
        name != NULL && getaddrinfo(name, NULL, &hints, &found) == 0;

    if (found != NULL) {
        freeaddrinfo(found);
    }
    free(name);

    return is_found;
}

static bool
check_port(triage_text_t port, const triage_complaint_t *complaint)
{
    char word[16];
    int64_t number;

    if (port.len == 0
        || (triage_text_to_int64(port, &number) && number > 0
            && number < 65536))
    {
        return true;
    }

    snprintf(word, sizeof(word), "%.*s", (int) (port.len < 15 ? port.len : 15),
             port.data);

    return triage_conninfo_complain(complaint, "not a port:", word);
}

static bool
add_host(triage_conninfo_t *conninfo, triage_text_t host,
         triage_text_t hostaddr, triage_text_t port,
         const triage_complaint_t *complaint)
{
    if (!check_port(port, complaint)) {
        return false;
    }

    if (hostaddr.len > 0 && !is_address(hostaddr)) {
        return triage_conninfo_complain(complaint,
                                        "hostaddr is not an address", NULL);
    }

    if (hostaddr.len == 0 && host.len > 0 && !is_socket(host)) {
        return add_addresses(conninfo, host, port, complaint);
    }

    return add_endpoint(conninfo, host, hostaddr, port)
           || triage_conninfo_complain(complaint, "no memory", NULL);
}

static size_t
count_parts(const char *list)
{
    size_t count = 1;

    if (list == NULL) {
        return 0;
    }

    for (; *list != '\0'; list++) {
        count += *list == ',';
    }

    return count;
}

/* Part i of a list; the only part of a shorter one. */
static triage_text_t
part(const char *list, size_t i)
{
    triage_text_t rest = triage_text_of(list);
    triage_text_t found = triage_text_until(&rest, ',');

    while (i > 0 && rest.data != NULL) {
        found = triage_text_until(&rest, ',');
        i--;
    }

    return found;
}

static bool
read_endpoints(triage_conninfo_t *conninfo,
               const triage_complaint_t *complaint)
{
    const char *hosts = triage_conninfo_setting(&conninfo->settings, "host");
    const char *hostaddrs =
        triage_conninfo_setting(&conninfo->settings, "hostaddr");
    const char *ports = triage_conninfo_setting(&conninfo->settings, "port");
    size_t host_count = count_parts(hosts);
    size_t hostaddr_count = count_parts(hostaddrs);
    size_t count = hostaddr_count > 0 ? hostaddr_count : host_count;
    size_t i;

    count = count > 0 ? count : 1;
    if ((hostaddr_count > 0 && host_count > 0 && hostaddr_count != host_count)
        || (count_parts(ports) > 1 && count_parts(ports) != count))
    {
        return triage_conninfo_complain(complaint,
                                        "host, hostaddr and port are lists of"
                                        " different lengths",
                                        NULL);
    }

    for (i = 0; i < count; i++) {
        if (!add_host(conninfo, part(hosts, i), part(hostaddrs, i),
                      part(ports, i), complaint))
        {
            return false;
        }
    }

    return true;
}

/* --- the whole ---------------------------------------------------------- */

/* The environment of a worker is not ours: what libpq would find there is
 * found now. */
static void
find_passfile(triage_conninfo_t *conninfo)
{
    const char *home = getenv("HOME");
    triage_buffer_t path = { 0 };
    FILE *file;

    if (home == NULL) {
        return;
    }

    triage_buffer_print(&path, "%s/.pgpass", home);
    triage_buffer_add_byte(&path, '\0');
    file = path.has_failed ? NULL : fopen(path.data, "r");
    if (file == NULL) {
        triage_buffer_free(&path);
        return;
    }

    fclose(file);
    conninfo->passfile = path.data;
}

triage_conninfo_t *
triage_conninfo_read(const char *text, char *error, size_t size)
{
    const triage_complaint_t complaint = { error, size };
    triage_conninfo_t *conninfo = calloc(1, sizeof(*conninfo));
    size_t i;

    if (conninfo == NULL) {
        triage_conninfo_complain(&complaint, "no memory", NULL);
        return NULL;
    }

    if (!triage_conninfo_settings_read(&conninfo->settings, text, &complaint)
        || !read_session_attrs(conninfo, &complaint)
        || !read_endpoints(conninfo, &complaint))
    {
        triage_conninfo_free(conninfo);
        return NULL;
    }

    find_passfile(conninfo);
    for (i = 0; i < conninfo->count; i++) {
        set_params(conninfo, conninfo->endpoints[i]);
    }

    return conninfo;
}

void
triage_conninfo_free(triage_conninfo_t *conninfo)
{
    size_t i;

    if (conninfo == NULL) {
        return;
    }

    for (i = 0; i < conninfo->count; i++) {
        free_endpoint(conninfo->endpoints[i]);
    }
    triage_conninfo_settings_free(&conninfo->settings);
    free(conninfo->passfile);
    free(conninfo);
}

size_t
triage_conninfo_count(const triage_conninfo_t *conninfo)
{
    return conninfo->count;
}

void
triage_conninfo_params(const triage_conninfo_t *conninfo, size_t i,
                       const char *const **keywords,
                       const char *const **values)
{
    *keywords = conninfo->endpoints[i]->keywords;
    *values = conninfo->endpoints[i]->values;
}

const char *
triage_conninfo_name(const triage_conninfo_t *conninfo, size_t i)
{
    return conninfo->endpoints[i]->name;
}

bool
triage_conninfo_wants_primary(const triage_conninfo_t *conninfo)
{
    return conninfo->wants_primary;
}
