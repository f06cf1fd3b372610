/** The real program with an empty data folder, and an MCP server behind it. Everything ends with `stop`. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Small machines with much to do take their time. */
export const PATIENCE_MS = 60_000;

/** The folder of real data that lies beside a checkout. */
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** A file of it; nothing where there is no such folder. CI has it, and there a missing file is a failure. */
export function sharedFile(path) {
  const file = join(shared, path);
  if (existsSync(file)) return file;
  if (process.env.CI) throw new Error(`${file} is missing`);
  return undefined;
}

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));

export const TOOLS = [
  tool('get_order', 'Looks up one order by its number.', { order: 'string' }),
  tool('search_orders', 'Finds orders by customer, state or day.', { customer: 'string', state: 'string' }),
  tool('list_refunds', 'Lists refunds of the last days.', { days: 'integer' }),
  tool('create_refund', 'Pays money back to a customer.', { order: 'string', amount: 'number' }),
  tool('update_address', 'Changes where an order is sent.', { order: 'string', address: 'string' }),
  tool('delete_order', 'Deletes an order for good.', { order: 'string' }),
  tool('export_customers', 'Writes all customers into a file.', {}),
];

function tool(name, description, properties) {
  const named = Object.entries(properties).map(([key, type]) => [key, { type }]);
  const inputSchema = {
    type: 'object',
    properties: Object.fromEntries(named),
    required: Object.keys(properties),
  };
  return { name, description, inputSchema };
}

function program(name) {
  const file = join(target, 'debug', name);
  if (!existsSync(file)) {
    throw new Error(`${file} is not there; run: cargo build --package server --package testkit --bins`);
  }
  return file;
}

/** Starts a program and waits for the address that it prints. */
function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  let said = '';
  const address = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} does not listen:\n${said}`)), PATIENCE_MS);
    child.stderr.on('data', (chunk) => {
      if (said.length < 100_000) said += chunk;
      const found = /(?:Open +|listening on )(http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    });
    child.on('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
  return { child, address, said: () => said };
}

function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.on('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}

export async function product() {
  const home = mkdtempSync(join(tmpdir(), 'policylayer-console-'));
  const servers = [];
  /** Starts an MCP server with these tools, or those of a file. */
  const serve = async (tools, ...args) => {
    let file = tools;
    if (typeof tools !== 'string') {
      file = join(home, `tools-${servers.length}.json`);
      writeFileSync(file, JSON.stringify(tools));
    }
    const server = start(program('fixture-server'), ['--tools', file, ...args]);
    servers.push(server);
    server.endpoint = endpoint(await server.address);
    return server.endpoint;
  };
  const up = start(
    program('policylayer'),
    ['up', '--listen', '127.0.0.1:0', '--data-dir', join(home, 'data')],
    {
      env: { ...process.env, POLICYLAYER_LIMITS_TIMEOUT_MS: '5000' },
      cwd: home,
    },
  );
  const stop = async () => {
    await ended(up.child, 'SIGTERM');
    await Promise.all(servers.map(({ child }) => ended(child, 'SIGTERM')));
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const [url, upstream] = await Promise.all([up.address, serve(TOOLS)]);
    const outbox = join(home, 'data', 'outbox');
    return {
      url,
      mails: () => mails(outbox),
      /** What the pattern catches in a mail to somebody, once there is one. */
      mailed: (address, pattern) =>
        until(`a mail to ${address} with ${pattern}`, () =>
          mails(outbox)
            .filter((mail) => new RegExp(`^To: .*${address}`, 'm').test(mail))
            .map((mail) => pattern.exec(mail)?.[1])
            .find(Boolean),
        ),
      upstream,
      serve,
      /** Has the server at that address come back with other tools. */
      async replaceTools(address, tools) {
        const server = servers.findLast((one) => one.endpoint === address);
        await ended(server.child, 'SIGTERM');
        await serve(tools, '--listen', new URL(address).host);
      },
      /** Takes servers into the public catalogue. */
      async catalogue(rows) {
        const file = join(home, 'catalogue.jsonl');
        writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        const args = ['catalog', 'import', '--data-dir', join(home, 'data'), file];
        await promisify(execFile)(program('policylayer'), args, { cwd: home, timeout: PATIENCE_MS });
      },
      said: up.said,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const endpoint = (address) => `${address.replace(/\/$/, '')}/mcp`;

/** Waits for a condition. */
export async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** All mails so far, with the line breaks of their transport encoding taken out. */
function mails(outbox) {
  const files = readdirSync(outbox).filter((name) => name.endsWith('.eml'));
  return files.map((name) =>
    readFileSync(join(outbox, name), 'utf8')
      .replace(/=\r?\n/g, '')
      .replaceAll('=3D', '='),
  );
}

const MODERN = '2026-07-28';

/** An agent's call of a tool, as the newest protocol has it. */
export async function call(gateway, token, name, args = {}) {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'browser-test', version: '1' },
  };
  const response = await fetch(gateway, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': MODERN,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, _meta: meta },
    }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? text : (/^data: ?(\{.*)$/m.exec(text)?.[1] ?? 'null');
  return { status: response.status, message: JSON.parse(json) };
}
