import { type FormEvent, type RefObject, useState } from 'react';
import { Field } from '@/ui/field';

type Props = {
  label: string;
  placeholder: string;
  value: string | undefined;
  longest: number;
  set: (value: string | undefined) => void;
  className?: string;
  shown?: boolean;
  field?: RefObject<HTMLInputElement | null>;
};

/** A filter that is written: it holds when Enter is pressed or the field is left, not at every letter. */
export function TextFilter({ label, placeholder, value, longest, set, className, shown, field }: Props) {
  const [text, setText] = useState(value ?? '');
  const [known, setKnown] = useState(value);
  // The address has changed by other means: it is what counts.
  if (known !== value) {
    setKnown(value);
    setText(value ?? '');
  }
  const apply = () => {
    if (text.trim() !== (value ?? '')) set(text.trim() || undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    apply();
  };
  return (
    <form onSubmit={submit} className={className} role={field ? 'search' : undefined}>
      <Field
        ref={field}
        label={label}
        labelHidden={!shown}
        type="search"
        placeholder={placeholder}
        maxLength={longest}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
      />
    </form>
  );
}
