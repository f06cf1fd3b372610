/** What every field of a rule needs: the document, and how to change it. */
import { createContext, useContext } from 'react';
import { at, type Change, type JSONPath, type Json, literal } from '../document';

export type Subject = 'tool' | 'prompt' | 'resource';

export type Editing = {
  text: string;
  document: Json;
  edit: (changes: Change[], run?: string) => void;
  readOnly: boolean;
  subject: Subject;
  /** The id of the list of paths to choose from. */
  pathList: string;
};

export const EditingContext = createContext<Editing | null>(null);

export function useEditing() {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('a field of a rule stands outside an editor');
  return {
    ...editing,
    value: (path: JSONPath) => at(editing.document, path),
    spelled: (path: JSONPath) => literal(editing.text, path),
  };
}
