#!/usr/bin/perl

# An install can be run again, by two at once, and while the system works.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../lib";

use Test::More;
use Triage::Postgres;
use Triage::Postgres::Session;

my $postgres = Triage::Postgres->new(fsync => 0)->start;
my $migrations = () = glob "$here/../../src/sql/migrations/*.sql";

# Two at once, on an empty database.
my @pid = map { start_migrate() } 1 .. 3;
is_deeply([ map { waitpid($_, 0); $? } @pid ],
    [ 0, 0, 0 ], 'three installs at once succeed');
is(recorded(), $migrations, 'each migration is recorded once');

$postgres->psql("\\i '$here/lib/helpers.sql'\nselect test.configure()");
$postgres->psql(<<'END');
select test.file('[{"message_id": "m1", "sent_at": "2026-05-04 09:00+00"}]')
END
my $before = catalog();
$postgres->migrate;
is(recorded(), $migrations, 'again: nothing is applied twice');
is(catalog(), $before, 'and nothing is changed');
is($postgres->psql('select count(*) from triage.inbox'), 1,
    'what waited still waits');

# While the system works: an open transaction has read and written.
my $ann = Triage::Postgres::Session->new($postgres);
$ann->query('begin');
$ann->query(q(select * from triage_data.message limit 1));
$ann->query(q(select test.file('[{"message_id": "m2",
                                  "sent_at": "2026-05-04 09:00+00"}]')));
my $pid = start_migrate();
waitpid $pid, 0;
is($?, 0, 'an install does not wait for messages that are being filed');
$ann->query('commit');
is($postgres->psql('select contacts from triage.inbox'), 2,
    'nor the other way round');

# Every file of the folders is installed, in the order of the list.
my %listed = map { $_ => 1 } grep { /\S/ && !/^#/ } split /\n/,
    slurp("$here/../../src/sql/install.list");
my @present = map { s{.*/src/sql/}{}r } glob "$here/../../src/sql/functions/*.sql"
    . " $here/../../src/sql/views/*.sql";
is_deeply([ grep { !$listed{$_} } @present ],
    [], 'every function and view is in install.list');
is_deeply([ grep { !-e "$here/../../src/sql/$_" } sort keys %listed ],
    [], 'and everything in it exists');
is_deeply(
    [   grep {
            slurp("$here/../../src/sql/$_")
                !~ /^create or replace (function|view) \S*\b\Q${\name_of($_)}\E\b/m
        } @present
    ],
    [],
    'a file is called like what it makes'
);
is_deeply([ grep { slurp("$here/../../src/sql/$_") =~ /^\\/m } @present ],
    [], 'no file has a psql command');

done_testing;

sub start_migrate {
    my $pid = fork // die "cannot fork: $!";

    if ($pid == 0) {
        my $ok = eval { $postgres->migrate; 1 };
        print STDERR $@ unless $ok;
        require POSIX;
        POSIX::_exit($ok ? 0 : 1);
    }
    return $pid;
}

sub recorded {
    return $postgres->psql(
        'select count(distinct name) from triage_data.migration');
}

# Everything that an install makes, as the catalogue has it.
sub catalog {
    return $postgres->psql(<<'END');
select p.oid, pg_get_functiondef(p.oid), p.proacl
  from pg_proc as p
 where p.pronamespace in ('triage'::regnamespace, 'triage_data'::regnamespace)
   and p.prokind = 'f'
 order by p.oid;
select c.oid, c.relname,
       coalesce(c.relacl, acldefault('r', c.relowner))
  from pg_class as c
 where c.relnamespace in ('triage'::regnamespace, 'triage_data'::regnamespace)
   and c.relkind in ('r', 'p', 'v')
 order by c.oid
END
}

sub name_of {
    my ($path) = @_;

    return $path =~ m{([^/]+)\.sql$} ? $1 : '';
}

sub slurp {
    my ($path) = @_;

    open my $file, '<', $path or die "$path: $!";
    local $/;
    return scalar <$file>;
}
