package Triage::Bench::Load;

# The load generator, `triage deliver`: signs each delivery and sends it.
#
#   my $load = Triage::Bench::Load->new($tool, $secret_file);
#   my $report = $load->deliver(url => $url, bodies => [$file],
#       count => 1000, connections => 64);
#
# No number of a delivery is used twice; all have eight digits, so that a body
# can take the time of its messages from them (with_times).  Dies unless every
# answer is a 200.

use strict;
use warnings;

use JSON::PP;

use Triage::Bench::Table qw(output_of);

sub new {
    my ($class, $tool, $secret) = @_;
    return bless { tool => $tool, secret => $secret, next => 79_000_000 },
        $class;
}

# A body whose messages were written a second apart from one delivery to the
# next, in 2026, as those of a backlog were.  Without it all have one deadline,
# which those of no platform have.
sub with_times {
    my ($text) = @_;
    $text =~ s/"created_time":\K\d+/17{n}/g or die "a body without a time\n";
    return $text;
}

# The numbers of deliveries that somebody else makes up.
sub take {
    my ($self, $count) = @_;
    my $first = $self->{next};

    $self->{next} += $count;
    return $first;
}

# { good, rate (a second), p50, p99, max (ms) }
sub deliver {
    my ($self, %what) = @_;
    my @command = (
        $self->{tool}, 'deliver', 'facebook', '--secret', $self->{secret},
        '--count', $what{count}, '--first', $self->take($what{count}),
        '--unique', '--json', '--concurrency', $what{connections},
        '--timeout', 60, ($what{rate} ? ('--rate', $what{rate}) : ()),
        $what{url}, @{ $what{bodies} },
    );
    my $text   = output_of(@command);
    my $report = decode_json($text);
    my $good   = $report->{statuses}{200} // 0;

    die "$what{url}: $good of $what{count} answers were 200: $text\n"
        if $good != $what{count};

    return {
        good => $good,
        rate => $good / $report->{elapsed_us} * 1e6,
        map { ($_ => $report->{"${_}_us"} / 1000) } qw(p50 p99 max),
    };
}

1;
