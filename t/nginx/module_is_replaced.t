#!/usr/bin/perl
# A module that is exchanged on disk is taken by a reload, beside the old one
# for as long as its workers last.
use strict;
use warnings;

use File::Copy qw(copy);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Triage::Nginx;
use Triage::Site;

my $module = Triage::Nginx::module();
plan skip_all => 'the module is linked in' if $module eq '';

my $folder = File::Temp->newdir('triage-module-XXXXXX', TMPDIR => 1);
my $path   = "$folder/ngx_http_triage_module.so";
chmod 0755, $folder;

# As `install` does: another file by the same name.
sub install {
    copy($module, "$path.new") or die "cannot copy $module: $!";
    rename "$path.new", $path or die "cannot rename: $!";
}

install();
local $ENV{TRIAGE_MODULE} = $path;
my $site  = Triage::Site->new(workers => 2)->start;
my $nginx = $site->nginx;

for my $round (1 .. 3) {
    is($site->deliver($site->comment($round, 'words'))->{status}, 200,
        "round $round: a delivery is kept");
    install();
    $nginx->reload;
    $nginx->wait_until(sub { $nginx->workers == 2 }, 'old workers to end');
}

is($site->deliver($site->comment(4, 'words'))->{status}, 200, 'after all');
is($site->messages, 4, 'nothing is lost');
my ($source) = @{ $site->status->{sources} };
is($source->{outcomes}{ok}, 4, 'the counters have been taken over');
unlike($nginx->error_log, qr/\[(?:alert|crit|emerg)\]|exited on signal/, 'no alarm');
$nginx->stop;
unlike($nginx->error_log, qr/exited on signal|segfault/, 'nor at the end');

done_testing();
