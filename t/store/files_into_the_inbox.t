#!/usr/bin/perl
# The store and the real schema: what is put is in the inbox.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Postgres;
use Triage::StoreDriver;

delete $ENV{TRIAGE_TOOL}; # psql will do
my $postgres = Triage::Postgres->new->start;
$postgres->migrate;
$postgres->psql(q{create role ingester login in role triage_ingest});

my $config = '{"queues":[{"name":"standard","respond":86400,"weight":1,'
    . '"overflow":null}],"commit":"on"}';

sub drive {
    return Triage::StoreDriver->new($postgres->conninfo(user => 'ingester'),
        config => $config, @_)->finish;
}
sub sql { return $postgres->psql(@_) }

my $driver = drive(count => 1000, threads => 20);
is($driver->{kept}, 1000, 'a role that can only ingest and sync will do');
is(sql('select count(*), sum(contacts), min(queue) from triage.inbox'),
    '20|1000|standard', 'each message is in the inbox');
is(sql('select queue, target from triage.queue'),
    'standard|24:00:00', 'queues are mirrored');
is(drive(count => 1000, threads => 20)->{duplicates}, 1000,
    'what comes again is a duplicate');
is(sql('select sum(contacts) from triage.inbox'), '1000',
    'and counts once');
is(drive(first => 5001, count => 100, unreadable => 1)->{kept}, 100,
    'what cannot be read is kept');
is(sql('select count(*) from triage.dead_letter'), '100', 'as dead letters');

# An operator wants one read again.
sql('select triage.dead_letter_replay(min(dead_letter_id))'
        . ' from triage.dead_letter');
my $result = drive(first => 9001, count => 1, replay => 1, linger => 700);
is($result->{replayed}, 1, 'a dead letter is read again');

done_testing;
