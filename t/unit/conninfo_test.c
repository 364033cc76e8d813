/*
 * Connection strings become endpoints; mistakes become words without
 * secrets in them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/store/conninfo.h"
#include "tap.h"

static char error[256];

static const char *
value(const triage_conninfo_t *conninfo, size_t i, const char *keyword)
{
    const char *const *keywords;
    const char *const *values;

    triage_conninfo_params(conninfo, i, &keywords, &values);
    for (; *keywords != NULL; keywords++, values++) {
        if (strcmp(*keywords, keyword) == 0) {
            return *values;
        }
    }

    return "";
}

static bool
has(const triage_conninfo_t *conninfo, size_t i, const char *keyword,
    const char *expected)
{
    return strcmp(value(conninfo, i, keyword), expected) == 0;
}

static triage_conninfo_t *
understand(const char *text)
{
    error[0] = '\0';

    return triage_conninfo_read(text, error, sizeof(error));
}

static bool
is_refused(const char *text, const char *why)
{
    triage_conninfo_t *conninfo = understand(text);
    bool is_good = conninfo == NULL && strcmp(error, why) == 0;

    if (!is_good) {
        printf("# %s\n", error);
    }
    triage_conninfo_free(conninfo);

    return is_good;
}

static void
test_socket(void)
{
    triage_conninfo_t *conninfo =
        understand("host=/run/pg port=5433 dbname=d");

    ok(conninfo != NULL && triage_conninfo_count(conninfo) == 1
           && has(conninfo, 0, "host", "/run/pg")
           && has(conninfo, 0, "hostaddr", "")
           && has(conninfo, 0, "port", "5433")
           && has(conninfo, 0, "dbname", "d"),
       "a socket");
    ok(has(conninfo, 0, "gssencmode", "disable")
           && has(conninfo, 0, "client_encoding", "UTF8")
           && has(conninfo, 0, "application_name", "triage")
           && !has(conninfo, 0, "sslmode", ""),
       "what libpq would find out itself is explicit");
    ok(strcmp(triage_conninfo_name(conninfo, 0), "/run/pg:5433") == 0,
       "an endpoint has a name");
    ok(!triage_conninfo_wants_primary(conninfo), "any server will do");
    triage_conninfo_free(conninfo);
}

static void
test_several(void)
{
    triage_conninfo_t *conninfo =
        understand("postgresql://u:secret@127.0.0.1:1,127.0.0.2:2/d"
                   "?target_session_attrs=read-write&application_name=n");

    ok(conninfo != NULL && triage_conninfo_count(conninfo) == 2
           && has(conninfo, 0, "hostaddr", "127.0.0.1")
           && has(conninfo, 1, "hostaddr", "127.0.0.2")
           && has(conninfo, 1, "port", "2")
           && has(conninfo, 1, "password", "secret")
           && has(conninfo, 1, "target_session_attrs", "")
           && has(conninfo, 1, "application_name", "n"),
       "a URI of several hosts, one an endpoint");
    ok(triage_conninfo_wants_primary(conninfo), "read-write is a primary");
    triage_conninfo_free(conninfo);

    conninfo = understand("host=a.example,b.example hostaddr=127.0.0.1,::1");
    ok(conninfo != NULL && triage_conninfo_count(conninfo) == 2
           && has(conninfo, 0, "host", "a.example")
           && has(conninfo, 1, "hostaddr", "::1")
           && has(conninfo, 1, "port", "5432"),
       "a host's name goes with its address, for TLS");
    triage_conninfo_free(conninfo);

    conninfo = understand("host=localhost");
    ok(conninfo != NULL && triage_conninfo_count(conninfo) >= 1
           && !has(conninfo, 0, "hostaddr", "")
           && has(conninfo, 0, "host", "localhost"),
       "a name is looked up");
    triage_conninfo_free(conninfo);
}

static void
test_service(void)
{
    char path[] = "/tmp/triage-service-XXXXXX";
    static const char text[] = "[triage]\nhost=/run/pg\nport=7\n"
                               "password=hidden\n";
    triage_conninfo_t *conninfo;
    int fd = mkstemp(path);

    ok(fd >= 0 && write(fd, text, sizeof(text) - 1) > 0, "a service file");
    close(fd);
    setenv("PGSERVICEFILE", path, 1);
    setenv("PGPORT", "9", 1);
    setenv("PGUSER", "env", 1);

    conninfo = understand("service=triage dbname=d");
    ok(conninfo != NULL && has(conninfo, 0, "port", "7")
           && has(conninfo, 0, "password", "hidden")
           && has(conninfo, 0, "user", "env")
           && has(conninfo, 0, "service", ""),
       "a service goes before the environment");
    triage_conninfo_free(conninfo);
    conninfo = understand("service=triage port=8");
    ok(conninfo != NULL && has(conninfo, 0, "port", "8"),
       "and what is written before both");
    triage_conninfo_free(conninfo);
    ok(getenv("PGSERVICE") == NULL, "the environment is as it was");
    ok(is_refused("service=other", "cannot read the service \"other\""),
       "a service that is not there");

    unlink(path);
    unsetenv("PGSERVICEFILE");
    unsetenv("PGPORT");
    unsetenv("PGUSER");
}

static void
test_passfile(void)
{
    char folder[] = "/tmp/triage-home-XXXXXX";
    char path[64];
    triage_conninfo_t *conninfo;
    FILE *file;

    ok(mkdtemp(folder) != NULL, "a home");
    snprintf(path, sizeof(path), "%s/.pgpass", folder);
    file = fopen(path, "w");
    fclose(file);
    chmod(path, 0600);
    setenv("HOME", folder, 1);

    conninfo = understand("host=/run/pg");
    ok(conninfo != NULL && has(conninfo, 0, "passfile", path),
       "the password file of who reads the configuration");
    triage_conninfo_free(conninfo);
    conninfo = understand("host=/run/pg passfile=/etc/triage/pass");
    ok(conninfo != NULL && has(conninfo, 0, "passfile", "/etc/triage/pass"),
       "or the one that is named");
    triage_conninfo_free(conninfo);

    unlink(path);
    rmdir(folder);
}

static void
test_mistakes(void)
{
    ok(is_refused("hots=x", "unknown connection option \"hots\""),
       "a word is wrong");
    ok(is_refused("password=my secret7!", "not a connection string"),
       "a blank in a password is not repeated");
    ok(is_refused("port=70000", "not a port: \"70000\""), "a port");
    ok(is_refused("hostaddr=db.example", "hostaddr is not an address"),
       "an address that is none");
    ok(is_refused("hostaddr=127.0.0.1,::1 port=1,2,3",
                  "host, hostaddr and port are lists of different lengths"),
       "lists of different lengths");
    ok(is_refused("target_session_attrs=standby",
                  "triage writes: target_session_attrs cannot be"
                  " \"standby\""),
       "a standby is of no use");
}

int
main(void)
{
    static const char *const variables[] = { "PGHOST", "PGPORT", "PGUSER",
                                             "PGSERVICE", "PGHOSTADDR" };
    size_t i;

    for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        unsetenv(variables[i]);
    }

    test_socket();
    test_several();
    test_service();
    test_passfile();
    test_mistakes();

    return done_testing();
}
