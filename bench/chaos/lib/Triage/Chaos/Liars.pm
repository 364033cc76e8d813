package Triage::Chaos::Liars;

# Builds of the module that say 200 too early: what bench/chaos has to find
# out, or it would find nothing in an honest one.  Each is made of a copy of
# the tree in which some words are others.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp ();

our @EXPORT_OK = qw(liars);

my $root = abs_path(dirname(abs_path(__FILE__)) . '/../../../../..');
my @copies;

my $answer_early = <<'END';
    for (triage_batch_t *early = store->backlog.first; early != NULL;
         early = early->next)
    {
        for (size_t e = early->settled; e < early->count; e++) {
            triage_stored_pt say = early->tickets[e].done;
            early->tickets[e].done = NULL;
            if (say != NULL) {
                say(early->tickets[e].data, triage_ok(), NULL);
            }
        }
    }
END

sub liars {
    return (
        { name => 'as it is', only => 'killed,power',
            module => sub { $ENV{TRIAGE_MODULE} } },
        _liar('without fdatasync of records', 'power', 1, 'segment.c',
            qr/fdatasync\(segment->fd\) != 0/ => 'segment->fd < 0'),
        _liar('without fsync of the directory', 'power', 1, 'segment.c',
            qr/ \|\| !sync_folder\(place->path\)/ => '',
            qr/static bool\nsync_folder/ =>
                "__attribute__((unused)) static bool\nsync_folder"),
        _liar('answered before the commit', "worker killed,nginx killed\n", 1,
            'store.c',
            qr/(?<=is_flush_due = false;\n)(?=    if \(store->is_closed)/ =>
                $answer_early),
    );
}

sub _liar {
    my ($name, $only, $must_lose, $file, @changes) = @_;

    return {
        name      => $name,
        only      => $only,
        must_lose => $must_lose,
        module    => sub { _build("src/store/$file", @changes) },
    };
}

# The module's path.
sub _build {
    my ($file, @changes) = @_;
    my $copy = File::Temp->newdir('triage-liar-XXXXXX', TMPDIR => 1);

    push @copies, $copy;
    chmod 0755, $copy;
    _run("cp -r $root/Makefile $root/config $root/src $root/ngx_module $copy/");
    my $text = _content("$copy/$file");
    while (my ($from, $to) = splice @changes, 0, 2) {
        $text =~ s/$from/$to/ or die "$file has changed: no $from\n";
    }
    open my $out, '>', "$copy/$file" or die "$file: $!";
    print {$out} $text;
    close $out or die "$file: $!";
    _run("make -s -C $copy BUILD=$copy/build module");
    return "$copy/build/ngx_http_triage_module.so";
}

sub _run {
    my ($command) = @_;
    my $said = qx($command 2>&1);
    die "$command:\n$said" if $? != 0;
}

sub _content {
    my ($path) = @_;
    open my $file, '<', $path or die "cannot read $path: $!\n";
    local $/;
    return <$file>;
}

1;
