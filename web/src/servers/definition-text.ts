/** Characters that show as nothing, or turn the text around them: format, control, private use, fillers, variation selectors. */
const UNSEEN = /\p{Cf}|\p{Cc}|\p{Co}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|[\u115f\u1160\u3164\uffa0]/gu;

/** A definition as people read it: laid out, with every character that they could not see spelled out. */
export function definitionText(definition: unknown): string {
  return JSON.stringify(definition, null, 2).replace(UNSEEN, (found) =>
    found === '\n' ? found : `\\u{${found.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
