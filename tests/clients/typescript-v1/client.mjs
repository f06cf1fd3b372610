// Client of the TypeScript SDK, first generation (initialize and sessions only).
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { run, target } from './session.mjs';

const transport = new StreamableHTTPClientTransport(target.url, { requestInit: { headers: target.headers } });
const client = new Client({ name: 'typescript-v1', version: '1.0.0' });
await client.connect(transport);
await run(client);
await transport.terminateSession();
await client.close();
