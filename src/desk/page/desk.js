/*
 * The desk; the leads' page is in leads.js.  Other people's words are only ever text: nothing
 * here makes markup of a string.  The server is asked for the whole state
 * again whenever it says that something changed, so nothing is ever merged.
 */
'use strict';

const LOOK_EVERY = 20000;   // ms, if nothing is heard
const LOOK_APART = 900;     // ms between two looks
const COUNT_APART = 2000;   // ms between two looks at how many wait; more
const COUNT_SHARE = 100;    //   where counting takes more than a share of it
const FEW = 40;             // cards of each queue, at first
const MANY = 200;           // cards of one queue, at first
const SILENCE = 40000;      // ms without a heartbeat
const LONG = 1200;          // letters of a message that are shown at first
const SHOWN = 9;            // terms of a score, at first
const SOON = 30 * 60;       // s before a deadline, as the order of claims has it
const LEASE_SOON = 2 * 60;  // s before a lease ends

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

/* What our errors are to an agent, by code; the first that fits.  Others
 * come in words already. */
const plainly = [
  ['TR001', /./, 'There is no such conversation, or it is not for you to see.'],
  ['TR002', /another agent/, 'Another agent has this conversation.'],
  ['TR002', /nobody waits/, 'Nobody waits for an answer here any more.'],
  ['TR002', /./, 'You do not hold this conversation any more: the lease ran out, or the wait has ended.'],
  ['TR003', /./, 'This conversation is closed.'],
  ['TR004', /./, 'There is no such queue any more.'],
  ['TR005', /./, 'There is no such message any more.'],
  ['TR007', /past|future/, 'That time is over already.'],
  ['TR010', /private/, 'The customer is in private already.'],
  ['TR010', /./, 'The customer was invited already.'],
  ['TR011', /./, 'This is of a brand or a queue that is not for you to see.'],
  ['TR012', /language/, 'This customer writes in a language that is not one of yours.'],
  ['TR012', /./, 'You are not for the queue that this customer waits in.'],
  ['TR013', /./, 'You hold as many conversations as you have room for: answer one, or give one back.'],
  ['unavailable', /./, 'The database is away. Nothing was changed; try again in a moment.'],
  ['busy', /./, 'The database is busy. Nothing was changed; try again in a moment.'],
  ['offline', /./, 'The server cannot be reached. Nothing is lost; try again in a moment.'],
];

function inWords(error) {
  const found = plainly.find(([code, pattern]) => code === error.code && pattern.test(error.message));
  if (found) return found[2];
  const text = error.message || 'Something went wrong';
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

const server = {
  agent: '', token: '', offset: 0,

  async request(path, options) {
    let answer;
    try {
      answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
    } catch (error) {
      throw new Refused(0, { error: 'The server cannot be reached', code: 'offline' });
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

/* How long a lease still lasts; asked for again while there is time. */
function leaseOf(until) {
  const left = (Date.parse(until) - server.now()) / 1000;
  if (left < 0) return { state: 'late', text: 'ran out' };
  return { state: left < LEASE_SOON ? 'soon' : 'fine', text: `${span(left)} left` };
}

function clock(due, label) {
  const node = el('span', { class: 'clock', 'data-due': due, title: `${label || 'due'} ${at(due)}` });
  tick(node);
  return node;
}

function tick(node) {
  const now = node.dataset.lease ? leaseOf(node.dataset.lease) : clockOf(node.dataset.due);
  setText(node, now.text);
  if (node.dataset.clock !== now.state) node.dataset.clock = now.state;
  const card = node.closest('.card');
  if (card && card.dataset.clock !== now.state) card.dataset.clock = now.state;
}

setInterval(() => { for (const node of document.querySelectorAll('.clock[data-due], .clock[data-lease]')) tick(node); }, 1000);

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
  queue: '', quantity: FEW, open: '', page: 'desk', inbox: null, due: null, conversation: null,
  queues: [], agents: [], countedAt: 0, countTook: 0,
  known: null, isLooking: false, next: '', isCounting: false, lookedAt: 0, timer: 0,
};

/* Looks again, not too often, and never twice at once. */
function look(isSoon) {
  if (state.isLooking) { state.next = isSoon || state.next === 'soon' ? 'soon' : 'later'; return; }
  clearTimeout(state.timer);
  const wait = isSoon ? 0 : Math.max(0, state.lookedAt + LOOK_APART - Date.now());
  state.timer = setTimeout(lookNow, wait);
}

async function lookNow() {
  state.isLooking = true;
  state.next = '';
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
  if (state.next) look(state.next === 'soon');
  else state.timer = setTimeout(lookNow, byId('banner').hidden ? LOOK_EVERY : 3000);
}

function failed(error) {
  const since = state.inbox ? ` What you see is as of ${at(state.inbox.now)}.` : '';
  if (error.status === 401) banner('You are signed out: load the page again.');
  else if (error.status === 503) banner(`The database is away.${since} Trying again.`);
  else if (error.status === 0) banner(`The server cannot be reached.${since} Trying again.`);
  else banner(inWords(error) + (error.status === 403 ? '' : since));
}

/* Counting takes the longer the more wait, so then it is done less often. */
async function count(isAsked) {
  const began = Date.now();
  if (!isAsked && began - state.countedAt < Math.max(COUNT_APART, COUNT_SHARE * state.countTook)) return;
  const [{ queues }, { agents }] = await Promise.all([server.look('queues'), server.look('agents')]);
  state.countedAt = Date.now();
  state.countTook = state.countedAt - began;
  state.queues = queues;
  state.agents = agents;
  drawPresence();
}

async function lookAtDesk() {
  const open = state.open;
  const isCounting = state.isCounting;
  state.isCounting = false;
  const asked = { quantity: state.quantity, ...(state.queue ? { queue: state.queue } : {}) };
  const [inbox, due, conversation] = await Promise.all([
    server.look('inbox', asked),
    server.look('due'),
    open ? server.look('conversation', { conversation: open }) : null,
    count(isCounting),
  ]);
  if (conversation) {
    const explained = conversation.history.find((event) => event.event === 'message'
      && event.message_no === conversation.explained);
    conversation.places = explained && !explained.deleted_at
      ? places(await marksOf(explained.text), conversation.terms) : [];
  }
  state.inbox = inbox;
  state.due = due;
  drawQueues(state.queues);
  drawList(inbox, due, asked);
  if (open === state.open && conversation) {
    state.conversation = conversation;
    drawConversation(conversation);
  }
}

/* --- the list ------------------------------------------------------------ */

function choose(queue) {
  state.queue = queue;
  state.quantity = queue ? MANY : FEW;
  byId('list').scrollTop = 0;
  drawQueues(state.queues);
  look(true);
}

function drawQueues(queues) {
  const group = byId('queues');
  const all = queues.reduce((sum, q) => ({ length: sum.length + q.length, late: sum.late + q.late }),
    { length: 0, late: 0 });
  const wanted = [{ queue: '', ...all }, ...queues];
  keyed(group, wanted, (q) => q.queue, (q) => {
    const button = el('button', { type: 'button', on: { click: () => choose(q.queue) } },
      el('span', { class: 'q' }), el('span', { class: 'n' }), el('span', { class: 'late' }));
    return button;
  }, (button, q) => {
    button.setAttribute('aria-pressed', String(q.queue === state.queue));
    setText(button.children[0], q.queue || 'all');
    setText(button.children[1], q.length.toLocaleString());
    setText(button.children[2], q.late ? `${q.late.toLocaleString()} late` : '');
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

/* How many wait where we look, and whether there are more than are shown. */
function drawMore(waiting, asked) {
  const queues = state.queues.filter((q) => !asked.queue || q.queue === asked.queue);
  const all = queues.reduce((sum, q) => sum + q.length, 0);
  const counts = new Map();
  for (const row of state.inbox.waiting) counts.set(row.queue, (counts.get(row.queue) || 0) + 1);
  const isMore = [...counts.values()].some((n) => n >= asked.quantity);
  setText(byId('waiting-count'), isMore && all > waiting.length
    ? `${waiting.length.toLocaleString()} of ${all.toLocaleString()}, the next due` : waiting.length ? waiting.length.toLocaleString() : '');
  byId('more').hidden = !isMore || asked.quantity >= 1000;
}

function drawList(inbox, due, asked) {
  const mine = new Set(inbox.mine.map((row) => row.conversation_id));
  const waiting = inbox.waiting.filter((row) => !mine.has(row.conversation_id));
  keyed(byId('mine'), inbox.mine, (row) => row.conversation_id, makeCard, updateCard);
  keyed(byId('waiting'), waiting, (row) => row.conversation_id, makeCard, updateCard);
  setText(byId('mine-count'), inbox.mine.length ? String(inbox.mine.length) : '');
  drawMore(waiting, asked);
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
  if (state.known && state.queue === state.known.queue && state.quantity === state.known.quantity) {
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
  state.known = { ids, queue: state.queue, quantity: state.quantity, at: Date.now() };
  const late = state.queues.reduce((sum, q) => sum + q.late, 0);
  document.title = `${late ? `(${late} late) ` : ''}Desk · triage`;
}

/* --- one conversation ---------------------------------------------------- */

const READ = 2048; // bytes of a message that are scored
/* Words that add a little wherever they stand: marked, they would hide the others. */
const SMALL = new Set(['first_person', 'second_person', 'negation', 'greeting']);

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
  const points = new Map(terms.filter((term) => term.urgency > 0 && !SMALL.has(term.signal)).map((term) => [term.signal, term.urgency]));
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

const isMine = (row) => Boolean(row) && row.claimed_by === server.agent;
const isNobodys = (row) => Boolean(row) && !row.claimed_by;
const isFree = (row) => !row || !row.claimed_by || isMine(row);
const pastOf = () => (state.conversation ? state.conversation.history : []);
/* Where nobody waits: whether an agent closed it since the customer wrote. */
const isClosed = () => pastOf().filter((e) => ['message', 'close'].includes(e.event)).pop()?.event === 'close';
const hasPromise = () => pastOf().some((e) => e.event === 'promise' && e.waiting);

/* What an agent does: to the customer, and to the lease. */
const acts = [
  { key: 'm', name: 'Claim this', does: 'claim this one, whoever is next', isOfLease: true, call: () => pick(state.open), when: isNobodys },
  { key: 'r', name: 'Answered', does: 'the customer was answered', call: () => dialogs.reply(), when: (row) => (row ? isFree(row) : hasPromise()) },
  { key: 'p', name: 'Promise', does: 'promise to come back', call: () => dialogs.promise(), when: (row) => (row ? isFree(row) : !isClosed()) },
  { key: 'h', name: 'Invite', does: 'invited to a private channel', call: () => dialogs.handoff(), when: (row) => row && row.audience !== 'private' && isFree(row) },
  { key: 's', name: 'Snooze', does: 'put it off', call: () => dialogs.snooze(), when: (row) => row && isFree(row) },
  { key: 'q', name: 'Refer', does: 'refer it to another department', call: () => dialogs.refer(), when: (row) => row && isFree(row) },
  { key: 't', name: 'Correct', does: 'correct the urgency', call: () => dialogs.retriage(), when: (row) => row },
  { key: 'x', name: 'Close', does: 'close it without an answer', call: () => dialogs.close(), when: (row) => (row ? isFree(row) : !isClosed()) },
  { key: 'e', name: 'Keep', does: 'keep it for longer', isOfLease: true, call: () => act('renew', {}, 'Yours for 15 minutes more.'), when: isMine },
  { key: 'u', name: 'Give back', does: 'give it back', isOfLease: true, call: () => act('release', {}, 'Given back.'), when: isMine },
  { key: 'f', name: 'Hand over', does: 'hand it over to another agent', isOfLease: true, call: () => dialogs.transfer(), when: isMine },
];

const isDone = (act_) => !act_.when(state.conversation && state.conversation.waiting);

/* What comes first: to have it, then to say that it is done. */
const isFirst = (a) => a.key === (isNobodys(state.conversation.waiting) ? 'm' : 'r');

function actButton(a) {
  return el('button', { type: 'button', class: isFirst(a) ? 'primary' : null, 'aria-keyshortcuts': a.key,
    'data-act': a.key, on: { click: a.call } }, `${a.name} `, el('kbd', {}, a.key));
}

function drawLease(row) {
  if (!isMine(row)) {
    return el('div', { class: 'lease', role: 'group', 'aria-label': 'Who has it' }, row.claimed_by
      ? el('span', { class: 'tag held' }, 'with ', el('bdi', {}, row.claimed_by), ` until ${at(row.lease_until)}`)
      : el('span', { class: 'tag' }, 'nobody has it'),
    ...acts.filter((a) => a.isOfLease && !isDone(a)).map(actButton));
  }
  const left = el('span', { class: 'clock', 'data-lease': row.lease_until, title: `until ${at(row.lease_until)}` });
  tick(left);
  return el('div', { class: 'lease', role: 'group', 'aria-label': 'Your lease' }, el('span', { class: 'tag held' }, 'yours, ', left),
    ...acts.filter((a) => a.isOfLease && !isDone(a)).map(actButton));
}

function drawHead(row, last) {
  const who = row || last || {};
  const tag = (text, kind) => (text ? el('span', { class: kind ? `tag ${kind}` : 'tag' }, el('bdi', {}, text)) : null);
  return el('header', { class: 'head' },
    el('div', { class: 'head-line' },
      el('button', { type: 'button', class: 'quiet back', on: { click: () => go('') } }, '‹ List'),
      el('h2', { id: 'who' }, el('bdi', {}, nameOf(who))),
      who.author_handle && who.author_handle !== nameOf(who) ? el('span', { class: 'handle' }, el('bdi', {}, `@${who.author_handle.replace(/^@/, '')}`)) : null,
      row ? clock(row.due_at) : el('span', { class: 'clock' }, 'nobody waits')),
    row ? el('div', { class: 'facts' },
      tag(row.queue), tag(row.platform), tag(row.brand), tag(row.audience, row.audience === 'public' ? 'public' : ''),
      tag(row.snoozed_until && `snoozed until ${at(row.snoozed_until)}`),
      tag(row.promise_due_at && `promised ${at(row.promise_due_at)}`),
      tag(row.resolve_due_at && `to be closed by ${at(row.resolve_due_at)}`),
      tag(row.warned && 'warned', 'public'), tag(row.spike && `unusual: ${row.spike}`, 'public'),
      drawLease(row)) : null,
    el('div', { class: 'acts', role: 'group', 'aria-label': 'What to do' },
      ...acts.filter((a) => !a.isOfLease && !isDone(a)).map(actButton)));
}

/* Draws a part of the conversation anew when what it shows has changed: what
 * is read, selected or unfolded in the others stays. */
function drawPart(name, shown, make) {
  const article = byId('conversation');
  const before = article.querySelector(`:scope > [data-part="${name}"]`);
  const shape = JSON.stringify(shown);
  if (before && before.dataset.shape === shape) return;
  const key = before && before.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const open = before ? [...before.querySelectorAll('details')].map((d) => d.open) : [];
  const node = make();
  if (node) {
    node.dataset.part = name;
    node.dataset.shape = shape;
    node.querySelectorAll('details').forEach((d, i) => { d.open = Boolean(open[i]); });
    if (before) before.replaceWith(node); else article.append(node);
  } else if (before) before.remove();
  const again = key && node ? node.querySelector(`[data-act="${key}"]`) : null;
  if (again) again.focus();
  else if (key) byId('pane').focus({ preventScroll: true });
}

function drawConversation(data) {
  const article = byId('conversation');
  const row = data.waiting;
  const last = data.history.filter((event) => event.event === 'message').pop();
  if (article.dataset.key !== state.open) article.replaceChildren();
  article.dataset.key = state.open;
  byId('empty').hidden = true;
  article.hidden = false;
  if (!row && data.history.length === 0) {
    article.replaceChildren(el('p', {}, 'There is no such conversation, or it is not for you to see.'));
    return;
  }
  drawPart('head', [row, last && last.author_name, isClosed(), hasPromise()], () => drawHead(row, last));
  drawPart('story', [data.history, data.places], () => el('ol', { class: 'story', 'aria-label': 'What happened' },
    ...data.history.map((event) => drawEvent(event,
      event.event === 'message' && event.message_no === data.explained ? data.places : []))));
  drawPart('why', row && [row.urgency, row.visibility, row.contacts, data.terms], () => row && drawWhy(row, data.terms));
}

/* After a deed of our own everything is looked at, counts too. */
function lookAgain() {
  state.isCounting = true;
  look(true);
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
    say(inWords(error), true);
    return false;
  } finally {
    lookAgain();
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
    say(inWords(error), true);
  }
  button.disabled = false;
  lookAgain();
}

/* One that the agent chose: open, or walked to in the list. */
async function pick(id) {
  try {
    const { picked } = await server.change('pick', { conversation: id });
    say(`Yours: ${nameOf(picked)}`);
    byId('list').scrollTop = 0; // where it is now
    go(id);
  } catch (error) {
    say(inWords(error), true);
  }
  lookAgain();
}

const isHere = (agent) => Boolean(agent && agent.present_until);

/* Whether we are there, for whom triage may keep customers who return. */
function drawPresence() {
  const mine = state.agents.find((a) => a.agent === server.agent);
  const button = byId('presence');
  button.hidden = false;
  button.setAttribute('aria-checked', String(isHere(mine)));
  button.title = `${isHere(mine) ? `You are here until ${at(mine.present_until)}.` : 'You are away.'} While you are here, customers whom you know are left to you for a few minutes when they write again.`;
}

async function comeOrGo() {
  const isComing = byId('presence').getAttribute('aria-checked') !== 'true';
  try {
    const answer = await server.change('presence', { hours: isComing ? 12 : 0 });
    say(isComing ? `You are here until ${at(answer.present_until)}.` : 'You are away.');
  } catch (error) {
    say(inWords(error), true);
  }
  lookAgain();
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
      (form.querySelector('input, select, textarea') || end).focus();
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
    lookAgain();
    return '';
  } catch (error) {
    lookAgain();
    return inWords(error);
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

function queueOptions(but) {
  return state.queues.filter((q) => !q.retired && q.queue !== but).map((q) => el('option', { value: q.queue }, q.queue));
}

/* Calls with a time that is still to come, or says what is wrong with it. */
function withTime(form, name, call) {
  const time = timeOf(form, name);
  if (!time) return 'A day and a time are needed.';
  if (Date.parse(time) <= server.now()) return 'That time is over already.';
  return call(time);
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
    'Snooze', (form) => withTime(form, 'until', (until) => change('snooze', { conversation: state.open, until },
      `Put off until ${at(until)}.`)));
  },
  promise() {
    const by = timeField('due_at', 'By', inMinutes(240)(), [
      ['1 hour', inMinutes(60)], ['4 hours', inMinutes(240)], ['tomorrow 17:00', () => tomorrowAt(17)]]);
    const suggestion = suggestionFor(by.querySelector('input'));
    ask('Promise to come back', [by,
      el('label', {}, 'What was promised', el('textarea', { name: 'note', rows: '2', maxlength: '1000', on: {
        input: (event) => suggestion.read(event.target.value) } })),
      suggestion.line],
    'Promise', (form) => withTime(form, 'due_at', (due) => change('promise', {
      conversation: state.open, due_at: due, note: form.get('note') || null }, 'Promised.')));
  },
  handoff() {
    ask('Invited to a private channel', [timeField('due_at', 'The invitation holds until', inMinutes(7 * 1440)(), [
      ['1 day', inMinutes(1440)], ['7 days', inMinutes(7 * 1440)]]),
    el('p', { class: 'hint' }, 'The private conversation takes over the deadline. Meta allows one private reply within seven days.')],
    'Invited', (form) => withTime(form, 'due_at', (due) => change('handoff', { conversation: state.open, due_at: due }, 'Invited.')));
  },
  refer() {
    const row = state.conversation && state.conversation.waiting;
    if (!row) return;
    ask('Refer to another department', [
      el('label', {}, 'Queue', el('select', { name: 'queue', required: true, 'data-first': true }, ...queueOptions(row.queue))),
      el('p', { class: 'hint' }, 'The customer keeps their place in time: the clock runs on, and the deadline only comes nearer.')],
    'Refer', (form) => (form.get('queue')
      ? change('refer', { conversation: state.open, queue: form.get('queue') }, `Referred to ${form.get('queue')}.`)
      : 'There is no other queue.'));
  },
  transfer() {
    const input = el('input', { name: 'recipient', required: true, maxlength: '200', autocomplete: 'off', list: 'agents', 'data-first': true });
    const others = state.agents.filter((a) => a.agent !== server.agent);
    const holds = (a) => `holds ${a.held}${a.capacity === null ? '' : ` of ${a.capacity}`}`;
    ask('Hand over', [
      el('div', {}, el('label', {}, 'To which agent', input),
        el('datalist', { id: 'agents' }, ...others.map((a) => el('option', { value: a.agent }, holds(a)))),
        el('div', { class: 'choices' }, ...others.filter(isHere).slice(0, 8).map((a) => el('button', {
          type: 'button', title: `here, ${holds(a)}`, on: { click: () => { input.value = a.agent; input.focus(); } },
        }, el('bdi', {}, a.agent))))),
      el('p', { class: 'hint' }, others.some(isHere) ? 'Those who are here are one click away. The lease goes along.' : 'The lease goes along.')],
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
        ...queueOptions())),
      el('p', { class: 'hint' }, 'triage learns from corrections. A deadline only comes nearer.')],
    'Correct', (form) => {
      if (!form.get('why').trim()) return 'A correction needs a reason.';
      if (form.get('urgency') === '') return 'An urgency is from 0 to 100.';
      return change('retriage', { message: state.conversation.explained, urgency: Number(form.get('urgency')),
        why: form.get('why').trim(), queue: form.get('queue') || null }, 'Corrected.');
    });
  },
  help() {
    const keys = [['c', 'claim who should be answered next'], ['j', 'next in the list'], ['k', 'the one before'],
      ['Enter', 'open it'], ['Esc', 'back to the list'], ...acts.map((a) => [a.key, a.does]),
      ['w', 'why it is urgent'], ['a', 'you are here, or away'], ['0 … 9', 'all queues, or one of them'], ['d', 'the desk'], ['l', 'the leads\' page'], ['?', 'these keys']];
    dialog.replaceChildren(el('div', { class: 'inner' }, el('h2', { id: 'dialog-title' }, 'Keys'),
      el('dl', { class: 'keys' }, ...keys.flatMap(([key, what]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)])),
      el('div', { class: 'ends' }, el('button', { type: 'button', class: 'primary', on: { click: () => dialog.close() } }, 'Close'))));
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

/* The one that is walked to, or else the one that is open. */
function pickChosen() {
  const { href } = document.activeElement.matches('#waiting a.card') ? document.activeElement : location;
  const match = /#\/c\/([0-9a-f-]{36})$/.exec(href);
  if (match) pick(match[1]);
}

const keys = {
  c: claim, m: pickChosen, a: comeOrGo, j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
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
byId('presence').addEventListener('click', comeOrGo);
byId('more').addEventListener('click', () => {
  state.quantity = Math.min(1000, state.quantity + MANY);
  look(true);
});
byId('help-open').addEventListener('click', dialogs.help);

/* --- where we are -------------------------------------------------------- */

function go(id) {
  location.hash = id ? `#/c/${id}` : '#/';
}

/* To what the page is about, without going anywhere. */
const skip = document.querySelector('.skip');
skip.addEventListener('click', (event) => {
  event.preventDefault();
  document.querySelector(skip.getAttribute('href')).focus();
});

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
  skip.setAttribute('href', page === 'leads' ? '#leads' : state.open ? '#pane' : '#list');
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

/* --- begin --------------------------------------------------------------- */

document.addEventListener('DOMContentLoaded', () => { listen(); route(); });
