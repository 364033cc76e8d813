-- Shorter terms: PostgreSQL reads them anew for each message.  Rows that are
-- there keep their list of named terms; triage_data.terms_of reads both.
comment on column triage_data.message.terms is
'The terms of the score, each signal on the side that it adds to, {"urgency": {"base": 25}, "visibility": {"audience": 33}}: they add up to it (triage_data.terms_of).';
