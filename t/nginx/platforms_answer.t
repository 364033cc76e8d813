#!/usr/bin/perl
# Every fixture of every platform goes through a real nginx: signed as the
# platform signs, it is answered exactly as the platform wants, handshakes
# without a store too, and the samples are in the inbox afterwards.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use Test::More;
use Triage::Fixture;
use Triage::Nginx;
use Triage::Postgres;
use Triage::Tool;

my $public = 'https://hooks.example.com';
my $json = JSON::PP->new->utf8;
my %needs = map { /^(\S+).*\s(\S+)$/ ? ($1 => $2) : () }
    @{ triage('platforms')->{lines} };
my @cases = grep { is_whole($_) } map { fixtures($_) }
    grep { $needs{$_} } fixture_platforms();
my (%files, @locations, %is_scored);

$is_scored{$_} = 1 for qw(message comment mention review edit);

sub is_whole {
    my ($case) = @_;

    return $needs{ $case->{platform} } !~ /options/
        || defined fixture_file($case, 'options');
}

# Each case has a location and a brand of its own: nothing is a duplicate.
sub place_of { return "$_[0]{platform}.$_[0]{name}" }

# Secrets must not be readable by the world: they are copied.
sub keep {
    my ($name, $content) = @_;

    $files{$name} = $content;
    return "%dir%/$name";
}

sub option_line {
    my ($case, $place, $option) = @_;
    my ($name, $value) = split /=/, $option, 2;

    if ($value =~ s/^\@//) {
        my $content = fixture_file($case, $value);
        $value = '@' . keep("$place.$value", $content);
    }
    $value =~ s/(["\\])/\\$1/g;
    return qq{$name "$value";};
}

sub location_of {
    my ($case) = @_;
    my $place = place_of($case);
    my ($secret, $token, $account, $ids, $options) =
        map { fixture_file($case, $_) }
        qw(secret token account brand_ids options);
    my @lines = ("triage $case->{platform};", "triage_brand $case->{name};",
        "triage_url $public/hooks/$place;", 'triage_tolerance 10000d;');

    push @lines, 'triage_secret ' . keep("$place.secret", $secret) . ';'
        if defined $secret;
    push @lines, 'triage_verify_token ' . keep("$place.token", $token) . ';'
        if defined $token;
    push @lines, 'triage_account "' . (split /\n/, $account)[0] . '";'
        if length($account // '');
    push @lines, map { qq{triage_brand_id "$_";} } grep { length }
        split /\n/, $ids // '';
    push @lines, 'triage_options {',
        map({ option_line($case, $place, $_) } grep { length }
            split /\n/, $options), '}'
        if defined $options;

    return "location = /hooks/$place { @lines }";
}

sub without {
    my ($name, @options) = @_;

    for (my $i = 0; $i < @options;) {
        $options[$i] eq $name ? splice(@options, $i, 2) : $i++;
    }
    return @options;
}

my %locations = map { place_of($_) => location_of($_) } @cases;
my $postgres = Triage::Postgres->new(fsync => 0)->start->migrate;
my $conninfo = $postgres->conninfo(host => '127.0.0.1');
my $nginx = Triage::Nginx->new(
    files => \%files,
    http  => <<"END",
        triage_database "$conninfo";
        triage_queue standard respond=24h;
        triage_route standard;
        client_max_body_size 4m;
END
    server => join("\n", map { $locations{$_} } sort keys %locations),
)->start;

# The whole request as `triage deliver` writes it.
sub request_of {
    my ($case) = @_;
    my $target = '/hooks/' . place_of($case)
        . (defined $case->{query} ? "?$case->{query}" : '');

    if ($case->{method} ne 'POST') {
        my @headers = map { split /:\s*/, $_, 2 } @{ $case->{headers} };
        return $nginx->request($case->{method}, $target, undef, @headers);
    }

    my @options = without('--now', without('--url', fixture_options($case)));
    my $run = triage({ in => $case->{body} }, 'deliver', $case->{platform},
        @options, '--url', $public . $target, '--print',
        $nginx->url . $target);

    is($run->{status}, 0, "$case->{name} is signed") or diag($run->{err});
    return $nginx->raw($run->{out} =~ s/\r\n/\r\nConnection: close\r\n/r);
}

sub check_reply {
    my ($case, $answer) = @_;
    my $reply = $case->{reply};
    my $name = "$case->{platform}/$case->{name}";

    if (!$reply) {
        like($answer->{status}, qr/^20[024]$/, "$name is kept")
            or diag($nginx->error_log);
        return;
    }

    is($answer->{status}, $reply->{status}, "$name: status");
    return if $reply->{status} >= 400;
    is(($answer->{headers}{'content-type'} // '') =~ s/;.*//r,
        $reply->{type}, "$name: type") if length $reply->{type};
    is($answer->{body}, $reply->{body}, "$name: body");
    is($answer->{headers}{'x-content-type-options'}, 'nosniff',
        "$name: is not sniffed at");
}

sub is_handshake {
    my ($case) = @_;

    return 1 if $case->{method} ne 'POST';
    return triage({ in => $case->{body} }, 'parse', $case->{platform},
        fixture_options($case))->{err} =~ /a handshake/;
}

# Not even a forged delivery without a body hurts.
for my $length ("Content-Length: 0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r\n")
{
    my $place = (sort grep { /^facebook\./ } keys %locations)[0];
    my $answer = $nginx->raw("POST /hooks/$place HTTP/1.1\r\nHost: h\r\n"
            . "Connection: close\r\n$length");

    is($answer->{status}, 401, 'no body, no signature: forged');
}

my %expected;

for my $case (@cases) {
    check_reply($case, request_of($case));

    next if !-e "$case->{dir}/sample";
    my @messages = map { $json->decode($_) } split /\n/,
        Triage::Fixture::content("$case->{dir}/expected");
    $expected{ $case->{platform} } = 1
        if grep { $is_scored{ $_->{kind} } } @messages;
}

is_deeply([split /\n/, $postgres->psql(
        'select distinct platform from triage.inbox order by 1')],
    [sort keys %expected], 'every platform with a sample is in the inbox');

$postgres->stop;

for my $case (grep { $_->{reply} && is_handshake($_) } @cases) {
    check_reply($case, request_of($case));
}

unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alert in the log');
done_testing();
