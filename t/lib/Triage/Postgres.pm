package Triage::Postgres;

# A private PostgreSQL cluster in a temporary folder: real PostgreSQL for
# tests, benchmarks and `make run`, without touching any other cluster of the
# machine.  It needs nothing but Perl's core modules and PostgreSQL's programs,
# so a script that is no test can use it too.
#
#   my $postgres = Triage::Postgres->new(fsync => 0);   # speed over safety
#   $postgres->start;
#   $postgres->migrate;
#   print $postgres->psql('select count(*) from triage.inbox');
#
# Options of new():
#   fsync     1 (default): commits are durable, as in production; 0: fast
#   settings  { name => value }: lines for postgresql.conf
#   database  the database that start() creates; default triage
#   user      the superuser; default postgres
#   dir       keep the cluster in this folder and reuse what is there, instead
#             of a temporary folder; nothing in it is ever removed
#   keep      1: the cluster outlives the process
#
# PostgreSQL refuses to run as root: as root, its programs are run as the
# system user postgres (TRIAGE_POSTGRES_OS_USER names another one).
# TRIAGE_POSTGRES_BIN names the folder of the programs where pg_config is not
# the right one.

use strict;
use warnings;

use Cwd qw(abs_path);
use Errno ();
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use IO::Socket::INET ();
use POSIX ();
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep);

my $longest_socket_path = 100; # sun_path holds 107 bytes and a NUL
my $start_attempts      = 5;   # a free port can be lost to somebody else

my %alive; # clusters of this process that END has to stop

sub new {
    my ($class, %option) = @_;
    my $self = bless {
        fsync    => 1,
        settings => {},
        database => 'triage',
        user     => 'postgres',
        %option,
        owner => $$,
    }, $class;

    $self->_prepare_folders;
    $self->_init_cluster unless -e $self->data_dir . '/PG_VERSION';
    weaken($alive{0 + $self} = $self) unless $self->{keep};
    $self->_exit_on_signals;

    return $self;
}

sub data_dir   { return $_[0]{home} . '/data' }
sub log_file   { return $_[0]{home} . '/log' }
sub socket_dir { return $_[0]{socket_dir} }
sub port       { return $_[0]{port} }
sub database   { return $_[0]{database} }

# Starts the server, and creates the database when it is not there.  Does
# nothing when the server runs already.
sub start {
    my ($self) = @_;

    $self->_wait_while_stopping;
    if ($self->is_running) {
        $self->_read_port;
        return $self;
    }

    for my $attempt (1 .. $start_attempts) {
        $self->{port} = free_port() if $attempt > 1 || !$self->{port};
        $self->_write_port;
        my $failure = $self->_try_to_start;
        last unless $failure;
        die $failure
            if $attempt == $start_attempts || $failure !~ /in use/i;
    }

    $self->_create_database;
    return $self;
}

# Stops the server: smart, fast or immediate (as if the power had failed).
sub stop {
    my ($self, $mode) = @_;

    return $self unless $self->is_running;
    $self->_as_owner('pg_ctl', '-D', $self->data_dir, '-m', $mode // 'fast',
        '-w', '-t', 60, 'stop');
    return $self;
}

sub restart {
    my ($self, $mode) = @_;

    $self->stop($mode);
    return $self->start;
}

sub is_running {
    my ($self) = @_;
    my $pid = $self->pid or return 0;

    return kill(0, $pid) || $!{EPERM} ? 1 : 0;
}

# Somebody has told it to end, and it is not through with that.
sub _wait_while_stopping {
    my ($self) = @_;

    for (1 .. 600) {
        my @lines = $self->_pid_file;
        return if !$self->is_running || ($lines[7] // '') !~ /^stopping/;
        sleep 0.1;
    }
}

# The process id of the postmaster, undef when there is none.
sub pid {
    my ($self) = @_;
    my ($pid) = $self->_pid_file;

    return unless defined $pid && $pid =~ /^(\d+)$/;
    return $1;
}

# Its process id is the first line, what it is doing the eighth.
sub _pid_file {
    my ($self) = @_;

    open my $file, '<', $self->data_dir . '/postmaster.pid' or return;
    return <$file>;
}

# A libpq conninfo.  Without arguments: superuser over the socket.  Any libpq
# keyword overrides: conninfo(user => 'nginx', host => '127.0.0.1').
# An undef value leaves the keyword out.
sub conninfo {
    my ($self, %keyword) = @_;
    my %all = (
        host   => $self->socket_dir,
        port   => $self->port,
        dbname => $self->database,
        user   => $self->{user},
        %keyword,
    );

    return join ' ', map { "$_=" . _quoted($all{$_}) }
        grep { defined $all{$_} } sort keys %all;
}

# Runs SQL and returns what psql prints, without the last newline: a line a
# row, columns separated by |.  Dies with the server's message.  Options are
# those of conninfo().
sub psql {
    my ($self, $sql, %keyword) = @_;
    my ($ok, $out, $err) = $self->psql_try($sql, %keyword);

    die "psql: $err" unless $ok;
    return $out;
}

# The same without dying: (ok, output, messages of the server).
sub psql_try {
    my ($self, $sql, %keyword) = @_;
    my @files = map { File::Temp->new } 1 .. 3;
    my ($in, $out, $err) = @files;

    binmode $in, ':encoding(UTF-8)' if utf8::is_utf8($sql);
    print {$in} $sql, "\n" or die "cannot write $in: $!";
    close $in or die "cannot write $in: $!";

    my $status = _wait_for(
        sub {
            open STDIN,  '<', $in->filename  or die "stdin: $!";
            open STDOUT, '>', $out->filename or die "stdout: $!";
            open STDERR, '>', $err->filename or die "stderr: $!";
            exec $self->psql_command(%keyword) or die "psql: $!";
        }
    );

    my $printed = _content($out->filename);
    chomp $printed;
    return ($status == 0, $printed, _content($err->filename));
}

# The command that psql(), and sessions of the tests, run.
sub psql_command {
    my ($self, %keyword) = @_;

    return (
        program('psql'), '-qAtX', '-v', 'ON_ERROR_STOP=1',
        '-d', $self->conninfo(%keyword)
    );
}

# Installs triage, or brings it up to date: with the tool that TRIAGE_TOOL
# names, else with psql over the same files.
sub migrate {
    my ($self, %keyword) = @_;

    if (my $tool = $ENV{TRIAGE_TOOL}) {
        my $status = _wait_for(
            sub {
                open STDOUT, '>&', \*STDERR or die "stdout: $!";
                exec $tool, 'migrate', $self->conninfo(%keyword)
                    or die "$tool: $!";
            }
        );
        die "$tool migrate failed\n" if $status != 0;
        return $self;
    }

    $self->psql(_migration_script(_sql_dir()), %keyword);
    return $self;
}

# A TCP port on the loopback that nobody listens on.
sub free_port {
    my $socket = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        LocalPort => 0,
        Proto     => 'tcp',
        Listen    => 1,
    ) or die "no free port: $!";

    return $socket->sockport;
}

# The path of one of PostgreSQL's programs.
sub program {
    my ($name) = @_;
    my $path = _bin_dir() . "/$name";

    die "$path is not there: install postgresql, or set"
        . " TRIAGE_POSTGRES_BIN\n" unless -x $path;
    return $path;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $!, $@);

    return if !$self->{owner} || $self->{owner} != $$ || $self->{keep};
    delete $alive{0 + $self};
    eval { $self->stop('immediate') };
    remove_tree($self->{temporary}) if $self->{temporary};
    $self->{owner} = 0;
}

# Not left to global destruction, where the order is anybody's guess.
END {
    $_->DESTROY for grep { defined } values %alive;
}

# --- the cluster's folders and server -------------------------------------

sub _prepare_folders {
    my ($self) = @_;

    if (defined $self->{dir}) {
        make_path($self->{dir});
        $self->{home} = abs_path($self->{dir}) . '/postgres';
    } else {
        $self->{temporary} = _temporary_folder();
        $self->{home}      = $self->{temporary} . '/postgres';
    }

    _die_if_not_traversable(dirname($self->{home}));
    $self->_make_own_folder($self->{home});
    $self->{socket_dir} = $self->{home} . '/socket';

    if (length($self->{socket_dir}) > $longest_socket_path) {
        die "$self->{home}: too long a path for a unix socket\n";
    }

    $self->_make_own_folder($self->{socket_dir});
}

# PostgreSQL's user has to get to its folder, and no further: the folder that
# File::Temp makes is 0700 and root's.
sub _temporary_folder {
    my $parent = $ENV{TMPDIR} // '/tmp';

    $parent = '/tmp' if length($parent) > 60 || !_is_traversable($parent);
    my $folder = File::Temp::tempdir('triage-XXXXXX', DIR => $parent);
    chmod 0711, $folder or die "cannot chmod $folder: $!";
    return $folder;
}

sub _make_own_folder {
    my ($self, $path) = @_;

    mkdir $path, 0700 or $!{EEXIST} or die "cannot make $path: $!";
    return if $> != 0;
    my (undef, undef, $uid, $gid) = getpwnam(_os_user())
        or die 'no system user ' . _os_user() . "\n";
    chown $uid, $gid, $path or die "cannot chown $path: $!";
}

sub _is_traversable {
    my ($path) = @_;

    return 1 if $> != 0; # our own user: it made the folder
    for (my $at = abs_path($path); ; $at = dirname($at)) {
        my @stat = stat $at or return 0;
        return 0 unless $stat[2] & 0001;
        return 1 if $at eq '/';
    }
}

sub _die_if_not_traversable {
    my ($path) = @_;

    return if _is_traversable($path);
    die "$path: the system user ", _os_user(),
        " cannot get there; every parent needs o+x\n";
}

sub _init_cluster {
    my ($self) = @_;

    $self->_as_owner('initdb', '-D', $self->data_dir, '-U', $self->{user},
        '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync',
        '--no-instructions');
    my $path = $self->data_dir . '/postgresql.conf';
    open my $file, '>>', $path or die "cannot write $path: $!";
    print {$file} $self->_configuration;
    close $file or die "cannot write $path: $!";
}

sub _configuration {
    my ($self) = @_;
    my %setting = (
        listen_addresses        => '127.0.0.1',
        unix_socket_directories => $self->socket_dir,
        timezone                => 'UTC',
        log_timezone            => 'UTC',
        max_connections         => 100,
        fsync                   => $self->{fsync} ? 'on' : 'off',
        (   $self->{fsync}
            ? ()
            : (full_page_writes => 'off', synchronous_commit => 'off')
        ),
        %{ $self->{settings} },
    );

    return join '', map { "$_ = " . _quoted($setting{$_}) . "\n" }
        sort keys %setting;
}

# '' when it started, else why not.
sub _try_to_start {
    my ($self) = @_;

    eval {
        $self->_as_owner('pg_ctl', '-D', $self->data_dir, '-l',
            $self->log_file, '-o',
            '-p ' . $self->port . ' -k ' . $self->socket_dir,
            '-w', '-t', 60, 'start');
        1;
    } and return '';

    return "$@" . substr(_content($self->log_file), -2000);
}

sub _create_database {
    my ($self) = @_;
    my $name = $self->database;
    my @maintenance = (dbname => 'postgres');

    return if $self->psql(
        "select 1 from pg_database where datname = '$name'", @maintenance);
    $self->psql(qq{create database "$name"}, @maintenance);
}

# The port of a kept cluster is found again by the next process.
sub _write_port {
    my ($self) = @_;
    my $path = $self->{home} . '/port';

    open my $file, '>', $path or die "cannot write $path: $!";
    print {$file} $self->port, "\n";
    close $file or die "cannot write $path: $!";
}

sub _read_port {
    my ($self) = @_;

    return if $self->{port};
    my $port = _content($self->{home} . '/port');
    $port =~ /^(\d+)$/m or die "$self->{home}/port: no port\n";
    $self->{port} = $1;
}

# Runs one of PostgreSQL's programs as the user who owns the cluster; dies
# with what it printed.
sub _as_owner {
    my ($self, $name, @argument) = @_;
    my @command = (program($name), @argument);
    my $output  = File::Temp->new;

    unshift @command, 'runuser', '-u', _os_user(), '--' if $> == 0;
    my $status = _wait_for(
        sub {
            chdir '/';
            open STDIN,  '<', '/dev/null'       or die "stdin: $!";
            open STDOUT, '>', $output->filename or die "stdout: $!";
            open STDERR, '>&', \*STDOUT         or die "stderr: $!";
            exec @command or die "$command[0]: $!";
        }
    );
    die "$name failed: " . _content($output->filename) if $status != 0;
}

sub _os_user { return $ENV{TRIAGE_POSTGRES_OS_USER} // 'postgres' }

sub _bin_dir {
    our $bin_dir //= $ENV{TRIAGE_POSTGRES_BIN} // _newest_bin_dir();
    return $bin_dir;
}

sub _newest_bin_dir {
    my @found = sort { _version($b) <=> _version($a) }
        grep { -x "$_/initdb" } glob '/usr/lib/postgresql/*/bin';

    return $found[0] if @found;
    chomp(my $path = `pg_config --bindir 2>/dev/null` // '');
    return $path ne '' ? $path : '/usr/bin';
}

sub _version { return $_[0] =~ m{/(\d+)/bin$} ? $1 : 0 }

# An interrupted test must not leave a server behind.
sub _exit_on_signals {
    my ($self) = @_;

    return if $self->{keep};
    for my $name (qw(INT TERM HUP)) {
        next if defined $SIG{$name} && $SIG{$name} ne 'DEFAULT';
        $SIG{$name} = sub { exit 130 };
    }
}

# --- migrations through psql ----------------------------------------------

sub _sql_dir {
    return abs_path(dirname(abs_path(__FILE__)) . '/../../../src/sql');
}

# What `triage migrate` does, as one psql script: the migrations that are not
# recorded, each in its transaction; then functions, views and grants anew.
sub _migration_script {
    my ($dir) = @_;
    my $script = _content("$dir/bootstrap.sql");

    for my $path (sort glob "$dir/migrations/*.sql") {
        my ($name) = $path =~ m{([^/]+)\.sql$};
        $script .= <<"END";
begin;
lock table triage_data.migration in share row exclusive mode;
select not exists (select from triage_data.migration where name = '$name')
       as needed \\gset
\\if :needed
\\i '$path'
insert into triage_data.migration (name) values ('$name');
\\endif
commit;
END
    }

    my @installed = grep { /\S/ && !/^#/ } split /\n/,
        _content("$dir/install.list");
    $script .= "begin;\nlock table triage_data.migration"
        . " in share row exclusive mode;\n";
    $script .= "\\i '$dir/$_'\n" for @installed;

    return $script . "commit;\n";
}

# --- small things -----------------------------------------------------------

# Runs $child in a child process, which must exec; returns the wait status.
sub _wait_for {
    my ($child) = @_;
    my $pid = fork // die "cannot fork: $!";

    if ($pid == 0) {
        eval { $child->(); 1 } or warn $@;
        POSIX::_exit(127);
    }

    local $?;
    while (waitpid($pid, 0) == -1) {
        die "cannot wait: $!" unless $!{EINTR};
    }
    return $?;
}

sub _content {
    my ($path) = @_;

    open my $file, '<', $path or return '';
    local $/;
    return scalar(<$file>) // '';
}

sub _quoted {
    my ($value) = @_;

    $value =~ s/([\\'])/\\$1/g;
    return "'$value'";
}

1;
