# The examples of docs/platforms/custom.md are whole: each block is taken as
# it stands and reads the fixtures that are named below it.
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $json = JSON::PP->new->utf8->allow_nonref;
my $page =
    Triage::Fixture::content("$FindBin::Bin/../../docs/platforms/custom.md");
my %case = map { $_->{name} => $_ } fixtures('custom');

# { options, fixtures } of each block of nginx.conf.
sub examples {
    my @examples;

    while ($page =~ /```nginx\n(.*?)```\n(.*?)(?=^```nginx|^## |\z)/msg) {
        my ($block, $below) = ($1, $2);
        my ($options) = $block =~ /triage_options \{\n(.*?)\n\s*\}/s;
        my ($names) = $below =~ /^(?:.*\s)?Fixtures?:\s+(.*?)\.$/ms;

        push @examples, { options => file_with("$options\n"),
            fixtures => [($names // '') =~ /`(\w+)`/g] };
    }
    return @examples;
}

sub is_read {
    my ($example, $name) = @_;
    my $case = $case{$name} or return fail("$name is a fixture");
    my @expected = map { $json->decode($_) } split /\n/,
        Triage::Fixture::content("$case->{dir}/expected");
    my $run = triage({ in => $case->{body} }, 'parse', 'custom', '--options',
        $example->{options}, '--account', 'acme',
        map { ('--header', $_) } @{ $case->{headers} });
    my @got = map { $json->decode($_) } @{ $run->{lines} };

    for my $i (0 .. $#expected) {
        my %shown = map { $_ => $got[$i]{$_} } keys %{ $expected[$i] };

        is_deeply(\%shown, $expected[$i], "$name: message $i")
            or diag($run->{err});
    }
    is(scalar @got, scalar @expected, "$name: so many messages");
}

my @examples = examples();
cmp_ok(scalar @examples, '>=', 5, 'there are examples');

for my $example (@examples) {
    my $run = triage({ in => '{}' }, 'parse', 'custom', '--options',
        $example->{options});

    unlike($run->{err}, qr/option/, 'options without a complaint');
    is_read($example, $_) for @{ $example->{fixtures} };
}

is_deeply([
        grep {
            my $name = $_;
            !grep { $_ eq $name } map { @{ $_->{fixtures} } } @examples
        } qw(wordpress_comment contact_form app_store_reviews
            google_play_reviews)
    ], [], 'the four promised examples are there');

# The line about Slack, against Slack's own vector.
SKIP: {
    my $shared = ($ENV{TRIAGE_SHARED} // "$FindBin::Bin/../../../shared")
        . '/platforms/payloads/vectors.json';
    my $vectors = Triage::Fixture::content($shared)
        // skip("NOT CHECKED: $shared is not there", 2);
    my ($vector) = grep { $_->{name} eq 'slack-published' }
        @{ $json->decode($vectors)->{vectors} };
    my ($words) = $page =~ /^\| Slack \| `(.*?)` \|$/m;
    my @options = ('--options', file_with(join "\n", split(/(?<=;) /, $words),
            "body form;", "text field:text;", "audience private;\n"));
    my @now = ('--now',
        $vector->{headers}{'X-Slack-Request-Timestamp'} + 60);
    my @said = ('--secret', file_with("$vector->{secret}\n"),
        map {("--header", "$_: $vector->{headers}{$_}")}
            keys %{ $vector->{headers} });

    is(triage({ in => $vector->{body} }, 'verify', 'custom', @options, @now,
            @said)->{status}, 0, "Slack's published signature is genuine");
    is(triage({ in => $vector->{body} }, 'verify', 'custom', @options,
            '--now', $now[1] + 300, @said)->{status},
        1, 'and stale five minutes later');
}

done_testing();
