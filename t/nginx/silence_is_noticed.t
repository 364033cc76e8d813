#!/usr/bin/perl
# A subscription that was switched off shows only as silence: it is said once,
# and taken back by the next event.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    workers  => 2,
    location => 'triage_silence 1s;',
    server   => <<'END',
        location = /watchless {
            triage facebook;
            triage_brand other;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
        }
END
)->start;
my $nginx = $site->nginx;

sub is_silent {
    my %is = map { $_->{source} => $_->{is_silent} } @{ $site->status->{sources} };
    return \%is;
}

sub said { return scalar(() = $nginx->error_log =~ /triage: silence: /g) }

$nginx->wait_until(sub { said() > 0 }, 'a word about the silence');
like($nginx->error_log,
    qr{\[warn\].*triage: silence: no event of "facebook acme /hooks/facebook" for \d+ s},
    'the log says which source, and for how long');
ok(is_silent()->{'facebook acme /hooks/facebook'}, 'so does the status');
ok(!is_silent()->{'facebook other /watchless'}, 'who is not watched is not silent');

$nginx->post('/hooks/facebook', 'forged');
ok(is_silent()->{'facebook acme /hooks/facebook'}, 'a forged delivery is no event');

# on a machine that stood still the next silence may have begun already
my ($ended, $said) = (0, 0);
$nginx->wait_until(sub {
    $site->deliver($site->comment(++$ended, 'words'));
    $said = said();
    !is_silent()->{'facebook acme /hooks/facebook'}
}, 'the end of the silence');
pass('a genuine one ends the silence');
cmp_ok($said, '<=', $ended, 'of two workers one says it, once');

$nginx->wait_until(sub { said() > $said }, 'the next silence');
pass('the next silence is said again');

done_testing();
