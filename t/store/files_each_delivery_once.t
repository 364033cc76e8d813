#!/usr/bin/perl
# What is put is in PostgreSQL when its answer comes, once, as it was put.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);

sub drive { return Triage::StoreDriver->new($postgres->conninfo, @_)->finish }
sub sql   { return $postgres->psql(@_) }

my $result = drive(count => 5000);
is($result->{kept}, 5000, 'each delivery is answered with OK');
is($result->{busy} + $result->{unavailable} + $result->{other}, 0,
    'and none with anything else');
is(sql('select count(*), count(distinct message_id) from triage_data.message'),
    '5000|5000', 'each message is there once');
cmp_ok($result->{batches}, '<', 2500, 'what waits goes together');
cmp_ok($result->{batch_max}, '<=', 256, 'a batch has a limit');
diag(sprintf '%.0f deliveries/s, %.1f us of CPU each, %.1f in a batch',
    5000 / $result->{seconds}, 1e6 * $result->{cpu} / 5000,
    $result->{rows} / $result->{batches});

is(sql(q{select text, thread_id, queue, urgency, terms, engagement,
                sent_at = to_timestamp(1700000000.007),
                received_at = to_timestamp(1700000000.000007), length(raw)
           from triage_data.message where message_id = 'm-7-0'}),
    'my parcel 7 is lost|thread-7|standard|32|'
        . '{"urgency": {"stranded": 32}, "visibility": {}}|'
        . '{"likes": 5}|t|t|600',
    'a message is filed as it was put');

$result = drive(count => 1000);
is($result->{duplicates}, 1000, 'what was there already is flagged');
$result = drive(first => 4501, count => 1000);
is($result->{duplicates}, 500, 'and nothing else is');
is(sql('select count(*) from triage_data.message'), 5500, 'none is doubled');

$result = drive(first => 10001, count => 40, messages => 600);
is($result->{kept}, 40, 'deliveries larger than a batch are kept');
is(sql(q{select count(*) from triage_data.message
          where message_id like 'm-100__-%'}),
    24000, 'with all their messages');
is($result->{batch_max}, 600, 'and are not divided');

$result = drive(first => 20001, count => 200, unreadable => 2, messages => 3);
is($result->{kept}, 200, 'unreadable deliveries are kept too');
is(sql('select count(*), min(length(raw)), min(failure)'
        . ' from triage_data.dead_letter'),
    '100|600|no JSON', 'raw, as dead letters, with the reason');

$result = drive(first => 30001, count => 2000, links => 4);
is($result->{kept}, 2000, 'several links work together');
is(sql('select count(*) from triage_data.message where message_id ~ '
        . q{'^m-3[0-9]{4}-'}), 2000, 'and file each message once');

$result = drive(first => 40001, count => 1000, abandon => 3);
is($result->{answers}, 667, 'nobody is told of an abandoned delivery');
is(sql(q{select count(*) from triage_data.message
          where message_id ~ '^m-4[0-9]{4}-'}), 1000, 'but it is kept');

$result = drive(first => 50001, count => 500, inflight => 500, close => 500);
is($result->{exit}, 0, 'a store with work waiting can be closed');
cmp_ok($result->{answers}, '<', 500, 'then nobody is told any more');

$result = drive(first => 60001, count => 300, inflight => 300, backlog => 100);
is($result->{kept}, 300, 'all are kept in the end');
cmp_ok($result->{busy}, '>', 0, 'what is beyond the backlog is BUSY');

done_testing;
