// Client of the TypeScript SDK, first generation (initialize and sessions only).
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { session, target } from './session.mjs';

await session(async (url) => {
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: target.headers } });
  const client = new Client({ name: 'typescript-v1', version: '1.0.0' });
  await client.connect(transport);
  const close = async () => {
    await transport.terminateSession();
    await client.close();
  };
  return { client, close };
});
