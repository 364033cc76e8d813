#!/usr/bin/perl
# Each allocation in turn fails: a delivery may be refused, but what was
# kept is there, once, and nothing crashes.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new(fsync => 0)->start;
Triage::StoreDriver::install_stub($postgres);

my %setting = (count => 20, inflight => 20, poison => 7, rows => 8);
my $driver = Triage::StoreDriver->new($postgres->conninfo, %setting,
    fail => 1_000_000);
$driver->finish;
my ($allocations) = $driver->output =~ /^allocations (\d+)/m;
cmp_ok($allocations, '>', 20, 'there is something to fail');

my $first = 1000;
my ($crashed, $incomplete, $missing) = (0, 0, 0);
for my $fail (1 .. $allocations) {
    $first += 1000;
    $driver = Triage::StoreDriver->new($postgres->conninfo, %setting,
        first => $first, fail => $fail);
    my $result = $driver->finish(20);
    $crashed++ if $result->{exit} != 0;
    next if $driver->output =~ /^no store/m;
    $incomplete++ unless $result->{kept} == 20;
    my $filed = $postgres->psql(
        "select count(*) from triage_data.message where message_id ~ '^m-"
            . ($first / 1000) . "[0-9]{3}-'");
    $missing++ if $filed + $result->{poisoned} < 20;
}
is($crashed, 0, 'nothing crashes, whichever allocation fails');
is($incomplete, 0, 'a delivery that was refused can be put again');
is($missing, 0, 'what was kept is there');

done_testing;
