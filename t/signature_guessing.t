#!/usr/bin/perl
# Who guesses a signature or a token byte by byte learns nothing from the
# time that it takes: the check executes the same number of instructions
# wherever a guess goes wrong.  Counted by valgrind, so no clock is involved.
use strict;
use warnings;

use FindBin;
use File::Temp ();
use Test::More;

my $build   = $ENV{TRIAGE_BUILD} // "$FindBin::Bin/../build";
my $library = "$build/libtriage.a";

plan skip_all => "$library is not there: make lib" unless -e $library;
plan skip_all => 'valgrind is not installed'
    if system('command -v valgrind >/dev/null');
plan skip_all => 'valgrind does not run what sanitizers made'
    if $ENV{SANITIZE};

my $folder  = File::Temp->newdir('triage-guess-XXXXXX', TMPDIR => 1);
my $program = "$folder/guess";
my $cc      = $ENV{CC} // 'cc';

is(builds('-O1'), 0, 'it builds') or BAIL_OUT('no program');

sub builds {
    my ($flags) = @_;
    return system("$cc -std=gnu11 -g $flags -o $program"
            . " $FindBin::Bin/signature_guessing.c $library"
            . ' -lpq -ljansson -lcrypto -lexpat -lm');
}

# (what it says, the instructions within the function)
sub costs {
    my ($what, $at) = @_;
    my $function = $what eq 'token' ? 'triage_keyring_has'
        : 'triage_keyring_signed';
    my $out = qx(valgrind --tool=callgrind --toggle-collect=$function --callgrind-out-file=$folder/out $program $what $at 2>$folder/err);
    open my $file, '<', "$folder/err" or die "valgrind: $!";
    my ($count) = join('', <$file>) =~ /Collected : (\d+)/;
    chomp $out;
    return ($out, $count);
}

for my $what (['signature', 63], ['token', 31]) {
    my ($name, $last) = @$what;
    my ($answer, $good) = costs($name, -1);

    is($answer, 'good', "the right $name");
    my %seen;
    for my $at (0, int($last / 2), $last) {
        my ($guess, $count) = costs($name, $at);
        is($guess, 'wrong', "a $name that is wrong at $at");
        cmp_ok($count // 0, '>', 100, "is checked in $count instructions");
        $seen{ $count // 0 } = 1;
    }
    is(scalar(keys %seen), 1, "wherever a $name is wrong, it costs the same")
        or diag join ' ', sort keys %seen;
}

# The measure itself: a compare that stops early is seen.
is(builds('-O1 -DNAIVE'), 0, 'a naive compare');
isnt((costs('signature', 0))[1], (costs('signature', 63))[1],
    'would be noticed');

done_testing;
