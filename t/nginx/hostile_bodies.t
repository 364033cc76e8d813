#!/usr/bin/perl
# Bodies that come to do harm: a byte at a time, at and over the limit, in
# chunks that lie, behind floods of headers, pipelined and aborted, with keys
# that collide.  After each the same worker lives, and files the next good
# delivery.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use JSON::PP qw(encode_json);
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);

use Triage::Site;

my $limit = 65536;
my $site  = Triage::Site->new(
    server => <<"END",
        client_max_body_size $limit;
        client_body_buffer_size 4k;
        client_body_timeout 3s;
        client_header_timeout 3s;
        large_client_header_buffers 4 8k;
        location = /big {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
            client_max_body_size 8m;
        }
END
)->start;
my $nginx = $site->nginx;
my ($worker) = $nginx->workers;
my $id = 0;

survives('nothing yet');

# --- slow
{
    my $body   = $site->comment(++$id, 'slow words');
    my $socket = open_socket();
    print {$socket} head($body, 'Content-Length: ' . length $body);
    my $sent = drip($socket, $body, 0.002);
    is($sent, length $body, 'a byte at a time');
    is($nginx->read_answer($socket)->{status}, 200, 'is filed');

    # one that stops: nginx gives up, the module is never asked
    $socket = open_socket();
    print {$socket} head($body, 'Content-Length: ' . length $body),
        substr $body, 0, 10;
    my $started = time;
    my $answer  = $nginx->read_answer($socket);
    ok($answer->{status} == 0 || $answer->{status} == 408,
        'a body that stops is given up');
    cmp_ok(time - $started, '<', 20, 'in time');

    my @slow = map {
        my $one = open_socket();
        print {$one} head($body, 'Content-Length: ' . length $body), '{';
        $one
    } 1 .. 200;
    survives('while 200 slow ones hang on');
    close $_ for @slow;
}
survives('slow bodies');

# --- the limit
for my $over (-1, 0, 1) {
    my $body = padded($limit + $over);
    my $want = $over > 0 ? 413 : 200;
    is($nginx->raw(head($body, 'Content-Length: ' . length $body)
            . ($over > 0 ? '' : $body))->{status}, $want,
        "a body of the limit and $over bytes");
    $body = padded($limit + $over) if $over <= 0;
    is($nginx->raw(head($body, 'Transfer-Encoding: chunked')
            . sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body, $body))
            ->{status}, $want, 'and in one chunk');
}
is($nginx->raw(head('', 'Content-Length: 18446744073709551616'))->{status},
    400, 'a length that no number holds');
is($nginx->raw(head('', 'Content-Length: 9223372036854775807'))->{status},
    413, 'a length that no memory holds');
is($nginx->raw(head('', 'Content-Length: -1'))->{status}, 400, 'one below 0');
survives('bodies at the limit');

# --- chunks
{
    my $body  = $site->comment(++$id, 'chunked words');
    my $size  = sprintf '%x', length $body;
    my %games = (
        'no number'            => "zz\r\n$body\r\n0\r\n\r\n",
        'a sign'               => "-$size\r\n$body\r\n0\r\n\r\n",
        'a prefix'             => "0x$size\r\n$body\r\n0\r\n\r\n",
        'a size that overflows' => 'f' x 40 . "\r\n$body\r\n0\r\n\r\n",
        'a size too small'     => "3\r\n$body\r\n0\r\n\r\n",
        'no line end'          => "$size$body",
        'nothing'              => "\r\n\r\n",
    );
    for my $game (sort keys %games) {
        my $answer = $nginx->raw(head($body, 'Transfer-Encoding: chunked')
            . $games{$game});
        ok($answer->{status} == 400 || $answer->{status} == 413,
            "a chunk with $game: $answer->{status}");
    }
    is($nginx->raw(head($body, 'Transfer-Encoding: chunked')
            . "$size;name=value;x=\"" . 'y' x 500 . "\"\r\n$body\r\n0\r\n\r\n")
            ->{status}, 200, 'a chunk extension is not part of the body');
    is($nginx->raw(head($body, 'Transfer-Encoding: chunked')
            . "$size\r\n$body\r\n0\r\nX-Trailer: y\r\n\r\ngarbage behind it")
            ->{status}, 200, 'nor a trailer, nor what follows');
    my $answer = $nginx->raw(head($body, 'Transfer-Encoding: chunked')
        . "$size\r\n$body\r\n");
    ok($answer->{status} == 0 || $answer->{status} == 408,
        'without a last chunk there is no delivery');
    $answer = $nginx->raw(head($body, 'Transfer-Encoding: chunked',
        'Content-Length: 5') . "$size\r\n$body\r\n0\r\n\r\n");
    is($answer->{status}, 400, 'two lengths are none');
    is($nginx->raw(head($body, 'Content-Length: 5',
        'Content-Length: ' . length $body) . $body)->{status}, 400,
        'nor are two that differ');
}
survives('games with chunks');

# --- headers
{
    my $body = $site->comment(++$id, 'words under headers');
    my @many = map { "X-Flood-$_: " . 'f' x 20 } 1 .. 200;
    is($nginx->raw(head($body, 'Content-Length: ' . length $body, @many)
            . $body)->{status}, 200, 'two hundred headers');
    @many = map { "X-Flood-$_: " . 'f' x 900 } 1 .. 200;
    is($nginx->raw(head($body, 'Content-Length: ' . length $body, @many)
            . $body)->{status}, 400, 'more than fits');
    is($nginx->raw(head($body, 'X-Long: ' . 'f' x 100_000))->{status}, 400,
        'a long one');
    is($nginx->raw(head($body, 'Content-Length: ' . length $body,
        map { 'X-Hub-Signature-256: sha256=' . 'ab' x 32 } 1 .. 100) . $body)
            ->{status} // 0, 401, 'a hundred signatures');
    is($nginx->raw("POST /hooks/facebook HTTP/1.1\r\nHost: a\r\n"
            . "X-Hub-Signature-256: sha256=" . "f" x 7000
            . "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            ->{status}, 401, 'a signature of 7,000 digits');
    is($nginx->get('/hooks/facebook?' . 'hub.mode=subscribe&' x 300)
            ->{status}, 403, 'a flood of arguments');
}
survives('floods of headers');

# --- pipelines
{
    my @bodies = map { $site->comment(++$id, "pipelined $_") } 1 .. 50;
    my $all = join '', map { keep_alive($_) } @bodies;
    my $socket = open_socket();
    print {$socket} $all, head($bodies[0], 'Content-Length: '
        . length $bodies[0]), $bodies[0];
    my $text = $nginx->read_answer($socket)->{text};
    is(scalar(() = $text =~ m{^HTTP/1.1 200}mg), 51, 'fifty pipelined');
    is($site->postgres->psql('select count(*) from triage_data.message'
            . " where text like 'pipelined%'"), 50, 'are fifty messages');

    for my $round (1 .. 50) {
        my $aborted = open_socket();
        syswrite $aborted, join '', map { keep_alive($site->comment(
            "aborted-$round-$_", 'aborted')) } 1 .. 4;
        setsockopt $aborted, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)
            if $round % 2;
        close $aborted;
    }
    $nginx->wait_until(sub { !$site->status->{store}{backlog} }, 'no backlog');
    cmp_ok($site->postgres->psql('select count(*) = count(distinct message_id)'
            . " from triage_data.message where text = 'aborted'"), 'eq', 't',
        'of those aborted, none is there twice');
}
survives('pipelines');

# --- keys
{
    my $keys = 200_000;
    my %body = (
        'many keys' => '{' . join(',', map { qq("k$_":$_) } 1 .. $keys) . '}',
        'one key, many times' => '{' . join(',', ('"k":1') x $keys) . '}',
        'keys that collide in a naive hash' => '{' . join(',',
            map { '"' . collides($_) . '":1' } 1 .. $keys / 2) . '}',
        'depth' => '[' x 500_000 . ']' x 500_000,
        'depth of objects' => '{"a":' x 500_000,
        'a long number' => '{"n":' . '9' x 1_000_000 . '}',
        'empty entries' => '{"object":"page","entry":['
            . join(',', ('{}') x $keys) . ']}',
    );
    # the plain one is the measure: nothing may cost more than some times it
    my $plain = timed(encode_json({ object => 'page', entry => [],
        words => 'x' x 2_000_000 }));
    for my $name (sort keys %body) {
        my ($took, $status) = timed($body{$name});
        is($status, 200, "$name: a dead letter, or ignored");
        cmp_ok($took, '<', 60 * ($plain + 0.05),
            sprintf 'in %.2f s (plain: %.2f s)', $took, $plain);
    }
}
survives('keys');

is_deeply([ glob $nginx->dir . '/body/*' ], [], 'no temporary file is left');

done_testing();

sub timed {
    my ($body) = @_;
    my $started = time;
    my $answer  = $nginx->post('/big', $body, $site->headers($body));
    return wantarray ? (time - $started, $answer->{status}) : time - $started;
}

# The same sum, and the same value of h * 33 + c: "Ez" and "FY" are one.
sub collides {
    my ($n) = @_;
    return join '', map { $n >> $_ & 1 ? 'Ez' : 'FY' } 0 .. 16;
}

sub padded {
    my ($size) = @_;
    my $n    = ++$id;
    my $body = $site->comment($n, '');
    return $site->comment($n, 'x' x ($size - length $body));
}

sub head {
    my ($body, @lines) = @_;
    my %header = $site->headers($body);
    return join("\r\n", 'POST /hooks/facebook HTTP/1.1', 'Host: localhost',
        'Connection: close', @lines, map({"$_: $header{$_}"} keys %header),
        '', '');
}

sub keep_alive {
    my ($body) = @_;
    my $text = head($body, 'Content-Length: ' . length $body) . $body;
    $text =~ s/Connection: close\r\n//;
    return $text;
}

sub open_socket {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port) or die "connect: $!";
    $socket->autoflush(1);
    $socket->setsockopt(6, 1, 1); # TCP_NODELAY
    return $socket;
}

sub drip {
    my ($socket, $text, $pause) = @_;
    my $sent = 0;
    for my $byte (split //, $text) {
        $sent += syswrite($socket, $byte) // last;
        sleep $pause;
    }
    return $sent;
}

# The worker is the same, alive, without an alarm, and files.
sub survives {
    my ($what) = @_;
    my $words = "good words $id";

    is_deeply([ $nginx->workers ], [$worker], "$what: the same worker");
    is($site->deliver($site->comment('good-' . ++$id, $words))->{status},
        200, "$what: the next delivery");
    is($site->postgres->psql('select count(*) from triage_data.message'
            . " where text = '$words'"), 1, "$what: is filed");
    unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, "$what: no alarm");
}
