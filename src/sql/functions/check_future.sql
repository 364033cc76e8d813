create or replace function triage_data.check_future(
       doing text,
       at timestamptz)
returns void
language plpgsql
stable
as $$
begin
    if check_future.at is null or check_future.at <= triage.now() then
        raise exception 'cannot % %, which is past', check_future.doing,
              check_future.at
              using errcode = 'TR007';
    end if;
    if not isfinite(check_future.at) then
        raise exception 'cannot % %, which never comes', check_future.doing,
              check_future.at
              using errcode = 'TR007';
    end if;
end
$$;

comment on function triage_data.check_future(text, timestamptz) is
'TR007 unless a time is yet to come.';
