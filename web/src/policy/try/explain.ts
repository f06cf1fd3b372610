import { api, ask, type Schemas } from '@/api/client';

export type Judged = Schemas['Judgement'];
export type TraceStep = Schemas['TraceStep'];
type Asked = Schemas['AskedCondition'];

/** A call to try: the tool's name, and arguments and context as JSON, the context perhaps empty. */
export type Call = { tool: string; arguments: string; context: string };

/** Tries a call under a draft. Document and arguments go as they are written, so that no number loses a digit. */
export async function explain(
  place: { org: string; server: string },
  document: string,
  { tool, arguments: given, context }: Call,
): Promise<Judged> {
  const call = `{"tool":${JSON.stringify(tool)},"arguments":${given}}`;
  const around = context.trim() === '' ? '' : `,"context":${context}`;
  return ask(
    api.POST('/v1/orgs/{org}/servers/{server}/explain', {
      params: { path: place },
      body: { call: {} },
      bodySerializer: () => `{"document":${JSON.stringify(document)},"call":${call}${around}}`,
      headers: { 'content-type': 'application/json' },
    }),
  );
}

const EXAMPLES: Record<string, unknown> = {
  string: 'text',
  number: 1,
  integer: 1,
  boolean: true,
  array: [],
  object: {},
};

/** A value of a type, to start from. */
export function exampleValue(type: string): unknown {
  return EXAMPLES[type] ?? null;
}

/** Arguments to start from: one of each that the tool requires. */
export function exampleArguments(list: { name: string; type: string; required: boolean }[]): string {
  const entries = list.filter((one) => one.required).map((one) => [one.name, exampleValue(one.type)]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

const STEPS: Record<TraceStep['step'], string> = {
  policy: 'There is a policy',
  enabled: 'Everything is switched on',
  name: 'The name is one that a tool can have',
  hidden: 'Not hidden',
  definition: 'Its definition is one that was accepted',
  default: 'A rule names it, or the default allows it',
  action: 'The action in force',
  require: 'What is required holds',
  deny_if: 'Nothing that denies holds',
  approval: 'Approval',
  limit: 'The limit has room',
};

/** A step in words. */
export function stepText(step: TraceStep): string {
  return STEPS[step.step];
}

/** A condition in words: `args.amount is 700, lte 500: fails`. */
export function askedText(asked: Asked): string {
  if ('kind' in asked) return `${asked.kind} (${asked.parts.map(askedText).join('; ')}): ${asked.answer}`;
  const found = asked.found.map((value) => (value === null ? 'missing' : JSON.stringify(value))).join(', ');
  const more = asked.more ? ` and ${asked.more} more` : '';
  return `${asked.path} is ${found || 'missing'}${more}, ${asked.op} ${JSON.stringify(asked.wanted)}: ${asked.answer}`;
}
