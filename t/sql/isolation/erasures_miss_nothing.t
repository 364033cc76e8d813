#!/usr/bin/perl

# An erasure reaches what is being filed while it runs, and what is filed
# just after it, without holding up those who file while it reads.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
my $here;
BEGIN { $here = dirname(abs_path(__FILE__)) }
use lib "$here/../../lib";

use Test::More;
use Triage::Postgres;
use Triage::Postgres::Session;

my $postgres = Triage::Postgres->new(fsync => 0)->start;

$postgres->migrate;
$postgres->psql("\\i '$here/../lib/helpers.sql'\nselect test.configure()");
my ($nginx, $admin, $watch)
    = map { Triage::Postgres::Session->new($postgres) } 1 .. 3;

# A batch under way when the erasure begins.
$nginx->query('begin');
$nginx->query(words_of('bea', 1));
$admin->send(q(select triage.erase('facebook', 'bea')));
ok(!$admin->is_done(0.3), 'a batch under way is waited for');
$nginx->query('commit');
is($admin->wait, 1, 'and forgotten');

# One that comes while the erasure reads: a lock stops it in the middle.
$watch->query('begin; lock table triage_data.dead_letter in share mode');
$admin->send(q(select triage.erase('facebook', 'dan')));
ok(!$admin->is_done(0.3), 'an erasure that has read the messages');
$nginx->send(words_of('dan', 2));
ok($nginx->is_done(5), 'holds up nobody who files');
$nginx->wait;
$watch->query('commit');
is($admin->wait, 1, 'and forgets what was filed meanwhile');

# One that waits for the erasure to end.
$admin->query('begin');
$admin->query(q(select triage.erase('facebook', 'eve')));
$nginx->send(words_of('eve', 3));
ok(!$nginx->is_done(0.3), 'the end of an erasure is waited for');
$admin->query('commit');
is($nginx->wait, '{}', 'and then known');

is($postgres->psql('select count(*), count(text), count(author_id)
                      from triage_data.message'), '3|0|0',
    'nothing of it is left');
is($postgres->psql('select count(*) from triage_data.conversation'), 0,
    'nobody waits');

# Two at once take turns.
$admin->query('begin');
$admin->query(q(select triage.erase('facebook', 'ann')));
like($watch->query(q(select triage.erase('facebook', 'cat'))), qr/55P03/,
    'two erasures take turns: the second is told to try again');
$admin->query('rollback');
is($watch->query(q(select triage.erase('facebook', 'cat'))), 0, 'it can');

done_testing;

sub words_of {
    my ($author, $n) = @_;
    return qq(select test.file('[{"message_id": "m$n",
        "author_id": "$author", "text": "their words", "received_at": "2026-05-04 09:00+00",
        "sent_at": "2026-05-04 09:0$n+00"}]'));
}
