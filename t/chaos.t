#!/usr/bin/perl
# The short form of `make chaos`: everything is broken once, and each 200 is a
# row all the same.  See bench/chaos/README.md.
use strict;
use warnings;

use FindBin;

exec "$FindBin::Bin/../bench/chaos/run", '--short', '--tap',
    '--seconds', 200
    or die "bench/chaos/run: $!\n";
