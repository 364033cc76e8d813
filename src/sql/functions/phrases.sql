create or replace function triage_data.phrases(text text)
returns text[]
language plpgsql
immutable
parallel safe
as $$
declare
    -- Of the first fifty words or so.
    words constant text[] := regexp_split_to_array(
        lower(left(phrases.text, 400)), '[^[:alpha:]]+');
    word text;
    previous text := '';
    found text[] := '{}';
begin
    if words is null then
        return '{}';
    end if;

    foreach word in array words loop
        continue when word = '';
        if length(word) between 6 and 40 and word <> all (found) then
            found := found || word;
        end if;
        if length(previous) + length(word) between 6 and 60
           and previous <> ''
           and previous || ' ' || word <> all (found) then
            found := found || (previous || ' ' || word);
        end if;
        previous := word;
    end loop;
    return found;
end
$$;

comment on function triage_data.phrases(text) is
'What can be a phrase that many say at once: long words and pairs of words, in small letters.';
