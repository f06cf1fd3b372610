// The Inspector's command line, one process a request; MCP_MODE is an era it knows: legacy, modern or auto.
import { spawnSync } from 'node:child_process';
import { errand, outcome, report, target } from './session.mjs';

const launcher = new URL('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url);

function inspect(...request) {
  const bearer = `Authorization: ${target.headers.Authorization}`;
  const era = process.env.MCP_MODE ?? 'legacy';
  const common = ['--cli', target.url.href, '--transport', 'http', '--header', bearer, '--protocol-era', era];
  const done = spawnSync(process.execPath, [launcher.pathname, ...common, '--method', ...request], { encoding: 'utf8' });
  // A refused call ends the process with a code of its own; what it printed says more.
  const answer = done.stdout.trim() || done.stderr.trim();
  try {
    return JSON.parse(answer);
  } catch {
    return { error: { code: done.status, message: answer } };
  }
}

function call(name) {
  const pairs = Object.entries(errand.arguments).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`]);
  const answer = inspect('tools/call', '--tool-name', name, ...pairs);
  return answer.error === undefined ? outcome(answer) : answer;
}

const listed = inspect('tools/list');
if (listed.error !== undefined) throw new Error(`tools/list: ${JSON.stringify(listed.error)}`);
report(listed.tools.map((tool) => tool.name), call(errand.allowed), call(errand.denied));
