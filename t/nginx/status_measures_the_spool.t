#!/usr/bin/perl
# The status says how large the spool's directory is, however many workers
# write there: each file counts once.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use List::Util qw(sum0);
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    workers => 3,
    listen  => 'reuseport', # or one worker may take every connection
    http    => 'triage_spool %dir%/spool max_size=64m;'
)->start;
my $nginx = $site->nginx;

sub segments {
    my @paths = glob $nginx->dir . '/spool/*.spool';
    return @paths;
}

$site->postgres->stop;
my $report = $site->finish_load(
    $site->start_load(count => 2_000, concurrency => 48));
is($report->{statuses}{200}, 2_000, 'all go to the spool');
cmp_ok(scalar segments(), '>', 1, scalar(segments()) . ' segments');
is($site->status->{spool}{bytes}, sum0(map { -s } segments()),
    'the status knows the size of all of them');

$site->postgres->start;
$nginx->wait_until(sub { $site->messages == 2_000 }, 'all messages');
$nginx->wait_until(sub { $site->status->{spool}{bytes} == 0 },
    'a status of an empty spool');
is(scalar segments(), 0, 'and it is empty');

done_testing();
