#!/usr/bin/perl
# TLS with verification, and passwords from a file.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;

use File::Copy qw(copy);
use File::Temp ();
use Triage::Postgres;
use Triage::StoreDriver;

plan skip_all => 'openssl is not installed'
    if system('openssl version >/dev/null 2>&1');

# A self-signed certificate of localhost.
my $folder = File::Temp->newdir;
system("openssl req -x509 -newkey rsa:2048 -nodes -days 2"
        . " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        . " -keyout $folder/key -out $folder/crt >/dev/null 2>&1") == 0
    or die 'openssl failed';

my $postgres = Triage::Postgres->new;
my @owner = (stat $postgres->data_dir)[4, 5];
for my $name (qw(key crt)) {
    my $path = $postgres->data_dir . "/server.$name";
    copy("$folder/$name", $path) or die "copy: $!";
    chown @owner, $path;
    chmod 0600, $path;
}

sub append {
    my ($name, $text) = @_;

    open my $file, '>>', $postgres->data_dir . "/$name" or die "$name: $!";
    print $file $text;
    close $file;
}

append('postgresql.conf', "ssl = on\n");
$postgres->start;
Triage::StoreDriver::install_stub($postgres);
$postgres->psql(q{create role secret_keeper superuser login
                  password 'a secret, with ''quotes'''});

open my $hba, '>', $postgres->data_dir . '/pg_hba.conf' or die "hba: $!";
print $hba "local all postgres trust\n"
    . "hostssl all secret_keeper 127.0.0.1/32 scram-sha-256\n";
close $hba;
$postgres->psql('select pg_reload_conf()');

open my $passfile, '>', "$folder/pass" or die "pass: $!";
print $passfile "*:*:*:secret_keeper:a secret, with 'quotes'\n";
close $passfile;
chmod 0600, "$folder/pass";

my $first = 0;

sub drive {
    my ($more, %setting) = @_;
    my $driver = Triage::StoreDriver->new(
        "hostaddr=127.0.0.1 port=${\$postgres->port} dbname=triage"
            . " user=secret_keeper passfile=$folder/pass $more",
        first => $first += 1000, count => 100, timeout => 60_000, retry => 0,
        %setting
    );
    my $result = $driver->finish;
    $result->{output} = $driver->output;
    return $result;
}

my $verified = "host=localhost sslmode=verify-full sslrootcert=$folder/crt";
is(drive($verified)->{kept}, 100,
    'a verified certificate and a password from a file');
is(drive('sslmode=require')->{kept}, 100, 'TLS without a name');

my $result = drive("host=other.example sslmode=verify-full"
        . " sslrootcert=$folder/crt", timeout => 300);
is($result->{kept}, 0, 'a server of another name is not trusted');
like($result->{output}, qr/^report 2 cannot connect.*certificate/m,
    'which is reported');

$result = drive("$verified password=wrong", timeout => 300);
is($result->{kept}, 0, 'a wrong password is refused');
unlike($result->{output}, qr/wrong\b|a secret/, 'and not repeated');

done_testing;
