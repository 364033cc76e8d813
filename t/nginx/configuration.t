#!/usr/bin/perl
# What is wrong in nginx.conf is refused by nginx -t, with the file, the
# line, the word and what was expected.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Nginx;

my $database = 'triage_database "dbname=triage user=triage";';
my $queue    = 'triage_queue all respond=1h;';
my $route    = 'triage_route all;';
my $location = <<'END';
location = /hooks/facebook {
    triage facebook;
    triage_brand acme;
    triage_secret %dir%/secret;
    triage_verify_token %dir%/token;
}
END

my $nginx = Triage::Nginx->new(
    files => {
        secret => "a-secret-of-ours\n",
        token  => "handshake-token\n",
        empty  => "# none\n",
        jwks   => "{}",
    });
$nginx->write_file('open',     "secret\n", 0644);
$nginx->write_file('readable', "secret\n", 0640);

sub check {
    my ($http, $server) = @_;
    $nginx->configure(http => $http, server => $server);
    return $nginx->check;
}

sub accepts {
    my ($http, $server, $what) = @_;
    my ($ok, $said) = check($http, $server);
    ok($ok, "accepted: $what") or diag $said;
}

# The complaint must match, and stand beside the file and a line.
sub refuses {
    my ($http, $server, $pattern, $what) = @_;
    my ($ok, $said) = check($http, $server);

    ok(!$ok && $said =~ /\[emerg\].*$pattern/ && $said =~ /nginx\.conf/,
        "refused: $what")
        or diag $said;
}

# The same, on the line where the word is.
sub refuses_line {
    my ($http, $server, $word, $pattern, $what) = @_;
    my ($ok, $said) = check($http, $server);
    my ($line, $at) = (0, 0);

    open my $file, '<', $nginx->dir . '/nginx.conf' or die $!;
    while (<$file>) {
        $line++;
        $at = $line if index($_, $word) >= 0;
    }
    ok(!$ok && $said =~ /\[emerg\].*$pattern.* in \S*nginx\.conf:$at$/m,
        "refused on its line: $what")
        or diag "line $at: $said";
}

my $http = "$database\n$queue\n$route";

accepts($http, $location, 'a whole configuration');
accepts('', '', 'none at all');
accepts($http, 'location = /s { triage_status; }', 'a status alone');

# --- the published wait
accepts($http, "$location location = /w { triage_wait; }", 'a published wait');
accepts($http, "$location location = /w { triage_wait badge queue=all; }",
    'a badge');
accepts($http, "$location location = /w { triage_wait queue=all queue=all; }",
    'a choice of queues');
refuses_line($http, "$location location = /w { triage_wait xml; }",
    'triage_wait', '"xml": expected json, page or badge',
    'a form that there is not');
refuses_line($http, "$location location = /w { triage_wait queue=all page; }",
    'triage_wait', '"page": expected', 'a form behind the queues');
refuses_line($http, "$location location = /w { triage_wait queue=; }",
    'triage_wait', '"queue=": expected', 'a queue without a name');
refuses_line($http, "$location location = /w { triage_wait queue=none; }",
    'triage_wait', '"queue=none": expected the name of a triage_queue',
    'a queue that is not defined');
refuses_line($http, "$location location = /w { triage_wait badge; }",
    'triage_wait', '"badge": expected one queue', 'a badge of nothing');
refuses_line($http,
    "$location location = /w { triage_wait badge queue=all queue=all; }",
    'triage_wait', 'expected one queue', 'a badge of two');
refuses_line($http, "$location location = /w { triage_wait; triage_wait; }",
    'triage_wait;', 'directive is duplicate', 'a wait published twice');
refuses($http, 'location = /w { triage_wait; }',
    'triage_wait: expected triage_database and a location with triage',
    'a wait that nobody reads from the database');

# --- platforms and locations
refuses_line($http, 'location /a { triage myspace; }', 'myspace',
    '"myspace": expected the name of a platform', 'an unknown platform');
refuses_line($http, "location /a { triage facebook;\ntriage x; }", 'triage x',
    '"triage" directive is duplicate', 'two platforms in a location');
refuses($http, 'location /a { triage; }', 'invalid number of arguments',
    'triage without a name');
refuses($http, 'triage facebook;', 'is not allowed here',
    'triage outside a location');
refuses($http, 'location /a { triage facebook; triage_brand a; }',
    '"triage facebook" needs triage_secret', 'a platform without its secret');
refuses($http,
    'location /a { triage facebook; triage_brand a; triage_secret %dir%/secret; }',
    '"triage facebook" needs triage_verify_token',
    'a platform without its token');
refuses($http,
    'location /a { triage facebook; triage_secret %dir%/secret; triage_verify_token %dir%/token; }',
    '"triage facebook" needs triage_brand', 'a location without a brand');
accepts("$http triage_brand acme; triage_secret %dir%/secret; triage_verify_token %dir%/token;",
    'location /a { triage facebook; } location /b { triage facebook; }',
    'a brand and secrets that are inherited');

# --- secrets
refuses($http, 'location /a { triage_secret %dir%/nowhere; }',
    'open\(\) "\S+/nowhere" failed \(2: No such file', 'a missing secret');
refuses_line($http, 'location /a { triage_secret %dir%/open; }', '/open',
    '"\S+/open" can be read by everybody: expected', 'a secret for everybody');
accepts($http, 'location /a { triage_secret %dir%/readable; }',
    'a secret for the group');
refuses($http, 'location /a { triage_secret %dir%; }',
    'is not a regular file', 'a folder for a secret');
refuses_line($http, 'location /a { triage_secret %dir%/empty; }', '/empty',
    'triage_secret: "\S+/empty": no key in it: expected a key a line',
    'a file without a key');
refuses_line($http,
    "location /a { triage_secret %dir%/secret;\ntriage_secret %dir%/token; }",
    'triage_secret ' . $nginx->dir . '/token', 'is duplicate', 'two files of secrets');

# --- queues and routes
refuses_line("$database\ntriage_queue all;", '', 'triage_queue all;',
    'invalid number of arguments', 'a queue without a target');
refuses_line("$database\ntriage_queue all respond=soon;", '', 'respond=soon',
    '"respond=soon": expected a time such as 15m', 'a target that is no time');
refuses_line("$database\ntriage_queue all weight=2;", '', 'weight=2',
    '"all": expected respond=time', 'a queue without respond=');
refuses_line("$database\ntriage_queue all respond=1h weight=0;", '', 'weight=0',
    '"weight=0": expected a weight from 1 to 100', 'a weight out of range');
refuses_line("$database\ntriage_queue all respond=1h size=5;", '', 'size=5',
    '"size=5": expected respond=, next=, resolve=, hours=, weight=, overflow=, '
        . 'warn= or escalate=', 'an unknown word');
refuses_line("$database\ntriage_queue all respond=1h warn=25;", '', 'warn=25',
    '"warn=25": expected what is left of the target, from 1% to 99%',
    'a share that is none');
refuses_line("$database\ntriage_queue all respond=1h next=soon;", '', 'next=soon',
    '"next=soon": expected a time such as 15m', 'a second target that is no time');
refuses_line("$database\ntriage_queue all respond=1h resolve=0;", '', 'resolve=0',
    '"resolve=0": expected a time such as 15m', 'a third one');
refuses_line("$database\n$route\ntriage_queue all respond=1h escalate=nowhere;",
    $location, 'escalate=nowhere',
    '"nowhere": escalate= names a queue that is not defined',
    'an escalation to nowhere');
refuses_line("$database\n$route\ntriage_queue all respond=1h escalate=all;",
    $location, 'escalate=all', '"all": a queue cannot escalate to itself',
    'an escalation to itself');
refuses_line("$database\ntriage_queue all respond=1h hours=office;", '',
    'hours=office', '"office": expected the name of a triage_hours above',
    'hours that there are not');

# --- business hours
my $office = 'triage_hours office Europe/Berlin';
accepts("$office mon-fri=09:00-12:30,13:30-18:00 sat=10:00-14:00"
        . ' 2026-12-24=09:00-12:00 12-25,12-26=closed'
        . ' 2026-12-28..2026-12-31=10:00-14:00;'
        . "$database triage_queue all respond=1h hours=office next=30m"
        . " resolve=2d warn=25% escalate=other;"
        . "triage_queue other respond=1h; $route",
    $location, 'hours, and all that a queue has');
accepts('triage_hours night UTC mon-sun=22:00-06:00;', '', 'a night');
accepts('triage_hours all Australia/Lord_Howe fri-wed=00:00-24:00;', '',
    'whole days, over the end of the week');
refuses_line("$office mon-fri=09:00-17:00;\ntriage_hours office UTC mon=10:00-11:00;",
    '', 'UTC', '"office": expected a name that is not used yet',
    'hours defined twice');
refuses('triage_hours office;', '', 'invalid number of arguments',
    'hours without a zone');
refuses_line('triage_hours office Europe/Berlin;', '', 'office',
    '"office": expected spans of a weekday', 'hours without spans');
refuses_line("$office mon-fri=closed 2026-12-24=09:00-12:00;", '', 'office',
    '"office": expected spans of a weekday', 'hours that are never open');
for my $zone ('Europe/Berlim', 'Berlin', '../../etc/passwd', '/etc/passwd',
    'Europe', 'zone.tab', '+01:00')
{
    refuses_line("triage_hours office\n$zone mon=09:00-17:00;", '', $zone,
        qr/"\Q$zone\E": expected a time zone such as Europe\/Berlin/,
        "no time zone: $zone");
}
for my $words (
    [ 'mon-fri',                 'days \(mon to sun' ],
    [ 'monday=09:00-17:00',      'days \(mon to sun' ],
    [ 'mon-=09:00-17:00',        'days \(mon to sun' ],
    [ '=09:00-17:00',            'days \(mon to sun' ],
    [ '2026-02-29=closed',       'days \(mon to sun' ],
    [ '2026-13-01=closed',       'days \(mon to sun' ],
    [ '25.12.=closed',           'days \(mon to sun' ],
    [ '2026-12-31..2026-12-24=closed', 'days \(mon to sun' ],
    [ '2020-01-01..2026-12-24=closed', 'days \(mon to sun' ],
    [ '12-24..2026-12-26=closed', 'days \(mon to sun' ],
    [ 'sat=',                    'up to 8 spans in their order' ],
    [ 'sat=open',                'up to 8 spans in their order' ],
    [ 'sat=9-17',                'up to 8 spans in their order' ],
    [ 'sat=09:00-25:00',         'up to 8 spans in their order' ],
    [ 'sat=09:00-17:60',         'up to 8 spans in their order' ],
    [ 'sat=09:00-09:00',         'up to 8 spans in their order' ],
    [ 'sat=24:00-09:00',         'up to 8 spans in their order' ],
    [ 'sat=13:00-17:00,09:00-12:00', 'up to 8 spans in their order' ],
    [ 'sat=09:00-13:00,12:00-17:00', 'up to 8 spans in their order' ],
    [ 'sat=22:00-02:00,23:00-23:30', 'up to 8 spans in their order' ],
    [ 'sat=09:00-17:00,',        'up to 8 spans in their order' ],
    [ 'fri=10:00-11:00',         'days that were not told yet' ],
) {
    my ($word, $expected) = @$words;
    refuses_line("$office mon-fri=09:00-17:00\n$word;", '', $word,
        "\"\Q$word\E\": expected $expected", $word);
}
refuses_line("$office mon-fri=09:00-17:00 12-25=closed\n12-24..12-26=closed;",
    '', '12-24..12-26', 'expected days that were not told yet',
    'a date told twice');
refuses_line("$queue\ntriage_queue all respond=2h;", '', 'respond=2h',
    '"all": expected a name that is not used yet', 'a queue defined twice');
refuses("$database $queue triage_route nowhere;", $location,
    '"nowhere": a route names a queue that is not defined',
    'a route to a queue that there is not');
refuses("$database $queue triage_route all urgency>=5;", $location,
    'the last route must match everything', 'no route for everything');
refuses("$database $queue", $location,
    'the last route must match everything', 'no routes at all');
refuses("$database $queue $route triage_route all urgency>=5;", $location,
    'a route without conditions hides the routes behind it',
    'a route that hides others');
refuses("$database triage_queue all respond=1h overflow=nowhere; $route",
    $location, '"nowhere": an overflow names a queue that is not defined',
    'an overflow into nowhere');
refuses_line("$queue\ntriage_route all urgency>=101;", '', 'urgency>=101',
    '"urgency>=101": expected a score from 0 to 100', 'a score out of range');
refuses_line("$queue\ntriage_route all urgency=80;", '', 'urgency=80',
    '"urgency=80": expected urgency>=', 'a condition that there is not');
refuses_line("$queue\ntriage_route all platform=myspace;", '', 'myspace',
    '"myspace": expected the name of a platform',
    'a route for an unknown platform');
refuses_line("$queue\ntriage_route all kind=echo;", '', 'kind=echo',
    '"kind=echo": expected kind=message', 'a kind nobody waits for');

# --- the database
refuses("$queue $route", $location, 'triage_database is missing: expected',
    'no database');
accepts("$queue $route triage_dry_run on;", $location,
    'no database where nothing is kept');
refuses_line("triage_database \"host=a sslmode=maybe\";\n$queue $route", '',
    'sslmode=maybe', 'triage_database: invalid connection string',
    'a connection string with a wrong value');
refuses_line("triage_database \"hosts=a\";", '', 'hosts=a',
    'triage_database: invalid connection string', 'an unknown keyword');
refuses_line("$database\n triage_database \"dbname=b\";", '', 'dbname=b',
    'is duplicate', 'two databases');
for my $words (
    [ 'connections=0',  'a number of connections' ],
    [ 'connections=99', 'a number of connections' ],
    [ 'connections=x',  'a number of connections' ],
    [ 'timeout=1ms',    'a time from 50ms to 60s' ],
    [ 'timeout=soon',   'a time from 50ms to 60s' ],
    [ 'backlog=0',      'a number of deliveries' ],
    [ 'pool=5',         'connections=number, timeout=time or backlog=number' ],
) {
    my ($word, $expected) = @$words;
    refuses_line("triage_database \"dbname=a\" $word;", '', $word,
        "\"$word\": expected $expected", $word);
}

my ($ok, $said) = check(
    'triage_database "host=a password=hunter2 user=\'x";' . "$queue $route", '');
ok(!$ok, 'an unfinished quote is refused');
unlike($said, qr/hunter2/, 'without printing the password');
($ok, $said) = check(
    'triage_database "host=a password=hunter2 foo=bar";' . "$queue $route", '');
ok(!$ok && $said !~ /hunter2/, 'nor in a complaint about another word');
($ok, $said) = check(
    'triage_database "postgresql://u:hunter2@/%zz";' . "$queue $route", '');
ok(!$ok && $said !~ /hunter2/, 'nor of a URI') or diag $said;

# --- the rest
refuses_line('triage_commit maybe;', '', 'maybe', 'invalid value "maybe"',
    'a level of commit that there is not');
refuses_line('triage_zone triage 1k;', '', '1k',
    '"1k": expected a size of at least', 'a zone that is too small');
refuses_line("triage_zone a 2m;\ntriage_zone b 2m;", '', 'triage_zone b',
    'is duplicate', 'two zones');
refuses_line('triage_spool %dir%/spool max_size=5;', '', 'max_size=5',
    '"max_size=5": expected a size of at least 1m', 'a spool that is too small');
refuses_line('triage_model %dir%/nowhere;', '', '/nowhere',
    'open\(\) "\S+/nowhere" failed', 'a model that there is not');
refuses("$http triage_model %dir%/secret;", $location,
    'triage_model: the model cannot be used', 'a model that is none');
refuses_line($http, 'location /a { triage_options { a b; } }', 'triage_options',
    'must stand behind the "triage" of its location', 'options of nothing');
refuses_line($http, 'location /a { triage facebook; triage_options { a b; } }',
    'triage_options', 'platform "facebook" has no options',
    'options that a platform does not have');
refuses_line($http,
    "location /a { triage teams; triage_options {\ncolour red;\n} }",
    'colour', 'invalid "colour" "red": expected', 'an unknown option');
refuses_line($http,
    "location /a { triage teams; triage_options {\njwks a b;\n} }",
    'jwks a', '"jwks": expected one value behind the name',
    'an option with two values');
refuses_line($http, 'location /a { triage_dry_run maybe; }', 'maybe',
    'invalid value "maybe"', 'a flag that is none');
refuses_line($http, 'location /a { triage_tolerance soon; }', 'soon',
    '"triage_tolerance" directive invalid value', 'a tolerance that is no time');

done_testing();
