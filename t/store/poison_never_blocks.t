#!/usr/bin/perl
# A delivery on which PostgreSQL crashes, fails in a way that is the same for
# any data, or hangs: it becomes a dead letter, and all others are filed.  A
# database that does so with everything gets no dead letters.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);
my $first = 0;
my $spool;

sub sql { return $postgres->psql(@_) }

# What is to become of a message, by its id; what of a dead letter, by the
# number in its body.
sql(<<'END');
create table triage_data.fate (message_id text primary key, what text);

create function triage_data.meet(what text) returns void
language plpgsql as $$
begin
    if what = 'crash' then
        copy (select) to program 'kill -9 $PPID';
        perform pg_sleep(60);
    elsif what = 'hang' then
        perform pg_sleep(60);
    elsif what is not null then
        raise 'as it was wished' using errcode = what;
    end if;
end
$$;

create function triage_data.meet_message() returns trigger
language plpgsql as $$
begin
    perform triage_data.meet(f.what)
       from triage_data.fate as f
      where f.message_id = new.message_id;
    return new;
end
$$;

create function triage_data.meet_letter() returns trigger
language plpgsql as $$
begin
    perform triage_data.meet(f.what)
       from triage_data.fate as f
      where f.message_id = 'letter';
    return new;
end
$$;

create trigger fate before insert on triage_data.message
for each row execute function triage_data.meet_message();
create trigger fate before insert on triage_data.dead_letter
for each row execute function triage_data.meet_letter();
END

sub start {
    my (%setting) = @_;

    $first += 1_000_000;
    return Triage::StoreDriver->new($postgres->conninfo, first => $first,
        %setting);
}

# Deliveries that wait in a new spool.
sub spooled {
    my ($count) = @_;

    $spool = File::Temp->newdir;
    $postgres->stop('fast');
    my $result = start(count => $count, timeout => 300, spool => $spool)
        ->finish;
    $postgres->start;
    return $result->{spooled};
}

# Another worker's life.
sub drain {
    return Triage::StoreDriver->new($postgres->conninfo, count => 0,
        spool => $spool, drain => 120_000, timeout => 2000, worker => 1, @_)
        ->finish(150);
}

sub fate {
    my (%fate) = @_;

    sql('truncate triage_data.fate, triage_data.dead_letter');
    sql("insert into triage_data.fate values ('$_', '$fate{$_}')")
        for keys %fate;
}

sub id { return 'm-' . ($_[0] + $first + 1_000_000) . '-0' }

sub filed {
    my $to = $first + 999_999;

    return sql(qq{select count(*) from triage_data.message
         where split_part(message_id, '-', 2)::bigint between $first and $to});
}

sub letters {
    return sql(q{select string_agg(failure, ',' order by dead_letter_id)
        from triage_data.dead_letter});
}

sub segments {
    my ($ending) = @_;
    return scalar grep { -f } glob "$spool/*.$ending";
}

# In the spool.
fate(id(70) => 'crash');
is(spooled(200), 200, 'a delivery that is fatal waits among others');
my $result = drain();
is($result->{poisoned}, 1, 'it is found');
is(letters(), 'the database fails on it', 'and is a dead letter');
is(sql('select length(raw) from triage_data.dead_letter'), 600, 'raw');
is(filed(), 199, 'all others are filed');
is(segments('*'), 0, 'the segment is gone');

fate(id(70) => '42883', id(71) => '42P01');
spooled(200);
$result = drain();
is($result->{poisoned}, 2, 'two that fail like a broken schema are found');
is(filed(), 198, 'all others are filed');
is(segments('*'), 0, 'the segment is gone');

# Others are filed while one hangs: it is to blame.  (Without this its
# backends would stay, and lock what was filed before it in its batch.)
sql(q{alter role postgres set client_connection_check_interval = '100ms'});
fate(id(20) => 'hang');
spooled(40);
$result = start(count => 100_000, rate => 20, spool => $spool,
    timeout => 400, drain => 120_000, worker => 1, until_dry => 1)
    ->finish(150);
is($result->{poisoned}, 1, 'one that hangs is found');
is(sql(qq{select count(*) from triage_data.message
     where message_id ~ '^m-@{[ ($first - 1_000_000) / 1_000_000 ]}'}), 39,
    'all others are filed');
is(segments('damaged'), 0, 'nothing is kept aside');
drain(); # what it had put when the spool was dry

# Not even as a dead letter.
fate(id(3) => '42883', letter => '22000');
spooled(10);
$result = drain();
is($result->{damaged}, 1, 'what is refused as a dead letter too');
is(filed(), 9, 'keeps no other back');
is(segments('damaged'), 1, 'and is kept aside');

# Without a spool.
fate(id(50) => '42883');
$result = start(count => 200, timeout => 20_000)->finish;
is($result->{kept}, 200, 'all are kept without a spool');
is($result->{poisoned}, 1, 'the culprit is found');
is(filed(), 199, 'the others are filed');

# A database that fails for everything.
fate();
spooled(20);
sql('alter function triage_data.meet(text) rename to away');
my $driver = Triage::StoreDriver->new($postgres->conninfo, count => 0,
    spool => $spool, drain => 120_000, timeout => 2000, worker => 1);
$driver->wait_for(qr/^report 2 .*42883$/m) for 1 .. 7;
unlike($driver->output, qr/dead letter/, 'nobody is blamed');
sql('alter function triage_data.away(text) rename to meet');
$result = $driver->finish(150);
is($result->{poisoned}, 0, 'when the whole database fails');
is(filed(), 20, 'and all are filed when it works again');
is(segments('*'), 0, 'the segment is gone');

done_testing;
