-- A long report holds views: an install gives up after a while, changing
-- nothing, rather than make everybody else wait behind it.
set local lock_timeout = '10s';
