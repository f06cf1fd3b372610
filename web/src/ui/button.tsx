import { Lock } from 'lucide-react';
import { Slot, Tooltip } from 'radix-ui';
import {
  type ComponentProps,
  isValidElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useId,
  useState,
} from 'react';
import { cx } from './class';

const LOOKS = {
  main: 'bg-accent text-on-accent hover:bg-accent-deep border-transparent',
  plain: 'bg-sheet text-ink border-line hover:bg-well hover:border-edge',
  quiet: 'bg-transparent text-soft hover:text-ink hover:bg-well border-transparent',
  danger: 'bg-sheet text-deny border-line hover:bg-deny-wash hover:border-deny',
} as const;

type Props = ComponentProps<'button'> & {
  look?: keyof typeof LOOKS;
  small?: boolean;
  /** Renders the child element itself, with this look: for links. */
  asChild?: boolean;
  /** Work is under way: shown, announced, and not started twice. */
  busy?: boolean;
  /** Why the caller may not do this: the button stays, does nothing, and says so. */
  refusal?: string | undefined;
};

export function Button({
  look = 'plain',
  small,
  asChild,
  busy,
  refusal,
  className,
  children,
  ...rest
}: Props) {
  const classes = cx(
    'inline-flex items-center justify-center gap-2 rounded-lg border font-medium whitespace-nowrap transition-colors select-none',
    'disabled:opacity-55 disabled:cursor-not-allowed aria-disabled:opacity-55',
    small ? 'min-h-8 px-2.5 text-[0.9rem]' : 'min-h-10 px-4',
    refusal ? 'cursor-not-allowed border-dashed border-edge bg-transparent text-soft' : LOOKS[look],
    className,
  );
  if (refusal) {
    return (
      <Refused reason={refusal}>
        <button type="button" className={classes}>
          <Lock aria-hidden className="size-3.5" />
          {asChild && isValidElement<{ children?: ReactNode }>(children) ? children.props.children : children}
        </button>
      </Refused>
    );
  }
  if (asChild) return <Slot.Root className={classes}>{children}</Slot.Root>;
  return (
    <button type="button" className={classes} {...rest} disabled={rest.disabled || busy} aria-busy={busy}>
      {busy && (
        <span
          aria-hidden
          className="size-3.5 animate-spin rounded-full border-2 border-current border-t-transparent"
        />
      )}
      {children}
    </button>
  );
}

/** Says why its control does nothing: to the pointer, to the keyboard, to a finger and to a screen reader. */
function Refused({ reason, children }: { reason: string; children: ReactElement }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const say = (event: MouseEvent) => {
    event.preventDefault();
    setOpen(true);
  };
  return (
    <Tooltip.Provider delayDuration={150}>
      <Tooltip.Root open={open} onOpenChange={setOpen}>
        <Tooltip.Trigger asChild aria-disabled aria-describedby={id} onPointerDown={say} onClick={say}>
          {children}
        </Tooltip.Trigger>
        <span id={id} hidden>
          {reason}
        </span>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            collisionPadding={12}
            className="z-60 max-w-72 rounded-lg bg-ink px-3 py-2 text-[0.9rem] text-paper shadow-lift"
          >
            {reason}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}

export function IconButton({ label, className, ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-well hover:text-ink disabled:opacity-40 disabled:cursor-not-allowed',
        className,
      )}
      {...rest}
    />
  );
}
