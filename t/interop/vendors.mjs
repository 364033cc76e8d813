// The vendors' own signers and verifiers, asked by vendors.t: a question a
// line, as JSON, and an answer a line.
//
//   {"do": "verify", "vendor": "line", "secret": …, "body": …, "url": …,
//    "headers": {…}, "now": 1772440530}           → {"ok": true}
//   {"do": "sign", …}                             → {"headers": {…}}
//   {"do": "answer", …}                           → {"answer": "200\n…"}
//
// `body` is base64, header names are lower case.
import { createPublicKey, createPrivateKey, sign as signBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parse as parseForm } from 'node:querystring';
import { validateSignature } from '@line/bot-sdk';
import { sign as hubSign, verify as hubVerify } from '@octokit/webhooks-methods';
import bolt from '@slack/bolt';
import discord from 'discord-interactions';
import jsonwebtoken from 'jsonwebtoken';
import { Webhook } from 'standardwebhooks';
import twilio from 'twilio';

const text = (question) => question.body.toString('utf8');

// standardwebhooks asks the clock itself.
function at(seconds, run) {
  const RealDate = globalThis.Date;

  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length ? args : [seconds * 1000]));
    }
    static now() {
      return seconds * 1000;
    }
  };

  try {
    return run();
  } finally {
    globalThis.Date = RealDate;
  }
}

const hub = (header) => ({
  verify: (q) => hubVerify(q.secret, text(q), q.headers[header]),
  sign: async (q) => ({ [header]: await hubSign(q.secret, text(q)) }),
});

// What an Express middleware answers: status, type, empty line, body.
function answerOf(middleware, q) {
  return new Promise((resolve, reject) => {
    const type = {};
    const response = {
      statusCode: 200,
      setHeader: (name, value) => { type[name.toLowerCase()] = value; },
      end: (body) => resolve([response.statusCode,
        type['content-type'] ?? '', '', body ?? ''].join('\n')),
    };

    middleware({ body: q.body, header: (name) => q.headers[name.toLowerCase()] },
      response, () => reject(new Error('not answered')));
  });
}

const vendors = {
  line: {
    verify: (q) =>
      validateSignature(q.body, q.secret, q.headers['x-line-signature']),
  },
  slack: {
    verify: (q) =>
      bolt.isValidSlackRequest({
        signingSecret: q.secret,
        body: text(q),
        headers: {
          'x-slack-signature': q.headers['x-slack-signature'],
          'x-slack-request-timestamp': Number(
            q.headers['x-slack-request-timestamp']),
        },
        nowMilliseconds: q.now * 1000,
      }),
  },
  discord: {
    verify: (q) =>
      discord.verifyKey(q.body, q.headers['x-signature-ed25519'],
        q.headers['x-signature-timestamp'], q.secret),
    // the package has no signer; this is Node's own Ed25519
    sign: (q) => ({
      'x-signature-timestamp': String(q.now),
      'x-signature-ed25519': signBytes(null,
        Buffer.concat([Buffer.from(String(q.now)), q.body]),
        createPrivateKey({ key: Buffer.from(q.private_key, 'base64'),
          format: 'der', type: 'pkcs8' })).toString('hex'),
    }),
    answer: (q) => answerOf(q.platform === 'discord'
      ? discord.verifyKeyMiddleware(q.secret)
      : discord.verifyWebhookEventMiddleware(q.secret), q),
  },
  standard: {
    verify: (q) => at(q.now, () => {
      new Webhook(q.secret).verify(text(q), q.headers);
      return true;
    }),
    sign: (q) => ({
      'webhook-id': q.id,
      'webhook-timestamp': String(q.now),
      'webhook-signature':
        new Webhook(q.secret).sign(q.id, new Date(q.now * 1000), text(q)),
    }),
  },
  twilio: {
    verify: (q) => q.url.includes('bodySHA256=')
      ? twilio.validateRequestWithBody(q.secret,
        q.headers['x-twilio-signature'], q.url, text(q))
      : twilio.validateRequest(q.secret, q.headers['x-twilio-signature'],
        q.url, parseForm(text(q))),
    sign: (q) => ({
      'x-twilio-signature': twilio.getExpectedTwilioSignature(q.secret,
        q.url, q.url.includes('bodySHA256=') ? null : parseForm(text(q))),
    }),
  },
  facebook: hub('x-hub-signature-256'),
  mastodon: hub('x-hub-signature'),
  teams: {
    verify: (q) => {
      const [jwk] = JSON.parse(q.jwks).keys;
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const token = q.headers.authorization.replace(/^Bearer /, '');

      jsonwebtoken.verify(token, key, { algorithms: ['RS256'],
        audience: q.audience, issuer: 'https://api.botframework.com',
        clockTimestamp: q.now });
      return true;
    },
    sign: (q) => ({
      authorization: 'Bearer ' + jsonwebtoken.sign({
        serviceurl: JSON.parse(text(q)).serviceUrl, nbf: q.now,
        exp: q.now + 3600 }, q.signer, { algorithm: q.algorithm ?? 'RS256',
        audience: q.audience, issuer: 'https://api.botframework.com',
        keyid: q.key_id }),
    }),
  },
};

async function answer(question) {
  const vendor = vendors[question.vendor];

  question.body = Buffer.from(question.body, 'base64');

  if (question.do === 'answer') {
    return { answer: await vendor.answer(question) };
  }

  if (question.do === 'sign') {
    return { headers: await vendor.sign(question) };
  }

  try {
    return { ok: (await vendor.verify(question)) === true };
  } catch (error) {
    return { ok: false, why: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack) }));
  }
}
