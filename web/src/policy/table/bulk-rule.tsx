import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { change, literal } from '../document';
import { EditingScope } from '../rule/editing-scope';
import { RuleFormAt } from '../rule/rule-form';

type Props = { tools: Schemas['ToolView'][]; use: (rule: string) => void; close: () => void };

/** One rule for many tools: written here once, then put under each name. */
export function BulkRule({ tools, use, close }: Props) {
  const [text, setText] = useState('{\n  "tools": {\n    "*": { "action": "allow" }\n  }\n}\n');
  const at = ['tools', '*'];
  return (
    <Dialog
      open
      onOpenChange={close}
      wide
      title={`A rule for ${tools.length} tools`}
      lead="It takes the place of the rules that they have. Nothing is published yet."
    >
      <EditingScope
        text={text}
        edit={(changes) => setText((now) => change(now, changes))}
        readOnly={false}
        tools={tools}
      >
        <RuleFormAt at={at} />
      </EditingScope>
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button
          look="main"
          onClick={() => {
            use(literal(text, at) ?? '{}');
            close();
          }}
        >
          Use for {tools.length} tools
        </Button>
      </div>
    </Dialog>
  );
}
