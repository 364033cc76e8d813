package Triage::Bench::Contenders;

# Who is measured.  A contender is a hash:
#   name, form     `minimal` or `same` for peers
#   start, stop    subs
#   url            sub: where deliveries go
#   pids           sub: the server's processes
#   clear          sub: SQL that empties what it fills, statement by statement
#   rows           SQL: how many messages it kept
#   batch          sub: the mean batch since the last call, where known
#   load           sub (count, first): drives itself instead of deliveries
#
# A peer that cannot be had here is left out with a loud line on stderr.

use strict;
use warnings;

use Exporter qw(import);
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IO::Socket::INET;
use JSON::PP;
use Time::HiRes qw(sleep time);

use Triage::Bench::Table qw(output_of);
use Triage::Nginx;
use Triage::Postgres;

our @EXPORT_OK = qw(contenders batch_meter clear_triage
    insert_program open_postgres start_triage triage_nginx);

my $bench = abs_path(dirname(abs_path(__FILE__)) . '/../../..');

my @triage_tables = qw(message conversation delivery dead_letter arrival);

# A PostgreSQL whose socket others than its owner reach: nginx's user does.
sub open_postgres {
    my $postgres = Triage::Postgres->new;
    my $socket   = $postgres->socket_dir;

    chmod 0755, dirname($socket), $socket;
    return $postgres->start->migrate;
}

sub contenders {
    my %setup = @_;

    return (
        _triage(%setup),
        _floor(%setup),
        _floor_insert(%setup),
        _fastify(%setup, form => 'same'),
        _fastify(%setup, form => 'minimal'),
        _go(%setup, form => 'same'),
        _go(%setup, form => 'minimal'),
        _skip('nginx Lua', 'pgmoon is in no Debian package'),
    );
}

sub _is_newer {
    my ($made, $source) = @_;
    return -e $made && -M $made < -M $source;
}

sub _skip {
    my ($name, $why) = @_;
    warn "SKIPPED $name: $why\n";
    return;
}

sub clear_triage {
    my ($postgres) = @_;
    my $tables = join ', ', map { "triage_data.$_" } grep {
        $postgres->psql("select to_regclass('triage_data.$_')") ne ''
    } @triage_tables;
    return "truncate $tables cascade";
}

my $count_messages = 'select count(*) from triage_data.message';

my $routes = <<'END';
    triage_queue crisis   respond=15m weight=8;
    triage_queue urgent   respond=1h  weight=4;
    triage_queue public   respond=4h  weight=2;
    triage_queue standard respond=24h weight=1;
    triage_route crisis   urgency>=80 visibility>=60;
    triage_route urgent   urgency>=70;
    triage_route public   audience=public urgency>=40;
    triage_route standard;
END

# nginx with triage as it is measured.  Options are those of Triage::Nginx,
# and database, words for triage_database.
sub triage_nginx {
    my ($conninfo, $secret, %option) = @_;
    my $words = $option{database} // '';

    return Triage::Nginx->new(
        %option,
        files => { secret => "$secret\n", token => "token\n" },
        http  => <<"END",
            triage_database "$conninfo" $words;
            client_header_buffer_size 8k;
            client_body_buffer_size 64k;
            $routes
END
        server => ($option{server} // '') . <<'END',
            location = /hooks/facebook {
                triage facebook;
                triage_brand acme;
                triage_secret %dir%/secret;
                triage_verify_token %dir%/token;
            }
            location = /triage/status { triage_status; }
END
    );
}

# Starts it, and waits for what its worker prepares in the database.
sub start_triage {
    my ($nginx, $postgres, @keyword) = @_;

    $nginx->start;
    $nginx->wait_until(
        sub {
            $postgres->psql('select count(*) > 1 from pg_inherits where'
                    . " inhparent = 'triage_data.message'::regclass",
                @keyword) eq 't';
        },
        'partitions'
    );
    return $nginx;
}

# A sub: the mean batch since it was called last.
sub batch_meter {
    my ($nginx) = @_;
    my %last = (batches => 0, batch_rows => 0);

    return sub {
        my $store
            = decode_json($nginx->get('/triage/status')->{body})->{store};
        my ($batches, $rows) = map { $store->{$_} - $last{$_} }
            qw(batches batch_rows);
        @last{qw(batches batch_rows)} = @$store{qw(batches batch_rows)};
        return $batches ? $rows / $batches : 0;
    };
}

sub _triage {
    my %setup = @_;
    my $nginx = triage_nginx($setup{postgres}->conninfo, $setup{secret});

    return {
        name  => 'triage',
        start => sub { start_triage($nginx, $setup{postgres}) },
        stop  => sub { $nginx->stop },
        url   => sub { $nginx->url . '/hooks/facebook' },
        pids  => sub { $nginx->workers },
        clear => sub { clear_triage($setup{postgres}) },
        rows  => $count_messages,
        batch => batch_meter($nginx),
    };
}

# Built with the module's own flags; see floor/config.
sub _floor_module {
    my ($build) = @_;
    my $tree = "$build/floor";
    my $so   = "$tree/objs/ngx_http_floor_module.so";

    return $so if _is_newer($so, "$bench/floor/ngx_http_floor_module.c");
    system(<<"END") == 0 or die "the floor module does not build\n";
        set -e
        rm -rf '$tree'; mkdir -p '$tree'
        cp -rs /usr/share/nginx/src/. '$tree'
        cd '$tree'
        bash -c '. /usr/share/nginx/src/conf_flags && ./configure \\
            "\${NGX_CONF_FLAGS[@]}" --with-cc-opt="-g -O2 -fPIC" \\
            --add-dynamic-module=$bench/floor' > floor.log
        make -f objs/Makefile modules >> floor.log
END
    return $so;
}

sub _floor {
    my %setup = @_;
    my $so    = _floor_module($setup{build});
    my $nginx = Triage::Nginx->new(
        main   => "load_module $so;",
        http   => 'client_header_buffer_size 8k;',
        server => join '',
        map { "location = /$_ { floor $_ $setup{secret}; }" }
            qw(read mac parse),
    );
    my $running = 0;

    return map {
        my $depth = $_;
        {   name  => "floor $depth",
            start => sub { $nginx->start unless $running++ },
            stop  => sub { $nginx->stop unless --$running },
            url   => sub { $nginx->url . "/$depth" },
            pids  => sub { $nginx->workers },
        }
    } qw(read mac parse);
}

# What a program for plain inserts is called with: see insert.c.
sub insert_program {
    my ($build) = @_;
    my $program = "$build/bench-insert";
    my $include = qx(pg_config --includedir);
    chomp $include;

    system('cc', '-O2', '-o', $program, "-I$include", "$bench/insert.c",
        '-lpq') == 0
        or die "insert.c does not compile\n";
    return $program;
}

sub _floor_insert {
    my %setup   = @_;
    my $program = insert_program($setup{build});
    my $text    = 330; # as the message in body.json

    return {
        name  => 'floor insert',
        start => sub { },
        stop  => sub { },
        pids  => sub { () },
        clear => sub { 'truncate plain' },
        rows  => 'select count(*) from plain',
        load  => sub {
            my ($count, $first) = @_;
            my ($rows, $seconds) = split ' ', output_of($program,
                $setup{postgres}->conninfo, $count, $first, $text,
                "$bench/body.json", 64);
            return { good => $rows, rate => $rows / $seconds };
        },
    };
}

sub _wait_for_port {
    my ($port) = @_;
    my $end = time + 20;

    while (time < $end) {
        return 1 if IO::Socket::INET->new(
            PeerAddr => '127.0.0.1', PeerPort => $port);
        sleep 0.1;
    }
    return 0;
}

# A peer that is one process: its command and its environment.
sub _process {
    my ($name, $form, $setup, $environment, @command) = @_;
    my $postgres = $setup->{postgres};
    my $port = Triage::Postgres::free_port();
    my $pid;

    return {
        name  => "$name, $form",
        form  => $form,
        start => sub {
            $pid = fork // die "fork: $!";
            if ($pid == 0) {
                @ENV{qw(PORT SECRET FORM)} = ($port, $setup->{secret}, $form);
                @ENV{qw(PGHOST PGPORT PGUSER PGDATABASE)} = (
                    $postgres->socket_dir, $postgres->port, 'postgres',
                    $postgres->database
                );
                @ENV{ keys %$environment } = values %$environment;
                exec @command or die "$command[0]: $!";
            }
            _wait_for_port($port) or die "$name does not listen\n";
        },
        stop => sub { kill 'TERM', $pid; waitpid $pid, 0 },
        url   => sub { "http://127.0.0.1:$port/hooks/facebook" },
        pids  => sub { $pid },
        clear => sub {
            $form eq 'same'
                ? clear_triage($postgres)
                : 'truncate plain';
        },
        rows => $form eq 'same' ? $count_messages
        : 'select count(*) from plain',
    };
}

sub _fastify {
    my %setup = @_;
    my $home  = "$setup{build}/peers/fastify";

    unless (-d "$home/node_modules/fastify") {
        qx(which npm) or return _skip('fastify', 'npm is not here');
        warn "npm installs fastify and pg in $home\n";
        system("mkdir -p '$setup{build}/peers'"
                . " && cp -r '$bench/peers/fastify' '$bench/"
                . "peers/scoring.json' '$setup{build}/peers/'"
                . " && cd '$home' && npm install --no-audit --no-fund"
                . ' --loglevel=error >&2') == 0
            or return _skip('fastify', 'npm cannot install it');
    }
    system("cp '$bench/peers/fastify/server.js' '$home/'");

    return _process('fastify', $setup{form}, \%setup, { POOL => 20 },
        'node', "$home/server.js");
}

sub _go {
    my %setup   = @_;
    my $program = "$setup{build}/peers/go-pgx";
    my $pgx     = '/usr/share/gocode/src/github.com/jackc/pgx/v4';

    unless (_is_newer($program, "$bench/peers/go/main.go")) {
        -d $pgx && qx(which go)
            or return _skip('go', 'needs golang-go and'
                . ' golang-github-jackc-pgx-v4-dev');
        mkdir "$setup{build}/peers";
        system("cd '$bench/peers/go' && GO111MODULE=off"
                . " GOPATH=/usr/share/gocode GOCACHE='$setup{build}/gocache'"
                . " GOFLAGS= go build -o '$program' main.go") == 0
            or return _skip('go', 'does not build');
    }

    return _process('go', $setup{form}, \%setup, { POOL => 20 }, $program);
}

1;
