#!/usr/bin/perl
# The status adds up over workers and over reloads, and follows the
# configuration.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    workers  => 3,
    database => 'connections=2',
    http     => 'triage_zone counters 2m;',
)->start;
my $nginx = $site->nginx;

sub source {
    my ($name) = @_;
    my ($found) = grep { $_->{source} eq $name } @{ $site->status->{sources} };
    return $found;
}

my $facebook = 'facebook acme /hooks/facebook';
my $answer   = $nginx->get('/triage/status');
is($answer->{headers}{'content-type'}, 'application/json', 'a status is JSON');
is($nginx->request('HEAD', '/triage/status')->{body}, '', 'or a head');

my $load = $site->finish_load($site->start_load(count => 300, options => ['--close']));
is($load->{statuses}{200}, 300, '300 deliveries') or diag $load->{text};

$nginx->wait_until(sub { @{ $site->status->{workers} } == 3 },
    'a row for each worker');
my $status = $site->status;
is(@{ $status->{workers}[0]{links} }, 2, 'with its links');
is(source($facebook)->{outcomes}{ok}, 300, 'outcomes are counted over workers');
is($status->{store}{deliveries}, 300, 'so is the store');
is($status->{store}{messages}, 300, 'its messages');
cmp_ok($status->{store}{batches}, '<=', 300, 'and batches');
is($status->{store}{backlog}, 0, 'nothing waits');
is($status->{commit}, 'on', 'the level of the promise');
like(source($facebook)->{last_event}, qr/^\d{4}-\d\d-\d\dT/, 'the last event');
is(source($facebook)->{last_handshake}, undef, 'no handshake yet');

$nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=a'
        . '&hub.verify_token=handshake-token');
like(source($facebook)->{last_handshake}, qr/^\d{4}-/, 'a handshake');

my $started = $status->{started};
for my $round (1 .. 2) {
    $nginx->reload;
    $nginx->wait_until(sub { $nginx->workers == 3 }, 'old workers to end');
    $nginx->wait_until(sub { @{ $site->status->{workers} } == 3 }, 'their rows to go');
    $status = $site->status;
    is($status->{reloads}, $round, "reload $round is counted");
    is($status->{started}, $started, 'the counters are as old as they were');
    is(source($facebook)->{outcomes}{ok}, 300, 'and as high');
    is($status->{store}{deliveries}, 300, 'those of workers that ended too');
}

$site->configure(
    http   => 'triage_zone counters 2m; triage_commit local;',
    server => 'location = /b { triage facebook; triage_brand b;'
        . ' triage_secret %dir%/secret; triage_verify_token %dir%/token; }'
);
$nginx->reload;
$nginx->wait_until(sub { source('facebook b /b') }, 'the new source');
is(source('facebook b /b')->{outcomes}{ok}, 0, 'a new source starts at zero');
is(source($facebook)->{outcomes}{ok}, 300, 'beside the old one');
$nginx->wait_until(sub { $site->status->{commit} eq 'local' },
    'the level of the promise to change');

$site->configure(server => '', http => 'triage_zone counters 2m;');
$nginx->reload;
$nginx->wait_until(sub { !source('facebook b /b') }, 'the source to go');
pass('a source that is no longer configured is not shown');

$site->configure(server => '', http => 'triage_zone counters 4m;');
$nginx->reload;
$nginx->wait_until(sub { source($facebook)->{outcomes}{ok} == 0 }, 'a new zone');
pass('another size of the zone starts anew');
is($site->deliver($site->comment(1000, 'words'))->{status}, 200, 'and all works on');

unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');
done_testing();
