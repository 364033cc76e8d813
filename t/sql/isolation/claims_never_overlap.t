#!/usr/bin/perl

# Eight agents claim at the same time: each conversation goes to one of them,
# each gets what is next for it, and nobody waits for anybody.

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

my $agents        = 8;
my $conversations = 4000;
my $now           = '2026-05-04 12:00+00';
my $postgres      = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure()");
fill();

my @session = map { Triage::Postgres::Session->new($postgres) } 1 .. $agents;
$_->query("set triage.now = '$now'") for @session;
$session[$_]->query(claimer("agent$_")) for 0 .. $#session;

$_->send('call pg_temp.claim_all()') for @session;
my @answer = map { $_->wait } @session;
is(join('', @answer), '', 'nobody fails');

my @count = split /\|/, $session[0]->query(<<'END');
select count(*), count(distinct conversation_id), count(distinct agent),
       (select count(*) from triage.inbox where claimed_by is not null)
  from public.claimed
END
is($count[0], $conversations, 'every conversation is claimed');
is($count[1], $conversations, 'once');
is($count[2], $agents,        'every agent gets some');
is($count[3], $conversations, 'the inbox shows each with its agent');
is($session[0]->query(<<'END'), 0, 'as claim told the agent');
select count(*)
  from public.claimed as c
  join triage.inbox as i using (conversation_id)
 where i.claimed_by is distinct from c.agent
END

# The same when every lease has run out: who puts them back, and who takes
# them, come in each other's way.
$postgres->psql(<<"END");
truncate public.claimed;
update triage_data.conversation
   set claimed_by = 'gone',
       lease_until = timestamptz '$now' - interval '1 second';
END
$_->send('call pg_temp.claim_all()') for @session;
@answer = map { $_->wait } @session;
is(join('', @answer), '', 'nobody fails when all leases have run out');
is($session[0]->query(<<'END'), "$conversations|$conversations", 'each is claimed again, once');
select count(*), count(distinct conversation_id) from public.claimed
END

# An open transaction holds what it claimed, and nothing else.
$postgres->psql('update triage_data.conversation'
        . ' set lease_until = null, claimed_by = null;'
        . q(select setval('triage_data.claim_number', 1, false)));
my ($ann, $bob) = @session[0, 1];
$ann->query('begin');
my $first = $ann->query(q(select conversation_id from triage.claim('ann')));
$bob->send(q(select conversation_id from triage.claim('bob')));
ok($bob->is_done(5), 'a claim does not wait for an open one');
my $second = $bob->wait;
like($second, qr/^[0-9a-f-]{36}$/, 'it gets a conversation');
isnt($second, $first, 'another one');
$ann->query('rollback');
is($bob->query(q(select conversation_id from triage.claim('bob'))),
    $first, 'what was given up is next again');

# Two leases at once: the second sees the first.
$ann->query('begin');
$ann->query("select triage.release('$second', 'bob')");
$bob->send("select triage.renew('$second', 'bob')");
ok(!$bob->is_done(0.2), 'the lease of one conversation has one writer');
$ann->query('commit');
like($bob->wait, qr/TR002/, 'who sees what the one before did');

done_testing;

sub fill {
    $postgres->psql(<<"END");
create table public.claimed (conversation_id uuid, agent text);
do \$\$
begin
    for batch in 0 .. $conversations / 100 - 1 loop
        perform test.file((
            select jsonb_agg(jsonb_build_object(
                       'message_id', 'm' || n, 'author_id', 'a' || n,
                       'queue', (array['crisis', 'urgent', 'public',
                                       'standard'])[1 + n % 4],
                       'sent_at', timestamptz '$now'
                                  - n * interval '1 second'))
              from generate_series(batch * 100, batch * 100 + 99) as n));
    end loop;
end
\$\$;
END
}

# A statement a claim, each in a transaction of its own, as agents do it.
sub claimer {
    my ($agent) = @_;

    return <<"END";
create procedure pg_temp.claim_all()
language plpgsql
as \$\$
declare
    claims int := 0;
begin
    loop
        insert into public.claimed
        select c.conversation_id, '$agent'
          from triage.claim('$agent', quantity => 1 + claims % 3) as c;
        exit when not found;
        claims := claims + 1;
        commit;
    end loop;
end
\$\$;
END
}
