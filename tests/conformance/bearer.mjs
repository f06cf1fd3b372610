// Preloaded into the conformance suites, which cannot be told a header: puts the bearer of MCP_TOKEN on every
// request this process makes. `fetch` and `node:http` each announce their requests on a channel of their own.
import { subscribe } from 'node:diagnostics_channel';

const bearer = `Bearer ${process.env.MCP_TOKEN}`;

subscribe('undici:request:create', (event) => event.request.addHeader('authorization', bearer));
subscribe('http.client.request.created', ({ request }) => {
  if (request.getHeader('authorization') === undefined && !request.headersSent) {
    request.setHeader('authorization', bearer);
  }
});
