# `triage migrate`: once, twice, at once, beside a live system.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use Triage::Postgres;
use Triage::Postgres::Session;
use Triage::Tool;

my $postgres = Triage::Postgres->new(fsync => 0)->start;
my @names = map { m{([^/]+)\.sql$} }
    sort glob "$FindBin::Bin/../../src/sql/migrations/*.sql";

sub fresh {
    my ($name) = @_;

    $postgres->psql("create database $name", dbname => 'postgres');
    return (dbname => $name);
}

sub migrate {
    my ($database, @options) = @_;

    return triage('migrate', @options, $postgres->conninfo(@$database));
}

sub recorded {
    my ($database) = @_;

    return [split /\n/, $postgres->psql(
        'select name from triage_data.migration order by name', @$database)];
}

my $run = triage('migrate', '--list');
is($run->{status}, 0, 'the migrations are listed without a database');
is_deeply($run->{lines}, \@names, 'all that are in src/sql');

my @once = fresh('once');
$run = migrate(\@once, '--dry-run');
is($run->{status}, 0, '--dry-run');
is_deeply($run->{lines}, [map { "would apply $_" } @names], 'says what');
is($postgres->psql("select count(*) from pg_namespace
    where nspname like 'triage%'", @once), 0, 'and changes nothing');

$run = migrate(\@once);
is($run->{status}, 0, 'an empty database is brought up to date')
    or diag $run->{err};
is($run->{err}, '', 'in silence on stderr');
is_deeply([grep { /^applied/ } @{ $run->{lines} }],
    [map { "applied $_" } @names], 'what was applied is printed');
is_deeply(recorded(\@once), \@names, 'and recorded');
is($postgres->psql('select count(*) from triage.inbox', @once), 0,
    'the views are there');

$postgres->psql('drop view triage.queue', @once);
$run = migrate(\@once);
is($run->{status}, 0, 'twice is safe');
like($run->{out}, qr/^nothing to apply$/m, 'and applies nothing');
is($postgres->psql("select to_regclass('triage.queue') is null", @once),
    'f', 'views and functions are made anew');

$run = migrate(\@once, '--list');
is_deeply($run->{lines}, [map { "applied $_" } @names], '--list');

# Several hosts at once.
my @race = fresh('race');
my @children;
for (1 .. 4) {
    my $pid = fork // die "cannot fork: $!";
    if ($pid == 0) {
        my $mine = migrate(\@race);
        warn $mine->{err} if $mine->{status} ne 0;
        POSIX::_exit($mine->{status} eq 0 ? 0 : 1);
    }
    push @children, $pid;
}
my $failed = 0;
for (@children) {
    waitpid $_, 0;
    $failed++ if $? != 0;
}
is($failed, 0, 'four at once: all succeed');
is_deeply(recorded(\@race), \@names, 'each migration is applied once');

# A report holds a view: nobody queues up behind us for long.
my $report = Triage::Postgres::Session->new($postgres, @once);
$report->query('begin');
$report->query('select count(*) from triage.inbox');
$run = migrate(\@once, '--wait', 1);
is($run->{status}, 1, 'a lock that does not go away: gives up');
like($run->{err}, qr{^triage migrate: src/sql/views/\w+\.sql: others hold},
    'and names the file');

my $migrating = fork // die "cannot fork: $!";
if ($migrating == 0) {
    my $mine = migrate(\@once, '--wait', 30);
    POSIX::_exit($mine->{status} eq 0 ? 0 : 1);
}
my $longest = 0;
for (1 .. 15) {
    my $start = time;
    $postgres->psql('select count(*) from triage.inbox', @once);
    $longest = time - $start if time - $start > $longest;
    sleep 0.05;
}
cmp_ok($longest, '<', 20, 'meanwhile others read the view')
    or diag "waited $longest s";
$report->query('commit');
waitpid $migrating, 0;
is($?, 0, 'the lock goes away: migrated');

# A newer triage was here.
my @newer = fresh('newer');
migrate(\@newer);
$postgres->psql("insert into triage_data.migration (name)
    values ('9999_future'); drop view triage.queue", @newer);
for my $options ([], ['--dry-run']) {
    $run = migrate(\@newer, @$options);
    is($run->{status}, 1, "a newer database is refused @$options");
    like($run->{err}, qr/newer than this triage: it has 9999_future/,
        'and why');
}
is($postgres->psql("select to_regclass('triage.queue') is null", @newer),
    't', 'nothing was changed');
like(migrate(\@newer, '--list')->{out}, qr/^newer   9999_future$/m,
    '--list shows it');

# A migration that fails leaves nothing behind.
my @broken = fresh('broken');
$postgres->psql('create schema triage_data;
    create table triage_data.message (x int)', @broken);
$run = migrate(\@broken);
is($run->{status}, 1, 'a migration that fails');
like($run->{err}, qr{^triage migrate: src/sql/migrations/\w+\.sql: .*message},
    'is named, with what is wrong');
unlike(join(' ', @{ recorded(\@broken) }), qr/message/, 'and not recorded');

$run = triage('migrate', 'host=127.0.0.1 port=1 password=geheim');
is($run->{status}, 1, 'no server: exit 1');
like($run->{err}, qr/^triage migrate: cannot connect: /, 'and why');
unlike($run->{err}, qr/geheim/, 'without the password');

done_testing();
