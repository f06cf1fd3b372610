import { FileInput, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/ui/button';

type Props = {
  note: string;
  /** Takes back what was done; left out when nothing was, or it has been taken back. */
  undo?: (() => void) | undefined;
  /** Leads to where the draft is tried. */
  look: string;
  /** Offers what is recommended for all tools. */
  all?: (() => void) | undefined;
};

/** Says what was done to the draft before anybody touched it. */
export function StartNote({ note, undo, look, all }: Props) {
  const [gone, setGone] = useState(false);
  if (gone) return null;
  return (
    <div className="flex items-start gap-3 rounded-xl border border-line bg-accent-wash p-4">
      <div className="grid min-w-0 grow gap-3">
        <p role="status" className="break-words">
          {note}
        </p>
        <div className="flex flex-wrap gap-2">
          {undo && (
            <Button small onClick={undo}>
              <Undo2 aria-hidden className="size-4" />
              Take it back
            </Button>
          )}
          {all && (
            <Button small onClick={all}>
              <FileInput aria-hidden className="size-4" />
              Recommended for all tools
            </Button>
          )}
          <Button asChild small look="quiet">
            <a href={`#${look}`}>Try the draft</a>
          </Button>
        </div>
      </div>
      <IconButton label="Dismiss" onClick={() => setGone(true)}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
