#!/usr/bin/perl
# `triage spool` shows, checks and empties a spool.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

my $tool = $ENV{TRIAGE_TOOL} // Triage::StoreDriver::build_dir() . '/triage';
plan skip_all => "$tool is not there: make tool" unless -x $tool;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);
my $spool = File::Temp->newdir;

# What it prints, and its exit status.
sub run {
    my (@argument) = @_;
    my $pid = open(my $out, '-|') // die "fork: $!";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "stderr: $!";
        exec $tool, 'spool', @argument or exit 127;
    }
    local $/;
    my $text = <$out>;
    close $out;
    return ($text, $? >> 8);
}

my ($text, $status) = run('list', $spool);
is_deeply([$text // '', $status], ['', 0], 'an empty spool');

Triage::StoreDriver->new('host=/nonexistent', count => 300, timeout => 100,
    spool => $spool)->finish;
($text, $status) = run('list', $spool);
like($text, qr/^\d{20}-0-\d+\.spool\t\d+\t300\t2023-[^\t]+Z\t2023-[^\t]+Z\twaits$/,
    'list: a line a segment');
($text, $status) = run('verify', $spool);
like($text, qr/: 300 deliveries$/, 'verify: what can be read');
is($status, 0, 'and that nothing is wrong');

my ($segment) = glob "$spool/*.spool";
open my $file, '+<:raw', $segment or die "$segment: $!";
seek $file, 5000, 0;
print $file 'XXXX';
close $file;
($text, $status) = run('verify', $spool);
like($text, qr/: 29[89] deliveries, DAMAGED in 1 places$/, 'damage is told');
is($status, 1, 'by the exit status too');

($text, $status) = run('drain', $spool, 'host=/nonexistent', '--wait', 1);
is($status, 1, 'drain: without a database nothing is drained');
($text, $status) = run('drain', $spool, $postgres->conninfo);
like($text, qr/^29[89] deliveries filed, 0 bytes left$/m, 'with one, all');
is($status, 1, 'damage is told here too');
like((run('list', $spool))[0], qr/\.damaged\t.*\taside$/,
    'and the segment is kept aside');
cmp_ok($postgres->psql('select count(*) from triage_data.message'), '>=', 298,
    'what could be read is filed');

is((run('list', '/nonexistent'))[1], 64, 'a folder that is not there');
is((run('drain', $spool))[1], 64, 'drain needs a database');
is((run('burn', $spool))[1], 64, 'no such verb');
unlike((run('drain', $spool, 'password=a secret'))[0], qr/secret/,
    'a wrong conninfo is not repeated');

done_testing;
