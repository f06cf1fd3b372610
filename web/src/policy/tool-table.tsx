import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { describe } from '@/servers/tool';
import { Field } from '@/ui/field';
import { Badge, Code } from '@/ui/surface';
import type { JsonObject } from './document';
import { STANCE_LABELS } from './labels';
import { LimitFields } from './limit-fields';
import { type Choice, hiddenBy, inherited, type Limit, limitOf, stanceOf } from './stance';
import { StancePicker } from './stance-picker';

type Tool = Schemas['ToolView'];

type Props = {
  document: JsonObject;
  tools: Tool[];
  choose: (tools: Tool[], choice: Choice, limit?: Limit) => void;
  custom: (tool: Tool) => void;
  readOnly: boolean;
};

/** The server's tools and what the document does with each. All of it is read from the document at each turn. */
export function ToolTable({ document, tools, choose, custom, readOnly }: Props) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const wanted = text.trim().toLowerCase();
  const shown = tools.filter((tool) =>
    `${tool.name} ${tool.category ?? ''} ${describe(tool)}`.toLowerCase().includes(wanted),
  );
  const marked = shown.filter((tool) => chosen.has(tool.name));
  const mark = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) on ? next.add(name) : next.delete(name);
    setChosen(next);
  };
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3 px-5 py-3">
        <label className="flex items-center gap-2 text-[0.93rem]">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={shown.length > 0 && marked.length === shown.length}
            disabled={readOnly}
            onChange={(event) =>
              mark(
                shown.map((tool) => tool.name),
                event.target.checked,
              )
            }
          />
          {marked.length > 0 ? `${marked.length} chosen` : `All ${shown.length}`}
        </label>
        {marked.length > 0 && (
          <StancePicker
            label="Set the chosen tools"
            stance={null}
            disabled={readOnly}
            choose={(choice) => {
              choose(marked, choice);
              setChosen(new Set());
            }}
          />
        )}
        <Field
          label="Find a tool"
          labelHidden
          type="search"
          placeholder="Find by name, class or words"
          className="ml-auto w-64 max-sm:w-full"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <ul className="divide-y divide-line border-t border-line">
        {shown.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            document={document}
            readOnly={readOnly}
            marked={chosen.has(tool.name)}
            mark={(on) => mark([tool.name], on)}
            choose={(choice, limit) => choose([tool], choice, limit)}
            custom={() => custom(tool)}
          />
        ))}
      </ul>
      {shown.length === 0 && (
        <p className="border-t border-line px-5 py-6 text-soft">
          {tools.length === 0
            ? 'The server has listed no tools. The JSON view works without.'
            : 'No tool fits.'}
        </p>
      )}
    </div>
  );
}

type RowProps = {
  tool: Tool;
  document: JsonObject;
  readOnly: boolean;
  marked: boolean;
  mark: (on: boolean) => void;
  choose: (choice: Choice, limit?: Limit) => void;
  custom: () => void;
};

function ToolRow({ tool, document, readOnly, marked, mark, choose, custom }: RowProps) {
  const stance = stanceOf(document, tool);
  const glob = hiddenBy(document, tool);
  const limit = limitOf(document, tool);
  return (
    <li className="flex items-start gap-3 px-5 py-2.5">
      <input
        type="checkbox"
        aria-label={`Choose ${tool.name}`}
        className="mt-1.5 size-4 shrink-0 accent-accent"
        checked={marked}
        disabled={readOnly}
        onChange={(event) => mark(event.target.checked)}
      />
      <div className="grid min-w-0 grow gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-mono text-[0.93rem] break-all">{tool.name}</span>
          {tool.category && <Badge>{tool.category}</Badge>}
        </span>
        <span className="truncate text-[0.88rem] text-soft">{describe(tool)}</span>
        {stance === 'inherit' && <Inherited document={document} tool={tool} />}
        {stance === 'limit' && limit && (
          <LimitFields
            tool={tool.name}
            limit={limit}
            disabled={readOnly}
            set={(next) => choose('limit', next)}
          />
        )}
        {glob && (
          <span className="text-[0.88rem] text-soft">
            Hidden by <Code>{glob}</Code>
          </span>
        )}
      </div>
      <StancePicker
        label={tool.name}
        stance={stance}
        disabled={readOnly || glob !== undefined}
        choose={choose}
        custom={custom}
      />
    </li>
  );
}

function Inherited({ document, tool }: { document: JsonObject; tool: Tool }) {
  const { stance, from } = inherited(document, tool);
  const unlisted = stance === 'deny' && from === 'default';
  return (
    <span className="text-[0.88rem] text-soft italic">
      {unlisted ? 'Not listed' : STANCE_LABELS[stance].label}, by {from}
    </span>
  );
}
