#!/usr/bin/perl
# A dead letter that an operator marks is read again, and the database is
# told when what was in it is kept, or why it still cannot be read.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);

# The driver reads letters of an even length and refuses the others.
$postgres->psql(q{
    insert into triage_data.dead_letter
           (platform, brand, received_at, raw, failure, replay_requested_at)
    values ('x', 'acme', now(), '1234', 'why', now()),
           ('slack', 'acme', now(), '123', 'why', now()),
           ('x', 'acme', now(), '12', 'why', null)});

my $result = Triage::StoreDriver->new($postgres->conninfo, count => 10,
    replay => 1, linger => 700)->finish;

is($result->{replayed}, 2, 'marked letters are read again');
is($postgres->psql(q{select count(*) from triage_data.message}), 11,
    'what was in them is filed');
is($postgres->psql(q{select platform, replayed_at is not null, failure
      from triage_data.dead_letter order by dead_letter_id}),
    "x|t|why\nslack|f|still no JSON\nx|f|why",
    'the database is told what became of each');

done_testing;
