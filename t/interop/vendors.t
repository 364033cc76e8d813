# The vendors' own code agrees with ours: what their signers sign is genuine
# to `triage verify`, and what `triage deliver` sends is genuine to their
# verifiers.  With a bit of the body flipped neither side takes it.
#
# Needs node and npm, and npm's registry once: the packages are installed in
# the build folder.  Skipped, loudly, where they cannot be had; with
# TRIAGE_INTEROP=1 that is a failure.
use strict;
use warnings;

use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Copy qw(copy);
use File::Path qw(make_path);
use FindBin;
use IPC::Open2 qw(open2);
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $now   = 1772440530;
my $build = abs_path($ENV{TRIAGE_BUILD} // "$FindBin::Bin/../../build");
my $dir   = "$build/interop";
my $json  = JSON::PP->new->utf8->canonical;
my ($from_node, $to_node, $node);

sub not_checked {
    my ($why) = @_;

    BAIL_OUT("the vendors' code: $why") if $ENV{TRIAGE_INTEROP};
    diag("NOT CHECKED against the vendors' own code: $why");
    plan skip_all => "NOT CHECKED: $why";
}

sub has { return system("command -v $_[0] >/dev/null 2>&1") == 0 }

# Installed again when package.json is newer than what there is.
sub install {
    my $stamp = "$dir/installed";
    my $list  = "$FindBin::Bin/package.json";

    not_checked("$_ is not installed") for grep { !has($_) } qw(node npm);
    make_path($dir);
    copy("$FindBin::Bin/vendors.mjs", "$dir/vendors.mjs") or die $!;
    return if -e $stamp && (stat $stamp)[9] >= (stat $list)[9];

    copy($list, "$dir/package.json") or die $!;
    system("cd '$dir' && timeout 180 npm install --no-audit --no-fund"
            . " --ignore-scripts --loglevel=error > npm.log 2>&1") == 0
        or not_checked("npm cannot install the packages, see $dir/npm.log");
    open my $file, '>', $stamp or die "$stamp: $!";
}

sub ask {
    my (%question) = @_;

    $question{body} = encode_base64($question{body}, '');
    print {$to_node} $json->encode(\%question), "\n";
    my $line = <$from_node> // die 'node has died';
    my $answer = $json->decode($line);
    die $answer->{error} if $answer->{error};
    return $answer;
}

sub flip {
    my ($body) = @_;

    substr($body, length($body) / 2, 1) ^= "\x01";
    return $body;
}

sub headers_of {
    my ($headers) = @_;

    return map { ('--header', "$_: $headers->{$_}") } sort keys %{$headers};
}

# --- what is asked of whom -------------------------------------------------

my @json_bodies = (
    '{"events":[],"entry":[],"serviceUrl":"https://a.example/","channelId":"msteams"}',
    "{ \"text\" : \"K\xc3\xb6ln \xf0\x9f\x98\xa1 \xe4\xbd\xa0\xe5\xa5\xbd\","
        . "\r\n\t\"serviceUrl\":\"https://a.example/\","
        . "\"channelId\":\"msteams\" }\n",
    '{"text":"\u00e4\/\ud83d\ude21 <b>&amp;</b> 100% +1","n":9007199254740993,'
        . '"serviceUrl":"https://a.example/","channelId":"msteams"}',
    '{"serviceUrl":"https://a.example/","channelId":"msteams","long":"' . 'x' x 70000 . '"}',
);

my @forms = (
    'Body=Where+is+my+order%3F&From=%2B15005550009&To=%2B15005550006',
    'Body=K%C3%B6ln+%F0%9F%98%A1&A=&B=1&b=2&a=3&MessageSid=SM1',
    'Tag=b&Tag=a&Tag=b&Body=x%26y%3Dz%25+%2B',
    'Body=tilde~quote%27paren%28%29star%2A&Empty=',
);

my $digest = sha256_hex($json_bodies[1]);
my @urls = (
    'https://hooks.example.com/hooks/twilio',
    'https://hooks.example.com/hooks/twilio?brand=1&x=a%20b',
    'https://hooks.example.com:443/hooks/twilio?brand=1',
    'http://hooks.example.com/hooks/twilio',
    'https://user:pw@hooks.example.com/hooks/twilio?a=b:c/d',
    q{https://hooks.example.com/hooks/twilio?note=it's},
);

sub key_of { return (split /\n/, Triage::Fixture::content($_[0]))[0] }

sub fixture_path { return "$FindBin::Bin/../fixtures/$_[0]" }

my $hub = { secret => 'a secret of Meta' };
my $raw = key_of(fixture_path('discord/secret'));
my ($public) =
    Triage::Fixture::content(fixture_path('discord/secret')) =~ /^(\w{64})$/m;
$raw = decode_base64($raw =~ s/^whsk_//r);

my @vendors = (
    { platform => 'line', package => '@line/bot-sdk', secret => 'channel' },
    { platform => 'slack', package => '@slack/bolt', secret => 'signing' },
    {
        platform => 'discord', package => 'discord-interactions',
        secret => $public, signs => 1,
        file => fixture_path('discord/secret'),
        more => { private_key => encode_base64(
            pack('H*', '302e020100300506032b657004220420') . $raw, '') },
    },
    {
        platform => 'discord-events', vendor => 'discord',
        package => 'discord-interactions', secret => $public,
        file => fixture_path('discord/secret'),
    },
    {
        platform => 'standard', package => 'standardwebhooks', signs => 1,
        secret => 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        more => { id => 'msg_p5jXN8AQM9LWM0D4loKWxJek' },
        headers => ['webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek'],
    },
    {
        platform => 'teams', package => 'jsonwebtoken', signs => 1,
        signs_no_body => 1, options => ['audience=app',
            'jwks=@' . fixture_path('teams/jwks'),
            'signer=@' . fixture_path('teams/signer')],
        more => { audience => 'app', key_id => 'triage-test-1',
            jwks => Triage::Fixture::content(fixture_path('teams/jwks')),
            signer => Triage::Fixture::content(fixture_path('teams/signer'))
        },
    },
    map({ { platform => $_, vendor => 'facebook', signs => 1, %{$hub},
        package => '@octokit/webhooks-methods' } }
        qw(facebook instagram threads whatsapp)),
    {
        platform => 'mastodon', package => '@octokit/webhooks-methods',
        signs => 1, %{$hub},
    },
);

sub options_of {
    my ($vendor, $url) = @_;
    my $secret = $vendor->{file} // file_with(($vendor->{secret} // '-') . "\n");

    return ($vendor->{platform}, '--secret', $secret, '--now', $now,
        '--url', $url, map({ ('--header', $_) } @{ $vendor->{headers} // [] }),
        map { ('--option', $_) } @{ $vendor->{options} // [] });
}

sub question_of {
    my ($vendor, $url, $body) = @_;

    return (vendor => $vendor->{vendor} // $vendor->{platform}, url => $url,
        secret => $vendor->{secret}, now => $now, body => $body,
        %{ $vendor->{more} // {} });
}

sub our_headers {
    my ($vendor, $url, $body) = @_;
    my $printed = triage({ in => $body }, 'deliver',
        options_of($vendor, $url), '--print', 'http://127.0.0.1/');
    my $signature = fixture_signature($printed->{out}, { headers => [] });

    is($printed->{status}, 0, 'triage deliver --print') or diag($printed->{err});
    return { map { /^([^:]+): (.*)/s ? (lc $1 => $2) : () }
            @{ $signature->{headers} } };
}

sub they_take_ours {
    my ($vendor, $url, $body) = @_;
    my $headers = our_headers($vendor, $url, $body);
    my $answer = ask(do => 'verify', question_of($vendor, $url, $body),
        headers => $headers);

    ok($answer->{ok}, 'they take what we sign') or diag($answer->{why});
    return if $vendor->{signs_no_body};

    $answer = ask(do => 'verify', question_of($vendor, $url, flip($body)),
        headers => $headers);
    ok(!$answer->{ok}, 'but not with a bit flipped');
}

sub we_take_theirs {
    my ($vendor, $url, $body) = @_;
    my $answer = ask(do => 'sign', question_of($vendor, $url, $body));
    my @theirs = ('verify', options_of({ %{$vendor}, headers => [] }, $url),
        headers_of($answer->{headers}));
    my $run = triage({ in => $body }, @theirs);

    is($run->{status}, 0, 'we take what they sign') or diag($run->{err});
    return if $vendor->{signs_no_body};

    is(triage({ in => flip($body) }, @theirs)->{status}, 1,
        'but not with a bit flipped');
}

sub check_body {
    my ($vendor, $url, $body) = @_;

    they_take_ours($vendor, $url, $body);
    we_take_theirs($vendor, $url, $body) if $vendor->{signs};
}

# --- and the answers -------------------------------------------------------

install();
$node = open2($from_node, $to_node, 'node', "$dir/vendors.mjs");

for my $vendor (@vendors) {
    subtest "$vendor->{platform} with $vendor->{package}" => sub {
        check_body($vendor, 'https://hooks.example.com/', $_)
            for @json_bodies;
    };
}

my %twilio = (platform => 'twilio', package => 'twilio', signs => 1,
    secret => '0123456789abcdef0123456789abcdef');

subtest 'twilio with twilio' => sub {
    for my $url (@urls) {
        check_body(\%twilio, $url, $_) for @forms;
    }
    check_body(\%twilio, "https://hooks.example.com/?bodySHA256=$digest",
        $json_bodies[1]);
};

for my $ping (['discord', '{"type":1,"id":"1","token":"t","version":1}'],
    ['discord-events', '{"version":1,"application_id":"1","type":0}'])
{
    my ($platform, $body) = @{$ping};
    my ($vendor) = grep { $_->{platform} eq $platform } @vendors;
    my $url = 'https://hooks.example.com/';
    my $headers = our_headers($vendor, $url, $body);
    my $answer = ask(do => 'answer', question_of($vendor, $url, $body),
        platform => $platform, headers => $headers);
    my $run = triage({ in => $body }, 'verify', options_of($vendor, $url),
        headers_of($headers), '--reply');

    # Discord's documentation asks for a type with 204, its package sets none
    $run->{out} =~ s/\A(204)\n[^\n]+/$1\n/;
    is($run->{out}, $answer->{answer}, "$platform: a ping is answered alike");
}

subtest 'twilio in the spellings that its SDK tries' => sub {
    my @spellings = (
        ['with the port', ':443/a?b=c', '/a?b=c'],
        ['without the port', '/a?b=c', ':443/a?b=c'],
        ['with quotes escaped', '/a?note=it%27s', q{/a?note=it's}],
        ['with everything escaped', '/a?x=b%3Ac%2Fd&y=', '/a?x=b:c/d&y'],
    );

    for my $case (@spellings) {
        my ($name, $signed, $received) =
            ($case->[0], map { "https://hooks.example.com$_" } @{$case}[1, 2]);
        my $answer = ask(do => 'sign',
            question_of(\%twilio, $signed, $forms[0]));
        my @headers = headers_of($answer->{headers});

        is(triage({ in => $forms[0] }, 'verify',
            options_of(\%twilio, $received), @headers)->{status}, 0,
            "signed $name");
        ok(ask(do => 'verify', question_of(\%twilio, $received, $forms[0]),
            headers => $answer->{headers})->{ok}, 'the SDK takes it too');
    }

    my $answer = ask(do => 'sign', question_of(\%twilio,
        'https://hooks.example.com/a?b=c', $forms[0]));
    my $run = triage({ in => $forms[0] }, 'verify',
        options_of(\%twilio, 'https://hooks.example.com/a?b=d'),
        headers_of($answer->{headers}));
    is($run->{status}, 1, 'another query is another URL');
};

subtest 'teams refuses what jsonwebtoken signs otherwise' => sub {
    my ($teams) = grep { $_->{platform} eq 'teams' } @vendors;
    my %question = question_of($teams, '', $json_bodies[0]);

    for my $case (['RS512'], ['HS256', signer => $question{jwks}]) {
        my ($algorithm, @more) = @{$case};
        my $answer = ask(do => 'sign', %question, @more,
            algorithm => $algorithm);
        my $run = triage({ in => $json_bodies[0] }, 'verify',
            options_of($teams, 'https://hooks.example.com/'),
            headers_of($answer->{headers}));
        is($run->{status}, 1, "$algorithm is forged");
    }
};

close $to_node;
waitpid $node, 0;
is($?, 0, 'node ends well');
done_testing();
