// Fastify and pg: the receiver a Node team would write.
//   FORM=minimal  one insert into one plain table
//   FORM=same     one triage.ingest a delivery, into the same schema
// PORT, POOL, SECRET and libpq's PG* from the environment.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const { PORT, POOL, SECRET, FORM } = process.env;
const words = JSON.parse(
  readFileSync(new URL('../scoring.json', import.meta.url)));
const pool = new pg.Pool({ max: Number(POOL) });
const app = Fastify({ logger: false, bodyLimit: 4 << 20 });

pool.on('error', () => {});
app.addContentTypeParser('application/json', { parseAs: 'buffer' },
  (request, body, done) => done(null, body));

function isGenuine(body, header) {
  if (typeof header !== 'string' || !header.startsWith('sha256=')) {
    return false;
  }
  const given = Buffer.from(header.slice(7), 'hex');
  const mac = createHmac('sha256', SECRET).update(body).digest();

  return given.length === mac.length && timingSafeEqual(given, mac);
}

function score(value) {
  const text = String(value.message).toLowerCase();
  let urgency = 0;

  for (const [word, points] of words) {
    if (text.includes(word)) {
      urgency += points;
    }
  }

  const followers = value.from?.followers_count ?? 0;
  const visibility = Math.min(100, Math.round(
    (value.post?.is_published ? 40 : 0) + 10 * Math.log10(followers + 1)));

  return { urgency: Math.min(100, urgency), visibility };
}

function route({ urgency, visibility }) {
  if (urgency >= 80 && visibility >= 60) return ['crisis', 900];
  if (urgency >= 70) return ['urgent', 3600];
  if (urgency >= 40) return ['public', 14400];
  return ['standard', 86400];
}

function* comments(document) {
  for (const entry of document.entry ?? []) {
    for (const change of entry.changes ?? []) {
      if (change.field === 'feed' && change.value?.item === 'comment'
          && change.value.verb === 'add') {
        yield { entry, value: change.value, change };
      }
    }
  }
}

async function keepMinimal(document) {
  for (const { value, change } of comments(document)) {
    const points = score(value);
    const [queue, respond] = route(points);

    await pool.query({
      name: 'plain',
      text: `insert into plain (platform, external_id, author, text, urgency,
               visibility, queue, due_at, raw)
             values ('facebook', $1, $2, $3, $4, $5, $6, to_timestamp($7), $8)
             on conflict (external_id) do nothing`,
      values: [value.comment_id, value.from.name, value.message,
        points.urgency, points.visibility, queue,
        value.created_time + respond, JSON.stringify(change)],
    });
  }
}

const ingest = `select triage.ingest(
  $1::text[], $2::text[], $3::timestamptz[], $4::bytea[], $5::text[],
  $6::int4[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
  $12::text[], $13::text[], $14::text[], $15::int8[], $16::bool[],
  $17::text[], $18::text[], $19::text[], $20::json[], $21::text[],
  $22::timestamptz[], $23::real[], $24::real[], $25::json[], $26::text[])`;

async function keepSame(document, body) {
  const rows = [...comments(document)];
  const column = (make) => rows.map(make);
  const points = column(({ value }) => score(value));

  await pool.query({
    name: 'ingest',
    text: ingest,
    values: [
      ['facebook'], ['acme'], [new Date()], [body], [null],
      column(() => 1),
      column(({ entry }) => String(entry.id)),
      column(({ value }) => value.comment_id),
      column(({ value }) =>
        `${value.comment_id}:${value.verb}:${value.created_time}`),
      column(({ value }) => value.post_id),
      column(() => null),
      column(({ value }) => String(value.from.id)),
      column(({ value }) => value.from.name),
      column(() => null),
      column(({ value }) => value.from.followers_count ?? null),
      column(() => null),
      column(() => 'comment'), column(() => 'public'),
      column(({ value }) => value.message),
      column(() => null), column(() => null),
      column(({ value }) => new Date(value.created_time * 1000)),
      points.map((p) => p.urgency), points.map((p) => p.visibility),
      points.map((p) => JSON.stringify(
        [{ signal: 'words', urgency: p.urgency, visibility: 0 },
          { signal: 'reach', urgency: 0, visibility: p.visibility }])),
      points.map((p) => route(p)[0]),
    ],
  });
}

const keep = FORM === 'same' ? keepSame : keepMinimal;

app.post('/hooks/facebook', async (request, reply) => {
  const body = request.body;

  if (!isGenuine(body, request.headers['x-hub-signature-256'])) {
    return reply.code(401).send();
  }

  await keep(JSON.parse(body), body);
  return reply.send();
});

await app.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 1024 });
