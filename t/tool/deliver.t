# `triage deliver`: what it sends, how it counts.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);
use Triage::Tool;

my $key    = 'a key';
my $secret = file_with("$key\n");
my $log    = file_with('');
my $body   = file_with('{"id":"m_{n}","again":"{n}"}');

# How a path is answered; undef hangs up, '' says nothing at all.
my %answer = (
    '/ok'       => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    '/empty'    => "HTTP/1.1 204 No Content\r\n\r\n",
    '/busy'     => "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    '/chunked'  => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        . "3\r\nabc\r\n0a;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
    '/continue' => "HTTP/1.1 100 Continue\r\n\r\n"
        . "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
    '/close'  => "HTTP/1.1 200 OK\r\nConnection: close\r\n"
        . "Content-Length: 1\r\n\r\nx",
    '/rest'   => "HTTP/1.0 200 OK\r\n\r\nall of it",
    '/drop'   => undef,
    '/half'   => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    '/noise'  => "220 mail.example.org ESMTP\r\n",
    '/silent' => '',
);
my %hangs_up = map { $_ => 1 } qw(/close /rest /drop /half /noise);

my $listener = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', Listen => 128, Proto => 'tcp')
    or die "cannot listen: $!";
my $port   = $listener->sockport;
my $server = fork // die "cannot fork: $!";
serve() if $server == 0;
close $listener;

sub serve {
    my $select = IO::Select->new($listener);
    my %buffer;

    $SIG{PIPE} = 'IGNORE';
    open my $out, '>>:raw', $log or die;
    $out->autoflush(1);

    while (1) { # a signal interrupts it, too
        for my $socket ($select->can_read) {
            if ($socket == $listener) {
                $select->add(scalar $listener->accept);
                next;
            }
            my $got = sysread $socket, $buffer{$socket}, 65536,
                length($buffer{$socket} // '');
            if (!$got) {
                $select->remove($socket);
                delete $buffer{$socket};
                close $socket;
                next;
            }
            next unless $buffer{$socket} =~
                /^POST (\S+) .*?content-length: (\d+)\r\n(?:.*?\r\n)?\r\n/si;
            my ($target, $whole) = ($1, $+[0] + $2);
            next if length $buffer{$socket} < $whole;
            my $request = substr $buffer{$socket}, 0, $whole, '';
            print {$out} "<$request>\n";
            my ($path) = $target =~ m{^(/\w*)};
            print {$socket} $answer{$path} // '';
            $socket->flush;
            if ($hangs_up{$path}) {
                $select->remove($socket);
                delete $buffer{$socket};
                close $socket;
            }
        }
    }
}

sub deliver {
    my ($path, @options) = @_;

    open my $file, '>', $log or die; # empty it
    close $file;
    my $run = triage('deliver', 'facebook', '--secret', $secret, '--json',
        @options, "http://127.0.0.1:$port$path", $body);
    $run->{report} = eval { JSON::PP->new->decode($run->{out}) };
    $run->{requests} = [Triage::Tool::content($log) =~ /<(POST.*?)>\n/sg];
    return $run;
}

my $run = deliver('/ok?a=b', '--header', 'X-Extra: {n}');
is($run->{status}, 0, '2xx: exit 0');
is_deeply($run->{report}{statuses}, { 200 => 1 }, 'counted by status');
my ($sent) = @{ $run->{requests} };
my $signature = hmac_sha256_hex('{"id":"m_{n}","again":"{n}"}', $key);
is($sent,
    "POST /ok?a=b HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nX-Extra: {n}\r\n"
        . "Content-Type: application/json\r\n"
        . "x-hub-signature-256: sha256=$signature\r\n"
        . "Content-Length: 28\r\n\r\n"
        . '{"id":"m_{n}","again":"{n}"}',
    'the request, byte for byte') or diag $sent;

$run = deliver('/ok', '--print');
is($run->{status}, 0, '--print exits 0');
like($run->{out}, qr/^POST .*\Q$signature\E.*\{n\}"\}\z/s, 'and prints');
is(@{ $run->{requests} }, 0, 'and sends nothing');

$run = deliver('/ok', qw(--unique --count 500 --concurrency 16 --first 7),
    '--header', 'X-Extra: e{n}');
is($run->{status}, 0, '500 over 16 connections');
is($run->{report}{answers}, 500, 'each is answered');
my %seen;
my $good = 0;
for (@{ $run->{requests} }) {
    my ($head, $got) = split /\r\n\r\n/, $_, 2;
    my ($n) = $got =~ /^\{"id":"m_(\d+)","again":"\1"\}$/ or next;
    my $mac = hmac_sha256_hex($got, $key);
    $good++ if $head =~ /sha256=$mac/ && $head =~ /^X-Extra: e$n\r$/m;
    $seen{$n}++;
}
is($good, 500, 'each has its own number and a signature over it');
is_deeply([sort { $a <=> $b } keys %seen], [7 .. 506], 'from --first on');

my %ends = (
    '/empty'    => 204,
    '/chunked'  => 200,
    '/continue' => 202,
    '/close'    => 200,
    '/rest'     => 200,
);
for my $path (sort keys %ends) {
    $run = deliver($path, qw(--count 5 --concurrency 2));
    is($run->{status}, 0, "$path: exit 0");
    is_deeply($run->{report}{statuses}, { $ends{$path} => 5 }, 'all counted');
    is(@{ $run->{requests} }, 5, 'and sent once');
}

$run = deliver('/busy', qw(--count 3));
is($run->{status}, 1, '503: exit 1');
is_deeply($run->{report}{statuses}, { 503 => 3 }, 'counted, not repeated');

for my $path ('/drop', '/half', '/noise') {
    $run = deliver($path, qw(--count 4 --concurrency 2));
    is($run->{status}, 1, "$path: exit 1");
    is($run->{report}{dropped}, 4, 'counted as dropped');
    is(@{ $run->{requests} }, 4, 'and never sent again');
}

my $results = file_with('');
$run = deliver('/busy', qw(--count 3 --first 7 --results), $results);
like(Triage::Tool::content($results), qr/\A(?:[789]\t503\t\d+\n){3}\z/,
    'a line for each delivery');

my $start = time;
$run = deliver('/silent', qw(--timeout 1 --count 2 --concurrency 2));
is($run->{status}, 1, 'no answer: exit 1');
is($run->{report}{timed_out}, 2, 'counted as timed out');
cmp_ok(time - $start, '<', 30, 'after a bounded time');

$run = deliver('/ok', qw(--rate 200 --count 60 --concurrency 4));
is($run->{status}, 0, 'an open loop');
cmp_ok($run->{report}{elapsed_us}, '>=', 290_000, 'keeps its pace');

$run = deliver('/ok', qw(--close --count 3));
is(scalar(grep { /^Connection: close\r$/m } @{ $run->{requests} }), 3,
    '--close says so');

$run = triage('deliver', 'facebook', '--secret', $secret, '--count', 2,
    "http://127.0.0.1:$port/ok", $body, file_with('<a/>'));
is($run->{status}, 0, 'a report for people');
like($run->{out}, qr/^deliveries   2\nstatus 200   2\nresent       0\ndropped      0\n/,
    'says how many and how they were answered');
like($run->{out}, qr/^latency, ms  p50 [\d.]+  p90 .*p99 .*max/m,
    'and how long it took');

my %refused = (
    'https://127.0.0.1/' => qr/TLS is not spoken here/,
    'ftp://127.0.0.1/'   => qr/expected http:/,
    '127.0.0.1:80'       => qr/expected http:/,
    'http://a b/'        => qr/expected http:/,
    'http://h.invalid:x/' => qr/cannot be looked up/,
);
for my $url (sort keys %refused) {
    $run = triage('deliver', 'facebook', '--secret', $secret, $url, $body);
    is($run->{status}, 64, "refused: $url");
    like($run->{err}, $refused{$url}, 'and says why');
}

my $plain = file_with('{}');
$run = triage('deliver', 'facebook', '--secret', $secret, '--unique',
    "http://127.0.0.1:$port/ok", $plain);
is($run->{status}, 64, '--unique without {n} is refused');
like($run->{err}, qr/\Q$plain\E: --unique expects a \{n\}/, 'with the file');

kill 'TERM', $server;
waitpid $server, 0;

$run = deliver('/ok', qw(--count 3));
is($run->{status}, 1, 'nobody listens: exit 1');
is($run->{report}{unreachable}, 3, 'counted as unreachable');

done_testing();
