# Every command tells what it takes and refuses what it does not.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Tool;

my $help = triage('--help');
is($help->{status}, 0, 'help is no error');
my @commands = $help->{out} =~ /^  (\w+) +\S/mg;
ok(@commands >= 6, 'the help lists the commands');
is_deeply(\@commands, [sort @commands], 'in alphabetical order');

for my $command (@commands) {
    my $run = triage($command, '--help');
    is($run->{status}, 0, "$command --help exits 0");
    like($run->{out}, qr/^usage: triage $command\b/, "$command has help");
    is($run->{err}, '', "$command --help is silent on stderr");

    $run = triage($command, '--no-such-option');
    is($run->{status}, 64, "$command refuses an unknown option");
    like($run->{err}, qr/^triage $command: --no-such-option: /,
        "$command names it");
    is($run->{out}, '', "$command prints nothing then");
}

is(triage()->{status}, 64, 'a command is needed');
my $run = triage('sing');
is($run->{status}, 64, 'an unknown command is refused');
like($run->{err}, qr/sing: no such command/, 'and named');

$run = triage('version');
like($run->{out}, qr/^triage \d+\.\d+\.\d+$/, 'version');

$run = triage('platforms');
is($run->{status}, 0, 'platforms are listed');
like($run->{out}, qr/^facebook\s+Facebook.*\bsecret,token$/m,
    'with title and needs');

my @wrong = (
    [qr/expected triage parse PLATFORM/,      qw(parse)],
    [qr/too many words/,                      qw(parse facebook x)],
    [qr/myspace: no such platform/,           qw(parse myspace)],
    [qr/--header: expected 'NAME: VALUE'/,    qw(parse facebook --header)],
    [qr/--header: expected 'Name: value'/,    qw(parse facebook --header x)],
    [qr/--header: expected 'Name: value'/,
        'parse', 'facebook', '--header', "x: y\nz: 1"],
    [qr/--now: expected a number from 0 to/,  qw(parse facebook --now=soon)],
    [qr/--now: expected a number from 0 to/,  qw(parse facebook --now -1)],
    [qr/--reply: takes no value/,             qw(verify facebook --reply=1)],
    [qr{/none: cannot be read: No such file}, qw(verify x --secret /none)],
    [qr/facebook: expected --secret/,         qw(verify facebook)],
    [qr/facebook has no options/,         qw(parse facebook --option a=b)],
    [qr/--count: expected a number from 1/,
        qw(deliver x --count 0 http://127.0.0.1:1/)],
    [qr/expected a CONNINFO/, qw(migrate)],
);

for (@wrong) {
    my ($said, @arguments) = @$_;
    $run = triage(@arguments);
    my $shown = join(" ", @arguments) =~ s{\n}{ }gr;
    is($run->{status}, 64, "refused: $shown");
    like($run->{err}, $said, "and why: $shown");
}

my $secret = file_with('# no key here');
$run = triage('verify', 'x', '--secret', $secret);
is($run->{status}, 64, 'a file without a key is refused');
like($run->{err}, qr/\Q$secret\E: /, 'and named');

$run = triage({ in => '{}' }, 'parse', '--', 'x');
isnt($run->{status}, 64, '-- ends the options');

done_testing();
