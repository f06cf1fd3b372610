import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Card, CardHead } from '@/ui/surface';
import { RECOMMENDED, TemplateCards, usePicked } from './template-cards';

type Props = {
  place: { org: string; server: string };
  tools: Schemas['ToolView'][];
  /** In the way of an editor that has a document, instead of above one that has none. */
  asDialog: boolean;
  use: (text: string) => void;
  close: () => void;
};

/** A document to start from: recommended or from a template; or one is written or pasted below. */
export function StartFrom({ place, tools, asDialog, use, close }: Props) {
  const [picked, setPicked] = useState(RECOMMENDED);
  const text = usePicked(place, tools, picked);
  const body = (
    <>
      <TemplateCards place={place} picked={picked} pick={setPicked} />
      <div className="flex justify-end">
        <Button
          look={asDialog ? 'main' : 'plain'}
          disabled={text === undefined}
          onClick={() => text !== undefined && use(text)}
        >
          Start from this
        </Button>
      </div>
    </>
  );
  if (asDialog)
    return (
      <Dialog
        open
        onOpenChange={close}
        wide
        title="Start over"
        lead="It takes the place of the document in the editor. Nothing is published, and undo brings it back."
      >
        {body}
      </Dialog>
    );
  return (
    <Card>
      <CardHead
        title="Start from a template"
        lead="Or choose tool by tool below, or paste a document into the JSON view."
      />
      <div className="grid gap-4 px-5 pb-5">{body}</div>
    </Card>
  );
}
