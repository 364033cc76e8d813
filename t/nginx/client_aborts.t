#!/usr/bin/perl
# A client that hangs up while its delivery is on the way does no harm; what
# it has sent whole is kept.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;

use Triage::Site;

my $site     = Triage::Site->new(database => 'timeout=10s')->start;
my $nginx    = $site->nginx;
my $postgres = $site->postgres;

sub hang_up_after {
    my ($text, $how) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port) or die "connect: $!";

    syswrite $socket, $text;
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)
        if $how eq 'reset';
    close $socket;
}

sub request {
    my ($body) = @_;
    my %header = $site->headers($body);
    return join("\r\n", 'POST /hooks/facebook HTTP/1.1', 'Host: localhost',
        'Content-Length: ' . length $body,
        map({"$_: $header{$_}"} keys %header), '', $body);
}

$site->deliver($site->comment('first', 'words'));

# in the middle of head and body
for my $how (qw(close reset)) {
    my $text = request($site->comment("half-$how", 'words'));
    hang_up_after(substr($text, 0, length($text) * $_ / 10), $how) for 1 .. 9;
}
is($site->messages, 1, 'half a delivery is none');

# while the store is busy: a lock keeps the rows from being written
open my $lock, '|-', $postgres->psql_command or die "psql: $!";
print {$lock} "begin; lock table triage_data.message in exclusive mode;\n";
$lock->flush;
$nginx->wait_until(sub {
    $postgres->psql("select count(*) from pg_locks where mode = 'ExclusiveLock'"
        . " and relation = 'triage_data.message'::regclass and granted")
}, 'the lock');

for my $n (1 .. 20) {
    hang_up_after(request($site->comment("gone-$n", 'words')),
        $n % 2 ? 'close' : 'reset');
}
$nginx->wait_until(sub { $site->status->{store}{backlog} >= 10 }, 'a backlog');
is($site->messages, 1, 'while the store waits nothing is written');
print {$lock} "commit;\n";
close $lock;

my $kept = 0;
$nginx->wait_until(sub { ($kept = $site->messages) >= 11 && !$site->status->{store}{backlog} },
    'what was sent whole');
cmp_ok($kept, '>=', 11, "what was sent whole is kept: @{[ $kept - 1 ]} of 20");
is($site->deliver($site->comment('last', 'words'))->{status}, 200, 'life goes on');
is($nginx->workers + 0, 1, 'with the same worker');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

# a load whose clients give up in the middle
my $load = $site->start_load(count => 3000, concurrency => 32);
$nginx->wait_until(sub { $site->messages > 500 }, 'some messages');
kill 'KILL', $load->{pid};
close $load->{out};
$nginx->wait_until(sub { !$site->status->{store}{backlog} }, 'the backlog to go');
is($site->deliver($site->comment('very-last', 'words'))->{status}, 200,
    'and after a load that went away');
unlike($nginx->error_log, qr/exited on signal/, 'no worker died');

done_testing();
