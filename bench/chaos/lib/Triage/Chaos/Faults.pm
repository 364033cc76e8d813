package Triage::Chaos::Faults;

# What is broken, one function a fault.  Each is called while deliveries run
# and leaves everything up.
#
#   name, says     in the table
#   seconds        [short, long]: how long deliveries run
#   rate           [short, long] a second; without: 400 and 500
#   count          [short, long]: as fast as it goes, over 64 connections
#   only_200       a platform sees nothing else
#   wants_503      the fault is not there if nobody was refused
#   aside          deliveries that are broken on purpose, and kept aside
#   prepare        before nginx starts; what it returns is said as the reason
#                  to skip
#   run            $scene, whether this is the long form
#   tidy           after the audit, nginx is stopped

use strict;
use warnings;

use Exporter qw(import);
use POSIX qw(strftime);
use Time::HiRes qw(sleep time);

use Triage::Chaos::PowerCut;

our @EXPORT_OK = qw(faults);

sub faults {
    return (
        { name => 'worker killed', seconds => [ 4, 20 ],
            run => \&_kill_workers },
        { name => 'nginx killed', seconds => [ 5, 20 ], run => \&_kill_nginx },
        { name => 'nginx killed, only the spool', seconds => [ 5, 20 ],
            run => \&_kill_nginx_on_spool },
        { name => 'everything killed', seconds => [ 4, 15 ],
            run => \&_kill_everything },
        { name => 'PostgreSQL stopped at once', seconds => [ 4, 15 ],
            only_200 => 1, run => \&_stop_at_once },
        { name => 'postmaster killed', seconds => [ 4, 15 ], only_200 => 1,
            run => \&_kill_postmaster },
        { name => 'PostgreSQL away', seconds => [ 8, 65 ], only_200 => 1,
            run => \&_leave },
        { name => 'backend stands still', seconds => [ 6, 15 ], only_200 => 1,
            run => \&_stop_backends },
        { name => 'table locked', seconds => [ 6, 15 ], only_200 => 1,
            run => \&_lock_table },
        { name => 'spool disk full', seconds => [ 5, 15 ], wants_503 => 1,
            prepare => \&_small_disk, run => \&_fill_disk,
            tidy => \&_unmount },
        { name => 'segment damaged', seconds => [ 3, 5 ], aside => 1,
            run => \&_damage, tidy => \&_remove_damaged },
        { name => 'reloads', count => [ 5_000, 100_000 ], only_200 => 1,
            run => \&_reload },
        { name => 'binary upgrade', seconds => [ 4, 10 ], only_200 => 1,
            run => \&_upgrade },
        { name => 'number of workers changed', seconds => [ 5, 15 ],
            only_200 => 1, run => \&_change_workers },
        { name => 'power cut', seconds => [ 6, 30 ], prepare => \&_wire,
            run => \&_cut_power, tidy => \&_unwire },
        { name => 'clock jumps', seconds => [ 5, 15 ], only_200 => 1,
            prepare => \&_set_up_clock, run => \&_jump, tidy => \&_unwire },
    );
}

sub _some { my ($is_long, $short, $long) = @_; return $is_long ? $long : $short }

# --- nginx -------------------------------------------------------------------

# A worker dies with deliveries that wait: PostgreSQL is held now and then.
sub _kill_workers {
    my ($scene, $is_long) = @_;

    for my $time (1 .. _some($is_long, 5, 24)) {
        $scene->lock_table(0.5) if $time % 3 == 1;
        sleep 0.3;
        $scene->kill_worker;
        sleep 0.2;
    }
}

sub _kill_nginx {
    my ($scene, $is_long) = @_;

    for my $time (1 .. _some($is_long, 3, 10)) {
        $scene->lock_table(0.6) if $time % 2 == 1;
        sleep 0.4;
        $scene->kill_all;
        $scene->start_nginx;
        sleep 0.4;
    }
}

sub _kill_nginx_on_spool {
    my ($scene, $is_long) = @_;

    $scene->postgres->stop('immediate');
    for (1 .. _some($is_long, 2, 10)) {
        sleep 0.6;
        $scene->kill_worker;
        sleep 0.6;
        $scene->kill_all;
        $scene->start_nginx;
    }
    $scene->postgres->start;
    sleep 0.5;
    $scene->kill_worker; # while it drains
}

sub _kill_everything {
    my ($scene, $is_long) = @_;

    for (1 .. _some($is_long, 2, 8)) {
        sleep 0.5;
        $scene->kill_everything;
        $scene->start_nginx;
        sleep 0.3;
        $scene->postgres->start;
    }
}

sub _reload {
    my ($scene, $is_long) = @_;
    my $nginx = $scene->nginx;

    for (1 .. _some($is_long, 10, 100)) {
        $nginx->signal('HUP');
        sleep 0.15;
    }
    $scene->wait_until(sub { $nginx->workers == 2 }, 'old workers to end');
}

sub _upgrade {
    my ($scene) = @_;
    my $nginx = $scene->nginx;
    my $old   = $nginx->pid;
    my @old   = ($old, $nginx->workers);

    sleep 0.5;
    kill 'USR2', $old;
    $scene->wait_until(sub {
        my $pid = $nginx->pid;
        $pid && $pid != $old && $nginx->workers == 2;
    }, 'the new binary');
    sleep 0.5;
    kill 'WINCH', $old;
    sleep 0.5;
    kill 'QUIT', $old;
    $scene->wait_for_end(@old);
}

sub _change_workers {
    my ($scene) = @_;
    my $nginx = $scene->nginx;

    $scene->postgres->stop;
    for my $workers (2, 4, 1) {
        $nginx->configure(workers => $workers);
        $nginx->reload;
        $scene->wait_until(sub { $nginx->workers == $workers },
            "$workers workers");
        sleep 0.6;
    }
    $scene->postgres->start;
    $nginx->configure(workers => 2);
    $nginx->reload;
}

# --- PostgreSQL ----------------------------------------------------------------

sub _stop_at_once {
    my ($scene, $is_long) = @_;

    for (1 .. _some($is_long, 2, 6)) {
        sleep 0.5;
        $scene->postgres->stop('immediate');
        $scene->postgres->start;
    }
}

sub _kill_postmaster {
    my ($scene, $is_long) = @_;

    for (1 .. _some($is_long, 2, 6)) {
        sleep 0.5;
        $scene->kill_postmaster;
        $scene->postgres->start;
    }
}

sub _leave {
    my ($scene, $is_long) = @_;

    sleep 0.5;
    $scene->postgres->stop;
    sleep _some($is_long, 5, 60);
    $scene->postgres->start;
}

sub _stop_backends {
    my ($scene, $is_long) = @_;

    sleep 0.5;
    my @backends = $scene->backends;
    kill 'STOP', @backends;
    sleep _some($is_long, 4, 10);
    kill 'CONT', @backends;
}

sub _lock_table {
    my ($scene, $is_long) = @_;

    sleep 0.5;
    $scene->lock_table(_some($is_long, 4, 10));
    sleep _some($is_long, 4, 10);
}

# --- the spool -------------------------------------------------------------------

# Room for one segment of 2 MiB, and not for a second one of the other worker.
sub _small_disk {
    my ($scene) = @_;

    return 'mounting needs root' if $> != 0;
    mkdir $scene->spool;
    my (undef, undef, $uid, $gid) = getpwnam 'nobody';
    my $said = qx(mount -t tmpfs -o size=3m,mode=700,uid=$uid,gid=$gid triage-chaos \Q@{[ $scene->spool ]}\E 2>&1);
    return "mount: $said" if $? != 0;
    $scene->{is_mounted} = 1;
    return '';
}

sub _fill_disk {
    my ($scene, $is_long) = @_;

    $scene->nginx->configure(http => $scene->{nginx}{http}
            =~ s/max_size=\w+/max_size=16m/r);
    $scene->nginx->reload;
    $scene->postgres->stop;
    sleep _some($is_long, 3, 10);
    $scene->postgres->start;
}

sub _unmount {
    my ($scene) = @_;

    system 'umount', $scene->spool;
    $scene->{is_mounted} = 0;
    $scene->nginx->configure(http => $scene->{nginx}{http}
            =~ s/max_size=\w+/max_size=256m/r);
}

# One byte in the middle of the last record of a finished segment, while
# nothing runs.
sub _damage {
    my ($scene) = @_;

    $scene->postgres->stop;
    sleep 1.5;
    $scene->stop_nginx;
    my ($path) = $scene->segments('spool') or die "no segment\n";
    my @records = _records($path) or die "no record in $path\n";
    _flip($path, $records[-1]{at} + int($records[-1]{size} / 2));
    $scene->postgres->start;
    $scene->start_nginx;
    $scene->wait_until(sub { $scene->segments('damaged') },
        'the damage to be found');
    my $log = $scene->nginx->error_log;
    die "nothing in the log about the damage\n"
        if $log !~ /\[crit\].*segment of the spool is damaged/;
    die "nothing in the status about the damage\n"
        if $scene->status->{spool}{damaged} == 0;
}

# Where the records of a segment are, and how long, without what fills them
# up: { at, size }.  See docs/spool.md.
sub _records {
    my ($path) = @_;
    my ($at, @records) = (0);

    open my $file, '<:raw', $path or die "$path: $!";
    my $content = do { local $/; <$file> } // '';
    while (substr($content, $at, 4) eq 'TRG1') {
        my ($length, $format) = unpack 'x4 L< x24 L<', substr $content, $at;
        push @records, { at => $at, size => 40 + $length } if $format != 2;
        $at += 40 + ($length + 7 & ~7);
    }
    return @records;
}

sub _flip {
    my ($path, $offset) = @_;

    open my $file, '+<:raw', $path or die "$path: $!";
    seek $file, $offset, 0;
    read $file, my $byte, 1;
    seek $file, $offset, 0;
    print {$file} chr(ord($byte) ^ 0x40);
    close $file or die "$path: $!";
}

sub _remove_damaged {
    my ($scene) = @_;
    unlink $scene->segments('damaged');
}

# --- power and clock ---------------------------------------------------------------

sub _wire {
    my ($scene) = @_;
    my $library = $scene->library('powercut');

    $scene->{cut} = Triage::Chaos::PowerCut->new($scene->spool,
        $scene->nginx->dir . '/cut');
    $scene->environment($scene->{cut}->environment($library));
    return '';
}

# While deliveries are written, and while they are drained.
sub _cut_power {
    my ($scene, $is_long) = @_;
    my $undone = 0;

    for (1 .. _some($is_long, 2, 8)) {
        $scene->postgres->stop('immediate') if $scene->postgres->is_running;
        sleep 1;
        $scene->kill_all;
        $undone += $scene->{cut}->apply;
        $scene->start_nginx;
        sleep 0.3;
        $scene->postgres->start;
        sleep 0.4;
        $scene->kill_all;
        $undone += $scene->{cut}->apply;
        $scene->start_nginx;
    }
    die "nothing was taken back: the library has no effect\n" if !$undone;
}

sub _unwire {
    my ($scene) = @_;
    $scene->environment;
}

sub _set_up_clock {
    my ($scene) = @_;
    my $path = $scene->nginx->write_file('clock', pack('q', 0), 0644);

    $scene->environment(
        LD_PRELOAD   => $scene->library('clockjump'),
        TRIAGE_CLOCK => $path
    );
    return '';
}

sub _jump {
    my ($scene, $is_long) = @_;

    for my $seconds (3_600, -7_200, 86_400, 0) {
        _set_clock($scene, $seconds);
        sleep 0.3;
        $scene->postgres->stop if $seconds == -7_200;
        sleep _some($is_long, 0.4, 2);
        _check_day($scene)      if $seconds == 86_400;
        $scene->postgres->start if $seconds == 86_400;
    }
}

# Does the library do anything?
sub _check_day {
    my ($scene) = @_;
    my $date     = $scene->nginx->get('/triage/status')->{headers}{date};
    my $tomorrow = strftime('%d %b', gmtime time + 86_400);

    die "nginx's clock says $date\n" if $date !~ /\Q$tomorrow\E/;
}

# In place: the library has it mapped.
sub _set_clock {
    my ($scene, $seconds) = @_;

    open my $file, '+<:raw', $scene->nginx->dir . '/clock' or die "clock: $!";
    syswrite $file, pack 'q', $seconds;
    close $file or die "clock: $!";
}

1;
