import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class';

type Props = {
  label: string;
  head: ReactNode;
  children: ReactNode;
  /** On a phone each row is a block of its own, instead of a line to be scrolled along. */
  stacks?: boolean;
};

const STACKED =
  'max-sm:[&_thead]:sr-only max-sm:[&_tr]:flex max-sm:[&_tr]:flex-wrap max-sm:[&_tr]:items-center max-sm:[&_tr]:gap-x-4 max-sm:[&_tr]:gap-y-2 max-sm:[&_tr]:px-5 max-sm:[&_tr]:py-3 max-sm:[&_td]:p-0 max-sm:[&_td:first-child]:w-full';

/** A table that becomes scrollable, or stacked, not broken, on a narrow screen. */
export function Table({ label, head, children, stacks }: Props) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className={cx('w-full text-left text-[0.95rem]', stacks && STACKED)}>
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
