/*
 * The leads' page: tiles of numbers, and plots.  Queues that have targets of
 * fifteen minutes and of a day do not fit on one scale, so each has a row of
 * its own; what a row shows is in its label, its shape and a table, never in
 * a colour alone.
 */
'use strict';

const percent = (share) => (share === null || share === undefined ? '–' : `${Math.round(share * 100)}%`);
const HOUR = 3600000;
const FEW_ANSWERS = 5;   // say little: drawn hollow
const STEPS = [1, 10, 60, 300, 900, 3600, 4 * 3600, 86400, 7 * 86400, 30 * 86400];

/* In words, for axes and tiles. */
function about(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const s = Math.abs(seconds);
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400 && s !== 3600) return `${Math.round(s / 60)} min`;
  if (s < 48 * 3600 && s !== 86400) return `${Number((s / 3600).toFixed(s < 36000 ? 1 : 0))} h`;
  return `${Number((s / 86400).toFixed(s < 10 * 86400 ? 1 : 0))} d`;
}

/* From one to the other, the unit once where it is the same. */
function aboutBoth(from, to) {
  const [number, unit] = about(from).split(' ');
  return `${about(to).endsWith(` ${unit}`) ? number : about(from)} to ${about(to)}`;
}

/* The bounds of a share that so many say something about (Wilson, 95%). */
function boundsOf(share, n) {
  const z = 1.96, z2 = z * z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = z / (1 + z2 / n) * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const sum = (rows, of) => rows.reduce((total, row) => total + of(row), 0);

/* --- drawing -------------------------------------------------------------- */

/* An svg as wide as there is room, so that its letters have their size. */
function canvas(height, label) {
  const columns = matchMedia('(min-width: 66rem)').matches ? 2 : 1;
  const room = byId('plots').clientWidth / columns - 48;
  const W = Math.round(Math.max(250, Math.min(760, room)));
  const node = el('svg', { viewBox: `0 0 ${W} ${height}`, role: 'img', 'aria-label': `${label}; the table below has the numbers` });
  return {
    W, node,
    add(tag, props, ...children) { const made = el(tag, props, ...children); node.append(made); return made; },
    text(x, y, text, props) { return this.add('text', { x, y, ...props }, text); },
    line(kind, x1, y1, x2, y2) { return this.add('line', { class: kind, x1, y1, x2, y2 }); },
  };
}

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
const fix = (v) => v.toFixed(1);

/* Midnights and hours below a plot, as many as there is room for. */
function timeAxis(c, y, from, to, x) {
  const room = Math.max(2, Math.floor((x(to) - x(from)) / 62));
  const hours = (to - from) / HOUR;
  const every = [1, 2, 3, 6, 12, 24, 48, 120, 240].find((step) => hours / step <= room) || 240;
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  if (every >= 24) first.setHours(0);
  for (let t = first.getTime(), n = 0; t <= to; t += HOUR, n++) {
    const date = new Date(t);
    if (t < from || (every < 24 ? date.getHours() % every : n % every)) continue;
    const isDay = every >= 24 || date.getHours() === 0;
    c.line('tick', x(t), y, x(t), y + 4);
    c.text(clamp(x(t), x(from) + 12, x(to) - 12), y + 16, isDay
      ? date.toLocaleDateString([], { day: 'numeric', month: 'short' })
      : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }), { 'text-anchor': 'middle', class: isDay ? 'day' : '' });
  }
}

/* Pieces of a line without gaps of more than `gap`. */
function pieces(points, gap) {
  const all = [];
  for (const point of points) {
    const last = all[all.length - 1];
    if (last && point.t - last[last.length - 1].t <= gap) last.push(point); else all.push([point]);
  }
  return all;
}

const path = (points, x, y) => points.map((p, i) => `${i ? 'L' : 'M'}${fix(x(p))} ${fix(y(p))}`).join('');

function panel(title, hint, body, legend, head, rows) {
  return el('section', { class: 'plot', 'aria-label': title }, el('h2', {}, title), el('p', { class: 'hint' }, hint), body,
    legend && legend.length ? el('ul', { class: 'legend', 'aria-hidden': 'true' },
      ...legend.map(([kind, text]) => el('li', {}, el('i', { class: kind }), text))) : null,
    rows.length ? el('details', { 'data-key': title }, el('summary', {}, 'As a table'),
      el('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table` }, el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, ...head.map((h) => el('th', { scope: 'col' }, h)))),
        el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell, i) => (i ? el('td', {}, cell) : el('th', { scope: 'row' }, cell))))))))) : null);
}

const nothing = (text) => el('p', { class: 'nothing' }, text);

/* --- the page ------------------------------------------------------------- */

const leads = {
  seen: null, isDrawn: '',

  async look() {
    const get = (name, args) => server.look(name, args).catch((error) => {
      if (error.status === 403 && error.code === 'database') return null; // not for this role
      if (error.status === 500) return null;
      throw error;
    });
    const [now, times, fair, forecast, news, picks, who] = await Promise.all([
      get('queues'), get('response_time', { hours: 48 }), get('fairness'), get('forecast'), get('alerts'), get('picked'), get('agents')]);
    this.seen = { now, times, fair, forecast, news, picks, who };
    this.draw();
  },

  draw() {
    if (!this.seen) return;
    const { now, times, fair, forecast, news, picks, who } = this.seen;
    const latest = now || times || forecast || news;
    setText(byId('leads-as-of'), latest ? `As of ${at(latest.now)}, in your time.` : '');
    const shape = JSON.stringify([now && now.queues, times && times.hours, fair, forecast && [forecast.forecast, forecast.record],
      news && [news.spikes, news.alerts], picks && picks.agents, who && who.agents, byId('plots').clientWidth]);
    if (this.isDrawn === shape) return;
    this.isDrawn = shape;
    this.order = now ? now.queues.map((q) => q.queue) : [];
    this.targets = new Map((now ? now.queues : []).map((q) => [q.queue, q.target]));
    if (now) this.drawTiles(now, forecast);
    const kept = byId('plots').contains(document.activeElement) ? document.activeElement.closest('details') : null;
    const open = new Set([...byId('plots').querySelectorAll('details[open]')].map((d) => d.dataset.key));
    byId('plots').replaceChildren(...[
      times && this.waits(times), times && this.shares(times), forecast && this.held(forecast),
      forecast && times && this.expected(forecast, times), fair && this.fairness(fair),
      el('div', { class: 'stack' }, news && this.alerts(news), who && this.agents(who, picks))].filter(Boolean));
    for (const d of byId('plots').querySelectorAll('details')) {
      d.open = open.has(d.dataset.key);
      if (kept && d.dataset.key === kept.dataset.key) d.firstElementChild.focus({ preventScroll: true });
    }
  },

  drawTiles(now, forecast) {
    const by = new Map((forecast ? forecast.forecast : []).map((f) => [f.queue, f]));
    const pair = (name, value, isBad) => [el('dt', {}, name), el('dd', isBad ? { class: 'late' } : {}, value)];
    byId('tiles').replaceChildren(...now.queues.map((q) => {
      const f = by.get(q.queue);
      const hasForecast = f && f.wait_p90 !== null;
      return el('section', { class: 'tile', 'aria-label': q.queue }, el('h2', {}, el('bdi', {}, q.queue)),
        el('p', { class: 'sum' }, el('b', {}, q.length.toLocaleString()), ' waiting',
          q.late ? el('span', { class: 'late' }, `${q.late.toLocaleString()} late`) : null),
        el('dl', {},
          ...pair('target', about(q.target)),
          ...pair('next due has waited', q.length ? about(q.oldest_wait) : '–', q.length && q.oldest_wait > q.target),
          ...pair('in time, 24 h', percent(q.share_in_time)),
          ...(f ? [...pair('who writes now waits', hasForecast ? aboutBoth(f.wait_p50, f.wait_p90) : 'not known yet',
            hasForecast && f.wait_p90 > q.target),
          ...pair('in and out an hour', `${Math.round(f.arrivals_per_hour || 0)} · ${Math.round(f.answers_per_hour || 0)}`)] : [])));
    }));
  },

  /* The queues that rows are of, in the order of the tiles. */
  byQueue(rows) {
    const queues = new Map();
    for (const row of rows) {
      if (!queues.has(row.queue)) queues.set(row.queue, []);
      queues.get(row.queue).push(row);
    }
    const rank = (queue) => { const i = this.order.indexOf(queue); return i < 0 ? 999 : i; };
    return [...queues].sort((a, b) => rank(a[0]) - rank(b[0]) || a[0].localeCompare(b[0]));
  },

  span(times) {
    const to = Date.parse(times.now);
    return { from: Math.min(to - 6 * HOUR, ...times.hours.map((h) => Date.parse(h.hour))), to };
  },

  /* A row a queue: its name and a summary above, a plot below. */
  rows(label, queues, { height, from, to, left, draw, summary }) {
    const each = height + 44;
    const c = canvas(queues.length * each + 6, label);
    const x = (t) => left + clamp((t - from) / (to - from), 0, 1) * (c.W - left - 8);
    queues.forEach(([queue, rows], i) => {
      const top = i * each + 28;
      c.text(0, top - 15, queue, { class: 'name' });
      c.text(c.W, top - 15, summary(queue, rows), { 'text-anchor': 'end' });
      draw({ c, x, top, bottom: top + height, right: c.W - 8, left, queue, rows });
    });
    timeAxis(c, (queues.length - 1) * each + 28 + height, from, to, x);
    return c.node;
  },

  waits(times) {
    const title = 'How long customers waited';
    const hint = 'By the hour in which they were answered, the last two days. The scale is of powers: each line up is several times longer.';
    const queues = this.byQueue(times.hours);
    if (queues.length === 0) return panel(title, hint, nothing('Nobody was answered in the last two days.'), [], [], []);
    const { from, to } = this.span(times);
    const log = (s) => Math.log10(Math.max(s, 1));
    const body = this.rows('Waits by hour and queue', queues, { height: 84, from, to, left: 46,
      summary: (queue, rows) => { const n = sum(rows, (h) => h.responses); const target = this.targets.get(queue); return `${n.toLocaleString()} ${n === 1 ? 'answer' : 'answers'}${target ? `, target ${about(target)}` : ''}`; },
      draw: ({ c, x, top, bottom, right, left, queue, rows }) => {
        const target = this.targets.get(queue);
        const low = [...STEPS].reverse().find((s) => s <= Math.min(target || Infinity, ...rows.map((h) => h.p50))) || 1;
        const most = Math.max(target || 0, ...rows.map((h) => h.p90));
        const high = STEPS.find((s) => s >= most && s > low) || most;
        const y = (s) => bottom - (log(clamp(s, low, high)) - log(low)) / (log(high) - log(low)) * (bottom - top);
        const marks = STEPS.filter((s) => s >= low && s <= high);
        const step = Math.ceil(marks.length / 4);
        marks.forEach((s, i) => {
          c.line('grid', left, y(s), right, y(s));
          if ((marks.length - 1 - i) % step === 0) c.text(left - 6, y(s) + 4, about(s), { 'text-anchor': 'end' });
        });
        const points = rows.map((h) => ({ t: Math.min(to, Date.parse(h.hour) + HOUR / 2), ...h })).sort((a, b) => a.t - b.t);
        for (const piece of pieces(points, 3 * HOUR)) {
          c.add('path', { class: 'band', d: `${path(piece, (p) => x(p.t), (p) => y(p.p90))}${path([...piece].reverse(), (p) => x(p.t), (p) => y(p.p50)).replace('M', 'L')}Z` });
          c.add('path', { class: 'thin', d: path(piece, (p) => x(p.t), (p) => y(p.p90)) });
          c.add('path', { class: 'main', d: path(piece, (p) => x(p.t), (p) => y(p.p50)) });
          if (piece.length === 1) c.line('thin', x(piece[0].t), y(piece[0].p50), x(piece[0].t), y(piece[0].p90));
        }
        if (target) c.line('goal', left, y(target), right, y(target));
        for (const p of points) {
          const few = p.responses < FEW_ANSWERS;
          c.add('circle', { class: few ? 'dot few' : 'dot', cx: fix(x(p.t)), cy: fix(y(p.p50)), r: 2.6 },
            el('title', {}, `${at(p.hour)}: half waited ${about(p.p50)}, nine of ten ${about(p.p90)}, of ${p.responses}`));
        }
      } });
    return panel(title, hint, body, [['key main', 'half waited no longer'], ['key band', 'up to nine of ten'], ['key few', `fewer than ${FEW_ANSWERS} answers`], ['key goal', 'target']],
      ['hour', 'queue', 'answers', 'half', 'nine of ten'],
      times.hours.map((h) => [at(h.hour), h.queue, String(h.responses), about(h.p50), about(h.p90)]).reverse());
  },

  shares(times) {
    const title = 'Answered in time';
    const { from, to } = this.span(times);
    const width = (to - from > 24 * HOUR ? 4 : 1) * HOUR; // one answer is no share
    const hint = `The share of answers that kept their deadline, by ${width > HOUR ? 'four hours' : 'hour'}.`;
    const queues = this.byQueue(times.hours);
    if (queues.length === 0) return panel(title, hint, nothing('Nobody was answered in the last two days.'), [], [], []);
    const start = Math.floor(from / width) * width;
    const body = this.rows('Share in time by queue', queues, { height: 84, from: start, to: Math.ceil(to / width) * width, left: 46,
      summary: (queue, rows) => { const n = sum(rows, (h) => h.responses); return `${percent(sum(rows, (h) => h.share_in_time * h.responses) / n)} of ${n.toLocaleString()}`; },
      draw: ({ c, x, top, bottom, right, left, rows }) => {
        const y = (share) => bottom - share * (bottom - top);
        for (const share of [0, 0.5, 1]) {
          c.line('grid', left, y(share), right, y(share));
          c.text(left - 6, y(share) + 4, percent(share), { 'text-anchor': 'end' });
        }
        const spans = new Map();
        for (const h of rows) {
          const t = Math.floor(Date.parse(h.hour) / width) * width;
          const one = spans.get(t) || { n: 0, kept: 0 };
          spans.set(t, { n: one.n + h.responses, kept: one.kept + h.share_in_time * h.responses });
        }
        for (const [t, { n, kept }] of spans) {
          const share = kept / n;
          const kind = `${share < 0.9 ? 'missed' : 'met'}${n < FEW_ANSWERS ? ' few' : ''}`;
          const w = Math.max(2, x(t + width) - x(t) - 3);
          c.add('rect', { class: kind, x: fix(x(t) + 1.5), y: fix(Math.min(y(share), bottom - 1.5)), width: fix(w), height: fix(Math.max(1.5, bottom - y(share))), rx: 1.5 },
            el('title', {}, `from ${at(t)}: ${percent(share)} of ${n}`));
          if (share < 0.9 && w > 22) c.text(x(t) + 1.5 + w / 2, Math.max(top + 9, y(share) - 3), percent(Math.floor(share * 100) / 100), { 'text-anchor': 'middle', class: 'on' });
        }
        c.line('goal', left, y(0.9), right, y(0.9));
      } });
    return panel(title, hint, body, [['key met', 'nine of ten or more'], ['key missed', 'fewer: the share is written'], ['key few', `fewer than ${FEW_ANSWERS} answers`], ['key goal', 'nine of ten']],
      ['hour', 'queue', 'answers', 'in time'],
      times.hours.map((h) => [at(h.hour), h.queue, String(h.responses), percent(h.share_in_time)]).reverse());
  },

  held(forecast) {
    const title = 'Forecast against what happened';
    const hint = 'How often customers waited no longer than the published “nine of ten”, by day. It should be about nine of ten: the band is from 85 to 95 of a hundred.';
    const judged = forecast.record.filter((r) => r.published > 0);
    if (judged.length === 0) return panel(title, hint, nothing('No forecast was judged yet: it takes a day of answers.'), [], [], []);
    const days = judged.map((r) => Date.parse(r.day));
    const from = Math.min(Math.min(...days), Math.max(...days) - 6 * 24 * HOUR) - 12 * HOUR, to = Math.max(...days) + 12 * HOUR;
    const least = Math.min(0.8, ...judged.map((r) => r.held / r.published));
    const low = Math.max(0, Math.floor(least * 10 - 0.01) / 10);
    const body = this.rows('Share of forecasts that held by day and queue', this.byQueue(judged), { height: 84, from, to, left: 46,
      summary: (queue, rows) => `held ${percent(sum(rows, (r) => r.held) / sum(rows, (r) => r.published))} of ${sum(rows, (r) => r.published).toLocaleString()}`,
      draw: ({ c, x, top, bottom, right, left, rows }) => {
        const y = (share) => bottom - (clamp(share, low, 1) - low) / (1 - low) * (bottom - top);
        c.add('rect', { class: 'good', x: left, y: fix(y(0.95)), width: right - left, height: fix(y(0.85) - y(0.95)) });
        for (const share of [low, (1 + low) / 2, 1]) {
          c.line('grid', left, y(share), right, y(share));
          c.text(left - 6, y(share) + 4, percent(share), { 'text-anchor': 'end' });
        }
        c.line('goal', left, y(0.9), right, y(0.9));
        const points = rows.map((r) => ({ t: Date.parse(r.day), share: r.held / r.published, n: r.published, day: r.day })).sort((a, b) => a.t - b.t);
        for (const piece of pieces(points, 36 * HOUR)) c.add('path', { class: 'main', d: path(piece, (p) => x(p.t), (p) => y(p.share)) });
        for (const p of points) {
          c.add('circle', { class: p.n < 20 ? 'dot few' : 'dot', cx: fix(x(p.t)), cy: fix(y(p.share)), r: 2.6 },
            el('title', {}, `${p.day}: held ${percent(p.share)} of ${p.n}`));
        }
      } });
    return panel(title, hint, body, [['key main', 'held'], ['key good', '85 to 95 of a hundred'], ['key few', 'fewer than 20 judged'], ['key goal', 'nine of ten']],
      ['day', 'queue', 'judged', 'held'],
      forecast.record.map((r) => [r.day, r.queue, String(r.published), r.published ? percent(r.held / r.published) : '–']).reverse());
  },

  /* What is published now beside what the last day's answers waited. */
  expected(forecast, times) {
    const title = 'What is published now';
    const hint = 'What who writes now will wait, and what the last 24 hours were, from half to nine of ten; in targets of the queue.';
    const day = Date.parse(times.now) - 24 * HOUR;
    const queues = this.byQueue(forecast.forecast.filter((f) => f.wait_p90 !== null)).map(([, [f]]) => {
      const hours = times.hours.filter((h) => h.queue === f.queue && Date.parse(h.hour) > day);
      const n = sum(hours, (h) => h.responses);
      return { ...f, was: n ? sum(hours, (h) => h.p50 * h.responses) / n : null, was90: n ? Math.max(...hours.map((h) => h.p90)) : null };
    });
    if (queues.length === 0) return panel(title, hint, nothing('No forecast yet: the first comes after a minute.'), [], [], []);
    const end = 3, each = 62, left = 46;
    const c = canvas(queues.length * each + 26, 'Expected and past waits by queue');
    const x = (v, target) => left + clamp(v / target, 0, end) / end * (c.W - left - 16);
    const bottom = queues.length * each;
    for (const n of [0, 1, 2, 3]) {
      c.line(n === 1 ? 'goal' : 'grid', x(n, 1), 18, x(n, 1), bottom);
      c.text(x(n, 1), bottom + 16, n === 0 ? '0' : n === 1 ? 'target' : `${n} targets`, { 'text-anchor': n === 3 ? 'end' : 'middle' });
    }
    queues.forEach((f, i) => {
      const top = i * each + 18;
      c.text(0, top - 6, f.queue, { class: 'name' });
      c.text(c.W, top - 6, `${aboutBoth(f.wait_p50, f.wait_p90)}, target ${about(f.target)}`, { 'text-anchor': 'end' });
      const draw = (name, from, to, y, kind) => {
        c.text(left - 6, y + 4, name, { 'text-anchor': 'end' });
        if (from === null) { c.text(left + 4, y + 4, 'nobody was answered'); return; }
        c.add('line', { class: kind, x1: fix(x(from, f.target)), x2: fix(Math.max(x(from, f.target) + 1, x(to, f.target))), y1: y, y2: y },
          el('title', {}, `${name}: half ${about(from)}, nine of ten ${about(to)}`));
        c.add('circle', { class: `${kind} half`, cx: fix(x(from, f.target)), cy: y, r: 4.5 });
        if (to > end * f.target) c.add('path', { class: `${kind} beyond`, d: `M${c.W - 14} ${y - 5}l9 5l-9 5z` }, el('title', {}, `up to ${about(to)}`));
      };
      draw('now', f.wait_p50, f.wait_p90, top + 10, 'range');
      draw('24 h', f.was, f.was90, top + 28, 'range past');
    });
    return panel(title, hint, c.node, [['key range', 'now: half, up to nine of ten'], ['key range past', 'the last 24 hours'], ['key goal', 'target']],
      ['queue', 'now, half', 'nine of ten', '24 h, half', 'nine of ten', 'target'],
      queues.map((f) => [f.queue, about(f.wait_p50), about(f.wait_p90), about(f.was), about(f.was90), about(f.target)]));
  },

  alerts(news) {
    const list = el('ol', { class: 'news' }, ...news.spikes.map((s) => el('li', {}, el('span', { class: 'tag bad' }, `unusual ${s.kind}`),
      el('bdi', {}, s.subject), el('span', {}, `${s.messages} in ten minutes, usual ${Math.round(s.expected)}`),
      el('span', { class: 'when' }, `since ${at(s.began_at)}`))),
    ...news.alerts.slice(0, 12).map((a) => el('li', {},
      el('span', { class: a.kind === 'warning' ? 'tag public' : 'tag bad' }, a.kind),
      el('a', { href: `#/c/${a.conversation_id}` }, el('bdi', {}, a.to_queue ? `${a.queue} → ${a.to_queue}` : a.queue)),
      el('span', {}, `${a.platform}, due ${at(a.due_at)}`),
      el('span', { class: 'when' }, a.waiting ? 'still waits' : 'over'))));
    const isQuiet = news.spikes.length + news.alerts.length === 0;
    const hint = `Spikes that go on, and the last 24 hours' warnings and escalations${news.alerts.length > 12 ? `, the latest 12 of ${news.alerts.length}` : ''}.`;
    return panel('What is unusual', hint, isQuiet ? nothing('Nothing: no spike, no warning, no escalation.') : list, [], [], []);
  },

  /* Who answers, and who chose past others. */
  agents({ agents }, picks) {
    const title = 'Who answers';
    const hint = 'Who is here, who holds how much, and who claimed by name past others who were due before, the last seven days.';
    const chose = new Map((picks ? picks.agents : []).map((p) => [p.agent, p]));
    const known = new Set(agents.map((a) => a.agent));
    const rows = [...agents, ...[...chose.values()].filter((p) => !known.has(p.agent)).map((p) => ({ agent: p.agent, present_until: null, held: 0, capacity: null }))]
      .map((a) => ({ ...a, ...(chose.get(a.agent) || { picks: 0, out_of_order: 0, most: 0 }) }))
      .sort((a, b) => Number(isHere(b)) - Number(isHere(a)) || b.held - a.held || a.agent.localeCompare(b.agent));
    if (rows.length === 0) return panel(title, hint, nothing('Nobody yet: an agent is known who is here, or holds something.'), [], [], []);
    const past = (a) => (a.out_of_order ? `${a.out_of_order} of ${a.picks}, past ${a.most < 100 ? a.most : '100 or more'}` : a.picks ? `0 of ${a.picks}` : '–');
    return panel(title, hint, el('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table` }, el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, ...['agent', 'here until', 'holds', 'claimed out of order'].map((h) => el('th', { scope: 'col' }, h)))),
      el('tbody', {}, ...rows.map((a) => el('tr', {}, el('th', { scope: 'row' }, el('bdi', {}, a.agent)),
        el('td', {}, isHere(a) ? at(a.present_until) : 'away'), el('td', {}, `${a.held}${a.capacity === null ? '' : ` of ${a.capacity}`}`),
        el('td', a.out_of_order ? { class: 'on' } : {}, past(a))))))), [], [], []);
  },

  fairness(fair) {
    const title = 'The same for everybody?';
    const hint = 'Answered in time, the last 30 days, by group, with what so few answers leave open (95 of a hundred). Groups whose line misses the dashed one differ from the whole.';
    const names = { platform: 'platform', language: 'language', followers: 'followers, by fifths' };
    const rows = fair.groups.filter((g) => g.share_in_time !== null);
    if (rows.length === 0) return panel(title, hint, nothing('Nobody was answered in the last 30 days.'), [], [], []);
    const nameOf_ = (g) => (g.dimension !== 'followers' || g.value === 'unknown' ? g.value
      : g.value === '1' ? '1, the fewest' : g.value === '5' ? '5, the most' : g.value);
    const inOrder = (d, groups) => (d === 'followers' ? groups.sort((a, b) => a.value.localeCompare(b.value)) : groups);
    const blocks = Object.keys(names).map((d) => [d, inOrder(d, rows.filter((g) => g.dimension === d).slice(0, 8))]).filter(([, g]) => g.length);
    const all = rows.filter((g) => g.dimension === 'platform');
    const whole = sum(all, (g) => g.share_in_time * g.responses) / Math.max(1, sum(all, (g) => g.responses));
    const low = Math.floor(Math.min(0.8, ...blocks.flatMap(([, gs]) => gs.map((g) => boundsOf(g.share_in_time, g.responses)[0]))) * 10) / 10;
    const each = 19, left = 104, end = 88;
    const height = sum(blocks, ([, g]) => 28 + g.length * each);
    const c = canvas(height + 24, 'Share in time by group');
    const x = (share) => left + (clamp(share, low, 1) - low) / (1 - low) * (c.W - left - end);
    for (const share of [low, (low + 1) / 2, 1]) {
      c.line('grid', x(share), 8, x(share), height);
      c.text(x(share), height + 16, percent(share), { 'text-anchor': 'middle' });
    }
    c.line('goal', x(whole), 8, x(whole), height);
    let top = 0;
    for (const [dimension, groups] of blocks) {
      c.text(0, top + 20, names[dimension], { class: 'name' });
      top += 28;
      for (const g of groups) {
        const [from, to] = boundsOf(g.share_in_time, g.responses);
        const isOff = whole < from || whole > to;
        c.text(left - 8, top + 11, nameOf_(g), { 'text-anchor': 'end', class: isOff ? 'on' : '' });
        c.line(isOff ? 'range off' : 'range', fix(x(from)), top + 7, fix(Math.max(x(to), x(from) + 1)), top + 7);
        c.add('circle', { class: isOff ? 'range off half' : 'range half', cx: fix(x(g.share_in_time)), cy: top + 7, r: 4 },
          el('title', {}, `${nameOf_(g)}: ${percent(g.share_in_time)} of ${g.responses}`));
        c.text(c.W, top + 11, `${percent(g.share_in_time)} of ${g.responses.toLocaleString()}`, { 'text-anchor': 'end', class: isOff ? 'on' : '' });
        top += each;
      }
    }
    return panel(title, hint, c.node, [['key range', 'like the whole'], ['key range off', 'differs from it'], ['key goal', `all: ${percent(whole)}`]],
      ['group', 'value', 'answers', 'half', 'nine of ten', 'in time', 'wait / target'],
      rows.map((g) => [names[g.dimension] || g.dimension, nameOf_(g), g.responses.toLocaleString(), about(g.p50), about(g.p90), percent(g.share_in_time),
        g.stretch === null ? '–' : g.stretch.toFixed(2)]));
  },
};

/* Wider or narrower: the letters keep their size. */
new ResizeObserver(() => { if (state.page === 'leads') leads.draw(); }).observe(document.getElementById('plots'));
