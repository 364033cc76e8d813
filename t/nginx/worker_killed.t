#!/usr/bin/perl
# A worker that is killed takes no delivery with it that it has answered: each
# 200 is a row, and what was dropped can be sent again.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $count = $ENV{TRIAGE_DELIVERIES} // 10_000;
my $site  = Triage::Site->new(workers => 2)->start;
my $nginx = $site->nginx;
my $load  = $site->start_load(count => $count, concurrency => 32);

for (1 .. 4) {
    my $before = $site->messages;
    kill 'KILL', ($nginx->workers)[0];
    $nginx->wait_until(sub { $site->messages > $before + $count / 8
            || $site->messages > $count * 0.9 }, 'more messages');
}

my $report = $site->finish_load($load);
my $kept   = $site->messages;
my $ok     = $report->{statuses}{200} // 0;

is($ok + $report->{dropped}, $count, 'a delivery is answered with 200, or dropped')
    or diag $report->{text};
note "$report->{dropped} were dropped";
cmp_ok($kept, '>=', $ok, 'every 200 is a row');
is($site->postgres->psql('select count(distinct message_id) from triage_data.message'),
    $kept, 'no row is there twice');

$report = $site->finish_load($site->start_load(count => $count, concurrency => 32));
is($report->{statuses}{200}, $count, 'the platform delivers all of it again');
is($site->messages, $count, 'now every delivery is a row, once');

is($nginx->workers + 0, 2, 'there are as many workers as before');
$nginx->wait_until(sub { @{ $site->status->{workers} } <= 2 }, 'rows of the dead to go');
pass('the rows of dead workers are taken over');

done_testing();
