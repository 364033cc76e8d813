#!/usr/bin/perl
# Who may include whom, who owns which foreign library, and that the build
# file names every part: the rules that keep the stations apart.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/..";

# the stations in the order of a delivery; each may see those before it
my %sees = (
    base     => [],
    desk     => [qw(base)],
    message  => [qw(base)],
    platform => [qw(base message)],
    score    => [qw(base message)],
    route    => [qw(base message score)],
    intake   => [qw(base message platform score route)],
    wait     => [qw(base)],
    store    => [qw(base message score route wait)],
    tool     => [qw(base message platform score route intake store)],
);

# the only files that may include a foreign header
my %owners = (
    'jansson\.h' => qr{^src/base/json\.c$},
    'openssl/'   => qr{^src/base/(?:digest|jwt|cipher)\.c$},
    'expat\.h'   => qr{^src/base/xml\.c$},
    'libpq-fe\.h|libpq/|postgres' => qr{^src/(?:store|tool)/},
    'linear\.h'  => qr{^src/tool/},
    'ngx_'       => qr{^ngx_module/},
);

sub includes {
    my ($file) = @_;
    open my $handle, '<', $file or die "$file: $!";
    return map { /^\s*#\s*include\s+([<"][^>"]+)/ ? $1 : () } <$handle>;
}

# What is wrong with one include of one file; undef when nothing is.
sub complaint {
    my ($file, $include) = @_;
    my ($mark, $path) = $include =~ /^([<"])(.*)/;

    for my $header (keys %owners) {
        return "$file includes $path"
            if $path =~ /^(?:$header)/ && $file !~ $owners{$header};
    }
    return if $mark eq '<' || $file !~ m{^src/(\w+)/};

    my $station = $1;
    return if $path !~ m{/};
    my ($seen) = $path =~ m{^\.\./(\w+)/[\w-]+\.[ch]$};
    return "$file includes $path: not ../station/file.h" unless $seen;
    return "$file includes $path: $station must not see $seen"
        unless grep { $_ eq $seen } @{ $sees{$station} };
    return;
}

# the rules notice what they are there for
for my $planted (
    [ 'src/score/a.c',    '"../platform/platform.h' ],
    [ 'src/platform/a.c', '"../score/scorer.h' ],
    [ 'src/base/a.c',     '"../message/message.h' ],
    [ 'src/store/a.c',    '<ngx_core.h' ],
    [ 'src/platform/a.c', '<jansson.h' ],
    [ 'src/platform/a.c', '<openssl/hmac.h' ],
    [ 'src/intake/a.c',   '<libpq-fe.h' ],
    [ 'src/route/a.c',    '"../../ngx_module/ngx_http_triage.h' ],
) {
    ok(complaint(@$planted), "noticed: $planted->[0] $planted->[1]");
}
ok(!complaint('src/route/a.c', '"../score/scorer.h'), 'allowed: route, score');
ok(!complaint('src/route/a.c', '"router.h'),          'allowed: a sibling');

my @sources = sort glob 'src/{' . join(',', keys %sees) . '}/*.[ch]';
my @wrong = map {
    my $file = $_;
    grep { defined } map { complaint($file, $_) } includes($file)
} @sources, glob 'ngx_module/*.[ch]';
is(join("\n", @wrong), '', 'nobody includes what they must not see');

my @ngx;
for my $file (@sources) {
    open my $handle, '<', $file or die "$file: $!";
    while (<$handle>) {
        push @ngx, "$file:$." if /\bngx_\w/;
    }
}
is("@ngx", '', 'src/ has never heard of nginx');

my @folders = grep { -d } glob 'src/*';
is_deeply(
    [ sort map { s{src/}{}r } @folders ],
    [ sort keys %sees, 'sql' ],
    'every folder of src has a rule'
);

my %names;
push @{ $names{ $_->[1] } }, $_->[0]
    for map { m{src/(\w+)/([\w-]+\.c)$} ? [ $1, $2 ] : () }
    grep { !m{^src/tool/} } @sources;
is(join(' ', grep { @{ $names{$_} } > 1 } sort keys %names),
    '', 'no two files of src have the same name');
is(join(' ', grep { /^(?:util|common|misc|helper)s?\./ } sort keys %names),
    '', 'nor one that says nothing');

# the build file
my $config = do { open my $f, '<', 'config' or die $!; local $/; <$f> };
my ($listed) = $config =~ /^triage_parts="(.*?)"/ms;
my ($glue)   = $config =~ /^triage_glue="(.*?)"/ms;
my @parts = grep { !/^\\$/ } split ' ', $listed;
my @there = map { s{^src/|\.c$}{}gr } grep { /\.c$/ && !m{^src/tool/} } @sources;

is(join(' ', sort @parts), join(' ', sort @there),
    'config lists each part of src, and no other');
is(
    join(' ', sort grep { !/^\\$/ } split ' ', $glue),
    join(' ', sort map { s{^ngx_module/|\.c$}{}gr } glob 'ngx_module/*.c'),
    'and each file of the glue'
);

my @order = qw(base desk message platform score route intake wait store);
my %place = map { $order[$_] => $_ } 0 .. $#order;
my @places = map { $place{ (split m{/})[0] } } @parts;
is("@places", join(' ', sort { $a <=> $b } @places),
    'in the order of a delivery');

done_testing();
