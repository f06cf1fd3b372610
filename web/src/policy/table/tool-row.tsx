import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import type { Schemas } from '@/api/client';
import { describe } from '@/servers/tool';
import { cx } from '@/ui/class';
import { Badge, Code } from '@/ui/surface';
import type { Change, JsonObject } from '../document';
import { STANCE_LABELS } from '../labels';
import { LimitFields } from '../limit-fields';
import { EditingScope } from '../rule/editing-scope';
import { RuleFormAt } from '../rule/rule-form';
import { ruleSummary } from '../rule/summary';
import {
  type Choice,
  hiddenBy,
  inherited,
  type Limit,
  limitOf,
  overruled,
  ownRule,
  stanceOf,
} from '../stance';
import { StancePicker } from '../stance-picker';

type Tool = Schemas['ToolView'];

type Props = {
  tool: Tool;
  text: string;
  document: JsonObject;
  readOnly: boolean;
  marked: boolean;
  open: boolean;
  setOpen: (open: boolean) => void;
  mark: (on: boolean) => void;
  choose: (choice: Choice, limit?: Limit) => void;
  edit: (changes: Change[], run?: string) => void;
};

/** A tool: what happens to its calls, and all of its rule below when that is opened. */
export function ToolRow(props: Props) {
  const { tool, text, document, readOnly, marked, open, setOpen, mark, choose, edit } = props;
  const panel = useId();
  const stance = stanceOf(document, tool);
  const glob = hiddenBy(document, tool);
  const limit = limitOf(document, tool);
  const rule = ownRule(document, tool);
  const over = overruled(document, tool);
  /** Opening a rule that is not there yet must not change what happens to the tool's calls. */
  const custom = () => {
    if (!rule && !readOnly) {
      const now = inherited(document, tool).stance;
      edit([{ set: ['tools', tool.name], to: { action: now === 'deny' ? 'deny' : 'allow' } }]);
    }
    setOpen(true);
  };
  return (
    <li>
      <div className="flex items-start gap-3 px-5 py-2.5">
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
          {stance === 'limit' && limit && !open && (
            <LimitFields
              tool={tool.name}
              limit={limit}
              disabled={readOnly}
              set={(next) => choose('limit', next)}
            />
          )}
          {stance === 'custom' && rule && !open && (
            <span className="text-[0.88rem] text-soft">{ruleSummary(rule).join(' · ')}</span>
          )}
          {over && (
            <span className="text-[0.88rem] text-deny">
              Denied all the same by {over}: only an action of its own exempts it
            </span>
          )}
          {glob && (
            <span className="text-[0.88rem] text-soft">
              Hidden by <Code>{glob}</Code>
            </span>
          )}
        </div>
        <div className="flex shrink-0 items-center gap-1">
          <StancePicker
            label={tool.name}
            stance={stance}
            disabled={readOnly || glob !== undefined}
            choose={choose}
            custom={custom}
          />
          <button
            type="button"
            aria-label={`Rule of ${tool.name}`}
            aria-expanded={open}
            aria-controls={panel}
            disabled={!rule}
            title={rule ? undefined : 'It has no rule of its own; choose Custom to write one'}
            onClick={() => setOpen(!open)}
            className="inline-flex size-8 items-center justify-center rounded-lg text-soft hover:bg-well hover:text-ink disabled:opacity-30"
          >
            <ChevronRight aria-hidden className={cx('size-4 transition-transform', open && 'rotate-90')} />
          </button>
        </div>
      </div>
      <div id={panel} hidden={!open || !rule} className="border-t border-line/60 bg-paper/60 px-5 py-4">
        {open && rule && (
          <EditingScope text={text} edit={edit} readOnly={readOnly} tools={[tool]}>
            <RuleFormAt at={['tools', tool.name]} />
          </EditingScope>
        )}
      </div>
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
