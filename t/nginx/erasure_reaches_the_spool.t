#!/usr/bin/perl
# Who is erased while deliveries wait in the spool is not brought back when
# it is drained; who shares the spool with them is.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(
    database => 'timeout=500ms',
    http     => 'triage_spool %dir%/spool max_size=64m;',
);
my $nginx    = $site->nginx;
my $postgres = $site->postgres;

mkdir $nginx->dir . '/spool';
chown +(getpwnam 'nobody')[2, 3], $nginx->dir . '/spool' if $> == 0;
$nginx->start;

is($site->deliver($site->comment('bea-1', 'Bea was here'))->{status}, 200,
    'filed at once');
$postgres->stop('immediate');
is($site->deliver($site->comment($_, "words of $_",
        from => { id => "77_$_", name => "Name-of-$_" }))->{status}, 200,
    "$_: into the spool") for qw(bea cat);
is($site->deliver('{"object":"page","id":"77_bea",')->{status}, 200,
    'so does what cannot be read');
$nginx->stop;

$postgres->start;
like(spooled(), qr/words of bea/, 'the spool has the words');
is($postgres->psql(q(select triage.erase('facebook', '77_bea'))), 0,
    'the database knows nothing of her yet');
$nginx->start;
$nginx->wait_until(sub { $site->messages == 3 && spooled() !~ /words of/ },
    'the spool to drain');

is($postgres->psql(q(select string_agg(text, ',' order by text)
    from triage_data.message)), 'Bea was here,words of cat',
    'her words did not come');
is($postgres->psql(q(select string_agg(author_name, ',' order by author_name)
    from triage_data.message)), 'Ann,Name-of-cat', 'nor her name');
is($postgres->psql(q(select count(*) from triage_data.delivery
    where raw like '%words of bea%')), 0, 'nor her bytes');
is($postgres->psql('select count(*) from triage.dead_letter'), 0,
    'nor a dead letter that names her');
is($postgres->psql('select messages from triage.erasure'), 1, 'it is told');
is($site->deliver($site->comment('bea', 'words of bea'))->{status}, 200,
    'a redelivery');
is($postgres->psql(q(select count(*) from triage_data.message
    where text = 'words of bea')), 0, 'brings nothing back');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alarm');

done_testing();

# What is in the segments.
sub spooled {
    return join '', map { Triage::Nginx::_content($_) }
        glob $nginx->dir . '/spool/*';
}
