package Triage::Bench::Meter;

# CPU seconds that groups of processes used between new() and stop(), read
# from /proc: user and system, of the processes and of their children.

use strict;
use warnings;

use List::Util qw(max sum0);
use POSIX ();

my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# server: sub that returns pids; postgres: sub that returns the postmaster's.
sub new {
    my ($class, %group) = @_;
    my $self = bless { group => \%group }, $class;

    $self->{before} = $self->_read;
    return $self;
}

sub stop {
    my ($self) = @_;
    my $after = $self->_read;

    return {
        (map { ($_ => $after->{$_} - $self->{before}{$_}) }
            qw(server postgres load)),
        memory => $after->{memory},
    };
}

sub _read {
    my ($self) = @_;
    my @server   = $self->{group}{server}->();
    my $master   = $self->{group}{postgres}->();
    my ($user, $system, $child_user, $child_system) = times;

    return {
        server   => sum0(map { _seconds($_, 0) } @server),
        postgres => _seconds($master, 1)
            + sum0(map { _seconds($_, 0) } _children($master)),
        load     => $child_user + $child_system,
        memory   => sum0(map { _megabytes($_) } @server),
    };
}

# With the children that it has waited for, where those are wanted.
sub _seconds {
    my ($pid, $with_children) = @_;

    open my $file, '<', "/proc/$pid/stat" or return 0;
    my $line = <$file> // return 0;
    my @field = split ' ', $line =~ s/^.*\) //sr;
    my @wanted = $with_children ? @field[ 11 .. 14 ] : @field[ 11, 12 ];

    return sum0(@wanted) / $tick;
}

sub _children {
    my ($parent) = @_;
    my @pids;

    for my $path (glob '/proc/[0-9]*/stat') {
        open my $file, '<', $path or next;
        my ($pid, $of) = (<$file> // '') =~ /^(\d+) \(.*\) \S (\d+)/s;
        push @pids, $pid if defined $of && $of == $parent;
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
