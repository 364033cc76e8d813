#!/usr/bin/perl
# Thousands of idle connections keep nobody out, and a worker's memory stays
# flat under a long mix of good and hostile deliveries.
#
# TRIAGE_SOAK=N delivers N instead of 20,000; TRIAGE_IDLE=N opens N
# connections instead of 2,000.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use JSON::PP qw(encode_json);
use Test::More;

use Triage::Site;
use Triage::Tool;

# a sanitizer keeps what was freed, and is slow: it looks for other things
my $is_sanitized = defined $ENV{TRIAGE_MODULE} && $ENV{TRIAGE_MODULE} eq '';
my $soak = $ENV{TRIAGE_SOAK} // ($is_sanitized ? 2_000 : 20_000);
my $idle = $ENV{TRIAGE_IDLE} // 2_000;
my $bound = 4096; # kB that a worker may grow after it is warm
my ($files) = qx(sh -c 'ulimit -n') =~ /^(\d+)/;
$idle = $files - 1000 if $files && $idle > $files - 1000;

my $site = Triage::Site->new(
    main => 'worker_rlimit_nofile ' . ($idle + 1000) . ';',
    http => 'client_header_timeout 300s; client_max_body_size 1m;',
);
my $nginx = $site->nginx;

# room for all of them, and some more
$nginx->configure(connections => $idle + 512)->start;
$nginx->wait_until(sub { $nginx->workers == 1 }, 'one worker');
my ($worker) = $nginx->workers;

# --- a crowd
is($site->deliver($site->comment(1, 'before the crowd'))->{status}, 200,
    'before the crowd');
my $alone = resident();
my @crowd;
for my $n (1 .. $idle) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port) or last;
    # silent; within a header; between two deliveries
    print {$socket} "POST /hooks/facebook HTTP/1.1\r\nHost: a\r\n"
        if $n % 3 == 1;
    print {$socket} "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" if $n % 3 == 2;
    $socket->flush;
    push @crowd, $socket;
}
is(@crowd + 0, $idle, "$idle connections that do nothing");
is($site->deliver($site->comment(2, 'within the crowd'))->{status}, 200,
    'keep nobody out');
my $each = (resident() - $alone) / $idle;
SKIP: {
    skip 'memory is not measured under a sanitizer', 1 if $is_sanitized;
    cmp_ok($each, '<', 16, sprintf 'each costs %.1f kB', $each);
}
close $_ for @crowd;
is($site->messages, 2, 'and leave nothing behind');
is_deeply([ $nginx->workers ], [$worker], 'the same worker');

# --- a soak
my @mix = (
    $site->comment('{n}', 'Please call me about order 12345!'),
    $site->comment('same', 'The same words, again and again.'),
    '{"object":"page","entry":[{n}',
    '{"object":"page","entry":[]}',
    $site->comment('{n}-long', 'long words ' x 800),
    encode_json({ object => 'page', entry => [ map { {} } 1 .. 200 ] }),
);
my $first = 1000;

round($soak / 4);
my $warm = resident();
my @seen = map { round($soak / 4); resident() - $warm } 1 .. 4;
SKIP: {
    skip 'memory is not measured under a sanitizer', 1 if $is_sanitized;
    cmp_ok($seen[-1], '<', $bound, "a worker of $warm kB does not grow over"
            . " $soak deliveries: @seen kB");
}
is_deeply([ $nginx->workers ], [$worker], 'the same worker');
is($site->status->{store}{backlog}, 0, 'nothing waits');
is($site->deliver($site->comment('last', 'the last'))->{status}, 200,
    'the next delivery');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();

# What a mix of deliveries, forged ones too, leaves of the memory.
sub round {
    my ($count) = @_;
    my $part = int $count / (@mix + 1);

    for my $body (@mix) {
        my $report = $site->finish_load($site->start_load(count => $part,
            concurrency => 32, body => $body, first => $first));
        $first += $part;
        die "not all were accepted: $report->{text}"
            if ($report->{statuses}{200} // 0) != $part;
    }
    forge($part);
}

sub forge {
    my ($count) = @_;
    my $body = $site->comment(1, 'forged');
    my $text = "POST /hooks/facebook HTTP/1.1\r\nHost: a\r\nContent-Length: "
        . length($body) . "\r\nX-Hub-Signature-256: sha256=" . 'ab' x 32
        . "\r\n";

    while ($count > 0) {
        my $batch = $count > 100 ? 100 : $count;
        my $answer = $nginx->raw("$text\r\n$body" x ($batch - 1)
            . "${text}Connection: close\r\n\r\n$body");
        my $refused = () = $answer->{text} =~ m{^HTTP/1.1 401}mg;
        die "not all were refused: $refused of $batch" if $refused != $batch;
        $count -= $batch;
    }
}

# kB of memory that the worker has.
sub resident {
    open my $file, '<', "/proc/$worker/status" or die "worker $worker: $!";
    my ($size) = join('', <$file>) =~ /^VmRSS:\s+(\d+)/m;
    return $size;
}
