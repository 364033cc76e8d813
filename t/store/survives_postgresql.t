#!/usr/bin/perl
# PostgreSQL is stopped, killed, locked, or refuses: nothing that got an OK is
# missing, nothing is there twice.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use IO::Handle ();
use IO::Socket::INET ();
use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);
my $first = 1;

sub start {
    my (%setting) = @_;

    $first += 1_000_000;
    return Triage::StoreDriver->new($postgres->conninfo, first => $first,
        %setting);
}

sub sql { return $postgres->psql(@_) }

sub filed {
    my $from = $first;
    my $to   = $first + 999_999;

    return sql(qq{select count(*) from triage_data.message
         where split_part(message_id, '-', 2)::bigint between $from and $to});
}

sub kill_backends {
    sql(q{select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'triage'});
}

# The server stops as if its machine had failed, in the middle.
my $driver = start(count => 6000, rate => 4000, mark => 500, timeout => 60000);
$driver->wait_for(qr/^at 1500/m);
$postgres->stop('immediate');
select undef, undef, undef, 0.5;
$postgres->start;
my $result = $driver->finish;
is($result->{kept}, 6000, 'all are kept when the server comes back');
is($result->{unavailable}, 0, 'within their time nobody is sent away');
is(filed(), 6000, 'each is there once');
cmp_ok($result->{reconnects}, '>=', 1, 'the link came back');

# The same, but not back in time.
$driver = start(count => 3000, rate => 1500, mark => 500, timeout => 300,
    retry => 0);
$driver->wait_for(qr/^at 1000/m);
$postgres->stop('immediate');
select undef, undef, undef, 1.5;
$postgres->start;
$result = $driver->finish;
cmp_ok($result->{unavailable}, '>', 0,
    'past the timeout a delivery is UNAVAILABLE');
is($result->{kept} + $result->{unavailable} + $result->{busy}, 3000,
    'each is answered');
cmp_ok(filed(), '>=', $result->{kept}, 'each OK is there');
cmp_ok($result->{longest_ms}, '<', 10000, 'and nobody waited much longer');

# Backends are killed.
$driver = start(count => 6000, rate => 4000, mark => 500, links => 2);
for my $at (1 .. 8) {
    $driver->wait_for(qr/^at ${\($at * 500)}$/m);
    kill_backends();
}
$result = $driver->finish;
is($result->{kept}, 6000, 'all are kept when backends are killed');
is(filed(), 6000, 'each is there once');

# The table is locked for longer than the timeout.
open my $psql, '|-', $postgres->psql_command or die "psql: $!";
$driver = start(count => 200, mark => 50, timeout => 400, retry => 1,
    rate => 200);
$driver->wait_for(qr/^at 50/m);
$psql->autoflush(1);
print $psql "begin; lock table triage_data.message;\n";
$driver->wait_for(qr/^report/m);
select undef, undef, undef, 0.5;
cmp_ok(sql(q{select count(*) from pg_stat_activity
              where application_name = 'triage'}), '<=', 2,
    'no backends pile up behind a lock');
print $psql "rollback;\n";
close $psql;
$result = $driver->finish;
is($result->{kept}, 200, 'all are kept when the lock is gone');
is(filed(), 200, 'each is there once');

# One in a hundred cannot be filed.
$driver = start(count => 1000, poison => 100);
$result = $driver->finish;
is($result->{kept}, 1000, 'all are kept when some are poison');
is($result->{poisoned}, 10, 'the culprits are found');
is(filed(), 990, 'the others are filed');
is(sql(q{select count(*), min(failure), min(length(raw))
           from triage_data.dead_letter}),
    '10|refused by the database|600', 'the culprits are dead letters, raw');
like($driver->output, qr/^report 2 .*dead letter: 22021/m,
    'and reported with an SQLSTATE');
unlike($driver->output, qr/lost/, 'but not with their words');

# A check that fails is tried again, since a new partition looks the same.
my $odd = $first + 1_000_007;
sql('truncate triage_data.dead_letter');
sql("alter table triage_data.message add constraint odd"
    . " check (message_id <> 'm-$odd-0') not valid");
$result = start(count => 200)->finish;
is($result->{kept}, 200, 'all are kept when one fails a check');
is(sql('select count(*) from triage_data.dead_letter'), 1,
    'and one is a dead letter');
sql('alter table triage_data.message drop constraint odd');

# Deadlocks and the like.
sql(q{create sequence triage_data.luck;
      create function triage_data.be_unlucky() returns trigger language plpgsql
      as $$ begin
          if nextval('triage_data.luck') % 300 = 0 then
              raise 'bad luck' using errcode = '40P01';
          end if;
          return new;
      end $$;
      create trigger be_unlucky before insert on triage_data.message
      for each row execute function triage_data.be_unlucky()});
$result = start(count => 2000)->finish;
is($result->{kept}, 2000, 'all are kept when batches are deadlocked');
is($result->{poisoned}, 0, 'and none is blamed');
is(filed(), 2000, 'each is there once');
sql('drop trigger be_unlucky on triage_data.message');

# The function is not there (yet).
sql('alter schema triage rename to elsewhere');
$driver = start(count => 500, timeout => 60000);
$driver->wait_for(qr/^report 2 .*triage migrate/m);
sql('alter schema elsewhere rename to triage');
$result = $driver->finish;
is($result->{kept}, 500, 'all are kept when the schema comes late');
is(filed(), 500, 'each is there once');

# It goes away while the link is up.
$driver = start(count => 4000, rate => 4000, mark => 500, timeout => 60000);
$driver->wait_for(qr/^at 1000/m);
sql('alter schema triage rename to elsewhere');
$driver->wait_for(qr/^report/m);
sql('alter schema elsewhere rename to triage');
$result = $driver->finish;
is($result->{kept}, 4000, 'all are kept when the schema is away for a while');
is($result->{poisoned}, 0, 'and none is blamed');

# The database is made read-only.
$driver = start(count => 4000, rate => 4000, mark => 500, timeout => 60000);
$driver->wait_for(qr/^at 1000/m);
sql('alter database triage set default_transaction_read_only = on');
kill_backends();
$driver->wait_for(qr/^report 2 .*written/m);
sql('set default_transaction_read_only = off;'
    . ' alter database triage reset default_transaction_read_only');
$result = $driver->finish;
is($result->{kept}, 4000, 'a server that cannot be written to is not taken');
is(filed(), 4000, 'each is there once');

# Where there are several, the one that can be written to is found.
my $dead = Triage::Postgres::free_port();
my $several = sprintf "hostaddr=127.0.0.1,127.0.0.1 port=%d,%d"
    . ' dbname=triage user=postgres target_session_attrs=read-write',
    $dead, $postgres->port;
$first += 1_000_000;
$result = Triage::StoreDriver->new($several, first => $first, count => 500)
    ->finish;
is($result->{kept}, 500, 'the second host is tried when the first is dead');

# A server that accepts and says nothing.
my $hole = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
    or die "listen: $!";
$several = sprintf "hostaddr=127.0.0.1,127.0.0.1 port=%d,%d"
    . ' dbname=triage user=postgres', $hole->sockport, $postgres->port;
$first += 1_000_000;
$result = Triage::StoreDriver->new($several, first => $first, count => 500,
    timeout => 500)->finish;
is($result->{kept}, 500, 'the second host is tried when the first is mute');

# A role that may have fewer connections than there are links.
sql(q{create role narrow login connection limit 1;
      grant usage on schema triage, triage_data to narrow;
      grant insert, select on all tables in schema triage_data to narrow});
$first += 1_000_000;
$result = Triage::StoreDriver->new($postgres->conninfo(user => 'narrow'),
    first => $first, count => 2000, links => 3, timeout => 60000,
    retry => 0)->finish;
is($result->{kept}, 2000, 'all are kept by the one link that is let in');
is(filed(), 2000, 'each is there once');

# The loop tells everything to close at once.
$result = start(count => 300, inflight => 300, shutdown => 300, retry => 0)
    ->finish;
is($result->{kept} + $result->{unavailable}, 300,
    'at once closed, each is answered');
cmp_ok($result->{longest_ms}, '<', 10000, 'soon');

done_testing;
