#!/usr/bin/perl
# What PostgreSQL cannot take goes to the spool, and from there to PostgreSQL
# when it can again: each OK is there, once.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use IO::Handle ();
use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);
my $first = 0;
my $spool;

sub new_spool { return $spool = File::Temp->newdir }
sub files     { return grep { -f } glob "$spool/*.*" }

sub start {
    my (%setting) = @_;

    $first += 1_000_000;
    return Triage::StoreDriver->new($postgres->conninfo, first => $first,
        spool => $spool, %setting);
}

# Another worker's life: it puts nothing, and drains.
sub drain {
    return Triage::StoreDriver->new($postgres->conninfo, count => 0,
        spool => $spool, linger => 100, drain => 20_000, worker => 1, @_)
        ->finish;
}

sub sql { return $postgres->psql(@_) }

sub filed {
    my $to = $first + 999_999;

    return sql(qq{select count(*) from triage_data.message
         where split_part(message_id, '-', 2)::bigint between $first and $to});
}

# Down from the beginning.
new_spool();
$postgres->stop('fast');
my $result = start(count => 5000, timeout => 1000)->finish;
is($result->{kept}, 5000, 'all are kept while PostgreSQL is down');
cmp_ok($result->{spooled}, '==', 5000, 'in the spool');
cmp_ok($result->{longest_ms}, '<', 10000, 'soon enough');
diag(sprintf '%.0f deliveries/s', 5000 / $result->{seconds});
cmp_ok(scalar files(), '>=', 1, 'a segment outlives its worker');

$postgres->start;
$result = drain();
is($result->{drained}, 5000, 'another worker drains them');
is(filed(), 5000, 'each is there once');
is(scalar files(), 0, 'and the segment is gone');
is(sql(qq{select count(*) from (
              select thread_id, message_no > lag(message_no) over
                     (partition by thread_id order by sent_at) as in_order
                from triage_data.message) as m
           where not in_order}), 0, 'a conversation keeps its order');

# All come before any link was refused, and nobody comes behind them.
new_spool();
sql('create role unwelcome login connection limit 0');
$first += 1_000_000;
$result = Triage::StoreDriver->new($postgres->conninfo(user => 'unwelcome'),
    first => $first, count => 50, links => 2, timeout => 60_000,
    spool => $spool)->finish;
is($result->{spooled}, 50, 'all are spooled while no link is let in');
cmp_ok($result->{longest_ms}, '<', 20_000, 'without waiting for their age');
is(drain()->{drained}, 50, 'and drained by whom is');

# Stopped in the middle, and back: the same worker drains.
new_spool();
my $driver = start(count => 10000, rate => 4000, mark => 500, timeout => 1000,
    drain => 20_000);
$driver->wait_for(qr/^at 2000$/m);
$postgres->stop('immediate');
$driver->wait_for(qr/^at 6000$/m);
$postgres->start;
$result = $driver->finish;
is($result->{kept}, 10000, 'all are kept while PostgreSQL goes and comes');
cmp_ok($result->{spooled}, '>', 1000, 'some in the spool');
is($result->{drained}, $result->{spooled}, 'which is drained');
is(filed(), 10000, 'each is there once');
is(scalar files(), 0, 'and the segments are gone');

# Slow beyond the timeout.
open my $psql, '|-', $postgres->psql_command or die "psql: $!";
$psql->autoflush(1);
new_spool();
$driver = start(count => 1000, rate => 500, mark => 100, timeout => 600,
    drain => 20_000, retry => 0);
$driver->wait_for(qr/^at 200$/m);
print $psql "begin; lock table triage_data.message;\n";
$driver->wait_for(qr/^at 700$/m);
print $psql "rollback;\n";
close $psql;
$result = $driver->finish;
is($result->{kept}, 1000, 'all are kept while a table is locked');
cmp_ok($result->{longest_ms}, '<', 10000, 'and nobody waits for long');
is(filed(), 1000, 'each is there once');

# Work waiting when the store is closed.
new_spool();
$result = start(count => 400, inflight => 400, close => 400)->finish;
is($result->{answers} < 400, 1, 'closed with work waiting');
drain();
is(filed(), 400, 'what waited is there');

# Everything closed at once, as nginx does at worker_shutdown_timeout.
new_spool();
$result = start(count => 300, inflight => 300, shutdown => 300, retry => 0)
    ->finish;
is($result->{kept}, 300, 'all are kept when everything is closed at once');
drain();
is(filed(), 300, 'each is there once');

# kill -9 in the middle of it.
new_spool();
$postgres->stop('fast');
my $acks = File::Temp->new;
$driver = start(count => 100_000, mark => 500, timeout => 300,
    acks => $acks->filename);
$driver->wait_for(qr/^at 3000$/m);
kill 'KILL', $driver->pid;
$driver->finish;
$postgres->start;
drain();
# the driver's own buffer is lost with it: it writes an ack before the mark
my %kept = map { chomp; $_ => 1 } <$acks>;
my %filed = map { $_ => 1 } split /\n/, sql(qq{
    select split_part(message_id, '-', 2) from triage_data.message});
is(scalar(grep { !$filed{$_} } keys %kept), 0,
    'each OK of a worker that was killed is there');
cmp_ok(scalar keys %kept, '>', 500, '(there were many)');
is(scalar files(), 0, 'and its segments are gone');

# Poison in the spool.
new_spool();
$postgres->stop('fast');
start(count => 500, poison => 100, timeout => 300)->finish;
$postgres->start;
$result = drain();
is($result->{poisoned}, 5, 'poison in the spool is found');
is(filed(), 495, 'the others are filed');

# The limit.
new_spool();
$postgres->stop('fast');
$driver = start(count => 4000, timeout => 50, retry => 0, max => 4 << 20,
    size => 2000);
$result = $driver->finish;
cmp_ok($result->{kept}, '>', 500, 'a spool takes what its limit allows');
cmp_ok($result->{unavailable} + $result->{busy}, '>', 1000,
    'the rest is refused');
is($result->{kept} + $result->{unavailable} + $result->{busy}, 4000,
    'each is answered');
is(() = $driver->output =~ /^report 3 the spool is full/mg, 1,
    'and that is reported, once');
my $bytes = 0;
$bytes += -s for files();
cmp_ok($bytes, '<=', 4 << 20, 'the limit holds');
$postgres->start;
drain();
is(filed(), $result->{kept}, 'what was kept is there');

# Two workers, one directory.
new_spool();
$postgres->stop('fast');
my @drivers = map { start(count => 2000, rate => 2000, timeout => 500,
    worker => $_, drain => 20_000, mark => 100) } 0, 1;
$_->wait_for(qr/^at 1000$/m) for @drivers;
$postgres->start;
my @results = map { $_->finish } @drivers;
is($results[0]{kept} + $results[1]{kept}, 4000, 'two workers keep all');
is(filed(), 2000, 'each is there once');
is($results[0]{drained} + $results[1]{drained},
    $results[0]{spooled} + $results[1]{spooled},
    'and they drain each record once');
is(scalar files(), 0, 'and leave no segment');

done_testing;
