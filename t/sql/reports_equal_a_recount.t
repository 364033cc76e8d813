#!/usr/bin/perl

# Reports say what a recount of the facts says: before anything is summed up,
# after, and while it changes.
#
#   TRIAGE_REPORT_EVENTS=1000000 prove t/sql/reports_equal_a_recount.t

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

my $events   = $ENV{TRIAGE_REPORT_EVENTS} // 6_000;
my $span     = q(triage.now() - interval '50 hours', triage.now());
# A transaction of autovacuum's own would put off what counts as summed up.
my $postgres = Triage::Postgres->new(
    fsync    => 0,
    settings => { autovacuum => 'off' }
)->start;

$postgres->migrate;
$postgres->psql(<<"END");
\\i '$here/lib/helpers.sql'
\\i '$here/lib/events.sql'
alter database triage set triage.now = '2026-05-04 12:34:56+00';
select test.configure();
END
$postgres->psql("select test.happen(1, $events); analyze");

same_view('before anything is summed up');
same_shares('before anything is summed up');
for my $by ('', qw(hour queue platform brand agent),
    'hour,queue,platform,brand,agent')
{
    is($postgres->psql("select * from test.differs('{$by}', $span)"),
        '', "a report by {$by}");
}
same_fairness('before anything is summed up');

is(sum_up(), 0, 'it is summed up, in parts');
cmp_ok($postgres->psql('select count(*) from triage_data.response_hour'),
    '>', 72, 'into hours');
same_view('when it is');
same_shares('when it is');
same_fairness('when it is');

# Late answers, corrections, hours that come and go.
$postgres->psql("select test.happen($events + 1, $events + 500)");
same_view('with answers that come late');
$postgres->psql(<<'END');
update triage_data.answer set due_at = answered_at where answer_id % 999 = 0;
update triage_data.answer set queue = 'crisis' where answer_id % 998 = 0;
update triage_data.answer set waiting_since = null where answer_id % 997 = 0;
update triage_data.resolution set target = null where resolution_id % 99 = 0
END
same_view('with waits that are worked out anew');
same_shares('with waits that are worked out anew');
is(sum_up(), 0, 'which is summed up, too');
same_view('and still so');
same_fairness('and still so');

# An answer that is committed after the sums had looked.
my $slow = Triage::Postgres::Session->new($postgres);
$slow->query("begin; select test.happen($events + 501, $events + 510)");
$postgres->psql("select test.happen($events + 511, $events + 520)");
sum_up(2);
same_view('while somebody has not committed');
sum_up(2);
$slow->query('commit');
same_view('and when that is committed');
cmp_ok(unsummed(), '>', 0, 'it is known to be new');
is(sum_up(), 0, 'until it is summed up');
same_view('at last');
same_shares('at last');

# Who is forgotten has no followers any more, nor has a platform that may not
# be remembered.
my $followed = q(select count(*) from triage_data.fair_answer
                  where platform = 'facebook' and followers is not null);
is($postgres->psql("$followed and message_no = 22"), 1,
    'how many follow somebody is known');
$postgres->psql(q(select triage.erase('facebook', '22')));
is($postgres->psql("$followed and message_no = 22"), 0,
    'until that is erased');
same_fairness('then');
cmp_ok($postgres->psql($followed), '>', 0, 'the others\' is');
$postgres->psql(q(select triage.retain('1 day', 'facebook', true)));
is( $postgres->psql(
        "$followed and answered_at < triage.now() - interval '1 day'"),
    0,
    'until names are forgotten'
);
same_fairness('then, too');

# What is forgotten is not reported.
$postgres->psql(q(select triage.retain('26 hours')));
same_view('after retain', q('2026-05-03 11:00+00'));
same_fairness('after retain');
is( $postgres->psql(
        q(select count(*) from triage.response_time
           where hour < triage.now() - interval '27 hours')
    ),
    0,
    'which has no older hours'
);

# An automatic answer ends no wait, and is counted apart.
$postgres->psql(<<'END');
select test.file('[{"message_id": "m1", "thread_id": "auto",
                    "sent_at": "2026-05-04 12:00+00"}]');
select triage.reply(test.conversation('m1'), 'robot', automatic => true)
END
is( $postgres->psql(
        q(select response, responses, p50, share_in_time is null
            from triage.report('2026-05-04 12:34:56+00',
                               '2026-05-04 12:34:57+00', '{agent}')
           where agent = 'robot')
    ),
    'automatic|1|00:34:56|t',
    'an automatic answer'
);
is( $postgres->psql(
        q(select count(*) from triage.inbox where author_id = 'ann')),
    1, 'whose customer waits'
);
same_view('in the view, too', q('2026-05-03 11:00+00'));

for my $case (
    [ q('2026-05-04', '2026-05-04'),                 'no span' ],
    [ q('2026-05-04', '2026-05-05', '{weekday}'),    'a part that there is not' ],
    [ q(null),                                       'no beginning' ],
    [ q('2026-05-04', '2026-05-05', null::text[]),   'by nothing that is known' ],
    )
{
    my ($argument, $what) = @$case;
    my (undef, undef, $error) = $postgres->psql_try(
        "\\set VERBOSITY verbose\nselect * from triage.report($argument)");
    like($error, qr/TR007/, "$what is an error of ours");
}

done_testing;

sub same_view {
    my ($when, $since) = @_;

    $since //= q('-infinity');
    is($postgres->psql("select * from test.view_differs($since) limit 5"),
        '', "the view, $when");
}

# The shares of a day in triage.queue.
sub same_shares {
    my ($when) = @_;

    is( $postgres->psql(<<'END'),
select count(*)
  from triage.queue as q
  join (select queue, avg((answered_at <= due_at)::int) as share
          from triage_data.answer
         where waiting_since is not null
           and kind <> 'close'
           and answered_at > triage.now() - interval '24 hours'
           and answered_at <= triage.now()
         group by queue) as a
 using (queue)
 where abs(q.share_in_time - a.share) < 0.000001
END
        4,
        "the queues' shares in time, $when"
    );
}

sub same_fairness {
    my ($when) = @_;

    is($postgres->psql('select * from test.fairness_differs() limit 5'),
        '', "fairness, $when");
}

# Sums up until nothing is left, or so often, as triage.tick does a minute at a
# time; returns how many hours are left.
sub sum_up {
    my ($rounds) = @_;

    for (1 .. $rounds // 200) {
        $postgres->psql(
            q(delete from triage_data.chore where chore = 'sum_responses';
              select triage_data.sum_responses())
        );
        return 0 if unsummed() == 0;
    }
    return unsummed();
}

sub unsummed {
    return $postgres->psql('select count(*) from triage_data.unsummed()');
}
