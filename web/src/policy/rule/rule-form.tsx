/** One rule, all of it. What is not there yet is a button away; what this page does not know is kept. */
import { Plus } from 'lucide-react';
import { Button } from '@/ui/button';
import { Code } from '@/ui/surface';
import { type Change, isObject, type JSONPath } from '../document';
import { ApprovalAt } from './approval';
import { Elsewhere } from './conditions';
import { useEditing } from './editing';
import { GroupsAt } from './groups';
import { ChoiceAt, TextAt } from './inputs';
import { LimitsAt } from './limits';

const KNOWN = ['action', 'reason', 'require', 'deny_if', 'approval', 'limits', 'rate_limit'];

const ACTIONS = [
  { value: '', label: 'as more general rules say' },
  { value: 'allow', label: 'allow' },
  { value: 'deny', label: 'deny' },
  { value: 'require_approval', label: 'ask people first' },
];

/** A name for a counter of this rule, which nothing else uses by accident. */
function counterName(at: JSONPath): string {
  const last = String(at.at(-1) ?? 'calls');
  return last === 'all_tools' ? 'calls' : last.replace(/[*?]/g, '').replace(/^_+|_+$/g, '') || 'calls';
}

export function RuleFormAt({ at }: { at: JSONPath }) {
  const { value, edit, readOnly } = useEditing();
  const rule = value(at) ?? {};
  if (!isObject(rule)) return <Elsewhere value={rule} />;
  const group = { conditions: [{ path: 'args.', op: 'eq', value: '' }], on_deny: '' };
  const limit = { counter: counterName(at), window: 'hour', max: 20, scope: 'grant' };
  const additions: [string, Change[]][] = [
    ['Requirement', [{ append: [...at, 'require'], value: group }]],
    ['Refusal', [{ append: [...at, 'deny_if'], value: group }]],
    ['Limit', [{ append: [...at, 'limits'], value: limit }]],
  ];
  if (rule.rate_limit === undefined)
    additions.push(['Rate limit', [{ set: [...at, 'rate_limit'], to: { max: 60, window: 'minute' } }]]);
  if (rule.approval === undefined && rule.action !== 'require_approval')
    additions.push(['Approval', [{ set: [...at, 'approval'], to: {} }]]);
  const unknown = Object.keys(rule).filter((key) => !KNOWN.includes(key));
  return (
    <div className="grid gap-4">
      <div className="grid items-start gap-2.5 sm:grid-cols-[14rem_minmax(0,1fr)]">
        <ChoiceAt at={[...at, 'action']} label="Action" choices={ACTIONS} />
        <TextAt
          at={[...at, 'reason']}
          label="What the agent is told when refused"
          placeholder="Left out, the gateway says what to do next"
          optional
        />
      </div>
      <GroupsAt at={at} kind="require" />
      <GroupsAt at={at} kind="deny_if" />
      <ApprovalAt at={at} />
      <LimitsAt at={at} />
      {unknown.length > 0 && (
        <p className="text-[0.9rem] text-soft">
          Kept as it is, in the JSON view:{' '}
          {unknown.map((key) => (
            <Code key={key} className="mr-1">
              {key}
            </Code>
          ))}
        </p>
      )}
      {!readOnly && (
        <div className="flex flex-wrap gap-2">
          {additions.map(([name, changes]) => (
            <Button key={name} small onClick={() => edit(changes)}>
              <Plus aria-hidden className="size-3.5" />
              {name}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
