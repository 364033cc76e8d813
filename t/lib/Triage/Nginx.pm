package Triage::Nginx;

# A private nginx with the triage module: own prefix in a temporary folder, a
# free port on the loopback, real sockets.
#
#   my $nginx = Triage::Nginx->new(
#       http   => 'triage_database "..."; ...',
#       server => 'location = /hooks/x { triage x; triage_secret %dir%/x; }',
#       files  => { x => "secret\n" },
#   )->start;
#   my $answer = $nginx->post('/hooks/x', $body, 'X-Header' => 'value');
#   is($answer->{status}, 200);
#
# Options of new(): main, events, http, server (configuration; %dir% is the
# folder, %port% the port), files { name => content } (mode 0600), workers,
# connections (of a worker), listen (words behind the address: reuseport
# shares connections evenly).
#
# TRIAGE_NGINX names another binary (an ASan build), TRIAGE_MODULE the module
# to load ('' where it is linked in).

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp ();
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

use Triage::Postgres;

my $root = abs_path(dirname(abs_path(__FILE__)) . '/../../..');
my $patience = $ENV{TRIAGE_PATIENCE} // 30; # seconds; for slow builds

sub binary { return $ENV{TRIAGE_NGINX} // '/usr/sbin/nginx' }

sub module {
    return $ENV{TRIAGE_MODULE} // "$root/build/ngx_http_triage_module.so";
}

sub new {
    my ($class, %option) = @_;
    my $self = bless {
        workers     => 1,
        connections => 4096,
        listen      => '',
        %option,
        owner       => $$,
    }, $class;

    $self->{dir} = File::Temp::tempdir('triage-nginx-XXXXXX', TMPDIR => 1);
    chmod 0755, $self->{dir};
    mkdir "$self->{dir}/logs";
    $self->{port} = Triage::Postgres::free_port();
    $self->write_file($_, $option{files}{$_}) for keys %{ $option{files} };
    $self->configure;

    return $self;
}

sub dir  { return $_[0]{dir} }
sub port { return $_[0]{port} }
sub url  { return "http://127.0.0.1:$_[0]{port}" }

sub write_file {
    my ($self, $name, $content, $mode) = @_;
    my $path = "$self->{dir}/$name";

    open my $file, '>:raw', $path or die "cannot write $path: $!";
    print {$file} $content;
    close $file or die "cannot write $path: $!";
    chmod $mode // 0600, $path;
    return $path;
}

# Writes nginx.conf; parts given replace those of new().
sub configure {
    my ($self, %part) = @_;

    $self->{$_} = $part{$_} for keys %part;
    my ($main, $events, $http, $server)
        = map { $_ // '' } @$self{qw(main events http server)};
    my $load = module() ? 'load_module ' . module() . ';' : '';
    my $user = $> == 0 ? 'user nobody nogroup;' : '';
    my $conf = <<"END";
$load
$user
worker_processes $self->{workers};
pid %dir%/nginx.pid;
error_log %dir%/logs/error.log info;
$main
events { worker_connections $self->{connections}; $events }
http {
    access_log off;
    client_body_temp_path %dir%/body;
    proxy_temp_path %dir%/proxy;
    fastcgi_temp_path %dir%/fastcgi;
    uwsgi_temp_path %dir%/uwsgi;
    scgi_temp_path %dir%/scgi;
    keepalive_requests 1000000;
    $http
    server {
        listen 127.0.0.1:%port% $self->{listen};
        $server
    }
}
END
    $conf =~ s/%dir%/$self->{dir}/g;
    $conf =~ s/%port%/$self->{port}/g;
    $self->write_file('nginx.conf', $conf, 0644);
    return $self;
}

sub _command {
    my ($self, @args) = @_;

    return (binary(), '-p', "$self->{dir}/", '-c', 'nginx.conf', '-e',
        "$self->{dir}/logs/error.log", @args);
}

# nginx -t, or -T: (ok, what it printed).
sub check {
    my ($self, $flag) = @_;
    my $pid = open my $out, '-|' // die "fork: $!";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT;
        # it ends without freeing its configuration
        $ENV{ASAN_OPTIONS} .= ':detect_leaks=0' if $ENV{ASAN_OPTIONS};
        exec $self->_command($flag // '-t');
    }
    my $text = do { local $/; <$out> };
    close $out;
    return ($? == 0, $text);
}

sub start {
    my ($self) = @_;

    # a free port can be lost to somebody else
    for my $attempt (1 .. 5) {
        last if system($self->_command) == 0;
        die "nginx does not start:\n" . $self->error_log
            if $attempt == 5 || $self->error_log !~ /Address already in use/;
        $self->{port} = Triage::Postgres::free_port();
        $self->configure;
    }
    $self->wait_until(sub { -s "$self->{dir}/nginx.pid" }, 'a pid file');
    $self->wait_until(sub { $self->_connects }, 'a listening socket');
    # the socket listens before the first worker is forked
    $self->wait_until(sub { $self->workers >= $self->{workers} },
        'its workers');
    return $self;
}

sub _connects {
    my ($self) = @_;
    return IO::Socket::INET->new(
        PeerAddr => '127.0.0.1',
        PeerPort => $self->{port}
    );
}

sub pid {
    my ($self) = @_;

    open my $file, '<', "$self->{dir}/nginx.pid" or return;
    my $pid = <$file>;
    chomp $pid if defined $pid;
    return $pid;
}

sub signal {
    my ($self, $signal) = @_;
    my $pid = $self->pid or return 0;
    return kill $signal, $pid;
}

# The workers of the running master.
sub workers {
    my ($self) = @_;
    my $master = $self->pid or return;

    return children($master);
}

# The processes that a process has forked.
sub children {
    my ($parent) = @_;
    my @pids;

    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $file, '<', $stat or next;
        my ($pid, $of) = (<$file> // '') =~ /^(\d+) \(.*\) \S (\d+)/;
        push @pids, $pid if $of && $of == $parent;
    }
    return @pids;
}

sub reload {
    my ($self) = @_;
    my %before = map { $_ => 1 } $self->workers;

    $self->signal('HUP');
    $self->wait_until(sub { grep { !$before{$_} } $self->workers },
        'new workers');
    return $self;
}

sub stop {
    my ($self, $signal) = @_;
    my $pid = $self->pid or return;

    kill $signal // 'QUIT', $pid;
    $self->wait_until(sub { !kill 0, $pid }, 'nginx to end');
    unlink "$self->{dir}/nginx.pid";
}

sub error_log {
    my ($self) = @_;
    return _content("$self->{dir}/logs/error.log");
}

sub _content {
    my ($path) = @_;

    open my $file, '<:raw', $path or return '';
    local $/;
    return <$file> // '';
}

# Polls until the condition holds; dies when it never does.
sub wait_until {
    my ($self, $condition, $what) = @_;
    my $end = time + $patience;

    while (time < $end) {
        my $result = $condition->();
        return $result if $result;
        sleep 0.02;
    }
    die "waited $patience s for $what; error log:\n" . $self->error_log;
}

# One request on a connection of its own: { status, headers, body }.
sub request {
    my ($self, $method, $path, $body, @headers) = @_;
    my $head = "$method $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n";

    while (my ($name, $value) = splice @headers, 0, 2) {
        $head .= "$name: $value\r\n";
    }
    $head .= 'Content-Length: ' . length($body) . "\r\n" if defined $body;

    return $self->raw($head . "\r\n" . ($body // ''));
}

sub get  { my ($self, $path, @h) = @_; $self->request('GET', $path, undef, @h) }
sub post { my ($self, $path, $body, @h) = @_; $self->request('POST', $path, $body, @h) }

# Sends bytes as they are and reads one answer to the end of the connection.
sub raw {
    my ($self, $bytes) = @_;
    my $socket = $self->_connects or die "cannot connect: $!";

    local $SIG{PIPE} = 'IGNORE';
    $socket->autoflush(1);
    print {$socket} $bytes;
    return $self->read_answer($socket);
}

sub read_answer {
    my ($self, $socket) = @_;
    my $select = IO::Select->new($socket);
    my $text   = '';
    my $end    = time + $patience;

    while (time < $end) {
        $select->can_read($end - time) or next; # a signal, or the end
        my $n = sysread $socket, $text, 65536, length $text;
        last unless $n;
    }

    return parse_answer($text);
}

sub parse_answer {
    my ($text) = @_;
    my ($head, $body) = split /\r\n\r\n/, $text, 2;
    my ($first, @lines) = split /\r\n/, $head // '';
    my ($status) = ($first // '') =~ m{^HTTP/1\.[01] (\d+)};
    my %headers = map { my ($n, $v) = split /:\s*/, $_, 2; (lc $n => $v) }
        @lines;

    return {
        status  => $status // 0,
        headers => \%headers,
        body    => $body // '',
        text    => $text,
    };
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $!, $@);

    return if $self->{owner} != $$;
    eval { $self->stop('TERM'); 1 } or warn $@;
    remove_tree($self->{dir}) unless $ENV{TRIAGE_KEEP};
}

1;
