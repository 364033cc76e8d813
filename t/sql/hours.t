#!/usr/bin/perl

# Business hours against a count of minutes: random hours in zones whose
# clocks do everything that clocks do, at times around the changes.
# TRIAGE_SEED tries others.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use JSON::PP qw(encode_json);
use POSIX qw(strftime);
use Test::More;
use Time::Local qw(timegm);
use Triage::Postgres;

my $hours = 10;    # how many; each is tried twice
my $days  = 5;

# A change of half an hour, changes at midnight and a minute past it, twice a
# year around Ramadan, a day that was left out, quarters of an hour.
my %change = (
    'Europe/Berlin'        => ['2026-03-29', '2026-10-25', '2027-03-28'],
    'America/New_York'     => ['2026-03-08', '2026-11-01', '2027-03-14'],
    'Australia/Lord_Howe'  => ['2026-04-05', '2026-10-04'],
    'America/Havana'       => ['2026-03-08', '2026-11-01'],
    'Asia/Beirut'          => ['2026-03-29', '2026-10-25'],
    'Africa/Casablanca'    => ['2026-02-15', '2026-03-22'],
    'America/St_Johns'     => ['2006-04-02', '2026-11-01'],
    'Pacific/Apia'         => ['2011-12-30', '2026-05-04'],
    'Asia/Kathmandu'       => ['2026-05-04'],
    'UTC'                  => ['2024-02-29', '2026-12-31'],
);

my $seed = $ENV{TRIAGE_SEED} // 1;
srand $seed;
note "TRIAGE_SEED=$seed";

my $postgres = Triage::Postgres->new(fsync => 0)->start;
$postgres->migrate;

my @tried;
for my $number (1 .. $hours) {
    my $zone = (sort keys %change)[ ($number - 1) % keys %change ];
    push @tried, { name => "h$number", zone => $zone, %{ random_hours($zone) } };
}

$postgres->psql(<<'END' . quoted('perform triage_data.mirror_hours(%s)', encode_json({ hours => \@tried })));
create schema test;
create function test.is_open(zone text, config jsonb, at timestamptz)
returns boolean
language sql
stable
as $$
    select exists (
        select
          from (select at at time zone zone as wall) as w
         cross join generate_series(0, 1) as ago
         cross join lateral (
               select date_trunc('day', w.wall) - ago * interval '1 day'
                          as day) as d
         cross join lateral jsonb_array_elements(
               coalesce(config -> 'dates' -> to_char(d.day, 'YYYY-MM-DD'),
                        config -> 'dates' -> to_char(d.day, 'MM-DD'),
                        config -> 'week'
                            -> (extract(isodow from d.day)::int - 1)))
               as s
         where extract(epoch from w.wall - d.day) / 60
                   >= (s -> 0)::int
           and extract(epoch from w.wall - d.day) / 60
                   < (s -> 1)::int);
$$;

-- The minutes from a time on that are open, and when each has passed.
create function test.minutes(zone text, config jsonb, since timestamptz,
                             days int)
returns table (minute bigint, passed_at timestamptz)
language sql
stable
as $$
    select row_number() over (order by g), g + interval '1 minute'
      from generate_series(since, since + days * interval '24 hours',
                           interval '1 minute') as g
     where test.is_open(zone, config, g);
$$;

create function test.wrong(hours text, since timestamptz, days int)
returns setof text
language plpgsql
as $$
declare
    h triage_data.hours;
    m record;
    found_at timestamptz;
    took interval;
begin
    select * into h from triage_data.hours as o where o.hours = wrong.hours;
    for m in
        select *
          from (select n.*, count(*) over () as of
                  from test.minutes(h.zone, h.config, since, days) as n) as s
         where s.minute in (1, of) or s.minute % (1 + of / 12) = 0
    loop
        found_at := triage_data.due_after(
            hours, since, m.minute * interval '1 minute');
        if found_at is distinct from m.passed_at then
            return next format('%s open minutes after %s: %s, not %s',
                               m.minute, since, found_at, m.passed_at);
        end if;
        -- Half a minute less is half a minute earlier: never rounded.
        found_at := triage_data.due_after(
            hours, since, m.minute * interval '1 minute'
                          - interval '30.000001 seconds');
        if found_at is distinct from
           m.passed_at - interval '30.000001 seconds' then
            return next format('half a minute less than %s after %s: %s',
                               m.minute, since, found_at);
        end if;
        took := triage_data.open_time(hours, since, m.passed_at);
        if took is distinct from m.minute * interval '1 minute' then
            return next format('from %s to %s: %s, not %s minutes', since,
                               m.passed_at, took, m.minute);
        end if;
    end loop;
end
$$;
END

for my $given (@tried) {
    my @changes = @{ $change{ $given->{zone} } };
    my @times   = around($changes[ rand @changes ]);

    # What is worked out ahead, too, whatever year it is.
    push @times, strftime('%Y-%m-%d %H:%M+00', gmtime time - 86400 * (100 - int rand 400));
    is($postgres->psql(join ";\n", 'set timezone = "Asia/Tokyo"',
            map { "select test.wrong('$given->{name}', '$_', $days)" } @times)
            =~ s/\ASET\n?//r,
        '', "$given->{name} in $given->{zone}: "
            . encode_json({ week => $given->{week}, dates => $given->{dates} }));
}

is($postgres->psql(q(select triage_data.due_after(null, '2026-03-29 00:00+01', '24:00')
            - timestamptz '2026-03-29 00:00+01' = interval '24:00',
            triage_data.open_time(null, '2026-03-28 12:00+01', '2026-03-29 12:00+02'))),
    't|23:00:00', 'round the clock an hour is an hour');
is($postgres->psql(q(select triage_data.due_after('h1', '0044-03-15 00:00+00 BC', '1:00')
            - timestamptz '0044-03-15 00:00+00 BC',
            triage_data.open_time('h1', '0044-03-15 00:00+00 BC', '2026-01-01') > '0')),
    '01:00:00|t', 'no time is refused');

done_testing;

sub random_hours {
    my ($zone) = @_;
    my @week = map { random_day() } 1 .. 7;
    my %dates;

    $week[ rand 7 ] = [ [ 540, 1020 ] ];    # never closed for good
    for my $change (@{ $change{$zone} }) {
        my $date = strftime('%Y-%m-%d', gmtime(epoch($change) + 86400 * (int(rand 5) - 2)));
        $dates{ rand > 0.7 ? substr $date, 5 : $date } = random_day();
    }
    return { week => \@week, dates => \%dates };
}

# Up to three spans, the last one perhaps over midnight.
sub random_day {
    return []              if rand > 0.85;
    return [ [ 0, 1440 ] ] if rand > 0.92;
    my @marks = sort { $a <=> $b } map { 5 * int rand 288 } 1 .. 2 * (1 + int rand 3);
    my @spans;

    while (my ($from, $to) = splice @marks, 0, 2) {
        push @spans, [ $from, $to ] if $to > $from;
    }
    push @spans, [ 1320, 1320 + 30 * (1 + int rand 16) ] if rand > 0.6;
    return \@spans;
}

sub epoch {
    my ($date) = @_;
    my ($year, $month, $day) = split /-/, $date;
    return timegm(0, 0, 0, $day, $month - 1, $year);
}

sub around {
    my ($date) = @_;
    return strftime('%Y-%m-%d %H:%M+00',
        gmtime(epoch($date) - 86400 * 2 + 60 * int rand 60 * 24 * 3));
}

sub quoted {
    my ($statement, $value) = @_;
    return sprintf "do \$do\$ begin $statement; end \$do\$;\n", "'$value'";
}
