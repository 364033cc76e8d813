#!/usr/bin/perl

# Each query of each dashboard in docs/grafana runs, as a login in
# triage_reader that sees one brand, and as one that sees everything; and
# what dashboards of any make expect of the views holds.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use JSON::PP qw(decode_json);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use Test::More;
use Triage::Postgres;

my $from     = q('2026-05-03T12:34:56Z');
my $to       = q('2026-05-04T12:34:56Z');
my @files    = sort glob "$here/../../docs/grafana/*.json";
my $postgres = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql(<<"END");
\\i '$here/lib/helpers.sql'
\\i '$here/lib/events.sql'
alter database triage set triage.now = '2026-05-04 12:34:56+00';
END
$postgres->psql(<<'END');
select test.configure();
select test.happen(1, 500);
select test.file('[
    {"message_id": "a1", "thread_id": "a1", "queue": "urgent",
     "sent_at": "2026-05-04 12:00+00"},
    {"message_id": "z1", "thread_id": "z1", "queue": "urgent",
     "brand": "zen", "sent_at": "2026-05-04 12:00+00"},
    {"nothing": true, "failure": "not JSON", "raw": "{"},
    {"nothing": true, "failure": "not JSON", "raw": "{", "brand": "zen"}]');
select triage.set_presence('ann'), triage.set_presence('zen');
insert into triage_data.forecast
       (queue, forecast_at, waiting, arrivals_per_hour, answers_per_hour,
        agents, capacity_per_hour, lost, wait_p50, wait_p90)
select queue, triage.now(), 2, 3, 4, 5, 6, 0, interval '6 minutes',
       interval '7 minutes'
  from triage_data.queue;
insert into triage_data.forecast_day (queue, day, published, held)
select queue, '2026-05-04', 10, 9
  from triage_data.queue;
insert into triage_data.spike
       (began_at, expected, messages, kind, brand, subject, queues)
select triage.now(), 4, 40, 'brand', b, b, '{urgent}'
  from unnest(array['acme', 'zen']) as b;
insert into triage_data.alert
       (kind, conversation_id, raised_at, waiting_since, due_at, queue,
        platform, brand, account)
select 'warning', conversation_id, triage.now(), waiting_since, due_at,
       queue, platform, brand, account
  from triage_data.conversation
 where waiting_since is not null;
insert into triage_data.overflow
       (conversation_id, waiting_since, moved_at, due_at, queue_before,
        queue)
select conversation_id, waiting_since, triage.now(), due_at, 'crisis', queue
  from triage_data.conversation
 where waiting_since is not null;
create role grafana login in role triage_reader;
create role grafana_acme login in role triage_reader;
select triage.allow('grafana_acme', 'acme');
END

cmp_ok(scalar @files, '>=', 3, 'there are dashboards');
my (%uid, %title);
for my $file (@files) {
    my $name      = basename($file, '.json');
    my $dashboard = decode_json(content($file));

    is($uid{ $dashboard->{uid} }++ + $title{ $dashboard->{title} }++,
        0, "$name: an id and a title of its own");
    looks_right($name, $dashboard);
    for my $variable (@{ $dashboard->{templating}{list} }) {
        runs("$name, variable $variable->{name}", $variable->{query})
            if $variable->{type} eq 'query';
    }
    for my $panel (@{ $dashboard->{panels} }) {
        for my $target (@{ $panel->{targets} }) {
            runs("$name, panel $panel->{title}", $target->{rawSql},
                $target->{format});
        }
    }
}

# Metabase, PostgREST, Hasura and others.
is( $postgres->psql(<<'END'), '', 'every column has a name and a comment');
select c.relname, a.attname
  from pg_class as c
  join pg_attribute as a
    on a.attrelid = c.oid
   and a.attnum > 0
 where c.relnamespace = 'triage'::regnamespace
   and (a.attname in ('?column?', '') or a.attname !~ '^[a-z][a-z0-9_]*$'
        or col_description(c.oid, a.attnum) is null)
END
is( $postgres->psql(<<'END'), '', 'and a type that every driver knows');
select c.relname, a.attname, format_type(a.atttypid, null)
  from pg_class as c
  join pg_attribute as a
    on a.attrelid = c.oid
   and a.attnum > 0
 where c.relnamespace = 'triage'::regnamespace
   and format_type(a.atttypid, null) not in ('text', 'text[]', 'uuid',
       'integer', 'bigint', 'real', 'boolean', 'date', 'interval',
       'timestamp with time zone')
END
is( $postgres->psql(<<'END'), '', 'no function is overloaded');
select proname
  from pg_proc
 where pronamespace = 'triage'::regnamespace
 group by proname
having count(*) > 1
END
is( $postgres->psql(<<'END'), '', 'and all of its arguments have names');
select proname
  from pg_proc
 where pronamespace = 'triage'::regnamespace
   and pronargs > 0
   and (proargnames is null or '' = any (proargnames[1:pronargs]))
END

done_testing;

# What Grafana takes without a word, and does not show.
sub looks_right {
    my ($name, $dashboard) = @_;
    my @panels  = @{ $dashboard->{panels} };
    my %defined = map { $_->{name} => $_->{type} }
        @{ $dashboard->{templating}{list} };
    my (%id, %taken, @wrong);

    for my $panel (@panels) {
        my $title = $panel->{title};
        my ($x, $y, $w, $h) = @{ $panel->{gridPos} }{qw(x y w h)};

        push @wrong, "$title: its number is another's"
            if $id{ $panel->{id} }++;
        push @wrong, "$title: outside of the grid" if $x < 0 || $x + $w > 24;
        for my $column ($x .. $x + $w - 1) {
            for my $row ($y .. $y + $h - 1) {
                my $other = $taken{"$column $row"} //= $title;
                push @wrong, "$title: on top of $other" if $other ne $title;
            }
        }
        push @wrong, "$title: a type that it is not meant for"
            unless $panel->{type} =~ /^(?:stat|table|bargauge|timeseries)$/;
        push @wrong, map { "$title: no variable $_" }
            grep { !$defined{$_} }
            JSON::PP->new->encode($panel) =~ /\$\{(\w+)/g;
        for my $source ($panel, @{ $panel->{targets} }) {
            my $uid = $source->{datasource}{uid};
            push @wrong, "$title: another data source" if $uid ne '${DS_TRIAGE}';
        }
        push @wrong, map { "$title: $_ without a unit" } without_unit($panel);
    }
    is(join("\n", @wrong), '', "$name: panels that can be shown");
    is($defined{DS_TRIAGE}, 'datasource', "$name: asks for the data source");
}

# Spans and shares that would be shown as bare numbers.
sub without_unit {
    my ($panel) = @_;
    return if $panel->{fieldConfig}{defaults}{unit};

    my @overrides = @{ $panel->{fieldConfig}{overrides} };
    my ($sql) = map { $_->{rawSql} } @{ $panel->{targets} };
    return grep {
        my $column = $_;
        !grep {
            my ($pattern) = $_->{matcher}{options} =~ m{^/(.*)/$};
            $column =~ /$pattern/ && $_->{properties}[0]{id} eq 'unit';
        } @overrides;
    } $sql =~ /::float8 as (p\d\d|\w*wait\w*|target)\b/g,
        $sql =~ /\b(share_in_time)\b/g;
}

# A query, as Grafana sends it: each has something to show.
sub runs {
    my ($what, $query, $format) = @_;

    for my $user (qw(grafana grafana_acme)) {
        my $sql = expanded($query, $user);
        my ($ok, $out, $error) = $postgres->psql_try(
            "set role $user;\n$sql");
        ok($ok, "$what, as $user") or diag("$sql\n$error");
        isnt($out, '', '... has something to show');
        unlike($out, qr/zen/, '... of its brand')
            if $user eq 'grafana_acme' && $what !~ /Who answers/;
        like($sql, qr/ as time, .* as metric, /, '... as time series')
            if ($format // '') eq 'time_series';
    }
}

# Grafana's macros and variables.
sub expanded {
    my ($query, $user) = @_;

    $query =~ s/\$__timeFilter\((\w+)\)/$1 BETWEEN $from AND $to/g;
    $query =~ s/\$__timeFrom\(\)/$from/g;
    $query =~ s/\$__timeTo\(\)/$to/g;
    $query =~ s/\$\{queue:sqlstring\}/'crisis','urgent','public','standard'/g;
    $query =~ s/\$\{brand:sqlstring\}/'acme','zen'/g;
    fail("$query: a macro that this test does not know") if $query =~ /\$/;
    return $query;
}

sub content {
    my ($path) = @_;

    open my $file, '<', $path or die "$path: $!";
    local $/;
    return <$file>;
}
