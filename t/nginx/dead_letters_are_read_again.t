#!/usr/bin/perl
# A delivery that the database refused is a dead letter with the headers that
# its platform's parser reads: read again, it is filed as it would have been.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP qw(encode_json);

use Triage::Site;

my $site = Triage::Site->new(server => <<'END');
        location = /hooks/discourse {
            triage discourse;
            triage_brand acme;
            triage_secret %dir%/secret;
        }
        location = /hooks/custom {
            triage custom;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_options {
                signature hmac-sha256;
                signature_from header:X-Signature;
                message_id header:X-Message;
                text /words;
                audience private;
            }
        }
END
my $nginx    = $site->nginx;
my $postgres = $site->postgres;
$nginx->start;

sub post_of {
    my ($id, $words) = @_;
    return encode_json({ post => {
        id         => $id,
        topic_id   => 7,
        post_number => 2,
        username   => 'ann',
        raw        => $words,
        cooked     => "<p>$words</p>",
        created_at => '2026-05-04T09:00:00.000Z',
        updated_at => '2026-05-04T09:00:00.000Z',
    } });
}

sub discourse {
    my ($event, $id, $body) = @_;
    return $nginx->post('/hooks/discourse', $body,
        'X-Discourse-Event-Signature' => 'sha256='
            . hmac_sha256_hex($body, $site->secret),
        'X-Discourse-Event'    => $event,
        'X-Discourse-Event-Id' => $id,
        'X-Discourse-Instance' => 'https://forum.example',
        'X-Other'              => 'nobody reads it',
    )->{status};
}

sub custom {
    my ($id, $body) = @_;
    return $nginx->post('/hooks/custom', $body,
        'X-Signature' => hmac_sha256_hex($body, $site->secret),
        'X-Message'   => $id)->{status};
}

sub rows {
    return $postgres->psql(q{
        select kind, account, event_id, message_id from triage_data.message
         order by platform, message_id});
}

# As it is filed when all is well.
is(discourse('post_destroyed', 'e-1', post_of(1, 'gone')), 200, 'a delivery');
my $well = rows();
$postgres->psql('truncate triage_data.message, triage_data.delivery,
    triage_data.conversation');

$postgres->psql(q{
    create function public.refuse() returns trigger language plpgsql
    as $$ begin raise 'not today' using errcode = '22000'; end $$;
    create trigger refuse before insert on triage_data.message
    for each row execute function public.refuse()});
is(discourse('post_destroyed', 'e-1', post_of(1, 'gone')), 200,
    'one that the database refuses');
is(custom('m-1', '{"words":"Where is it?"}'), 200, 'and another');
is($postgres->psql('select headers from triage.dead_letter order by platform'),
    "X-Message: m-1\n\nX-Discourse-Event: post_destroyed\n"
    . "X-Discourse-Event-Id: e-1\n"
    . "X-Discourse-Instance: https://forum.example\n",
    'are dead letters, with the headers that are read');

$postgres->psql('drop trigger refuse on triage_data.message');
$postgres->psql('select triage.dead_letter_replay(dead_letter_id)
    from triage.dead_letter');
$nginx->wait_until(sub {
    $postgres->psql(q{select count(*) from triage.dead_letter
        where state = 'replayed'}) == 2;
}, 'both to be read again');
my @rows = split /\n/, rows();
is($rows[1], $well, 'it is filed as it would have been');
like($rows[0], qr/\|m-1$/, 'and so is what options describe');

done_testing();
