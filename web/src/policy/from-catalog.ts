/** What the public catalogue recommends for one tool, and how it is put into a draft. */
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, problemOf } from '@/api/problem';
import { isObject, type Json, read, set } from './document';
import { choose, ownRule, stanceOf } from './stance';

/** A tool of the catalogue and its recommended policy; `null` when that could not be had, and why. */
export type Advice = { server: string; tool: string; policy: Json | null; why?: string | undefined };

/** Names of servers in the catalogue; nothing else is put into an address. */
const NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** The facts of a tool's page: the same address with `.json`, from this very server. */
export const advice = (server: string, tool: string) =>
  queryOptions({
    queryKey: ['catalog', server, tool],
    queryFn: async (): Promise<Json> => {
      const path = `/catalog/${encodeURIComponent(server)}/${encodeURIComponent(tool)}.json`;
      const response = NAME.test(server) ? await ask(path) : null;
      if (!response?.ok)
        throw new ApiProblem({
          code: 'not_found',
          status: response?.status ?? 404,
          title: 'Not in the catalogue',
          detail: `the catalogue has no page about ${tool} of ${server}`,
        });
      const page = (await response.json()) as Json;
      return isObject(page) ? (page.policy ?? null) : null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

async function ask(path: string): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'omit', headers: { accept: 'application/json' } });
  } catch (error) {
    throw problemOf(error);
  }
}

type Tool = { name: string; category?: string | null | undefined };

/**
 * The text with the recommended rule of that one tool in it, and a sentence on what was done. Only what concerns the tool
 * is taken from the recommendation, and only when this server has such a tool.
 */
export function merged(text: string, tools: Tool[], advice: Advice): { text: string; note: string } {
  const { tool: name, policy, why } = advice;
  const tool = tools.find((one) => one.name === name);
  if (!tool)
    return {
      text,
      note: `This server has no tool called ${name}, so nothing was added. The address may be that of another server.`,
    };
  if (policy === null || !isObject(policy))
    return { text, note: `What is recommended for ${name} could not be read${why ? `: ${why}` : ''}.` };
  const document = read(text).document ?? {};
  const there = `What the catalogue recommends for ${name} is in force here already.`;
  if (Array.isArray(policy.hide) && policy.hide.includes(name)) {
    if (stanceOf(document, tool) === 'hide') return { text, note: there };
    return {
      text: choose(text, tool, 'hide'),
      note: `As the catalogue recommends, agents do not see ${name}. Nothing is published yet.`,
    };
  }
  const rule = isObject(policy.tools) ? policy.tools[name] : undefined;
  if (!isObject(rule))
    return {
      text,
      note: `The catalogue has no rule to recommend for ${name}; calls of it fall to the default.`,
    };
  const own = ownRule(document, tool);
  if (own && same(own, rule)) return { text, note: there };
  const before = own ? ', in place of the rule that was there' : '';
  return {
    text: set(text, ['tools', name], rule),
    note: `The rule that the catalogue recommends for ${name} was added${before}. Nothing is published yet.`,
  };
}

/** Whether two values say the same, whatever the order of their members. */
function same(one: Json, other: Json): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => same(value, other[index] ?? null));
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(one[name] ?? null, other[name] ?? null))
  );
}
