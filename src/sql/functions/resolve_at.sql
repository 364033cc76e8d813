create or replace function triage_data.resolve_at(
       queue text,
       since timestamptz,
       share numeric)
returns timestamptz
language plpgsql
stable
as $$
#variable_conflict use_column
begin
    return (
        select triage_data.due_after(
                   q.hours, resolve_at.since,
                   coalesce(1 - resolve_at.share * q.warn, 1) * q.resolve)
          from triage_data.queue as q
         where q.queue = resolve_at.queue
           and q.resolve is not null);
end
$$;

comment on function triage_data.resolve_at(text, timestamptz, numeric) is
'Until when a new conversation has to be closed, of which nothing was answered, by its only queue: 0; when its warning is due: 1.';
