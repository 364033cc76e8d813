package Triage::Bench::Meter;

# CPU seconds that groups of processes used between new() and stop(), read
# from /proc: user and system, to the nanosecond, where /proc/PID/stat would
# cut off up to a hundredth of a second a process.

use strict;
use warnings;

use Exporter qw(import);
use List::Util qw(max sum0);
use POSIX ();

our @EXPORT_OK = qw(children);

my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# server: sub that returns pids; postgres: sub that returns the postmaster's.
sub new {
    my ($class, %group) = @_;
    my $self = bless { group => \%group }, $class;

    $self->{before} = $self->_read;
    return $self;
}

# Seconds of server, postgres and load; server's resident memory in MB.
sub stop {
    my ($self) = @_;
    my ($before, $after) = ($self->{before}, $self->_read);

    return {
        server   => _used($before->{server}, $after->{server}),
        postgres => _used($before->{postgres}, $after->{postgres})
            + _of_the_dead($before, $after),
        load   => $after->{load} - $before->{load},
        memory => sum0(map { _megabytes($_) } keys %{ $after->{server} }),
    };
}

sub _read {
    my ($self) = @_;
    my $master = $self->{group}{postgres}->();
    my ($user, $system, $child_user, $child_system) = times;

    return {
        server   => _clocks($self->{group}{server}->()),
        postgres => _clocks($master, children($master)),
        waited   => _waited($master),
        load     => $child_user + $child_system,
    };
}

# pid => seconds so far, of all its threads.
sub _clocks {
    my %clock;

    for my $pid (@_) {
        for my $path (glob "/proc/$pid/task/*/schedstat") {
            open my $file, '<', $path or next;
            my ($ns) = split ' ', <$file> // next;
            $clock{$pid} += $ns / 1e9;
        }
    }
    return \%clock;
}

sub _used {
    my ($before, $after) = @_;
    return sum0(map { $after->{$_} - ($before->{$_} // 0) } keys %$after);
}

# Backends that ended: what their parent waited for, less what they had used
# before.
sub _of_the_dead {
    my ($before, $after) = @_;
    my @gone = grep { !exists $after->{postgres}{$_} }
        keys %{ $before->{postgres} };

    return max(0, $after->{waited} - $before->{waited}
            - sum0(map { $before->{postgres}{$_} } @gone));
}

sub _stat {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return;
    my $line = <$file> // return;
    return split ' ', $line =~ s/^.*\) //sr;
}

sub _waited {
    my ($pid) = @_;
    my @field = _stat($pid) or return 0;
    return sum0(@field[ 13, 14 ]) / $tick;
}

sub children {
    my ($parent) = @_;
    my @pids;

    for my $path (glob '/proc/[0-9]*/stat') {
        my ($pid)   = $path =~ /(\d+)/;
        my @field = _stat($pid);
        push @pids, $pid if @field && $field[1] == $parent;
    }
    return @pids;
}

sub _megabytes {
    my ($pid) = @_;

    open my $file, '<', "/proc/$pid/status" or return 0;
    while (<$file>) {
        return $1 / 1024 if /^VmRSS:\s+(\d+)/;
    }
    return 0;
}

1;
