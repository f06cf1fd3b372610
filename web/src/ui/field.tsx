import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './class';

const BOX =
  'w-full rounded-lg border border-edge/60 bg-sheet px-3 py-2 text-ink placeholder:text-soft/80 hover:border-edge aria-invalid:border-deny';

type Shared = { label: string; hint?: ReactNode; error?: string | undefined; labelHidden?: boolean };

function Around(props: Shared & { id: string; children: ReactNode; className?: string | undefined }) {
  return (
    <div className={cx('grid grid-cols-[minmax(0,1fr)] content-start gap-1.5', props.className)}>
      <label htmlFor={props.id} className={props.labelHidden ? 'sr-only' : 'text-[0.93rem] font-medium'}>
        {props.label}
      </label>
      {props.children}
      {props.hint && !props.error && (
        <p id={`${props.id}-hint`} className="text-[0.87rem] text-soft">
          {props.hint}
        </p>
      )}
      {props.error && (
        <p id={`${props.id}-error`} className="text-[0.87rem] text-deny">
          {props.error}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: ReactNode, error: string | undefined) {
  if (error) return { 'aria-invalid': true, 'aria-describedby': `${id}-error` } as const;
  return hint ? ({ 'aria-describedby': `${id}-hint` } as const) : {};
}

export function Field({
  label,
  hint,
  error,
  labelHidden = false,
  className,
  mono,
  ...rest
}: Shared & ComponentProps<'input'> & { mono?: boolean }) {
  const id = useId();
  return (
    <Around {...{ id, label, hint, error, labelHidden, className }}>
      <input
        id={id}
        className={cx(BOX, mono && 'font-mono text-[0.92rem]')}
        {...described(id, hint, error)}
        {...rest}
      />
    </Around>
  );
}

export function Area({
  label,
  hint,
  error,
  labelHidden = false,
  className,
  ...rest
}: Shared & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Around {...{ id, label, hint, error, labelHidden, className }}>
      <textarea
        id={id}
        className={cx(BOX, 'font-mono text-[0.9rem]')}
        {...described(id, hint, error)}
        {...rest}
      />
    </Around>
  );
}

export type Choice = { value: string; label: string };

export function Select({
  label,
  hint,
  error,
  labelHidden = false,
  className,
  choices,
  ...rest
}: Shared & ComponentProps<'select'> & { choices: Choice[] }) {
  const id = useId();
  return (
    <Around {...{ id, label, hint, error, labelHidden, className }}>
      <select id={id} className={cx(BOX, 'min-h-[2.6rem] pr-8')} {...described(id, hint, error)} {...rest}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Around>
  );
}
