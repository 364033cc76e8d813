# A platform is a row, a file, fixtures, expectations and a page: all of them,
# and no more of one than of the others.
use strict;
use warnings;

use File::Basename qw(basename);
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Triage::Fixture;
use Triage::Tool;

my $root = "$FindBin::Bin/..";

# `custom` reads what its options say, so it has no facts of a vendor's own.
my %headings_of_its_own = map { $_ => 1 } qw(custom);

sub content {
    my ($path) = @_;

    return Triage::Fixture::content("$root/$path") // '';
}

sub page_of {
    my ($platform) = @_;

    return "docs/platforms/$platform.md";
}

sub headings {
    my ($path) = @_;

    return [content($path) =~ /^## (.+?)\s*$/mg];
}

sub symbol {
    my ($platform) = @_;

    return 'triage_platform_' . $platform =~ tr/-/_/r;
}

my @rows = map { (split)[0] } @{ triage('platforms')->{lines} };
my %row = map { $_ => 1 } @rows;
my $header = content('src/platform/platforms.h');
my $summary = content('docs/platforms/README.md');
my $model = headings('docs/platforms/facebook.md');

cmp_ok(scalar @rows, '>', 0, 'there are platforms');
is_deeply(\@rows, [sort @rows], 'in the order of the alphabet');

for my $platform (@rows) {
    subtest $platform => sub {
        my $symbol = symbol($platform);
        my $file = 'src/platform/' . $platform =~ tr/-/_/r . '.c';

        like(content($file), qr/^const triage_platform_t $symbol\b/m,
            "$file defines it");
        like($header, qr/^extern const triage_platform_t $symbol;$/m,
            'platforms.h declares it');

        my @cases = fixtures($platform);
        ok((grep { defined $_->{body} } @cases), 'there are fixtures');
        ok((grep { -e "$_->{dir}/sample" } @cases), 'one is a sample');

        my $page = page_of($platform);
        my $name = quotemeta $platform;
        ok(-s "$root/$page", "$page describes it");
        like(content($page), qr/^\s+triage\s+$name;/m,
            'and shows its location');
        is_deeply(headings($page), $model, 'under the usual headings')
            unless $headings_of_its_own{$platform};
        like($summary, qr/^\| \[?`?$name\b/m,
            'docs/platforms/README.md has a row');
    };
}

my %page = map { page_of($_) => 1 } @rows;
my %symbol = map { symbol($_) => 1 } @rows;

is_deeply([grep { !$row{$_} } fixture_platforms()], [],
    'fixtures are of platforms');
is_deeply([
        grep { !$page{$_} && !m{/README\.md$} }
        map { 'docs/platforms/' . basename($_) } glob "$root/docs/platforms/*.md"
    ], [], 'pages are of platforms');
is_deeply([grep { !$symbol{$_} } $header =~ /\b(triage_platform_\w+);/g], [],
    'platforms.h declares platforms');
is_deeply([
        grep { !$symbol{$_} }
        map { content('src/platform/' . basename($_))
                =~ /^const triage_platform_t (\w+)/mg }
            glob "$root/src/platform/*.c"
    ], [], 'what is defined has a row');

done_testing();
