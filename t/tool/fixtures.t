# Each fixture is read as its `expected` says, is genuine when signed as the
# platform signs, forged with one bit flipped, and answered as its `reply`
# says.
use strict;
use warnings;

use File::Basename qw(dirname);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

# Signatures that do not cover the body: a flipped bit is not seen.
my %does_not_sign_the_body = map { $_ => 1 } qw(
    bluesky-tap google-business teams telegram trustpilot webmention wechat
);
my %signs_nothing = map { $_ => 1 } qw(trustpilot webmention);

# What `custom` signs is up to the case.
sub signs_the_body {
    my ($case) = @_;
    my $custom = Triage::Fixture::content("$case->{dir}/custom");

    return defined $custom
        ? $custom =~ /^signature (?:hmac|ed25519)/m
        : !$does_not_sign_the_body{ $case->{platform} };
}

my $json = JSON::PP->new->utf8->allow_nonref;
my @only = split ' ', $ENV{TRIAGE_ONLY} // '';
my %known = map { (split)[0] => 1 } @{ triage('platforms')->{lines} };

# Only the members that `expected` names; deep.
sub shown {
    my ($got, $expected) = @_;

    return { map { $_ => $got->{$_} } keys %{$expected} };
}

sub check_messages {
    my ($case, $run) = @_;
    my @expected =
        map { $json->decode($_) } split /\n/,
        Triage::Fixture::content("$case->{dir}/expected") // '';
    my @got = map { $json->decode($_) } @{ $run->{lines} };

    is(scalar @got, scalar @expected, 'as many messages as expected');

    for my $i (0 .. $#expected) {
        is_deeply(shown($got[$i] // {}, $expected[$i]), $expected[$i],
            "message $i is as expected")
            or diag($run->{lines}[$i] // 'none');
        ok(length($got[$i]{message_id} // ''), 'and has a message_id');
    }
}

sub check_complaint {
    my ($case, $run) = @_;
    my $malformed = Triage::Fixture::content("$case->{dir}/malformed");
    my $problem   = Triage::Fixture::content("$case->{dir}/problem");
    my $why = $malformed // $problem;

    is($run->{status}, defined $malformed ? 2 : 0, 'exit status of parse')
        or diag($run->{err});

    if (defined $why) {
        chomp $why;
        like($run->{err}, qr/\Q$why\E/, 'the complaint');

    } elsif ($case->{reply} && !-e "$case->{dir}/expected") {
        like($run->{err}, qr/a handshake/, 'a signed handshake');

    } else {
        is($run->{err}, '', 'no complaint');
    }
}

sub parse {
    my ($case, $options) = @_;
    my $run = triage({ in => $case->{body} }, 'parse', $case->{platform},
        @{$options});

    check_complaint($case, $run);
    check_messages($case, $run) if -e "$case->{dir}/expected";

    my $again = triage({ in => $case->{body} }, 'parse', $case->{platform},
        @{$options});
    is($again->{out}, $run->{out}, 'a redelivery reads the same');
}

# The options of a genuine delivery of this body.
sub signed {
    my ($case, $options, $body) = @_;
    my $printed = triage({ in => $body }, 'deliver', $case->{platform},
        @{$options}, '--print', "http://hooks.example.com$case->{path}"
            . (defined $case->{query} ? "?$case->{query}" : ''));
    my $signature = fixture_signature($printed->{out}, $case);

    is($printed->{status}, 0, 'can be signed') or diag($printed->{err});

    my @signed = (@{$options},
        map { ('--header', $_) } @{ $signature->{headers} });

    if (($signature->{query} // '') ne ($case->{query} // '')) {
        push @signed, '--query', $signature->{query};
        @signed = without_query(@signed) if !-e "$case->{dir}/url";
    }
    return ($signature, @signed);
}

# --query counts where the URL has none.
sub without_query {
    my @options = @_;

    for my $i (1 .. $#options) {
        $options[$i] =~ s/\?.*//s if $options[ $i - 1 ] eq '--url';
    }
    return @options;
}

sub flip {
    my ($body) = @_;

    substr($body, length($body) / 2, 1) ^= "\x01";
    return $body;
}

sub verify {
    my ($case, $options) = @_;
    my ($signature, @genuine) = signed($case, $options, $case->{body});
    my $platform = $case->{platform};
    my $run = triage({ in => $case->{body} }, 'verify', $platform, @genuine);

    is($run->{status}, 0, 'genuine') or diag($run->{err});

    if ($case->{reply}) {
        $run = triage({ in => $case->{body} }, 'verify', $platform, @genuine,
            '--reply');
        is_reply($case, $run);
    }

    if (signs_the_body($case) && length $case->{body}) {
        $run = triage({ in => flip($case->{body}) }, 'verify', $platform,
            @genuine);
        is($run->{status}, 1, 'forged with a bit of the body flipped');
    }

    if (!$signs_nothing{$platform} && @{ $signature->{headers} }) {
        $run = triage({ in => $case->{body} }, 'verify', $platform,
            @{$options});
        is($run->{status}, 1, 'forged without its signature');
    }
}

sub is_reply {
    my ($case, $run) = @_;
    my ($status, $type, undef, $body) = split /\n/, $run->{out}, 4;

    is($status, $case->{reply}{status}, 'status of the answer');
    is($type // '', $case->{reply}{type}, 'type of the answer');
    is($body // '', $case->{reply}{body}, 'body of the answer');
}

sub handshake {
    my ($case, $options) = @_;
    my $run = triage('verify', $case->{platform}, @{$options}, '--method',
        $case->{method}, '--reply');

    if ($case->{reply}{status} >= 400) {
        is($run->{status}, 1,  'denied');
        is($run->{out},    '', 'without an answer');
        return;
    }

    is($run->{status}, 0, 'answered') or diag($run->{err});
    is_reply($case, $run);
}

for my $platform (fixture_platforms()) {
    next if @only && !grep { $_ eq $platform } @only;

    subtest $platform => sub {
        if (!$known{$platform}) {
            plan skip_all => 'no row in the registry: see t/platforms.t';
        }

        for my $case (fixtures($platform)) {
            subtest $case->{name} => sub {
                my @options = fixture_options($case);

                if ($case->{method} ne 'POST') {
                    handshake($case, \@options);
                    return;
                }

                parse($case, \@options);
                verify($case, \@options);
            };
        }
    };
}

done_testing();
