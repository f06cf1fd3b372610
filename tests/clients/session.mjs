// The errands that JavaScript clients run: list all tools, make one call that is allowed and one that is denied; or,
// with MCP_ELSEWHERE, keep a session at each of two gateways and make the calls that standard input tells. What came of it is
// printed as JSON, a line each. Both generations of the TypeScript SDK offer these methods.

import { createInterface } from 'node:readline/promises';

const { MCP_URL, MCP_ELSEWHERE, MCP_TOKEN, MCP_ALLOWED, MCP_DENIED, MCP_ARGUMENTS = '{}' } = process.env;

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
  if (MCP_ELSEWHERE === undefined) {
    await run(here.client);
  } else {
    const elsewhere = await connect(new URL(MCP_ELSEWHERE));
    await obey([here.client, elsewhere.client]);
    await elsewhere.close();
  }
  await here.close();
}

/** Makes the calls of each line of standard input, those of one line at once, and prints what came of them as one line. */
async function obey(clients) {
  for await (const line of createInterface({ input: process.stdin })) {
    const made = JSON.parse(line).map(({ at, tool, arguments: given }) => call(clients[at], tool, given));
    console.log(JSON.stringify(await Promise.all(made)));
  }
}

async function run(client) {
  const tools = await names(client);
  const given = errand.arguments;
  report(tools, await call(client, errand.allowed, given), await call(client, errand.denied, given));
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

async function call(client, name, given) {
  try {
    return outcome(await client.callTool({ name, arguments: given }));
  } catch (error) {
    return { error: { code: error.code, message: error.message } };
  }
}

/** What matters of a `tools/call` result. */
export function outcome({ content, isError = false, _meta: meta }) {
  return { isError, text: content.map((block) => block.text ?? '').join('\n'), meta };
}
