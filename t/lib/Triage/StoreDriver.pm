package Triage::StoreDriver;

# Runs t/store/driver, the C program that puts deliveries into a store.
#
#   my $driver = Triage::StoreDriver->new($conninfo, count => 1000);
#   $driver->wait_for(qr/^at 500/m);      # break something now
#   my $result = $driver->finish;        # { kept => 1000, ... }
#
# The program is built once for all tests, in $TRIAGE_BUILD, from the library
# that is there.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use IO::Select ();
use POSIX ();
use Time::HiRes qw(time);

my $top = abs_path(dirname(abs_path(__FILE__)) . '/../../..');

sub build_dir { return $ENV{TRIAGE_BUILD} // "$top/build" }

# The program, built when it is older than what it is made of.
sub program {
    my $library = build_dir() . '/libtriage.a';
    my $source  = "$top/t/store/driver.c";
    my $program = build_dir() . '/t/store_driver';

    die "$library is not there: make lib\n" unless -e $library;
    return $program
        if -e $program && (stat _)[9] >= (stat $source)[9]
        && (stat $program)[9] >= (stat $library)[9];

    make_path(dirname($program));
    my $new     = "$program.$$";
    my @command = (
        split(' ', $ENV{CC} // 'cc'), qw(-std=gnu11 -g -O2),
        split(' ', $ENV{SANITIZE} // ''), $source, $library,
        map({ "-Wl,--wrap=$_" } qw(malloc calloc realloc)),
        qw(-lpq -ljansson -lcrypto -lexpat -lm -lpthread -o), $new
    );
    system(@command) == 0 or die "cannot build $program\n";
    rename $new, $program or die "$program: $!";
    return $program;
}

sub new {
    my ($class, $conninfo, %setting) = @_;
    my @command = (program(), $conninfo,
        map {"$_=$setting{$_}"} sort keys %setting);

    my $pid = open(my $out, '-|') // die "cannot fork: $!";
    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "stderr: $!";
        exec @command or POSIX::_exit(127);
    }

    return bless { pid => $pid, out => $out, text => '', seen => 0 }, $class;
}

sub pid    { return $_[0]{pid} }
sub output { return $_[0]{text} }

# Reads until a line matches; dies when none does in time.  Starts behind the
# line that matched last.
sub wait_for {
    my ($self, $pattern, $seconds) = @_;
    my $deadline = time + ($seconds // 60);

    while (1) {
        my $unseen = substr $self->{text}, $self->{seen};
        if ($unseen =~ /$pattern/m) {
            $self->{seen} += $+[0];
            return 1;
        }
        $self->_read($deadline)
            or die "no $pattern from the driver:\n$self->{text}";
    }
}

sub _read {
    my ($self, $deadline) = @_;
    my $left = $deadline - time;

    return 0 if $left <= 0;
    return 1 unless IO::Select->new($self->{out})->can_read($left);
    return sysread($self->{out}, $self->{text}, 65536,
        length $self->{text}) ? 1 : 0;
}

# Reads to the end; the last line of counts as a hash, with `exit`, the wait
# status.
sub finish {
    my ($self, $seconds) = @_;
    my $deadline = time + ($seconds // 120);

    1 while $self->_read($deadline);
    if (time >= $deadline) {
        kill 'KILL', $self->{pid};
    }
    close $self->{out};

    my ($line) = $self->{text} =~ /^(puts=.*)$/m;
    my %result = map { split /=/, $_, 2 } split ' ', $line // '';
    $result{exit} = $?;
    $result{finished} = defined $line ? 1 : 0;
    return \%result;
}

# Schema triage: the real one, or the few functions of t/store/stub.sql.
sub install_stub {
    my ($postgres) = @_;

    open my $file, '<', "$top/t/store/stub.sql" or die "stub.sql: $!";
    local $/;
    $postgres->psql(scalar <$file>);
}

1;
