package Triage::Fixture;

# The folders t/fixtures/<platform>/<case>: see t/fixtures/README.md.
#
#   for my $case (fixtures('facebook')) {
#       $case->{name}; $case->{platform}; $case->{dir};
#       $case->{body};       # bytes, undef for a request without
#       $case->{method}; $case->{path}; $case->{query}; $case->{headers};
#       $case->{reply};      # {status, type, body} or undef
#   }

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);

our @EXPORT = qw(fixtures fixture_platforms fixture_options fixture_signature
    fixture_file);

my $root = abs_path(dirname(abs_path(__FILE__)) . '/../../fixtures');

sub fixture_platforms {
    return sort map { basename($_) } grep { -d } glob "$root/*";
}

sub fixtures {
    my ($platform) = @_;

    return map { load($platform, $_) }
        sort grep { -d } glob "$root/$platform/*";
}

# The bytes of a file of a case, or of its platform; undef without either.
sub fixture_file {
    my ($case, $name) = @_;

    return content("$case->{dir}/$name")
        // content(dirname($case->{dir}) . "/$name");
}

sub content {
    my ($path) = @_;

    open my $file, '<:raw', $path or return undef;
    local $/;
    return scalar(<$file>) // '';
}

sub lines {
    my ($content) = @_;

    return grep { length } split /\n/, $content // '';
}

sub load {
    my ($platform, $dir) = @_;
    my %case = (
        platform => $platform,
        name     => basename($dir),
        dir      => $dir,
        body     => content("$dir/body"),
    );
    my $request = content("$dir/request") // "POST /hooks/$platform\n";
    my ($line, @headers) = lines($request);

    ($case{method}, my $target) = split / /, $line, 2;
    ($case{path}, $case{query}) = split /\?/, $target, 2;
    $case{headers} = \@headers;

    if (defined(my $reply = content("$dir/reply"))) {
        my ($status, $type, undef, $body) = split /\n/, $reply, 4;

        $case{reply} = { status => $status, type => $type // '',
            body => $body // '' };
    }

    return \%case;
}

# What `triage parse`, `verify` and `deliver` have to be told.
sub fixture_options {
    my ($case, $needs_url) = @_;
    my @options = map { ('--header', $_) } @{ $case->{headers} };

    for my $name ('secret', 'token') {
        my ($path) = grep { -e } "$case->{dir}/$name",
            dirname($case->{dir}) . "/$name";
        push @options, "--$name", $path if defined $path;
    }

    my ($account) = lines(fixture_file($case, 'account'));
    my ($url)     = lines(fixture_file($case, 'url'));
    my ($now)     = lines(fixture_file($case, 'now'));

    push @options, '--account', $account if defined $account;
    push @options, '--now', $now // 1767258060;
    push @options, '--url', $url // "https://hooks.example.com$case->{path}"
        . (defined $case->{query} ? "?$case->{query}" : '');
    push @options, map { ('--brand-id', $_) }
        lines(fixture_file($case, 'brand_ids'));
    push @options, map { ('--option', option($case, $_)) }
        lines(fixture_file($case, 'options'));
    push @options, '--options', "$case->{dir}/custom"
        if -e "$case->{dir}/custom";

    return @options;
}

# "name=@file" names a file of the platform's folder.
sub option {
    my ($case, $option) = @_;
    my $dir = dirname($case->{dir});

    $option =~ s{=\@(?!/)}{=\@$dir/};
    return $option;
}

# The header options that make the body genuine, and the arguments that the
# signature adds to the query, out of what `triage deliver --print` shows.
sub fixture_signature {
    my ($printed, $case) = @_;
    my ($head) = split /\r\n\r\n/, $printed // '', 2;
    my ($line, @headers) = split /\r\n/, $head // '';
    my ($target) = ($line // '') =~ m{^\S+ (\S+) HTTP};
    my (undef, $query) = split /\?/, $target // '', 2;
    my %given = map { lc(s/:.*//sr) => 1 } @{ $case->{headers} };

    @headers = grep {
        my $name = lc(s/:.*//sr);
        $name !~ /^(?:host|content-type|content-length|connection|user-agent)$/
            && !$given{$name};
    } @headers;

    return { headers => \@headers, query => $query };
}

1;
