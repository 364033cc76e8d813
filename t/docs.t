#!/usr/bin/perl
# Links in the pages lead somewhere, decisions are all in their index, the
# CHANGELOG names each directive, and operations.md each line of the log that
# the store writes.
use strict;
use warnings;

use File::Basename qw(dirname);
use FindBin;
use Test::More;

chdir "$FindBin::Bin/..";

sub content {
    my ($path) = @_;
    open my $file, '<:encoding(UTF-8)', $path or die "$path: $!";
    local $/;
    return <$file>;
}

# As GitHub makes them of headings.
sub anchors {
    my ($path) = @_;
    my (%count, %anchor);
    for (content($path) =~ /^#+ (.*)$/mg) {
        my $anchor = lc;
        $anchor =~ s/[^\w\- ]//g;
        $anchor =~ s/ /-/g;
        my $n = $count{$anchor}++;
        $anchor{ $n ? "$anchor-$n" : $anchor } = 1;
    }
    return \%anchor;
}

my @pages = grep { -f } qw(README.md CONTRIBUTING.md CHANGELOG.md),
    glob('docs/*.md docs/*/*.md src/*/README.md t/*/README.md bench/*/README.md');
my @dead;
for my $page (@pages) {
    my $text = content($page);
    $text =~ s/^```.*?^```//msg;
    for my $link ($text =~ /\]\(([^)\s]+)\)/g) {
        next if $link =~ /^\w+:/;
        my ($path, $anchor) = split /#/, $link, 2;
        my $target = $path eq '' ? $page : dirname($page) . "/$path";
        push @dead, "$page: $link"
            if !-e $target || (defined $anchor && !anchors($target)->{$anchor});
    }
}
is(join("\n", @dead), '', 'no dead link in ' . @pages . ' pages');

my $index = content('docs/decisions/README.md');
my @missing = grep { index($index, "($_)") < 0 }
    map { s{.*/}{}r } glob 'docs/decisions/[0-9]*.md';
is("@missing", '', 'the index lists each decision');

my $changelog = content('CHANGELOG.md');
my $table = content('ngx_module/ngx_http_triage_directives.c');
is(join(' ', grep { $changelog !~ /`$_`/ } $table =~ /\{ ngx_string\("(triage\w*)"\)/g),
    '', 'the CHANGELOG names each directive');

# A literal behind a level, or what a connect came to.
my $operations = content('docs/operations.md');
my @untold;
for my $file (glob 'src/store/*.c') {
    my $code = content($file);
    for my $literal ($code =~ /(?:TRIAGE_REPORT_\w+,|fail_connect\(link,|not_ready\[\] =)
                               \s*((?:"[^"]*"\s*)+)/gx) {
        my $line = join '', $literal =~ /"([^"]*)"/g;
        my ($start) = $line =~ /^([\w' ]{1,28})/;
        push @untold, "$file: $line" if index($operations, $start) < 0;
    }
}
is(join("\n", @untold), '', 'operations.md tells what each line of the store means');

done_testing();
