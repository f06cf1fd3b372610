// The errand every JavaScript client runs: list all tools, make one call that is allowed and one that is denied,
// and print what came of it as one line of JSON. Both generations of the TypeScript SDK offer these methods.

const { MCP_URL, MCP_TOKEN, MCP_ALLOWED, MCP_DENIED, MCP_ARGUMENTS = '{}' } = process.env;

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

/** Runs the errand with a connected SDK client. */
export async function run(client) {
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
