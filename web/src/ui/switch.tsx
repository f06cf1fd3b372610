import { Lock } from 'lucide-react';
import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';

type Props = {
  label: string;
  hint: ReactNode;
  checked: boolean;
  busy?: boolean;
  /** Why the caller may not turn it: said below it. */
  refusal?: string | undefined;
  onChange: (checked: boolean) => void;
};

/** Something that is on or off, with what that means. */
export function Switch({ label, hint, checked, busy, refusal, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="grid min-w-0 gap-0.5">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="max-w-[65ch] text-[0.93rem] text-soft">
          {hint}
          {refusal && (
            <span className="mt-1 flex items-center gap-1.5">
              <Lock aria-hidden className="size-3.5 shrink-0" />
              {refusal}
            </span>
          )}
        </p>
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        disabled={busy || Boolean(refusal)}
        aria-describedby={`${id}-hint`}
        onCheckedChange={onChange}
        className="relative mt-1 h-6 w-11 shrink-0 rounded-full bg-edge transition-colors disabled:cursor-not-allowed disabled:opacity-55 data-[state=checked]:bg-accent"
      >
        <Radix.Thumb className="block size-5 translate-x-0.5 rounded-full bg-sheet transition-transform data-[state=checked]:translate-x-[1.375rem]" />
      </Radix.Root>
    </div>
  );
}
