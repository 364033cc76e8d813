#!/usr/bin/perl
# Reloads under load lose nothing and refuse nothing: old workers finish
# their batches.  TRIAGE_DELIVERIES and TRIAGE_RELOADS make it longer.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep);

use Triage::Site;

my $count   = $ENV{TRIAGE_DELIVERIES} // 20_000;
my $reloads = $ENV{TRIAGE_RELOADS}    // 10;

my $site  = Triage::Site->new(workers => 2)->start;
my $nginx = $site->nginx;
my $load  = $site->start_load(count => $count, concurrency => 64);

for (1 .. $reloads) {
    my $before = $site->messages;
    $nginx->signal('HUP');
    $nginx->wait_until(sub {
        $site->messages >= $count
            || $site->messages > $before + $count / ($reloads + 2)
    }, 'more messages');
}

my $report = $site->finish_load($load);
is($report->{answers}, $count, "$count deliveries are answered")
    or diag $report->{text};
is($report->{statuses}{200}, $count, 'every one with 200');
is($report->{dropped}, 0, 'no connection breaks');
is($site->messages, $count, 'every one is a row');
is($site->postgres->psql('select count(distinct message_id) from triage_data.message'),
    $count, 'exactly once');

$nginx->wait_until(sub { $nginx->workers == 2 }, 'old workers to end');
cmp_ok($site->status->{reloads}, '>=', 1, $site->status->{reloads} . ' reloads');
my ($source) = @{ $site->status->{sources} };
is($source->{outcomes}{ok}, $count, 'and the counters know of all');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();
