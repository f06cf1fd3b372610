import { type FormEvent, useState } from 'react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Area, Field, Select } from '@/ui/field';
import { read } from '../document';
import { type CaseForm, spell } from './case-text';

type Props = {
  title: string;
  first: CaseForm;
  tools: Schemas['ToolView'][];
  /** Names of the other cases. */
  taken: string[];
  save: (spelled: string) => void;
  close: () => void;
};

/** One test case: a call, who makes it, and what is expected to come of it. */
export function CaseDialog({ title, first, tools, taken, save, close }: Props) {
  const [form, setForm] = useState(first);
  const put = (part: Partial<CaseForm>) => setForm({ ...form, ...part });
  const faults = {
    arguments: read(form.arguments.trim() || '{}').fault,
    context: read(form.context.trim() || '{}').fault,
  };
  const twice = taken.includes(form.name);
  const ready = form.name !== '' && form.tool !== '' && !twice && !faults.arguments && !faults.context;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    save(spell(form));
    close();
  };
  return (
    <Dialog open onOpenChange={close} wide title={title}>
      <form onSubmit={submit} className="grid gap-4">
        <Field
          label="Name"
          placeholder="Refunds above 500 are refused"
          value={form.name}
          error={twice ? 'Another case has this name.' : undefined}
          onChange={(event) => put({ name: event.target.value })}
        />
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <Field
            label="Tool"
            mono
            list="case-tools"
            value={form.tool}
            onChange={(event) => put({ tool: event.target.value })}
          />
          <datalist id="case-tools">
            {tools.map((tool) => (
              <option key={tool.name} value={tool.name} />
            ))}
          </datalist>
          <Select
            label="Expected"
            value={form.outcome}
            choices={[
              { value: 'allow', label: 'The call passes' },
              { value: 'deny', label: 'The call is refused' },
            ]}
            onChange={(event) => put({ outcome: event.target.value === 'allow' ? 'allow' : 'deny' })}
          />
          <Area
            label="Arguments"
            rows={5}
            spellCheck={false}
            value={form.arguments}
            error={faults.arguments ?? undefined}
            onChange={(event) => put({ arguments: event.target.value })}
          />
          <Area
            label="Context"
            rows={5}
            spellCheck={false}
            hint="Optional: identity, time, category, prior calls."
            value={form.context}
            error={faults.context ?? undefined}
            onChange={(event) => put({ context: event.target.value })}
          />
          {form.outcome === 'deny' && (
            <>
              <Field
                label="By the rule"
                hint="Left empty, any."
                mono
                placeholder="/tools/create_refund/require/0"
                value={form.rule}
                onChange={(event) => put({ rule: event.target.value })}
              />
              <Field
                label="With the message"
                hint="Left empty, any."
                value={form.message}
                onChange={(event) => put({ message: event.target.value })}
              />
            </>
          )}
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Back</Button>
          <Button type="submit" look="main" disabled={!ready}>
            Keep the test
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
