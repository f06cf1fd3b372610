/** What each client has to be told. Pure: the same target gives the same text. */

export type Target = {
  /** Name of the server in the client's own list. */
  name: string;
  /** The gateway's address for it. */
  url: string;
  /** The token itself; without one, texts name the environment variable instead. */
  token: string | null;
};

export type Snippet = {
  id: string;
  label: string;
  /** Where the text goes. */
  place: string;
  text: string;
  /** An address that opens the client with everything filled in but the token. */
  link?: { label: string; href: string };
};

/** The environment variable that texts refer to. */
export const VARIABLE = 'POLICYLAYER_TOKEN';

type Json = string | boolean | { [key: string]: Json } | Json[];

const pretty = (value: Json) => JSON.stringify(value, null, 2);
/** For `sh`: nothing inside is special. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function bearer(target: Target, variable: string): string {
  return `Bearer ${target.token ?? variable}`;
}

function claudeCode(target: Target): Snippet {
  const header = target.token
    ? quoted(`Authorization: ${bearer(target, '')}`)
    : `"Authorization: Bearer $${VARIABLE}"`;
  return {
    id: 'claude-code',
    label: 'Claude Code',
    place: 'In a terminal',
    text: `claude mcp add --transport http ${target.name} ${quoted(target.url)} \\\n  --header ${header}`,
  };
}

function claudeDesktop(target: Target): Snippet {
  return {
    id: 'claude-desktop',
    label: 'Claude Desktop',
    place: 'Settings → Developer → Edit Config: claude_desktop_config.json (needs Node.js)',
    text: pretty({
      mcpServers: {
        [target.name]: {
          command: 'npx',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: mcp-remote fills this in
          args: ['-y', 'mcp-remote', target.url, '--header', 'Authorization:${AUTHORIZATION}'],
          env: { AUTHORIZATION: bearer(target, 'paste-the-token-here') },
        },
      },
    }),
  };
}

function cursor(target: Target): Snippet {
  const entry = (token: string | null) => ({
    url: target.url,
    headers: { Authorization: `Bearer ${token ?? `\${env:${VARIABLE}}`}` },
  });
  return {
    id: 'cursor',
    label: 'Cursor',
    place: '~/.cursor/mcp.json',
    text: pretty({ mcpServers: { [target.name]: entry(target.token) } }),
    link: {
      label: 'Add to Cursor',
      // Links are passed around: never with a token in them.
      href: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(target.name)}&config=${encodeURIComponent(base64(JSON.stringify(entry(null))))}`,
    },
  };
}

function vsCode(target: Target): Snippet {
  const input = {
    type: 'promptString',
    id: 'policylayer-token',
    description: 'PolicyLayer token',
    password: true,
  };
  const asked = {
    type: 'http',
    url: target.url,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills this in
    headers: { Authorization: 'Bearer ${input:policylayer-token}' },
  };
  const direct = { ...asked, headers: { Authorization: bearer(target, '') } };
  return {
    id: 'vs-code',
    label: 'VS Code',
    place: '.vscode/mcp.json',
    text: target.token
      ? pretty({ servers: { [target.name]: direct } })
      : pretty({ inputs: [input], servers: { [target.name]: asked } }),
    link: {
      label: 'Add to VS Code',
      href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: target.name, ...asked, inputs: [input] }))}`,
    },
  };
}

function windsurf(target: Target): Snippet {
  return {
    id: 'windsurf',
    label: 'Windsurf',
    place: '~/.codeium/windsurf/mcp_config.json',
    text: pretty({
      mcpServers: {
        [target.name]: {
          serverUrl: target.url,
          headers: { Authorization: bearer(target, `\${env:${VARIABLE}}`) },
        },
      },
    }),
  };
}

function codex(target: Target): Snippet {
  const proof = target.token
    ? `http_headers = { Authorization = ${JSON.stringify(bearer(target, ''))} }`
    : `bearer_token_env_var = "${VARIABLE}"`;
  return {
    id: 'codex',
    label: 'Codex',
    place: '~/.codex/config.toml',
    text: `[mcp_servers.${target.name}]\nurl = ${JSON.stringify(target.url)}\n${proof}`,
  };
}

function gemini(target: Target): Snippet {
  return {
    id: 'gemini',
    label: 'Gemini CLI',
    place: '~/.gemini/settings.json',
    text: pretty({
      mcpServers: {
        [target.name]: { httpUrl: target.url, headers: { Authorization: bearer(target, `$${VARIABLE}`) } },
      },
    }),
  };
}

/** The protocol version of requests that need no session. */
const MODERN = '2026-07-28';

function curl(target: Target): Snippet {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '1' },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } });
  const header = target.token
    ? quoted(`Authorization: ${bearer(target, '')}`)
    : `"Authorization: Bearer $${VARIABLE}"`;
  return {
    id: 'curl',
    label: 'curl',
    place: 'In a terminal: lists the tools that this identity sees',
    text: [
      `curl -sS ${quoted(target.url)}`,
      `  -H ${header}`,
      "  -H 'Content-Type: application/json'",
      "  -H 'Accept: application/json, text/event-stream'",
      `  -H 'MCP-Protocol-Version: ${MODERN}'`,
      "  -H 'Mcp-Method: tools/list'",
      `  -d ${quoted(body)}`,
    ].join(' \\\n'),
  };
}

function python(target: Target): Snippet {
  const token = target.token ? JSON.stringify(target.token) : `os.environ["${VARIABLE}"]`;
  return {
    id: 'python',
    label: 'Python',
    place: 'With the package mcp (pip install mcp)',
    text: `import asyncio
import os

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

URL = ${JSON.stringify(target.url)}
TOKEN = ${token}


async def main():
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with streamablehttp_client(URL, headers=headers) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            for tool in (await session.list_tools()).tools:
                print(tool.name)


asyncio.run(main())`,
  };
}

function typescript(target: Target): Snippet {
  const token = target.token ? JSON.stringify(target.token) : `process.env.${VARIABLE}`;
  return {
    id: 'typescript',
    label: 'TypeScript',
    place: 'With the package @modelcontextprotocol/sdk',
    text: `import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const token = ${token};
const transport = new StreamableHTTPClientTransport(new URL(${JSON.stringify(target.url)}), {
  requestInit: { headers: { Authorization: \`Bearer \${token}\` } },
});
const client = new Client({ name: 'my-agent', version: '1.0.0' });
await client.connect(transport);
console.log((await client.listTools()).tools.map((tool) => tool.name));`,
  };
}

export function snippets(target: Target): Snippet[] {
  return [claudeCode, claudeDesktop, cursor, vsCode, windsurf, codex, gemini, curl, python, typescript].map(
    (make) => make(target),
  );
}
