create or replace function triage_data.blank(
       platform text,
       oldest timestamptz,
       names_only boolean)
returns int
language plpgsql
as $$
#variable_conflict use_column
declare
    blanked int;
begin
    update triage_data.delivery as d
       set raw = null,
           has_erased = true
     where d.received_at < blank.oldest
       and d.raw is not null
       and d.delivery_id in (select m.delivery_id
                               from triage_data.message as m
                              where m.platform = blank.platform
                                and m.received_at < blank.oldest);
    delete from triage_data.dead_letter as l
     where l.platform = blank.platform
       and l.received_at < blank.oldest;

    update triage_data.fair_answer as f
       set followers = null
      from triage_data.message as m
     where f.followers is not null
       and f.platform = blank.platform
       and m.message_no = f.message_no
       and m.received_at < blank.oldest;

    if blank.names_only then
        update triage_data.message as m
           set author_name = null,
               author_handle = null,
               author_followers = null,
               author_verified = null
         where m.platform = blank.platform
           and m.received_at < blank.oldest
           and (m.author_name is not null
                or m.author_handle is not null
                or m.author_followers is not null
                or m.author_verified is not null);
        get diagnostics blanked = row_count;
        return blanked;
    end if;

    -- Conversations first, by the messages that keep them.
    delete from triage_data.conversation as c
     where c.platform = blank.platform
       and c.waiting_since is null
       and c.answered_through < blank.oldest
       and not exists (select
                         from triage_data.promise as p
                        where p.conversation_id = c.conversation_id
                          and p.kept_at is null)
       and not exists (select
                         from triage_data.message as m
                        where m.conversation_id = c.conversation_id
                          and m.received_at >= blank.oldest);
    delete from triage_data.handoff as h
     where h.platform = blank.platform
       and h.due_at < blank.oldest;
    update triage_data.correction as k
       set why = 'retained'
      from triage_data.message as m
     where m.message_no = k.message_no
       and m.platform = blank.platform
       and m.received_at < blank.oldest
       and k.why <> 'retained';

    update triage_data.message as m
       set text = null,
           deleted_at = coalesce(m.deleted_at, triage.now()),
           author_id = null,
           author_name = null,
           author_handle = null,
           author_followers = null,
           author_verified = null,
           engagement = null,
           terms = null
     where m.platform = blank.platform
       and m.received_at < blank.oldest
       and (m.text is not null
            or m.author_id is not null
            or m.author_name is not null
            or m.author_handle is not null
            or m.author_followers is not null
            or m.author_verified is not null
            or m.engagement is not null
            or m.terms is not null);
    get diagnostics blanked = row_count;
    return blanked;
end
$$;

comment on function triage_data.blank(text, timestamptz, boolean) is
'Forgets what people said on a platform, and who they were, or only who they were; what is left keeps its identity and its clocks.  Returns of how many messages.';
