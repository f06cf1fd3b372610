import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from './button';
import { cx } from './class';
import { Field } from './field';
import { ProblemNotice } from './problem';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** Controls beside the one that closes. */
  aside?: ReactNode;
  /** A sheet on the right instead of a box in the middle. */
  side?: boolean;
  wide?: boolean;
};

export function Dialog({ open, onOpenChange, title, lead, children, aside, side, wide }: Props) {
  const place = side
    ? 'inset-y-0 right-0 h-dvh w-full max-w-xl border-l'
    : cx(
        'top-[6vh] left-1/2 max-h-[88vh] w-[calc(100%-1.5rem)] -translate-x-1/2 rounded-xl border',
        wide ? 'max-w-4xl' : 'max-w-lg',
      );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Radix.Content
          className={cx('fixed z-50 flex flex-col overflow-hidden border-line bg-sheet shadow-lift', place)}
          {...(lead ? {} : { 'aria-describedby': undefined })}
        >
          <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-3.5">
            <div className="grid min-w-0 gap-0.5">
              <Radix.Title className="text-[1.07rem] font-semibold break-words">{title}</Radix.Title>
              {lead && <Radix.Description className="text-[0.93rem] text-soft">{lead}</Radix.Description>}
            </div>
            <span className="flex shrink-0">
              {aside}
              <Radix.Close asChild>
                <IconButton label="Close">
                  <X aria-hidden className="size-4" />
                </IconButton>
              </Radix.Close>
            </span>
          </div>
          <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto p-5">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ConfirmProps = {
  title: string;
  children: ReactNode;
  /** What has to be typed, for what cannot be undone. */
  typed?: string;
  action: string;
  run: () => Promise<unknown>;
  trigger: (open: () => void) => ReactNode;
};

/** Asks before something ends. */
export function Confirm({ title, children, typed, action, run, trigger }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = (next: boolean) => {
    setOpen(next);
    setText('');
    setError(null);
  };
  const go = async () => {
    setBusy(true);
    try {
      await run();
      change(false);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {trigger(() => change(true))}
      <Dialog open={open} onOpenChange={change} title={title}>
        <div>{children}</div>
        {typed && (
          <Field
            label={`Type ${typed} to confirm`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
          />
        )}
        {error !== null && <ProblemNotice error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Keep</Button>
          <Button look="danger" busy={busy} disabled={typed !== undefined && text !== typed} onClick={go}>
            {action}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
