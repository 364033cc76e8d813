package Triage::Sign;

# Signs as the platforms do, with Perl's own digests: what the module checks
# is not checked with the module's own code.

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex hmac_sha256_base64);
use Exporter qw(import);

our @EXPORT = qw(meta_headers x_headers);

sub meta_headers {
    my ($secret, $body) = @_;
    return ('X-Hub-Signature-256' => 'sha256='
            . hmac_sha256_hex($body, $secret));
}

sub x_headers {
    my ($secret, $body) = @_;
    return ('x-twitter-webhooks-signature' => 'sha256='
            . hmac_sha256_base64($body, $secret) . '=');
}

1;
