package Triage::Chaos::Scene;

# PostgreSQL that syncs, nginx with a spool, deliveries that run, ways to
# break each of them, and the audit of what came out.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use IO::Socket::INET ();
use JSON::PP qw(decode_json);
use POSIX ();
use Time::HiRes qw(sleep time);

use parent 'Triage::Site';
use Triage::Nginx ();

my $here     = abs_path(dirname(abs_path(__FILE__)) . '/../../..');
my $patience = $ENV{TRIAGE_PATIENCE} // 60; # seconds, for what must come

sub new {
    my ($class, %option) = @_;
    my $self = _quietly(sub { $class->SUPER::new(
        workers  => 2,
        database => 'timeout=2s',
        postgres => { fsync => 1, settings => { listen_addresses => '' } },
        http     => <<'END',
        triage_spool %dir%/spool max_size=256m;
        log_format chaos '$status $sent_http_retry_after';
END
        location => 'access_log %dir%/logs/answers chaos;',
        %option,
    ) });

    # workers are somebody else
    my $sockets = $self->{postgres}->socket_dir;
    chmod 0711, $sockets, dirname($sockets);
    $self->{nginx}{port} = _own_port();
    $self->{nginx}->configure;
    $self->{environment} = {};
    return $self;
}

# What `triage migrate` has applied is no news here, unless it fails.
sub _quietly {
    my ($code) = @_;
    my $said = File::Temp->new;

    open my $kept, '>&', \*STDERR or die "stderr: $!";
    open STDERR, '>', "$said" or die "stderr: $!";
    my $result = eval { $code->() };
    my $error  = $@;
    open STDERR, '>&', $kept or die "stderr: $!";
    die $error, <$said> if !defined $result;
    return $result;
}

# Over the socket: no port of PostgreSQL can be lost while it is down.
sub conninfo { return $_[0]{postgres}->conninfo(user => 'nginx') }

# Outside of what the kernel gives to clients: nobody takes it while nginx
# is down.
sub _own_port {
    for (1 .. 200) {
        my $port = 15_000 + int rand 15_000;
        return $port if IO::Socket::INET->new(
            LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1,
            ReuseAddr => 1);
    }
    die "no free port\n";
}

sub spool { return $_[0]{nginx}->dir . '/spool' }

# Variables of nginx's environment from its next start on.
sub environment {
    my ($self, %variable) = @_;
    $self->{environment} = {%variable};
}

# bench/chaos/NAME.c as a library.
sub library {
    my ($self, $name) = @_;
    my $path = $self->{nginx}->dir . "/$name.so";
    my $cc   = $ENV{CC} // 'cc';
    my $said = qx($cc -shared -fPIC -O1 -o \Q$path\E \Q$here/$name.c\E -ldl 2>&1);

    die "$cc: $said" if $? != 0;
    return $path;
}

# A file system that was mounted over the spool must not stay.
sub DESTROY {
    my ($self) = @_;
    local ($?, $!, $@);

    return if !$self->{is_mounted} || $$ != $self->{nginx}{owner};
    system 'umount', '-l', $self->spool;
}

# --- nginx -------------------------------------------------------------------

sub start_nginx {
    my ($self) = @_;

    local %ENV = (%ENV, %{ $self->{environment} });
    unlink $self->{nginx}->dir . '/nginx.pid';
    $self->{nginx}->start;
}

sub stop_nginx {
    my ($self) = @_;
    my @pids = $self->nginx_pids;

    $self->{nginx}->signal('QUIT');
    $self->wait_for_end(@pids);
    unlink $self->{nginx}->dir . '/nginx.pid';
}

sub nginx_pids {
    my ($self) = @_;
    return grep { defined } $self->{nginx}->pid, $self->{nginx}->workers;
}

sub kill_worker {
    my ($self) = @_;
    my @workers = $self->{nginx}->workers or return;

    kill 'KILL', $workers[ rand @workers ];
}

# All at one moment: none may go on while another is dead already.
sub kill_all {
    my ($self, @more) = @_;
    my @pids = ($self->nginx_pids, @more);

    kill 'STOP', @pids;
    kill 'KILL', $self->nginx_pids, @more;
    $self->wait_for_end(@pids);
}

sub wait_for_end {
    my ($self, @pids) = @_;

    $self->wait_until(sub { !grep { _is_alive($_) } @pids },
        "processes @pids to end");
}

sub wait_until {
    my ($self, $condition, $what) = @_;
    my $end = time + $patience;

    while (time < $end) {
        my $result = $condition->();
        return $result if $result;
        sleep 0.05;
    }
    die "waited $patience s for $what\n", $self->_sight;
}

# What there is to be seen when a wait came to nothing.
sub _sight {
    my ($self) = @_;
    my @log    = split /\n/, $self->{nginx}->error_log;
    my $status = eval { $self->{nginx}->get('/triage/status')->{body} };
    my $spool  = qx(\Q$ENV{TRIAGE_TOOL}\E spool list \Q@{[ $self->spool ]}\E 2>&1);

    splice @log, 0, -20 if @log > 20;
    return join "\n", 'the status:', $status // "none: $@", 'the spool:',
        $spool, 'the end of the error log:', @log, '';
}

# A zombie is dead: whoever should have reaped it may be busy.
sub _is_alive {
    my ($pid) = @_;

    open my $file, '<', "/proc/$pid/stat" or return 0;
    my ($state) = (<$file> // '') =~ /^\d+ \(.*\) (\S)/;
    return $state && $state ne 'Z';
}

# --- PostgreSQL ----------------------------------------------------------------

# To be killed: the postmaster is stopped, or one that it forks meanwhile
# would outlive it, and keep the next server from starting.
sub postgres_pids {
    my ($self) = @_;
    my $pid = $self->{postgres}->pid;

    kill 'STOP', $pid;
    return ($pid, Triage::Nginx::children($pid));
}

# The postmaster only; its children notice.
sub kill_postmaster {
    my ($self) = @_;
    my @pids = $self->postgres_pids;

    kill 'KILL', $pids[0];
    $self->wait_for_end(@pids);
    $self->_forget_postmaster;
}

# And nginx with it.
sub kill_everything {
    my ($self) = @_;

    $self->kill_all($self->postgres_pids);
    $self->_forget_postmaster;
}

# A zombie named in its files would pass for a server that runs.
sub _forget_postmaster {
    my ($self) = @_;
    my $postgres = $self->{postgres};

    unlink $postgres->data_dir . '/postmaster.pid',
        glob $postgres->socket_dir . '/.s.PGSQL.*.lock';
}

sub backends {
    my ($self) = @_;
    return split /\n/, $self->{postgres}->psql(
        q{select pid from pg_stat_activity where usename = 'nginx'});
}

# Holds the table of messages for some seconds, in the background.
sub lock_table {
    my ($self, $seconds) = @_;
    my $before = time;
    my $pid    = fork // die "fork: $!";

    if ($pid == 0) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec $self->{postgres}->psql_command, '-c',
            'lock table triage_data.message in access exclusive mode;'
            . " select pg_sleep($seconds)" or POSIX::_exit(1);
    }
    push @{ $self->{lockers} }, $pid;
    $self->wait_until(sub { $self->{postgres}->psql(<<'END') }, 'a lock');
select 1 from pg_locks
 where relation = 'triage_data.message'::regclass and granted
   and mode = 'AccessExclusiveLock'
END
}

# --- deliveries ----------------------------------------------------------------

sub deliver_many {
    my ($self, %load) = @_;
    my $results = File::Temp->new(TEMPLATE => 'triage-results-XXXXXX',
        TMPDIR => 1);

    $self->{answers_at} = -s $self->_answers // 0;
    $self->{log_at}     = length $self->{nginx}->error_log;
    return {
        %load,
        results => $results,
        load    => $self->start_load(
            count       => $load{count},
            concurrency => $load{concurrency} // 1024,
            first       => $load{first},
            body        => $load{body},
            options     => [
                '--results', "$results",
                '--unique',
                $load{rate} ? ('--rate', $load{rate}) : (),
            ],
        ),
    };
}

sub finish {
    my ($self, $run) = @_;

    $run->{report} = $self->finish_load($run->{load});
    waitpid $_, 0 for splice @{ $self->{lockers} // [] };
    $self->wait_until(sub { $self->is_drained }, 'the spool to be empty');
    return $self->audit($run);
}

sub segments {
    my ($self, $ending) = @_;
    my @paths = glob $self->spool . "/*.$ending";
    return @paths;
}

sub is_drained {
    my ($self) = @_;
    my $status = eval { $self->status } or return 0;

    return !$self->segments('spool') && $status->{store}{backlog} == 0;
}

# --- the audit -----------------------------------------------------------------

sub _answers { return $_[0]{nginx}->dir . '/logs/answers' }

sub audit {
    my ($self, $run) = @_;
    my $rows = $self->_rows($run);
    my %audit = (sent => 0, dropped => 0, longest => 0, lost => 0,
        rows => scalar keys %$rows, answers => {});

    open my $file, '<', "$run->{results}" or die "results: $!";
    while (defined(my $line = <$file>)) {
        my ($number, $status, $us) = split /\t/, $line;
        $audit{sent}++;
        if ($status == 0) {
            $audit{dropped}++;
            next;
        }
        $audit{answers}{$status}++;
        $audit{longest} = $us / 1e6 if $us / 1e6 > $audit{longest};
        $audit{lost}++ if $status == 200 && !$rows->{$number};
    }

    $audit{doubled} = grep { $_ > 1 } values %$rows;
    $audit{unclear} = $self->_unclear;
    $audit{crashes} = () = substr($self->{nginx}->error_log,
        $self->{log_at}) =~ /exited on signal (?!9\b)/g;
    $audit{dead_letters}
        = $self->{postgres}->psql('select count(*) from triage_data.dead_letter');
    return \%audit;
}

# number => rows
sub _rows {
    my ($self, $run) = @_;
    my $last = $run->{first} + $run->{count} - 1;
    my %rows = map { split /\|/ } split /\n/, $self->{postgres}->psql(<<"END");
select number, count(*)
  from (select substring(message_id from '^5([0-9]+)_')::bigint as number
          from triage_data.message) as message
 where number between $run->{first} and $last
 group by number
END
    return \%rows;
}

# Answers that a platform would not understand: neither 200 nor 503 with
# Retry-After.  499: the client went first.
sub _unclear {
    my ($self) = @_;

    open my $file, '<', $self->_answers or return 0;
    seek $file, $self->{answers_at}, 0;
    return scalar grep { !/^(?:200 |499 |503 \d)/ } <$file>;
}

1;
