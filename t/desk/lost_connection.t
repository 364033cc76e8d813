#!/usr/bin/perl
# nginx reloads, PostgreSQL restarts, the network goes: the page says so, and
# is right again when they are back.
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
my $browser = Triage::Browser->new->sign_in($site->nginx->url, '/desk/',
    'ann', 'ann');
$browser->wait_for('#live-text', 'events', qr/^live$/);
$browser->wait_for('#waiting-none', 'an empty desk');

sub write_to_us {
    my ($number, $name) = @_;
    is($site->deliver($site->comment($number, 'Where is my parcel?',
            created_time => $now - $number,
            from => { id => "77_$number", name => $name }))->{status}, 200,
        "$name writes");
}

# --- a reload: the old worker ends its streams, the page comes again
$site->nginx->reload;
write_to_us(1, 'Chloe');
$browser->wait_for('#waiting', 'Chloe', qr/Chloe/);
$browser->wait_for('#live-text', 'events again', qr/^live$/);
pass('live again after a reload');
$browser->keys('c')->wait_for('#who', 'a claim', qr/Chloe/);
pass('and its token is renewed');

# --- PostgreSQL goes and comes
$site->postgres->stop('immediate');
$browser->script('look(true)');
$browser->wait_for('#banner', 'what is wrong', qr/database is away.*as of/);
pass('the page says that the database is away, and how old it is');
is($browser->text('#who'), 'Chloe', 'what was there is still shown');
$browser->keys('c');
$browser->wait_until(sub { $browser->count('.toast.bad') > 0 }, 'a refusal');
pass('what cannot be done says so');
$site->postgres->start;
$browser->wait_until('document.getElementById("banner").hidden',
    'the database');
pass('and is gone when it is back');
$site->nginx->wait_until(sub {
    $site->deliver($site->comment(2, 'And mine?', created_time => $now - 9,
            from => { id => '77_2', name => 'Dan' }))->{status} == 200
}, 'deliveries');
$browser->wait_for('#waiting', 'Dan', qr/Dan/);
pass('live again after a restart of PostgreSQL');

# --- nginx goes and comes, at the same place
$site->nginx->stop('TERM');
$browser->wait_for('#live-text', 'the loss', qr/reconnecting/);
$browser->wait_for('#banner', 'what is wrong', qr/server cannot be reached/);
pass('the page says that the server is away');
$site->nginx->start;
$browser->wait_until('document.getElementById("banner").hidden', 'nginx');
$browser->wait_for('#live-text', 'events again', qr/^live$/);
write_to_us(3, 'Eve');
$browser->wait_for('#waiting', 'Eve', qr/Eve/);
pass('live again after a restart of nginx');

done_testing();
