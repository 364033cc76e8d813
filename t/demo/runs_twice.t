# `make run` and `make stop`: an inbox of every platform, twice, also after
# everything was killed.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use File::Temp ();
use FindBin;
use HTTP::Tiny ();
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Nginx;
use Triage::Tool;

my $root   = "$FindBin::Bin/../..";
my $folder = File::Temp->newdir('triage-demo-XXXXXX', TMPDIR => 1);
my $log    = "$folder/log";

chmod 0755, $folder;
$ENV{TRIAGE_STATE} = "$folder/state";
plan skip_all => 'no module: make module' unless -e Triage::Nginx::module();
END { command('stop') if $folder }

sub command {
    my ($name) = @_;

    local $?;
    my $status = system("$root/demo/$name > $log 2>&1 < /dev/null");
    return ($status, Triage::Tool::content($log));
}

sub environment {
    return { map { /^(\w+)=(.*)$/ ? ($1 => $2) : () }
        split /\n/, Triage::Tool::content("$folder/state/env") };
}

sub psql {
    my ($sql) = @_;
    my $env = environment();

    local @ENV{keys %$env} = values %$env;
    my $psql = Triage::Postgres::program('psql');
    my $said = `$psql -qAtX -c "$sql"`;
    chomp $said;
    return $said;
}

# How many were there; they are gone then.
sub end_them {
    my ($signal, @pids) = @_;
    my $count = kill $signal, @pids;

    for (my $end = time + 120; time < $end && kill 0, @pids; sleep 1) { }
    return $count;
}

my ($status, $said) = command('run');
is($status, 0, 'it runs') or diag $said;
like($said, qr/^queue +due +urg +vis +platform/m, 'and shows the inbox');
like($said, qr/try next/, 'and what to try next');

my $env = environment();
is_deeply([sort keys %$env],
    [qw(PGDATABASE PGHOST PGPORT PGUSER TRIAGE_URL)], '.triage/env');

{
    my $desk = "$env->{TRIAGE_URL}/desk/";
    my $http = HTTP::Tiny->new;
    like($said, qr{\Q$desk\E}, 'it says where the desk is');
    is($http->get($desk)->{status}, 401, 'which asks who is there');
    my $inbox = $http->get($desk =~ s{//}{//ann:demo\@}r . 'api/inbox');
    is($inbox->{status}, 200, 'and lets the demo\'s agents in');
    is($http->get("$env->{TRIAGE_URL}$_")->{status}, 200, "$_ is public")
        for qw(/wait /triage/wait /wait/urgent.svg);
    cmp_ok(psql('select count(*) from triage.response_time'), '>', 0,
        'there is something to look back at');
}

is(psql('select count(*) from triage.inbox where waiting_since > now()'), 0,
    'nobody writes from another day, whatever the zone of a sample');

my %shown = map { $_ => 1 }
    split /\n/, psql('select distinct platform from triage_data.message');
my $http = HTTP::Tiny->new;
for my $platform (map { (split)[0] } @{ triage('platforms')->{lines} }) {
    my $answer = $http->post("$env->{TRIAGE_URL}/hooks/$platform",
        { content => '{}' });
    isnt($answer->{status}, 404, "$platform has an endpoint");
    ok($shown{$platform}, "$platform has a sample");
}

my $count = psql('select count(*) from triage_data.message');
($status, $said) = command('run');
is($status, 0, 'it runs again') or diag $said;
is(psql('select count(*) from triage_data.message'), $count,
    'with the same messages');
is(environment()->{TRIAGE_URL}, $env->{TRIAGE_URL}, 'at the same URL');

my ($key) = split /\n/,
    Triage::Tool::content("$folder/state/secrets/facebook");
my $body = '{"object":"page","entry":[{"id":"1","time":1767258060,"changes":'
    . '[{"field":"feed","value":{"item":"comment","verb":"add","post_id":'
    . '"1_1","comment_id":"1_2","created_time":1767258060,"from":{"id":"7"},'
    . '"message":"by hand"}}]}]}';
for (['is accepted', 200, $body], ['flipped is refused', 401, "$body "]) {
    my ($what, $expected, $sent) = @$_;
    my $answer = $http->post("$env->{TRIAGE_URL}/hooks/facebook", {
        content => $sent,
        headers => { 'X-Hub-Signature-256' => 'sha256='
                . hmac_sha256_hex($body, $key) },
    });
    is($answer->{status}, $expected, "signed by hand $what");
}
is(psql(q{select count(*) from triage.inbox where text = 'by hand'}), 1,
    'and is in the inbox');

# PostgreSQL goes away: 200 all the same, and nothing is lost.
end_them('QUIT', Triage::Tool::content(
        "$folder/state/postgres/data/postmaster.pid") =~ /^(\d+)/);
$body =~ s/by hand/spooled/;
$body =~ s/"1_2"/"1_3"/;
my $answer = $http->post("$env->{TRIAGE_URL}/hooks/facebook", {
    content => $body,
    headers => { 'X-Hub-Signature-256' => 'sha256='
            . hmac_sha256_hex($body, $key) },
});
is($answer->{status}, 200, 'without PostgreSQL a delivery is kept');
($status, $said) = command('run');
is($status, 0, 'it runs after that') or diag $said;
my $spooled = q{select count(*) from triage.inbox where text = 'spooled'};
for (my $end = time + 120; time < $end && !psql($spooled); sleep 1) { }
is(psql($spooled), 1, 'and what was kept is filed');

my @pids = map { Triage::Tool::content($_) =~ /^(\d+)/ }
    "$folder/state/nginx/nginx.pid",
    glob "$folder/state/postgres/data/postmaster.pid";
is(end_them('KILL', @pids), 2, 'all is killed');
($status, $said) = command('run');
is($status, 0, 'it runs after that') or diag $said;
is(psql($spooled), 1, 'and what was kept is there');

for (1 .. 2) {
    ($status, $said) = command('stop');
    is($status, 0, "it stops ($_)") or diag $said;
}
is($http->get("$env->{TRIAGE_URL}/triage/status")->{status}, 599,
    'nobody listens any more');

done_testing();
