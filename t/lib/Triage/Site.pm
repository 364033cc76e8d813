package Triage::Site;

# What most tests of the module begin with: a database with triage in it, a
# role with no more than the module's rights, and an nginx with a location
# for Facebook.
#
#   my $site = Triage::Site->new(http => 'triage_commit local;')->start;
#   is($site->deliver($site->comment(1, 'words'))->{status}, 200);
#   is($site->messages, 1);
#
# Options of new(): http, server, main, files, workers as Triage::Nginx has
# them, added to what is there; location, added to the location of Facebook;
# database, the words behind triage_database; routes, instead of the usual.

use strict;
use warnings;

use JSON::PP qw(decode_json encode_json);

use Triage::Nginx;
use Triage::Postgres;
use Triage::Sign;
use Triage::Tool;

my $secret = 'a-secret-of-ours';
my $routes = <<'END';
        triage_queue crisis   respond=15m weight=8;
        triage_queue urgent   respond=1h  weight=4 overflow=crisis;
        triage_queue standard respond=24h;
        triage_route crisis urgency>=80 visibility>=60;
        triage_route urgent urgency>=70;
        triage_route standard;
END

sub new {
    my ($class, %option) = @_;
    my $self = bless {%option}, $class;

    $self->{postgres}
        = Triage::Postgres->new(fsync => 0, %{ $option{postgres} // {} })
        ->start->migrate;
    $self->{postgres}->psql('create role nginx login in role triage_ingest');
    $self->{nginx} = Triage::Nginx->new($self->parts);

    return $self;
}

sub postgres { return $_[0]{postgres} }
sub nginx    { return $_[0]{nginx} }
sub secret   { return $secret }

sub conninfo {
    my ($self) = @_;
    return $self->{postgres}->conninfo(host => '127.0.0.1', user => 'nginx');
}

# The parts of nginx.conf, as Triage::Nginx takes them.
sub parts {
    my ($self, %option) = @_;
    my %given    = (%$self, %option);
    my $conninfo = $self->conninfo;

    $given{$_} //= '' for qw(http server main location database);
    # Without a spool nothing is won by giving up early, and a test may run
    # where a commit takes seconds.
    $given{database} .= ' timeout=30s'
        if "$given{database} $given{http}" !~ /timeout=|triage_spool/;
    return (
        files => {
            secret => "$secret\n",
            token  => "handshake-token\n",
            %{ $given{files} // {} },
        },
        workers => $given{workers} // 1,
        listen  => $given{listen} // '',
        main    => $given{main},
        http    => <<"END",
        triage_database "$conninfo" $given{database};
        @{[ $given{routes} // $routes ]}
        log_format triage 'status=\$status platform=\$triage_platform'
            ' brand=\$triage_brand outcome=\$triage_outcome'
            ' why="\$triage_why" messages=\$triage_messages'
            ' duplicates=\$triage_duplicates queue=\$triage_queue'
            ' urgency=\$triage_urgency visibility=\$triage_visibility';
        $given{http}
END
        server => <<"END",
        access_log %dir%/logs/access.log triage;
        location = /hooks/facebook {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
            $given{location}
        }
        location = /triage/status { triage_status; access_log off; }
        $given{server}
END
    );
}

sub start {
    my ($self) = @_;
    $self->{nginx}->start;
    return $self;
}

# Writes nginx.conf anew, with other options.
sub configure {
    my ($self, %option) = @_;
    my %parts = $self->parts(%option);

    delete $parts{files};
    $self->{nginx}->configure(%parts);
    return $self;
}

# A page's comment as Facebook reports it.
sub comment {
    my ($self, $id, $text, %value) = @_;
    return encode_json({
        object => 'page',
        entry  => [{
            id      => '1001',
            time    => 1700000000,
            changes => [{
                field => 'feed',
                value => {
                    item         => 'comment',
                    verb         => 'add',
                    comment_id   => "1001_$id",
                    post_id      => '1001_1',
                    parent_id    => '1001_1',
                    created_time => 1700000000,
                    from         => { id => "77_$id", name => 'Ann' },
                    message      => $text,
                    %value,
                }
            }]
        }]
    });
}

sub headers {
    my ($self, $body) = @_;
    return meta_headers($secret, $body);
}

sub deliver {
    my ($self, $body, @headers) = @_;
    return $self->{nginx}->post('/hooks/facebook', $body,
        $self->headers($body), @headers);
}

# How many messages are kept.
sub messages {
    my ($self) = @_;
    return $self->{postgres}->psql('select count(*) from triage_data.message');
}

sub status {
    my ($self) = @_;
    return decode_json($self->{nginx}->get('/triage/status')->{body});
}

sub access_log {
    my ($self) = @_;
    return Triage::Nginx::_content($self->{nginx}->dir . '/logs/access.log');
}

# Starts `count` deliveries with an id each over `concurrency` connections,
# from number `first` on, or all with the same `body`; what comes back is for
# finish_load.
sub start_load {
    my ($self, %load) = @_;
    my $text = $load{body}
        // $self->comment('{n}', 'Please call me about it.');
    my $body = file_with($text);
    my $keys = file_with("$secret\n");
    my $pid  = open my $out, '-|' // die "fork: $!";

    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or die "stderr: $!";
        exec triage_tool(), 'deliver', 'facebook', '--secret', $keys,
            '--count', $load{count}, '--concurrency', $load{concurrency} // 16,
            '--first', $load{first} // 1, '--json', '--timeout', 60,
            $text =~ /\{n\}/ ? '--unique' : (), @{ $load{options} // [] },
            $self->{nginx}->url . '/hooks/facebook', $body
            or die "triage deliver: $!";
    }
    return { out => $out, pid => $pid };
}

# The report of `triage deliver`, decoded.
sub finish_load {
    my ($self, $load) = @_;
    my $out  = $load->{out};
    my $text = do { local $/; <$out> };

    close $out;
    my ($line) = $text =~ /^(\{.*\})$/m or die "triage deliver: $text";
    return { %{ decode_json($line) }, text => $text };
}

1;
