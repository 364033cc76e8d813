#!/usr/bin/perl

# Runs each t/sql/*.sql in one private cluster and passes its TAP on, a
# subtest a file.  Arguments, or TRIAGE_SQL_TESTS, name the files to run.

use strict;
use warnings;

use File::Basename qw(basename dirname);
use Cwd qw(abs_path);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use Test::More;
use Triage::Postgres;

my @files = @ARGV ? @ARGV : split ' ', $ENV{TRIAGE_SQL_TESTS} // '';
@files = sort glob "$here/*.sql" unless @files;

my $postgres = Triage::Postgres->new(fsync => 0)->start;

plan skip_all => 'pgTAP is not installed (postgresql-15-pgtap)'
    unless $postgres->psql(
    q(select count(*) from pg_available_extensions where name = 'pgtap'));

$postgres->psql('create extension pgtap');
$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");

for my $file (@files) {
    subtest basename($file, '.sql') => sub { passes_on($file) };
}

done_testing;

sub passes_on {
    my ($file) = @_;
    my ($ok, $out, $err)
        = $postgres->psql_try("\\set SHOW_CONTEXT never\n\\i '" . abs_path($file) . "'");
    my ($planned) = $out =~ /^1\.\.(\d+)$/m;

    for my $line (split /\n/, $out) {
        if ($line =~ /^(not )?ok \d+(?: - (.*))?$/) {
            ok(!$1, $2 // '');
        } elsif ($line =~ /^\s*#\s?(.*)$/) {
            diag($1);
        }
    }
    $err =~ s/^/# /mg;
    ok($ok, 'runs to its end') or diag($err);
    my $number = Test::More->builder->current_test - 1;
    is($number, $planned // 'a plan', 'does what it planned');
}
