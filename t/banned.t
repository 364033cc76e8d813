#!/usr/bin/perl
# Calls that must not be made: they block a worker, overflow, ask for the
# time, or take memory that nobody counts.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/..";

my $unsafe = join '|', qw(sprintf vsprintf strcpy strcat strtok gets alloca
    atoi atol atof setjmp longjmp system popen);
my $sleeps = join '|', qw(sleep usleep nanosleep select poll);
my $clocks = join '|', qw(time gettimeofday clock_gettime localtime gmtime
    mktime ctime);
my $resolves = join '|', qw(getaddrinfo gethostbyname gethostbyaddr);
my $blocks = join '|', qw(PQexec PQexecParams PQexecPrepared PQprepare
    PQdescribePrepared PQconnectdb PQconnectdbParams PQsetdbLogin PQreset
    PQcancel PQgetCopyData PQputCopyData PQping PQpingParams);
my $memory = join '|', qw(malloc calloc realloc free strdup strndup asprintf);
my $prints = join '|', qw(printf fprintf puts fputs perror syslog);

# who is asked, what is banned, and who is excused
my @rules = (
    [ 'src/*/*.c', $unsafe, qr{^$} ],
    # the store's own loop for tests and the tool, and its thread, may wait
    [ 'src/{base,message,platform,score,route,intake,store,desk}/*.c',
        $sleeps, qr{^src/store/poller\.c$} ],
    # names are resolved while the configuration is read, never later
    [ 'src/*/*.c', $resolves, qr{^src/(?:store/conninfo|tool/\w+)\.c$} ],
    [ 'src/{base,message,platform,score,route,intake,store,desk}/*.c',
        $clocks, qr{^src/store/poller\.c$} ],
    [ 'src/store/*.c', $blocks, qr{^$} ],
    [ 'src/{base,message,platform,score,route,intake,store,desk}/*.c',
        $prints, qr{^$} ],
    # no memory outside the arena but where the lifetime is another
    [ 'src/{message,platform,route,intake,desk}/*.c', $memory, qr{^$} ],
    [ 'ngx_module/*.c',
        "$unsafe|$sleeps|$clocks|$resolves|$blocks|$prints|PQ\\w+|malloc",
        qr{^$} ],
);

# Without comments and strings, and with the line numbers they had.
sub code {
    my ($file) = @_;
    open my $handle, '<', $file or die "$file: $!";
    local $/;
    my $text = <$handle>;

    $text =~ s{(/\*.*?\*/|"(?:\\.|[^"\\\n])*")}{ $1 =~ s/[^\n]//gr }gse;
    return $text;
}

sub calls {
    my ($file, $text, $banned) = @_;
    my (@found, $line);

    for (split /\n/, $text) {
        $line++;
        push @found, "$file:$line: $1"
            while /(?<![\w.>])($banned)\s*\(/g;
    }
    return @found;
}

is_deeply(
    [ calls('a.c', "x = ngx_time(0);\n y->time (1); z = time (NULL);", 'time') ],
    ['a.c:2: time'],
    'a call is told from names that end alike and from members'
);

for my $rule (@rules) {
    my ($where, $banned, $excused) = @$rule;
    my @files = grep { $_ !~ $excused } glob $where;
    my @found = map { calls($_, code($_), $banned) } @files;
    is(join("\n", @found), '', "$where: none of " . substr($banned, 0, 40));
}

my @static;
for my $file (glob 'src/{base,message,platform,score,route,intake,store,desk}/*.c') {
    my $depth = 0;
    my $line  = 0;
    for (split /\n/, code($file)) {
        $line++;
        push @static, "$file:$line"
            if /^\s*static\s+(?!.*\b(?:const|inline)\b)[\w\s\*]+(?:\[[^\]]*\])?\s*(?:=|;)/;
    }
}
# jansson's functions for memory are not told what they are called for
@static = grep { !m{^src/base/json\.c:} } @static;
is("@static", '', 'no variable of a file changes');

done_testing();
