// Client of the TypeScript SDK, second generation; MCP_MODE is legacy, auto, or a revision to insist on.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { session, target } from './session.mjs';

const mode = process.env.MCP_MODE ?? 'legacy';
const versionNegotiation = { mode: mode === 'legacy' || mode === 'auto' ? mode : { pin: mode } };

await session(async (url) => {
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: target.headers } });
  const client = new Client({ name: 'typescript-v2', version: '1.0.0' }, { versionNegotiation });
  await client.connect(transport);
  const close = async () => {
    await transport.terminateSession?.();
    await client.close();
  };
  return { client, close };
});
