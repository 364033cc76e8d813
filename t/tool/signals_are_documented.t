# Each signal has a row in docs/scoring.md with the points that it adds.
use strict;
use warnings;

use FindBin;
use Test::More;

my $root = "$FindBin::Bin/../..";

sub content {
    my ($path) = @_;

    open my $file, '<', "$root/$path" or die "$path: $!";
    local $/;
    return <$file>;
}

my $code = content('src/score/signals.c');
my %row = map { /^\| `(\w+)` \| (\S+) \| (\S+) \| (\d+) \|/ ? ($1 => "$2 $3 $4") : () }
    split /\n/, content('docs/scoring.md');
my $count = 0;

while ($code =~ /\{ "(\w+)",\s*(-?\d+),\s*(-?\d+),\s*(\d+),/g) {
    is($row{$1}, join(' ', $2 / 100, $3 / 100, $4), "$1 is documented");
    $count++;
}
cmp_ok($count, '>', 60, 'all rows were read');

done_testing;
