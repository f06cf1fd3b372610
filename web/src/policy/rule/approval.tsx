/** When people are asked, whom, and for how long. */
import { Trash2 } from 'lucide-react';
import { IconButton } from '@/ui/button';
import { Select } from '@/ui/field';
import { isObject, type JSONPath } from '../document';
import { ConditionsAt, Elsewhere } from './conditions';
import { useEditing } from './editing';
import { ChoiceAt, NumberAt, TextAt } from './inputs';

const APPROVERS = [
  { value: '', label: 'who may decide anyway' },
  { value: 'admin', label: 'an admin' },
  { value: 'policy_manager', label: 'a policy manager or admin' },
  { value: 'team', label: 'somebody of the team' },
];

export function ApprovalAt({ at }: { at: JSONPath }) {
  const { value, edit, readOnly } = useEditing();
  const path = [...at, 'approval'];
  const now = value(path);
  const always = value([...at, 'action']) === 'require_approval';
  if (now === undefined && !always) return null;
  const quorum = value([...path, 'quorum']);
  return (
    <div className="grid gap-2">
      <h3 className="text-[0.93rem] font-semibold">Approval</h3>
      <section aria-label="Approval" className="grid gap-2.5 rounded-xl border border-line bg-sheet p-3">
        <div className="flex items-center justify-between gap-2">
          <span className="text-[0.88rem] text-soft">
            {always
              ? 'Every call waits for people'
              : 'A call waits for people if all of these hold; with none, always'}
          </span>
          {now !== undefined && !readOnly && (
            <IconButton label="Remove approval" onClick={() => edit([{ take: path, keep: path.length }])}>
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
          )}
        </div>
        {now !== undefined && !isObject(now) ? (
          <Elsewhere value={now} />
        ) : (
          <>
            {(!always || (isObject(now) && now.conditions !== undefined)) && (
              <ConditionsAt at={[...path, 'conditions']} name="Approval" />
            )}
            <div className="grid items-start gap-2.5 sm:grid-cols-3">
              <ChoiceAt at={[...path, 'approvers']} label="Asked" choices={APPROVERS} />
              <Select
                label="How many"
                disabled={readOnly}
                value={quorum === undefined ? '1' : String(quorum)}
                choices={[
                  { value: '1', label: 'one person' },
                  { value: '2', label: 'two people' },
                ]}
                onChange={(event) => edit([{ set: [...path, 'quorum'], to: Number(event.target.value) }])}
              />
              <NumberAt
                at={[...path, 'expires_in']}
                label="Good for, in seconds"
                placeholder="1800"
                whole
                optional
              />
            </div>
            <TextAt at={[...path, 'reason']} label="What the agent is told while it waits" optional />
          </>
        )}
      </section>
    </div>
  );
}
