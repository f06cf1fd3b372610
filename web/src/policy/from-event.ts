/** What a recorded call becomes in the editor: a call to try, a test case, or a draft that lets it pass. */
import type { Schemas } from '@/api/client';
import type { RecordedCall } from '@/log/detail';
import { parameters } from '@/servers/tool';
import { type CaseForm, freeName, pretty } from './cases/case-text';
import { at, change, isObject, type JsonObject, read } from './document';
import { stepsOf } from './place';
import { choose, hiddenBy } from './stance';
import { type Call, exampleValue } from './try/explain';

type Tool = Schemas['ToolView'];

/** Most calls that a case may have before its own. */
const PRIOR = 10_000;

/** Whether the record holds the values that the call was made with. */
export function hasValues(event: RecordedCall): boolean {
  return isRecord(event.values?.arguments);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The call as it was made; values that were not captured are examples under the names that were. */
export function callOf(event: RecordedCall, tool: Tool | undefined, document: string): Call {
  const types = new Map((tool ? parameters(tool) : []).map((one) => [one.name, one.type]));
  const examples = event.arguments.map((name) => [name, exampleValue(types.get(name) ?? 'string')]);
  const given = event.values?.arguments;
  const context: Record<string, unknown> = {
    identity: { id: event.identity, ...(event.identity_label ? { label: event.identity_label } : {}) },
    time: event.at,
    ...(tool?.category ? { category: tool.category } : {}),
    ...(tool?.risk ? { risk: tool.risk } : {}),
  };
  const call = { tool: event.tool ?? '', arguments: isRecord(given) ? given : Object.fromEntries(examples) };
  const before = callsBefore(event, document);
  if (before > 0) context.prior = [{ ...call, time: event.at, repeat: before }];
  return {
    tool: call.tool,
    arguments: pretty(JSON.stringify(call.arguments)),
    context: pretty(JSON.stringify(context)),
  };
}

/** How many such calls use up the limit that refused one: counters start empty in a test. */
function callsBefore(event: RecordedCall, document: string): number {
  if (!/\/(limits\/\d+|rate_limit)$/.test(event.rule)) return 0;
  const limit = at(read(document).document ?? {}, stepsOf(document, event.rule));
  if (!isObject(limit) || typeof limit.max !== 'number' || limit.increment_from !== undefined) return 0;
  const each = typeof limit.increment === 'number' && limit.increment > 0 ? limit.increment : 1;
  return Math.min(PRIOR, Math.floor(limit.max / each));
}

/** The call as a test case that expects what happened. */
export function caseOf(event: RecordedCall, call: Call, cases: string): CaseForm {
  const what = event.verdict === 'allow' ? 'passes' : 'is refused';
  return {
    ...call,
    name: freeName(cases, `${call.tool} ${what}, as on ${event.at.slice(0, 16).replace('T', ' ')}`),
    outcome: event.verdict,
    rule: event.verdict === 'deny' ? event.rule : '',
    message: '',
  };
}

export type Allowing = { text: string; note: string; rule: string };

/** A draft in which what refused the call does so no more, where that is plain; what to look at where it is not. */
export function allowing(text: string, event: RecordedCall): Allowing {
  const tool = { name: event.tool ?? '' };
  const document: JsonObject = read(text).document ?? {};
  const { rule } = event;
  const own = ['tools', tool.name];
  if (rule === '(default deny)' || rule === '(hidden)') {
    const glob = hiddenBy(document, tool);
    if (glob)
      return {
        text,
        rule,
        note: `The pattern ${glob} hides this tool. Take it out, or make it narrower, under General.`,
      };
    const next = choose(text, tool, 'allow');
    return { text: next, rule, note: 'The tool has a rule of its own now that allows it.' };
  }
  if (rule.endsWith('/action')) {
    const changes = [
      { set: [...own, 'action'], to: 'allow' as const },
      { take: [...own, 'reason'], keep: 3 },
    ];
    const ownRule = rule === pointer(tool.name, 'action');
    return {
      text: change(text, ownRule ? changes : changes.slice(0, 1)),
      rule,
      note: ownRule
        ? 'The tool’s rule allows it now.'
        : 'The tool’s own rule exempts it now from the more general one that denies it.',
    };
  }
  const what = /\/(limits\/\d+|rate_limit)$/.test(rule)
    ? 'A limit refused it: raise it, or give the tool another.'
    : rule.endsWith('/approval')
      ? 'It waits for people: change when they are asked, or let them approve the call.'
      : 'A condition refused it: widen it for calls like this one, or take it out.';
  return { text, rule, note: what };
}

function pointer(tool: string, field: string): string {
  return `/tools/${tool.replaceAll('~', '~0').replaceAll('/', '~1')}/${field}`;
}
