# `triage score`: JSON or id and text in, terms or TSV out.
use strict;
use warnings;

use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use List::Util qw(sum0);
use Test::More;
use Triage::Tool;

my $json = JSON::PP->new->utf8;
my $plea = 'stranded at the airport with my kids, flight cancelled';

sub line { return $json->encode({@_}) . "\n" }

# Lines of id, a tab and a text.
my $run = triage({ in => "a\t$plea\r\nb\tthanks\n\nc\t\n" }, 'score', '--tsv');
is($run->{status}, 0, 'lines of text are scored');
is($run->{err},    '', 'nothing to say about it');
is(@{ $run->{lines} }, 3, 'a line each');
like($run->{lines}[0], qr/^a\t\d+\.\d\d\t\d+\.\d\d$/,
    'id, urgency, visibility with decimals');
my %urgency = map { (split /\t/)[0, 1] } @{ $run->{lines} };
cmp_ok($urgency{a}, '>', 70, 'a plea is urgent');
cmp_ok($urgency{b}, '<', 20, 'thanks are not');

is(triage({ in => "a\t$plea\nb\tthanks\n\nc\t\n" }, 'score', '--tsv')->{out},
    $run->{out}, 'twice the same');

# JSON.
$run = triage(
    {
        in => line(
            message_id => '9007199254740993',
            text       => $plea,
            kind       => 'mention',
            audience   => 'public',
            author_followers => 100000,
            author_posts     => 1000,
            engagement       => { likes => 3, shares => 5 },
        ) . line(message_id => '2', text => $plea, audience => 'private')
          . line(message_id => '3', text => 'x',   kind     => 'echo'),
    },
    'score'
);
is($run->{status}, 0, 'JSON is scored');
my ($public, $private, $echo) = map { $json->decode($_) } @{ $run->{lines} };
is($public->{message_id}, '9007199254740993', 'ids keep every digit');
for my $head (qw(urgency visibility)) {
    cmp_ok(abs(sum0(map { $_->{$head} // 0 } @{ $public->{terms} })
                - $public->{$head}), '<', 0.001, "terms add up to $head");
}
ok((grep { $_->{signal} eq 'stranded' } @{ $public->{terms} }),
    'terms are named');
cmp_ok($public->{visibility}, '>', 60, 'a large audience is seen');
is($private->{visibility}, 0, 'private is 0');
is($private->{urgency}, $public->{urgency}, 'reach does not change urgency');
is($echo->{urgency}, 0, 'an echo is not scored');
ok($public->{spam} < 50, 'spam is told');

my $text = triage({ in => "x\t$plea\n" }, 'score', '--tsv');
like($text->{out}, qr/^x\t\Q@{[sprintf '%.2f', $public->{urgency}]}\E\t/,
    'JSON and text get the same urgency');

# What cannot be read.
$run = triage({ in => "no tab\na\tgood\n{\"text\":\n" }, 'score', '--tsv');
is($run->{status}, 2, 'lines that cannot be read');
is(@{ $run->{lines} }, 1, 'do not keep the others from being scored');
like($run->{err}, qr/line 1: .*tab/, 'are named');
like($run->{err}, qr/line 3: /,      'each');
unlike($run->{err}, qr/no tab$/m, 'without what they say');
is(triage({ in => line(text => 'x', kind => 'nonsense') }, 'score')->{status},
    2, 'a kind that is none');

# An operator's own lists and weights.
my $folder = File::Temp->newdir;
sub list {
    my ($name, $content) = @_;

    open my $file, '>', "$folder/$name" or die $!;
    print {$file} $content;
    close $file or die $!;
}
list('brand.txt', "[stranded]\nfrobnicator jammed\n");
$run = triage({ in => "a\tmy frobnicator jammed\n" }, 'score', '--phrases',
    "$folder");
like($run->{out}, qr/"signal":"stranded"/, 'a phrase of our own');
list('worse.txt', "[stranded]\nok\n[nonsense]\n");
$run = triage({ in => "a\tx\n" }, 'score', '--phrases', "$folder");
is($run->{status}, 64, 'a wrong list is refused');
like($run->{err}, qr/worse\.txt:3: no such signal/, 'with file and line');
is(triage({ in => '' }, 'score', '--phrases', "$folder/none")->{status}, 64,
    'no folder');
$run = triage({ in => "a\tx\n" }, 'score', '--model', file_with('nonsense'));
is($run->{status}, 64, 'wrong weights are refused');
like($run->{err}, qr/not a model/, 'with the reason');

done_testing;
