#!/usr/bin/perl
# The locations that docs/platforms shows are ones that nginx takes as they
# stand, and those of custom.md do what the page says, over real sockets.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use File::Basename qw(basename);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Fixture;
use Triage::Nginx;
use Triage::Postgres;

my $docs = "$FindBin::Bin/../../docs/platforms";
my $jwks = Triage::Fixture::content(
    "$FindBin::Bin/../fixtures/google-business/jwks");
my $queues = <<'END';
    triage_queue standard respond=24h;
    triage_route standard;
    limit_req_zone $binary_remote_addr zone=webmention:1m rate=10r/s;
END

# The blocks of a page; what they read from /etc/triage lies in %dir%.
sub blocks {
    my ($page) = @_;

    return map { s{/etc/triage/}{%dir%/}gr }
        Triage::Fixture::content($page) =~ /^```nginx\n(.*?)^```/msg;
}

sub files {
    my ($block) = @_;

    return map { $_ => /\.(?:jwks|json)$/ ? $jwks : "a-secret-of-ours\n" }
        $block =~ m{%dir%/([\w.-]+)}g;
}

# All of them in one server: paths and names do not meet.
my @shown;

for my $page (sort glob "$docs/*.md") {
    my @locations = grep {/^\s*location /} blocks($page);

    push @shown, @locations;
    ok(scalar @locations, basename($page) . ' shows a location')
        unless basename($page) eq 'README.md';
}

my $all = Triage::Nginx->new(
    http => "triage_database \"host=127.0.0.1 dbname=triage\";\n" . $queues,
    server => join("\n", @shown),
    files  => { map { files($_) } @shown },
);
my ($is_good, $said) = $all->check;
ok($is_good, 'nginx takes them all as they stand') or diag($said);

# --- custom.md, run ----------------------------------------------------------

my $postgres = Triage::Postgres->new(fsync => 0)->start->migrate;
my $conninfo = $postgres->conninfo(host => '127.0.0.1');
my $server   = join "\n", blocks("$docs/custom.md");
my $nginx    = Triage::Nginx->new(
    http   => "triage_database \"$conninfo\";\n$queues",
    server => $server,
    files  => { files($server), 'google-play.secret' => "feeder:secret\n" },
)->start;
my %body = map { $_->{name} => $_->{body} } fixtures('custom');

sub kept {
    my ($platform_account) = @_;

    return $postgres->psql("select count(*) from triage.inbox"
            . " where platform = 'custom' and account = '$platform_account'");
}

my $answer = $nginx->post('/hooks/wordpress?key=a-secret-of-ours',
    $body{wordpress_comment});
is($answer->{status}, 200, 'a comment of WordPress is taken')
    or diag($nginx->error_log);
is(kept('blog.acme.example'), 1, 'and is in the inbox');
$answer = $nginx->post('/hooks/wordpress?key=wrong', $body{wordpress_comment});
is($answer->{status}, 401, 'with another key it is refused');

$answer = $nginx->post('/hooks/contact', $body{contact_form},
    'X-Form-Key' => 'a-secret-of-ours', 'X-Request-Id' => '1');
is($answer->{status}, 202,      'a contact form is taken');
is($answer->{body},   'thanks', 'with the answer that was asked for');
like($answer->{headers}{'content-type'}, qr{^text/plain}, 'and its type');
is(kept('www.acme.example'), 1, 'and is in the inbox');

sub post_reviews {
    my ($time) = @_;
    my $text = $body{app_store_reviews};

    return $nginx->post('/hooks/app-store', $text,
        'X-Feeder-Timestamp' => $time,
        'X-Feeder-Signature' => 'sha256='
            . hmac_sha256_hex("$time.$text", 'a-secret-of-ours'));
}

$answer = post_reviews(time);
is($answer->{status}, 204, 'reviews of the App Store are taken');
is(kept('id1500000001'), 2, 'and are in the inbox');
is(post_reviews(time)->{status}, 204, 'again, too');
is(kept('id1500000001'), 2, 'and are still two');
is(post_reviews(time - 400)->{status}, 401, 'an old signature is refused');

$answer = $nginx->post('/hooks/google-play', $body{google_play_reviews},
    'Authorization' => 'Basic ZmVlZGVyOnNlY3JldA==');
is($answer->{status}, 200, 'reviews of Google Play are taken');
is(kept('example.harbor.bank'), 1, 'and are in the inbox');
$answer = $nginx->post('/hooks/google-play', $body{google_play_reviews},
    'Authorization' => 'Basic ZmVlZGVyOndyb25n');
is($answer->{status}, 401, 'with another password they are refused');

done_testing();
