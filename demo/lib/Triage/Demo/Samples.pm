package Triage::Demo::Samples;

# What `make run` delivers: the cases of t/fixtures that are marked `sample`,
# moved in time as if they were written just now.

use strict;
use warnings;

use Exporter qw(import);
use POSIX qw(strftime);
use Time::Local qw(timegm);
use Triage::Fixture;

our @EXPORT = qw(settings_of places_of samples_of);

my $apart    = 40;             # seconds between the samples of two platforms
my $step     = 7;              # and between two samples of one
my $earliest = 1_600_000_000;  # what is taken for a time of a sample
my $latest   = 2_000_000_000;

my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
my %month  = map { $months[$_] => $_ } 0 .. 11;

# What the location of a platform and the signer of its samples are told.
sub settings_of {
    my ($name) = @_;
    my %case = (dir => "$FindBin::Bin/../t/fixtures/$name/none");
    my %settings;

    for my $kind (qw(secret token)) {
        my @keys = grep { !/^#/ } lines_of(\%case, $kind);
        $settings{$kind} = join '', map { "$_\n" } @keys if @keys;
    }
    ($settings{account}) = lines_of(\%case, 'account');
    $settings{brand_ids} = [lines_of(\%case, 'brand_ids')];
    $settings{options} = [
        map { Triage::Fixture::option(\%case, $_) }
        lines_of(\%case, 'options')
    ];
    return \%settings;
}

# The locations of a platform: { path, options }, the options as in
# nginx.conf.  A sample that has options of its own has its own location.
sub places_of {
    my ($platform) = @_;
    my %places;

    # `signer` is the private key that only the platform has
    my $shared = join '', map { "$_->[0] \"$_->[1]\";\n" }
        map { [split /=/, $_, 2] }
        grep { !/^signer=/ } @{ $platform->{options} };

    for my $case (cases_of($platform)) {
        next unless -e "$case->{dir}/custom";
        $places{ path_of($platform, $case) } //=
            Triage::Fixture::content("$case->{dir}/custom");
    }
    $places{"/hooks/$platform->{name}"} //= $shared;

    return map { { path => $_, options => $places{$_} } } sort keys %places;
}

sub cases_of {
    my ($platform) = @_;

    return grep { -e "$_->{dir}/sample" } fixtures($platform->{name});
}

# The first of the samples with options of their own has the platform's path,
# unless it brings one.
sub path_of {
    my ($platform, $case) = @_;
    my $usual = "/hooks/$platform->{name}";

    return $case->{path}
        if $case->{path} ne $usual || !-e "$case->{dir}/custom";
    my ($first) = grep { $_->{path} eq $usual && -e "$_->{dir}/custom" }
        cases_of($platform);
    return $first->{name} eq $case->{name} ? $usual : "$usual/$case->{name}";
}

sub lines_of {
    my ($case, $name) = @_;

    return Triage::Fixture::lines(fixture_file($case, $name));
}

# The samples of a platform: { dir, target, headers, options, body }, the
# options as words for `triage deliver`.  In the order in which they were
# written, the latest before $start, and the samples of the next platform
# ($i + 1) a little earlier.
sub samples_of {
    my ($platform, $start, $i) = @_;
    my %last = map { ($_->{name} => last_time($_)) } cases_of($platform);
    my @cases = sort { $last{ $b->{name} } <=> $last{ $a->{name} }
            || $a->{name} cmp $b->{name} } cases_of($platform);
    my $at = $start - $apart * ($i + 1);

    return reverse map {
        {
            dir     => $_->{dir},
            headers => $_->{headers},
            target  => path_of($platform, $_)
                . (defined $_->{query} ? "?$_->{query}" : ''),
            options => [
                (map { ('--option', $_) } @{ $platform->{options} }),
                -e "$_->{dir}/custom"
                ? ('--options', "$_->{dir}/custom")
                : ()
            ],
            body => moved($_, ($at -= $step) - $last{ $_->{name} }),
        }
    } @cases;
}

# 0 for a sample without any time.
sub last_time {
    my ($case) = @_;
    my $last = 0;

    each_time($case, sub { $last = $_[0] if $_[0] > $last; return $_[0] });
    return $last;
}

sub moved {
    my ($case, $shift) = @_;

    return each_time($case, sub { return $_[0] + $shift });
}

# The body with each time in it, whatever its form, given to $change in
# seconds and replaced by what that returns.
sub each_time {
    my ($case, $change) = @_;
    my $body = $case->{body};
    my $change_number = sub {
        my ($number, $rest) = @_;
        return $number . $rest if $number < $earliest || $number > $latest;
        return $change->($number) . $rest;
    };

    # 1767258060, 1767258060123, "1767258060.000200"
    $body =~ s/(?<![\w.+-])(\d{10})((?:\d{3}|\.\d+)?)(?!\w)/
        $change_number->($1, $2)/gex;
    # 2026-01-01T09:00:59.000Z, 2026-01-01+09%3A00%3A59, with -08:00
    $body =~ s/\b(20\d\d)-(\d\d)-(\d\d)([T\ +])
               (\d\d)(:|%3A)(\d\d)(?:\6)(\d\d)
               (?=(?:\.\d+)?(?:([+-])(\d\d):(\d\d))?)/
        my $ahead = defined $9 ? "${9}60" * ($10 * 60 + $11) : 0;
        iso_time($4, $6, $change->(
            timegm($8, $7, $5, $3, $2 - 1, $1) - $ahead) + $ahead)/gex;
    # Thu Jan 01 09:00:59 +0000 2026
    $body =~ s/\b[A-Z]\w\w\ ([A-Z]\w\w)\ (\d\d)\ (\d\d):(\d\d):(\d\d)
               \ \+0000\ (20\d\d)\b/
        exists $month{$1} ? date_of_x($change->(
            timegm($5, $4, $3, $2, $month{$1}, $6))) : $&/gex;
    # Discord's ids are times
    $body =~ s/("id":")(\d{19})(","token")/
        $1 . id_of_discord($2, $change) . $3/gex
        if $case->{platform} eq 'discord';

    return $body;
}

# Milliseconds since 2015 above 22 other bits.
sub id_of_discord {
    my ($id, $change) = @_;
    my $epoch = 1_420_070_400;
    my $time  = int(($id >> 22) / 1000) + $epoch;

    return $id + (($change->($time) - $time) * 1000 << 22);
}

sub iso_time {
    my ($blank, $colon, $time) = @_;

    return strftime("%Y-%m-%d$blank%H", gmtime $time)
        . strftime($colon =~ s/%/%%/r . '%M', gmtime $time)
        . strftime($colon =~ s/%/%%/r . '%S', gmtime $time);
}

sub date_of_x {
    my @at = gmtime $_[0];

    return sprintf '%s %s %02d %02d:%02d:%02d +0000 %d',
        (qw(Sun Mon Tue Wed Thu Fri Sat))[$at[6]], $months[$at[4]],
        @at[3, 2, 1, 0], $at[5] + 1900;
}

1;
