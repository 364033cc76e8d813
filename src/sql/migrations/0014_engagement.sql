-- What is kept of engagement, and what reactions do.
comment on column triage_data.message.engagement is
'likes, replies, shares, stars, as far as known, the greatest that was told; rises: the queues that the routes name at a greater visibility.';
comment on column triage_data.message.visibility is
'0 to 100: how many will see whether the brand does; later engagement only raises it.';
comment on column triage_data.message.due_at is
'Its deadline, fixed at arrival; an edit, a correction or engagement may only bring it forward.  Null: it starts no wait.';
comment on column triage_data.message.kind is
'message, comment, mention and review start a wait; echo ends one; edit and delete change another message; reaction raises how far another is seen; other does nothing.';
