package Triage::Demo::Table;

# The inbox as a table for people.

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();

our @EXPORT = qw(inbox_table);

my $least  = 100;
my $widest = 160;
my @columns = ( # name, width; the last two share what is left
    ['queue', 8], ['due', 10], ['urg', 3], ['vis', 3], ['platform', 15],
    ['from', 16], ['says', 0], ['because', 0],
);

sub inbox_table {
    my ($postgres, $width) = @_;
    my $rows = JSON::PP->new->utf8->decode($postgres->psql(<<'END'));
select coalesce(json_agg(row order by row.due_at), '[]')
  from (select queue, extract(epoch from due_at - triage.now())::int as due,
               round(urgency::numeric) as urgency,
               round(visibility::numeric) as visibility, platform, due_at,
               coalesce(author_name, author_handle, author_id, '') as author,
               coalesce(text, '') as text, to_json(reasons) as reasons
          from triage.inbox) as row
END
    $width = $least  if $width < $least;
    $width = $widest if $width > $widest;
    my @widths = widths($width);
    my @table  = map { cells($_) } @$rows;

    return join '', map { line($_, @widths) }
        [map { $_->[0] } @columns], [map { '-' x $_ } @widths], @table;
}

sub widths {
    my ($width) = @_;
    my @widths = map { $_->[1] } @columns;
    my $left = $width - 2 * $#columns;

    $left -= $_ for @widths;
    $widths[-2] = int $left * 0.6;
    $widths[-1] = $left - $widths[-2];
    return @widths;
}

sub cells {
    my ($row) = @_;
    my $reasons = $row->{reasons};

    $reasons = join ', ', map { ref $_ ? $_->{signal} // '' : $_ } @$reasons
        if ref $reasons eq 'ARRAY';
    return [
        $row->{queue}, due($row->{due}), $row->{urgency},
        $row->{visibility}, $row->{platform}, $row->{author}, $row->{text},
        $reasons // '',
    ];
}

sub due {
    my ($seconds) = @_;
    my $minutes = int abs($seconds) / 60;
    my $shown =
          $minutes >= 48 * 60 ? int($minutes / 1440) . ' d'
        : $minutes >= 120     ? int($minutes / 60) . ' h'
        :                       "$minutes min";

    return $seconds < 0 ? "$shown ago" : $shown;
}

sub line {
    my ($cells, @widths) = @_;
    my @padded = map { fit($cells->[$_] // '', $widths[$_]) } 0 .. $#widths;

    return join('  ', @padded) =~ s/\s+$//r . "\n";
}

# Cut or filled to so many columns; wide letters take two, marks none.
sub fit {
    my ($text, $width) = @_;
    my ($shown, $used) = ('', 0);

    $text =~ s/[\p{Cc}\p{Zl}\p{Zp}\s]+/ /g;
    $text =~ s/[\p{Cf}]//g; # nobody turns our table around
    for my $letter ($text =~ /\X/g) {
        my $takes = $letter =~ /\p{EA=W}|\p{EA=F}/ ? 2 : 1;
        last if $used + $takes > $width;
        $shown .= $letter;
        $used += $takes;
    }
    return $shown . ' ' x ($width - $used);
}

1;
