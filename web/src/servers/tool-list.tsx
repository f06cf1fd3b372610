import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { tools } from '@/api/queries';
import { Field } from '@/ui/field';
import { usePortion } from '@/ui/portion';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Empty, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { DefinitionBox } from './definition-box';
import { describe, parameters } from './tool';

export function ToolList({ org, server }: { org: string; server: string }) {
  const list = useQuery(tools(org, server));
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = list.data?.filter((tool) => `${tool.name} ${describe(tool)}`.toLowerCase().includes(wanted));
  const { part, more } = usePortion(shown ?? []);
  return (
    <Card>
      <CardHead
        title={list.data ? `Tools (${list.data.length})` : 'Tools'}
        lead="As the server last listed them."
      >
        {list.data && list.data.length > 6 && (
          <Field
            label="Find a tool"
            labelHidden
            placeholder="Find a tool"
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </CardHead>
      {list.isPending && <Skeleton rows={5} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.data?.length === 0 && (
        <Empty title="No tools listed">
          The server has not named any tools. If it should have, list them again, or check its headers.
        </Empty>
      )}
      {part.length > 0 && (
        <ul aria-label="Tools" className="divide-y divide-line border-t border-line">
          {part.map((tool) => (
            <ToolRow key={tool.name} tool={tool} />
          ))}
        </ul>
      )}
      {more}
      {shown?.length === 0 && list.data && list.data.length > 0 && (
        <p className="px-5 pb-6 text-soft">No tool has that in its name or description.</p>
      )}
    </Card>
  );
}

function ToolRow({ tool }: { tool: Schemas['ToolView'] }) {
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer list-none items-start gap-3 px-5 py-3 hover:bg-well/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-1 size-4 shrink-0 text-soft transition-transform group-open:rotate-90"
          />
          <span className="grid min-w-0 grow gap-0.5">
            <span className="font-mono text-[0.93rem] font-medium break-all">{tool.name}</span>
            <span className="line-clamp-2 text-[0.93rem] text-soft">{describe(tool)}</span>
          </span>
          {tool.state !== 'accepted' && (
            <Badge tone="limit">{tool.state === 'new' ? 'New' : 'Changed'}</Badge>
          )}
          {tool.category && <Badge>{tool.category}</Badge>}
        </summary>
        <div className="grid gap-3 px-5 pb-5 sm:pl-12">
          <p className="text-[0.87rem] text-soft">
            First seen <When at={tool.first_seen_at} />, this definition since <When at={tool.changed_at} />
          </p>
          <Parameters tool={tool} />
          <DefinitionBox tool={tool} />
        </div>
      </details>
    </li>
  );
}

function Parameters({ tool }: { tool: Schemas['ToolView'] }) {
  const list = parameters(tool);
  if (list.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label={`Arguments of ${tool.name}`}>
      {list.map((parameter) => (
        <li key={parameter.name} className="rounded-md border border-line px-2 py-0.5 text-[0.87rem]">
          <span className="font-mono">{parameter.name}</span>{' '}
          <span className="text-soft">
            {parameter.type}
            {parameter.required ? '' : ', optional'}
          </span>
        </li>
      ))}
    </ul>
  );
}
