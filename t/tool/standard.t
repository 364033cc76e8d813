# Standard Webhooks: v1 and v1a, several signatures, the window, Svix's names;
# and the JSON Schema says what is read.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use MIME::Base64 qw(encode_base64 decode_base64);
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $now  = 1_767_258_060;
my $body = '{"message_id":"1","text":"hi"}';
my $key  = 'twenty-four secret bytes';
my $secret = file_with('whsec_' . encode_base64($key, '') . "\n");

sub signed_v1 {
    my ($with, $id, $at) = @_;

    return 'v1,' . encode_base64(hmac_sha256("$id.$at.$body", $with), '');
}

my $good = signed_v1($key, 'msg_1', $now);

sub verify {
    my (%given) = @_;
    my %header = (
        'webhook-id'        => 'msg_1',
        'webhook-timestamp' => $now,
        'webhook-signature' => $good,
        %{ $given{headers} // {} },
    );

    return triage({ in => $given{body} // $body }, 'verify', 'standard',
        '--secret', $given{secret} // $secret, '--now', $given{now} // $now,
        @{ $given{more} // [] },
        map { defined $header{$_} ? ('--header', "$_: $header{$_}") : () }
            sort keys %header);
}

is(verify()->{status}, 0, 'signed with v1');

my %windows = (-301 => 1, -300 => 0, 0 => 0, 300 => 0, 301 => 1);
for my $off (sort { $a <=> $b } keys %windows) {
    my $run = verify(now => $now + $off);

    is($run->{status}, $windows{$off}, "$off s off");
    like($run->{err}, qr/stale/, 'is stale') if $run->{status};
}
is(verify(now => $now + 500, more => ['--tolerance', 600])->{status}, 0,
    'a wider window');
like(verify(body => "$body ", now => $now + 999)->{err}, qr/forged/,
    'old and forged is forged');

my $other = signed_v1('another key', 'msg_1', $now);
my ($mac) = $good =~ /^v1,(.*)/;
my %lists = (
    "$other $good"        => 0,
    "$good $other"        => 0,
    "v9,xyz v1a,AAAA $good" => 0,
    "  $good  "           => 0,
    $other                => 1,
    "v1a,$mac"            => 1,
    'v1,'                 => 1,
    'v1'                  => 1,
    ''                    => 1,
    substr($good, 0, -4)  => 1,
    substr($good, 3)      => 1,
    join(' ', ($other) x 20, $good) => 1,
);

for my $list (sort keys %lists) {
    is(verify(headers => { 'webhook-signature' => $list })->{status},
        $lists{$list}, "signatures '" . substr($list, 0, 40) . "'");
}

for my $name ('webhook-id', 'webhook-timestamp', 'webhook-signature') {
    is(verify(headers => { $name => undef })->{status}, 1, "without $name");
}
for my $time ('', 'now', "$now.5", "-$now", '99999999999999999999') {
    is(verify(headers => { 'webhook-timestamp' => $time })->{status}, 1,
        "signed at '$time'");
}
is(verify(headers => { 'webhook-id' => 'msg_2' })->{status}, 1,
    'the id is signed');

is(verify(headers => { map { $_ => undef } qw(webhook-id webhook-timestamp
        webhook-signature) })->{status}, 1, 'no headers at all');
is(triage({ in => $body }, 'verify', 'standard', '--secret', $secret,
        '--now', $now, '--header', 'Svix-Id: msg_1', '--header',
        "Svix-Timestamp: $now", '--header', "Svix-Signature: $good")->{status},
    0, q(Svix's names));

# A secret that is not base64 is used as it stands.
my $plain = file_with("a plain secret\n");
is(verify(secret => $plain, headers => {
            'webhook-signature' => signed_v1('a plain secret', 'msg_1', $now)
        })->{status}, 0, 'a plain secret');

# --- v1a -------------------------------------------------------------------

my $private = file_with('');
my $signed  = file_with("msg_1.$now.$body");
my $has_ed25519 =
    system("openssl genpkey -algorithm ed25519 -out $private 2>/dev/null") == 0;

SKIP: {
    skip 'NOT CHECKED: no openssl with Ed25519', 6 unless $has_ed25519;

    my $public = `openssl pkey -in $private -pubout -outform DER`;
    my $whpk = 'whpk_' . encode_base64(substr($public, -32), '');
    my $signature = `openssl pkeyutl -sign -inkey $private -rawin -in $signed`;
    my $v1a = 'v1a,' . encode_base64($signature, '');
    my $ring = file_with("$whpk\n");
    my $both = file_with("whsec_" . encode_base64($key, '') . "\n$whpk\n");

    is(verify(secret => $ring, headers => { 'webhook-signature' => $v1a })
            ->{status}, 0, 'signed with v1a');
    is(verify(secret => $both, headers => { 'webhook-signature' => $v1a })
            ->{status}, 0, 'with a secret beside the public key');
    is(verify(secret => $both)->{status}, 0, 'and v1 with both');
    is(verify(secret => $ring, body => "$body ",
            headers => { 'webhook-signature' => $v1a })->{status}, 1,
        'over another body');

    # What everybody may know is no secret to sign with.
    is(verify(secret => $both, headers => {
                'webhook-signature' => signed_v1($whpk, 'msg_1', $now)
            })->{status}, 1, 'the public key as a secret');
    is(verify(secret => $both, headers => {
                'webhook-signature' =>
                    signed_v1(substr($public, -32), 'msg_1', $now)
            })->{status}, 1, 'its bytes as a secret');
}

# --- the schema ------------------------------------------------------------

my $json = JSON::PP->new->utf8->allow_nonref;
my $schema = $json->decode(
    Triage::Fixture::content("$FindBin::Bin/../../docs/standard.schema.json"));
my $message = $schema->{'$defs'}{message};

for my $i (0 .. $#{ $schema->{examples} }) {
    my $run = triage({ in => $json->encode($schema->{examples}[$i]) },
        'parse', 'standard');

    is($run->{status}, 0,  "example $i of the schema is read");
    is($run->{err},    '', 'and nothing in it is wrong');
}

my ($printed) = messages_of(triage({ in => $body }, 'parse', 'standard'));
my %ours = (platform => 1, brand => 1); # told by the location
is_deeply([sort keys %{ $message->{properties} }],
    [sort grep { !$ours{$_} } keys %{$printed}],
    'the schema has the fields of a message');

# What each member of the schema may not be is wrong for us too.
my %never = (
    message_id => '{}', kind => '"shout"', audience => '"all"',
    text => '7', engagement => '[]', language => '"eng"',
    sent_at => '"soon"', author_followers => '-1', author_posts => '1.5',
    author_verified => '1', has_media => '"no"', needs_fetch => '0',
    map { $_ => 'true' } qw(account event_id thread_id parent_id author_id
        author_name author_handle),
);
for my $name (sort keys %{ $message->{properties} }) {
    my $odd = $never{$name} // 'none';
    my $parsed = triage({
            in => qq({"message_id":"1","text":"x","has_media":true,"$name":$odd})
        }, 'parse', 'standard');

    like($parsed->{err}, qr/not as the contract says/,
        "$name may not be $odd");
}

# What `parse` prints can be sent.
my ($full) = grep { $_->{name} eq 'review_with_every_field' }
    fixtures('standard');
my $once  = triage({ in => $full->{body} }, 'parse', 'standard');
my $twice = triage({ in => $once->{out} }, 'parse', 'standard');
is($twice->{out}, $once->{out}, 'what parse prints reads the same');

done_testing();
