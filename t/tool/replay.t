# Signatures that carry a time are good for a while only.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $now = 1772440530;

sub fixture { return "$FindBin::Bin/../fixtures/$_[0]" }

# Signed at $now, received so many seconds later.
sub outcome {
    my ($case, $later, @more) = @_;
    my ($platform, $name, $options) = @{$case}{qw(platform name options)};
    my $secret = fixture("$platform/" . ($case->{secret} // 'secret'));
    my @options = ($platform, '--secret', $secret,
        map { ('--option', $_) } @{ $options // [] });
    my $body = Triage::Fixture::content(fixture("$platform/$name/body"));
    my $printed = triage({ in => $body }, 'deliver', @options, '--now', $now,
        '--print', "http://hooks.example.com/hooks/$platform");
    my $signature = fixture_signature($printed->{out}, { headers => [] });
    my $run = triage({ in => $body }, 'verify', @options, @more,
        '--now', $now + $later,
        map({ ('--header', $_) } @{ $signature->{headers} }),
        '--query', $signature->{query} // '');

    return $run->{status} == 0 ? 'genuine'
        : $run->{err} =~ /stale/ ? 'stale'
        :                          $run->{err};
}

my @strict = (
    { platform => 'slack',  name => 'message_in_a_channel' },
    { platform => 'tiktok', name => 'direct_message' },
    { platform => 'wechat', name => 'text_message' },
);
my @lenient = (
    { platform => 'discord',        name => 'slash_command' },
    { platform => 'discord-events', name => 'game_direct_message' },
    { platform => 'wechat', name => 'encrypted_message',
        secret => 'encrypted_message/secret' },
);
my @teams = map { "$_=\@" . fixture("teams/$_") } qw(jwks signer);
my $teams = { platform => 'teams', name => 'personal_message',
    secret => '../slack/secret', options => ['audience=a', @teams] };

for my $case (@strict) {
    my $name = $case->{platform};

    is(outcome($case, 0),    'genuine', "$name: at once");
    is(outcome($case, 300),  'genuine', "$name: 300 s later");
    is(outcome($case, 301),  'stale',   "$name: later");
    is(outcome($case, -300), 'genuine', "$name: with a clock ahead");
    is(outcome($case, -301), 'stale',   "$name: too far ahead");
    is(outcome($case, 900, '--tolerance', 900), 'genuine',
        "$name: with a wider window");
    is(outcome($case, 61, '--tolerance', 60), 'stale',
        "$name: with a narrow one");
}

for my $case (@lenient) {
    my $name = "$case->{platform}/$case->{name}";

    is(outcome($case, 86400), 'genuine', "$name: a day later");
    is(outcome($case, 61, '--tolerance', 60), 'stale',
        "$name: with a window");
    is(outcome($case, -61, '--tolerance', 60), 'stale',
        "$name: with a window, ahead");
}

is(outcome($teams, 3600 + 299), 'genuine', 'a token a little late');
is(outcome($teams, 3600 + 300), 'stale',   'a token too late');
is(outcome($teams, -301),       'stale',   'a token too early');

done_testing();
