import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';

type Props = {
  label: string;
  placeholder: string;
  action: string;
  taken: string[];
  add: (pattern: string) => void;
};

/** A pattern to add: an exact name, or a glob with `*` and `?`. */
export function AddPattern({ label, placeholder, action, taken, add }: Props) {
  const [text, setText] = useState('');
  const there = taken.includes(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text === '' || there) return;
    add(text);
    setText('');
  };
  return (
    <form onSubmit={submit} className="flex items-start gap-2">
      <Field
        label={label}
        labelHidden
        mono
        placeholder={placeholder}
        className="grow"
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={there ? 'It is there already.' : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={text === '' || there}>
        <Plus aria-hidden className="size-4" />
        {action}
      </Button>
    </form>
  );
}
