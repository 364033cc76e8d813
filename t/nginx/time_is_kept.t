#!/usr/bin/perl
# The workers have the database do what time demands, beside deliveries.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site     = Triage::Site->new(workers => 2)->start;
my $postgres = $site->postgres;

sub is_told {
    return $postgres->psql('select count(*) from triage_data.news') == 0;
}

$postgres->psql(q(select triage_data.announce('standard', 'message')));
$site->nginx->wait_until(\&is_told, 'the first tick');
pass('listeners are told');

my $load = $site->start_load(count => 500, concurrency => 8);
$postgres->psql(q(select triage_data.announce('standard', 'message')));
$site->nginx->wait_until(\&is_told, 'a tick beside deliveries');
$site->finish_load($load);
is($site->messages, 500, 'beside deliveries, too');

$postgres->restart;
$postgres->psql(q(select triage_data.announce('standard', 'message')));
$site->nginx->wait_until(\&is_told, 'a tick after the restart');
pass('and when the database was away');

unlike($site->nginx->error_log, qr/\[(?:crit|alert|emerg)\]/,
    'nothing is wrong');

done_testing;
