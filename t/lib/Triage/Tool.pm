package Triage::Tool;

# Runs the `triage` command in tests: the one that TRIAGE_TOOL names, else
# build/triage.
#
#   my $run = triage({ in => $body }, 'parse', 'facebook');
#   is($run->{status}, 0);    # also {out}, {err}, {lines}
#   my $path = file_with("secret\n");    # in a folder that goes away

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp ();
use JSON::PP ();

our @EXPORT = qw(triage triage_tool file_with messages_of);

my $root   = abs_path(dirname(abs_path(__FILE__)) . '/../../..');
my $folder = File::Temp->newdir('triage-tool-XXXXXX', TMPDIR => 1);
my $files  = 0;

sub triage_tool {
    my $path = $ENV{TRIAGE_TOOL} // "$root/build/triage";

    die "$path is not there: make tool\n" unless -x $path;
    return $path;
}

# A new file with these bytes; its path.
sub file_with {
    my ($content) = @_;
    my $path = "$folder/$$-" . ++$files; # a forked test has its own

    open my $file, '>:raw', $path or die "cannot write $path: $!";
    print {$file} $content;
    close $file or die "cannot write $path: $!";
    return $path;
}

sub triage {
    my $option = ref $_[0] ? shift : {};
    my @command = (triage_tool(), @_);
    my ($in, $out, $err) = map { file_with($_) } $option->{in} // '', '', '';
    my $pid = fork // die "cannot fork: $!";

    if ($pid == 0) {
        open STDIN,  '<', $in  or die "stdin: $!";
        open STDOUT, '>', $out or die "stdout: $!";
        open STDERR, '>', $err or die "stderr: $!";
        exec @command or die "$command[0]: $!";
    }

    waitpid $pid, 0;
    my %run = (
        status => $? & 127 ? 'signal ' . ($? & 127) : $? >> 8,
        out    => content($out),
        err    => content($err),
    );
    $run{lines} = [split /\n/, $run{out}];
    unlink $in, $out, $err;
    return \%run;
}

# What `triage parse` printed, as Perl data.
sub messages_of {
    my ($run) = @_;

    return map { JSON::PP->new->utf8->decode($_) } @{ $run->{lines} };
}

sub content {
    my ($path) = @_;

    open my $file, '<:raw', $path or die "cannot read $path: $!";
    local $/;
    return scalar(<$file>) // '';
}

1;
