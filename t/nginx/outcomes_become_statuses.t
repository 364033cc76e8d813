#!/usr/bin/perl
# Each outcome has one status, one level in the error log and one counter.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    database => 'backlog=2',
    server   => <<'END',
        location = /hooks/standard {
            triage standard;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_tolerance 1m;
        }
END
)->start;
my $nginx    = $site->nginx;
my $postgres = $site->postgres;

sub counter {
    my ($outcome) = @_;
    my $sum = 0;
    $sum += $_->{outcomes}{$outcome} for @{ $site->status->{sources} };
    return $sum;
}

# The counter moves by one, and the log has a line of that level.
sub becomes {
    my ($outcome, $level, $status, $request) = @_;
    my $before = counter($outcome);
    my $lines  = () = $nginx->error_log =~ /^/mg;
    my $answer = $request->();
    my @new    = (split /^/, $nginx->error_log)[ $lines .. 10_000 ];
    my ($line) = grep { defined && /triage: \w+ $outcome: / } @new;

    is($answer->{status}, $status, "$outcome is $status");
    is(counter($outcome), $before + 1, "$outcome is counted");
    if ($level) {
        like($line, qr/\[$level\]/, "$outcome is a line of level $level");
    } else {
        is($line, undef, "$outcome is no line");
    }
    return $answer;
}

my $body = $site->comment(1, 'Please call me.');

becomes('ok', '', 200, sub { $site->deliver($body) });
becomes('forged', 'warn', 401, sub { $nginx->post('/hooks/facebook', $body) });
becomes('denied', 'warn', 403, sub { $nginx->get('/hooks/facebook') });
becomes('unexpected', 'info', 405,
    sub { $nginx->request('DELETE', '/hooks/facebook', $body,
        $site->headers($body)) });
becomes('answered', 'info', 200, sub {
    $nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=42'
            . '&hub.verify_token=handshake-token');
});
becomes('denied', 'warn', 403, sub {
    $nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=42'
            . '&hub.verify_token=wrong');
});
becomes('malformed', 'warn', 200, sub { $site->deliver('{"object":') });
becomes('ignored', '', 200,
    sub { $site->deliver('{"object":"page","entry":[]}') })
    or diag $nginx->error_log;

# Standard Webhooks sign their time
{
    use Digest::SHA qw(hmac_sha256_base64);
    my $sign = sub {
        my ($time) = @_;
        my $json = '{"messages":[{"message_id":"1","text":"words"}]}';
        my $mac = hmac_sha256_base64("msg_1.$time.$json", $site->secret);
        $mac .= '=' while length($mac) % 4;
        return $nginx->post('/hooks/standard', $json, 'webhook-id' => 'msg_1',
            'webhook-timestamp' => $time, 'webhook-signature' => "v1,$mac");
    };
    becomes('stale', 'warn', 401, sub { $sign->(int(time) - 3600) });
    isnt($sign->(int time)->{status}, 401, 'a fresh one is not stale');
}

# --- the store cannot
sub refusal {
    my ($outcome) = @_;
    my $answer = becomes($outcome, 'error', 503,
        sub { $site->deliver($site->comment(99, 'Please call me.')) });
    is($answer->{headers}{'retry-after'}, 5, "$outcome says when to try again");
}

my @patient = $nginx->workers;
$site->configure(database => 'timeout=500ms backlog=2');
$nginx->reload;
$nginx->wait_until(sub { !kill 0, @patient }, 'the old worker to end');
$postgres->stop('immediate');
refusal('unavailable');

$postgres->start;
$nginx->wait_until(sub {
    $site->deliver($site->comment(101, 'Please call me.'))->{status} == 200
}, 'recovery');
pass('it recovers when PostgreSQL does');

is($nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=a'
        . '&hub.verify_token=handshake-token')->{status}, 200,
    'handshakes go on');
is($nginx->post('/triage/status', 'x')->{status}, 405, 'a status is read only');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();
