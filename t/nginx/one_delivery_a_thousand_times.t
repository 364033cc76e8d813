#!/usr/bin/perl
# The same delivery a thousand times at once, over several workers and links,
# is one message; so is the same message in other deliveries.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json encode_json);
use Test::More;

use Triage::Site;

my $site = Triage::Site->new(workers => 2, database => 'connections=3')->start;
my $body = $site->comment(1, 'I am stranded at the airport!');

my $report = $site->finish_load($site->start_load(count => 1000,
    concurrency => 64, body => $body));
is($report->{statuses}{200}, 1000, 'each is acknowledged') or diag $report->{text};
is($site->messages, 1, 'one message');
is($site->postgres->psql('select contacts from triage.inbox'), 1,
    'one contact of one conversation');

my ($source) = @{ $site->status->{sources} };
is($source->{messages},   1000, 'the status has seen it as often as it came');
is($source->{duplicates}, 999,  'and knows all but one for duplicates');

# the same conversation, hot: a thousand messages of one customer
my $hot = decode_json($site->comment('{n}', 'And another thing.'));
$hot->{entry}[0]{changes}[0]{value}{from}{id} = '77_1';
$report = $site->finish_load($site->start_load(count => 1000,
    concurrency => 64, body => encode_json($hot), first => 100));
is($report->{statuses}{200}, 1000, 'a thousand messages of one customer')
    or diag $report->{text};
is($site->messages, 1001, 'are all kept');
is($site->postgres->psql('select count(*) from triage.inbox'), 1,
    'in one conversation');
is($site->postgres->psql('select contacts from triage.inbox'), 1001,
    'that counts them');
is($site->status->{store}{poisoned}, 0, 'none was refused');
unlike($site->nginx->error_log, qr/\[(?:error|crit|alert|emerg)\]/, 'no error');

done_testing();
