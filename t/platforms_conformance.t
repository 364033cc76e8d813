# The shared payloads are read as PLATFORMS.md says, and the shared signature
# vectors are genuine or forged as they state.
use strict;
use warnings;

use File::Basename qw(basename);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $shared = ($ENV{TRIAGE_SHARED} // "$FindBin::Bin/../../shared")
    . '/platforms/payloads';

plan skip_all => "NOT CHECKED: $shared is not there" unless -d $shared;

my $json = JSON::PP->new->utf8->allow_nonref;
my %known = map { (split)[0] => 1 } @{ triage('platforms')->{lines} };

# name => { options, expected, malformed, platform } of a folder
sub blocks {
    my ($path, $folder) = @_;
    my (%blocks, $block);
    my $text = Triage::Fixture::content($path) // '';

    for my $line (split /\n/, $text) {
        next if $line =~ /^#/;

        if ($line =~ /^\s*$/) {
            undef $block;

        } elsif (!$block) {
            $block = $blocks{$line} =
                { platform => $folder, options => [], expected => [] };

        } elsif ($line =~ /^\+ (.*)/) {
            push @{ $block->{options} }, $1;

        } elsif ($line =~ /^= (\S+)/) {
            $block->{platform} = $1;

        } elsif ($line eq 'malformed') {
            $block->{malformed} = 1;

        } else {
            push @{ $block->{expected} }, $json->decode($line);
        }
    }

    return \%blocks;
}

sub is_read {
    my ($file, $block) = @_;
    my $run = triage({ in => Triage::Fixture::content($file) }, 'parse',
        $block->{platform}, @{ $block->{options} });
    my @got = map { $json->decode($_) } @{ $run->{lines} };
    my @expected = @{ $block->{expected} };

    is($run->{status}, $block->{malformed} ? 2 : 0, 'exit status')
        or diag($run->{err});
    is(scalar @got, scalar @expected, 'as many messages as expected');

    for my $i (0 .. $#expected) {
        my %shown = map { $_ => $got[$i]{$_} } keys %{ $expected[$i] };

        is_deeply(\%shown, $expected[$i], "message $i");
    }
}

for my $folder (map { basename($_) } grep { -d } glob "$shared/*") {
    subtest "payloads of $folder" => sub {
        my $blocks =
            blocks("$FindBin::Bin/conformance/$folder.expected", $folder);
        my @files = glob "$shared/$folder/*";

        for my $file (@files) {
            my $block = delete $blocks->{ basename($file) };

            subtest basename($file) => sub {
                ok($block, 'there is an expectation') or return;
                is_read($file, $block);
            };
        }

        is_deeply([sort keys %{$blocks}], [],
            'every expectation has a payload');
    };
}

# --- vectors ---------------------------------------------------------------

my %named = (generic => 'standard');
my %token_only = map { $_ => 1 } qw(telegram bluesky-tap wechat);

sub platforms_of {
    my ($vector) = @_;
    my ($names) = $vector->{platform} =~ /^(\S+)/;

    return map { $named{$_} // $_ } split m{/}, $names;
}

sub form {
    my ($params) = @_;

    return join '&', map {
        my ($name, $value) = ($_, $params->{$_});
        s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge for $name, $value;
        "$name=$value";
    } sort keys %{$params};
}

sub body_of {
    my ($vector) = @_;
    my $params = $vector->{params};

    return Triage::Fixture::content("$shared/$vector->{file}")
        if $vector->{file};
    return "<xml><ToUserName><![CDATA[a]]></ToUserName><Encrypt><![CDATA["
        . "$params->{encrypt}]]></Encrypt></xml>"
        if $params && $params->{encrypt};
    return form($params) if $params;
    utf8::encode(my $body = $vector->{body} // '');
    return $body;
}

# The keys; a vector of Standard Webhooks has a public one beside.
sub secret_of {
    my ($vector) = @_;

    return file_with(join '', map {"$_\n"}
            grep { defined } @{$vector}{qw(secret public_key verify_token)});
}

sub query_of {
    my ($vector) = @_;
    my $params = $vector->{params};

    return $1 if ($vector->{request} // '') =~ /^GET \?(.*)/;
    return undef if !$params || !$params->{encrypt};
    return "timestamp=$params->{timestamp}&nonce=$params->{nonce}"
        . "&encrypt_type=aes&msg_signature=$vector->{signature}";
}

sub options_of {
    my ($platform, $vector) = @_;
    my $secret = secret_of($vector);
    my $headers = $vector->{headers} // {};
    my $query = query_of($vector);
    my @options = ($platform, '--secret', $secret, '--token', $secret,
        '--now', $vector->{now} // 1700000000);

    push @options, '--query', $query if defined $query;
    push @options, '--tolerance', $vector->{tolerance_s}
        if $vector->{tolerance_s};
    push @options, '--url', $vector->{url} // "https://hooks.example.com/"
        . (defined $query ? "?$query" : '');
    push @options, map { ('--header', "$_: $headers->{$_}") }
        sort keys %{$headers};
    return @options;
}

sub is_answered {
    my ($platform, $vector) = @_;
    my $run =
        triage('verify', options_of($platform, $vector), '--method', 'GET');
    my $response = $vector->{response};

    is($run->{status}, 0, 'answered') or diag($run->{err});

    if (ref $response) {
        is_deeply(eval { $json->decode($run->{out}) }, $response, 'as JSON');
        return;
    }

    is($run->{out}, $response, 'exactly');
}

# Signed like any other request, by our own signer: no vector gives it.
sub is_answered_when_signed {
    my ($platform, $vector) = @_;
    my $body = body_of($vector);
    my @options = options_of($platform, { %{$vector}, secret => 'shared' });
    my $printed = triage({ in => $body }, 'deliver', @options, '--print',
        'http://hooks.example.com/');
    my $signature = fixture_signature($printed->{out}, { headers => [] });
    my $run = triage({ in => $body }, 'verify', @options,
        (map { ('--header', $_) } @{ $signature->{headers} }), '--reply');

    is($run->{status}, 0, 'genuine') or diag($run->{err});
    like($run->{out}, qr/\n\n\Q$vector->{response}\E\z/, 'answered');
}

sub is_verified {
    my ($platform, $vector) = @_;
    my $must_fail = $vector->{expect} || $vector->{name} =~ /must-fail/;
    my $body = body_of($vector);
    my @options = options_of($platform, $vector);
    my $run = triage({ in => $body }, 'verify', @options);

    is($run->{status}, $must_fail ? 1 : 0,
        $must_fail ? 'refused' : 'genuine') or diag($run->{err});

    return if $must_fail || $token_only{$platform} || !length $body;

    substr($body, -1) = substr($body, -1) ^ "\x01";
    $run = triage({ in => $body }, 'verify', @options);
    is($run->{status}, 1, 'refused with a bit flipped');
}

my $vectors = $json->decode(Triage::Fixture::content("$shared/vectors.json"));

for my $vector (@{ $vectors->{vectors} }) {
    for my $platform (platforms_of($vector)) {
        subtest "vector $vector->{name} as $platform" => sub {
            plan skip_all => "NOT CHECKED: no platform $platform"
                unless $known{$platform};

            if ($vector->{request}) {
                is_answered($platform, $vector);
            } elsif ($vector->{response}) {
                is_answered_when_signed($platform, $vector);
            } else {
                is_verified($platform, $vector);
            }
        };
    }
}

done_testing();
