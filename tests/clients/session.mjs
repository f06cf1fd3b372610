// The errands that JavaScript clients run: list all tools, make one call that is allowed and one that is denied; or,
// with MCP_ASKS, make a call that people have to approve. What came of it is printed as one line of JSON. Both
// generations of the TypeScript SDK offer these methods.

import { setTimeout as pause } from 'node:timers/promises';

const { MCP_URL, MCP_ELSEWHERE, MCP_TOKEN, MCP_ALLOWED, MCP_DENIED, MCP_ASKS, MCP_ARGUMENTS = '{}' } = process.env;

/** How often a call that waits is made again, 200 ms apart. */
const TRIES = 150;

/** Where to connect and as whom. */
export const target = { url: new URL(MCP_URL), headers: { Authorization: `Bearer ${MCP_TOKEN}` } };

/** Which tools to call. */
export const errand = { allowed: MCP_ALLOWED, denied: MCP_DENIED, arguments: JSON.parse(MCP_ARGUMENTS) };

/** Prints the report; `ok` when the allowed tool is listed and answered, and the denied one was refused. */
export function report(tools, allowed, denied) {
  const refused = denied.isError === true || denied.error !== undefined;
  const ok = tools.includes(errand.allowed) && allowed.isError === false && refused;
  console.log(JSON.stringify({ ok, tools, allowed, denied }));
  process.exitCode = ok ? 0 : 1;
}

/** Runs the errand; `connect` opens a session at an address, and gives its SDK client and how to close it. */
export async function session(connect) {
  const here = await connect(target.url);
  if (MCP_ASKS === undefined) {
    await run(here.client);
  } else {
    const elsewhere = await connect(new URL(MCP_ELSEWHERE));
    await park(here.client, elsewhere.client);
    await elsewhere.close();
  }
  await here.close();
}

/** Parks a call here, makes it elsewhere until somebody has approved it, and then here once more. */
async function park(here, elsewhere) {
  const parked = request(await call(here, MCP_ASKS));
  console.log(JSON.stringify({ parked }));
  let passed = await call(elsewhere, MCP_ASKS);
  for (let tries = 0; tries < TRIES && request(passed)?.id === parked?.id && passed.isError; tries += 1) {
    await pause(200);
    passed = await call(elsewhere, MCP_ASKS);
  }
  const again = request(await call(here, MCP_ASKS));
  const anew = again?.status === 'pending' && again.id !== parked?.id;
  const ok = parked?.status === 'pending' && passed.isError === false && anew;
  console.log(JSON.stringify({ ok, passed, again }));
  process.exitCode = ok ? 0 : 1;
}

/** The request for approval that a denial names. */
function request({ meta }) {
  return meta?.['policylayer.com/decision']?.approval;
}

async function run(client) {
  const tools = await names(client);
  report(tools, await call(client, errand.allowed), await call(client, errand.denied));
}

async function names(client) {
  const all = [];
  let cursor;
  do {
    const page = await client.listTools(cursor === undefined ? undefined : { cursor });
    all.push(...page.tools.map((tool) => tool.name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

async function call(client, name) {
  try {
    return outcome(await client.callTool({ name, arguments: errand.arguments }));
  } catch (error) {
    return { error: { code: error.code, message: error.message } };
  }
}

/** What matters of a `tools/call` result. */
export function outcome({ content, isError = false, _meta: meta }) {
  return { isError, text: content.map((block) => block.text ?? '').join('\n'), meta };
}
