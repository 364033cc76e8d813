#!/usr/bin/perl
# A standby is promoted while deliveries run: with synchronous replication
# each OK is there, once.

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

# A copy of the primary, as Triage::Postgres would have made one itself.
sub new_standby {
    my $dir  = File::Temp::tempdir('triage-XXXXXX', TMPDIR => 1);
    my $home = "$dir/postgres";

    chmod 0711, $dir;
    mkdir $home, 0700 or die "mkdir: $!";
    my @command = (
        Triage::Postgres::program('pg_basebackup'), '-R', '-c', 'fast',
        '-D', "$home/data", '-d', $primary->conninfo(dbname => undef)
    );
    if ($> == 0) {
        my (undef, undef, $uid, $gid) = getpwnam('postgres');
        chown $uid, $gid, $home;
        unshift @command, 'runuser', '-u', 'postgres', '--';
    }
    system(@command) == 0 or die 'pg_basebackup failed';

    return ($dir, Triage::Postgres->new(dir => $dir));
}

my ($dir, $standby) = new_standby();
END {
    local $?;
    $standby->stop('immediate') if $standby;
    File::Path::remove_tree($dir) if $dir;
}

# Triage::Postgres creates its database where that is not: it is there.
$standby->start;
$primary->psql(q{alter system set synchronous_standby_names = '*'});
$primary->psql('select pg_reload_conf()');
for (1 .. 100) {
    last if $primary->psql(
        q{select count(*) from pg_stat_replication where sync_state = 'sync'});
    select undef, undef, undef, 0.1;
}

my $conninfo = sprintf 'host=%s,%s port=%d,%d dbname=triage user=postgres'
    . ' target_session_attrs=read-write', $standby->socket_dir,
    $primary->socket_dir, $standby->port, $primary->port;
my $driver = Triage::StoreDriver->new($conninfo, count => 6000, rate => 3000,
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

done_testing;
