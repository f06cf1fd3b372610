import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class';

/** A table that becomes scrollable, not broken, on a narrow screen. */
export function Table({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="w-full text-left text-[0.95rem]">
        <thead className="border-y border-line bg-paper text-[0.85rem] text-soft">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="col" className={cx('px-5 py-2 font-medium whitespace-nowrap', className)} {...rest} />;
}

export function Td({ className, ...rest }: ComponentProps<'td'>) {
  return <td className={cx('px-5 py-3 align-middle', className)} {...rest} />;
}
