#!/usr/bin/perl
# Perl compiles without a warning, shell scripts satisfy shellcheck.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/../..";

my $lib = join ' ', map { "-I$_" } glob 't/lib bench/lib bench/*/lib demo/lib';
my @bad;
for my $file (split /\n/, `t/check/sources perl`) {
    my $said = `perl $lib -wc $file 2>&1`;
    $said =~ s/^Name "\S+" used only once: .*\n//mg; # in a module alone
    push @bad, $said if $said ne "$file syntax OK\n";
}
is(join('', @bad), '', 'Perl compiles');

SKIP: {
    skip 'needs shellcheck', 1 if system('which shellcheck >/dev/null') != 0;
    my $files = join ' ', split /\n/, `t/check/sources shell`;
    is(`shellcheck -S warning $files 2>&1`, '', 'shell scripts are sound');
}

done_testing();
