create or replace function triage_data.let_go(agent text)
returns void
language plpgsql
as $$
begin
    update triage_data.conversation as c
       set kept_until = null,
           aside = true
     where c.conversation_id in (
           select k.conversation_id
             from triage_data.conversation as k
            where k.kept_for = let_go.agent
              and k.kept_until is not null
            order by k.conversation_id
              for update skip locked);
end
$$;

comment on function triage_data.let_go(text) is
'Keeps nothing for an agent any more.';
