#!/usr/bin/perl
# The workers have the database do what time demands, beside deliveries.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site     = Triage::Site->new(workers => 2, routes => <<'END')->start;
    triage_queue crisis   respond=15m;
    triage_queue standard respond=1h warn=99% escalate=crisis;
    triage_route standard;
END
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

# One whose time is running out, and one that is late.
sub alerts {
    return $postgres->psql(q(
        select kind, count(*) from triage.alert
         where waiting_since > now() - interval '1 day'
         group by kind order by kind));
}

$site->deliver($site->comment('now',  'hello', created_time => time - 600));
$site->deliver($site->comment('late', 'hello', created_time => time - 7200));
$site->nginx->wait_until(sub { alerts() eq "escalation|1\nwarning|1" },
    'alerts about both');
pass('alerts are raised');

$postgres->restart;
$postgres->psql(q(select triage_data.announce('standard', 'message')));
$site->nginx->wait_until(\&is_told, 'a tick after the restart');
pass('and when the database was away');

unlike($site->nginx->error_log, qr/\[(?:crit|alert|emerg)\]/,
    'nothing is wrong');

done_testing;
