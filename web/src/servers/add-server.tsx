import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { useOrg } from '@/shell/use-org';
import { Button, IconButton } from '@/ui/button';
import { Field } from '@/ui/field';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import { type Header, headersOf, nameOf } from './address';

type Props = {
  /** What the fields begin with. */
  url?: string | undefined;
  name?: string | undefined;
  done: (server: Schemas['ServerView']) => void;
};

/** Most characters of a server's name. */
const LONGEST_NAME = 100;

/** Registers a server. The server connects to it first: what cannot be reached is not registered. */
export function AddServer({ url: firstUrl, name: firstName, done }: Props) {
  const { org } = useOrg();
  const [url, setUrl] = useState(firstUrl ?? '');
  const [name, setName] = useState<string | null>(firstName?.slice(0, LONGEST_NAME) ?? null);
  const [headers, setHeaders] = useState<Header[]>([]);
  const add = useSend(
    (body: Schemas['RegisterServerBody']) =>
      ask(api.POST('/v1/orgs/{org}/servers', { params: { path: { org } }, body })),
    [org, 'servers'],
  );
  const shown = name ?? nameOf(url);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { url: url.trim(), name: shown, headers: headersOf(headers), discover: true, enabled: true },
      { onSuccess: done },
    );
  };
  const change = (index: number, part: Partial<Header>) =>
    setHeaders(headers.map((header, at) => (at === index ? { ...header, ...part } : header)));
  const problem = add.error ? problemOf(add.error) : null;
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Address of the MCP server"
        type="url"
        mono
        required
        placeholder="https://mcp.example.com/mcp"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        hint="Its streamable HTTP endpoint; most answer at /mcp."
        error={problem?.field('/url')}
      />
      <Field
        label="Name"
        required
        maxLength={LONGEST_NAME}
        placeholder="Orders"
        value={shown}
        onChange={(event) => setName(event.target.value)}
        error={problem?.field('/name') ?? problem?.field('/slug')}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[0.93rem] font-medium">Headers sent with every call</legend>
        {headers.map((header, index) => (
          <div key={index} className="grid grid-cols-[1fr_1.4fr_auto] gap-2">
            <Field
              label={`Name of header ${index + 1}`}
              labelHidden
              mono
              placeholder="Authorization"
              value={header.name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Field
              label={`Value of header ${index + 1}`}
              labelHidden
              mono
              type="password"
              autoComplete="off"
              placeholder="Bearer …"
              value={header.value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
            <IconButton
              label={`Remove header ${index + 1}`}
              onClick={() => setHeaders(headers.filter((_, at) => at !== index))}
            >
              <X aria-hidden className="size-4" />
            </IconButton>
          </div>
        ))}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button small look="quiet" onClick={() => setHeaders([...headers, { name: '', value: '' }])}>
            <Plus aria-hidden className="size-4" />
            Add a header
          </Button>
          <p className="text-[0.87rem] text-soft">
            For credentials. Kept sealed, never shown again, never given to agents.
          </p>
        </div>
      </fieldset>
      {add.error && <ProblemNotice error={add.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="main" busy={add.isPending}>
          {add.isPending ? 'Connecting…' : 'Connect and register'}
        </Button>
      </div>
    </form>
  );
}
