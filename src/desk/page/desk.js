/*
 * The desk's one script.  Other people's words are only ever text: nothing
 * here makes markup of a string.  The server is asked for the whole state
 * again whenever it says that something changed, so nothing is ever merged.
 */
'use strict';

const LOOK_EVERY = 20000;   // ms, if nothing is heard
const LOOK_APART = 900;     // ms between two looks
const SILENCE = 40000;      // ms without a heartbeat
const LONG = 1200;          // letters of a message that are shown at first
const SHOWN = 9;            // terms of a score, at first
const SOON = 30 * 60;       // s before a deadline, as the order of claims has it

const byId = (id) => document.getElementById(id);

/* el('a', { class: 'x', href: '#' }, 'text', node): strings become text. */
function el(tag, props, ...children) {
  const node = tag === 'svg' || el.svg.has(tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, call] of Object.entries(value)) node.addEventListener(event, call);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
el.svg = new Set(['g', 'path', 'line', 'rect', 'text', 'circle', 'title', 'desc']);

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/* --- the server ---------------------------------------------------------- */

class Refused extends Error {
  constructor(status, body) {
    super(body.error || `the server answered ${status}`);
    this.status = status;
    this.code = body.code || '';
  }
}

const server = {
  agent: '', token: '', offset: 0,

  async request(path, options) {
    let answer;
    try {
      answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
    } catch (error) {
      throw new Refused(0, { error: 'The server cannot be reached.', code: 'offline' });
    }
    let body = {};
    try { body = await answer.json(); } catch (error) { /* not ours */ }
    if (!answer.ok) throw new Refused(answer.status, body);
    if (body.now) this.offset = Date.parse(body.now) - Date.now();
    return body;
  },

  look(name, args) {
    const query = new URLSearchParams(args || {}).toString();
    return this.request(`api/${name}${query ? `?${query}` : ''}`);
  },

  async session() {
    const session = await this.look('session');
    this.agent = session.agent;
    this.token = session.token;
  },

  async change(name, args) {
    for (let again = true; ; again = false) {
      try {
        return await this.request(`api/${name}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Triage-Token': this.token },
          body: JSON.stringify(args || {}),
        });
      } catch (error) {
        if (!again || error.code !== 'token') throw error;
        await this.session(); // nginx has another configuration since
      }
    }
  },

  now() { return Date.now() + this.offset; },
};

/* --- times --------------------------------------------------------------- */

function span(seconds) {
  const s = Math.max(0, Math.floor(Math.abs(seconds)));
  const pad = (n) => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)}:${pad(s % 60)}`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ${pad(Math.floor(s / 60) % 60)} m`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/* In words, for axes and tiles. */
function about(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const s = Math.abs(seconds);
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400 && s !== 3600) return `${Math.round(s / 60)} min`;
  if (s < 48 * 3600) return `${Number((s / 3600).toFixed(s < 36000 ? 1 : 0))} h`;
  return `${Math.round(s / 86400)} d`;
}

function clockOf(due) {
  const left = (Date.parse(due) - server.now()) / 1000;
  if (left < 0) return { state: 'late', text: `late ${span(left)}` };
  return { state: left < SOON ? 'soon' : 'fine', text: span(left) };
}

function at(time) {
  const date = new Date(time);
  const today = new Date(server.now()).toDateString() === date.toDateString();
  return date.toLocaleString([], today
    ? { hour: '2-digit', minute: '2-digit' }
    : { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

function clock(due, label) {
  const node = el('span', { class: 'clock', 'data-due': due, title: `${label || 'due'} ${at(due)}` });
  tick(node);
  return node;
}

function tick(node) {
  const now = clockOf(node.dataset.due);
  setText(node, now.text);
  if (node.dataset.clock !== now.state) node.dataset.clock = now.state;
  const card = node.closest('.card');
  if (card && card.dataset.clock !== now.state) card.dataset.clock = now.state;
}

setInterval(() => { for (const node of document.querySelectorAll('.clock[data-due]')) tick(node); }, 1000);

/* --- saying so ----------------------------------------------------------- */

function say(text, isBad) {
  setText(byId('said'), '');
  setText(byId('said'), text);
  const toast = el('p', { class: isBad ? 'toast bad' : 'toast' }, text);
  byId('toasts').append(toast);
  setTimeout(() => toast.remove(), isBad ? 7000 : 3500);
}

function banner(text) {
  const node = byId('banner');
  node.hidden = !text;
  setText(node, text || '');
}

const words = (signal) => signal.replace(/^word:/, '').replace(/_/g, ' ');
const nameOfTerm = (signal) => (signal.startsWith('word:') ? `“${words(signal)}”` : words(signal));
const nameOf = (row) => row.author_name || row.author_handle || row.author_id || 'somebody';

/* --- the state ----------------------------------------------------------- */

const state = {
  queue: '', open: '', page: 'desk', inbox: null, due: null, conversation: null,
  known: null, isLooking: false, isDue: false, lookedAt: 0, timer: 0,
};

/* Looks again, not too often, and never twice at once. */
function look(isSoon) {
  if (state.isLooking) { state.isDue = true; return; }
  clearTimeout(state.timer);
  const wait = isSoon ? 0 : Math.max(0, state.lookedAt + LOOK_APART - Date.now());
  state.timer = setTimeout(lookNow, wait);
}

async function lookNow() {
  state.isLooking = true;
  state.isDue = false;
  state.lookedAt = Date.now();
  try {
    if (!server.token) await server.session();
    setText(byId('agent'), server.agent);
    if (state.page === 'leads') await leads.look();
    else await lookAtDesk();
    banner('');
  } catch (error) {
    failed(error);
  }
  state.isLooking = false;
  document.documentElement.dataset.looked = String(Number(document.documentElement.dataset.looked || 0) + 1);
  clearTimeout(state.timer);
  if (state.isDue) look();
  else state.timer = setTimeout(lookNow, byId('banner').hidden ? LOOK_EVERY : 3000);
}

function failed(error) {
  const since = state.inbox ? ` What you see is as of ${at(state.inbox.now)}.` : '';
  if (error.status === 401) banner('You are signed out: load the page again.');
  else if (error.status === 403) banner(error.message);
  else if (error.status === 503 || error.status === 0) {
    banner(`${error.status ? 'The database is away.' : error.message}${since} Trying again.`);
  } else banner(`${error.message}.${since}`);
}

async function lookAtDesk() {
  const open = state.open;
  const [inbox, due, conversation] = await Promise.all([
    server.look('inbox', state.queue ? { queue: state.queue } : {}),
    server.look('due'),
    open ? server.look('conversation', { conversation: open }) : null,
  ]);
  if (conversation) {
    const explained = conversation.history.find((event) => event.event === 'message'
      && event.message_no === conversation.explained);
    conversation.places = explained && !explained.deleted_at
      ? places(await marksOf(explained.text), conversation.terms) : [];
  }
  state.inbox = inbox;
  state.due = due;
  drawQueues(inbox);
  drawList(inbox, due);
  if (open === state.open && conversation) {
    state.conversation = conversation;
    drawConversation(conversation);
  }
}

/* --- the list ------------------------------------------------------------ */

function drawQueues(inbox) {
  const group = byId('queues');
  const all = inbox.queues.reduce((sum, q) => ({ length: sum.length + q.length, late: sum.late + q.late }),
    { length: 0, late: 0 });
  const wanted = [{ queue: '', ...all }, ...inbox.queues];
  keyed(group, wanted, (q) => q.queue, (q) => {
    const button = el('button', { type: 'button', on: { click: () => { state.queue = q.queue; look(true); } } },
      el('span', { class: 'q' }), el('span', { class: 'n' }), el('span', { class: 'late' }));
    return button;
  }, (button, q) => {
    button.setAttribute('aria-pressed', String(q.queue === state.queue));
    setText(button.children[0], q.queue || 'all');
    setText(button.children[1], String(q.length));
    setText(button.children[2], q.late ? `${q.late} late` : '');
  });
}

/* Keeps the nodes of rows that stay, so that focus and reading are not lost. */
function keyed(parent, rows, keyOf, make, update) {
  const there = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let before = parent.firstElementChild;
  for (const row of rows) {
    const key = String(keyOf(row));
    let node = there.get(key);
    there.delete(key);
    if (!node) {
      node = make(row);
      node.dataset.key = key;
    }
    update(node, row);
    if (node === before) before = before.nextElementSibling;
    else parent.insertBefore(node, before);
  }
  for (const node of there.values()) node.remove();
}

function makeCard(row) {
  const link = el('a', { class: 'card', href: `#/c/${row.conversation_id}` },
    el('span', { class: 'from' }, el('bdi', {})), clock(row.due_at),
    el('span', { class: 'says' }), el('span', { class: 'about' }));
  tick(link.querySelector('.clock'));
  return el('li', {}, link);
}

function updateCard(item, row) {
  const link = item.firstElementChild;
  const time = link.querySelector('.clock');
  const isOpen = row.conversation_id === state.open;
  if (time.dataset.due !== row.due_at) { time.dataset.due = row.due_at; time.title = `due ${at(row.due_at)}`; }
  tick(time);
  if (isOpen) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
  setText(link.querySelector('bdi'), nameOf(row));
  setText(link.querySelector('.says'), row.text ? row.text.slice(0, 240) : row.text === '' ? '' : '(no words)');
  const held = row.claimed_by && row.claimed_by !== server.agent ? `with ${row.claimed_by}` : '';
  const facts = [row.queue, row.spike ? `unusual: ${row.spike}` : '', row.platform, row.contacts > 1 ? `${row.contacts} messages` : '',
    row.snoozed_until ? `snoozed until ${at(row.snoozed_until)}` : '', held,
    row.promise_due_at ? `promised ${at(row.promise_due_at)}` : '',
    (row.reasons || []).slice(0, 3).map(words).join(', ')].filter(Boolean);
  const line = link.querySelector('.about');
  setText(line, '');
  facts.forEach((fact, i) => line.append(i === 0 ? el('b', {}, fact)
    : el('span', fact === held ? { class: 'held' } : {}, fact)));
}

function drawList(inbox, due) {
  const mine = new Set(inbox.mine.map((row) => row.conversation_id));
  const waiting = inbox.waiting.filter((row) => !mine.has(row.conversation_id));
  keyed(byId('mine'), inbox.mine, (row) => row.conversation_id, makeCard, updateCard);
  keyed(byId('waiting'), waiting, (row) => row.conversation_id, makeCard, updateCard);
  setText(byId('mine-count'), inbox.mine.length ? String(inbox.mine.length) : '');
  setText(byId('waiting-count'), waiting.length ? String(waiting.length) : '');
  byId('mine-none').hidden = inbox.mine.length > 0;
  byId('waiting-none').hidden = waiting.length > 0;
  drawDue(due);
  announceArrivals(inbox);
}

function drawDue(due) {
  const soon = server.now() + 24 * 3600 * 1000;
  const rows = [
    ...due.promises.filter((p) => p.agent === server.agent && Date.parse(p.due_at) < soon).map((p) => (
      { key: `p${p.promise_id}`, id: p.conversation_id, due: p.due_at, what: p.broken ? 'promise broken' : 'promised', note: p.note || '', from: p })),
    ...due.handoffs.filter((h) => h.state === 'came' && h.agent === server.agent).map((h) => (
      { key: `h${h.handoff_id}`, id: h.private_id, due: h.due_at, what: 'came to private', note: '', from: h })),
  ];
  byId('due-part').hidden = rows.length === 0;
  setText(byId('due-count'), String(rows.length));
  keyed(byId('due'), rows, (row) => row.key, (row) => el('li', {},
    el('a', { class: 'card', href: `#/c/${row.id}` }, el('span', { class: 'from' }, el('bdi', {})),
      row.due ? clock(row.due) : el('span', {}), el('span', { class: 'says' }), el('span', { class: 'about' }))),
  (item, row) => {
    setText(item.querySelector('bdi'), row.what);
    setText(item.querySelector('.says'), row.note);
    setText(item.querySelector('.about'), `${row.from.platform} · ${row.from.brand}`);
    const time = item.querySelector('.clock');
    if (time) tick(time);
  });
}

/* What a screen reader hears of what comes in. */
function announceArrivals(inbox) {
  const ids = new Set(inbox.waiting.map((row) => row.conversation_id));
  if (state.known && state.queue === state.known.queue) {
    const fresh = inbox.waiting.filter((row) => !state.known.ids.has(row.conversation_id)
      && Date.now() - state.known.at < 120000);
    for (const row of fresh) {
      const item = byId('waiting').querySelector(`[data-key="${CSS.escape(row.conversation_id)}"]`);
      if (item) item.firstElementChild.classList.add('is-new');
    }
    if (fresh.length > 0) {
      const most = fresh[0];
      setText(byId('said'), fresh.length === 1
        ? `New in ${most.queue}: ${nameOf(most)}, ${clockOf(most.due_at).text} left` : `${fresh.length} new`);
    }
  }
  state.known = { ids, queue: state.queue, at: Date.now() };
  const late = inbox.queues.reduce((sum, q) => sum + q.late, 0);
  document.title = `${late ? `(${late} late) ` : ''}Desk · triage`;
}

/* --- one conversation ---------------------------------------------------- */

const READ = 2048; // bytes of a message that are scored

/* Where in a text the words of its score stand: the scorer knows how it
 * reads.  Asked once for a text; a page without marks is whole. */
async function marksOf(text) {
  if (!text) return [];
  if (!state.marks.has(text)) {
    if (state.marks.size > 50) state.marks.clear();
    const { read } = new TextEncoder().encodeInto(text, new Uint8Array(READ));
    try {
      const { marks } = await server.change('marks', { text: text.slice(0, read) });
      state.marks.set(text, marks);
    } catch (error) {
      return [];
    }
  }
  return state.marks.get(text);
}

/* The places that added to the urgency, apart from each other, in their
 * order: { start, end, points, signals }. */
function places(marks, terms) {
  const points = new Map(terms.filter((term) => term.urgency > 0).map((term) => [term.signal, term.urgency]));
  const rows = [];
  const wanted = marks.filter((mark) => points.has(mark.signal))
    .sort((a, b) => a.start - b.start || b.length - a.length);
  for (const mark of wanted) {
    const last = rows[rows.length - 1];
    const end = mark.start + mark.length;
    if (last && mark.start < last.end) {
      last.end = Math.max(last.end, end);
      last.signals.add(mark.signal);
    } else {
      rows.push({ start: mark.start, end, signals: new Set([mark.signal]) });
    }
  }
  for (const row of rows) {
    row.points = Math.max(...[...row.signals].map((signal) => points.get(signal)));
    row.title = [...row.signals].sort((a, b) => points.get(b) - points.get(a))
      .map((signal) => `${nameOfTerm(signal)} +${points.get(signal).toFixed(1)}`).join(', ');
  }
  const most = Math.max(0, ...rows.map((row) => row.points));
  for (const row of rows) row.isStrong = row.points > most / 2;
  return rows.filter((row) => row.points >= most * 0.09);
}

/* Text with the words that mattered marked, as nodes. */
function marked(text, rows) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const row of rows) {
    const end = Math.min(row.end, text.length);
    if (row.start >= end) continue;
    out.append(text.slice(from, row.start),
      el('mark', { class: row.isStrong ? 'strong' : null, title: row.title }, text.slice(row.start, end)));
    from = end;
  }
  out.append(text.slice(from));
  return out;
}

function drawWords(event, rows) {
  if (event.deleted_at) return el('p', { class: 'words gone' }, 'deleted by its author');
  if (!event.text) return el('p', { class: 'words gone' }, 'no words');
  const box = el('p', { class: 'words', dir: 'auto' });
  if (event.text.length <= LONG) {
    box.append(marked(event.text, rows));
    return box;
  }
  box.classList.add('is-long');
  box.append(marked(event.text.slice(0, LONG), rows));
  const more = el('button', { type: 'button', 'aria-expanded': 'false', on: {
    click: () => {
      state.unfolded.add(event.message_no);
      box.classList.remove('is-long');
      box.replaceChildren(marked(event.text, rows));
      more.remove();
    } } }, `Show all ${event.text.length.toLocaleString()} letters`);
  if (state.unfolded.has(event.message_no)) {
    box.classList.remove('is-long');
    box.replaceChildren(marked(event.text, rows));
    return box;
  }
  return el('div', {}, box, more);
}
state.unfolded = new Set();
state.marks = new Map();

const deeds = {
  reply: (e) => [e.agent || 'An agent', ' answered'],
  close: (e) => [e.agent || 'An agent', ' closed it'],
  promise: (e) => [e.agent, ` promised to come back by ${at(e.due_at)}`, e.text ? `: ${e.text}` : '',
    e.waiting ? '' : ' (kept)'],
  handoff: (e) => [e.agent, ` invited to a private channel until ${at(e.due_at)}`, e.waiting ? '' : ' (came)'],
  correction: (e) => [e.agent || 'An agent', ` corrected the urgency to ${Math.round(e.urgency)}: ${e.text}`],
};

function drawEvent(event, rows) {
  const time = el('time', { datetime: event.happened_at }, at(event.happened_at));
  if (deeds[event.event]) {
    const [who, ...rest] = deeds[event.event](event);
    return el('li', { class: 'event deed' }, el('b', {}, el('bdi', {}, who)), el('bdi', {}, rest.join('')), ' · ', time);
  }
  const isOurs = event.event === 'echo';
  return el('li', { class: isOurs ? 'event ours' : 'event', 'data-waiting': String(Boolean(event.waiting)) },
    el('p', { class: 'meta' }, el('bdi', {}, isOurs ? event.author_name || 'We' : nameOf(event)), time,
      event.audience ? el('span', {}, event.audience) : null,
      event.edited_at ? el('span', {}, 'edited') : null,
      !isOurs && event.urgency !== null ? el('span', { title: 'urgency' }, `urgency ${Math.round(event.urgency)}`) : null,
      event.waiting ? el('span', {}, 'unanswered') : null),
    drawWords(event, rows));
}

function bar(points, most, kind) {
  const width = most > 0 ? Math.max(2, Math.abs(points) / most * 100) : 0;
  return el('td', { class: 'bar' }, el('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    el('rect', { class: kind, x: '0', y: '1', width: width.toFixed(1), height: '8', rx: '2' })));
}

function table(terms, field, kindOf) {
  const rank = (term) => (term.signal === 'limit' ? -1 : Math.abs(term[field]));
  const rows = terms.filter((term) => Math.abs(term[field]) >= 0.05).sort((a, b) => rank(b) - rank(a));
  const most = Math.max(0, ...rows.map((term) => rank(term)));
  const draw = (some) => el('table', { class: 'terms' }, el('tbody', {}, ...some.map((term) => el('tr', {},
    el('th', { scope: 'row' }, el('bdi', {}, nameOfTerm(term.signal))),
    bar(Math.min(most, Math.abs(term[field])), most, kindOf(term[field])),
    el('td', {}, `${term[field] > 0 ? '+' : '−'}${Math.abs(term[field]).toFixed(1)}`)))));
  if (rows.length <= SHOWN + 2) return [draw(rows)];
  return [draw(rows.slice(0, SHOWN)),
    el('details', {}, el('summary', {}, `${rows.length - SHOWN} more`), draw(rows.slice(SHOWN)))];
}

function drawWhy(row, terms) {
  return el('aside', { class: 'why', 'aria-labelledby': 'why-title', id: 'why', tabindex: '-1' },
    el('h3', { id: 'why-title' }, 'Why it is urgent'),
    el('div', { class: 'scores' },
      el('p', { class: 'score' }, el('b', {}, String(Math.round(row.urgency))), el('span', {}, 'urgency')),
      el('p', { class: 'score' }, el('b', {}, String(Math.round(row.visibility))), el('span', {}, 'visibility')),
      el('p', { class: 'score' }, el('b', {}, String(row.contacts)), el('span', {}, row.contacts === 1 ? 'message' : 'messages'))),
    ...table(terms, 'urgency', (points) => (points > 0 ? 'up' : 'down')),
    el('details', {}, el('summary', {}, 'Who will see it'), ...table(terms, 'visibility', () => 'seen')));
}

const acts = [
  { key: 'r', name: 'Answered', call: () => dialogs.reply() },
  { key: 'p', name: 'Promise', call: () => dialogs.promise() },
  { key: 'h', name: 'Invite', call: () => dialogs.handoff(), when: (row) => row && row.audience !== 'private' },
  { key: 's', name: 'Snooze', call: () => dialogs.snooze() },
  { key: 't', name: 'Correct', call: () => dialogs.retriage(), when: (row) => row },
  { key: 'x', name: 'Close', call: () => dialogs.close() },
  { key: 'e', name: 'Keep', call: () => act('renew', {}, 'Yours for 15 minutes more.'), when: (row) => row && row.claimed_by === server.agent },
  { key: 'u', name: 'Give back', call: () => act('release', {}, 'Given back.'), when: (row) => row && row.claimed_by === server.agent },
  { key: 'f', name: 'Hand over', call: () => dialogs.transfer(), when: (row) => row && row.claimed_by === server.agent },
];

const isDone = (act_) => act_.when && !act_.when(state.conversation && state.conversation.waiting);

function drawHead(row, last) {
  const who = row || last || {};
  const isMine = row && row.claimed_by === server.agent;
  return el('header', { class: 'head' },
    el('div', { class: 'head-line' },
      el('button', { type: 'button', class: 'quiet back', on: { click: () => go('') } }, '‹ List'),
      el('h2', { id: 'who' }, el('bdi', {}, nameOf(who))),
      who.author_handle && who.author_handle !== nameOf(who) ? el('span', {}, el('bdi', {}, `@${who.author_handle.replace(/^@/, '')}`)) : null,
      row ? clock(row.due_at) : el('span', { class: 'clock' }, 'nobody waits')),
    el('p', { class: 'facts' },
      ...(row ? [el('span', { class: 'tag' }, row.queue), el('span', { class: 'tag' }, row.platform),
        el('span', { class: 'tag' }, el('bdi', {}, row.brand)),
        el('span', { class: row.audience === 'public' ? 'tag public' : 'tag' }, row.audience),
        row.claimed_by ? el('span', { class: 'tag held' }, isMine ? 'yours until ' : 'with ',
          isMine ? at(row.lease_until) : el('bdi', {}, row.claimed_by)) : el('span', { class: 'tag' }, 'nobody has it'),
        row.snoozed_until ? el('span', { class: 'tag' }, `snoozed until ${at(row.snoozed_until)}`) : null,
        row.promise_due_at ? el('span', { class: 'tag' }, `promised ${at(row.promise_due_at)}`) : null,
        row.warned ? el('span', { class: 'tag public' }, 'warned') : null,
        row.spike ? el('span', { class: 'tag public' }, 'unusual: ', el('bdi', {}, row.spike)) : null] : [])),
    el('div', { class: 'acts', role: 'group', 'aria-label': 'What to do' },
      ...acts.filter((a) => !isDone(a)).map((a) => el('button', {
        type: 'button', 'aria-keyshortcuts': a.key, 'data-act': a.key, on: { click: a.call },
      }, `${a.name} `, el('kbd', {}, a.key)))));
}

function drawConversation(data) {
  const article = byId('conversation');
  const focused = article.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const row = data.waiting;
  const messages = data.history.filter((event) => event.event === 'message');
  const shape = JSON.stringify([row, data.history, data.terms, data.places]);
  if (article.dataset.shape === shape && !article.hidden) return;
  article.dataset.shape = shape;
  byId('empty').hidden = true;
  article.hidden = false;
  article.replaceChildren(
    drawHead(row, messages[messages.length - 1]),
    el('ol', { class: 'story', 'aria-label': 'What happened' },
      ...data.history.map((event) => drawEvent(event, event.message_no === data.explained && event.event === 'message' ? data.places : []))));
  if (row) article.append(drawWhy(row, data.terms));
  if (data.history.length === 0 && !row) article.append(el('p', {}, 'There is no such conversation.'));
  if (focused) {
    const again = article.querySelector(`[data-act="${focused}"]`);
    if (again) again.focus();
  }
}

/* --- doing --------------------------------------------------------------- */

async function act(name, args, done, conversation) {
  const target = conversation || state.open;
  if (!target) return false;
  try {
    await server.change(name, { conversation: target, ...args });
    say(done);
    return true;
  } catch (error) {
    say(`${error.message}.`, true);
    return false;
  } finally {
    look(true);
  }
}

async function claim() {
  const button = byId('claim');
  if (button.disabled) return;
  button.disabled = true;
  try {
    const { claimed } = await server.change('claim', state.queue ? { queues: [state.queue] } : {});
    if (claimed.length === 0) say('Nobody waits who could be claimed.');
    else {
      say(`Yours: ${nameOf(claimed[0])}`);
      go(claimed[0].conversation_id, true);
    }
  } catch (error) {
    say(`${error.message}.`, true);
  }
  button.disabled = false;
  look(true);
}

/* --- dialogs ------------------------------------------------------------- */

const dialog = byId('dialog');

/* Fills the dialog with a form; `submit` gets its fields and says what is
 * wrong, or nothing. */
function ask(title, fields, button, submit) {
  const wrong = el('p', { class: 'wrong', role: 'alert', hidden: true });
  const end = el('button', { type: 'submit', class: 'primary' }, button);
  const form = el('form', { novalidate: true, on: {
    submit: async (event) => {
      event.preventDefault();
      if (end.disabled) return;
      end.disabled = true;
      const error = await submit(new FormData(form));
      end.disabled = false;
      if (!error) { dialog.close(); return; }
      wrong.hidden = false;
      setText(wrong, error);
    } } },
  el('h2', { id: 'dialog-title' }, title), ...fields, wrong,
  el('div', { class: 'ends' }, el('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'), end));
  dialog.replaceChildren(form);
  dialog.showModal();
  (form.querySelector('[data-first]') || end).focus();
}

function localTime(ms) {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function tomorrowAt(hour) {
  const date = new Date(server.now());
  date.setDate(date.getDate() + 1);
  date.setHours(hour, 0, 0, 0);
  return date.getTime();
}

/* A time, with a few that are often meant one key away. */
function timeField(name, label, value, choices) {
  const input = el('input', { type: 'datetime-local', name, id: `f-${name}`, required: true });
  input.value = localTime(value);
  return el('div', {}, el('label', { for: `f-${name}` }, label, input),
    el('div', { class: 'choices' }, ...choices.map(([text, ms], i) => el('button', {
      type: 'button', 'data-first': i === 0, on: { click: () => { input.value = localTime(ms()); } },
    }, text))));
}

const inMinutes = (n) => () => server.now() + n * 60000;

function timeOf(form, name) {
  const time = new Date(form.get(name));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

async function change(name, args, done) {
  try {
    await server.change(name, args);
    say(done);
    look(true);
    return '';
  } catch (error) {
    look(true);
    return `${error.message}.`;
  }
}

/* What we last said to the customer. */
function lastWords() {
  const said = state.conversation.history.filter((event) => event.event === 'echo' && event.text);
  return said.length > 0 ? said[said.length - 1].text : '';
}

/* By when the agent's own words promise something: offered, never taken
 * without being asked. */
function suggestionFor(input) {
  const line = el('div', { class: 'choices', role: 'status' });
  let latest = 0;

  async function find(text) {
    if (!text) return null;
    try {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const body = await server.change('suggest', { text: text.slice(0, 1000), zone: zone || null });
      return body.suggestions[0] || null;
    } catch (error) {
      return null; // the form is whole without it
    }
  }

  async function offer(text, mine) {
    const found = await find(text);
    if (mine !== latest) return;
    line.replaceChildren(...(found ? [el('button', { type: 'button', on: {
      click: () => { input.value = localTime(Date.parse(found.due_at)); },
    } }, `${at(found.due_at)}, as in “${found.words}”`)] : []));
  }

  function read(text) {
    const mine = ++latest;
    setTimeout(() => { if (mine === latest) offer(text.trim() ? text : lastWords(), mine); }, 300);
  }

  read('');
  return { line, read };
}

const dialogs = {
  reply() {
    ask('Answered?', [el('p', { class: 'hint' },
      'You answered on the platform, where triage does not see it. The wait ends.')],
    'Yes, answered', () => change('reply', { conversation: state.open }, 'Answered.'));
  },
  close() {
    ask('Close without an answer?', [el('p', { class: 'hint' },
      'The wait ends and counts as no response, until the customer writes again.')],
    'Close it', () => change('close', { conversation: state.open }, 'Closed.'));
  },
  snooze() {
    ask('Put off until', [timeField('until', 'Not before', inMinutes(60)(), [
      ['15 min', inMinutes(15)], ['1 hour', inMinutes(60)], ['4 hours', inMinutes(240)],
      ['tomorrow 9:00', () => tomorrowAt(9)]]),
    el('p', { class: 'hint' }, 'The deadline stays. Who writes again is back at once.')],
    'Snooze', (form) => change('snooze', { conversation: state.open, until: timeOf(form, 'until') },
      `Put off until ${at(timeOf(form, 'until') || 0)}.`));
  },
  promise() {
    const by = timeField('due_at', 'By', inMinutes(240)(), [
      ['1 hour', inMinutes(60)], ['4 hours', inMinutes(240)], ['tomorrow 17:00', () => tomorrowAt(17)]]);
    const suggestion = suggestionFor(by.querySelector('input'));
    ask('Promise to come back', [by,
      el('label', {}, 'What was promised', el('textarea', { name: 'note', rows: '2', maxlength: '1000', on: {
        input: (event) => suggestion.read(event.target.value) } })),
      suggestion.line],
    'Promise', (form) => change('promise', {
      conversation: state.open, due_at: timeOf(form, 'due_at'), note: form.get('note') || null }, 'Promised.'));
  },
  handoff() {
    ask('Invited to a private channel', [timeField('due_at', 'The invitation holds until', inMinutes(7 * 1440)(), [
      ['1 day', inMinutes(1440)], ['7 days', inMinutes(7 * 1440)]]),
    el('p', { class: 'hint' }, 'The private conversation takes over the deadline. Meta allows one private reply within seven days.')],
    'Invited', (form) => change('handoff', { conversation: state.open, due_at: timeOf(form, 'due_at') }, 'Invited.'));
  },
  transfer() {
    ask('Hand over', [el('label', {}, 'To which agent', el('input', { name: 'recipient', required: true, maxlength: '200', autocomplete: 'off', 'data-first': true }))],
      'Hand over', (form) => (form.get('recipient').trim()
        ? change('transfer', { conversation: state.open, recipient: form.get('recipient').trim() }, 'Handed over.')
        : 'An agent has a name.'));
  },
  retriage() {
    const row = state.conversation && state.conversation.waiting;
    if (!row) return;
    const number = el('input', { type: 'number', name: 'urgency', min: '0', max: '100', step: '1', required: true, 'data-first': true });
    number.value = String(Math.round(row.urgency));
    ask('Correct the urgency', [
      el('label', {}, 'Urgency, 0 to 100', number),
      el('label', {}, 'Why', el('input', { name: 'why', required: true, maxlength: '1000', autocomplete: 'off' })),
      el('label', {}, 'Queue', el('select', { name: 'queue' }, el('option', { value: '' }, `as it is (${row.queue})`),
        ...state.inbox.queues.filter((q) => !q.retired).map((q) => el('option', { value: q.queue }, q.queue)))),
      el('p', { class: 'hint' }, 'triage learns from corrections. A deadline only comes nearer.')],
    'Correct', (form) => {
      if (!form.get('why').trim()) return 'A correction needs a reason.';
      if (form.get('urgency') === '') return 'An urgency is from 0 to 100.';
      return change('retriage', { message: row.message_no, urgency: Number(form.get('urgency')),
        why: form.get('why').trim(), queue: form.get('queue') || null }, 'Corrected.');
    });
  },
  help() {
    const keys = [['c', 'claim who should be answered next'], ['j', 'next in the list'], ['k', 'the one before'],
      ['Enter', 'open it'], ['Esc', 'back to the list'], ...acts.map((a) => [a.key, a.name.toLowerCase()]),
      ['w', 'why it is urgent'], ['0 … 9', 'all queues, or one of them'], ['d', 'the desk'], ['l', 'the leads\' page'], ['?', 'this']];
    dialog.replaceChildren(el('div', { class: 'inner' }, el('h2', { id: 'dialog-title' }, 'Keys'),
      el('dl', { class: 'keys' }, ...keys.flatMap(([key, what]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)])),
      el('div', { class: 'ends' }, el('button', { type: 'button', class: 'primary', on: { click: () => dialog.close() } }, 'Good'))));
    dialog.showModal();
    dialog.querySelector('button').focus();
  },
};

/* --- keys ---------------------------------------------------------------- */

const cards = () => [...byId('list').querySelectorAll('a.card')];

function step(by) {
  const all = cards();
  if (all.length === 0) return;
  let i = all.indexOf(document.activeElement);
  if (i < 0) i = all.findIndex((card) => card.hasAttribute('aria-current'));
  const next = all[i < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, i + by))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function focusOpen() {
  const card = cards().find((c) => c.getAttribute('href') === `#/c/${state.open}`);
  return card || cards()[0] || byId('list');
}

const keys = {
  c: claim, j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  w: () => { const why = byId('why'); if (why) { why.focus(); why.scrollIntoView({ block: 'nearest' }); } },
  d: () => { location.hash = '#/'; }, l: () => { location.hash = '#/leads'; }, '?': dialogs.help,
  Escape: () => { const card = focusOpen(); if (matchMedia('(max-width: 46rem)').matches) go(''); card.focus(); },
};

document.addEventListener('keydown', (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open
    || (target.matches && target.matches('input, textarea, select'))) return;
  if (state.page === 'desk' && /^[0-9]$/.test(event.key) && state.inbox) {
    const button = byId('queues').children[Number(event.key)];
    if (button) button.click();
    return;
  }
  const found = acts.find((a) => a.key === event.key);
  let call = keys[event.key];
  if (!call && found && state.open && state.page === 'desk' && !isDone(found)) call = found.call;
  if (!call || (state.page !== 'desk' && !['d', 'l', '?'].includes(event.key))) return;
  event.preventDefault();
  call();
});

byId('claim').addEventListener('click', claim);
byId('help-open').addEventListener('click', dialogs.help);

/* --- where we are -------------------------------------------------------- */

function go(id) {
  location.hash = id ? `#/c/${id}` : '#/';
}

function route() {
  const match = /^#\/c\/([0-9a-f-]{36})$/.exec(location.hash);
  const page = location.hash === '#/leads' ? 'leads' : 'desk';
  const before = state.open;
  state.page = page;
  if (page === 'desk') state.open = match ? match[1] : '';
  byId('desk').hidden = page !== 'desk';
  byId('leads').hidden = page !== 'leads';
  byId('desk').classList.toggle('is-open', Boolean(state.open));
  for (const [id, name] of [['go-desk', 'desk'], ['go-leads', 'leads']]) {
    if (name === page) byId(id).setAttribute('aria-current', 'page'); else byId(id).removeAttribute('aria-current');
  }
  if (state.open !== before) {
    byId('conversation').hidden = true;
    byId('empty').hidden = Boolean(state.open);
    byId('pane').scrollTop = 0;
    state.conversation = null;
    for (const card of cards()) {
      if (card.getAttribute('href') === `#/c/${state.open}`) card.setAttribute('aria-current', 'true');
      else card.removeAttribute('aria-current');
    }
    if (state.open) byId('pane').focus({ preventScroll: true });
  }
  if (page === 'leads') document.title = 'Leads · triage';
  look(true);
}

window.addEventListener('hashchange', route);

/* --- what changed -------------------------------------------------------- */

const live = { source: null, heardAt: 0, pause: 1000 };

function showLive(text, name) {
  byId('live').dataset.state = name;
  setText(byId('live-text'), text);
}

function listen() {
  if (live.source) live.source.close();
  live.heardAt = Date.now();
  const source = new EventSource('events');
  live.source = source;
  const heard = () => { live.heardAt = Date.now(); };
  source.addEventListener('hello', () => { heard(); live.pause = 1000; showLive('live', 'live'); look(true); });
  source.addEventListener('beat', heard);
  source.addEventListener('change', () => { heard(); look(); });
  source.addEventListener('error', () => {
    showLive('reconnecting', 'lost');
    look(); // says whether it is the server or the database
    if (source.readyState !== EventSource.CLOSED || live.source !== source) return;
    live.source = null;
    setTimeout(listen, live.pause * (0.5 + Math.random()));
    live.pause = Math.min(live.pause * 2, 15000);
  });
}

setInterval(() => {
  if (live.source && Date.now() - live.heardAt > SILENCE) { showLive('reconnecting', 'lost'); listen(); }
}, 5000);
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
window.addEventListener('online', () => { listen(); look(true); });
window.addEventListener('offline', () => showLive('offline', 'lost'));

/* --- the leads' page ----------------------------------------------------- */

const percent = (share) => (share === null || share === undefined ? '–' : `${Math.round(share * 100)}%`);

const leads = {
  colors: new Map(),

  color(queue) {
    if (!this.colors.has(queue)) this.colors.set(queue, `c${this.colors.size % 6}`);
    return this.colors.get(queue);
  },

  async look() {
    const get = (name, args) => server.look(name, args).catch((error) => {
      if (error.status === 403 && error.code === 'database') return null;
      if (error.status === 500) return null;
      throw error;
    });
    const [now, times, fair, forecast, news] = await Promise.all([
      get('leads'), get('response_time', { hours: 48 }), get('fairness'), get('forecast'), get('alerts')]);
    for (const q of now ? now.queues : []) this.color(q.queue);
    const shape = JSON.stringify([now && now.queues, times && times.hours, fair, forecast && [forecast.forecast, forecast.record], news && [news.spikes, news.alerts]]);
    if (byId('leads').dataset.shape === shape) return;
    byId('leads').dataset.shape = shape;
    this.drawTiles(now, forecast);
    const open = new Set([...byId('plots').querySelectorAll('details[open]')].map((d) => d.dataset.key));
    byId('plots').replaceChildren(...[
      times && this.waits(times, now), times && this.shares(times, now),
      forecast && this.held(forecast), forecast && times && this.expected(forecast, times), fair && this.fairness(fair), news && this.alerts(news)].filter(Boolean));
    for (const d of byId('plots').querySelectorAll('details')) d.open = open.has(d.dataset.key);
  },

  drawTiles(now, forecast) {
    const by = new Map((forecast ? forecast.forecast : []).map((f) => [f.queue, f]));
    byId('tiles').replaceChildren(...now.queues.map((q) => {
      const f = by.get(q.queue);
      return el('section', { class: 'tile' },
        el('h2', {}, el('span', { class: `swatch ${this.color(q.queue)}`, 'aria-hidden': 'true' }), q.queue),
        el('p', { class: 'sum' }, el('b', {}, String(q.length)), ' waiting', q.late ? el('span', { class: 'late' }, `${q.late} late`) : null),
        el('dl', {},
          el('dt', {}, 'target'), el('dd', {}, about(q.target)),
          el('dt', {}, 'oldest wait'), el('dd', {}, about(q.oldest_wait)),
          el('dt', {}, 'in time, 24 h'), el('dd', {}, percent(q.share_in_time)),
          ...(f ? [el('dt', {}, 'expected wait'), el('dd', {}, f.wait_p90 === null ? '–' : `${about(f.wait_p50)} – ${about(f.wait_p90)}`),
            el('dt', {}, 'in · out an hour'), el('dd', {}, `${Math.round(f.arrivals_per_hour || 0)} · ${Math.round(f.answers_per_hour || 0)}`)] : [])));
    }));
  },

  panel(title, hint, svg, legend, head, rows) {
    return el('section', { class: 'plot' }, el('h2', {}, title), el('p', { class: 'hint' }, hint), svg,
      el('p', { class: 'legend', 'aria-hidden': 'true' }, ...legend.map(([name, color]) => el('span', {}, el('i', { class: color }), name))),
      el('details', { 'data-key': title }, el('summary', {}, 'As a table'), el('table', { class: 'table' },
        el('thead', {}, el('tr', {}, ...head.map((h) => el('th', { scope: 'col' }, h)))),
        el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell))))))));
  },

  /* Lines over time.  series: [{ name, color, thin, points: [[x, y]] }]. */
  lines(label, series, { low, high, format, from, to, goal, marks }) {
    const W = 560, H = 220, L = 50, R = 24, T = 8, B = 24;
    const x = (v) => L + (v - from) / Math.max(1, to - from) * (W - L - R);
    const y = (v) => T + (1 - (v - low) / Math.max(1e-9, high - low)) * (H - T - B);
    const svg = el('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label });
    for (const v of marks) {
      svg.append(el('line', { class: 'grid', x1: L, x2: W - R, y1: y(v), y2: y(v) }),
        el('text', { x: L - 6, y: y(v) + 4, 'text-anchor': 'end' }, format(v)));
    }
    const hours = (to - from) / 3600000;
    const every = hours > 24 * 8 ? 24 * 5 : hours > 60 ? 24 : hours > 20 ? 8 : hours > 8 ? 3 : 1;
    const first = new Date(from);
    first.setMinutes(0, 0, 0);
    if (every >= 24) first.setHours(0);
    for (let t = first.getTime(); t <= to; t += 3600000) {
      const date = new Date(t);
      const hour = Math.round((t - first.getTime()) / 3600000);
      if (t < from || hour % every) continue;
      svg.append(el('text', { x: x(t), y: H - 6, 'text-anchor': 'middle' }, every >= 24
        ? date.toLocaleDateString([], { day: 'numeric', month: 'short' })
        : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })));
    }
    if (series.every((s) => s.points.length === 0)) {
      svg.append(el('text', { x: (L + W - R) / 2, y: (H - B) / 2, 'text-anchor': 'middle' }, 'Nothing yet'));
    }
    if (goal !== undefined) svg.append(el('line', { class: 'goal', x1: L, x2: W - R, y1: y(goal), y2: y(goal) }));
    for (const s of series) {
      const points = s.points.filter(([, v]) => v !== null).sort((a, b) => a[0] - b[0]);
      const d = points.map(([px, py], i) => `${i ? 'L' : 'M'}${x(px).toFixed(1)} ${y(Math.min(high, Math.max(low, py))).toFixed(1)}`).join('');
      svg.append(el('path', { class: s.thin ? `${s.color} thin` : s.color, d }));
      if (s.thin) continue;
      for (const [px, py] of points) {
        svg.append(el('circle', { class: s.color, cx: x(px).toFixed(1), cy: y(Math.min(high, Math.max(low, py))).toFixed(1), r: 2.4 },
          el('title', {}, `${s.name}: ${format(py)}, ${at(px)}`)));
      }
    }
    return svg;
  },

  byQueue(times) {
    const queues = new Map();
    for (const hour of times.hours) {
      if (!queues.has(hour.queue)) queues.set(hour.queue, []);
      queues.get(hour.queue).push(hour);
    }
    return [...queues].sort((a, b) => this.color(a[0]).localeCompare(this.color(b[0])));
  },

  range(times) {
    const to = Date.parse(times.now);
    const earliest = Math.min(to - 6 * 3600000, ...times.hours.map((h) => Date.parse(h.hour)));
    return { from: earliest, to };
  },

  steps: [10, 60, 300, 900, 3600, 4 * 3600, 86400, 7 * 86400],

  waits(times) {
    const log = (s) => Math.log10(Math.max(s, 10));
    const most = Math.max(600, ...times.hours.map((h) => h.p90));
    const high = log(this.steps.find((s) => s >= most) || 7 * 86400);
    const series = this.byQueue(times).flatMap(([queue, hours]) => [
      { name: `${queue}, half`, color: this.color(queue), points: hours.map((h) => [Date.parse(h.hour) + 1800000, log(h.p50)]) },
      { name: `${queue}, nine of ten`, color: this.color(queue), thin: true, points: hours.map((h) => [Date.parse(h.hour) + 1800000, log(h.p90)]) }]);
    return this.panel('How long customers waited', 'By the hour of the answer. Solid: half waited no longer; dotted: nine of ten.',
      this.lines('Waits by hour and queue; the table has the numbers', series, { low: 1, high, ...this.range(times),
        format: (v) => about(10 ** v), marks: this.steps.map(log).filter((v) => v <= high) }),
      this.byQueue(times).map(([queue]) => [queue, this.color(queue)]), ['hour', 'queue', 'answers', 'half', 'nine of ten'],
      times.hours.map((h) => [at(h.hour), h.queue, String(h.responses), about(h.p50), about(h.p90)]).reverse());
  },

  shares(times) {
    const { from, to } = this.range(times);
    const width = (to - from > 24 * 3600000 ? 4 : 1) * 3600000; // one answer is no share
    const series = this.byQueue(times).map(([queue, hours]) => {
      const spans = new Map();
      for (const h of hours) {
        const start = Math.floor(Date.parse(h.hour) / width) * width;
        const sum = spans.get(start) || { all: 0, kept: 0 };
        spans.set(start, { all: sum.all + h.responses, kept: sum.kept + h.share_in_time * h.responses });
      }
      return { name: queue, color: this.color(queue),
        points: [...spans].map(([start, sum]) => [Math.min(to, start + width / 2), sum.kept / sum.all]) };
    });
    return this.panel('Answered in time', `The share of answers that kept their deadline, by ${width > 3600000 ? 'four hours' : 'hour'}. Dashed: nine of ten.`,
      this.lines('Share in time by hour and queue; the table has the numbers', series, { low: 0, high: 1, ...this.range(times),
        format: percent, marks: [0, 0.25, 0.5, 0.75, 1], goal: 0.9 }),
      series.map((s) => [s.name, s.color]), ['hour', 'queue', 'answers', 'in time'],
      times.hours.map((h) => [at(h.hour), h.queue, String(h.responses), percent(h.share_in_time)]).reverse());
  },

  held(forecast) {
    if (forecast.record.length === 0) return null;
    const queues = [...new Set(forecast.record.map((r) => r.queue))];
    const days = forecast.record.map((r) => Date.parse(r.day));
    const from = Math.min(...days) - 43200000, to = Math.max(Date.parse(forecast.now), ...days) + 43200000;
    const series = queues.map((queue) => ({ name: queue, color: this.color(queue),
      points: forecast.record.filter((r) => r.queue === queue && r.published > 0).map((r) => [Date.parse(r.day), r.held / r.published]) }));
    return this.panel('Forecast against what happened', 'How often the published “nine of ten” held, by day. The dashed line is what it promises.',
      this.lines('Share of forecasts that held by day; the table has the numbers', series, { low: 0.5, high: 1, from, to,
        format: percent, marks: [0.5, 0.6, 0.7, 0.8, 0.9, 1], goal: 0.9 }),
      series.map((s) => [s.name, s.color]), ['day', 'queue', 'judged', 'held'],
      forecast.record.map((r) => [r.day, r.queue, String(r.published), r.published ? percent(r.held / r.published) : '–']).reverse());
  },

  /* What is published now beside what the last day's answers waited. */
  expected(forecast, times) {
    const day = Date.parse(times.now) - 24 * 3600000;
    const rows = forecast.forecast.filter((f) => f.wait_p90 !== null).map((f) => {
      const hours = times.hours.filter((h) => h.queue === f.queue && Date.parse(h.hour) > day);
      const n = hours.reduce((sum, h) => sum + h.responses, 0);
      return { ...f, was: n ? hours.reduce((sum, h) => sum + h.p50 * h.responses, 0) / n : null,
        was90: n ? Math.max(...hours.map((h) => h.p90)) : null };
    });
    if (rows.length === 0) return null;
    rows.sort((a, b) => this.color(a.queue).localeCompare(this.color(b.queue)));
    const W = 560, L = 76, R = 96, each = 46, end = 2.5; // in targets
    const x = (v, target) => L + Math.min(end, v / target) / end * (W - L - R);
    const svg = el('svg', { viewBox: `0 0 ${W} ${rows.length * each + 24}`, role: 'img', 'aria-label': 'Expected and past waits by queue; the table has the numbers' });
    rows.forEach((r, i) => {
      const top = i * each + 6;
      const color = this.color(r.queue);
      const draw = (value, y, height, kind) => svg.append(el('rect', { class: kind, x: L, y, width: Math.max(1, x(value, r.target) - L).toFixed(1), height, rx: 2.5 }));
      svg.append(el('text', { x: L - 8, y: top + 15, 'text-anchor': 'end' }, r.queue),
        el('text', { x: Math.max(x(r.wait_p90, r.target), x(r.target, r.target)) + 8, y: top + 12 }, `${about(r.wait_p50)} – ${about(r.wait_p90)}`));
      draw(r.wait_p90, top, 15, `${color} faint`);
      draw(r.wait_p50, top, 15, color);
      if (r.was !== null) {
        draw(r.was90, top + 19, 7, `${color} faint`);
        draw(r.was, top + 19, 7, color);
      }
    });
    const goal = x(1, 1);
    svg.append(el('line', { class: 'goal', x1: goal, x2: goal, y1: 0, y2: rows.length * each }),
      el('text', { x: goal, y: rows.length * each + 16, 'text-anchor': 'middle' }, 'target'));
    return this.panel('What is published now', 'Upper bar: what who writes now will wait, half and nine of ten. Lower: the last 24 hours.',
      svg, [], ['queue', 'expected, half', 'nine of ten', 'was, half', 'nine of ten', 'target'],
      rows.map((r) => [r.queue, about(r.wait_p50), about(r.wait_p90), about(r.was), about(r.was90), about(r.target)]));
  },

  alerts(news) {
    const list = el('ol', { class: 'news' }, ...news.alerts.slice(0, 12).map((a) => el('li', {},
      el('span', { class: a.kind === 'warning' ? 'tag public' : 'tag bad' }, a.kind),
      el('a', { href: `#/c/${a.conversation_id}` }, a.to_queue ? `${a.queue} → ${a.to_queue}` : a.queue),
      el('span', {}, `${a.platform}, due ${at(a.due_at)}`),
      el('span', { class: 'when' }, a.waiting ? 'still waits' : 'over'))));
    const spikes = news.spikes.map((s) => el('li', {}, el('span', { class: 'tag bad' }, `unusual ${s.kind}`),
      el('bdi', {}, s.subject), el('span', {}, `${s.messages} in ten minutes, usual ${Math.round(s.expected)}`),
      el('span', { class: 'when' }, `since ${at(s.began_at)}`)));
    if (spikes.length) list.prepend(...spikes);
    return el('section', { class: 'plot' }, el('h2', {}, 'Spikes, warnings, escalations'),
      el('p', { class: 'hint' }, `${news.spikes.length || 'No'} ${news.spikes.length === 1 ? 'spike goes' : 'spikes go'} on; ${news.alerts.length || 'no'} warnings and escalations in the last 24 hours.`), list);
  },

  fairness(fair) {
    const names = { platform: 'platform', language: 'language', followers: 'followers, fifths' };
    const rows = fair.groups.filter((g) => g.share_in_time !== null);
    if (rows.length === 0) return null;
    const W = 560, L = 150, R = 96, each = 19;
    const inOrder = (d, groups) => (d === 'followers' ? groups.sort((a, b) => a.value.localeCompare(b.value)) : groups);
    const blocks = Object.keys(names).map((d) => [d, inOrder(d, rows.filter((g) => g.dimension === d).slice(0, 8))]).filter(([, g]) => g.length);
    const height = blocks.reduce((sum, [, g]) => sum + 24 + g.length * each, 0);
    const svg = el('svg', { viewBox: `0 0 ${W} ${height}`, role: 'img', 'aria-label': 'Share in time by group; the table has the numbers' });
    let top = 0;
    for (const [dimension, groups] of blocks) {
      svg.append(el('text', { x: L, y: top + 15, 'font-weight': 650 }, names[dimension]));
      top += 24;
      for (const g of groups) {
        svg.append(el('text', { x: L - 8, y: top + 11, 'text-anchor': 'end' }, g.value),
          el('rect', { class: 'c2 faint', x: L, y: top + 2, width: W - L - R, height: 11, rx: 3 }),
          el('rect', { class: 'c2', x: L, y: top + 2, width: Math.max(1, (W - L - R) * g.share_in_time), height: 11, rx: 3 }),
          el('text', { x: W - R + 6, y: top + 11 }, `${percent(g.share_in_time)} of ${g.responses}`));
        top += each;
      }
    }
    return this.panel('The same for everybody?', 'Answered in time, the last 30 days, by group.', svg, [],
      ['group', 'value', 'answers', 'half', 'nine of ten', 'in time', 'wait / target'],
      rows.map((g) => [g.dimension, g.value, String(g.responses), about(g.p50), about(g.p90), percent(g.share_in_time),
        g.stretch === null ? '–' : g.stretch.toFixed(2)]));
  },
};

/* --- begin --------------------------------------------------------------- */

listen();
route();
