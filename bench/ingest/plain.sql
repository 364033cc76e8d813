-- The minimal job's table: what a webhook receiver would keep without
-- conversations, clocks or queues.
create table plain (
       plain_id bigint generated always as identity primary key,
       platform text not null,
       external_id text not null,
       author text not null,
       text text not null,
       urgency smallint not null,
       visibility smallint not null,
       queue text not null,
       due_at timestamptz not null,
       raw jsonb not null,
       constraint plain_external_id_key unique (external_id)
);
