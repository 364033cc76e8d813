create or replace view triage.agent as
select coalesce(a.agent, h.agent) as agent,
       case when (select triage_data.allowed()) is null
            then a.queues
            when a.queues is not null
            then array(select n.queue
                         from unnest(a.queues) with ordinality
                              as n(queue, place)
                        where triage_data.is_queue_allowed(
                                  (select triage_data.allowed()), n.queue)
                        order by n.place)
       end as queues,
       a.languages,
       a.capacity,
       coalesce(a.present_until > triage.now(), false) as present,
       case when a.present_until > triage.now() then a.present_until end
           as present_until,
       coalesce(h.held, 0) as held,
       (select count(*)
          from triage_data.conversation as k
         where k.kept_for = a.agent
           and k.kept_until > triage.now()) as kept
  from triage_data.agent as a
  full join (
       select c.claimed_by as agent, count(*) as held
         from triage_data.conversation as c
        where c.claimed_by is not null
          and c.lease_until > triage.now()
        group by c.claimed_by) as h
    on h.agent = a.agent;

comment on view triage.agent is
'Who answers: the agents that were defined, are there, or hold a conversation.';
comment on column triage.agent.agent is
'The name.';
comment on column triage.agent.queues is
'The queues that the agent is for, of those that are seen; null: all.';
comment on column triage.agent.languages is
'The languages that the agent speaks (ISO 639-1); null: all.';
comment on column triage.agent.capacity is
'How many conversations the agent holds at a time; null: any number.';
comment on column triage.agent.present is
'Whether the agent is there, as set_presence said.';
comment on column triage.agent.present_until is
'Until when; null: away.';
comment on column triage.agent.held is
'How many conversations the agent holds.';
comment on column triage.agent.kept is
'How many returning customers are kept for the agent.';
