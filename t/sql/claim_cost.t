#!/usr/bin/perl

# A claim's cost has a bound however many conversations are held: leased by
# agents who never reply, put off, or lapsed.  The cost is what the claim reads,
# in blocks, so that it does not depend on the machine.

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

my $waiting  = 10_000;
my $postgres = Triage::Postgres->new(
    fsync    => 0,
    settings => { autovacuum => 'off' },
)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");
$postgres->psql(<<"END");
insert into triage_data.conversation
       (conversation_id, waiting_since, due_at, latest_at, latest_no,
        urgent_at, urgent_no, contacts, queue, language, platform, brand,
        account, thread_id, customer, audience)
select md5(n::text)::uuid, at, at + q.respond, at, n, at, n, 1, q.queue,
       (array['', 'en', 'de'])[1 + n % 3], 'x', 'acme', 'page', n::text,
       n::text, 'public'
  from generate_series(1, $waiting) as n
  join (select row_number() over (order by respond) - 1 as number, *
          from triage_data.queue) as q
    on q.number = n % 4
 cross join lateral (
       select timestamptz '2026-05-04 12:00+00'
              - (n * 1.7) * interval '1 second' as at) as t;
vacuum analyze triage_data.conversation;
END

my $session = Triage::Postgres::Session->new($postgres);
at('12:00');
my $least = cost();
note "a claim reads $least blocks";

# It passes by 128 that are held in each of four queues, among what is late and
# among what is not, and then looks for what is ready, whatever else is held.
my $most = 2 * $least + 2 * 4 * 128;

# Thousands of claims that nobody answers.  Vacuum, which is autovacuum's in
# life, comes when the test says so: until then what has left the index still
# takes its pages, a block for every hundred or two.
claim(250) for 1 .. 12;
vacuum();
is(held(), 3000 + claims(), 'thousands are held');
cmp_ok(cost(), '<=', $most, 'a claim passes by a bounded number of leases');

$postgres->psql(<<'END');
update triage_data.conversation
   set snoozed_until = '2026-05-04 18:00+00'
 where lease_until is null
   and conversation_id in (select conversation_id
                             from triage_data.conversation
                            where lease_until is null
                            order by due_at
                            limit 2000)
END
vacuum();
cmp_ok(cost(), '<=', $most, 'and of those that are put off');

# All leases have run out: a claim puts some back, not all.
at('12:16');
my $before  = waits();
my $dearest = dearest(20);
cmp_ok(waits(), '>', $before, 'what has lapsed is put back');
cmp_ok($dearest, '<=', $least + 22 * 40,
    'a bounded number at a time');
$session->query('select triage_data.wake()') for 1 .. 12; # as tick does
vacuum();
cmp_ok(cost(), '<=', 2 * $least, 'then a claim costs the same again');
is($session->query('select count(*) from triage_data.conversation'
    . " where lease_until <= timestamptz '2026-05-04 12:16+00'"),
    0, 'and nothing is left that nobody holds');

# An agent who speaks one language only.
$session->query(q(insert into triage_data.agent (agent, languages))
    . q( values ('ann', '{xx}')));
is($session->query(q(select count(*) from triage.claim('ann')
                      where conversation_id in (
                            select conversation_id
                              from triage_data.conversation
                             where language <> ''))),
    0, 'who speaks one language claims no other');
cmp_ok(cost('ann'), '<=', $most, 'and passes by a bounded number of others');

done_testing;

sub at {
    my ($time) = @_;

    $session->query("set triage.now = '2026-05-04 $time+00'");
}

my $claimed;

sub claims { return $claimed }

sub claim {
    my ($quantity) = @_;

    $session->query('select count(*) from triage.claim('
            . "'bob', quantity => $quantity)");
}

# The blocks that a claim reads: the least of some, since those that come
# after a change mark what is dead.
sub cost {
    my ($agent) = @_;

    return (sort { $a <=> $b } map { blocks($agent) } 1 .. 12)[0];
}

sub dearest {
    my ($times) = @_;

    return (sort { $b <=> $a } map { blocks() } 1 .. $times)[0];
}

sub blocks {
    my ($agent) = @_;

    $agent //= 'bob';
    $claimed++ if $agent eq 'bob';
    my $plan = $session->query('explain (analyze, buffers)'
            . " select * from triage.claim('$agent')");
    my ($hit)  = $plan =~ /shared hit=(\d+)/;
    my ($read) = $plan =~ /Buffers:[^\n]* read=(\d+)/;
    return ($hit // 0) + ($read // 0);
}

sub vacuum {
    $postgres->psql('vacuum triage_data.conversation');
}

sub held {
    return $session->query('select count(*) from triage.inbox'
            . ' where claimed_by is not null');
}

sub waits {
    return $session->query('select count(*) from triage_data.conversation'
            . ' where lease_until is null');
}
