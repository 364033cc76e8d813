#!/usr/bin/perl
# Two agents at one desk, in two browsers: each sees what the other does, and
# what arrives, without asking; all of it with the keyboard.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Browser;
use Triage::DeskSite;

plan skip_all => Triage::Browser::missing() if Triage::Browser::missing();

my $site = Triage::DeskSite->new->start->wait_for_desk;
my $postgres = $site->postgres;
my $now = time;

sub write_to_us {
    my ($number, $name) = @_;
    my $answer = $site->deliver($site->comment($number,
            'I am stranded at the airport, nobody helps!',
            created_time => $now - 60 * (10 - $number),
            from => { id => "77_$number", name => $name }));
    is($answer->{status}, 200, "$name writes");
}

# Refusals are answers, and the icon of the place is not ours.
sub complaints {
    my ($browser) = @_;
    return join "\n", grep { !/favicon|status of 409/ } $browser->complaints;
}

sub claimed_by {
    my ($name) = @_;
    return $postgres->psql("select claimed_by from triage.inbox "
            . "where author_name = '$name'");
}

write_to_us(1, 'Chloe');
write_to_us(2, 'Dan');

my ($ann, $bob) = map {
    Triage::Browser->new->sign_in($site->nginx->url, '/desk/', $_, $_)
} qw(ann bob);
for ($ann, $bob) {
    my $browser = $_;
    $browser->wait_until(sub { $browser->count('#waiting .card') == 2 },
        'two who wait');
    $browser->wait_for('#live-text', 'events', qr/^live$/);
}
is($ann->text('#agent'), 'ann', 'Ann is signed in');
is($bob->text('#agent'), 'bob', 'and so is Bob');
is(($ann->texts('#waiting .from'))[0], 'Chloe', 'who is due first is first');
like($ann->text('#waiting .clock'), qr/^\d+:\d\d$/, 'with what is left');

# --- claim: each gets another one, and the other sees it
$ann->keys('c')->wait_for('#who', 'what Ann claimed', qr/Chloe/);
is(claimed_by('Chloe'), 'ann', 'Ann has Chloe');
$bob->wait_for('#waiting .held', 'what Ann holds', qr/with ann/);
pass('Bob sees it');
$bob->keys('c')->wait_for('#who', 'what Bob claimed', qr/Dan/);
is(claimed_by('Dan'), 'bob', 'Bob has the other');
$ann->wait_for('#waiting .held', 'what Bob holds', qr/with bob/);
pass('Ann sees it');

# --- why
$ann->wait_for('#why', 'why', qr/stranded/);
is(join(' ', map { lc } $ann->texts('mark.strong')), 'stranded',
    'the word that mattered most is marked');
like(join('|', $ann->texts('mark')), qr/\|nobody helps$/,
    'and phrases, whole');
like($ann->text('#why'), qr/stranded\s+\+\d/, 'with its points');
$ann->keys('w');
is($ann->script('return document.activeElement.id'), 'why', 'w goes there');

# --- a live arrival
write_to_us(3, 'Eve');
$_->wait_for('#waiting', 'Eve', qr/Eve/) for $ann, $bob;
pass('who writes is there, in both browsers');

sub says {
    my ($browser, $pattern, $what) = @_;
    $browser->wait_until(sub {
        $browser->script('return document.getElementById("said").textContent')
            =~ $pattern;
    }, $what);
    pass($what);
}

# --- one that Bob chose: walked to in the list, and open
sub card {
    my ($browser, $name) = @_;
    return $browser->script(<<'END', $name);
const card = [...document.querySelectorAll('.card')]
    .find((c) => c.querySelector('.from').textContent === arguments[0]);
card.focus();
return card.getAttribute('href');
END
}

my $eve = card($bob, 'Eve');
$bob->keys('m')->wait_for('#who', 'what Bob chose', qr/Eve/);
is(claimed_by('Eve'), 'bob', 'Bob has Eve, whom he walked to');
$bob->wait_for('.lease', 'his lease', qr/yours/);
$ann->wait_until(sub {
    join(' ', $ann->texts('#waiting .held')) =~ /with bob.*with bob/
}, 'Ann to see it');
card($ann, 'Eve');
$ann->keys('m');
says($ann, qr/^Another agent has this conversation\.$/, 'Ann is told');
is(claimed_by('Eve'), 'bob', 'and Bob still has Eve');
$bob->keys('u');
says($bob, qr/^Given back\./, 'Bob gives Eve back');
$bob->wait_for('.lease .primary', 'what can be done again',
    qr/^Claim this m$/);
$bob->click('.lease .primary');
$bob->wait_for('.lease', 'his lease', qr/yours/);
is(claimed_by('Eve'), 'bob', 'it is open: a button does the same');
is($postgres->psql('select count(*), max(passed_over) from triage.picked'),
    '2|0', 'each was noted');
$bob->keys('u');
says($bob, qr/^Given back\./, 'and given back');

# --- promise, invite, correct, snooze, by keyboard alone
$ann->keys('p')->wait_for('dialog[open] h2', 'a dialog', qr/Promise/);
is($ann->script('return document.activeElement.textContent'), '1 hour',
    'the focus is on what is often meant');
$ann->keys('Enter', 'Tab', 'Tab', 'Tab', 'refund tomorrow', 'Tab', 'Tab',
    'Enter');
says($ann, qr/^Promised\./, 'promised');
is($postgres->psql('select note from triage.promise_due'),
    'refund tomorrow', 'with a note');
$ann->wait_for('.story', 'the promise', qr/ann promised.*refund tomorrow/s);

# --- what she writes says by when; she takes it
$ann->keys('p')->wait_for('dialog[open] h2', 'a dialog', qr/Promise/);
$ann->keys('Tab', 'Tab', 'Tab', 'I will call you back tomorrow at 5 pm.');
$ann->wait_for('dialog[open] [role=status]', 'a suggestion', qr/as in/);
unlike($ann->script('return document.getElementById("f-due_at").value'),
    qr/T17:00/, 'a suggestion changes nothing');
$ann->keys('Tab', 'Enter');
like($ann->script('return document.getElementById("f-due_at").value'),
    qr/T17:00/, 'until it is taken');
$ann->keys('Escape');
$ann->wait_until('!document.querySelector("dialog[open]")', 'the end of it');

$ann->keys('t')->wait_for('dialog[open] h2', 'a dialog', qr/Correct/);
$ann->keys('Backspace') for 1 .. 3;
$ann->keys('97', 'Tab', 'with a child', 'Enter');
says($ann, qr/^Corrected\./, 'corrected');
is($postgres->psql("select urgency from triage.inbox "
        . "where author_name = 'Chloe'"), '97', 'to what she said');

$ann->keys('h')->wait_for('dialog[open] h2', 'a dialog', qr/Invited/);
$ann->keys('Escape');
$ann->wait_until('!document.querySelector("dialog[open]")', 'the end of it');
is($postgres->psql('select count(*) from triage.handoff_due'), 0,
    'Escape does nothing');

$ann->keys('r')->wait_for('dialog[open] h2', 'a dialog', qr/Answered/);
$ann->keys('Enter');
says($ann, qr/^Answered\./, 'answered');
is($postgres->psql("select count(*) from triage.inbox "
        . "where author_name = 'Chloe'"), 0, 'and the wait is over');
for my $browser ($ann, $bob) {
    $browser->wait_until(
        sub { join(' ', $browser->texts('.cards .from')) !~ /Chloe/ },
        'Chloe to go');
}

# --- what another agent has is not offered
my $dan = $postgres->psql(
    "select conversation_id from triage.inbox where author_name = 'Dan'");
$ann->script('location.hash = arguments[0]', "#/c/$dan");
$ann->wait_for('#who', 'Bob\'s customer', qr/Dan/);
like($ann->text('.lease'), qr/with bob until/, 'it is named who has it');
is(join(' ', $ann->texts('[data-act]')), 'Correct t',
    'and nothing is offered that would be refused');

# --- and who tries is told, in plain words: Bob was quicker
$bob->script('location.hash = arguments[0]', "#/c/$dan");
$bob->wait_for('.lease button', 'his own', qr/Keep/);
$bob->keys('u');
says($bob, qr/^Given back\./, 'Bob gives it back');
$ann->wait_for('[data-act=x]', 'what can be done again');
$ann->keys('x')->wait_for('dialog[open] h2', 'a dialog', qr/Close/);
is($site->change('bob', 'claim', {})->{json}{claimed}[0]{conversation_id},
    $dan, 'Bob claims it again');
$ann->keys('Enter')->wait_for('dialog[open] .wrong', 'a refusal',
    qr/^Another agent has this conversation\.$/);
is(claimed_by('Dan'), 'bob', 'and Bob still has Dan');
$ann->keys('Escape');
$ann->wait_until('!document.querySelector("dialog[open]")', 'the end of it');

# --- who is here is one click away when something is handed over
is($ann->script('return document.getElementById("presence").ariaChecked'),
    'false', 'who has not said so is away');
$ann->script('document.activeElement.blur()');
$ann->keys('a');
says($ann, qr/^You are here until /, 'Ann says that she is here');
is($postgres->psql("select present from triage.agent where agent = 'ann'"),
    't', 'and is');
$ann->wait_for('#presence[aria-checked=true]', 'the switch');
$bob->wait_for('.lease button', 'his own', qr/Keep/);
$bob->wait_until("state.agents.some((a) => a.agent === 'ann'"
        . ' && a.present_until)', 'Bob to know');
$bob->keys('f')->wait_for('dialog[open] .choices button', 'who is here',
    qr/^ann$/);
$bob->click('dialog[open] .choices button');
is($bob->script('return document.querySelector("dialog input").value'),
    'ann', 'her name is filled in');
$bob->keys('Enter');
says($bob, qr/^Handed over\./, 'handed over');
is(claimed_by('Dan'), 'ann', 'to her');
$ann->wait_for('.lease button', 'her own', qr/Keep/);
$ann->keys('u');
says($ann, qr/^Given back\./, 'who gives it back');
$bob->wait_for('.lease .primary', 'what can be done again', qr/Claim this/);
$bob->keys('m');
$bob->wait_for('.lease', 'his lease', qr/yours/);

# --- referred to another department, by whoever has it
$bob->wait_for('.lease button', 'his own', qr/Keep/);
$bob->keys('q')->wait_for('dialog[open] h2', 'a dialog', qr/Refer/);
is($bob->script('return document.querySelector("dialog select").value'),
    'crisis', 'to another queue than its own');
$bob->keys('Tab', 'Tab', 'Enter');
says($bob, qr/^Referred to crisis\./, 'referred');
is($postgres->psql("select queue from triage.inbox "
        . "where author_name = 'Dan'"), 'crisis', 'it waits there');

# --- walking through the list
$ann->wait_until('!document.querySelector("dialog[open]")', 'the end of it');
$ann->script('document.activeElement.blur()');
$ann->keys('j');
my $first = $ann->script('return document.activeElement.className');
like($first, qr/^card\b/, 'j walks into the list');
$ann->keys('0', 'j', 'k', 'Enter');
ok($ann->text('#conversation'), 'Enter opens');
$ann->keys('?')->wait_for('dialog[open] h2', 'the keys', qr/Keys/);
$ann->keys('Enter', 'l')->wait_for('#leads .tile', 'the leads\' page');
$ann->wait_for('#plots', 'plots', qr/How long customers waited/);
cmp_ok($ann->count('#plots path[d^=M]'), '>', 0, 'with what happened');
$ann->keys('d')->wait_for('#list', 'the desk');

is(complaints($_), '',
    'the browser has nothing to complain of') for $ann, $bob;

done_testing();
