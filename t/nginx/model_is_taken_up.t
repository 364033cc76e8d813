#!/usr/bin/perl
# Agents correct, `triage train` learns from the database, and a reload takes
# the new weights up while deliveries go on.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json encode_json);
use Test::More;

use Triage::Nginx;
use Triage::Postgres;
use Triage::Sign;
use Triage::Tool;

my $secret   = 'a-secret-of-ours';
my $postgres = Triage::Postgres->new(fsync => 0)->start->migrate;
my $conninfo = $postgres->conninfo(host => '127.0.0.1');
my $http     = <<"END";
    triage_database "$conninfo";
    triage_queue urgent   respond=1h weight=4;
    triage_queue standard respond=24h;
    triage_route urgent urgency>=70;
    triage_route standard;
END
my $nginx = Triage::Nginx->new(
    files => { secret => "$secret\n", token => "token\n" },
    http  => $http,
    server => <<'END',
        location = /hooks/facebook {
            triage facebook;
            triage_brand acme;
            triage_secret %dir%/secret;
            triage_verify_token %dir%/token;
        }
END
)->start;

# A brand for whom a grumbling boiler is an emergency: words that the shipped
# weights make little of, and others that they take too seriously.
my @rooms = map { my $floor = $_; map { "$_ $floor" }
        qw(flat house kitchen cellar attic) }
    ('downstairs', 'upstairs', 'next door', 'at work', 'of my mother');
my @urgent = map { my $what = $_; map { "the boiler $what in the $_" } @rooms }
    ('hums again', 'is grumbling', 'drips a bit', 'shows code f7',
    'clicks', 'has low pressure', 'smells odd', 'gurgles', 'ticks', 'sings');
my @calm = map { my $what = $_; map { "$what for the $_" } @rooms }
    ('may i see a brochure', 'what are the colours', 'do you ship',
    'is there a catalogue', 'who designs these', 'do you hire',
    'is the showroom open', 'can i visit', 'any news', 'do you paint');
my $count = 0;

sub comment {
    my ($text) = @_;
    my $n = ++$count;
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
                    comment_id   => "1001_$n",
                    post_id      => "1001_p$n",
                    created_time => 1700000000,
                    from         => { id => "7$n", name => 'Ann' },
                    message      => $text,
                }
            }]
        }]
    });
}

sub send_comment {
    my ($text) = @_;
    my $body = comment($text);
    return $nginx->post('/hooks/facebook', $body,
        meta_headers($secret, $body))->{status};
}

sub urgency_of {
    my ($text) = @_;
    send_comment($text);
    return $postgres->psql('select urgency from triage_data.message'
            . " where message_id = '1001_$count'");
}

my @statuses = map { send_comment($_) } @urgent, @calm;
is(scalar(grep { $_ != 200 } @statuses), 0, 'the messages are filed');

$postgres->psql(<<'END');
select triage.retriage(message_no,
           case when text like 'the boiler%' then 90 else 5 end,
           'we know our boilers', agent => 'ann')
  from triage_data.message;
END
is($postgres->psql('select count(*) from triage.correction'),
    500, 'each message is corrected');

my $before = urgency_of('the boiler rattles in my flat');
my $model  = $nginx->dir . '/acme.model';
my $train  = triage('train', '--database', $conninfo, '--output', $model);
is($train->{status}, 0, 'train accepts what it learnt')
    or diag($train->{out}, $train->{err});

# Deliveries go on while the reload takes the weights up.
my $body = file_with(comment('hello {n}') =~ s/1001_\d+/1001_x{n}/r);
my $load = fork // die "fork: $!";
if ($load == 0) {
    open STDOUT, '>', $nginx->dir . '/load.json' or die "stdout: $!";
    exec triage_tool(), 'deliver', 'facebook', '--secret',
        $nginx->dir . '/secret', '--count', 2000, '--concurrency', 8,
        '--unique', '--json', $nginx->url . '/hooks/facebook', $body;
}
$nginx->configure(http => "$http triage_model $model;");
$nginx->reload;
waitpid $load, 0;
my $report = decode_json(Triage::Tool::content($nginx->dir . '/load.json'));
is($report->{statuses}{200}, 2000, 'no delivery is lost in the reload');
is($postgres->psql(q{select count(*) from triage_data.message
                      where message_id like '1001\_x%'}),
    2000, 'and each is a row');

$nginx->wait_until(sub { $nginx->workers == 1 }, 'the old worker to leave');
my $after = urgency_of('the boiler rattles in my flat');
cmp_ok($after, '>', $before, "the brand's words weigh more: $before, $after");

# The command line says the same of the same words.
my @words = ('the boiler rattles in my flat', $urgent[0], $calm[-1],
    'stranded at the airport with my kids, 3 hours late!', 'merci beaucoup');
is(urgency_of($_), told($_), "nginx and triage score agree: $_") for @words;

sub told {
    my ($text) = @_;
    my $run = triage({ in => "a\t$text\n" }, 'score', '--tsv', '--model',
        $model);
    return 0 + (split /\t/, $run->{out})[1];
}

$nginx->write_file('acme.model', 'no model');
my ($ok, $said) = $nginx->check;
ok(!$ok, 'a file that is no model is refused');
like($said, qr/triage_model/, 'with the directive named');

done_testing();
