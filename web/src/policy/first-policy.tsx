import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { FIRST_POLICY } from '@/servers/policy-list';
import { useRefusal } from '@/shell/use-org';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { useSend } from '@/ui/use-send';
import { publish } from './publish';
import { TemplateCards } from './template-cards';
import { TEMPLATES } from './templates';

type Props = { org: string; server: string; tools: Schemas['ToolView'][] };

/** Publishes a template as it is, or opens the editor. */
export function FirstPolicy({ org, server, tools }: Props) {
  const [picked, setPicked] = useState(TEMPLATES[0]?.id ?? '');
  const refusal = useRefusal('policies');
  const place = { org, server, policy: FIRST_POLICY };
  const send = useSend((text: string) => publish(place, text, 0), [org, 'servers', server]);
  const template = TEMPLATES.find((one) => one.id === picked);
  return (
    <>
      <TemplateCards picked={picked} pick={setPicked} />
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
          disabled={!template || Boolean(refusal)}
          title={refusal}
          onClick={() => template && send.mutate(template.build(tools))}
        >
          Publish this policy
        </Button>
      </div>
    </>
  );
}
