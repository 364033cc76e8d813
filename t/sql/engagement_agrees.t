#!/usr/bin/perl

# Visibility is reckoned twice: by the scorer when a message comes, and by the
# database when more people have seen it.  Both come to the same terms.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use JSON::PP ();
use Test::More;
use Triage::Postgres;
use Triage::Tool;

my $json = JSON::PP->new->canonical->allow_bignum;
my @texts = ('my card was stolen', 'thanks http://example.org/', '');
my @counts = (
    {}, { likes => 1 }, { likes => 2, replies => 3 }, { shares => 7 },
    { likes => 99, shares => 1234 }, { replies => 1000000 },
    { shares => '9007199254740993' },
);
my @cases;

for my $audience (qw(public limited private)) {
    for my $platform (qw(x facebook mastodon)) {
        for my $text (@texts) {
            push @cases, map {
                {
                    audience => $audience,
                    plain    => message($platform, $audience, $text),
                    whole    => message($platform, $audience, $text, $_),
                    counts   => $_,
                }
            } @counts;
        }
    }
}

my $run = triage({ in => join '', map { "$_->{plain}\n$_->{whole}\n" } @cases },
    'score');
is($run->{status}, 0, 'all are scored') or diag($run->{err});
my @scores = map { $json->decode($_) } @{ $run->{lines} };
is(@scores, 2 * @cases, 'each of them');

my $postgres = Triage::Postgres->new(fsync => 0)->start->migrate;
my @rows = split /\n/, $postgres->psql(join '', map {
    my ($plain) = $scores[ 2 * $_ ];
    "select s.visibility || '|' || (select jsonb_agg(t)"
        . ' from triage_data.terms_of(s.terms) as t) from triage_data.seen_by('
        . "triage_data.engaged_points('$cases[$_]{audience}', '"
        . counts($cases[$_]{counts}) . "'), '"
        . $json->encode($plain->{terms}) . "') as s;\n"
} 0 .. $#cases);
is(@rows, @cases, 'the database answers');

my @wrong = grep {
    my ($visibility, $terms) = split /\|/, $rows[$_], 2;
    my $whole = $scores[ 2 * $_ + 1 ];

    $visibility != $whole->{visibility}
        || shown($json->decode($terms)) ne shown($whole->{terms})
} 0 .. $#cases;
is(@wrong, 0, 'and agrees about ' . @cases . ' messages')
    or diag(map { "$cases[$_]{whole}\n$rows[$_]\n" } @wrong[ 0 .. 2 ]);

done_testing;

sub counts {
    my ($counts) = @_;

    return '{' . join(', ', map {qq("$_": $counts->{$_})} sort keys %$counts)
        . '}';
}

sub message {
    my ($platform, $audience, $text, $counts) = @_;

    return '{"message_id": "1", "kind": "mention", "author_followers": 321, '
        . qq("platform": "$platform", "audience": "$audience", "text": "$text")
        . ($counts ? ', "engagement": ' . counts($counts) : '') . '}';
}

# Terms as text, a signal's two sides together, the same for 1 and 1.0.
sub shown {
    my ($terms) = @_;
    my %sum;

    for my $term (@$terms) {
        $sum{ $term->{signal} }{$_} += $term->{$_} // 0
            for qw(urgency visibility);
    }

    return join ' ', map {
        sprintf '%s %.2f %.2f', $_, @{ $sum{$_} }{qw(urgency visibility)}
    } sort keys %sum;
}
