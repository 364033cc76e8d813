#!/usr/bin/perl
# cppcheck and clang-tidy have nothing to say about src/.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/../..";
chomp(my $include = `pg_config --includedir`);

SKIP: {
    skip 'needs cppcheck', 1 if system('which cppcheck >/dev/null') != 0;
    my $said = `nice cppcheck -j2 -q --std=c11 --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem --suppress=returnDanglingLifetime --suppress=comparePointers -I$include src 2>&1`;
    is($said, '', 'cppcheck');
}

SKIP: {
    skip 'needs clang-tidy', 1 if system('which clang-tidy >/dev/null') != 0;
    my $files = join ' ', glob 'src/{base,message,platform,score,route,intake,store,desk,tool}/*.c';
    my $said = `echo $files | nice xargs -P2 -n8 sh -c 'clang-tidy --quiet "\$@" -- -std=gnu11 -I$include 2>/dev/null' sh`;
    $said = join '', grep { /warning:|error:/ } split /^/, $said;
    is($said, '', 'clang-tidy');
}

done_testing();
