package Triage::Demo;

# What `make run` leaves running, and `make stop` ends: a private PostgreSQL
# and nginx of this checkout, under .triage/.
#
# As root, PostgreSQL and nginx's workers run as other users, who may not get
# to the checkout (/root is closed): then their folders are under /var/tmp,
# and .triage/ has links to them.  TRIAGE_STATE names another folder instead
# of .triage/.

use strict;
use warnings;

use Cwd qw(abs_path);
use Digest::MD5 qw(md5_hex);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use IO::Socket::INET ();
use Time::HiRes qw(sleep time);
use Triage::Postgres;

our @EXPORT = qw(root state_dir home link_home nginx_processes stop_nginx postgres
    is_postgres_ours write_file read_file port_is_free);

my $root            = abs_path(dirname(abs_path(__FILE__)) . '/../../..');
my $longest_path    = 70;    # a unix socket's path is short
my $patience        = 15;    # seconds for nginx to end

sub root      { return $root }
sub state_dir { return $ENV{TRIAGE_STATE} // "$root/.triage" }

# Where the servers' folders are; made when it is not there.
sub home {
    my $state = state_dir();
    make_path($state, { mode => 0755 });

    return $state if length($state) <= $longest_path && all_can_reach($state);

    my $home = '/var/tmp/triage-' . substr md5_hex($state), 0, 12;
    make_path($home, { mode => 0755 });
    my @stat = lstat $home;
    die "$home: belongs to somebody else\n" if !@stat || $stat[4] != $>;
    chmod 0755, $home;
    return $home;
}

# Links .triage/ with folders that are elsewhere.  When there are no links any
# more, somebody removed .triage/ to start anew: what is left goes too.
sub link_home {
    my ($state, $home) = (state_dir(), home());

    return if $home eq $state || -l "$state/postgres";
    stop_nginx();
    if (-e "$home/postgres") {
        postgres()->stop;
        remove_tree($home, { keep_root => 1 });
    }
    for my $name (qw(postgres nginx)) {
        symlink "$home/$name", "$state/$name"
            or die "cannot link $state/$name: $!\n";
    }
}

sub all_can_reach {
    my ($path) = @_;

    return 1 if $> != 0; # all runs as this user
    for (my $at = abs_path($path); ; $at = dirname($at)) {
        return 0 unless (stat $at)[2] & 0001;
        return 1 if $at eq '/';
    }
}

# The cluster, which outlives this process.
sub postgres {
    my $postgres = Triage::Postgres->new(dir => home(), keep => 1);

    # a pid file that a crash left behind, its number reused by now
    if ($postgres->pid && !is_postgres_ours($postgres)) {
        unlink $postgres->data_dir . '/postmaster.pid';
    }
    return $postgres;
}

sub is_postgres_ours {
    my ($postgres) = @_;
    my $pid = $postgres->pid or return 0;

    return index(command_of($pid), $postgres->data_dir) >= 0;
}

# The masters and workers of this checkout's nginx: those that have its copy
# of the module in memory.  Found also when its files are gone, or a worker
# outlived its master.
sub nginx_processes {
    my $module = home() . '/nginx/triage.so';
    my @found;

    for my $pid (map { m{(\d+)} } glob '/proc/[0-9]*') {
        push @found, $pid
            if command_of($pid) =~ /^nginx: /
            && index(read_file("/proc/$pid/maps") // '', $module) >= 0;
    }
    return @found;
}

sub is_master { return command_of($_[0]) =~ /^nginx: master/ }

sub command_of {
    my ($pid) = @_;

    return (read_file("/proc/$pid/cmdline") // '') =~ tr/\0/ /r;
}

# Gracefully, and when that takes too long, at once.
sub stop_nginx {
    my @left = nginx_processes();
    my $was_there = @left;

    for my $signal (qw(QUIT TERM KILL)) {
        for (my $end = time + $patience; @left && time < $end; sleep 0.05) {
            # masters end their workers; a worker may have lost its master
            my @masters = grep { is_master($_) } @left;
            kill $signal, @masters ? @masters : @left;
            @left = nginx_processes();
        }
    }

    die "nginx does not end: @left\n" if @left;
    return $was_there;
}

sub port_is_free {
    my ($port) = @_;

    return IO::Socket::INET->new(
        LocalAddr => '127.0.0.1',
        LocalPort => $port,
        Proto     => 'tcp',
        Listen    => 1,
        ReuseAddr => 1,
    ) ? 1 : 0;
}

sub write_file {
    my ($path, $content, $mode) = @_;

    unlink "$path.new";
    open my $file, '>:raw', "$path.new" or die "cannot write $path: $!\n";
    chmod $mode // 0644, "$path.new";
    print {$file} $content;
    close $file or die "cannot write $path: $!\n";
    rename "$path.new", $path or die "cannot write $path: $!\n";
}

sub read_file {
    my ($path) = @_;

    open my $file, '<:raw', $path or return undef;
    local $/;
    return scalar(<$file>) // '';
}

1;
