#!/usr/bin/perl
# Each allocation in turn fails: a delivery may be refused, but what was
# kept is there, once, and nothing crashes.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Copy qw(copy);
use File::Temp ();
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

# The same while the spool is drained.
my $full = File::Temp->newdir;
Triage::StoreDriver->new('host=/nonexistent user=x dbname=x', count => 20,
    inflight => 20, rows => 8, spool => $full)->finish;
my ($segment) = glob "$full/*.spool";

my $spool;

sub drain {
    my ($fail) = @_;

    $spool = File::Temp->newdir;
    copy($segment, $spool) or die "copy: $!";
    $postgres->psql('truncate triage_data.message');
    $driver = Triage::StoreDriver->new($postgres->conninfo, count => 0,
        rows => 8, spool => $spool, linger => 1, drain => 30_000,
        fail => $fail);
    return $driver->finish;
}

sub files { return my @names = glob "$spool/*.*" }
sub filed { return $postgres->psql('select count(*) from triage_data.message') }

drain(1_000_000);
($allocations) = $driver->output =~ /^allocations (\d+)/m;
is(filed(), 20, 'a spool is drained');

my $left = 0;
($crashed, $missing) = (0, 0);
for my $fail (1 .. $allocations) {
    my $result = drain($fail);
    $crashed++ if $result->{exit} != 0;
    next if $driver->output =~ /^no store/m;
    $missing++ if filed() != 20;
    $left++ if files();
}
is($crashed, 0, 'nothing crashes, whichever allocation fails');
is($missing, 0, 'all of it is filed');
is($left,    0, 'and nothing is set aside');

done_testing;
