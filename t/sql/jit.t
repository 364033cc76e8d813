#!/usr/bin/perl
# A plan without sequential scans counts as very dear where there is no other,
# and what is dear is compiled: half a second for a call that takes a
# millisecond.
use strict;
use warnings;

use FindBin;
use Test::More;

sub content {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!";
    local $/;
    return <$file>;
}

my @functions = glob "$FindBin::Bin/../../src/sql/functions/*.sql";
my @careful   = grep { content($_) =~ /^set enable_seqscan = off$/m }
    @functions;

cmp_ok(scalar @careful, '>', 5, 'functions that forbid sequential scans');
is(join(' ', grep { content($_) !~ /^set jit = off$/m } @careful), '',
    'forbid compiling, too');

done_testing();
