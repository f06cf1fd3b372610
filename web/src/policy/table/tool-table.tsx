import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { describe } from '@/servers/tool';
import { Field } from '@/ui/field';
import { usePortion } from '@/ui/portion';
import type { Change, JsonObject } from '../document';
import type { Choice, Limit } from '../stance';
import { BulkBar } from './bulk-bar';
import { ToolRow } from './tool-row';

type Tool = Schemas['ToolView'];

type Props = {
  text: string;
  document: JsonObject;
  tools: Tool[];
  choose: (tools: Tool[], choice: Choice, limit?: Limit) => void;
  edit: (changes: Change[], run?: string) => void;
  readOnly: boolean;
  /** The tool whose rule is shown at once. */
  opened?: string | undefined;
};

/** The server's tools and what the document does with each. All of it is read from the document at each turn. */
export function ToolTable({ text, document, tools, choose, edit, readOnly, opened }: Props) {
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string | null>(opened ?? null);
  const words = wanted.trim().toLowerCase();
  const fitting = tools.filter((tool) =>
    `${tool.name} ${tool.category ?? ''} ${describe(tool)}`.toLowerCase().includes(words),
  );
  // What somebody came for is seen at once, wherever the server lists it.
  const shown = opened
    ? [...fitting.filter(({ name }) => name === opened), ...fitting.filter(({ name }) => name !== opened)]
    : fitting;
  const { part, more } = usePortion(shown);
  const marked = tools.filter((tool) => chosen.has(tool.name));
  const mark = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) on ? next.add(name) : next.delete(name);
    setChosen(next);
  };
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3 px-5 pb-3">
        <Field
          label="Find a tool"
          labelHidden
          type="search"
          placeholder="Find by name, class or words"
          className="w-full"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <BulkBar
          document={document}
          tools={tools}
          shown={shown}
          marked={marked}
          mark={mark}
          readOnly={readOnly}
          choose={(choice, limit) => {
            choose(marked, choice, limit);
            setChosen(new Set());
          }}
          edit={(changes) => {
            edit(changes);
            setChosen(new Set());
          }}
        />
      </div>
      <ul className="divide-y divide-line border-t border-line">
        {part.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            text={text}
            document={document}
            readOnly={readOnly}
            marked={chosen.has(tool.name)}
            open={open === tool.name}
            setOpen={(on) => setOpen(on ? tool.name : null)}
            mark={(on) => mark([tool.name], on)}
            choose={(choice, limit) => choose([tool], choice, limit)}
            edit={edit}
          />
        ))}
      </ul>
      {more}
      {shown.length === 0 && (
        <p className="border-t border-line px-5 py-6 text-soft">
          {tools.length === 0
            ? 'The server has listed no tools. Rules by pattern and the JSON view work without.'
            : 'No tool fits.'}
        </p>
      )}
    </div>
  );
}
