#!/usr/bin/perl
# What was signed once is no use later, nor what a challenge sends back to
# whoever follows a link; over HTTP/1.1 and, where nginx has it, HTTP/2.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha256_base64 hmac_sha256_hex sha1_hex);
use JSON::PP qw(decode_json encode_json);
use POSIX qw(strftime);
use Test::More;

use Triage::Nginx;
use Triage::Postgres;
use Triage::Site;
use Triage::Tool;

my $has_http2 = qx(@{[ Triage::Nginx::binary() ]} -V 2>&1) =~ /http_v2/;
my $http2_port = Triage::Postgres::free_port();
my $site = Triage::Site->new(
    http => $has_http2 ? <<"END" : '',
        server {
            listen 127.0.0.1:$http2_port http2;
            location = /hooks/facebook {
                triage facebook;
                triage_brand http2;
                triage_secret %dir%/secret;
                triage_verify_token %dir%/token;
            }
        }
END
    server => <<'END',
        location = /slack    { triage slack;    triage_brand a; triage_secret %dir%/secret; }
        location = /standard { triage standard; triage_brand a; triage_secret %dir%/secret; }
        location = /zendesk  { triage zendesk;  triage_brand a; triage_secret %dir%/secret; triage_tolerance 5m; }
        location = /x        { triage x;        triage_brand a; triage_secret %dir%/secret; }
        location = /linkedin { triage linkedin; triage_brand a; triage_secret %dir%/secret; }
        location = /disqus   { triage disqus;   triage_brand a; triage_secret %dir%/secret; }
        location = /wechat   { triage wechat;   triage_brand a; triage_secret %dir%/token; }
END
)->start;
my $nginx    = $site->nginx;
my $secret   = $site->secret;
my $now      = time;
my ($worker) = $nginx->workers;

# --- times
my $slack = encode_json({ type => 'event_callback', event_id => 'Ev1',
    event_time => $now, team_id => 'T', event => { type => 'message',
    channel => 'C', user => 'U', ts => "$now.000100", text => 'words' } });
my $standard = encode_json({ messages => [{ message_id => '1',
    text => 'words', author_id => 'u' }] });
my $zendesk = encode_json({ type => 'zen:event-type:other', id => 'z1' });
my %send = (
    slack => sub {
        my ($time, $claim) = @_;
        return $nginx->post('/slack', $slack,
            'X-Slack-Request-Timestamp' => $claim,
            'X-Slack-Signature' => 'v0='
                . hmac_sha256_hex("v0:$time:$slack", $secret));
    },
    standard => sub {
        my ($time, $claim) = @_;
        return $nginx->post('/standard', $standard, 'webhook-id' => 'm1',
            'webhook-timestamp' => $claim, 'webhook-signature' => 'v1,'
                . base64("m1.$time.$standard"));
    },
    zendesk => sub {
        my ($time, $claim) = map { /^\d{1,12}$/
                ? strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_) : $_ } @_;
        return $nginx->post('/zendesk', $zendesk,
            'X-Zendesk-Webhook-Signature-Timestamp' => $claim,
            'X-Zendesk-Webhook-Signature' => base64("$time$zendesk"));
    },
);

for my $platform (sort keys %send) {
    my $send = $send{$platform};
    is($send->($now, $now)->{status} =~ /^2/ ? 'yes' : 'no', 'yes',
        "$platform: signed now");
    is($send->($now - 60, $now - 60)->{status} =~ /^2/ ? 'yes' : 'no', 'yes',
        "$platform: a minute ago");
    for my $off (-86_400, -1200, 1200, 86_400) {
        is($send->($now + $off, $now + $off)->{status}, 401,
            "$platform: signed $off s from now");
    }
    is($send->($now - 1200, $now)->{status}, 401,
        "$platform: an old signature with a new time");
    for my $time ('', 'now', '-1', '0x7fffffff', '9' x 40, "$now,$now", "${now}x") {
        is($send->($time, $time)->{status}, 401, "$platform: the time '$time'");
    }
}
is($site->postgres->psql("select count(*) from triage_data.message
    where platform in ('slack', 'standard')"), 2,
    'what was sent twice in time is one message each');

# --- challenges
my @evil = ('<script>alert(1)</script>', '<svg/onload=alert(1)>',
    "\r\nSet-Cookie: a=b\r\n\r\n<html>", '"}</script><img src=x>', '%00<b>',
    '+ADw-script+AD4-', "\xef\xbb\xbf<html>", 'a' x 5000);

for my $evil (@evil) {
    my $arg  = join '', map { sprintf '%%%02x', ord } split //, $evil;
    my $name = printable($evil);
    my $json = encode_json({ type => 'url_verification', token => 't',
        challenge => $evil });
    my $verb = encode_json({ verb => 'verify', challenge => $evil });

    harmless($nginx->get('/hooks/facebook?hub.mode=subscribe'
        . "&hub.verify_token=handshake-token&hub.challenge=$arg"),
        "facebook: $name");
    harmless($nginx->get("/x?crc_token=$arg"), "x: $name");
    harmless($nginx->get("/linkedin?challengeCode=$arg"), "linkedin: $name");
    harmless($nginx->post('/slack', $json,
        'X-Slack-Request-Timestamp' => $now, 'X-Slack-Signature' => 'v0='
            . hmac_sha256_hex("v0:$now:$json", $secret)), "slack: $name");
    harmless($nginx->post('/disqus', $verb, 'X-Disqus-Signature' => 'sha512='
        . Digest::SHA::hmac_sha512_hex($verb, $secret)), "disqus: $name");
    harmless($nginx->get("/wechat?timestamp=$now&nonce=n&signature="
        . sha1_hex(join '', sort 'handshake-token', $now, 'n')
        . "&echostr=$arg"), "wechat: $name");
}

my $answer = $nginx->get('/hooks/facebook?hub.mode=subscribe'
    . '&hub.verify_token=handshake-token&hub.challenge=1158201444');
is($answer->{body}, '1158201444', 'a challenge is answered');
is($answer->{headers}{'content-type'}, 'text/plain', 'as plain text');
is($answer->{headers}{'x-content-type-options'}, 'nosniff',
    'that nobody takes for more');
my $forged = $nginx->post('/slack', '{"type":"url_verification",'
    . '"challenge":"reflected"}');
is($forged->{status}, 401, 'an unsigned challenge');
unlike($forged->{text}, qr/reflected/, 'is not reflected');

# --- HTTP/2
SKIP: {
    skip 'HTTP/2: this nginx does not have it', 5 if !$has_http2;
    skip 'HTTP/2: this curl does not have it', 5
        if qx(curl --version 2>/dev/null) !~ /HTTP2/;

    my $body = $site->comment('h2', 'words over HTTP/2');
    is(over_http2($body, $site->headers($body)), '200 2', 'HTTP/2: filed');
    is(over_http2($body), '401 2', 'HTTP/2: a forged one');
    my $big = $site->comment('h2-big', 'x' x 1_100_000);
    # curl can take the end of the stream for an error, and miss the answer
    like(over_http2($big, $site->headers($big)), qr/^(?:413 2|000 0)$/,
        'HTTP/2: too large');
    is(over_http2($body, $site->headers($body),
        map { ("X-Flood-$_" => 'f' x 900) } 1 .. 60) =~ /^(?:400|431|000) /
            ? 'refused' : 'not', 'refused', 'HTTP/2: a flood of headers');
    is($site->postgres->psql("select count(*) from triage_data.message
        where brand = 'http2'"), 1, 'HTTP/2: one message');
}

is($site->deliver($site->comment('last', 'the last'))->{status}, 200,
    'the next delivery');
is_deeply([ $nginx->workers ], [$worker], 'the same worker');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();

# Nothing that a browser would run, or take for a page.
sub harmless {
    my ($got, $what) = @_;
    my ($type) = ($got->{headers}{'content-type'} // '') =~ m{^([\w/]+)};
    my $is_ours = $got->{status} == 200 && length $got->{body};

    ok($got->{status} =~ /^(?:200|400|401|403|405|413|414)$/,
        "$what: $got->{status}") or diag $got->{text};
    ok(!exists $got->{headers}{'set-cookie'}, "$what: no header of its own");
    if ($is_ours) {
        like($type, qr{^(?:text/plain|application/json)$}, "$what: no page");
        is($got->{headers}{'x-content-type-options'}, 'nosniff',
            "$what: nosniff");
    } else {
        unlike($got->{body}, qr/alert\(1\)|<svg|<b>|<img/,
            "$what: not reflected");
    }
}

sub over_http2 {
    my ($body, @headers) = @_;
    my @lines;
    while (my ($name, $value) = splice @headers, 0, 2) {
        push @lines, '-H', "$name: $value";
    }
    open my $curl, '-|', 'curl', '-s', '--http2-prior-knowledge', '-m', 30,
        '-o', '/dev/null', '-w', '%{http_code} %{http_version}', @lines,
        '-H', 'Content-Type: application/json',
        '--data-binary', '@' . file_with($body),
        "http://127.0.0.1:$http2_port/hooks/facebook" or die "curl: $!";
    my $text = do { local $/; <$curl> };
    close $curl;
    return $text;
}

sub base64 {
    my ($text) = @_;
    my $mac = hmac_sha256_base64($text, $secret);
    return $mac . '=' x (-length($mac) % 4);
}

sub printable {
    my ($text) = @_;
    $text =~ s/[^ -~]/./g;
    return substr $text, 0, 30;
}
