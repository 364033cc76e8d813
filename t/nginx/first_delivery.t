#!/usr/bin/perl
# A signed webhook becomes a row, a forged one does not.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json encode_json);
use Test::More;

use Triage::Nginx;
use Triage::Postgres;
use Triage::Sign;

my $secret   = 'a-secret-of-ours';
my $postgres = Triage::Postgres->new(fsync => 0)->start->migrate;
my $conninfo = $postgres->conninfo(host => '127.0.0.1');
my $nginx    = Triage::Nginx->new(
    files => { secret => "$secret\n", token => "handshake-token\n" },
    http  => <<"END",
        triage_database "$conninfo";
        triage_queue crisis   respond=15m weight=8;
        triage_queue urgent   respond=1h  weight=4;
        triage_queue standard respond=24h;
        triage_route crisis urgency>=80 visibility>=60;
        triage_route urgent urgency>=70;
        triage_route standard;
        log_format triage '\$status \$triage_platform \$triage_outcome'
            ' messages=\$triage_messages queue=\$triage_queue';
        access_log %dir%/logs/access.log triage;
END
    server => <<'END',
        location = /hooks/facebook {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
        }
        location = /triage/status { triage_status; }
END
)->start;

sub comment {
    my ($id, $text) = @_;
    return encode_json({
        object => 'page',
        entry  => [{
            id      => '1001',
            time    => 1700000000,
            changes => [{
                field => 'feed',
                value => {
                    item         => 'comment',
                    verb         => 'add',
                    comment_id   => "1001_$id",
                    post_id      => '1001_1',
                    parent_id    => '1001_1',
                    created_time => 1700000000,
                    from         => { id => '77', name => 'Ann' },
                    message      => $text,
                }
            }]
        }]
    });
}

my $body   = comment(1, 'I am stranded at the airport, nobody helps!');
my $answer = $nginx->post('/hooks/facebook', $body,
    meta_headers($secret, $body));
is($answer->{status}, 200, 'a signed delivery is accepted')
    or diag($nginx->error_log);
is($postgres->psql('select count(*) from triage.inbox'), 1,
    'and is in the inbox');

my $flipped = $body;
substr($flipped, 20, 1) ^= "\x01";
$answer = $nginx->post('/hooks/facebook', $flipped,
    meta_headers($secret, $body));
is($answer->{status}, 401, 'a flipped bit is refused');

$answer = $nginx->post('/hooks/facebook', $body);
is($answer->{status}, 401, 'no signature is refused');

$answer = $nginx->post('/hooks/facebook', $body,
    meta_headers($secret, $body));
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
$answer = $nginx->post('/hooks/facebook', $body,
    meta_headers($secret, $body));
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
