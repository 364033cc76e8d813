create or replace function triage_data.log_of(count numeric)
returns bigint
language sql
immutable
parallel safe
return (select (b.bits * 1000 + (n.number - (1::bigint << b.bits)) * 1000
                                / (1::bigint << b.bits)) * 693 / 1000
          from (select least(greatest(count, 0) + 1, 1::bigint << 40)::bigint)
               as n(number)
         cross join lateral (
               select length(ltrim(n.number::bit(64)::text, '0')) - 1)
               as b(bits));

comment on function triage_data.log_of(numeric) is
'ln(1 + count) in thousandths, by straight lines between powers of two, as src/score/visibility.c has it.';
