import { useState } from 'react';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/copy';
import { Code } from '@/ui/surface';
import { Tabs } from '@/ui/tabs';
import { snippets, VARIABLE } from './clients';

type Props = { server: string; url: string; token: string | null };

/** One tab for each client: what to paste, and where. */
export function ConnectPanel({ server, url, token }: Props) {
  const [client, setClient] = useState('claude-code');
  const [inline, setInline] = useState(false);
  const list = snippets({ name: server, url, token: inline ? token : null });
  return (
    <div className="rounded-xl border border-line">
      <Tabs
        label="Client"
        value={client}
        onChange={setClient}
        tabs={list.map((snippet) => ({
          value: snippet.id,
          label: snippet.label,
          content: (
            <div className="grid gap-3 p-4">
              <p className="text-[0.93rem] text-soft">{snippet.place}</p>
              <CodeBlock text={snippet.text} what={`Configuration for ${snippet.label}`} />
              {snippet.link && (
                <div className="flex flex-wrap items-center gap-3">
                  <Button asChild small>
                    <a href={snippet.link.href}>{snippet.link.label}</a>
                  </Button>
                  <span className="text-[0.88rem] text-soft">
                    The link carries no token; the client asks for it.
                  </span>
                </div>
              )}
            </div>
          ),
        }))}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3 text-[0.9rem]">
        {token && (
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={inline}
              onChange={(event) => setInline(event.target.checked)}
            />
            Write the token itself
          </label>
        )}
        {!inline && (
          <span className="text-soft">
            Expects the token in <Code>{VARIABLE}</Code>
          </span>
        )}
      </div>
    </div>
  );
}
