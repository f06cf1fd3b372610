import type { ReactNode } from 'react';
import { Mark } from '@/shell/mark';
import { Card } from '@/ui/surface';

/** The frame of the pages before signing in. */
export function Front({
  title,
  lead,
  children,
  below,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  below?: ReactNode;
}) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[26rem] content-center gap-6 px-4 py-10">
      <a href="/" className="flex items-center gap-2 justify-self-center rounded-lg px-2 py-1">
        <Mark className="size-7" />
        <span className="text-lg font-semibold tracking-tight">PolicyLayer</span>
      </a>
      <Card className="grid gap-5 p-6">
        <div className="grid gap-1">
          <h1 className="text-[1.3rem]">{title}</h1>
          {lead && <p className="text-soft">{lead}</p>}
        </div>
        {children}
      </Card>
      {below && <p className="text-center text-[0.95rem] text-soft">{below}</p>}
    </main>
  );
}
