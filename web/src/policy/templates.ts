import type { Json } from './document';
import type { Tool } from './stance';

export type Template = { id: string; title: string; text: string; build: (tools: Tool[]) => string };

/** Names that only look, by their first word. A guess to start from, for a person to go over. */
const LOOKS =
  /^(get|list|read|search|find|query|fetch|describe|show|view|count|check|lookup|status|echo)([_\-A-Z.]|$)/;

export function looksOnly(tool: Tool): boolean {
  return tool.category ? tool.category === 'read' : LOOKS.test(tool.name);
}

function write(document: { [key: string]: Json }): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A plain object keeps its keys in the order given, unless they look like numbers; none of ours do. */
function each(tools: Tool[], rule: Json): { [key: string]: Json } {
  return Object.fromEntries(tools.map((tool) => [tool.name, rule]));
}

export const TEMPLATES: Template[] = [
  {
    id: 'read-only',
    title: 'Look, do not touch',
    text: 'Tools that read are allowed, at most 60 calls a minute. Everything else is not even listed.',
    build: (tools) =>
      write({
        version: '1',
        default: 'deny',
        description: 'Reading only, at a measured pace.',
        tools: each(tools.filter(looksOnly), { action: 'allow', rate_limit: { max: 60, window: 'minute' } }),
      }),
  },
  {
    id: 'deny-writes',
    title: 'Read freely, refuse changes',
    text: 'Tools that read are allowed. The others stay visible and are refused with a reason, so that the agent can ask a person.',
    build: (tools) =>
      write({
        version: '1',
        default: 'deny',
        description: 'Reading is free; changes are made by people.',
        tools: {
          ...each(tools.filter(looksOnly), { action: 'allow' }),
          ...each(
            tools.filter((tool) => !looksOnly(tool)),
            { action: 'deny', reason: 'Changes are made by people here. Ask one.' },
          ),
        },
      }),
  },
  {
    id: 'watch',
    title: 'Allow all, at a measured pace',
    text: 'Everything is allowed, at most 300 calls an hour for each grant. Good for learning what an agent does.',
    build: () =>
      write({
        version: '1',
        default: 'allow',
        description: 'Everything, at a measured pace.',
        all_tools: { limits: [{ counter: 'calls', window: 'hour', max: 300, scope: 'grant' }] },
      }),
  },
  {
    id: 'closed',
    title: 'Closed',
    text: 'Nothing is allowed until you say so, tool by tool.',
    build: () => write({ version: '1', default: 'deny', tools: {} }),
  },
];
