#!/usr/bin/perl
# A signature covers the bytes of a body however they arrive: at once, in
# pieces, chunked, in memory or in a temporary file.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep);

use Triage::Site;

my $site = Triage::Site->new(
    server => <<'END',
        location = /small {
            triage facebook;
            triage_brand small;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
            client_body_buffer_size 1k;
            client_max_body_size 64k;
        }
        location = /file {
            triage facebook;
            triage_brand file;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
            client_body_in_file_only clean;
        }
END
)->start;
my $nginx = $site->nginx;
my $id    = 0;

sub head {
    my ($path, $body, @lines) = @_;
    my %header = $site->headers($body);
    return join("\r\n", "POST $path HTTP/1.1", 'Host: localhost',
        'Connection: close', @lines, map({"$_: $header{$_}"} keys %header),
        '', '');
}

sub chunked {
    my ($body, $size) = @_;
    my $text = '';
    for (my $at = 0; $at < length $body; $at += $size) {
        my $piece = substr $body, $at, $size;
        $text .= sprintf "%x\r\n%s\r\n", length $piece, $piece;
    }
    return $text . "0\r\n\r\n";
}

# Sends a text in pieces, each a packet of its own.
sub send_slowly {
    my ($text, $size) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port) or die "connect: $!";

    $socket->autoflush(1);
    $socket->setsockopt(6, 1, 1); # TCP_NODELAY
    for (my $at = 0; $at < length $text; $at += $size) {
        print {$socket} substr $text, $at, $size;
        sleep 0.002;
    }
    return $nginx->read_answer($socket);
}

for my $path ('/hooks/facebook', '/small', '/file') {
    for my $words (20, 900, 20_000) {
        my $text = 'words ' x ($words / 6);

        my $body = $site->comment(++$id, $text);
        is($nginx->post($path, $body, $site->headers($body))->{status},
            200, "$path: $words bytes at once");

        $body = $site->comment(++$id, $text);
        is($nginx->raw(head($path, $body, 'Transfer-Encoding: chunked')
            . chunked($body, 333))->{status}, 200, "$path: $words bytes in chunks");

        $body = $site->comment(++$id, $text);
        is(send_slowly(head($path, $body, 'Content-Length: ' . length $body)
            . $body, 1 + int(length($body) / 7))->{status},
            200, "$path: $words bytes in seven reads");
    }
}

is($site->messages, $id, 'each is a message');
is($site->postgres->psql('select count(*) from triage_data.message'
        . " where text like '%words words%'"), $id, 'with its words');

my $body = $site->comment(++$id, 'byte by byte');
is(send_slowly(head('/hooks/facebook', $body,
    'Transfer-Encoding: chunked') . chunked($body, 1), 97)->{status},
    200, 'chunks of one byte');

$body = $site->comment(++$id, 'flipped' x 300);
my $head = head('/small', $body, 'Content-Length: ' . length $body);
substr($body, 1500, 1) ^= "\x01";
is($nginx->raw($head . $body)->{status}, 401,
    'a flipped bit in a file is seen');

# --- too large
$body = $site->comment(++$id, 'x' x 100_000);
my $answer = $nginx->post('/small', $body, $site->headers($body));
is($answer->{status}, 413, 'a body over the limit');
$answer = $nginx->raw(head('/small', $body, 'Transfer-Encoding: chunked')
    . chunked($body, 5000));
is($answer->{status}, 413, 'and one whose length is not said');

# --- none
is($nginx->raw(head('/hooks/facebook', '', 'Content-Length: 0'))->{status},
    200, 'an empty body, signed, is acknowledged');
is($site->postgres->psql('select count(*) from triage.dead_letter'),
    1, 'as a dead letter');
is($nginx->raw("POST /hooks/facebook HTTP/1.1\r\nHost: a\r\n"
        . "Connection: close\r\n\r\n")->{status}, 401, 'none at all is not signed');

# --- several on one connection
my @bodies = map { $site->comment(++$id, "pipelined $_") } 1 .. 5;
my $all = join '', map {
    my $text = head('/hooks/facebook', $_, 'Content-Length: ' . length $_) . $_;
    $text =~ s/Connection: close\r\n// if $_ ne $bodies[-1];
    $text
} @bodies;
my $text = $nginx->raw($all)->{text};
is(scalar(() = $text =~ m{^HTTP/1.1 200}mg), 5, 'pipelined deliveries');
is($site->postgres->psql('select count(*) from triage_data.message'
        . " where text like 'pipelined%'"), 5, 'are all kept');

is_deeply([ glob $nginx->dir . '/body/*' ], [], 'no temporary file is left');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();
