create or replace function triage_data.bin(value double precision)
returns smallint
language sql
immutable
parallel safe
return (sign(bin.value) * 20 * ln(1 + abs(bin.value)))::int2;

comment on function triage_data.bin(double precision) is
'A whole number that never falls as the value grows: where to look for a percentile.';
