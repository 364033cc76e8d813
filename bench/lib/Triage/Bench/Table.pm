package Triage::Bench::Table;

# Figures of several rounds, the tables that are committed, and the small
# change of reading and writing.

use strict;
use warnings;

use Exporter qw(import);
use List::Util qw(max min);

our @EXPORT_OK = qw(median figure content output_of write_file write_table
    read_table);

# The lower one of an even number: it was measured.
sub median {
    my @sorted = sort { $a <=> $b } grep { defined } @_;
    return @sorted ? $sorted[ $#sorted / 2 ] : undef;
}

# Median, least and most of a field of several runs; empty without it.
sub figure {
    my ($field, @runs) = @_;
    my @values = grep { defined } map { $_->{$field} } @runs;
    return @values ? (median(@values), min(@values), max(@values)) : ();
}

sub output_of {
    return scalar qx(@{[ join ' ', map { quotemeta } @_ ]});
}

sub content {
    my ($path) = @_;
    open my $file, '<', $path or die "cannot read $path: $!\n";
    local $/;
    return <$file>;
}

sub write_file {
    my ($path, $content) = @_;
    open my $file, '>', $path or die "cannot write $path: $!\n";
    print {$file} $content or die "cannot write $path: $!\n";
    close $file or die "cannot write $path: $!\n";
}

# Columns, then rows as hashes; what a row does not have is empty.
sub write_table {
    my ($path, $columns, @rows) = @_;
    write_file($path, join '', map { join("\t", @$_) . "\n" } $columns,
        map { my $row = $_; [ map { $row->{$_} // '' } @$columns ] } @rows);
}

sub read_table {
    my ($path) = @_;
    my ($head, @lines) = split /\n/, content($path);
    my @columns = split /\t/, $head;

    return map {
        my %row;
        @row{@columns} = split /\t/, $_, -1;
        \%row;
    } @lines;
}

1;
