#!/usr/bin/perl

# triage.tick does what is due, once a second whoever asks, one at a time;
# listeners of the channel "triage" hear of each queue once a tick.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use Test::More;
use Triage::Postgres;
use Triage::Postgres::Session;

my $postgres = Triage::Postgres->new(fsync => 0)->start;
$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");

# The first two ask at the same moment: one of them does it.
{
    my $other = Triage::Postgres::Session->new($postgres);

    $postgres->psql(q(delete from triage_data.chore where chore = 'tick'));
    $other->query('begin');
    $other->query(q(insert into triage_data.chore (chore, done_at)
                    values ('tick', '-infinity')));
    is($postgres->psql('select triage.tick()'), 'f',
        'the second one of the first two does not wait, or fail');
    $other->query('commit');
}

my $announce = 'select triage_data.announce';

like(heard("$announce('urgent', 'message'); $announce('urgent', 'message');
            $announce('urgent', 'answer'); $announce('crisis', 'message');
            select test.tick()"),
    qr/\A \{"queue"[ ]:[ ]"crisis",[ ]"what"[ ]:[ ]\["message"\]\}
        \n \{"queue"[ ]:[ ]"urgent",[ ]"what"[ ]:[ ]\["answer",
        [ ]"message"\]\} \z/x,
    'a queue is told of once, with all that happened');
is(heard('select test.tick()'), '', 'and not again');
is(heard("begin; $announce('urgent', 'message'); select test.tick();
          rollback"),
    '', 'what is rolled back is not told');

# What happens in a queue is told, whoever does it.
my $write = q(select test.file('[{"message_id": "%s", "queue": "urgent",
    "sent_at": "2026-05-04 09:00+00"%s}]'));
for my $done (
    [ sprintf($write, 'a', ''), 'message', 'a message' ],
    [ sprintf($write, 'a', ''), undef,     'the same again is no news' ],
    [ q(select triage.claim('ann')), 'agent', 'a claim' ],
    [ q(select triage.snooze(test.conversation('a'), 'ann', triage.now() + interval '1 hour')),
        'agent', 'what an agent does' ],
    [ sprintf($write, 'e', ', "kind": "echo", "author_id": "page", "sent_at": "2026-05-04 09:10+00"'),
        'answer', 'an answer' ],
    )
{
    my ($sql, $what, $name) = @$done;
    is(heard("$sql; select test.tick()"),
        $what ? qq({"queue" : "urgent", "what" : ["$what"]}) : '', $name);
}

is($postgres->psql('begin; select test.tick(); select triage.tick(); commit'),
    "t\nf", 'two ticks within a second are one');
is($postgres->psql(
    q(begin;
      select test.tick();
      select triage_data.is_due('sweep', '1 minute');
      select triage_data.is_due('sweep', '1 minute');
      update triage_data.chore set done_at = done_at - interval '1 minute';
      select triage_data.is_due('sweep', '1 minute');
      update triage_data.chore set done_at = done_at + interval '1 hour';
      select triage_data.is_due('sweep', '1 minute');
      rollback)),
    "t\nt\nf\nt\nt", 'a chore is due when its time has passed, or the clock was set back');

subtest 'one at a time' => sub {
    $postgres->psql('create extension if not exists dblink');
    is($postgres->psql(q(
        select dblink_connect('other', format('host=%s port=%s dbname=%s',
            split_part(current_setting('unix_socket_directories'), ',', 1),
            current_setting('port'), current_database()));
        select dblink_exec('other', 'begin');
        select * from dblink('other', 'select test.tick()') as t(done bool);
        select triage.tick();
        select dblink_exec('other', 'commit')
    )) =~ s/^(?:OK|BEGIN|COMMIT)$//gmr =~ s/\s+/ /gr =~ s/^ | $//gr, "t f", 'the other one does not wait');
} if $postgres->psql(
    q(select count(*) from pg_available_extensions where name = 'dblink'));

subtest 'a part that fails' => sub {
    $postgres->psql(q(
        alter function triage_data.tell_news() rename to tell_news_kept;
        create function triage_data.tell_news() returns void
        language plpgsql as $$begin perform 1 / 0; end$$));
    my ($ok, $out, $err) = $postgres->psql_try('select test.tick()');
    ok($ok, 'does not stop the others');
    is($out =~ s/\s+\z//r, 't', 'and the tick is done');
    like($err, qr/WARNING:.*tell_news failed: 22012/, 'it is a warning');
    $postgres->psql(q(
        drop function triage_data.tell_news();
        alter function triage_data.tell_news_kept() rename to tell_news));
};

subtest 'alerts are raised once' => sub {
    my $many = 400;

    $postgres->psql(q(select triage.sync('{"queues": [
        {"name": "crisis", "respond": 900, "weight": 1},
        {"name": "urgent", "respond": 3600, "weight": 1, "warn": 25,
         "escalate": "crisis"}]}')));
    $postgres->psql(qq(
        select test.file(jsonb_agg(jsonb_build_object(
                   'message_id', 'w' || i, 'thread_id', 'w' || i,
                   'queue', 'urgent', 'sent_at', '2026-06-01 09:00+00')))
          from generate_series(1, $many) as i));
    my @session = map { Triage::Postgres::Session->new($postgres) } 1 .. 4;
    $_->query("set triage.now = '2026-06-01 09:50+00'") for @session;
    $_->send('select triage_data.warn() from generate_series(1, 3)') for @session;
    $_->wait for @session;
    is(raised(), "warning|$many|$many", 'however many look at the same time');

    # As after a fail-over: what was committed is there, the rest is not.
    undef @session;
    $postgres->restart('immediate');
    $postgres->psql(q(set triage.now = '2026-06-01 09:51+00'; select triage.tick()));
    is(raised(), "warning|$many|$many", 'whatever happens to the server');

    @session = map { Triage::Postgres::Session->new($postgres) } 1 .. 4;
    $_->query("set triage.now = '2026-06-01 10:00+00'") for @session;
    $_->send('select triage_data.escalate() from generate_series(1, 3)') for @session;
    $_->wait for @session;
    is(raised(), "escalation|$many|$many\nwarning|$many|$many",
        'so it is with escalations');
    is($postgres->psql(q(select count(*) from triage.inbox
              where queue = 'crisis' and text is null and due_at = '2026-06-01 10:00+00')),
        $many, 'each has moved');
};

done_testing;

sub raised {
    return $postgres->psql(q(
        select kind, count(*), count(distinct conversation_id)
          from triage.alert where waiting_since = '2026-06-01 09:00+00'
         group by kind order by kind));
}

# The payloads that a listener hears while this is done, sorted.
sub heard {
    my ($sql) = @_;
    my $out = $postgres->psql("listen triage;\n" . ($sql =~ s/;\s*/;\n/gr));

    return join "\n",
        sort $out =~ /notification "triage" with payload "(.*)" received/g;
}
