package Triage::DeskSite;

# A site with a desk: agents with passwords, a role of its own, and what a
# browser would send with its requests.
#
#   my $site = Triage::DeskSite->new->start;
#   $site->deliver($site->comment(1, 'words'));
#   my $answer = $site->call(ann => inbox => { queue => 'urgent' });
#   $answer = $site->change(ann => claim => {});
#
# Options of new() are those of Triage::Site; desk, the words behind
# triage_desk_database.

use strict;
use warnings;

use parent -norequire, 'Triage::Site';

use JSON::PP ();
use MIME::Base64 qw(encode_base64);

use Triage::Site;

# {PLAIN} is nginx's own; the passwords are the names.
my $users = join '', map { "$_:{PLAIN}$_\n" } qw(ann bob eve);
my $json  = JSON::PP->new->utf8;

sub new {
    my ($class, %option) = @_;
    my $self = $class->SUPER::new(%option);

    $self->{postgres}->psql('create role desk login in role triage_agent, '
            . 'triage_reader');
    # again, with the role that is there now
    $self->{nginx} = Triage::Nginx->new($self->parts);
    return $self;
}

sub desk_conninfo {
    my ($self) = @_;
    return $self->{postgres}->conninfo(host => '127.0.0.1', user => 'desk');
}

sub parts {
    my ($self, %option) = @_;
    my %given = (%$self, %option);
    my %parts = $self->SUPER::parts(%option);
    my $conninfo = $self->desk_conninfo;

    $parts{http} .= "triage_desk_database \"$conninfo\" "
        . ($given{desk} // '') . ";\n";
    $parts{server} .= <<'END';
        location /desk/ {
            auth_basic desk;
            auth_basic_user_file %dir%/users;
            triage_desk;
        }
END
    $parts{files}{users} = $users;
    return %parts;
}

# nginx reads the passwords as nobody.
sub start {
    my ($self) = @_;
    chmod 0644, $self->{nginx}->dir . '/users';
    return $self->SUPER::start;
}

sub authorization {
    my ($self, $agent) = @_;
    return (Authorization => 'Basic ' . encode_base64("$agent:$agent", ''));
}

# One request of an agent; what the body holds is in {json}, where it does.
sub visit {
    my ($self, $agent, $method, $path, $body, @headers) = @_;
    my $answer = $self->{nginx}->request($method, "/desk/$path", $body,
        defined $agent ? $self->authorization($agent) : (), @headers);

    $answer->{json} = $json->decode(unchunked($answer))
        if ($answer->{headers}{'content-type'} // '') =~ /json/
        && $method ne 'HEAD';
    return $answer;
}

sub unchunked {
    my ($answer) = @_;
    my $body = $answer->{body};

    return $body if ($answer->{headers}{'transfer-encoding'} // '') eq '';
    my $whole = '';
    while ($body =~ s/^([0-9a-f]+)\r\n//i && hex $1) {
        $whole .= substr $body, 0, hex $1, '';
        $body =~ s/^\r\n//;
    }
    return $whole;
}

sub call {
    my ($self, $agent, $name, $arguments) = @_;
    my $query = join '&', map {
        "$_=" . $arguments->{$_} =~ s/([^\w.-])/sprintf '%%%02X', ord $1/ger
    } sort keys %{ $arguments // {} };

    return $self->visit($agent, 'GET',
        "api/$name" . ($query eq '' ? '' : "?$query"));
}

sub token {
    my ($self, $agent) = @_;
    return $self->call($agent, 'session')->{json}{token};
}

sub change {
    my ($self, $agent, $name, $arguments, @headers) = @_;

    return $self->visit($agent, 'POST', "api/$name",
        ref $arguments ? $json->encode($arguments) : $arguments,
        'Content-Type' => 'application/json',
        'X-Triage-Token' => $self->token($agent), @headers);
}

# The desk has its connection.
sub wait_for_desk {
    my ($self) = @_;

    $self->{nginx}->wait_until(
        sub { $self->call('ann', 'inbox')->{status} == 200 }, 'the desk');
    return $self;
}

1;
