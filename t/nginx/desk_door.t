#!/usr/bin/perl
# Who gets into the desk, and who does not: nobody without a name that nginx
# made sure of, no other site's page, no call without a token.
use strict;
use warnings;

use FindBin;
use IO::Socket::INET ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::DeskSite;

# the one delivery is while PostgreSQL is away: it need not wait long for it
my $site = Triage::DeskSite->new(
    database => 'timeout=1s',
    server   => <<'END')->start->wait_for_desk;
        location /open/ { triage_desk; }
        location /certified/ { triage_desk user=$arg_who; }
        location /asked/ {
            auth_request /who;
            triage_desk;
        }
        location = /who { return 204; }
        location /off/ {
            auth_basic off;
            auth_basic_user_file %dir%/users;
            triage_desk;
        }
        location /listless/ { auth_basic desk; triage_desk; }
        location /either/ {
            satisfy any;
            allow all;
            auth_basic desk;
            auth_basic_user_file %dir%/users;
            triage_desk;
        }
        location /narrow/ {
            auth_basic desk;
            auth_basic_user_file %dir%/users;
            client_max_body_size 1k;
            triage_desk;
        }
END
my $nginx = $site->nginx;

sub refused {
    my ($answer, $status, $code, $what) = @_;
    is("$answer->{status} " . ($answer->{json}{code} // ''),
        "$status $code", $what) or diag $answer->{text};
}

# --- a name
is($nginx->get('/desk/')->{status}, 401, 'nobody is asked for a password');
is($nginx->get('/desk/', Authorization => 'Basic YW5uOmJvYg==')->{status},
    401, 'and for the right one');
for my $path ('', 'desk.js', 'api/inbox', 'api/session', 'events') {
    my $answer = $nginx->get("/open/$path", $site->authorization('ann'));
    is($answer->{status}, 403, "open/$path: a name that nobody checked");
    like($answer->{body}, qr/auth_basic/, 'and why');
    is($nginx->get("/open/$path")->{status}, 403, 'no name at all');
}
is($nginx->get("/$_/api/session", $site->authorization('ann'))->{status}, 403,
    "$_: a name that nobody had to check") for qw(off listless either);
is($nginx->get('/certified/api/session?who=ann')->{status}, 200,
    'user= names somebody');
is($nginx->get('/certified/')->{status}, 403, 'or nobody');
is($nginx->get('/certified/?who=' . 'a' x 201)->{status}, 403,
    'not at any length');
is($nginx->get('/asked/api/session', $site->authorization('ann'))->{status},
    200, 'auth_request will do');
is($nginx->get('/asked/api/session')->{status}, 403, 'with a name');

# --- the page
for my $file (['', 'text/html; charset=utf-8'], ['desk.js', 'text/javascript'],
    ['leads.js', 'text/javascript'], ['desk.css', 'text/css'],
    ['icon.svg', 'image/svg']) {
    my ($path, $type) = @$file;
    my $answer = $site->visit('ann', 'GET', $path);
    my $headers = $answer->{headers};
    is($answer->{status}, 200, "page '$path'");
    like($headers->{'content-type'}, qr/^\Q$type\E/, 'has its type');
    is($headers->{'x-content-type-options'}, 'nosniff', 'and no other');
    like($headers->{'content-security-policy'},
        qr/^default-src 'none';.*frame-ancestors 'none'/, 'has a policy');
    unlike($headers->{'content-security-policy'}, qr/unsafe|\*/,
        'without a hole');
    is($site->visit('ann', 'GET', $path, undef,
            'If-None-Match' => $headers->{etag})->{status}, 304,
        'and is kept by the browser');
}
like($site->visit('ann', 'GET', '')->{body}, qr/^<!doctype html>/i,
    'a page of HTML');
unlike($site->visit('ann', 'GET', '')->{body},
    qr/<script>|<style|\son\w+=|style=/, 'nothing in it runs by itself');
is($nginx->get('/desk', $site->authorization('ann'))->{headers}{location},
    $nginx->url =~ s/127.0.0.1/localhost/r . '/desk/', 'desk goes to desk/');
is($site->visit('ann', 'HEAD', '')->{status}, 200, 'HEAD');
is($site->visit('ann', 'POST', '', 'x')->{status}, 405, 'no POST to a page');
is($site->visit('ann', 'GET', 'nothing')->{status}, 404, 'no other page');
is($site->visit('ann', 'GET', '../desk/%00')->{status}, 400, 'nor a NUL');

# --- the token
my %json = ('Content-Type' => 'application/json');
my @with = (%json, 'X-Triage-Token' => $site->token('ann'));
my $body = '{"quantity":1}';
is($site->visit('ann', 'POST', 'api/claim', $body, @with)->{status}, 200,
    'a token of one\'s own');
refused($site->visit('ann', 'POST', 'api/claim', $body, %json), 403, 'token',
    'no token');
refused($site->visit('bob', 'POST', 'api/claim', $body, @with), 403, 'token',
    'another agent\'s');
# The body of what is refused is not taken for the next request: nor is one
# that comes after the refusal.
for my $comes_late (0, 1) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port, Timeout => 30) or die "nginx: $!";
    my $head = join '', map { "$_\r\n" } 'Host: localhost',
        'Authorization: ' . { $site->authorization('ann') }->{Authorization};
    my $answer = sub {
        my $said = '';
        while ($said !~ /\r\n\r\n.*\}\s*\z/s) {
            sysread $socket, $said, 4096, length $said or last;
        }
        return $said =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'nothing';
    };
    local $SIG{PIPE} = 'IGNORE';
    my $post = "POST /desk/api/claim HTTP/1.1\r\n$head"
        . "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n";
    syswrite $socket, $comes_late ? $post : "$post$body";
    is($answer->(), 403, 'no token, on a connection that stays');
    syswrite $socket, $body if $comes_late;
    syswrite $socket, "GET /desk/api/session HTTP/1.1\r\n$head\r\n";
    is($answer->(), 200, 'the next request is answered');
}

for my $token ('', 'x', '0' x 64, 'a' x 100_00) {
    my $answer = $site->visit('ann', 'POST', 'api/claim', $body, %json,
        'X-Triage-Token' => $token);
    isnt($answer->{status}, 200, 'a token of ' . length($token) . ' letters');
}
refused($site->visit('ann', 'POST', 'api/claim', $body,
        'Content-Type' => 'text/plain', 'X-Triage-Token' =>
        $site->token('ann')), 415, 'type', 'what a form can send');
refused($site->visit('ann', 'POST', 'api/claim', $body,
        'Content-Type' => 'application/jsonp', 'X-Triage-Token' =>
        $site->token('ann')), 415, 'type', 'what only begins like it');
refused($site->visit('ann', 'POST', 'api/claim', "queues=urgent",
        'Content-Type' => 'application/x-www-form-urlencoded'), 415, 'type',
    'what a form does send');

# --- another site
for my $sender (
    ['Sec-Fetch-Site' => 'cross-site'], ['Sec-Fetch-Site' => 'same-site'],
    ['Sec-Fetch-Site' => 'none'], ['Sec-Fetch-Site' => ''],
    [Origin => 'http://evil.example'], [Origin => 'null'],
    [Origin => 'http://localhost.evil.example'], [Origin => ''],
    [Origin => 'http://localhost:1'],
    [Origin => 'http://localhost', 'Sec-Fetch-Site' => 'cross-site'],
) {
    refused($site->visit('ann', 'POST', 'api/claim', $body, @with, @$sender),
        403, 'foreign', "a change with @$sender");
}
for my $sender (
    ['Sec-Fetch-Site' => 'same-origin'], [Origin => 'http://localhost'],
    [Origin => 'https://localhost'],
    [Origin => 'http://evil.example', 'Sec-Fetch-Site' => 'same-origin'],
) {
    is($site->visit('ann', 'POST', 'api/claim', $body, @with, @$sender)
        ->{status}, 200, "a change with @$sender");
}
refused($site->visit('ann', 'GET', 'api/inbox', undef,
        'Sec-Fetch-Site' => 'cross-site'), 403, 'foreign',
    'not even a look from another site');
refused($site->visit('ann', 'GET', 'events', undef,
        'Sec-Fetch-Site' => 'cross-site'), 403, 'foreign', 'nor events');
is($site->visit('ann', 'GET', '', undef, 'Sec-Fetch-Site' => 'cross-site')
    ->{status}, 200, 'but a link to the desk');
my $shared = $site->call('ann', 'session')->{headers};
is($shared->{'access-control-allow-origin'}, undef, 'no page may read it');
is($shared->{'cache-control'}, 'no-store', 'and nothing keeps it');
is($nginx->post('/narrow/api/claim', '{"quantity":1' . ' ' x 2000 . '}',
        $site->authorization('ann'), @with)->{status}, 413,
    'nginx\'s limits hold');

# --- a reload has another key; a page asks for its token again
$nginx->reload;
$nginx->wait_until(sub {
    $site->visit('ann', 'POST', 'api/claim', $body, @with)->{status} == 403
}, 'a new key');
# the old worker may still take a connection or two
$nginx->wait_until(
    sub { $site->change('ann', 'claim', {})->{status} == 200 }, 'a new token');
pass('another key, another token');

# --- PostgreSQL is away
$site->postgres->stop('immediate');
$nginx->wait_until(sub {
    my $answer = $site->call('ann', 'inbox');
    $answer->{status} == 503 && $answer->{headers}{'retry-after'}
}, 'a refusal');
is($site->visit('ann', 'GET', '')->{status}, 200, 'the page is there');
is($site->call('ann', 'session')->{status}, 200, 'and the session');
is($site->deliver($site->comment(1, 'words'))->{status}, 503,
    'deliveries are told, too');
$site->postgres->start;
$site->wait_for_desk;
pass('and it recovers');

# --- a lock makes a call wait; it ends, and so does the worker
my $busy = Triage::DeskSite->new(desk => 'connections=1 timeout=1s backlog=1');
$busy->start->wait_for_desk;
my $locker = $busy->postgres;
open my $lock, '|-', $locker->psql_command, '-o', '/dev/null' or die $!;
$lock->autoflush(1);
print {$lock} "begin; lock table triage_data.conversation;\n";
$busy->nginx->wait_until(sub { $locker->psql(<<'END') }, 'the lock');
select count(*) from pg_locks
 where relation = 'triage_data.conversation'::regclass
   and mode = 'AccessExclusiveLock' and granted
END
my $sockets = join ' ', map { $busy->call('ann', 'inbox')->{status} } 1, 2;
like($sockets, qr/503/, 'a call that takes too long is refused');
unlike($sockets, qr/200/, 'each time');
print {$lock} "rollback;\n";
close $lock;
$busy->wait_for_desk;
pass('and it goes on');

$busy->nginx->stop('QUIT');
unlike($busy->nginx->error_log, qr/\[(?:alert|emerg)\]/, 'a quiet end');
unlike($nginx->error_log, qr/\[(?:alert|emerg)\]/, 'no alarm');

# --- the configuration
sub complains {
    my ($part, $text, $like) = @_;
    my $other = Triage::Nginx->new($part => $text);
    my ($ok, $said) = $other->check;
    ok(!$ok, "refused: $text");
    like($said, $like, 'and why');
}

complains(server => 'location /desk/ { triage_desk; }',
    qr/triage_desk_database is missing/);
complains(server => 'location /desk { triage_desk; }',
    qr{triage_desk: invalid parameter "/desk": expected a location that ends});
complains(server => 'location = /desk/ { triage_desk; }', qr/ends in/);
complains(server => 'location ~ /desk/ { triage_desk; }',
    qr/ends in|without an expression/);
complains(server => 'location /desk/ { triage_desk who=$arg_x; }',
    qr/expected user=value/);
complains(server => 'location /desk/ { triage_desk; triage_desk; }',
    qr/is duplicate/);
complains(http => "triage_desk_database 'dbname=x' $_->[0];", $_->[1])
    for ['connections=9', qr/connections from 1 to 8/],
    ['timeout=1ms', qr/a time from 50ms to 60s/],
    ['backlog=0', qr/calls from 1/], ['streams=x', qr/pages from 1/],
    ['more=1', qr/expected connections=number/];
complains(http => "triage_desk_database 'pass=secret';",
    qr/invalid connection string(?!.*secret)/);
complains(http => "triage_desk_database 'dbname=x';" x 2, qr/is duplicate/);

done_testing();
