#!/usr/bin/perl
# Neither secrets nor what people say get into a log, a status, an answer or
# nginx -T, whatever happens to a delivery.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $words = 'My-very-own-words';
my $site  = Triage::Site->new(
    database => 'timeout=1s', # PostgreSQL is away for a while
    http     => 'error_log %dir%/logs/http.log info;',
)->start;
my $nginx    = $site->nginx;
my $postgres = $site->postgres;
my @answers;

sub send_all {
    my $body = $site->comment(1, $words);

    push @answers,
        $site->deliver($body),
        $nginx->post('/hooks/facebook', $body),
        $nginx->post('/hooks/facebook', $body,
            'X-Hub-Signature-256' => 'sha256=' . 'ab' x 32),
        $site->deliver("{\"broken\":\"$words\""),
        $site->deliver($site->comment(2, "$words \\u0000 \xff")),
        $nginx->get('/hooks/facebook?hub.mode=subscribe'
            . '&hub.challenge=c&hub.verify_token=not-the-token'),
        $nginx->get('/triage/status');
}

send_all();
$postgres->stop('immediate');
send_all();
$postgres->start;
$nginx->wait_until(sub { $site->deliver($site->comment(3, $words))->{status} == 200 },
    'recovery');

# an error inside the database, with the row in its details
$postgres->psql("alter table triage_data.message add constraint odd"
    . " check (text is null or text not like '%$words again%') not valid");
push @answers, $site->deliver($site->comment(4, "$words again"));
$nginx->reload;
send_all();
$nginx->stop;

my %text = (
    'the error log'       => $nginx->error_log,
    'the error log of http' => Triage::Nginx::_content($nginx->dir . '/logs/http.log'),
    'the access log'      => $site->access_log,
    'the answers'         => join('', map { $_->{text} } @answers),
);
like($text{'the error log of http'}, qr/triage: facebook forged/, 'something is logged');

my ($ok, $dump) = $nginx->check('-T');
$text{'nginx -T'} = $dump;
like($dump, qr/triage_secret/, 'nginx -T shows the configuration');

for my $where (sort keys %text) {
    for my $hidden ($site->secret, 'handshake-token', 'not-the-token', $words) {
        next if $hidden eq 'not-the-token' && $where ne 'the answers';
        unlike($text{$where}, qr/\Q$hidden\E/, "$where: no $hidden")
            or diag join "\n", grep { /\Q$hidden\E/ } split /\n/, $text{$where};
    }
}

done_testing();
