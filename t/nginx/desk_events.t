#!/usr/bin/perl
# A page that listens is told when something changed: in the database, at
# another desk, on another worker.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use Test::More;
use Time::HiRes qw(time);

use Triage::DeskSite;

my $patience = $ENV{TRIAGE_PATIENCE} // 30;
my $site = Triage::DeskSite->new(
    workers => 2,
    listen  => 'reuseport',
    desk    => 'streams=4',
)->start->wait_for_desk;
my $nginx    = $site->nginx;
my $postgres = $site->postgres;

# A stream of events: { socket, text }.
sub listen_as {
    my ($agent, @headers) = @_;
    my $socket = $nginx->_connects or die "cannot connect: $!";
    my @all = ($site->authorization($agent), @headers);
    my $head = "GET /desk/events HTTP/1.1\r\nHost: localhost\r\n";

    while (my ($name, $value) = splice @all, 0, 2) {
        $head .= "$name: $value\r\n";
    }
    $socket->autoflush(1);
    print {$socket} "$head\r\n";
    return { socket => $socket, text => '' };
}

# What comes before a text.
sub heard {
    my ($stream, $pattern) = @_;

    return hears($stream, $pattern) ? $stream->{before} : '';
}

# Whether the text comes; what came up to it is taken.
sub hears {
    my ($stream, $pattern) = @_;
    my $end = time + $patience;
    my $select = IO::Select->new($stream->{socket});

    while ($stream->{text} !~ /$pattern/) {
        my $left = $end - time;
        return 0 if $left <= 0;
        $select->can_read($left) or next; # a signal, or the end
        return $stream->{is_over} = 0
            unless sysread $stream->{socket}, $stream->{text}, 65536,
            length $stream->{text};
    }
    $stream->{text} =~ s/^(.*?)$pattern//s;
    $stream->{before} = $1;
    return 1;
}

$nginx->wait_until(sub { $postgres->psql(<<'SQL') == 2 }, 'two that listen');
select count(*) from pg_stat_activity
 where query = 'listen triage' and state = 'idle'
SQL

# Streams on both workers: the kernel shares connections by their ports.
my @streams = map { listen_as($_) } qw(ann bob eve ann);
for my $stream (@streams) {
    ok(hears($stream, qr/(?=\r\n\r\n)/), 'an answer') or next;
}
for my $stream (@streams) {
    ok(hears($stream, qr/event: hello\ndata: \{\}\n\n/), 'says hello');
}

$postgres->psql(q{notify triage, '{"queue":"urgent","what":["warning"]}'});
ok(hears($_, qr/event: change\ndata: \{"queue":"urgent","what":\["warning"\]\}\n\n/),
    'hears what the database says') for @streams;

# hostile payloads never become an event of their own
$postgres->psql(q{select pg_notify('triage', e'x\n\nevent: evil\ndata: y')});
ok(hears($_, qr/event: change\ndata: \{\}\n\n/), 'hears that something was')
    for @streams;
$postgres->psql(q{select pg_notify('triage', repeat('x', 7000))});
ok(hears($_, qr/event: change\ndata: \{\}\n\n/), 'nor long ones')
    for @streams;
ok(!(grep { $_->{text} =~ /evil/ } @streams), 'but not more');

# what one agent does, the others hear, whatever their worker
is($site->deliver($site->comment(1, 'words'))->{status}, 200, 'a message');
is($site->change('ann', 'claim', {})->{status}, 200, 'claimed');
ok(hears($_, qr/event: change\ndata: \{"what":\["desk"\]\}\n\n/),
    'is heard by all') for @streams;

# many deeds are told together, once a second by all workers; the last one too
my $began = time;
$site->change('ann', 'claim', {}) while time - $began < 2;
$postgres->psql(q{notify triage, '{"what":["end"]}'});
my $told = () = heard($streams[0], qr/"end"/) =~ /"desk"/g;
cmp_ok($told, '<=', time - $began + 2, 'many deeds are told once a second');
is($site->change('bob', 'claim', {})->{status}, 200, 'one more');
ok(hears($_, qr/"desk"/), 'is heard by all') for @streams;

# the connection that listens is lost: all look again when it is back
$postgres->psql(q{select pg_terminate_backend(pid) from pg_stat_activity
                   where query = 'listen triage'});
ok(hears($_, qr/event: change\ndata: \{\}\n\n/), 'hears of its return')
    for @streams;

# bounded
my @more = map { listen_as('bob') } 1 .. 9;
my %answers;
for my $stream (@more) {
    hears($stream, qr{HTTP/1.1 \d\d\d}) or next;
    $answers{ $stream->{text} =~ /event-stream/ ? 'taken' : 'refused' }++;
}
cmp_ok($answers{refused} // 0, '>', 0, 'not more than streams=');

# a client that goes makes room
close $_->{socket} for splice @streams, 0, 3;
close $_->{socket} for @more;
$nginx->wait_until(sub {
    my $stream = listen_as('eve');
    hears($stream, qr/(?:hello|error)/);
    my $is_taken = $stream->{text} !~ /too many/;
    close $stream->{socket};
    $is_taken;
}, 'room');
pass('who goes makes room');

# a reload ends the old workers: streams end, and the page comes again
my @old = $nginx->workers;
$nginx->reload;
my ($last) = @streams;
ok(!hears($last, qr/event: never/) && defined $last->{is_over},
    'a stream ends with its worker');
$nginx->wait_until(sub {
    my %now = map { $_ => 1 } $nginx->workers;
    !grep { $now{$_} } @old;
}, 'the old workers to end');
pass('which ends at once');

unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();
