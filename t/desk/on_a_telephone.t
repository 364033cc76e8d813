#!/usr/bin/perl
# The desk on a small screen, and for who does not see it: everything has a
# name, the focus is where it is needed, nothing is wider than the screen.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Browser;
use Triage::DeskSite;

plan skip_all => Triage::Browser::missing() if Triage::Browser::missing();

my $site = Triage::DeskSite->new->start->wait_for_desk;
my $now  = time;
is($site->deliver($site->comment($_, 'I am stranded, nobody helps!',
        created_time => $now - 60 * $_))->{status}, 200, "message $_")
    for 1, 2;

my $browser = Triage::Browser->new;
$browser->size(390, 844, 2, 1);
$browser->sign_in($site->nginx->url, '/desk/', 'ann', 'ann');
$browser->wait_for('#waiting .card', 'who waits');

diag 'NOT TESTED: what axe-core finds, which is not installed (.ci/deps test)'
    unless Triage::Browser::axe();

sub has_no_barriers {
    my ($what) = @_;
    my $found = $browser->barriers;
    is($found, '', "$what: axe-core finds nothing") if defined $found;
}

sub fits {
    my ($what) = @_;
    has_no_barriers($what);
    ok($browser->script('return document.documentElement.scrollWidth'
            . ' <= innerWidth'), "$what: not wider than the screen");
    is($browser->script(<<'END'), '', "$what: what is touched is large");
return [...document.querySelectorAll('button, .card, nav a')]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 28)
    .map((e) => e.innerText).join(', ');
END
    is($browser->script(<<'END'), '', "$what: everything has a name");
return [...document.querySelectorAll(
        'button, a[href], input, select, textarea, dialog[open], main, nav, svg[role]')]
    .filter((e) => e.checkVisibility())
    .filter((e) => !(e.innerText || '').trim()
        && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')
        && !(e.labels && e.labels.length))
    .map((e) => e.outerHTML.slice(0, 80)).join('\n');
END
    is($browser->script(<<'END'), '', "$what: no id twice");
const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
return ids.filter((id, i) => ids.indexOf(id) !== i).join(' ');
END
}

fits('the list');
ok(!defined $browser->text('#pane'), 'the list comes first');
$browser->click('#claim');
$browser->wait_for('#who', 'what was claimed');
fits('a conversation');
ok(!defined $browser->text('.side'), 'alone');
is($browser->script('return document.activeElement.id'), 'pane',
    'and the focus is there');

$browser->click('[data-act=p]');
$browser->wait_for('dialog[open]', 'a dialog');
fits('a dialog');
is($browser->script('return document.querySelector("dialog").contains('
        . 'document.activeElement)'), JSON::PP::true, 'has the focus');
$browser->keys('Escape');
$browser->wait_until('!document.querySelector("dialog[open]")', 'its end');

$browser->click('.back');
$browser->wait_for('#mine .card', 'the list again');
$browser->script('location.hash = "#/leads"');
$browser->wait_for('.tile', 'the leads\' page');
fits('the leads\' page');

# --- what the eye needs
sub contrast {
    my ($css) = @_;
    return $browser->script(<<'END', $css);
const light = (c) => {
  const [r, g, b] = c.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const e = document.querySelector(arguments[0]);
let under = e;
while (getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)') under = under.parentElement;
const a = light(getComputedStyle(e).color), b = light(getComputedStyle(under).backgroundColor);
return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
END
}

for my $scheme (qw(light dark)) {
    $browser->devtools('Emulation.setEmulatedMedia', { features => [
        { name => 'prefers-color-scheme', value => $scheme },
        { name => 'prefers-reduced-motion', value => 'reduce' } ] });
    $browser->script('location.hash = "#/"');
    $browser->wait_for('#waiting .card', 'the list');
    cmp_ok(contrast($_), '>=', 4.5, "$scheme: $_ can be read")
        for '#waiting .from', '#waiting .says', '#waiting .about',
        '#waiting .clock', '#claim', '#queues [aria-pressed=true]',
        '#queues [aria-pressed=false]', '.who', '#waiting-title';
    is($browser->script('return getComputedStyle(document.querySelector('
            . '".card")).animationName'), 'none', "$scheme: nothing moves");
    $browser->size(1280, 900);
    $browser->click('#mine .card');
    $browser->wait_for('#why .terms', 'a conversation');
    has_no_barriers("$scheme, on a large screen");
    $browser->script('location.hash = "#/leads"');
    $browser->wait_for('#plots .plot', 'plots');
    has_no_barriers("$scheme, the leads' page");
}

done_testing();
