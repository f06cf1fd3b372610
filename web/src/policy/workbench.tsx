/** What a draft is tried with: single calls, the test cases that stay with it, and the calls of the last days. */
import { Tabs } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '@/api/client';
import { parameters } from '@/servers/tool';
import { Badge, Card } from '@/ui/surface';
import { CaseDialog } from './cases/case-dialog';
import { CaseList } from './cases/case-list';
import { type CaseForm, formOf, freeName, listCases, NEW_CASE, putCase } from './cases/case-text';
import { isObject } from './document';
import type { Draft } from './history';
import type { Place } from './publish';
import { ReplayPanel } from './replay/replay-panel';
import { type Call, exampleArguments, type Judged } from './try/explain';
import { TryCall } from './try/try-call';
import type { useCheck } from './use-check';

type Props = {
  place: Place;
  draft: Draft;
  tools: Schemas['ToolView'][];
  check: ReturnType<typeof useCheck>;
  /** Why the caller may not change it. */
  refusal: string | undefined;
  setCases: (cases: string) => void;
  /** A call to begin with. */
  firstCall?: Call | undefined;
  /** What to begin at. */
  firstTab?: 'try' | 'cases' | undefined;
};

type Open = { form: CaseForm; index?: number };

export function Workbench(props: Props) {
  const { place, draft, tools, check, refusal, setCases, firstCall, firstTab = 'try' } = props;
  const [tab, setTab] = useState<string>(firstTab);
  const [call, setCall] = useState<Call>(firstCall ?? callOfFirst(tools));
  const [open, setOpen] = useState<Open | null>(null);
  const readOnly = refusal !== undefined;
  const { list } = listCases(draft.cases);
  const red = check.cases.filter((one) => !one.passed).length + check.caseProblems.length;
  const others = list
    .filter((_, index) => index !== open?.index)
    .map((one) => (isObject(one) ? String(one.name ?? '') : ''));
  const keep = (judged: Judged) => {
    const tool = tools.find((one) => one.name === call.tool);
    const what = judged.outcome === 'allow' ? 'passes' : 'is refused';
    setOpen({
      form: {
        ...call,
        // A test knows of a tool's class what it is told.
        context: call.context.trim() === '' ? contextOf(tool) : call.context,
        name: freeName(draft.cases, `${call.tool} ${what}`),
        outcome: judged.outcome,
        rule: judged.rule,
        message: judged.message,
      },
    });
  };
  return (
    <Card id="try-the-draft" className="scroll-mt-16">
      <Tabs.Root value={tab} onValueChange={setTab}>
        <Tabs.List aria-label="Try the draft" className="flex overflow-x-auto border-b border-line px-3">
          <Tab value="try">Try a call</Tab>
          <Tab value="cases">
            Test cases {list.length > 0 && <Badge>{list.length}</Badge>}
            {red > 0 && <Badge tone="deny">{red} red</Badge>}
          </Tab>
          <Tab value="replay">Replay</Tab>
        </Tabs.List>
        <Panel value="try">
          <TryCall
            place={place}
            text={draft.text}
            tools={tools}
            call={call}
            change={setCall}
            keep={readOnly ? undefined : keep}
          />
        </Panel>
        <Panel value="cases">
          <CaseList
            cases={draft.cases}
            check={check}
            readOnly={readOnly}
            change={setCases}
            add={() => setOpen({ form: NEW_CASE })}
            edit={(index) => setOpen({ form: formOf(draft.cases, index), index })}
          />
        </Panel>
        <Panel value="replay">
          <ReplayPanel
            place={place}
            text={draft.text}
            ready={check.problems.every((problem) => problem.severity === 'warning')}
            refusal={refusal && 'Only admins and policy managers replay recorded calls.'}
          />
        </Panel>
      </Tabs.Root>
      {open && (
        <CaseDialog
          title={open.index === undefined ? 'New test' : 'Change a test'}
          first={open.form}
          tools={tools}
          taken={others}
          save={(spelled) => {
            setCases(putCase(draft.cases, spelled, open.index));
            setTab('cases');
          }}
          close={() => setOpen(null)}
        />
      )}
    </Card>
  );
}

function callOfFirst(tools: Schemas['ToolView'][]): Call {
  const [tool] = tools;
  return {
    tool: tool?.name ?? '',
    arguments: exampleArguments(tool ? parameters(tool) : []),
    context: '',
  };
}

/** What the server's list says of a tool, for a case that is judged without that list. */
function contextOf(tool: Schemas['ToolView'] | undefined): string {
  if (!tool?.category) return '';
  const context = { category: tool.category, ...(tool.risk ? { risk: tool.risk } : {}) };
  return JSON.stringify(context, null, 2);
}

function Tab({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={value}
      className="-mb-px flex items-center gap-1.5 border-b-2 border-transparent px-3 py-2.5 text-[0.95rem] font-medium whitespace-nowrap text-soft hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-ink"
    >
      {children}
    </Tabs.Trigger>
  );
}

/** Stays in the page when another is looked at, so that what came of a replay is still there. */
function Panel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Content value={value} forceMount className="min-w-0 data-[state=inactive]:hidden">
      {children}
    </Tabs.Content>
  );
}
