#!/usr/bin/perl

# The front of the claims is noted while others write.  What was not committed
# yet, and stands before it, is found all the same, and is claimed once.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../../lib";

use Test::More;
use Triage::Postgres;
use Triage::Postgres::Session;

my $now      = '2026-05-04 12:00+00';
my $postgres = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure();"
        . "\\i '$here/../lib/front.sql'");

my ($ann, $bob, $writer, $ticker) = map { session() } 1 .. 4;
$ticker->query('call test.note(true)');

# A batch that is not committed as the front passes where it will stand.
$ann->query(file('first', '11:59:50'));
$ann->query(file('second', '11:59:55'));
$writer->query('begin');
$writer->query(file('early', '11:59:00'));
is(claimed($ann), id('first'), 'what is not committed is not seen');
$ticker->query('call test.note()');
$ticker->query('call test.note()');
$writer->query('commit');
is(claimed($ann), id('early'), 'and is next as soon as it is');
$ticker->query('call test.note()');
is(claimed($ann), id('second'), 'then what is behind');
is(claimed($ann), '', 'and nothing twice');

# A batch that is committed between the front and the news.
$ann->query(file('between 1', '11:59:50'));
$writer->query('begin');
$writer->query(file('between 0', '11:59:00'));
$ticker->query('begin');
$ticker->query('select triage_data.note_front(0)');
$writer->query('commit');
$ticker->query('select triage_data.tell_news()');
$ticker->query('commit');
is(claimed($bob), id('between 0'), 'news that no front has seen is kept');
$ticker->query('call test.note()');
is(claimed($bob), id('between 1'), 'and what is behind it is next');
$ticker->query('call test.note()');
is($ann->query('select count(*) from triage_data.news'
        . ' where due_at is not null'), 0, 'until one has');

# Given back by a transaction that lasts.
$ticker->query('call test.note()');
$writer->query('begin');
$writer->query(sprintf "select triage.release('%s', 'ann')", id('first'));
is(claimed($bob), '', 'what is being given back is not seen');
$ticker->query('call test.note()');
$writer->query('commit');
is(claimed($bob), id('first'), 'and is next as soon as it is given back');

# A claim that is given up, and a front that passed it by in the meantime.
$ann->query(file('third', '11:59:58'));
$writer->query('begin');
is(claimed($writer), id('third'), 'one claims it');
$ticker->query('call test.note()');
$writer->query('rollback');
is(claimed($bob), id('third'), 'another one, when the first gives up');

# All at once.  The front is never noted from the beginning on, which would
# find what it had lost.
$ann->query('select triage.reply(conversation_id, claimed_by)'
        . ' from triage_data.conversation where waiting_since is not null');
my $batches = 40;
my @agents  = map { session() } 1 .. 5;
my @writers = map { session() } 1 .. 2;
$ann->query('create table test.got (conversation_id uuid, waiting_since'
        . ' timestamptz, agent text)');
$ann->query('create sequence test.number');
$ann->query('create table test.over (is_over bool)');
$_->query(procedures()) for $ticker, @agents, @writers;
$writers[$_]->send("call pg_temp.write($batches, 0.$_)") for 0 .. $#writers;
$agents[$_]->send("call pg_temp.answer('agent $_')") for 0 .. $#agents;
$ticker->send('call pg_temp.tick()');
is($_->wait, '', 'a writer writes') for @writers;
$ann->query('insert into test.over values (true)');
is($_->wait, '', 'an agent answers') for @agents;
is($ticker->wait, '', 'fronts are noted');
is($ann->query('select count(*) from triage_data.conversation'
        . ' where waiting_since is not null'),
    0, 'nobody is left');
is($ann->query('select count(*) from test.got'
        . " where conversation_id in (select conversation_id from test.got"
        . ' group by conversation_id, waiting_since having count(*) > 1)'),
    0, 'nobody was answered twice');
cmp_ok($ann->query('select count(*) from test.got'), '>=', 2 * 10 * $batches,
    'all were answered');

done_testing;

sub session {
    my $session = Triage::Postgres::Session->new($postgres);

    $session->query("set triage.now = '$now'");
    return $session;
}

sub file {
    my ($name, $time) = @_;

    return qq(select test.file('[{"message_id": "$name",
        "thread_id": "$name", "queue": "urgent",
        "sent_at": "2026-05-04 $time+00"}]'));
}

sub claimed {
    my ($session) = @_;
    my $agent = $session == $bob ? 'bob' : 'ann';

    return $session->query("select conversation_id from triage.claim('$agent')");
}

sub id {
    my ($name) = @_;

    return $ann->query("select test.conversation('$name')");
}

sub procedures {
    return <<'END';
create procedure pg_temp.write(batches int, seed float8)
language plpgsql
as $$
begin
    perform setseed(seed);
    for batch in 1 .. batches loop
        perform test.file((
            select jsonb_agg(jsonb_build_object(
                       'message_id', n, 'thread_id', n,
                       'queue', (array['crisis', 'urgent', 'public',
                                       'standard'])[1 + n % 4],
                       'sent_at', triage.now()
                                  - random() * interval '20 hours'))
              from (select nextval('test.number') as n
                      from generate_series(1, 10)) as n));
        perform pg_sleep(0.005 * random());
        commit;
    end loop;
end
$$;

create procedure pg_temp.answer(agent text)
language plpgsql
as $$
declare
    got triage.inbox;
begin
    loop
        select * into got from triage.claim(agent);
        commit;
        if got.conversation_id is null then
            exit when exists (select from test.over)
                  and not exists (select from triage_data.conversation
                                   where waiting_since is not null);
            perform pg_sleep(0.002);
            continue;
        end if;
        if random() < 0.2 then
            perform triage.release(got.conversation_id, agent);
        else
            insert into test.got
            values (got.conversation_id, got.waiting_since, agent);
            perform triage.reply(got.conversation_id, agent);
        end if;
        commit;
    end loop;
end
$$;

create procedure pg_temp.tick()
language plpgsql
as $$
begin
    loop
        call test.note();
        exit when exists (select from test.over)
              and not exists (select from triage_data.conversation
                               where waiting_since is not null);
        perform pg_sleep(0.001);
    end loop;
end
$$;
END
}
