-- Made anew: who sees each queue that a spike is in sees the spike.
drop policy if exists allowed on triage_data.spike;
