import { RadioGroup } from 'radix-ui';
import { TEMPLATES } from './templates';

export function TemplateCards({ picked, pick }: { picked: string; pick: (id: string) => void }) {
  return (
    <RadioGroup.Root
      aria-label="Template"
      value={picked}
      onValueChange={pick}
      className="grid gap-3 sm:grid-cols-2"
    >
      {TEMPLATES.map((template) => (
        <RadioGroup.Item
          key={template.id}
          value={template.id}
          className="grid content-start gap-1 rounded-xl border border-line bg-sheet p-4 text-left hover:border-edge data-[state=checked]:border-accent data-[state=checked]:bg-accent-wash"
        >
          <span className="font-medium">{template.title}</span>
          <span className="text-[0.92rem] text-soft">{template.text}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
