package Triage::Postgres::Session;

# One connection that lives as long as the object, for tests of what happens
# between connections: a statement can be sent without waiting for its answer.
#
#   my $ann = Triage::Postgres::Session->new($postgres, user => 'ann');
#   $ann->query('begin');              # waits; what psql prints
#   $ann->send('select pg_sleep(9)');  # does not wait
#   $ann->is_done(0.2);                # answered within 0.2 s?
#   $ann->wait;                        # waits; what psql prints
#
# Errors do not die: their text ("ERROR:  TR001: ...") is part of the answer.

use strict;
use warnings;

use IO::Handle ();
use IO::Select ();
use POSIX      ();

sub new {
    my ($class, $postgres, %keyword) = @_;
    my @command = $postgres->psql_command(%keyword);

    s/^ON_ERROR_STOP=1$/ON_ERROR_STOP=0/ for @command;
    pipe my $to_read, my $to     or die "pipe: $!";
    pipe my $from,    my $answer or die "pipe: $!";
    my $pid = fork // die "cannot fork: $!";

    if ($pid == 0) {
        open STDIN,  '<&', $to_read or POSIX::_exit(127);
        open STDOUT, '>&', $answer  or POSIX::_exit(127);
        open STDERR, '>&', $answer  or POSIX::_exit(127);
        exec @command, '-v', 'VERBOSITY=verbose', '-v',
            'SHOW_CONTEXT=never'
            or POSIX::_exit(127);
    }

    close $to_read;
    close $answer;
    $to->autoflush(1);
    return bless {
        pid    => $pid,
        owner  => $$,
        to     => $to,
        from   => $from,
        select => IO::Select->new($from),
        buffer => '',
        number => 0,
    }, $class;
}

sub query {
    my ($self, $sql) = @_;

    $self->send($sql);
    return $self->wait;
}

# At most one statement is under way at a time.
sub send {
    my ($self, $sql) = @_;

    $self->{mark} = 'answered ' . ++$self->{number};
    local $SIG{PIPE} = 'IGNORE';
    $self->{to}->print("$sql\n;\n\\echo $self->{mark}\n");
}

sub is_done {
    my ($self, $seconds) = @_;

    return 1 if index($self->{buffer}, $self->{mark}) >= 0;
    while ($self->{select}->can_read($seconds // 0)) {
        $self->_read or return 1;
        return 1 if index($self->{buffer}, $self->{mark}) >= 0;
    }
    return 0;
}

sub wait {
    my ($self) = @_;

    while (index($self->{buffer}, "$self->{mark}\n") < 0) {
        $self->_read or last;
    }
    my ($answer, $rest) = split /^\Q$self->{mark}\E\n/m, $self->{buffer}, 2;
    $self->{buffer} = $rest // '';
    chomp($answer //= '');
    return $answer;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $!);

    return if $self->{owner} != $$;
    close $self->{to};
    close $self->{from};
    waitpid $self->{pid}, 0;
}

sub _read {
    my ($self) = @_;

    return sysread $self->{from}, $self->{buffer}, 65536,
        length $self->{buffer};
}

1;
