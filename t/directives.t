#!/usr/bin/perl
# docs/directives.md against the source: each directive with its syntax,
# default, context and an example; each variable; each field of the status.
use strict;
use warnings;

use FindBin;
use Test::More;

chdir "$FindBin::Bin/..";

sub content {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!";
    local $/;
    return <$file>;
}

my $glue = join '', map { content($_) } sort glob 'ngx_module/*.c';
my $page = content('docs/directives.md');
my ($table) = $glue =~ /ngx_command_t ngx_http_triage_commands\[\] = \{(.*?)ngx_null_command/s;
my %rows = $table =~ /ngx_string\("(\w+)"\),\s*([^,]+),/g;
my %contexts = (
    NGX_HTTP_MAIN_CONF => 'http',
    NGX_HTTP_SRV_CONF  => 'server',
    NGX_HTTP_LOC_CONF  => 'location',
    ANYWHERE           => 'http, server, location',
);

ok(keys %rows > 15, 'the table of directives is found');
for my $name (sort keys %rows) {
    my ($section) = $page =~ /^### $name\n(.*?)(?=^##|\z)/ms;
    ok($section, "$name has a section") or next;

    my $context = join ', ',
        map { $contexts{$_} // () } split /\s*\|\s*/, $rows{$name};
    like($section, qr/^\| \*\*Syntax:\*\*\s+\| `$name /m, "$name: syntax")
        if $rows{$name} !~ /NOARGS/;
    like($section, qr/^\| \*\*Default:\*\* /m, "$name: default");
    my ($said) = $section =~ /^\| \*\*Context:\*\*\s+\| (.*?)\s*\|$/m;
    is($said, $context, "$name: context");
    like($section, qr/^```nginx\n.*^```/ms, "$name: an example")
        or diag($section);
}

my @documented = $page =~ /^### (\w+)$/mg;
is(join(' ', grep { !$rows{$_} } @documented),
    '', 'no section about a directive that there is not');
is("@documented", join(' ', sort @documented), 'in the order of the alphabet');

my @variables = $glue =~ /\{ ngx_string\("(triage_\w+)"\),\s+NGX_HTTP_TRIAGE_/g;
ok(@variables > 5, 'the variables are found');
for my $name (@variables) {
    like($page, qr/^\| `\$\Q$name\E` /m, "\$$name is described");
}

my $status = content('ngx_module/ngx_http_triage_status.c');
my %fields = map { $_ => 1 } $status =~ /(?:put_number|put_time|write_name)\(&?writer,\s*"(\w+)"/g;
ok(keys %fields > 20, 'the fields of the status are found');
for my $name (sort keys %fields) {
    like($page, qr/^\| `[^`]*\b$name\b[^`]*` /m, "status field $name is described");
}

done_testing();
