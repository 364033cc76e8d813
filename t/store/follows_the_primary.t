#!/usr/bin/perl
# A standby is promoted while deliveries run: with synchronous replication
# each OK is there, once.  Without it an OK can be lost that the standby had
# not received, and only such a one.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

my $primary = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($primary);

# A copy of a primary, as Triage::Postgres would have made one itself.
sub new_standby {
    my ($of) = @_;
    my $dir  = File::Temp::tempdir('triage-XXXXXX', TMPDIR => 1);
    my $home = "$dir/postgres";

    chmod 0711, $dir;
    mkdir $home, 0700 or die "mkdir: $!";
    my @command = (
        Triage::Postgres::program('pg_basebackup'), '-R', '-c', 'fast',
        '-D', "$home/data", '-d', $of->conninfo(dbname => undef)
    );
    if ($> == 0) {
        my (undef, undef, $uid, $gid) = getpwnam('postgres');
        chown $uid, $gid, $home;
        unshift @command, 'runuser', '-u', 'postgres', '--';
    }
    system(@command) == 0 or die 'pg_basebackup failed';

    return ($dir, Triage::Postgres->new(dir => $dir));
}

my (@dirs, @standbys);
END {
    local $?;
    $_->stop('immediate') for grep { $_ } @standbys;
    File::Path::remove_tree($_) for @dirs;
}

sub standby_of {
    my ($dir, $standby) = new_standby(@_);

    push @dirs,     $dir;
    push @standbys, $standby;
    # Triage::Postgres creates its database where that is not: it is there.
    return $standby->start;
}

sub wait_until {
    my ($condition, $what) = @_;

    for (1 .. 600) {
        return if $condition->();
        select undef, undef, undef, 0.1;
    }
    die "waited for $what\n";
}

sub both {
    my ($first, $second) = @_;

    return sprintf 'host=%s,%s port=%d,%d dbname=triage user=postgres'
        . ' target_session_attrs=read-write', $first->socket_dir,
        $second->socket_dir, $first->port, $second->port;
}

my $standby = standby_of($primary);

$primary->psql(q{alter system set synchronous_standby_names = '*'});
$primary->psql('select pg_reload_conf()');
wait_until(sub { $primary->psql(
        q{select count(*) from pg_stat_replication where sync_state = 'sync'})
}, 'a synchronous standby');

my $driver = Triage::StoreDriver->new(both($standby, $primary), count => 6000, rate => 3000,
    mark => 500, timeout => 60_000, links => 2);

$driver->wait_for(qr/^at 2000$/m);
like($driver->output, qr/cannot be written to/,
    'a standby is asked and not taken');
$primary->stop('immediate');
$standby->psql('select pg_promote(true, 60)');
my $result = $driver->finish;

is($result->{kept}, 6000, 'all are kept');
is($standby->psql('select count(*), count(distinct message_id)'
        . ' from triage_data.message'), '6000|6000',
    'each is on the new primary, once');
like($driver->output, qr/^report 0 connected to the database again/m,
    'the links went over');

# Replication that lags, and nobody who waits for it.
$primary = $standby;
$primary->psql(q{alter system reset synchronous_standby_names});
$primary->psql('select pg_reload_conf()');
$standby = standby_of($primary);
wait_until(sub { $primary->psql(
        q{select count(*) from pg_stat_replication
           where replay_lsn = pg_current_wal_lsn()})
}, 'a standby that has all');
$standby->psql(q{alter system set primary_conninfo = ''});
$standby->psql('select pg_reload_conf()');
wait_until(sub { !$primary->psql('select count(*) from pg_stat_replication') },
    'a standby that hears nothing');

$driver = Triage::StoreDriver->new(both($standby, $primary), count => 4000,
    rate => 2000, mark => 500, timeout => 60_000, links => 1,
    first => 1_000_000);
$driver->wait_for(qr/^at 1000$/m);
$primary->stop('immediate');
$standby->psql('select pg_promote(true, 60)');
$result = $driver->finish;

is($result->{kept}, 4000, 'all are kept, some by a primary that is gone');
my ($rows, $ids, $since) = split /\|/, $standby->psql(q{
    select count(*), count(distinct message_id),
           max(n) - min(n) + 1
      from (select message_id,
                   split_part(message_id, '-', 2)::int as n
              from triage_data.message) as m
     where n >= 1000000});
cmp_ok($rows, '<=', 3000, 'what only the old primary had is lost');
is($ids, $rows, 'what came after that is there, once');
is($since, $rows, 'all of it');
is($standby->psql('select count(*) from triage_data.message') - $rows, 6000,
    'and all that was replicated');

done_testing;
