#!/usr/bin/perl

# A claim reads a few rows however long the queues are: index scans, and no
# sort of a queue.  The plans are those of the claim itself (auto_explain).

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

my $waiting  = 100_000;
my $postgres = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");

# The first plans are made while there is nothing: they have to hold later.
my $early = session();
$early->query(q(select * from triage.claim('ann'))) for 1 .. 6;

$postgres->psql(<<"END");
insert into triage_data.conversation
       (conversation_id, waiting_since, due_at, latest_at, latest_no,
        urgent_at, urgent_no, contacts, queue, platform, brand, account,
        thread_id, customer, audience)
select md5(n::text)::uuid, at, at + q.respond, at, n, at, n, 1, q.queue,
       'x', 'acme', 'page', n::text, n::text, 'public'
  from generate_series(1, $waiting) as n
  join (select row_number() over (order by respond) - 1 as number, *
          from triage_data.queue) as q
    on q.number = n % 4
 cross join lateral (select now() - (n * 1.7) * interval '1 second' as at) as t
END

for my $case ([ 'before statistics', $early ], [ 'after', session() ]) {
    my ($name, $session) = @$case;
    my $plans = plans_of($session, q(select * from triage.claim('ann')));

    like($plans, qr/Index (?:Only )?Scan using conversation_(?:waiting|ready)_idx/,
        "$name: a claim probes the index");
    unlike($plans, qr/Seq Scan on conversation/,
        "$name: it reads no table from end to end");
    unlike($plans, qr/Seq Scan on message/, "$name: nor messages");
    unlike($plans, qr/JIT:/, "$name: nothing is compiled for it");
    is_deeply([ large_sorts($plans) ], [], "$name: no sort of a queue");
    cmp_ok(most_rows($plans), '<=', 16, "$name: no step sees many rows");
    $postgres->psql('analyze');
}

# Half of the queue is leased or put off: still no scan, no sort.
$postgres->psql(<<'END');
update triage_data.conversation
   set snoozed_until = now() + interval '1 day'
 where conversation_id in (select conversation_id
                             from triage_data.conversation
                            order by due_at
                            limit 1000)
END
my $plans = plans_of($early, q(select * from triage.claim('ann')));
unlike($plans, qr/Seq Scan on conversation/, 'what is put off is passed by');
is_deeply([ large_sorts($plans) ], [], 'without a sort');

# Views for dashboards.
for my $query (
    q(select * from triage.inbox where conversation_id = md5('7')::uuid),
    q(select * from triage.inbox where queue = 'crisis'
       order by due_at limit 20),
    ) {
    my $plan = $postgres->psql("explain (analyze, timing off) $query");
    unlike($plan, qr/Seq Scan on conversation/, "reads an index: $query");
}

like(
    $postgres->psql(<<'END'),
set enable_seqscan = off;
explain select queue from triage.alert
 where raised_at > triage.now() - interval '1 hour'
END
    qr/Index Cond: \(raised_at >/,
    'a time that is worked out is looked up, behind a policy, too'
);

# A conversation among many, where brands hardly ever answer on the platform.
$postgres->psql(<<'END');
insert into triage_data.message
       (message_no, delivery_id, conversation_id, sent_at, clock_at,
        received_at, urgency, visibility, kind, audience, platform, brand,
        account, message_id, author_id, queue)
select n, n, md5(n::text)::uuid, now(), now(), now(), 10, 5, 'comment',
       'public', 'x', 'acme', 'page', n::text, n::text, 'standard'
  from generate_series(1, 30000) as n;
analyze triage_data.message
END
unlike(
    $postgres->psql(
        q(explain (analyze, timing off) select * from triage.history
           where conversation_id = md5('7')::uuid)
    ),
    qr/Rows Removed by Filter: \d{3,}/,
    'the history of one does not read the others'
);

done_testing;

sub session {
    my $session = Triage::Postgres::Session->new($postgres);

    $session->query("load 'auto_explain'");
    return $session;
}

sub plans_of {
    my ($session, $query) = @_;

    $session->query(<<'END');
set auto_explain.log_min_duration = 0;
set auto_explain.log_nested_statements = on;
set auto_explain.log_analyze = on;
set client_min_messages = log
END
    my $plans = $session->query($query);
    $session->query('set auto_explain.log_min_duration = -1;'
            . 'set client_min_messages = notice');
    return $plans;
}

# The sorts of more rows than there are candidates: two a queue.
sub large_sorts {
    my ($plans) = @_;

    return grep {/Sort .*actual time=\S+ rows=(\d+)/ && $1 > 8}
        split /\n/, $plans;
}

sub most_rows {
    my ($plans) = @_;
    my $most = 0;

    while ($plans =~ /actual time=\S+ rows=(\d+)/g) {
        $most = $1 if $1 > $most;
    }
    return $most;
}
