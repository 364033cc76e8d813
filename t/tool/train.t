# `triage train`: learns from corrections, refuses what does not help.
use strict;
use warnings;

use Digest::MD5 qw(md5);
use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Triage::Postgres;
use Triage::Tool;

my $folder = File::Temp->newdir;
my $file   = "$folder/weights.model";

# A trade with words of its own: purple is urgent, green is not.
sub corrections {
    my ($count, $urgency_of) = @_;
    my @parts = qw(valve pump rotor flange gasket bearing shaft nozzle);
    my @lines = map {
        my $purple = $_ % 2;
        my $text = sprintf 'the %s of unit %s is %s, %s',
            $parts[$_ % 8], chr(97 + $_ % 23), $purple ? 'purple' : 'green',
            ('as seen', 'it seems', 'we believe')[$_ % 3] . ' ' . 'x' x ($_ % 7);
        $urgency_of->($purple, $_) . "\t$text\n";
    } 1 .. $count;

    return file_with(join '', "urgency\ttext\n", @lines);
}

sub urgency_of {
    my ($text, @options) = @_;
    my $run = triage({ in => "a\t$text\n" }, 'score', '--tsv', @options);

    return (split /\t/, $run->{out})[1];
}

my $good = corrections(200, sub { $_[0] ? 90 : 10 });
my $run = triage('train', '--output', $file, '--corrections', $good);
is($run->{status}, 0, 'corrections are learned from') or diag $run->{err};
like($run->{out}, qr/corrections 200.*before 0\.\d+, after [01]\.\d+/s,
    'with figures');
ok(-s $file, 'weights are written');
ok(!-e "$file.new", 'nothing else is left');
my ($purple, $green) = map { urgency_of("the rotor is $_", '--model', $file) }
    qw(purple green);
cmp_ok($purple, '>', $green + 20, 'they are used');
cmp_ok(abs(urgency_of('the rotor is purple')
        - urgency_of('the rotor is green')), '<', 15, 'where the shipped ones '
        . 'do not know');
cmp_ok(urgency_of('my card was stolen', '--model', $file), '>',
    urgency_of('thank you', '--model', $file) + 10, 'what was known is still '
        . 'known');

my $again = "$folder/again.model";
triage('train', '--output', $again, '--corrections', $good);
is(system('cmp', '-s', $file, $again), 0, 'the same corrections, the same '
        . 'weights');

# Corrections that say nothing: as good as drawn by lot.
my $refused = "$folder/refused.model";
$run = triage('train', '--output', $refused, '--corrections',
    corrections(120, sub { ord(md5("dice $_[1]")) % 2 ? 90 : 10 }));
is($run->{status}, 1, 'weights that are worse are refused');
like($run->{err}, qr/refused.*before.*after/s, 'with the figures');
ok(!-e $refused, 'and nothing is written');
$run = triage('train', '--output', $refused, '--corrections',
    corrections(10, sub { $_[0] ? 90 : 10 }));
is($run->{status}, 1, 'ten are too few');
$run = triage('train', '--output', $refused, '--corrections',
    corrections(100, sub { 90 }));
is($run->{status}, 1, 'and all alike teach nothing');
unlike($run->{err}, qr/purple/, 'nobody is quoted');

# From scratch.
my $set = file_with("id\tlabel\ttext\n"
        . join '', map { "$_\t" . ($_ % 2) . "\tit is "
            . ($_ % 2 ? 'purple' : 'green') . " $_\n" } 1 .. 100);
$run = triage('train', '--output', $file, '--urgency', $set);
is($run->{status}, 0, 'a labelled set is learned from') or diag $run->{err};
cmp_ok(urgency_of('it is purple', '--model', $file), '>',
    urgency_of('it is green', '--model', $file), 'and used');

# Wrong command lines and files.
is(triage('train', '--corrections', $good)->{status}, 64, 'no --output');
is(triage('train', '--output', $file)->{status}, 64, 'nothing to learn from');
is(triage('train', '--output', $file, '--corrections', "$folder/none")
        ->{status}, 2, 'no such file');
$run = triage('train', '--output', $file, '--corrections',
    file_with("a\tb\n1\t2\n"));
is($run->{status}, 2, 'no columns');
like($run->{err}, qr/urgency/, 'and which');

# From the database.
my $postgres = Triage::Postgres->new(fsync => 0)->start;
$postgres->psql(<<'SQL');
create schema if not exists triage;
create table triage.correction (message_no bigint, text text, urgency real);
insert into triage.correction
select n, 'the rotor of unit ' || chr(97 + n % 23) || ' is '
          || case when n % 2 = 1 then 'purple' else 'green' end
          || repeat(' x', n % 7), case when n % 2 = 1 then 90 else 10 end
  from generate_series(1, 500) as n;
SQL
$run = triage('train', '--output', $file, '--database', $postgres->conninfo);
is($run->{status}, 0, 'corrections in a database') or diag $run->{err};
like($run->{out}, qr/corrections 500/, 'are all read');
cmp_ok(urgency_of('the rotor is purple', '--model', $file), '>',
    urgency_of('the rotor is green', '--model', $file) + 20, 'and used');
is(triage('train', '--output', $file, '--database', 'host=/nowhere')
        ->{status}, 2, 'no database');

done_testing;
