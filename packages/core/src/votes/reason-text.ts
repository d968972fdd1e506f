/* An operator's reason goes into logs and into a page to people: it stands on one line there, and says something. */

/** What ends a line, moves the cursor or means something to a terminal, in any script. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const eachControl = new RegExp(controls, "gu");

/** A letter, digit, sign or mark of punctuation that is drawn. U+2800 is Braille's blank, a symbol to Unicode. */
const visible = /(?![\u2800\p{Default_Ignorable_Code_Point}])[\p{L}\p{N}\p{P}\p{S}]/u;

/** The same text on one line, that can be written as UTF-8: blanks for control characters, U+FFFD for half characters. */
export function onOneLine(text: string): string {
  return text.toWellFormed().replaceAll(eachControl, " ");
}

/** Why a text is no reason that people can be shown; nothing where it is one. */
export function reasonFault(text: string): string | undefined {
  if (!text.isWellFormed()) {
    return "it is not well-formed Unicode";
  }
  if (controls.test(text)) {
    return "it has a line break or another control character";
  }
  return visible.test(text) ? undefined : "it has no visible character";
}
