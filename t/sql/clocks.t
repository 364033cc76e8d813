#!/usr/bin/perl

# docs/clocks.md is a truth table; this plays each of its rows against the
# real functions and compares.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use POSIX qw(strftime);
use Test::More;
use Time::Local qw(timegm);
use Triage::Postgres;

my $table = "$here/../../docs/clocks.md";

# What an event does: SQL with the message, the time, the queue and so on.
my %verb = (
    write    => sub { message(@_, audience => 'private') },
    comment  => sub { message(@_, audience => 'public') },
    echo     => sub { message(@_, kind => 'echo', author_id => 'page') },
    bot      => sub { message(@_, kind => 'other', author_id => 'page') },
    edit     => sub { change(@_, 'edit') },
    delete   => sub { change(@_, 'delete') },
    react    => sub { change(@_, 'reaction') },
    repeat   => sub { message(@_, audience => 'private') },
    claim    => sub {q(triage.claim('ann'))},
    reply    => sub {q(triage.reply(test.conversation('a'), 'ann'))},
    auto     => sub {q(triage.reply(test.conversation('a'), 'ann', true))},
    close    => sub {q(triage.close(test.conversation('a'), 'ann'))},
    renew    => sub {q(triage.renew(test.conversation('a'), 'ann'))},
    release  => sub {q(triage.release(test.conversation('a'), 'ann'))},
    transfer => sub {q(triage.transfer(test.conversation('a'), 'ann', 'bob'))},
    promise  => sub {q(triage.promise(test.conversation('a'), 'ann',
                                      triage.now() + interval '1 day'))},
    snooze   => sub {
        my ($event) = @_;
        return "triage.snooze(test.conversation('a'), 'ann', '"
            . instant($event->{name}) . "')";
    },
    tick     => sub {q(test.tick())},
    refer    => sub {
        my ($event) = @_;
        return "triage.refer(test.conversation('a'), 'ann', '$event->{queue}')";
    },
    retriage => sub {
        my ($event) = @_;
        return "triage.retriage(test.message('a'), 50, 'seen',"
            . " '$event->{queue}')";
    },
);

my @rows = rows();
cmp_ok(scalar @rows, '>=', 160, 'the tables have all their sequences');
is_deeply([ map { $_->{number} } @rows ], [ 1 .. @rows ], 'numbered');

my $postgres = Triage::Postgres->new(fsync => 0)->start;
$postgres->migrate;
$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");
my @printed =
    split /\n/, $postgres->psql(join '', helpers(), map { play($_) } @rows);
my %shown = map { /^row (\d+)\|(.*)$/ ? ($1 => $2) : () } @printed;

for my $row (@rows) {
    my $expected = expected($row);
    my $shown = $shown{ $row->{number} } // 'nothing';

    # The last columns stand where they matter.
    $shown =~ s/(?:\|[^|]*){3}$// unless defined $row->{alerts};
    is($shown, $expected, "$row->{number}: $row->{what}");
}
is_deeply([ grep {/^recounted /} @printed ], [],
    'what was counted step by step is what a recount gives');

done_testing;

# The rows of the table, as hashes.
sub rows {
    my @found;

    open my $file, '<', $table or die "$table: $!";
    while (<$file>) {
        next unless /^\|\s*(\d+)\s*\|/;
        my (undef, @cell) = map { s/^\s+|\s+$//gr } split /\|/, $_, -1;
        my %row;
        @row{qw(number what events since due contacts state after resolve took
            alerts)} = @cell;
        push @found, \%row;
    }
    return @found;
}

sub expected {
    my ($row) = @_;

    return join '|', map { $_ eq '' ? '-' : $_ }
        moment($row->{since}), moment($row->{due}), $row->{contacts},
        $row->{state}, $row->{after},
        defined $row->{alerts}
        ? (moment($row->{resolve}), $row->{took}, $row->{alerts})
        : ();
}

# The SQL that plays a row, and shows what came of it.
sub play {
    my ($row) = @_;
    my $sql  = "begin;\n";
    my $last = 0;

    for my $text (split /\s*;\s*/, $row->{events}) {
        my $event = parse($text);

        # Time does not run backwards: what happened earlier came late.
        $sql .= "select set_config('triage.now', greatest('"
            . "$event->{at}'::timestamptz, nullif(current_setting("
            . "'triage.now', true), '')::timestamptz)::text, true);\n";
        my $call = $verb{ $event->{verb} }
            or die "clocks.md: what is $event->{verb}?\n";
        $call = $call->($event);
        $sql .=
            $event->{refused}
            ? "select test.refused(\$call\$$call\$call\$,"
            . " '$event->{refused}');\n"
            : "select * from $call;\n";
    }

    return $sql
        . "select test.shows($row->{number});\n"
        . "select test.recounted($row->{number});\nrollback;\n"
        . "set triage.now = '';\n";
}

# '09:20 echo:e>a', 'd2 09:00 write:b@bob=crisis', '09:13 reply!TR002'.
sub parse {
    my ($text) = @_;
    my ($at, $verb, $name, $who, $queue, $to, $refused) = $text =~ m{
        ^ ( (?:d\d\ )?\d\d:\d\d | \d{4}-\S+ ) \s+ (\w+)
        (?: : ([\w:]+) )? (?: \@ (\w+) )? (?: = (\w+) )? (?: > (\w+) )?
        (?: ! (\w+) )? $ }x
        or die "clocks.md: cannot read '$text'\n";

    return {
        at      => instant($at),
        verb    => $verb,
        name    => $name,
        who     => $who,
        queue   => $queue // 'urgent',
        to      => $to,
        refused => $refused,
    };
}

# The time of a cell as PostgreSQL reads it.
sub instant {
    my ($text) = @_;

    return $text if $text =~ /^\d{4}-/;
    my ($days, $time) = $text =~ /^(?:d(\d) )?(\d\d:\d\d)$/
        or die "clocks.md: what time is '$text'?\n";
    return sprintf '2026-05-%02d %s+00', 3 + ($days // 1), $time;
}

# The time of a cell in UTC, as test.shown() prints it; a full time has a zone.
sub moment {
    my ($text) = @_;

    return '' if $text eq '';
    my ($year, $month, $mday, $hour, $minute, $sign, $ahead, $more)
        = instant($text)
        =~ /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)([+-])(\d\d)(?::(\d\d))?$/
        or die "clocks.md: what time is '$text'?\n";
    my $utc = timegm(0, $minute, $hour, $mday, $month - 1, $year)
        - "${sign}1" * 60 * ($ahead * 60 + ($more // 0));
    return strftime('%Y-%m-%d %H:%M', gmtime $utc);
}

sub message {
    my ($event, %field) = @_;
    our $unnamed;
    my $name = $event->{name}
        // ($field{kind} ? 'x' . ++$unnamed : 'a');
    my $public = ($field{audience} // '') eq 'public';

    %field = (
        message_id => $name,
        sent_at    => $event->{at},
        thread_id  => 'post',
        author_id  => $event->{who} // 'customer',
        queue      => $event->{queue},
        audience   => defined $event->{to} ? 'public' : 'private',
        (defined $event->{to} ? (parent_id => $event->{to}) : ()),
        %field,
    );
    return filing(%field);
}

sub change {
    my ($event, $kind) = @_;

    return filing(
        message_id => $event->{name},
        event_id   => "$kind $event->{name} $event->{at}",
        kind       => $kind,
        sent_at    => $event->{at},
        thread_id  => 'post',
        author_id  => 'customer',
        queue      => $event->{queue},
    );
}

sub filing {
    my (%field) = @_;

    return "test.file('[{"
        . join(', ', map {qq("$_": "$field{$_}")} sort keys %field)
        . "}]')";
}

sub helpers {
    return <<'END';
create function test.refused(call text, code text)
returns void
language plpgsql
as $$
begin
    execute 'select ' || call;
    raise exception '% was not refused', call;
exception
    when others then
        if sqlstate <> code then
            raise;
        end if;
end
$$;

create function test.shown(at timestamptz)
returns text
language sql
as $$
    select coalesce(to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                    '-');
$$;

-- But the resolution target: an escalation leaves the one that there was.
create function test.state()
returns jsonb
language sql
as $$
    select jsonb_object_agg(s.id, s.row)
      from (select c.conversation_id::text as id,
                   to_jsonb(c) - '{resolve_due_at,resolve_look_at}'::text[]
                       as row
              from triage_data.conversation as c
             union all
            select 'answer ' || a.answer_id, to_jsonb(a) - 'changed_by'
              from triage_data.answer as a
             union all
            select 'resolution ' || r.resolution_id,
                   to_jsonb(r) - 'changed_by'
              from triage_data.resolution as r) as s;
$$;

create function test.recounted(number int)
returns setof text
language plpgsql
as $$
declare
    before constant jsonb := test.state();
begin
    perform triage_data.recount(array_agg(c.conversation_id), '-infinity')
       from triage_data.conversation as c;
    return query
    select format('recounted %s: %s, not %s', number, s.value,
                  before -> s.key)
      from jsonb_each(test.state()) as s
     where s.value is distinct from before -> s.key;
end
$$;

create function test.took(spans interval[])
returns text
language sql
as $$
    select coalesce(string_agg(
               to_char(extract(epoch from s.took)::int / 3600, 'FM990')
               || ':' || to_char(extract(epoch from s.took)::int / 60 % 60,
                                 'FM00'),
               ', ' order by s.ordinality), '-')
      from unnest(spans) with ordinality as s(took);
$$;

create function test.shows(number int)
returns text
language sql
as $$
    select format('row %s|%s|%s|%s|%s|%s|%s|%s|%s', number,
                  test.shown(c.waiting_since), test.shown(c.due_at),
                  coalesce(c.contacts, 0),
                  case
                  when c.closed_at is not null then 'closed'
                  when i.claimed_by is not null then 'leased'
                  when i.snoozed_until is not null then 'snoozed'
                  when c.waiting_since is not null then 'waiting'
                  when a.took is not null then 'answered'
                  else 'quiet'
                  end,
                  test.took(a.took), test.shown(i.resolve_due_at),
                  test.took(r.took), coalesce(l.kinds, '-'))
      from (select test.conversation('a') as id) as k
      left join triage_data.conversation as c
        on c.conversation_id = k.id
      left join triage.inbox as i
        on i.conversation_id = k.id
     cross join lateral (
           select array_agg(n.answered_at - n.waiting_since
                            order by n.answered_at) as took
             from triage_data.answer as n
            where n.conversation_id = k.id
              and n.kind <> 'close'
              and n.waiting_since is not null) as a
     cross join lateral (
           select array_agg(n.counted order by n.closed_at) as took
             from triage_data.resolution as n
            where n.conversation_id = k.id
              and n.opened_at is not null) as r
     cross join lateral (
           select string_agg(case n.deadline
                             when 'resolution' then 'resolution ' else ''
                             end || n.kind, ', ' order by n.alert_id) as kinds
             from triage.alert as n
            where n.conversation_id = k.id) as l;
$$;

-- The queues that the page describes.
select triage.sync('{"hours": [
    {"name": "office", "zone": "UTC", "dates": {"2026-05-06": [],
                                                "05-07": [[540, 720]]},
     "week": [[[540, 750], [810, 1080]], [[540, 750], [810, 1080]],
              [[540, 750], [810, 1080]], [[540, 750], [810, 1080]],
              [[540, 750], [810, 1080]], [[600, 840]], []]},
    {"name": "berlin", "zone": "Europe/Berlin", "dates": {},
     "week": [[[60, 300]], [[60, 300]], [[60, 300]], [[60, 300]],
              [[60, 300]], [[60, 300]], [[60, 300]]]},
    {"name": "night", "zone": "America/New_York", "dates": {},
     "week": [[[1320, 1560]], [[1320, 1560]], [[1320, 1560]],
              [[1320, 1560]], [[1320, 1560]], [[1320, 1560]],
              [[1320, 1560]]]}],
  "queues": [
    {"name": "crisis", "respond": 900, "weight": 8},
    {"name": "urgent", "respond": 3600, "weight": 4, "overflow": "crisis"},
    {"name": "public", "respond": 14400, "weight": 2},
    {"name": "standard", "respond": 86400, "weight": 1},
    {"name": "office", "respond": 14400, "weight": 1, "hours": "office"},
    {"name": "berlin", "respond": 10800, "weight": 1, "hours": "berlin"},
    {"name": "night", "respond": 7200, "weight": 1, "hours": "night"},
    {"name": "prompt", "respond": 3600, "next": 1800, "resolve": 14400,
     "weight": 1, "warn": 25, "escalate": "crisis"},
    {"name": "case", "respond": 14400, "resolve": 18000, "weight": 1,
     "warn": 20, "escalate": "crisis"},
    {"name": "desk", "respond": 14400, "resolve": 18000, "weight": 1,
     "warn": 20, "hours": "office"},
    {"name": "support", "respond": 14400, "next": 7200, "resolve": 28800,
     "weight": 1, "warn": 50, "hours": "office"}]}');
END
}
