import { type ReactNode, useId, useMemo } from 'react';
import type { Schemas } from '@/api/client';
import { type Change, read } from '../document';
import { EditingContext, type Subject } from './editing';
import { paths } from './paths';

type Props = {
  text: string;
  edit: (changes: Change[], run?: string) => void;
  readOnly: boolean;
  subject?: Subject;
  /** Tools whose arguments are offered. */
  tools: Schemas['ToolView'][];
  children: ReactNode;
};

/** Around fields that are bound to a document. */
export function EditingScope({ text, edit, readOnly, subject = 'tool', tools, children }: Props) {
  const pathList = useId();
  const document = useMemo(() => read(text).document ?? {}, [text]);
  const offered = useMemo(() => paths(tools, subject), [tools, subject]);
  return (
    <EditingContext value={{ text, document, edit, readOnly, subject, pathList }}>
      <datalist id={pathList}>
        {offered.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      {children}
    </EditingContext>
  );
}
