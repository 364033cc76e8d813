#!/usr/bin/perl
# C is written as .clang-format has it: `make format` puts it right.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/../..";

# another version sees things differently
my ($version) = (`clang-format --version` // '') =~ /version (\d+)/;
plan skip_all => 'needs clang-format 14' if ($version // 0) != 14;

my @wrong;
for my $file (split /\n/, `t/check/sources c`) {
    my $text = do { open my $f, '<', $file or die $!; local $/; <$f> };
    push @wrong, $file if `clang-format $file` ne $text;
}

is("@wrong", '', 'every C file is formatted');

my @wide;
for my $file (split /\n/, `t/check/sources c`) {
    open my $f, '<:encoding(UTF-8)', $file or die "$file: $!";
    my $is_fenced; # tables may be as wide as they are
    while (<$f>) {
        chomp;
        $is_fenced = $1 eq 'off' if m{/\* clang-format (on|off) \*/};
        next if $is_fenced;
        push @wide, "$file:$." if length > 79;
        push @wide, "$file:$.: blanks at the end" if /[ \t]$/;
        push @wide, "$file:$.: a // comment" if m{^[^"]*(?<![:"])//} && !m{/\*|\*/|^ \*};
    }
}
is("@wide", '', 'no line is wider than 79');

done_testing();
