#!/usr/bin/perl
# The desk as it should be served: over TLS and HTTP/2, many calls and the
# events in one connection.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use Test::More;
use Time::HiRes qw(sleep time);

use Triage::DeskSite;

my $patience = $ENV{TRIAGE_PATIENCE} // 30;
my $json     = JSON::PP->new->utf8;

plan skip_all => 'NOT TESTED: curl without HTTP/2'
    if `curl --version 2>&1` !~ /\bHTTP2\b/;

my $site = Triage::DeskSite->new(server => <<'END_SERVER');
        listen unix:%dir%/tls.socket ssl http2;
        ssl_certificate     %dir%/certificate;
        ssl_certificate_key %dir%/key;
END_SERVER
my $nginx = $site->nginx;
my $dir   = $nginx->dir;
my $openssl = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
    . " -nodes -days 2 -subj /CN=localhost -keyout $dir/key"
    . " -out $dir/certificate";
my $said = `$openssl 2>&1`;
plan skip_all => "NOT TESTED: no certificate: $said" if $? != 0;
chmod 0644, "$dir/key";
$site->start->wait_for_desk;

sub command {
    my ($agent, @words) = @_;
    return ('curl', '-ksS', '--http2', '--max-time', $patience,
        '--unix-socket', "$dir/tls.socket", '-u', "$agent:$agent", @words);
}

# { status, version, json } of one request.
sub fetch {
    my ($agent, $path, @words) = @_;
    open my $out, '-|', command($agent, '-w', "\n%{http_code} %{http_version}",
        @words, "https://localhost/desk/$path") or die "curl: $!\n";
    my $text = do { local $/; <$out> } // '';
    close $out;
    $text =~ s/\n(\d+) (\S+)$// or return { status => 0, text => $text };
    return { status => $1, version => $2, text => $text,
        json => scalar eval { $json->decode($text) } };
}

sub change {
    my ($agent, $name, $arguments, @words) = @_;
    my $token = fetch($agent, 'api/session')->{json}{token};

    return fetch($agent, "api/$name", '-d', $json->encode($arguments),
        '-H', 'Content-Type: application/json',
        '-H', "X-Triage-Token: $token", @words);
}

my $answer = fetch('ann', '');
is("$answer->{status} $answer->{version}", '200 2', 'the page, over HTTP/2');
is(fetch('ann', 'api/session')->{json}{agent}, 'ann', 'a session');
is(fetch('ann', 'api/inbox', '-u', 'ann:bob')->{status}, 401,
    'with the right password');

# --- whence a request comes: the name is in :authority
is($site->deliver($site->comment(1, 'I am stranded!'))->{status}, 200,
    'a message');
$answer = change('ann', 'claim', {}, '-H', 'Origin: https://localhost');
is($answer->{status}, 200, 'a claim from this site')
    or diag $answer->{text};
my $id = $answer->{json}{claimed}[0]{conversation_id};
for my $origin ('https://evil.example', 'https://localhost.evil.example',
    'null')
{
    $answer = change('ann', 'close', { conversation => $id },
        '-H', "Origin: $origin");
    is("$answer->{status} $answer->{json}{code}", '403 foreign',
        "nothing from $origin");
}

# --- many at once
open my $out, '-|', command('ann', '--parallel', '--no-progress-meter', '-w', '%{http_code}\n',
    map { ('-o', '/dev/null', "https://localhost/desk/api/$_") }
        ('inbox', 'due', 'queues', "conversation?conversation=$id") x 8)
    or die "curl: $!\n";
is(join('', map { s/\n//r } <$out>), '200' x 32, 'many calls at once');
close $out;

# --- events
sub listen_as {
    my ($agent) = @_;
    my $pid = open my $stream, '-|',
        command($agent, '-N', 'https://localhost/desk/events')
        or die "curl: $!\n";
    return { pid => $pid, file => $stream };
}

sub hears {
    my ($stream, $word) = @_;
    while (defined(my $line = readline $stream->{file})) {
        return 1 if $line =~ /^event: \Q$word\E$/;
    }
    return 0;
}

my @streams = map { listen_as($_) } qw(ann bob);
ok(hears($_, 'hello'), 'events say hello') for @streams;
is(change('ann', 'release', { conversation => $id })->{status}, 200, 'a deed');
ok(hears($_, 'change'), 'is heard') for @streams;

# --- a client that goes, and a worker that does
kill 'KILL', $streams[0]{pid};
close $streams[0]{file};
my @old = $nginx->workers;
$nginx->reload;
ok(!hears($streams[1], 'never'), 'a stream ends with its worker');
close $streams[1]{file};
$nginx->wait_until(sub {
    my %now = map { $_ => 1 } $nginx->workers;
    !grep { $now{$_} } @old;
}, 'the old workers to end');
pass('which ends');
is(fetch('ann', 'api/inbox')->{status}, 200, 'and the next one answers');

unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm')
    or diag grep { /alert|crit|emerg/ } map { "$_\n" } split /\n/,
    $nginx->error_log;

done_testing();
