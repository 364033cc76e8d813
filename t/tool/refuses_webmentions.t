# Anybody may send a Webmention: what is none, or none of ours, is refused
# before anything is stored.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Tool;

my %refused = (
    'the target is not ours' =>
        'source=https://a.example/&target=https://b.example/',
    'the source is the target' =>
        'source=https://blog.example/&target=https://blog.example/',
    'no target'       => 'source=https://a.example/',
    'no source'       => 'target=https://blog.example/',
    'no host'         => 'source=https:///x&target=https://blog.example/',
    'a relative path' => 'source=/etc/passwd&target=https://blog.example/',
    'a script' =>
        'source=javascript:alert(1)&target=https://blog.example/',
    'our host in the user part' =>
        'source=https://a.example/&target=https://blog.example@b.example/',
    'our host as a prefix' =>
        'source=https://a.example/&target=https://blog.example.b.example/',
    'nothing' => '',
);
my @ours = ('--account', 'blog.example');

for my $what (sort keys %refused) {
    my $run = triage({ in => $refused{$what} }, 'verify', 'webmention',
        @ours);

    is($run->{status}, 1, "refused: $what");
}

my $run = triage({ in => 'source=http://a.example/b&target='
        . 'https://Blog.example/c%3Fd' }, 'verify', 'webmention', @ours);
is($run->{status}, 0, 'a mention of ours is taken') or diag($run->{err});

done_testing();
