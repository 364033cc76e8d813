create or replace function triage_data.is_spike_allowed(
       allowed text[],
       brand text,
       queues text[])
returns boolean
language sql
immutable
parallel safe
return triage_data.is_allowed(is_spike_allowed.allowed,
                              is_spike_allowed.brand, null)
       or cardinality(is_spike_allowed.queues) > 0
          and not exists (
                  select
                    from unnest(is_spike_allowed.queues) as q(queue)
                   where not triage_data.is_allowed(
                                 is_spike_allowed.allowed,
                                 is_spike_allowed.brand, q.queue));

comment on function triage_data.is_spike_allowed(text[], text, text[]) is
'Whether a spike is among what triage_data.allowed says: the brand, or each queue that it is in.';
