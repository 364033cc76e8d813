# `triage parse`: one message a line, unreadable bodies exit 2.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use Test::More;
use Triage::Tool;

sub page_message {
    my (%over) = @_;

    return JSON::PP->new->utf8->encode({
        object => 'page',
        entry  => [{
            id        => '77',
            time      => 1700000001000,
            messaging => [{
                sender    => { id => '9007199254740993' },
                recipient => { id => '77' },
                timestamp => 1700000000123,
                message   => { mid => 'm_1', text => 'Wo ist mein Koffer?' },
                %over,
            }],
        }],
    });
}

my $run = triage({ in => page_message() }, 'parse', 'facebook', '--brand',
    'acme');
is($run->{status}, 0,  'a message is read');
is($run->{err},    '', 'nothing to say about it');
is(@{ $run->{lines} }, 1, 'one message is one line');

my ($message) = messages_of($run);
is($message->{platform},  'facebook',            'platform');
is($message->{brand},     'acme',                'brand by --brand');
is($message->{account},   '77',                  'account');
is($message->{author_id}, '9007199254740993',    'ids keep every digit');
is($message->{text},      'Wo ist mein Koffer?', 'text');
is($message->{kind},      'message',             'kind');

my @fields = qw(platform brand account message_id event_id thread_id
    parent_id author_id author_name author_handle author_followers
    author_verified kind audience text engagement language sent_at);
ok(exists $message->{$_}, "field $_ is there") for @fields;

for my $body ('', "\0", '{', 'hello', '[1', '"x"', ('[' x 100_000)) {
    $run = triage({ in => $body }, 'parse', 'facebook');
    my $shown = substr($body, 0, 8) =~ s{\0}{NUL}r;
    is($run->{status}, 2, "unreadable exits 2: '$shown'");
    like($run->{err}, qr/^triage parse: .+$/, 'with a reason');
    is($run->{out}, '', 'and no message');
}

$run = triage({ in => '{"object":"page","entry":[]}' }, 'parse', 'facebook');
is($run->{status}, 0,  'an empty batch is readable');
is($run->{out},    '', 'and has no messages');

$run = triage({ in => page_message(message => {
    mid => 'm_2', text => 'NULL' }) =~ s/NULL/a\\u0000b\\ud83dc/r },
    'parse', 'facebook');
is($run->{status}, 0, 'NUL and a lone surrogate are readable');
is((messages_of($run))[0]{text}, "a\x{fffd}b\x{fffd}c",
    'and become U+FFFD');

my $long = 'x' x 3_000_000;
$run = triage({ in => page_message(message => {
    mid => 'm_3', text => $long }) }, 'parse', 'facebook');
is($run->{status}, 0, 'megabytes of one string are readable');
is(length((messages_of($run))[0]{text}), 3_000_000, 'and complete');

open my $full, '>', '/dev/full' or plan skip_all => 'no /dev/full';
my $body = file_with(page_message());
my $tool = triage_tool();
is(system("$tool parse facebook <$body >/dev/full 2>/dev/null") >> 8, 70,
    'a full disk is an error');

done_testing();
