#!/usr/bin/perl
# What nginx.conf says about hours and targets is what the database goes by.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(routes => <<'END')->start;
    triage_hours office Europe/Berlin mon-fri=09:00-12:30,13:30-18:00
                 sat=22:00-02:00 12-25=closed 2026-12-24=09:00-12:00;
    triage_queue crisis respond=15m weight=8;
    triage_queue office respond=4h hours=office next=30m resolve=2d
                 warn=25% escalate=crisis;
    triage_route office;
END
my $postgres = $site->postgres;

is($site->deliver($site->comment(1, 'hello'))->{status}, 200, 'a delivery');
is($postgres->psql(q(
    select queue, hours, respond, next, resolve, warn, escalate, weight
      from triage_data.queue where retired_at is null order by queue)),
    "crisis||00:15:00|||||8\noffice|office|04:00:00|00:30:00|48:00:00|0.25|crisis|1",
    'the queues');
is($postgres->psql(q(
    select hours, zone, config -> 'week' -> 5, config -> 'dates'
      from triage_data.hours)),
    'office|Europe/Berlin|[[1320, 1560]]|{"12-25": [], "2026-12-24": [[540, 720]]}',
    'the hours');
is($postgres->psql(q(
    select i.due_at = triage_data.due_after('office', i.waiting_since, '4:00'),
           i.due_at > i.waiting_since + interval '4:00',
           i.resolve_due_at
               = triage_data.due_after('office', i.waiting_since, '48:00')
      from triage.inbox as i)),
    't|t|t', 'and the deadlines');

$site->configure(routes => <<'END');
    triage_queue office respond=4h;
    triage_route office;
END
$site->nginx->reload;
$site->nginx->wait_until(sub {
    $postgres->psql(q(
        select count(*) from triage_data.queue
         where queue = 'office' and hours is null)) == 1;
}, 'the new configuration');
is($postgres->psql(q(
    select (select count(*) from triage_data.hours),
           num_nonnulls(next, resolve, warn, escalate)
      from triage_data.queue where queue = 'office')),
    '0|0', 'what is no longer said is gone');

done_testing;
