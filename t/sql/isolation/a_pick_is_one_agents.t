#!/usr/bin/perl

# Who picks the same conversation at the same time: one agent gets it, the
# others an error that says so; and claims do not wait for them.

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

my $agents        = 6;
my $conversations = 40;
my $now           = '2026-05-04 12:00+00';
my $postgres      = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure()");
$postgres->psql(<<"END");
select test.file((
    select jsonb_agg(jsonb_build_object(
               'message_id', 'm' || n, 'author_id', 'a' || n,
               'queue', 'urgent',
               'sent_at', timestamptz '$now' - n * interval '1 second'))
      from generate_series(1, $conversations) as n));
select triage.set_agent('cap', capacity => 1);
END
my @all = split /\n/, $postgres->psql(
    'select conversation_id from triage.inbox order by due_at');

my @session = map { Triage::Postgres::Session->new($postgres) } 1 .. $agents;
$_->query("set triage.now = '$now'") for @session;
my ($ann, $bob) = @session;

sub pick {
    my ($conversation, $agent) = @_;
    return "select claimed_by from triage.pick('$conversation', '$agent')";
}

# --- two want one: the second sees what the first did
$ann->query('begin');
is($ann->query(pick($all[5], 'ann')), 'ann', 'Ann picks one');
$bob->send(pick($all[5], 'bob'));
ok(!$bob->is_done(0.2), 'Bob, who wants it, too, waits for her');
$ann->query('commit');
like($bob->wait, qr/TR002: conversation \S+ is leased to another agent/,
    'and is told that she has it');

$ann->query('begin');
$ann->query(pick($all[6], 'ann'));
$bob->send(pick($all[6], 'bob'));
ok(!$bob->is_done(0.2), 'he waits again');
$ann->query('rollback');
is($bob->wait, 'bob', 'and gets it if she gives up');

# --- a claim waits for no pick
$ann->query('begin');
is($ann->query(pick($all[0], 'ann')), 'ann', 'Ann picks who is next');
$bob->send(q(select conversation_id from triage.claim('bob')));
is($bob->wait, $all[1], 'a claim gets the one behind, without waiting');
$ann->query('commit');

# --- a pick waits for a claim
$ann->query('begin');
is($ann->query(q(select conversation_id from triage.claim('ann'))), $all[2],
    'Ann claims');
$bob->send(pick($all[2], 'bob'));
ok(!$bob->is_done(0.2), 'Bob wants the same by name');
$ann->query('commit');
like($bob->wait, qr/TR002/, 'which is hers');

# --- one agent, twice: no more than there is room for
$ann->query('begin');
is($ann->query(pick($all[7], 'cap')), 'cap', 'who has room for one');
$bob->send(pick($all[8], 'cap'));
ok(!$bob->is_done(0.2), 'and picks another one meanwhile');
$ann->query('commit');
like($bob->wait, qr/TR013: agent "cap" holds as many/, 'gets no two');

# --- all want all
my @wanted = @all[10 .. $#all];
my %got;
for my $conversation (@wanted) {
    $session[$_]->send(pick($conversation, "agent$_")) for 0 .. $#session;
    my @answer = map { $_->wait } @session;
    $got{ scalar grep { /^agent\d$/ } @answer }{taken}++;
    $got{ scalar grep { /TR002/ } @answer }{refused}++;
}
is_deeply(\%got,
    { 1 => { taken => scalar @wanted },
        $agents - 1 => { refused => scalar @wanted } },
    'of six who want one, one gets it and five are told');
is($postgres->psql('select count(*), count(distinct conversation_id)'
            . " from triage.picked where agent like 'agent%'"),
    @wanted . '|' . @wanted, 'each is noted once');

done_testing;
