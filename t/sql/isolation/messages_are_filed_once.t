#!/usr/bin/perl

# Many connections file the same messages, the same conversations and changes
# to the same messages at the same time: one row each, no error, no deadlock.

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

my $links    = 10;
my $postgres = Triage::Postgres->new(
    fsync    => 0,
    settings => { deadlock_timeout => '100ms' },
)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure()");
my @session = map { Triage::Postgres::Session->new($postgres) } 1 .. $links;

# 1,000 times the same message.
all_at_once(100, <<'END');
    perform test.file('[{"message_id": "same", "author_id": "same",
                         "sent_at": "2026-05-04 09:00+00"}]');
END
is(rows('message', 'same'), 1, 'the same message 1,000 times is one row');
is($postgres->psql(
        q(select contacts from triage.inbox where author_id = 'same')),
    1, 'and one contact');
is($postgres->psql('select count(*) from triage_data.delivery'), 1,
    'and one raw body');

# The same without a time.
all_at_once(50, <<'END');
    perform test.file(jsonb_build_array(jsonb_build_object(
        'message_id', 'timeless', 'author_id', 'timeless',
        'received_at', clock_timestamp())));
END
is(rows('message', 'timeless'), 1, 'one without a time is one row, too');

# The same messages in any order, in batches that overlap.
all_at_once(40, <<'END');
    perform test.file((
        select jsonb_agg(jsonb_build_object(
                   'message_id', 'o' || n, 'author_id', 'o' || n % 7,
                   'sent_at', timestamptz '2026-05-04 09:00+00'
                              + n * interval '1 second')
                   order by random())
          from generate_series(run * 10, run * 10 + 29) as n));
END
is($postgres->psql(q(select count(*), count(distinct message_id)
                       from triage_data.message where message_id ~ '^o')),
    '420|420', 'batches that overlap, in any order, file each message once');
is($postgres->psql(q(select sum(contacts) from triage.inbox
                      where author_id ~ '^o')),
    420, 'and count each once');

# Hot conversations: all connections write to the same few, with echoes,
# edits and deletes in between, to queues with all sorts of targets.
$postgres->psql(q(select triage.sync('{
    "hours": [{"name": "office", "zone": "Europe/Berlin", "dates": {},
               "week": [[[540, 660]], [[540, 660]], [[540, 660]],
                        [[540, 660]], [[540, 660]], [], []]}],
    "queues": [{"name": "standard", "respond": 86400, "weight": 1},
               {"name": "office", "respond": 3600, "weight": 1,
                "hours": "office", "next": 1800},
               {"name": "prompt", "respond": 3600, "weight": 1,
                "next": 7200, "resolve": 14400}]}')));
all_at_once(30, <<'END');
    perform test.file((
        select jsonb_agg(m order by random())
          from generate_series(1, 16) as n
         cross join lateral (
               select jsonb_build_object(
                          'message_id', format('h-%s-%s-%s', link, run, n),
                          'author_id', 'h' || n % 5,
                          'thread_id', 'hot' || n % 3,
                          'queue', (array['standard', 'office',
                                          'prompt'])[1 + (n + run) % 3],
                          'sent_at', timestamptz '2026-05-05 09:00+00'
                                     + (run * 16 + n) * interval '1 second')
                union all
               select jsonb_build_object(
                          'message_id', format('h-%s-%s-%s', link, run, n),
                          'event_id', format('c-%s-%s-%s', link, run, n),
                          'kind', (array['edit', 'delete'])[1 + n / 4 % 2],
                          'queue', (array['standard', 'office',
                                          'prompt'])[1 + run % 3],
                          'sent_at', timestamptz '2026-05-05 10:00+00')
                where n % 4 = 0
                union all
               select jsonb_build_object(
                          'message_id', format('e-%s-%s-%s', link, run, n),
                          'author_id', 'page', 'kind', 'echo',
                          'thread_id', 'hot' || (n + 1) % 3,
                          'sent_at', timestamptz '2026-05-05 09:00+00'
                                     + (run * 16 + n - 7)
                                       * interval '1 second')
                where n % 5 = 0) as s(m)));
END
is(rows('message', 'h-%'), $links * 30 * 16 + $links * 30 * 4,
    'hot conversations take messages from everybody');
agrees_with_a_recount('hot conversations');

# A message and its delete at the same moment: whoever is first, the words go.
all_at_once(40, <<'END');
    perform test.file(jsonb_build_array(
        case link % 2
        when 0 then jsonb_build_object(
            'message_id', format('r-%s-%s', link / 2, run),
            'author_id', format('r-%s-%s', link / 2, run),
            'thread_id', format('r-%s-%s', link / 2, run),
            'sent_at', '2026-05-05 09:00+00', 'text', 'words')
        else jsonb_build_object(
            'message_id', format('r-%s-%s', link / 2, run),
            'event_id', format('rd-%s-%s', link / 2, run),
            'kind', 'delete', 'sent_at', '2026-05-05 09:01+00')
        end));
END
$postgres->psql('update triage_data.early_change'
        . ' set retry_at = statement_timestamp()'
        . ' where retry_at is not null');
$postgres->psql('select triage_data.retry_early()') for 1 .. 20;
is($postgres->psql(q(select count(*) from triage_data.message
                      where message_id ~ '^r-' and text is not null)),
    0, 'a message and its delete at once: the words are gone');

done_testing;

# Runs the statements $times times on each connection at the same time; they
# know which (link, run) they are.
sub all_at_once {
    my ($times, $statements) = @_;

    for my $link (0 .. $#session) {
        $session[$link]->send(<<"END");
do \$\$
declare
    link int := $link;
begin
    for run in 1 .. $times loop
$statements
        commit;
    end loop;
end
\$\$
END
    }

    my $answers = join '', map { $_->wait } @session;
    is($answers, '', 'no error, no deadlock');
}

sub rows {
    my ($table, $id) = @_;

    return $postgres->psql("select count(*) from triage_data.$table"
            . " where message_id like '$id'");
}

# What was counted step by step is what a recount of everything gives.
sub agrees_with_a_recount {
    my ($what) = @_;
    my $state = <<'END';
select c.conversation_id, c.waiting_since, c.due_at, c.contacts, c.urgency,
       c.queue, c.latest_at, c.answered_through, c.resolve_due_at
  from triage_data.conversation as c
 order by 1;
select a.answer_id, a.waiting_since, a.due_at, a.contacts, a.first,
       a.queue, a.counted
  from triage_data.answer as a
 order by 1;
END
    my $before = $postgres->psql($state);

    $postgres->psql(q(select triage_data.recount(
                                 array_agg(conversation_id), '-infinity')
                        from triage_data.conversation));
    is($postgres->psql($state), $before, "$what: a recount agrees");
}
