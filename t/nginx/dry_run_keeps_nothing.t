#!/usr/bin/perl
# triage_dry_run does all but keep: to try a platform, a route or a model.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Nginx;
use Triage::Site;

my $site = Triage::Site->new(
    server => <<'END',
        location = /try {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
            triage_dry_run on;
            add_header X-Queue $triage_queue;
        }
END
)->start;
my $nginx = $site->nginx;
my $body  = $site->comment(1, 'I am stranded at the airport, help!');

my $answer = $nginx->post('/try', $body, $site->headers($body));
is($answer->{status}, 200, 'a genuine delivery is acknowledged');
like($answer->{headers}{'x-queue'}, qr/./, 'scored and routed');
is($nginx->post('/try', $body)->{status}, 401, 'a forged one is refused');
is($nginx->post('/try', '{', $site->headers('{'))->{status}, 200,
    'an unreadable one is acknowledged');
is($site->messages, 0, 'nothing is kept');
is($site->postgres->psql('select count(*) from triage.dead_letter'), 0,
    'no dead letter either');

my ($source) = grep { $_->{source} =~ /try/ } @{ $site->status->{sources} };
is($source->{outcomes}{ok}, 1, 'but it is counted');

$site->deliver($body);
is($site->messages, 1, 'the location beside it keeps');

# without any database
my $alone = Triage::Nginx->new(
    files => { secret => $site->secret . "\n", token => "t\n" },
    http  => 'triage_queue all respond=1h; triage_route all; triage_dry_run on;',
    server => <<'END',
        location = /try {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
        }
END
)->start;
is($alone->post('/try', $body, $site->headers($body))->{status}, 200,
    'no database is needed where nothing is kept');

done_testing();
