#!/usr/bin/perl

# Many people react to the same messages at the same time, while agents work
# on them (triage_data.engage): each reaction counts once, what was seen by
# many rises, nobody waits in a circle, and nobody waits for an agent.

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

my $links    = 6;                        # that file, beside two agents
my $runs     = 12;
my $posts    = 4;
my $now      = '2026-05-04 12:00+00';
my $postgres = Triage::Postgres->new(
    fsync    => 0,
    settings => { deadlock_timeout => '100ms' },
)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure()");
$postgres->psql(helpers());
post("p$_") for 1 .. $posts;

my @session = map { Triage::Postgres::Session->new($postgres) } 1 .. $links + 2;
$_->query("set triage.now = '$now'") for @session;
my ($link, $other, $ann) = @session[ 0, 1, $links ];

# Each link files batches in which somebody reacts to each post, in any order
# and twice; agents correct and pass on the same conversations.
$session[$_]->query(loop("link $_", <<'END')) for 0 .. $links - 1;
        perform test.file((
            select jsonb_agg(test.reaction('p' || n,
                                           name || ' ' || run || ' ' || n)
                             order by random())
              from generate_series(1, 4) as n
             cross join generate_series(1, 2)));
END
$session[$_]->query(loop("agent $_", <<'END')) for $links, $links + 1;
        perform triage.retriage(test.message('p' || 1 + run % 4), 50, name);
        perform triage.claim(name, quantity => 2);
        perform triage.release(i.conversation_id, name)
           from (select conversation_id
                   from triage.inbox
                  where claimed_by = name
                  order by conversation_id) as i;
END
$_->send('call pg_temp.all()') for @session;
is(join('', map { $_->wait } @session), '', 'nobody fails, nobody waits in a circle');
is(likes(), join(' ', ($links * $runs) x $posts), 'each reaction counts, once');

# What a held conversation left is seen to by the next who reacts.
react("p$_", "last $_") for 1 .. $posts;
is($postgres->psql(<<'END'), $posts, 'all of them are seen by more, and due sooner');
select count(*)
  from triage_data.message as m
 where m.kind = 'mention'
   and m.visibility > 60
   and m.queue = 'crisis'
   and m.due_at = m.clock_at + interval '15 minutes'
END
is($postgres->psql(<<'END'), $posts, 'the terms add up');
select count(*)
  from triage_data.message as m
 where m.kind = 'mention'
   and m.visibility::numeric
       = (select sum(t.visibility)
            from triage_data.terms_of(m.terms) as t)
END

# An agent's open transaction holds a conversation.
post('held');
$ann->query('begin');
$ann->query("select triage.snooze(test.conversation('held'), 'ann',"
        . " triage.now() + interval '1 minute')");
$link->send("select test.react('held', 'first')");
ok($link->is_done(30), 'a reaction does not wait for an agent');
$link->wait;
is(seen('held'), '1|45|urgent', 'it is counted, and that is all for now');
$ann->query('commit');
react('held', 'second');
like(seen('held'), qr/^2\|5\d\.\d+\|urgent$/, 'the next one makes it rise');

# Two at the same time are two.
post('both');
$link->query('begin');
$link->query("select test.react('both', 'one')");
$other->send("select test.react('both', 'two')");
$link->query('commit');
$other->wait;
like(seen('both'), qr/^2\|/, 'two at the same time are two');

# What is rolled back was never there.
post('never');
$link->query('begin');
$link->query("select test.react('never', 'later')");
$link->query('rollback');
is(seen('never'), '|45|urgent', 'what is rolled back counts nothing');
react('never', 'later');
like(seen('never'), qr/^1\|/, 'and counts when it comes again');

done_testing;

sub post {
    my ($name) = @_;

    $postgres->psql("select test.post('$name')");
}

sub react {
    my ($post, $name) = @_;

    $postgres->psql("select test.react('$post', '$name')");
}

sub likes {
    return $postgres->psql(<<'END');
select string_agg(m.engagement ->> 'likes', ' ')
  from triage_data.message as m
 where m.kind = 'mention'
END
}

sub seen {
    my ($post) = @_;

    return $postgres->psql(<<"END");
select m.engagement ->> 'likes', round(m.visibility::numeric, 2)::float8,
       m.queue
  from triage_data.message as m
 where m.message_no = test.message('$post')
END
}

# A statement each, in a transaction of its own, as the module does it.
sub loop {
    my ($name, $body) = @_;

    return <<"END";
create procedure pg_temp.all()
language plpgsql
as \$\$
declare
    name constant text := '$name';
begin
    for run in 1 .. $runs loop
$body
        commit;
    end loop;
end
\$\$;
END
}

sub helpers {
    return <<'END';
-- A plea in public that few have seen: seen by more it belongs into crisis.
create function test.post(name text)
returns int4[]
language sql
as $$
    select test.file(jsonb_build_array(jsonb_build_object(
        'message_id', post.name, 'author_id', post.name,
        'thread_id', post.name, 'sent_at', '2026-05-04 11:00+00',
        'urgency', 85, 'visibility', 45, 'queue', 'urgent',
        'kind', 'mention',
        'terms', '[{"signal": "base", "urgency": 85, "visibility": 45}]'::jsonb,
        'engagement', '{"rises": [{"visibility": 60, "queue": "crisis"}]}'
                      ::jsonb)));
$$;

create function test.reaction(post text, name text)
returns jsonb
language sql
return jsonb_build_object(
    'message_id', post, 'event_id', name, 'author_id', name,
    'kind', 'reaction', 'sent_at', '2026-05-04 11:30+00');

create function test.react(post text, name text)
returns int4[]
language sql
as $$
    select test.file(jsonb_build_array(test.reaction(react.post, react.name)));
$$;
END
}
