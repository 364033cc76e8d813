# Each way to sign that `custom` can be told of is genuine as it should be,
# and forged, stale or missing is refused.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex hmac_sha384_base64 hmac_sha512_hex);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Tool;

my $now    = 1_767_258_060;
my $body   = '{"id":"1","text":"hello"}';
my $secret = file_with("new-key\nold-key\n");
my $rest   = "message_id /id;\ntext /text;\naudience private;\n";

sub padded {
    my ($base64) = @_;

    return $base64 . '=' x (-length($base64) % 4);
}

# Exit status of verify: 0 genuine, 1 not.
sub status {
    my ($options, %with) = @_;
    my @headers = map { ('--header', $_) } @{ $with{headers} // [] };
    my @query = defined $with{query} ? ('--query', $with{query}) : ();
    my $run = triage({ in => $with{body} // $body }, 'verify', 'custom',
        '--options', file_with($options . $rest), '--secret',
        $with{secret} // $secret, '--now', $with{now} // $now, '--url',
        'https://hooks.example.com/a?b=c', @query, @headers,
        @{ $with{more} // [] });

    like($run->{err}, $with{says}, 'and says so') if $with{says};
    return $run->{status};
}

# --- HMAC ----------------------------------------------------------------------

my $options = "signature hmac-sha256;\nsignature_from header:X-Sig;\n";
my $good = hmac_sha256_hex($body, 'new-key');

is(status($options, headers => ["X-Sig: $good"]), 0, 'HMAC in hex');
is(status($options, headers => ['X-Sig: ' . uc $good]), 0, 'in capitals');
is(status($options, headers => ['x-sig: ' . hmac_sha256_hex($body, 'old-key')]),
    0, 'with the key before');
is(status($options, headers => ['X-Sig: ' . hmac_sha256_hex($body, 'other')]),
    1, 'with another key');
is(status($options, headers => ["X-Sig: $good"], body => "$body "),
    1, 'of another body');
is(status($options, headers => ["X-Sig: ${good}00"]), 1, 'too long');
is(status($options, headers => ['X-Sig: ' . substr $good, 2]), 1, 'cut off');
is(status($options, headers => ['X-Sig: ']), 1, 'empty');
is(status($options), 1, 'not there');
is(status("${options}signature_prefix sha256=;\n",
        headers => ["X-Sig: $good"]), 1, 'without its prefix');

$options = "signature hmac-sha384;\nsignature_from query:sig;\n"
    . "signature_encoding base64;\n";
my $base64 = padded(hmac_sha384_base64($body, 'new-key'));
is(status($options, query => 'x=1&sig=' . $base64 =~ s/\+/%2B/gr), 0,
    'base64 in the query');
is(status($options, query => 'x=1'), 1, 'a query without it');

$options = "signature hmac-sha512;\nsignature_from header:X-Sig;\n"
    . "id_from header:X-Id;\nsigned {id}|{url}|{body};\n";
$good = hmac_sha512_hex("7|https://hooks.example.com/a?b=c|$body", 'new-key');
is(status($options, headers => ["X-Sig: $good", 'X-Id: 7']), 0,
    'over id and URL');
is(status($options, headers => ["X-Sig: $good", 'X-Id: 8']), 1,
    'with another id');

# --- lists and times -------------------------------------------------------------

$options = "signature hmac-sha256;\nsignature_from header:X-Sig;\n"
    . "signature_part v1;\ntimestamp_from header:X-Sig;\n"
    . "timestamp_part t;\nsigned {timestamp}.{body};\n";

sub listed {
    my ($time) = @_;

    return hmac_sha256_hex("$time.$body", 'new-key');
}

is(status($options, headers => ["X-Sig: t=$now,v1=" . listed($now)]), 0,
    'a part of a list');
is(status($options,
        headers => ["X-Sig: v0=00, v1=00, v1=" . listed($now) . ", t=$now"]),
    0, 'the second of that name');
is(status($options, headers => ["X-Sig: t=$now,v0=" . listed($now)]), 1,
    'a part of another name');
for my $off (-301, 301) {
    my $time = $now + $off;

    is(status($options, headers => ["X-Sig: t=$time,v1=" . listed($time)],
            says => qr/stale/), 1, "$off seconds away");
    is(status($options, headers => ["X-Sig: t=$time,v1=" . listed($time)],
            more => ['--tolerance', 600]), 0, 'within what is tolerated');
}
is(status($options, headers => ['X-Sig: t=soon,v1=' . listed('soon')],
        says => qr/stale/), 1, 'a time that is none');
is(status($options, headers => ['X-Sig: v1=' . hmac_sha256_hex(
            ".$body", 'new-key')], says => qr/stale/), 1, 'no time');

$options = "signature hmac-sha256;\nsignature_from header:X-Sig;\n"
    . "timestamp_from header:X-At;\ntimestamp_time iso;\n"
    . "signed {timestamp}{body};\n";
$good = hmac_sha256_hex("2026-01-01T09:01:00Z$body", 'new-key');
is(status($options, headers => ["X-Sig: $good", 'X-At: 2026-01-01T09:01:00Z']),
    0, 'a time in ISO 8601');

# --- tokens ------------------------------------------------------------------------

$options = "signature token;\nsignature_from header:Authorization;\n"
    . "signature_prefix \"Bearer \";\n";
is(status($options, headers => ['Authorization: Bearer new-key']), 0,
    'a bearer token');
is(status($options, headers => ['Authorization: Bearer new-ke']), 1,
    'a shorter one');
is(status($options, headers => ['Authorization: Bearer ']), 1, 'an empty one');
is(status($options, headers => ['Authorization: new-key']), 1,
    'without Bearer');
is(status("signature token;\nsignature_from field:key;\n",
        body => 'a=b&key=old-key'), 0, 'a token in a form');

is(status("signature basic;\n", secret => file_with("ann:s3cret\n"),
        headers => ['Authorization: Basic YW5uOnMzY3JldA==']), 0, 'Basic');
is(status("signature basic;\n", secret => file_with("ann:s3cret\n"),
        headers => ['Authorization: Basic YW5uOnMzY3JldX==']), 1,
    'another password');

# --- Ed25519 -----------------------------------------------------------------------

SKIP: {
    my $key = file_with('');
    my $raw = file_with($body);

    system("openssl genpkey -algorithm ed25519 -out $key 2>/dev/null") == 0
        or skip('NOT CHECKED: openssl cannot make an Ed25519 key', 3);

    my $public = substr unpack('H*',
        `openssl pkey -in $key -pubout -outform DER`), -64;
    my $signature = unpack 'H*',
        `openssl pkeyutl -sign -rawin -inkey $key -in $raw`;
    my @with = (secret => file_with("$public\n"));

    $options = "signature ed25519;\nsignature_from header:X-Sig;\n";
    is(status($options, @with, headers => ["X-Sig: $signature"]), 0,
        'Ed25519');
    is(status($options, @with, headers => ["X-Sig: $signature"],
            body => "$body "), 1, 'of another body');
    is(status($options, @with, headers => ['X-Sig: 00']), 1, 'too short');
}

is(status("signature none;\n"), 0, 'nothing is asked for');

done_testing();
