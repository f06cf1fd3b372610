/** What a recorded call becomes in the editor: a call to try, a test case, or a draft that lets it pass. */
import type { Schemas } from '@/api/client';
import type { RecordedCall } from '@/log/detail';
import { parameters } from '@/servers/tool';
import { type CaseForm, freeName, pretty } from './cases/case-text';
import { at, change, isObject, pointerOf, read } from './document';
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
  if (!LIMIT.test(event.rule)) return 0;
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

const LIMIT = /\/(limits\/\d+|rate_limit)$/;

/** A draft in which what refused the call does so no more, where this tool alone is concerned; where it is not, what to look at. */
export function allowing(text: string, event: RecordedCall): Allowing {
  const { rule } = event;
  const tool = { name: event.tool ?? '' };
  const done = (next: string, note: string) =>
    next === text ? { text, rule, note: GONE } : { text: next, rule, note };
  if (rule === '(default deny)' || rule === '(hidden)') return shown(text, tool, rule);
  const own = rule.startsWith(`${pointerOf(['tools', tool.name])}/`);
  if (rule.endsWith('/action')) {
    const exempted = change(text, [{ set: ['tools', tool.name, 'action'], to: 'allow' }]);
    return own
      ? done(unasked(text, tool.name), 'The tool’s rule allows it now.')
      : done(exempted, 'The tool’s own rule exempts it now from the more general one that denies it.');
  }
  if (!own) return { text, rule, note: SHARED };
  const path = stepsOf(text, rule);
  if (LIMIT.test(rule)) return doubled(text, rule, path);
  if (rule.endsWith('/approval'))
    return done(unasked(text, tool.name), 'Nobody is asked about this tool any more.');
  return done(
    change(text, [{ take: path, keep: 3 }]),
    'The condition that refused it was taken out; put in its place what such calls have to keep to.',
  );
}

const GONE = 'What is published now has no such rule any more, so nothing was changed.';
const SHARED =
  'That rule is about other tools too, so it was left as it is: make it wider, or exempt this tool from it.';

/** A tool that no rule names, or that is hidden by its name, with a rule of its own. */
function shown(text: string, tool: { name: string }, rule: string): Allowing {
  const glob = hiddenBy(read(text).document ?? {}, tool);
  if (glob)
    return {
      text,
      rule,
      note: `The pattern ${glob} hides this tool. Take it out, or make it narrower, under General.`,
    };
  const next = choose(text, tool, 'allow');
  return { text: next, rule, note: 'The tool has a rule of its own now that allows it.' };
}

/** The tool’s own rule without what denies it or asks people; the rest of it stays. */
function unasked(text: string, tool: string): string {
  const own = ['tools', tool];
  if (!isObject(at(read(text).document ?? {}, own))) return text;
  return change(text, [
    { set: [...own, 'action'], to: 'allow' },
    { take: [...own, 'reason'], keep: 3 },
    { take: [...own, 'approval'], keep: 3 },
  ]);
}

/** Twice as much of a limit: a number to begin with, for a person to put right. */
function doubled(text: string, rule: string, path: (string | number)[]): Allowing {
  const limit = at(read(text).document ?? {}, path);
  if (!isObject(limit)) return { text, rule, note: GONE };
  const { max } = limit;
  if (typeof max !== 'number' || !Number.isSafeInteger(2 * max))
    return { text, rule, note: 'A limit refused it: raise it, or give the tool another.' };
  return {
    text: change(text, [{ set: [...path, 'max'], to: 2 * max }]),
    rule,
    note: `That limit was ${max} and is ${2 * max} now; put in what you mean.`,
  };
}
