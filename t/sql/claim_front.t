#!/usr/bin/perl

# Claims begin to look at the front that triage.tick noted.  Whatever happens
# to conversations, they find what they would find from the beginning on: many
# random things are done, a transaction each, and both are asked after each.
# And beside an old snapshot a claim reads as much as without one, in blocks.
#
# TRIAGE_STEPS does more, TRIAGE_SEED other things.

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

my $steps    = $ENV{TRIAGE_STEPS} // 400;
my $seed     = $ENV{TRIAGE_SEED}  // 0.5;
my $postgres = Triage::Postgres->new(
    fsync    => 0,
    settings => { autovacuum => 'off' },
)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure();"
        . "\\i '$here/lib/front.sql'");
my $session = Triage::Postgres::Session->new($postgres);

is($session->query("call test.shuffle($steps, $seed)"), '',
    'whatever happens, the front hides nothing');
my ($checks, $ahead, $kinds) = split /\|/, $session->query(<<'END');
select count(*), count(*) filter (where is_ahead), count(distinct done)
  from test.checked
END
is($checks, $steps, 'after each of many things');
cmp_ok($ahead, '>', $steps / 10, 'and it does stand behind somebody');
note $session->query(q(select done, count(*) from test.checked group by done));
is($kinds, $session->query('select count(*) from test.thing'),
    'each of them succeeded');

# A report looks at the conversations, and goes on.
$postgres->psql('truncate triage_data.conversation, triage_data.front');
$postgres->psql("call test.fill(6000)");
$postgres->psql('vacuum analyze triage_data.conversation');
$session->query("set triage.now = '2026-05-04 12:00+00'");
my $least = cost();
note "a claim reads $least blocks";

my $report = Triage::Postgres::Session->new($postgres);
$report->query('begin isolation level repeatable read');
$report->query('select count(*) from triage_data.conversation');
for my $round (1 .. 8) {
    $session->query("call test.work(500)");
    $session->query('call test.note()');
}
my $then = cost();
cmp_ok($then, '<=', 2 * $least,
    'beside an old snapshot a claim does not walk over what was claimed');

# What comes back, and what comes late, stands before the front.
my $first = $session->query(q(select conversation_id from triage.claim('ann')));
my $next  = $session->query(q(select conversation_id from triage.claim('ann')));
$session->query('call test.work(200)');
$session->query('call test.note()');
$session->query("select triage.release('$first', 'ann')");
cmp_ok(cost(), '<=', 2 * $least, 'what was given back costs no more');
$session->query('call test.note()');
$session->query("select triage.release('$next', 'ann')");
is($session->query(q(select conversation_id from triage.claim('bob'))),
    $next, 'and is next');
comes_late('late', '11:46', 'so is what came late');

# A dump brings along what was noted of another server's transactions.
$session->query("update triage_data.front set unseen_from = '99999999999'");
$session->query("update triage_data.news set transaction = '99999999999'");
comes_late('moved', '11:45', 'a front of another server hides nothing');
$session->query('select triage_data.tell_news()');
is($session->query("select count(*) from triage_data.news
                     where transaction = '99999999999'"),
    0, 'and its news do not stay for ever');
$session->query('call test.note()');

# Leases that run out in the meantime.
$session->query("set triage.now = '2026-05-04 12:20+00'");
$session->query('call test.note()');
my $dear = cost();
cmp_ok($dear, '<=', 4 * $least, 'leases that ended are not walked over');

$report->query('commit');
$session->query("set triage.now = '2026-05-04 12:00+00'");
$session->query('select triage_data.note_front(1000000)');
is($session->query('select count(*) from triage_data.front'
        . ' where queues is not null'),
    0, 'with little that is dead there is no front');

done_testing;

# What was written before all others is what is claimed next.
sub comes_late {
    my ($thread, $at, $what) = @_;

    $session->query(<<"END");
select test.file('[{"message_id": "$thread", "thread_id": "$thread",
    "queue": "crisis", "sent_at": "2026-05-04 $at:00+00"}]')
END
    is($session->query(q(select conversation_id from triage.claim('bob'))),
        $session->query("select test.conversation('$thread')"), $what);
}

# The blocks that a claim reads: the middle one of some.
sub cost {
    my @blocks = sort { $a <=> $b } map { blocks() } 1 .. 5;

    return $blocks[2];
}

sub blocks {
    my $plan = $session->query('explain (analyze, buffers)'
            . " select * from triage.claim('prober')");
    my ($hit)  = $plan =~ /shared hit=(\d+)/;
    my ($read) = $plan =~ /Buffers:[^\n]* read=(\d+)/;
    return ($hit // 0) + ($read // 0);
}
