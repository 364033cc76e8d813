package Triage::Chaos::PowerCut;

# What a spool looks like after the power went: plays the logs of
# powercut.c backwards.  Nobody may use the spool meanwhile.
#
#   my $cut = Triage::Chaos::PowerCut->new($spool, $state);
#   local %ENV = (%ENV, $cut->environment($library));  # of nginx
#   ... everything is killed ...
#   my $undone = $cut->apply;    # how many things were taken back

use strict;
use warnings;

use File::Path qw(make_path remove_tree);

sub new {
    my ($class, $spool, $state) = @_;
    my $self = bless { spool => $spool, state => $state }, $class;

    $self->_clear;
    return $self;
}

sub environment {
    my ($self, $library) = @_;

    return (
        LD_PRELOAD       => $library,
        TRIAGE_CUT_DIR   => $self->{spool},
        TRIAGE_CUT_STATE => $self->{state},
    );
}

sub apply {
    my ($self) = @_;
    my $undone = $self->_undo_names;

    # names first: they tell which file a log is about
    for my $path (grep { -f } glob "$self->{spool}/*") {
        my $log = "$self->{state}/undo-" . (stat $path)[1];
        $undone += _undo_bytes($path, $log) if -s $log;
    }
    $self->_clear;
    return $undone;
}

sub _clear {
    my ($self) = @_;

    # of root and of the workers' user alike
    remove_tree($self->{state});
    make_path($self->{state});
    chmod 0777, $self->{state};
    open my $names, '>', "$self->{state}/names" or die "names: $!";
    chmod 0666, "$self->{state}/names";
}

sub _undo_names {
    my ($self) = @_;

    open my $log, '<', "$self->{state}/names" or die "names: $!";
    my @entries = map { chomp; [ split /\t/, $_, -1 ] } <$log>;

    for my $entry (reverse @entries) {
        my ($what, $from, $to) = @$entry;
        if ($what eq 'C') {
            unlink $from;
        } elsif ($what eq 'R') {
            rename $to, $from if -e $to && !-e $from;
        } else {
            rename $to, $from if !-e $from;
        }
    }
    return scalar @entries;
}

sub _undo_bytes {
    my ($path, $log) = @_;
    my @entries;

    open my $from, '<:raw', $log or die "$log: $!";
    while (defined(my $head = <$from>)) {
        my ($offset, $len, $size) = $head =~ /^W (\d+) (\d+) (\d+)$/ or last;
        last if read($from, my $bytes, $len) != $len; # not done either
        push @entries, [ $offset, $bytes, $size ];
    }

    open my $file, '+<:raw', $path or die "$path: $!";
    for my $entry (reverse @entries) {
        my ($offset, $bytes, $size) = @$entry;
        seek $file, $offset, 0 or die "$path: $!";
        print {$file} $bytes   or die "$path: $!";
        $file->flush           or die "$path: $!";
        truncate $file, $size  or die "$path: $!";
    }
    close $file or die "$path: $!";
    return scalar @entries;
}

1;
