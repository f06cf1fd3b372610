import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { FIRST_POLICY } from '@/servers/policy-list';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import { publish } from './publish';
import { RECOMMENDED, TemplateCards, usePicked } from './template-cards';

type Props = { org: string; server: string; tools: Schemas['ToolView'][] };

/** Publishes what is recommended, or a template, as it is; or opens the editor. */
export function FirstPolicy({ org, server, tools }: Props) {
  const [picked, setPicked] = useState(RECOMMENDED);
  const refusal = useRefusal('policies');
  const place = { org, server, policy: FIRST_POLICY };
  const text = usePicked(place, tools, picked);
  const send = useSend(
    (document: string) => publish(place, { text: document, cases: '' }, { version: 0, text: '', cases: '' }),
    [org, 'servers', server],
  );
  return (
    <>
      <TemplateCards place={place} picked={picked} pick={setPicked} />
      {send.error && <ProblemNotice error={send.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button asChild>
          <Link to="/o/$org/servers/$server/policies/$policy" params={place}>
            Choose tool by tool
          </Link>
        </Button>
        <Button
          look="main"
          busy={send.isPending}
          disabled={text === undefined}
          refusal={refusal}
          onClick={() => text !== undefined && send.mutate(text)}
        >
          Publish this policy
        </Button>
      </div>
    </>
  );
}
