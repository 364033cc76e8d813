#!/usr/bin/perl
# The desk's calls do what the SQL functions do, as the agent that nginx
# authenticated, and say what went wrong.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use POSIX qw(strftime);
use Test::More;

use Triage::DeskSite;

my $site = Triage::DeskSite->new->start->wait_for_desk;
my $nginx    = $site->nginx;
my $postgres = $site->postgres;

sub later {
    my ($seconds) = @_;
    return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + $seconds);
}

my $now = time;
for my $i (1 .. 5) {
    is($site->deliver($site->comment($i,
            'I am stranded at the airport, nobody helps!',
            created_time => $now - 60 * $i))->{status},
        200, "message $i is kept");
}

# --- reading
my $answer = $site->call('ann', 'session');
is($answer->{status}, 200, 'a session');
is($answer->{json}{agent}, 'ann', 'is the agent\'s');
like($answer->{json}{token}, qr/^[0-9a-f]{64}$/, 'and has a token');
isnt($site->token('bob'), $answer->{json}{token}, 'which is not another\'s');

$answer = $site->call('ann', 'inbox');
is($answer->{status}, 200, 'the inbox');
is(@{ $answer->{json}{waiting} }, 5, 'shows who waits');
is_deeply($answer->{json}{mine}, [], 'and what is mine');
my $news = $site->call('ann', 'alerts')->{json};
is_deeply([@$news{qw(spikes alerts)}], [[], []], 'nothing is unusual');
my @queues = @{ $site->call('ann', 'queues')->{json}{queues} };
is_deeply([map { "$_->{queue} $_->{length}" } @queues],
    ['crisis 0', 'urgent 5', 'standard 0'],
    'and in which queues, the heaviest first');
my ($first) = @{ $answer->{json}{waiting} };
is($first->{queue}, 'urgent', 'with what an inbox has');
is($site->call('ann', 'inbox', { queue => 'standard' })->{json}{waiting}[0],
    undef, 'of one queue only, where asked');
is(@{ $site->call('ann', 'inbox', { quantity => 2 })->{json}{waiting} }, 2,
    'and so many of each');

my $id = $first->{conversation_id};
$answer = $site->call('ann', 'conversation', { conversation => $id });
is($answer->{status}, 200, 'a conversation');
is($answer->{json}{waiting}{conversation_id}, $id, 'that waits');
is($answer->{json}{history}[0]{event}, 'message', 'has a history');
like($answer->{json}{history}[0]{text}, qr/stranded/, 'with words');
my %terms = map { $_->{signal} => $_->{urgency} }
    @{ $answer->{json}{terms} };
cmp_ok($terms{stranded}, '>', 0, 'and why it is urgent');

$answer = $site->call('ann', 'explain', { message => $first->{message_no} });
is_deeply({ map { $_->{signal} => $_->{urgency} } @{ $answer->{json}{terms} } },
    \%terms, 'as explain has it');
is($site->call('ann', $_)->{status}, 200, "$_ is there")
    for qw(due queues response_time fairness forecast alerts picked agents);

$answer = $site->change('ann', 'suggest', {
    text => 'I will call you by Friday 5 pm.', zone => 'Europe/Berlin' });
is($answer->{status}, 200, 'what words promise') or diag $answer->{text};
like($answer->{json}{suggestions}[0]{words}, qr/Friday/, 'is read from them');
is_deeply($site->change('ann', 'suggest', { text => 'Thank you.' })
    ->{json}{suggestions}, [], 'or nothing is');
is($site->change('ann', 'suggest', { text => 'x', zone => 'Nowhere' })
    ->{status}, 400, 'in a time zone that there is');
is($site->call('ann', 'suggest', { text => 'x' })->{status}, 405,
    'words are in no URL');

# --- where the words stand, in what the page shows
my $words = "\x{1F621} I\x{2019}m STRANDED";
$answer = $site->change('ann', 'marks', { text => $words });
is($answer->{status}, 200, 'marks') or diag $answer->{text};
my %marks = map { $_->{signal} => "$_->{start}+$_->{length}" }
    @{ $answer->{json}{marks} };
is($marks{stranded}, '7+8', 'a phrase, in UTF-16 units');
is($marks{'word:stranded'}, '7+8', 'and words');
is_deeply($site->change('ann', 'marks', { text => '' })->{json}{marks}, [],
    'of nothing nothing');
is($site->change('ann', 'marks', { text => 'x' x 4001 })->{status}, 400,
    'not too much');
is($site->call('ann', 'marks', { text => 'x' })->{status}, 405,
    'and not in a URL');

# --- an agent's day
$answer = $site->change('ann', 'claim', {});
is($answer->{status}, 200, 'a claim') or diag $answer->{text};
my ($claimed) = @{ $answer->{json}{claimed} };
is($claimed->{claimed_by}, 'ann', 'is the agent\'s');
is($site->call('ann', 'inbox')->{json}{mine}[0]{conversation_id},
    $claimed->{conversation_id}, 'and in what is hers');
$id = $claimed->{conversation_id};

$answer = $site->change('bob', 'reply', { conversation => $id });
is($answer->{status}, 409, 'another agent cannot answer it');
is($answer->{json}{code}, 'TR002', 'for the reason that SQL gives');
like($answer->{json}{error}, qr/leased to another agent/, 'in its words');
is($postgres->psql("select claimed_by from triage.inbox "
        . "where conversation_id = '$id'"), 'ann', 'and nothing changed');

is($site->change('ann', 'renew', { conversation => $id })->{status}, 200,
    'renewed');
is($site->change('ann', 'transfer',
        { conversation => $id, recipient => 'bob' })->{status}, 200,
    'handed to another agent');
is($site->change('bob', 'release', { conversation => $id })->{json}{released},
    JSON::PP::true, 'who gives it back');
is($site->change('ann', 'promise', { conversation => $id,
        due_at => later(3600), note => "by five \x{2603}" })->{status}, 200,
    'a promise');
is($site->call('ann', 'due')->{json}{promises}[0]{note}, "by five \x{2603}",
    'is shown as due');
is($site->change('ann', 'handoff', { conversation => $id })->{status}, 200,
    'an invitation');
$answer = $site->change('ann', 'handoff', { conversation => $id });
is("$answer->{status} $answer->{json}{code}", '409 TR010', 'is made once');
is($site->change('ann', 'retriage', { message => $claimed->{message_no},
        urgency => 91.5, why => 'a child', queue => 'crisis' })->{status},
    200, 'a correction');
is($postgres->psql("select urgency, queue from triage.inbox "
        . "where conversation_id = '$id'"), '91.5|crisis', 'counts');
is($site->change('ann', 'reply', { conversation => $id })->{json}{ended},
    JSON::PP::true, 'an answer ends the wait');

# --- here, and away
sub until_when {
    my ($agent) = grep { $_->{agent} eq 'eve' }
        @{ $site->call('ann', 'agents')->{json}{agents} };
    return $agent && $agent->{present_until};
}

is(until_when(), undef, 'who has not come is not there');
$answer = $site->change('eve', 'presence', { hours => 8 });
is($answer->{status}, 200, 'an agent comes') or diag $answer->{text};
is(until_when(), $answer->{json}{present_until}, 'and is there');
like(until_when(), qr/^\d{4}-/, 'until then');
is($site->change('eve', 'presence', { hours => 0 })->{json}{present_until},
    undef, 'and goes');
is(until_when(), undef, 'and is away');

# --- one that the agent chose
$answer = $site->call('ann', 'inbox');
my ($chosen) = reverse @{ $answer->{json}{waiting} };
my $which = { conversation => $chosen->{conversation_id} };
$answer = $site->change('ann', 'pick', $which);
is($answer->{status}, 200, 'a pick') or diag $answer->{text};
is($answer->{json}{picked}{claimed_by}, 'ann', 'is the agent\'s');
$answer = $site->change('bob', 'pick', $which);
is("$answer->{status} $answer->{json}{code}", '409 TR002', 'not another\'s');
is($site->change('ann', 'release', $which)->{status}, 200, 'given back');
$postgres->psql("select triage.set_agent('eve', '{}')");
$answer = $site->change('eve', 'pick', $which);
is("$answer->{status} $answer->{json}{code}", '403 TR012',
    'who is not for the queue');
$postgres->psql("select triage.set_agent('eve', capacity => 1);"
        . " select triage.pick('$chosen->{conversation_id}', 'eve')");
($which) = grep { $_->{conversation_id} ne $chosen->{conversation_id} }
    @{ $site->call('eve', 'inbox')->{json}{waiting} };
$answer = $site->change('eve', 'pick',
    { conversation => $which->{conversation_id} });
is("$answer->{status} $answer->{json}{code}", '409 TR013',
    'who has no room');
$postgres->psql("select triage.release('$chosen->{conversation_id}', 'eve')");
my ($picker) = grep { $_->{agent} eq 'ann' }
    @{ $site->call('ann', 'picked')->{json}{agents} };
is("@$picker{qw(picks out_of_order)}", '1 1', 'leads see who chose');

# --- to another department
$answer = $site->change('ann', 'claim', { queues => ['urgent'] });
my $other = $answer->{json}{claimed}[0]{conversation_id};
is($site->change('bob', 'refer', { conversation => $other,
        queue => 'standard' })->{status}, 409, 'nobody else refers it');
is($site->change('ann', 'refer', { conversation => $other,
        queue => 'nowhere' })->{status}, 404, 'nor to nowhere');
$answer = $site->change('ann', 'refer', { conversation => $other,
        queue => 'crisis' });
is($answer->{status}, 200, 'referred') or diag $answer->{text};
like($answer->{json}{due_at}, qr/^\d{4}-/, 'with its deadline');
is($postgres->psql("select queue, claimed_by is null from triage.inbox "
        . "where conversation_id = '$other'"), 'crisis|t', 'unleased');

$answer = $site->change('ann', 'claim',
    { queues => ['urgent'], quantity => 2 });
is(@{ $answer->{json}{claimed} }, 2, 'two at once');
my @ids = map { $_->{conversation_id} } @{ $answer->{json}{claimed} };
is($site->change('ann', 'snooze',
        { conversation => $ids[0], until => later(600) })->{status}, 200,
    'put off');
is($site->change('ann', 'close', { conversation => $ids[1] })->{status}, 200,
    'closed');
$answer = $site->change('ann', 'close', { conversation => $ids[1] });
is("$answer->{status} $answer->{json}{code}", '409 TR003', 'once');

my @events = map { $_->{event} } @{
    $site->call('ann', 'conversation', { conversation => $id })
        ->{json}{history} };
is("@events", 'message promise handoff correction reply',
    'the history tells all of it, in its order');

# --- what is wrong
sub refused {
    my ($answer, $status, $code, $what) = @_;
    is("$answer->{status} " . ($answer->{json}{code} // ''),
        "$status $code", $what) or diag $answer->{text};
    ok(length $answer->{json}{error}, "$what: says why");
}

my $nowhere = '00000000-0000-0000-0000-000000000001';
refused($site->change('ann', 'reply', { conversation => $nowhere }),
    404, 'TR001', 'no such conversation');
refused($site->change('ann', 'claim', { queues => ['nowhere'] }),
    404, 'TR004', 'no such queue');
refused($site->change('ann', 'snooze', { conversation => $ids[0],
        until => later(-60) }), 400, 'TR007', 'a time that is past');
refused($site->change('ann', 'claim', { quantity => 0 }), 400, 'TR007',
    'a claim of nothing');
refused($site->call('ann', 'explain', { message => 1 }), 404, 'TR005',
    'no such message');
refused($site->change('ann', 'snooze', { conversation => $ids[0],
        until => '2026-13-45T99:99:00Z' }), 400, 'database',
    'no such day');
refused($site->call('ann', 'nothing'), 404, 'call', 'no such call');
refused($site->call('ann', 'claim'), 405, 'method', 'a change by GET');
refused($site->change('ann', 'inbox', {}), 405, 'method', 'a look by POST');
refused($site->change('ann', 'reply', {}), 400, 'argument', 'nothing named');
refused($site->change('ann', 'reply', { conversation => "$nowhere'--" }),
    400, 'argument', 'no uuid');
refused($site->change('ann', 'reply', { conversation => [$nowhere] }),
    400, 'argument', 'a list for a uuid');
refused($site->change('ann', 'reply',
        { conversation => $nowhere, agent => 'bob' }), 400, 'argument',
    'an agent of one\'s own');
refused($site->change('ann', 'transfer',
        { conversation => $nowhere, recipient => 'x' x 4001 }), 400,
    'argument', 'too long a text');
refused($site->change('ann', 'claim', $_), 400, 'argument',
    'no object: ' . substr $_, 0, 20)
    for '', '[]', '{', 'null', '{"queues":"urgent"}', '{"queues":[1]}',
    '{"queues":[' . join(',', ('"x"') x 65) . ']}',
    '{"quantity":1e400}', '[' x 3000, "{\"x\":\"\xff\"}";
refused($site->call('ann', 'inbox', { other => 1 }), 400, 'argument',
    'an argument that there is not');
refused($site->call('ann', 'conversation', { conversation => "' or 1=1" }),
    400, 'argument', 'SQL for a uuid');
refused($site->call('ann', 'response_time', { hours => '9' x 30 }), 400,
    'argument', 'too large a number');
is($site->call('ann', 'inbox', { queue => "urgent' or true --" })
    ->{json}{waiting}[0], undef, 'a queue\'s name is never SQL');

# --- the role is what counts
$postgres->psql('revoke triage_reader from desk');
refused($site->call('ann', 'fairness'), 403, 'database',
    'what the role may not');
is($site->call('ann', 'inbox')->{status}, 200, 'takes nothing else away');

unlike($nginx->error_log, qr/stranded|by five/, 'no words in the log');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();
