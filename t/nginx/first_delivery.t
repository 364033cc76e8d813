#!/usr/bin/perl
# A signed webhook becomes a row, a forged one does not.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json);
use Test::More;

use Triage::Site;

my $site     = Triage::Site->new->start;
my $postgres = $site->postgres;
my $nginx    = $site->nginx;

my $body   = $site->comment(1, 'I am stranded at the airport, nobody helps!');
my $answer = $site->deliver($body);
is($answer->{status}, 200, 'a signed delivery is accepted')
    or diag($nginx->error_log);
is($postgres->psql('select count(*) from triage.inbox'), 1,
    'and is in the inbox');

my $flipped = $body;
substr($flipped, 20, 1) ^= "\x01";
$answer = $nginx->post('/hooks/facebook', $flipped,
    $site->headers($body));
is($answer->{status}, 401, 'a flipped bit is refused');

$answer = $nginx->post('/hooks/facebook', $body);
is($answer->{status}, 401, 'no signature is refused');

$answer = $site->deliver($body);
is($answer->{status}, 200, 'the same delivery again is accepted');
is($postgres->psql('select contacts from triage.inbox'), 1,
    'and is still one message');

$answer = $nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=abc'
        . '&hub.verify_token=handshake-token');
is($answer->{status}, 200,   'the handshake is answered');
is($answer->{body},   'abc', 'with its challenge');
is($answer->{headers}{'x-content-type-options'},
    'nosniff', 'which no browser takes for a page');

$answer = $nginx->get('/hooks/facebook?hub.mode=subscribe&hub.challenge=abc'
        . '&hub.verify_token=wrong');
is($answer->{status}, 403, 'a wrong token is refused');

$body = '{"object":"page","entry":[';
$answer = $site->deliver($body);
is($answer->{status}, 200, 'a genuine but unreadable body is acknowledged');
is($postgres->psql('select count(*) from triage.dead_letter'),
    1, 'and kept as a dead letter');

my $status = decode_json($nginx->get('/triage/status')->{body});
my ($source) = @{ $status->{sources} };
is($source->{outcomes}{ok},        2, 'the status counts what was kept');
is($source->{outcomes}{forged},    2, 'what was forged');
is($source->{outcomes}{malformed}, 1, 'what was unreadable');
is($source->{duplicates},          1, 'and what came twice');

done_testing();
