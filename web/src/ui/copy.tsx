import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button';

/** Puts a text on the clipboard; says for a moment that it did. */
export function useCopy(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1800);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    write(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return [copied, copy];
}

async function write(text: string): Promise<void> {
  // Browsers offer the clipboard on https and on this machine only.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function CopyIcon({ text, what }: { text: string; what: string }) {
  const [copied, copy] = useCopy(text);
  return (
    <IconButton label={copied ? 'Copied' : `Copy ${what}`} onClick={copy}>
      {copied ? <Check aria-hidden className="size-4 text-allow" /> : <Copy aria-hidden className="size-4" />}
    </IconButton>
  );
}

export function CopyButton({ text, children }: { text: string; children: string }) {
  const [copied, copy] = useCopy(text);
  return (
    <Button small onClick={copy}>
      {copied ? <Check aria-hidden className="size-4 text-allow" /> : <Copy aria-hidden className="size-4" />}
      {copied ? 'Copied' : children}
    </Button>
  );
}

export function CodeBlock({ text, what }: { text: string; what: string }) {
  return (
    <div className="relative min-w-0">
      <pre
        tabIndex={0}
        role="region"
        aria-label={what}
        className="overflow-x-auto rounded-lg border border-line bg-well p-4 pr-14 font-mono text-[0.87rem] leading-relaxed"
      >
        {text}
      </pre>
      <div className="absolute top-1.5 right-1.5 rounded-lg bg-well">
        <CopyIcon text={text} what={what} />
      </div>
    </div>
  );
}
