import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { Card, CardHead } from '@/ui/surface';
import { TemplateCards } from './template-cards';
import { TEMPLATES } from './templates';

/** A first document: from a template, or written or pasted below. */
export function StartFrom({ tools, use }: { tools: Schemas['ToolView'][]; use: (text: string) => void }) {
  const [picked, setPicked] = useState(TEMPLATES[0]?.id ?? '');
  const template = TEMPLATES.find((one) => one.id === picked);
  return (
    <Card>
      <CardHead
        title="Start from a template"
        lead="Or choose tool by tool below, or paste a document into the JSON view."
      />
      <div className="grid gap-4 px-5 pb-5">
        <TemplateCards picked={picked} pick={setPicked} />
        <div className="flex justify-end">
          <Button onClick={() => template && use(template.build(tools))}>Use this template</Button>
        </div>
      </div>
    </Card>
  );
}
