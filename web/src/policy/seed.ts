/** What the editor opens with when somebody comes from elsewhere: from a recorded call, or from a page of the catalogue. */
import type { Schemas } from '@/api/client';
import type { RecordedCall } from '@/log/detail';
import { listCases, putCase, spell } from './cases/case-text';
import { type Advice, merged } from './from-catalog';
import { allowing, callOf, caseOf, hasValues } from './from-event';
import { type Draft, draftOf } from './history';
import type { Published } from './publish';
import type { Call } from './try/explain';

export type Seed = { as: 'test' | 'allow'; event: RecordedCall } | { as: 'recommended'; advice: Advice };

export type Start = {
  draft: Draft;
  /** What was done to the draft, or why nothing was. */
  note?: string;
  /** A call to try it with. */
  call?: Call;
  /** The tool whose rule is looked at. */
  opened?: string | undefined;
  /** Where the draft is tried first. */
  tab?: 'try' | 'cases';
  /** What is recommended for all tools is worth offering. */
  offersAll?: boolean;
};

export function startOf(base: Published, tools: Schemas['ToolView'][], seed: Seed | undefined): Start {
  if (!seed) return { draft: draftOf(base) };
  if (seed.as === 'recommended') {
    const { text, note } = merged(base.text, tools, seed.advice);
    const opened = text === base.text ? undefined : seed.advice.tool;
    return { draft: { text, cases: base.cases }, note, opened, offersAll: true };
  }
  const { event } = seed;
  const tool = tools.find((one) => one.name === event.tool);
  const call = callOf(event, tool, base.text);
  const values = hasValues(event)
    ? ''
    : ' Argument values of this call were not captured: those here are examples to be put right.';
  return seed.as === 'test' ? tested(base, event, call, values) : allowed(base, event, call, values);
}

function tested(base: Published, event: RecordedCall, call: Call, values: string): Start {
  const { fault } = listCases(base.cases);
  if (fault)
    return {
      draft: draftOf(base),
      call,
      tab: 'cases',
      note: `No test was added, because the test cases of this policy cannot be read: ${fault}`,
    };
  const form = caseOf(event, call, base.cases);
  const what = event.verdict === 'allow' ? 'passes' : `is refused by ${event.rule}`;
  return {
    draft: { text: base.text, cases: putCase(base.cases, spell(form), undefined) },
    call,
    tab: 'cases',
    note: `The test “${form.name}” was added: such a call ${what}. It is not published yet.${values}`,
  };
}

function allowed(base: Published, event: RecordedCall, call: Call, values: string): Start {
  const { text, note, rule } = allowing(base.text, event);
  return {
    draft: { text, cases: base.cases },
    call,
    tab: 'try',
    note: `${event.tool} was refused by ${rule}. ${note} Nothing is published yet; below the call is tried again.${values}`,
    opened: event.tool ?? undefined,
  };
}
