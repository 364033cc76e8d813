#!/usr/bin/perl
# What customers write is shown as they wrote it, and does nothing.
use strict;
use warnings;
use utf8;

use Encode qw(encode_utf8);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Browser;
use Triage::DeskSite;

plan skip_all => Triage::Browser::missing() if Triage::Browser::missing();

my $site = Triage::DeskSite->new->start->wait_for_desk;
my $now  = time;
my %words = (
    script => '<script>document.title = "taken"</script>'
        . '<img src=x onerror="document.title = \'taken\'">'
        . '<a href="javascript:alert(1)">click</a> &amp; {{7*7}} \'"`',
    turned => "\x{202E}\x{2066}\x{2067}evil \x{202E} txt.exe\x{202E}"
        . "\x{200F}\x{05D0}\x{05D1} \x{061C}\x{0627}\x{0644}",
    long   => join(' ', ('stranded') x 1112),
    word   => 'x' x 10_000,
    marks  => "Z\x{0351}\x{036B}\x{0343}" . "\x{0334}" x 400 . 'algo',
    lines  => "one\n\n\n\ntwo\ttabs\r\nthree",
    faces  => "\x{1F468}\x{200D}\x{1F469}\x{200D}\x{1F467} \x{1F1E9}\x{1F1EA}"
        . "\x{FFFD}",
);
my %names = (
    script => '<b onmouseover=alert(1)>Mallory</b>',
    turned => "\x{202E}nimda",
    long   => 'N' x 500,
);

my $number = 0;
for my $kind (sort keys %words) {
    is($site->deliver($site->comment(++$number, $words{$kind},
            created_time => $now - 60 * $number,
            from => { id => "77_$number", name => $names{$kind} // $kind },
        ))->{status}, 200, "kept: $kind");
}

my $browser = Triage::Browser->new->sign_in($site->nginx->url, '/desk/',
    'ann', 'ann');
$browser->wait_until(sub { $browser->count('#waiting .card') == $number },
    'all who wait');

my $title = $browser->script('return document.title');
for my $kind (sort keys %words) {
    my $id = $site->postgres->psql(<<"END");
select i.conversation_id
  from triage.inbox as i
 where i.message_no = (select max(m.message_no)
                         from triage_data.message as m
                        where m.author_id = '77_@{[
                            { map { (sort keys %words)[$_] => $_ + 1 }
                                0 .. keys(%words) - 1 }->{$kind} ]}')
END
    $browser->script('location.hash = arguments[0]', "#/c/$id");
    $browser->wait_until(sub {
        $browser->script('const e = document.querySelector(".card[aria-current]");'
            . 'return e && e.hash') eq "#/c/$id" && $browser->text('.words');
    }, "the conversation: $kind");
    $browser->wait_until(sub {
        $browser->script('return document.querySelector("#conversation")'
            . '.dataset.key') eq $id && $browser->count('.story .event');
    }, "what is in it: $kind");

    if (my $button = $browser->count('.event button')) {
        $browser->click('.event button');
    }
    my $kept = $site->call('ann', 'conversation', { conversation => $id })
        ->{json}{history}[0]{text};
    is($browser->script('return document.querySelector(".words").textContent'),
        $kept, "shown as it is: $kind");
    is($browser->count('.words script, .words img, .words a, .words b'), 0,
        "no markup: $kind");
    is($browser->script('return document.documentElement.scrollWidth <= '
            . 'innerWidth && document.querySelector("#pane").scrollWidth <= '
            . 'document.querySelector("#pane").clientWidth + 1'),
        JSON::PP::true, "nothing is pushed out of the page: $kind");
}

is($browser->script('return document.title'), $title, 'no script ran');
is($browser->count('b[onmouseover], .from b'), 0, 'nor is a name markup');
is($browser->script(<<'END'), 'isolate', 'a name turns nothing around');
return getComputedStyle(document.querySelector('.from bdi')).unicodeBidi;
END
like($browser->script('return getComputedStyle(document.querySelector('
        . '".words")).unicodeBidi'), qr/plaintext|isolate/,
    'nor do words');

# the page may not, even if a script of ours tried
ok(!$browser->script(<<'END'), 'no string becomes markup');
try { document.body.innerHTML = '<p>x</p>'; return true; }
catch (error) { return false; }
END
ok(!$browser->script(<<'END'), 'nor code');
const s = document.createElement('script');
try { s.textContent = 'window.taken = 1'; document.body.append(s); }
catch (error) { /* trusted types */ }
return window.taken === 1;
END

done_testing();
