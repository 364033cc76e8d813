#!/usr/bin/perl
# The published wait: out of shared memory, cacheable, escaped, and honest
# when nothing is known.
use strict;
use warnings;

use Digest::SHA qw(sha256_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json);
use POSIX qw(strftime);
use Test::More;

use Triage::Site;

# An office that is open on one day of the week, which is not today.
my $opens = strftime('%A', gmtime(time + 3 * 86400));
my $day   = lc substr $opens, 0, 3;

my $site = Triage::Site->new(
    workers => 2,
    routes  => <<"END",
        triage_queue urgent respond=1h weight=4;
        triage_queue "<i>&'x" respond=2h;
        triage_queue quiet respond=24h;
        triage_hours day UTC $day=09:00-18:00;
        triage_queue office respond=8h hours=day;
        triage_route urgent;
END
    server => <<'END',
        location = /triage/wait { triage_wait; }
        location = /wait        { triage_wait page; }
        location = /wait.json   { triage_wait json queue=urgent queue=quiet; }
        location = /wait.svg    { triage_wait badge queue=urgent; }
        location = /quiet.svg   { triage_wait badge queue=quiet; }
        location = /office.svg  { triage_wait badge queue=office; }
END
);
my ($nginx, $postgres) = ($site->nginx, $site->postgres);

# The module's sessions stand at a moment, so that the forecasts that
# triage.tick makes meanwhile are of that moment, too, and change nothing.
sub stand_at {
    my ($moment) = @_;
    my $at = $postgres->psql("select $moment");

    $postgres->psql(<<"END");
alter role nginx set triage.now = '$at';
delete from triage_data.forecast;
insert into triage_data.forecast
       (queue, forecast_at, waiting, arrivals_per_hour, answers_per_hour,
        agents, capacity_per_hour, lost, expected, wait_p50, wait_p90)
values ('urgent', '$at', 12, 10, 9, 2, 20, 0, '7 min', '8 min', '29 min'),
       (\$\$<i>&'x\$\$, '$at', 3, 1, 1, 1, 2, 0, '1 h', '90 min', '3 h'),
       ('office', '$at', 7, 1, 0, 1, 2, 0, '3 days', '80 h', '80 h'),
       ('quiet', '$at', 0, 0, 0, 0, 0, 0, null, null, null);
END
}

sub wait_of {
    my ($queue, $path) = @_;
    my ($wait) = grep { $_->{queue} eq $queue }
        @{ decode_json($nginx->get($path // '/triage/wait')->{body})->{queues} };
    return $wait // {};
}

$postgres->psql(<<'END');
insert into triage_data.forecast_day (queue, day, published, held)
values ('urgent', (now() at time zone 'UTC')::date - 31, 1000, 0),
       ('urgent', (now() at time zone 'UTC')::date - 2, 100, 91),
       ('urgent', (now() at time zone 'UTC')::date - 3, 100, 89);
END
stand_at('now()');
$nginx->start;

# --- JSON
$nginx->wait_until(sub { wait_of('urgent')->{wait_p50} }, 'a forecast');
my $urgent = wait_of('urgent');
is($urgent->{wait_p50}, 480,  'p50 in seconds');
is($urgent->{wait_p90}, 1740, 'p90');
is($urgent->{target},   3600, 'the target');
is($urgent->{waiting},  12,   'how many wait');
like($urgent->{forecast_at}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'from when it is');
is_deeply($urgent->{record},
    { days => 30, published => 200, held => 180, percent => 90 },
    'the record of the last 30 days');
ok(!$urgent->{is_unusual}, 'nothing is unusual');
my $quiet = wait_of('quiet');
ok(exists $quiet->{wait_p50} && !defined $quiet->{wait_p50},
    'null where nothing is known');
is($quiet->{record}{percent}, undef, 'no record either');
is_deeply([ map { $_->{queue} } @{ decode_json($nginx->get('/wait.json')->{body})->{queues} } ],
    [qw(urgent quiet)], 'the queues that are named, in that order');

# --- headers
my $answer = $nginx->get('/wait.json');
is($answer->{status}, 200, 'it is there');
is($answer->{headers}{'content-type'}, 'application/json', 'its type');
is($answer->{headers}{'cache-control'}, 'public, max-age=15', 'may be kept');
is($answer->{headers}{'access-control-allow-origin'}, '*', 'by any page');
is($answer->{headers}{'x-content-type-options'}, 'nosniff', 'and is what it is');
like($answer->{headers}{etag}, qr/^"[0-9a-f]+-[0-9a-f]+"$/, 'with a tag');
is($nginx->get('/wait.json', 'If-None-Match' => $answer->{headers}{etag})->{status},
    304, 'that saves sending it again');
is($nginx->get('/wait.json', 'If-None-Match' => '"other"')->{status},
    200, 'unless it is another');
my $head = $nginx->request('HEAD', '/wait.json');
is($head->{status}, 200, 'HEAD too');
is($head->{body}, '', 'without a body');
is($nginx->post('/wait.json', 'x')->{status}, 405, 'nothing else');

# --- page
my $page = $nginx->get('/wait');
is($page->{headers}{'content-type'}, 'text/html; charset=utf-8', 'a page');
like($page->{body}, qr/8 min.*9 of 10 are answered in 29 min/s, 'says both');
like($page->{body}, qr/held for 90\.0% of 200 people/, 'with the record');
like($page->{body}, qr/no forecast/, 'or that nothing is known');
like($page->{body}, qr/&lt;i&gt;&amp;&#39;x/, 'a name is escaped');
unlike($page->{body}, qr/<i>/, 'wherever it stands');
unlike($page->{body}, qr/<script|style=|onload/, 'nothing runs in it');
my ($style) = $page->{body} =~ m{<style>(.*?)</style>}s;
like($page->{headers}{'content-security-policy'},
    qr/default-src 'none'; style-src 'sha256-\Q@{[ sha256_base64($style) ]}\E='/,
    'its policy allows its style and nothing else');

# --- badge
my $badge = $nginx->get('/wait.svg');
is($badge->{headers}{'content-type'}, 'image/svg+xml', 'a badge');
like($badge->{body}, qr{<title>urgent: 8 min, 9 of 10 in 29 min</title>}, 'says both');
like($nginx->get('/quiet.svg')->{body}, qr/quiet: no forecast/, 'or that nothing is known');

# --- a queue that is closed
my $office = wait_of('office');
ok($urgent->{is_open} && !defined $urgent->{opens_at} && !defined $urgent->{opens},
    'who answers round the clock is never closed');
ok(!$office->{is_open}, 'the office is closed');
like($office->{opens_at}, qr/T09:00:00\.000000Z$/, 'it says when it opens');
is($office->{opens}, "$opens 09:00 (UTC)", 'and in words');
like($page->{body}, qr/We are closed now and open on $opens 09:00 \(UTC\), in \d days\./,
    'so does the page');
like($nginx->get('/office.svg')->{body},
    qr{<title>office: closed, opens in \d days, 9 of 10 in 4 days</title>},
    'and the badge');

# --- no query a request
my $calls = sub {
    $postgres->psql(q(select sum(xact_commit) from pg_stat_database
        where datname = current_database()));
};
my $before = $calls->();
$nginx->get('/triage/wait') for 1 .. 200;
cmp_ok($calls->() - $before, '<', 150, 'requests are no queries');

# --- what is old is not shown
$nginx->stop;
stand_at(q(now() - interval '5 minutes'));
$nginx->start;
$nginx->wait_until(sub { wait_of('urgent')->{target} }, 'the queues');
is(wait_of('urgent')->{wait_p50}, undef, 'what is old is not shown');
is(wait_of('urgent')->{forecast_at}, undef, 'an old forecast is none');
is(wait_of('urgent')->{record}{published}, 200, 'the record stays');
like($nginx->get('/wait.svg')->{body}, qr/urgent: no forecast/, 'on the badge, too');

# --- it outlives a reload, and the database
$nginx->stop;
stand_at('now()');
$nginx->start;
$nginx->wait_until(sub { wait_of('urgent')->{wait_p50} }, 'a forecast again');
$nginx->reload;
is(wait_of('urgent')->{wait_p50}, 480, 'a reload keeps it');
$postgres->stop('immediate');
is(wait_of('urgent')->{wait_p50}, 480, 'so does a database that is away');

done_testing();
