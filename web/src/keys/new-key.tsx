import { type FormEvent, useState } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { useOrg } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import { keys, SCOPES } from './queries';

const DAY_MS = 86_400_000;

/** What a key is for, what it may do, and when it ends. */
export function NewKey({ done }: { done: (made: Schemas['MintedKeyView']) => void }) {
  const { org } = useOrg();
  const [none, setNone] = useState(false);
  const make = useSend(
    (body: Schemas['CreateKeyBody']) =>
      ask(api.POST('/v1/orgs/{org}/keys', { params: { path: { org } }, body })),
    keys(org).queryKey,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scopes = SCOPES.map(({ value }) => value).filter((value) => form.getAll('scope').includes(value));
    setNone(scopes.length === 0);
    if (scopes.length === 0) return;
    const days = Number(form.get('days'));
    const expires_at = days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
    make.mutate({ name: String(form.get('name')).trim(), scopes, expires_at }, { onSuccess: done });
  };
  const fault = make.error ? problemOf(make.error).field('/name') : undefined;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="What it is for"
        name="name"
        required
        maxLength={100}
        placeholder="terraform"
        error={fault}
      />
      <fieldset className="grid gap-2.5">
        <legend className="mb-2 text-[0.93rem] font-medium">What it may do, as far as you may</legend>
        {SCOPES.map((scope) => (
          <label key={scope.value} className="flex items-start gap-2.5">
            <input
              type="checkbox"
              name="scope"
              value={scope.value}
              defaultChecked={scope.value === 'read'}
              className="mt-1 size-4 accent-accent"
            />
            <span className="grid">
              <span>{scope.label}</span>
              <span className="text-[0.88rem] text-soft">{scope.text}</span>
            </span>
          </label>
        ))}
        {none && (
          <p role="alert" className="text-[0.87rem] text-deny">
            Choose at least one: a key without any could do nothing.
          </p>
        )}
      </fieldset>
      <Select
        label="Ends"
        name="days"
        defaultValue="90"
        choices={[
          { value: '30', label: 'After 30 days' },
          { value: '90', label: 'After 90 days' },
          { value: '365', label: 'After a year' },
          { value: '0', label: 'Never, until revoked' },
        ]}
      />
      {make.error && !fault && <ProblemNotice error={make.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="main" busy={make.isPending}>
          Make the key
        </Button>
      </div>
    </form>
  );
}
