import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { cx } from '@/ui/class';
import { STANCE_LABELS } from './labels';
import type { Choice, Stance } from './stance';

const CHOICES: Choice[] = ['allow', 'deny', 'hide', 'approve', 'limit', 'inherit'];

const TINTS: Record<Stance, string> = {
  inherit: 'border-line bg-sheet text-soft',
  allow: 'border-transparent bg-allow-wash text-allow',
  deny: 'border-transparent bg-deny-wash text-deny',
  hide: 'border-transparent bg-hide-wash text-hide',
  approve: 'border-transparent bg-ask-wash text-ask',
  limit: 'border-transparent bg-limit-wash text-limit',
  custom: 'border-edge/60 bg-well text-ink',
};

type Props = {
  label: string;
  stance: Stance | null;
  choose: (choice: Choice) => void;
  custom?: () => void;
  disabled: boolean;
};

/** What happens to a tool's calls, as a button that opens the choices. */
export function StancePicker({ label, stance, choose, custom, disabled }: Props) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        disabled={disabled}
        aria-label={stance ? `${label}: ${STANCE_LABELS[stance].label}` : label}
        className={cx(
          'inline-flex min-h-8 w-28 shrink-0 items-center justify-between gap-1.5 rounded-lg border px-2.5 text-[0.92rem] font-medium disabled:cursor-not-allowed disabled:opacity-60',
          TINTS[stance ?? 'inherit'],
        )}
      >
        {stance ? STANCE_LABELS[stance].label : 'Set to…'}
        <ChevronDown aria-hidden className="size-3.5" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 w-72 animate-appear rounded-xl border border-line bg-sheet p-1.5 shadow-lift"
        >
          {CHOICES.map((choice) => (
            <DropdownMenu.Item
              key={choice}
              onSelect={() => choose(choice)}
              className="grid cursor-pointer rounded-md px-2.5 py-1.5 outline-none data-[highlighted]:bg-well"
            >
              <span className={cx('font-medium', choice === stance && 'underline underline-offset-4')}>
                {STANCE_LABELS[choice].label}
              </span>
              <span className="text-[0.85rem] text-soft">{STANCE_LABELS[choice].means}</span>
            </DropdownMenu.Item>
          ))}
          {custom && (
            <DropdownMenu.Item
              onSelect={custom}
              className="grid cursor-pointer rounded-md px-2.5 py-1.5 outline-none data-[highlighted]:bg-well"
            >
              <span className="font-medium">Custom…</span>
              <span className="text-[0.85rem] text-soft">
                Conditions on arguments, several limits, who approves
              </span>
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
