# What no platform would send, signed all the same: nothing crashes, hangs or
# eats memory, and every body is either read or a dead letter.
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Time::HiRes qw(time);
use Triage::Fixture;
use Triage::Tool;

my $seconds_at_most = $ENV{TRIAGE_SLOW} // 20; # a sanitizer is slow

my $deep  = 100_000;
my $long  = 4 * 1024 * 1024;
my $words = 'a' x $long;

my %hostile = (
    'nothing'                => '',
    'blanks'                 => " \r\n\t",
    'a NUL'                  => "\0",
    'an empty array'         => '[]',
    'an empty object'        => '{}',
    'null'                   => 'null',
    'a number'               => '17',
    'a string'               => '"words"',
    'arrays without end'     => '[' x $deep,
    'nested arrays'          => '[' x $deep . ']' x $deep,
    'nested objects'         => '{"entry":' x $deep . '1' . '}' x $deep,
    'nested in a field'      => '{"object":"page","entry":' . '[' x $deep
        . ']' x $deep . '}',
    'a long string'          => qq({"object":"$words"}),
    'a long name'            => qq({"$words":1}),
    'a string without end'   => qq({"object":"$words),
    'a string of NULs'       => '{"object":"' . '\u0000' x 100_000 . '"}',
    'a string of surrogates' => '{"object":"' . '\ud83d' x 100_000 . '"}',
    'bytes that are no text' => pack('C*', 0 .. 255) x 64,
    'only a byte order mark' => "\xEF\xBB\xBF",
    'digits without end'     => '{"object":' . '9' x $long . '}',
    'an exponent'            => '{"object":1e400,"entry":-1e-400}',
    'many empty items'       => '{"object":"page","entry":['
        . join(',', ('{}') x 50_000) . ']}',
    'many names'             => '{'
        . join(',', map {qq("n$_":$_)} 1 .. 50_000) . '}',
    'a form'                 => 'a=b&c=%00%ff%',
    'xml'                    => '<?xml version="1.0"?><a><b/></a>',
    'xml that grows'         => '<!DOCTYPE a [<!ENTITY b "'
        . 'c' x 1000 . '"><!ENTITY d "' . '&b;' x 1000
        . '">]><a>&d;</a>',
);

# Every value of a body replaced, one after the other, by one of another form.
sub mutants {
    my ($body) = @_;
    my $json = JSON::PP->new->utf8->canonical->allow_nonref->allow_bignum;
    my $document = eval { $json->decode($body) } // return;
    my @mutants;

    for my $odd ('null', '[]', '{}', '[[]]', '""', '"\u0000"', '-1', 'true',
        '1e400', '99999999999999999999', '[{"id":7}]', '{"data":{}}')
    {
        push @mutants, $json->encode(replaced($document, 'ODD'));
        $mutants[-1] =~ s/"ODD"/$odd/g;
    }
    return @mutants;
}

# One level deeper each time would be thousands: leaves only, all at once, and
# each member of the first objects alone.
sub replaced {
    my ($value, $odd) = @_;

    return { map { $_ => replaced($value->{$_}, $odd) } keys %{$value} }
        if ref $value eq 'HASH';
    return [map { replaced($_, $odd) } @{$value}] if ref $value eq 'ARRAY';
    return $odd;
}

# Each member anywhere replaced alone.
sub each_member {
    my ($body, $odd) = @_;
    my @bodies;

    while ($body =~ /"[^"\\]*"\s*:\s*/g) {
        my ($head, $tail) = (substr($body, 0, pos $body),
            substr($body, pos $body));
        my $rest = $tail;

        next unless $rest =~ s/^("(?:[^"\\]|\\.)*"|[-\w.+]+|\[\s*\]|\{\s*\})//
            or $rest =~ s/^(\{(?:[^{}]++|(?1))*\}|\[(?:[^\[\]]++|(?1))*\])//;
        push @bodies, $head . $odd . $rest;
    }
    return @bodies;
}

sub survives {
    my ($platform, $what, $body, $options) = @_;
    my $began = time;
    my $run = triage({ in => $body }, 'parse', $platform, @{$options});
    my $took = time - $began;

    if ($run->{status} !~ /^[02]$/ || $took > $seconds_at_most) {
        fail("$what: exit $run->{status} after $took s");
        diag($run->{err});
        return 0;
    }
    return 1;
}

my @only = split ' ', $ENV{TRIAGE_ONLY} // '';
my %known = map { (split)[0] => 1 } @{ triage('platforms')->{lines} };

for my $platform (grep { $known{$_} } fixture_platforms()) {
    next if @only && !grep { $_ eq $platform } @only;

    subtest $platform => sub {
        my @cases = grep { defined $_->{body} } fixtures($platform);
        my ($case) = ((grep { -e "$_->{dir}/sample" } @cases), @cases);
        my @options = fixture_options($case);
        my ($tried, $survived) = (0, 0);

        for my $what (sort keys %hostile) {
            $tried++;
            $survived += survives($platform, $what, $hostile{$what},
                \@options);
        }

        for my $body (mutants($case->{body}),
            map { each_member($case->{body}, $_) } '[]', '{"id":{}}')
        {
            $tried++;
            $survived += survives($platform, substr($body, 0, 60), $body,
                \@options);
        }

        cmp_ok($tried, '>', 20, 'bodies were tried');
        is($survived, $tried, "all $tried were read or are dead letters");
    };
}

done_testing();
