create or replace function triage_data.is_invited(
       platform text,
       brand text,
       customer text)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (select
                     from triage_data.handoff as h
                    where h.customer = is_invited.customer
                      and h.platform = is_invited.platform
                      and h.brand = is_invited.brand
                      and h.came_at is null);
end
$$;

comment on function triage_data.is_invited(text, text, text) is
'Whether a customer was invited to write in private and has not come yet.';
