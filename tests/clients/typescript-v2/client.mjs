// Client of the TypeScript SDK, second generation; MCP_MODE is legacy, auto, or a revision to insist on.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { run, target } from './session.mjs';

const mode = process.env.MCP_MODE ?? 'legacy';
const negotiation = mode === 'legacy' || mode === 'auto' ? mode : { pin: mode };
const transport = new StreamableHTTPClientTransport(target.url, { requestInit: { headers: target.headers } });
const client = new Client({ name: 'typescript-v2', version: '1.0.0' }, { versionNegotiation: { mode: negotiation } });
await client.connect(transport);
await run(client);
await transport.terminateSession?.();
await client.close();
