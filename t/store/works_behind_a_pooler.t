#!/usr/bin/perl
# PgBouncer in transaction mode: a prepared statement is in one server's
# session, and the next transaction has another.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

chomp(my $pgbouncer = `sh -c 'command -v pgbouncer' 2>/dev/null`);
$pgbouncer ||= (grep { -x } '/usr/sbin/pgbouncer')[0];
plan skip_all => 'pgbouncer is not installed' unless $pgbouncer;

my $postgres = Triage::Postgres->new->start;
Triage::StoreDriver::install_stub($postgres);

my $folder = File::Temp->newdir;
my $port   = Triage::Postgres::free_port();
chmod 0755, $folder;

sub write_file {
    my ($name, $text) = @_;

    open my $file, '>', "$folder/$name" or die "$name: $!";
    print $file $text;
    close $file;
}

write_file('users', qq{"postgres" ""\n});
write_file('pgbouncer.ini', <<"END");
[databases]
triage = host=@{[$postgres->socket_dir]} port=@{[$postgres->port]} dbname=triage
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $folder/users
pool_mode = transaction
default_pool_size = 4
server_round_robin = 1
log_connections = 0
log_disconnections = 0
END

my @command = ($pgbouncer, '-q', "$folder/pgbouncer.ini");
unshift @command, 'runuser', '-u', 'postgres', '--' if $> == 0;
my $pid = fork // die "fork: $!";
if ($pid == 0) {
    open STDERR, '>', '/dev/null';
    open STDOUT, '>', '/dev/null';
    exec @command or POSIX::_exit(127);
}
END { kill 'TERM', $pid if $pid }

my $conninfo =
    "hostaddr=127.0.0.1 port=$port dbname=triage user=postgres";
my $result;
for (1 .. 3) {
    $result = Triage::StoreDriver->new($conninfo, links => 3,
        first => $_ * 100_000, count => 3000, timeout => 10000)->finish;
    is($result->{kept}, 3000, 'all are kept');
    is($result->{poisoned}, 0, 'none is blamed');
}
is($postgres->psql('select count(*) from triage_data.message'), 9000,
    'each is there once');

# Other clients of the same servers notice nothing.
is($postgres->psql(
        q{select current_setting('lock_timeout'),
                 current_setting('synchronous_commit')},
        host => '127.0.0.1', port => $port),
    '0|on', 'nothing is left behind in a session') for 1 .. 5;

done_testing;
