# `triage verify`: 0 genuine, 1 forged or stale, handshakes answered.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex hmac_sha256_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Tool;

my $body   = qq({"object":"page","entry":[],"x":"\0\xff"});
my $secret = file_with("# the next key, and today's\nnew\n  old  \n");

sub verify_facebook {
    my ($sent, $signature, @more) = @_;

    return triage({ in => $sent }, 'verify', 'facebook', '--secret', $secret,
        '--header', "X-Hub-Signature-256: $signature", @more);
}

for my $key ('new', 'old') {
    my $signature = 'sha256=' . hmac_sha256_hex($body, $key);
    my $run = verify_facebook($body, $signature);
    is($run->{status}, 0,  "signed with the $key key: genuine");
    is($run->{out},    '', 'nothing is printed');
    is($run->{err},    '', 'nothing is said');
}

my $signature = 'sha256=' . hmac_sha256_hex($body, 'new');
my %forged = (
    'a flipped bit in the body' => [$body ^ "\0\0\1", $signature],
    'a byte more'               => [$body . "\n",     $signature],
    'another key' => [$body, 'sha256=' . hmac_sha256_hex($body, 'evil')],
    'half a signature' => [$body, substr($signature, 0, 39)],
    'no hex'           => [$body, 'sha256=' . 'z' x 64],
    'another scheme'   => [$body, 'sha1=' . substr($signature, 7)],
    'an empty one'     => [$body, ''],
);

for my $what (sort keys %forged) {
    my $run = verify_facebook(@{ $forged{$what} });
    is($run->{status}, 1, "$what: forged");
    like($run->{err}, qr/^triage verify: forged: .+$/, 'with the reason');
    unlike($run->{err}, qr/new|evil|$signature/, 'which tells no secret');
}

my $run = triage({ in => $body }, 'verify', 'facebook', '--secret', $secret);
is($run->{status}, 1, 'no signature at all: forged');

my $token = file_with("sesame\n");
my @get = ('verify', 'facebook', '--secret', $secret, '--token', $token,
    '--method', 'GET', '--url');
$run = triage(@get, 'https://example.org/hooks/facebook?hub.mode=subscribe'
        . '&hub.challenge=1158201444&hub.verify_token=sesame');
is($run->{status}, 0,            'a handshake with our token');
is($run->{out},    '1158201444', 'is answered with the challenge, exactly');

$run = triage(@get, 'https://example.org/?hub.mode=subscribe'
        . '&hub.challenge=1158201444&hub.verify_token=guess');
is($run->{status}, 1,  'a handshake with another token is denied');
is($run->{out},    '', 'without an answer');
like($run->{err}, qr/^triage verify: denied: /, 'and a reason');

$run = triage(@get[0 .. 5], '--method', 'GET', '--reply', '--query',
    'hub.mode=subscribe&hub.challenge=42&hub.verify_token=sesame');
like($run->{out}, qr{^200\n[^\n]*\n\n42\z}, '--reply prints all of it');

$run = triage('verify', 'x', '--secret', $secret, '--method', 'GET',
    '--query', 'crc_token=abc');
is($run->{status}, 0, 'the challenge of X');
like($run->{out}, qr/sha256=\Q@{[hmac_sha256_base64('abc', 'new')]}\E=/,
    'is answered with a signature');

$run = triage('verify', 'facebook', '--secret', $secret, '--method', 'GET');
is($run->{status}, 1, 'a GET that is no handshake is refused');

done_testing();
