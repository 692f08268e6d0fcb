/** Which of the two languages a text is written in, so that a screen reader can pronounce it. */

const SWEDISH = new Set("och att det som en är på för av med till den inte om ett har kan ska vi ni man eller".split(" "));
const ENGLISH = new Set("the and of to is in that it for on with as are be this not by or from you we can".split(" "));

/** "sv" or "en" by the commonest words; null where too little tells. */
export function languageOf(text: string): "sv" | "en" | null {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const swedish = words.filter((word) => SWEDISH.has(word)).length;
  const english = words.filter((word) => ENGLISH.has(word)).length;
  if (Math.max(swedish, english) < 2 || swedish === english) return null;
  return swedish > english ? "sv" : "en";
}
