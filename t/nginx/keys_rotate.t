#!/usr/bin/perl
# A key is replaced without a gap: old and new stand in the file together.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Sign;
use Triage::Site;

my $site  = Triage::Site->new->start;
my $nginx = $site->nginx;
my $id    = 0;

sub status_with {
    my ($key) = @_;
    my $body = $site->comment(++$id, 'words');
    return $nginx->post('/hooks/facebook', $body,
        meta_headers($key, $body))->{status};
}

sub handshake {
    my ($token) = @_;
    return $nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=a'
            . "&hub.verify_token=$token")->{status};
}

# For a moment the old worker answers beside the new one.
sub reload {
    $nginx->reload;
    $nginx->wait_until(sub { $nginx->workers == 1 }, 'the old worker to end');
}

is(status_with($site->secret), 200, 'the old key');
is(status_with('new-key'),     401, 'the new one is not known yet');

$nginx->write_file('secret', "# since March\nnew-key\n\n  " . $site->secret . "  \r\n");
$nginx->write_file('token', "handshake-token\nnew-token\n");
reload();
is(status_with('new-key'), 200, 'the new key');
is(status_with($site->secret), 200, 'both are good');
is(handshake('new-token'),       200, 'so are both tokens');
is(handshake('handshake-token'), 200, 'of the handshake');
is(status_with('# since March'), 401, 'a comment is no key');
is(status_with(''),              401, 'nor is an empty line');

$nginx->write_file('secret', "new-key\n");
reload();
is(status_with($site->secret), 401, 'the old key is gone');
is(status_with('new-key'), 200, 'the new one alone is good');

$nginx->write_file('secret', "new-key\n", 0644);
$nginx->signal('HUP');
$nginx->wait_until(sub { $nginx->error_log =~ /can be read by everybody/ }, 'a refusal');
is(status_with('new-key'), 200, 'a reload that is refused changes nothing');

done_testing();
