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
create role grafana login in role triage_reader;
create role grafana_acme login in role triage_reader;
select triage.allow('grafana_acme', 'acme');
END

cmp_ok(scalar @files, '>=', 3, 'there are dashboards');
for my $file (@files) {
    my $name      = basename($file, '.json');
    my $dashboard = decode_json(content($file));
    my %id;

    is(scalar(grep { $id{ $_->{id} }++ } @{ $dashboard->{panels} }),
        0, "$name: each panel has a number of its own");
    for my $variable (@{ $dashboard->{templating}{list} }) {
        runs("$name, variable $variable->{name}", $variable->{query}, 1);
    }
    for my $panel (@{ $dashboard->{panels} }) {
        for my $target (@{ $panel->{targets} }) {
            runs("$name, panel $panel->{title}", $target->{rawSql},
                $panel->{title} !~ /forecast|arrives now/,
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

# A query, as Grafana sends it; $has_rows: both see something.
sub runs {
    my ($what, $query, $has_rows, $format) = @_;

    for my $user (qw(grafana grafana_acme)) {
        my $sql = expanded($query, $user);
        my ($ok, $out, $error) = $postgres->psql_try(
            "set role $user;\n$sql");
        ok($ok, "$what, as $user") or diag("$sql\n$error");
        isnt($out, '', '... has something to show') if $has_rows;
        unlike($out, qr/zen/, '... of its brand')
            if $user eq 'grafana_acme';
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
