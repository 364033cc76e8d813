package Triage::Browser;

# Headless Chromium for tests, through Debian's chromedriver (WebDriver over
# HTTP): as much of it as a page with a keyboard needs.
#
#   plan skip_all => Triage::Browser::missing() if Triage::Browser::missing();
#   my $browser = Triage::Browser->new;
#   $browser->sign_in($nginx->url, '/desk/', 'ann', 'ann');
#   $browser->wait_for('#waiting li', 'somebody who waits');
#   $browser->keys('c');
#   is($browser->text('#who'), 'Ann');
#
# A browser is a profile of its own.  All of a test share one chromedriver,
# which ends with it.  Nothing sleeps a fixed time: conditions are waited for.

use strict;
use warnings;

use Carp qw(croak);
use Encode qw(encode_utf8);
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use POSIX ();
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->allow_nonref->canonical;
my $patience = $ENV{TRIAGE_PATIENCE} // 30;
my ($driver, %keys);

# Code points of WebDriver for keys without a letter.
@keys{qw(Tab Enter Escape ArrowDown ArrowUp Shift Backspace)}
    = map { chr } 0xE004, 0xE007, 0xE00C, 0xE015, 0xE013, 0xE008, 0xE003;

sub program {
    my ($name) = @_;
    my ($path) = grep { -x } map { "$_/$name" } split(/:/, $ENV{PATH}),
        '/usr/bin', '/usr/lib/chromium';
    return $path;
}

# Why there is no browser; '' when there is.
sub missing {
    for my $name (qw(chromedriver chromium)) {
        return "NOT TESTED: no $name (Debian: chromium, chromium-driver)"
            unless program($name);
    }
    return '';
}

sub _start_driver {
    my $log = File::Temp->new;
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        POSIX::setpgid(0, 0);
        open STDIN,  '<', '/dev/null';
        open STDOUT, '>', $log->filename;
        open STDERR, '>&', \*STDOUT;
        exec program('chromedriver'), '--port=0' or POSIX::_exit(127);
    }
    $driver = { pid => $pid, owner => $$, log => $log };

    for (my $end = time + $patience; time < $end; sleep 0.05) {
        open my $file, '<', $log->filename or next;
        my ($port) = join('', <$file>) =~ /started successfully on port (\d+)/
            or next;
        $driver->{url} = "http://127.0.0.1:$port";
        # proxies of the environment are not for the loopback
        $driver->{http} = HTTP::Tiny->new(
            timeout => 2 * $patience, proxy => undef,
            http_proxy => undef, https_proxy => undef
        );
        return;
    }
    die "chromedriver does not start\n";
}

sub _end_driver {
    return if !$driver || $driver->{owner} != $$;
    local ($?, $!);
    kill 'TERM', -$driver->{pid}, $driver->{pid};
    for (my $end = time + 5; time < $end; sleep 0.05) {
        last if waitpid($driver->{pid}, POSIX::WNOHANG()) != 0;
    }
    kill 'KILL', -$driver->{pid};
    undef $driver;
}

END { _end_driver() }

# Options: width, height, dark (1), arguments (of Chromium).
sub new {
    my ($class, %option) = @_;

    _start_driver() unless $driver;
    my $self = bless { %option, dir => File::Temp->newdir }, $class;
    my @size = ($option{width} // 1280, $option{height} // 900);
    my @arguments = (
        '--headless=new', '--disable-gpu', '--disable-dev-shm-usage',
        '--disable-extensions', '--disable-background-networking',
        '--no-first-run', '--no-proxy-server', '--hide-scrollbars',
        '--lang=en-GB', '--force-color-profile=srgb',
        '--window-size=' . join(',', @size), "--user-data-dir=$self->{dir}",
        $> == 0 ? '--no-sandbox' : (),
        $option{dark} ? '--blink-settings=preferredColorScheme=0' : (),
        @{ $option{arguments} // [] }
    );

    my $made = _http('POST', '/session', {
        capabilities => { alwaysMatch => {
            browserName          => 'chrome',
            'goog:chromeOptions' => {
                binary => program('chromium'),
                args   => \@arguments,
            },
            'goog:loggingPrefs' => { browser => 'ALL' },
        } }
    });
    $self->{id} = $made->{sessionId};
    return $self;
}

sub _http {
    my ($method, $path, $body) = @_;
    my $answer = $driver->{http}->request($method, $driver->{url} . $path, {
        headers => { 'Content-Type' => 'application/json' },
        defined $body ? (content => $json->encode($body)) : (),
    });
    my $value = eval { $json->decode($answer->{content})->{value} };

    return $value if $answer->{success};
    croak "browser: $method $path: "
        . (ref $value ? "$value->{error}: $value->{message}"
            : $answer->{content});
}

sub _do {
    my ($self, $method, $path, $body) = @_;
    return _http($method, "/session/$self->{id}$path",
        $method eq 'POST' ? $body // {} : undef);
}

sub go { my ($self, $url) = @_; $self->_do(POST => '/url', { url => $url }) }
sub url { return $_[0]->_do(GET => '/url') }

# Signed in once, the browser knows the password; the page is then loaded
# from a URL without it.
sub sign_in {
    my ($self, $base, $path, $user, $password) = @_;

    $self->go($base =~ s{//}{//$user:$password@}r . $path . 'icon.svg');
    $self->go($base . $path);
    return $self;
}

# The value of a function body in the page; arguments[0] and so on.
sub script {
    my ($self, $script, @arguments) = @_;
    return $self->_do(POST => '/execute/sync',
        { script => $script, args => \@arguments });
}

sub count {
    my ($self, $css) = @_;
    return $self->script(
        'return document.querySelectorAll(arguments[0]).length', $css);
}

# What somebody sees of the first such element; undef when there is none.
sub text {
    my ($self, $css) = @_;
    return $self->script(
        'const e = document.querySelector(arguments[0]);'
            . 'return e && e.checkVisibility() ? e.innerText : null', $css);
}

sub texts {
    my ($self, $css) = @_;
    return @{ $self->script(
        'return [...document.querySelectorAll(arguments[0])]'
            . '.filter((e) => e.checkVisibility()).map((e) => e.innerText)',
        $css) };
}

sub click {
    my ($self, $css) = @_;
    my $found = $self->_do(POST => '/element',
        { using => 'css selector', value => $css });
    $self->_do(POST => '/element/' . (values %$found)[0] . '/click');
}

# Types on whatever has the focus: letters, or the name of a key.
sub keys {
    my ($self, @words) = @_;
    my @strokes = map { $keys{$_} // split // } @words;

    $self->_do(POST => '/actions', {
        actions => [{
            type    => 'key',
            id      => 'keyboard',
            actions => [map { ({ type => 'keyDown', value => $_ },
                { type => 'keyUp', value => $_ }) } @strokes],
        }]
    });
    return $self;
}

# Chromium's own protocol.
sub devtools {
    my ($self, $command, $parameters) = @_;
    return $self->_do(POST => '/goog/cdp/execute',
        { cmd => $command, params => $parameters // {} });
}

sub wait_until {
    my ($self, $condition, $what) = @_;

    for (my $end = time + $patience; time < $end; sleep 0.05) {
        my $value = ref $condition ? $condition->()
            : $self->script("return $condition");
        return $value if $value;
    }
    croak "waited $patience s for $what; the page says:\n"
        . encode_utf8($self->script('return document.body.innerText')) . "\n"
        . join("\n", $self->complaints);
}

# Until there is such an element, with such a text where one is named.
sub wait_for {
    my ($self, $css, $what, $pattern) = @_;

    return $self->wait_until(sub {
        my $text = $self->text($css);
        defined $text && (!defined $pattern || $text =~ $pattern);
    }, $what);
}

# What the page's console complained of since the last time.
sub complaints {
    my ($self) = @_;
    my $log = $self->_do(POST => '/se/log', { type => 'browser' });
    return map { "$_->{level}: $_->{message}" }
        grep { $_->{level} =~ /SEVERE|WARNING/ } @$log;
}

# What axe-core finds wrong for who sees, hears or moves differently, a line a
# finding; undef where it is not installed (.ci/deps test).
sub barriers {
    my ($self) = @_;
    my $path = axe() or return;

    if (!$self->script('return Boolean(window.axe)')) {
        open my $file, '<:encoding(UTF-8)', $path or die "$path: $!\n";
        my $axe = do { local $/; <$file> };
        $self->script("$axe\nwindow.axe = axe;");
    }
    return $self->_do(POST => '/execute/async',
        { args => [], script => <<'END' });
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then((found) => done(
    found.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + v.help
        + ': ' + n.html.slice(0, 120))).join('\n')));
END
}

# Where axe-core is; '' where it is not.
sub axe {
    my $cache = $ENV{XDG_CACHE_HOME} // ($ENV{HOME} // '') . '/.cache';
    my ($path) = grep { -e } map { "$_/node_modules/axe-core/axe.min.js" }
        "$cache/triage", '/usr/local/lib', '/usr/lib';
    return $path // '';
}

sub size {
    my ($self, $width, $height, $scale, $is_mobile) = @_;
    $self->devtools('Emulation.setDeviceMetricsOverride', {
        width => $width, height => $height,
        deviceScaleFactor => $scale // 1,
        mobile => $is_mobile ? JSON::PP::true : JSON::PP::false,
    });
}

sub screenshot {
    my ($self, $path) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    print {$file} decode_base64($self->_do(GET => '/screenshot'));
    close $file or die "$path: $!\n";
}

sub quit {
    my ($self) = @_;
    my $id = delete $self->{id} or return;
    eval { _http('DELETE', "/session/$id") } if $driver;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $!, $@);
    $self->quit if $driver && $driver->{owner} == $$;
}

1;
