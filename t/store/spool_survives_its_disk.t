#!/usr/bin/perl
# The spool's disk is full, read-only, broken or wrong: a delivery is kept or
# refused, never lost.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);
my $nowhere = 'host=/nonexistent';
my $first   = 0;
my $spool;

sub new_spool { return $spool = File::Temp->newdir }
sub files     { return grep { -f } glob "$spool/*.*" }

sub fill {
    my (%setting) = @_;

    $first += 1_000_000;
    my $driver = Triage::StoreDriver->new($nowhere, first => $first,
        spool => $spool, timeout => 100, retry => 0, %setting);
    return ($driver->finish, $driver);
}

sub drain {
    my $driver = Triage::StoreDriver->new($postgres->conninfo, count => 0,
        spool => $spool, linger => 100, drain => 20_000, worker => 1, @_);
    return ($driver->finish, $driver);
}

sub filed {
    my $to = $first + 999_999;

    return $postgres->psql(qq{select count(*) from triage_data.message
         where split_part(message_id, '-', 2)::bigint between $first and $to});
}

sub flip {
    my ($path, $offset) = @_;

    open my $file, '+<:raw', $path or die "$path: $!";
    seek $file, $offset, 0;
    read $file, my $byte, 1;
    seek $file, $offset, 0;
    print $file chr(ord($byte) ^ 1);
    close $file;
}

# A library that lets fdatasync fail once, after so many calls.
my $broken = File::Temp->newdir;
open my $source, '>', "$broken/sync.c" or die "sync.c: $!";
print $source <<'END';
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
int fdatasync(int fd)
{
    static int calls;
    const char *at = getenv("FAIL_SYNC");
    if (at != NULL && ++calls == atoi(at)) { errno = EIO; return -1; }
    return fsync(fd);
}
END
close $source;
system("cc -shared -fPIC -o $broken/sync.so $broken/sync.c") == 0
    or die 'cannot build';

# A damaged segment.
new_spool();
my ($result, $driver) = fill(count => 1000);
is($result->{kept}, 1000, 'all are kept');
my ($segment) = files();
flip($segment, 100_000);
($result, $driver) = drain();
is($result->{drained}, 999, 'what a damaged segment holds is drained');
is(filed(), 999, 'all but the record that is damaged');
is($result->{damaged}, 1, 'that is counted');
like($driver->output, qr/^report 3 a segment of the spool is damaged/m,
    'and reported');
is_deeply([map { /(\w+)$/ } files()], ['damaged'], 'the file is kept aside');

# A torn tail.
new_spool();
fill(count => 500);
($segment) = files();
truncate $segment, (-s $segment) - 100 or die "truncate: $!";
($result) = drain();
is($result->{drained}, 499, 'a torn tail costs what was not acknowledged');
is($result->{damaged}, 0, 'and is no damage');
is(scalar files(), 0, 'so the file is not kept');

# Garbage.
new_spool();
open my $file, '>', "$spool/00000000000000000001-0-1.spool" or die "open: $!";
print $file 'no record at all, but rather long' x 100;
close $file;
fill(count => 100);
($result) = drain();
is(filed(), 100, 'garbage does not hold up what is behind it');

# fdatasync fails.
new_spool();
{
    local $ENV{LD_PRELOAD} = $ENV{SANITIZE} ? '' : "$broken/sync.so";
    local $ENV{FAIL_SYNC} = 3;
    SKIP: {
        skip 'no LD_PRELOAD under a sanitizer', 4 if $ENV{SANITIZE};
        ($result, $driver) = fill(count => 1000);
        cmp_ok($result->{unavailable}, '>', 0,
            'what was not made durable is refused');
        is($result->{kept} + $result->{unavailable}, 1000,
            'each is answered');
        like($driver->output, qr/^report 3 the spool cannot be written/m,
            'and it is reported');
        cmp_ok(scalar files(), '>=', 2, 'a bad segment is not gone on with');
    }
}
my $kept = $result->{kept};
drain();
cmp_ok(filed(), '>=', $kept, 'what was kept is there');

# A directory that cannot be used.
$first += 1_000_000;
$driver = Triage::StoreDriver->new($nowhere, count => 1,
    spool => '/nonexistent/spool');
$driver->finish;
like($driver->output, qr/^report 3 the spool is not a directory/m,
    'a spool that is not there is told at the start');

# A disk without space: a small tmpfs.
SKIP: {
    new_spool();
    skip 'only root can mount', 4
        if $> != 0 || system("mount -t tmpfs -o size=1m none $spool 2>/dev/null");
    ($result, $driver) = fill(count => 3000, max => 400 << 10, timeout => 50);
    cmp_ok($result->{kept}, '>', 10, 'some are kept');
    drain();
    ($result, $driver) = fill(count => 3000, max => 0, timeout => 50);
    cmp_ok($result->{busy} + $result->{unavailable}, '>', 100,
        'what a full disk cannot take is refused');
    like($driver->output, qr/^report 3 the spool is full/m, 'and reported');
    drain();
    is(filed(), $result->{kept}, 'what was kept is there');
    system("umount $spool");
}

# Each allocation fails in turn.
my $allocations = 1e9;
my ($crashed, $missing) = (0, 0);
for (my $fail = 1; $fail <= $allocations; $fail += 7) {
    new_spool();
    ($result, $driver) = fill(count => 20, inflight => 20, fail => $fail,
        rows => 8, retry => 1, timeout => 20);
    ($allocations) = $driver->output =~ /^allocations (\d+)/m
        if $fail == 1;
    $allocations //= 0;
    $allocations = 150 if $allocations > 150;
    $crashed++ if $result->{exit} != 0;
    next if $driver->output =~ /^no store/m;
    drain(linger => 50);
    $missing++ if filed() < 20;
}
is($crashed, 0, 'nothing crashes, whichever allocation fails');
is($missing, 0, 'and what was kept is there');

done_testing;
