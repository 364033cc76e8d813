#!/usr/bin/perl
# The variables say in the access log what came of a delivery.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    server => <<'END',
        client_max_body_size 64k;
        location = /plain { return 204; }
END
)->start;
my $nginx = $site->nginx;
my $seen  = 0;

# The next line of the access log, as a hash.
sub line {
    my @lines;
    $nginx->wait_until(sub {
        @lines = split /\n/, $site->access_log;
        @lines > $seen;
    }, 'a line of the access log');
    my $line = $lines[ $seen++ ];
    return { $line =~ /(\w+)=("[^"]*"|\S*)/g };
}

$site->deliver($site->comment(1,
    'URGENT!!! I am stranded at the airport with my children, help now!'));
my $line = line();
is($line->{platform},   'facebook', 'the platform');
is($line->{brand},      'acme',     'the brand');
is($line->{outcome},    'ok',       'the outcome');
is($line->{why},        '"-"',      'and why: nothing to say');
is($line->{messages},   1,          'how many messages');
is($line->{duplicates}, 0,          'how many were known');
like($line->{urgency},    qr/^\d{1,3}$/, 'urgency');
like($line->{visibility}, qr/^\d{1,3}$/, 'visibility');
like($line->{queue}, qr/^(?:crisis|urgent|standard)$/, 'the queue');
cmp_ok($line->{urgency}, '>', 30, 'an urgent message is more than a little urgent');

$site->deliver($site->comment(1,
    'URGENT!!! I am stranded at the airport with my children, help now!'));
is(line()->{duplicates}, 1, 'a duplicate');

$site->deliver($site->comment(2, 'thanks', verb => 'like', item => 'like'));
$line = line();
is($line->{outcome}, 'ok', 'a kind that nobody waits for is kept');
is($line->{queue}, '-', 'and has no queue');

$nginx->post('/hooks/facebook', '{}');
$line = line();
is("$line->{status} $line->{outcome}", '401 forged', 'a forged delivery');
like($line->{why}, qr/signature/, 'and why');

$site->deliver('{"object":');
$line = line();
is("$line->{status} $line->{outcome}", '200 malformed', 'an unreadable one');
is($line->{why}, '"JSON ends too early"', 'and why');

$nginx->get('/plain');
$line = line();
is("$line->{status} $line->{platform} $line->{outcome}", '204 - -',
    'elsewhere there is nothing to say');

my $large = $site->comment(3, 'x' x 100_000);
$site->deliver($large);
$line = line();
is($line->{status}, 413, 'a body over the limit');
is($line->{platform}, 'facebook', 'has its platform all the same');

# a client that leaves in the middle of its body
my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $nginx->port) or die "connect: $!";
print {$socket} "POST /hooks/facebook HTTP/1.1\r\nHost: a\r\n"
    . "Content-Length: 1000\r\n\r\nhalf";
$socket->flush;
close $socket;
$line = line();
is("$line->{status} $line->{outcome}", '400 abandoned',
    'a body that never ends is abandoned');

done_testing();
