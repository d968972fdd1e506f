import {
  isProductId,
  isSku,
  type Media,
  type Product,
  type ProductId,
  type Sku,
  type Variant,
} from "@antipode/core";
import { createRandom, integerBetween, pick, type Random } from "../links/random.ts";
import { combinations, type Fills, fillSentence, fillTitle, patternNames } from "./pattern.ts";
import { retailPrices } from "./prices.ts";
import type { Axis, CategoryWords, Kind } from "./words/grammar.ts";
import { wordsByCategory } from "./words/words.ts";

export interface CatalogOptions {
  /** The same seed gives the same catalog; a smaller count gives the beginning of a larger one. */
  readonly seed?: string;
  readonly count?: number;
}

const defaultCount = 1200;
const variantsMax = 6;

/**
 * Believable products, as many in each category as in the others. Throws when more are asked for than there are
 * titles (a category has more than 200).
 */
export function generateCatalog({
  seed = "antipode",
  count = defaultCount,
}: CatalogOptions = {}): readonly Product[] {
  const ideasByCategory = wordsByCategory.map((words) => shuffledIdeas(words, seed));
  const codes = createCodes(seed);
  return Array.from({ length: count }, (_, index) => {
    const ideas = ideasByCategory[index % ideasByCategory.length];
    const idea = ideas?.[Math.floor(index / ideasByCategory.length)];
    if (idea === undefined) throw new Error(`the word lists do not give ${count} different titles`);
    return createProduct(idea, codes(index), createRandom(`${seed} product ${index}`));
  });
}

/** A title that makes sense, and what it is made of. */
interface Idea {
  readonly words: CategoryWords;
  readonly kind: Kind;
  readonly fills: Fills;
  readonly title: string;
}

function shuffledIdeas(words: CategoryWords, seed: string): readonly Idea[] {
  const ideas = words.kinds.flatMap((kind) => {
    const lists = patternNames(kind.title).map((name) => [name, wordList(words, kind, name)] as const);
    return combinations(Object.fromEntries(lists)).map((fills) => {
      return { words, kind, fills, title: fillTitle(kind.title, fills) };
    });
  });
  const random = createRandom(`${seed} ideas ${words.category}`);
  return ideas
    .map((idea) => ({ idea, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ idea }) => idea);
}

function wordList(words: CategoryWords, kind: Kind, name: string): readonly string[] {
  return name === "brand" ? words.brands : (kind.words[name] ?? []);
}

function createProduct(
  { words, kind, fills: titleFills, title }: Idea,
  code: string,
  random: Random,
): Product {
  const others = ["brand", ...Object.keys(kind.words)].filter((name) => titleFills[name] === undefined);
  const picked = others.map((name) => [name, pick(random, wordList(words, kind, name))]);
  const fills: Fills = { ...titleFills, ...Object.fromEntries(picked) };
  const sentences = [pick(random, kind.openers), pick(random, kind.details)];
  // Two of three descriptions have a closing sentence.
  if (random() < 2 / 3) sentences.push(pick(random, words.closers));
  const id = productId(title, code);
  return {
    id,
    category: words.category,
    title,
    description: sentences.map((sentence) => fillSentence(sentence, fills)).join(" "),
    media: createMedia(id, title, random),
    variants: createVariants(kind, code, random),
  };
}

const views = ["", ", detail", ", in use", ", from above"];

function createMedia(id: ProductId, title: string, random: Random): readonly Media[] {
  return views.slice(0, integerBetween(random, 1, views.length)).map((view, index) => ({
    url: `/media/products/${id}/${index + 1}.webp`,
    alt: `${title}${view}`,
  }));
}

function createVariants(kind: Kind, code: string, random: Random): readonly Variant[] {
  const [from, to] = kind.usd;
  // Most prices are in the lower half of what such a thing may cost.
  const baseUsd = from + (to - from) * random() ** 1.5;
  let forms: readonly Form[] = [{ names: [], dearer: 1 }];
  for (const axis of kind.axes) {
    const choices = chooseValues(axis, Math.floor(variantsMax / forms.length), random);
    forms = forms.flatMap(({ names, dearer }) =>
      choices.map(({ value, rank }) => ({
        names: [...names, value],
        dearer: dearer * (1 + (axis.step ?? 0)) ** rank,
      })),
    );
  }
  return forms.map(({ names, dearer }, index) => ({
    sku: sku(code, index + 1),
    title: names.join(" / "),
    prices: retailPrices(baseUsd * dearer),
  }));
}

interface Form {
  readonly names: readonly string[];
  readonly dearer: number;
}

/** Some of the axis's values in their order: neighbours where the order means something, any where it does not. */
function chooseValues(axis: Axis, max: number, random: Random): readonly { value: string; rank: number }[] {
  const ranked = axis.values.map((value, rank) => ({ value, rank }));
  const count = integerBetween(random, 1, Math.min(max, ranked.length));
  const start = integerBetween(random, 0, ranked.length - count);
  if (axis.step !== undefined) return ranked.slice(start, start + count);
  return ranked
    .map((entry) => ({ entry, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .slice(0, count)
    .map(({ entry }) => entry)
    .toSorted((left, right) => left.rank - right.rank);
}

/** Crockford's base 32: no I, L, O or U, which people misread. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeChars = 6;

/** For each index a code of its own: multiplying by an odd number modulo a power of two never meets itself. */
function createCodes(seed: string): (index: number) => string {
  const offset = Math.floor(createRandom(`${seed} codes`)() * 2 ** 30);
  return (index) => {
    let rest = (Math.imul(index, 0x2545f491) + offset) & (2 ** 30 - 1);
    let code = "";
    for (let char = 0; char < codeChars; char += 1) {
      code = alphabet.charAt(rest & 31) + code;
      rest >>>= 5;
    }
    return code;
  };
}

/** The title as people see it in an address, cut so that the whole fits an id, and the code that makes it unique. */
function productId(title: string, code: string): ProductId {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("ø", "o")
    .replaceAll(/['’]|\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 56)
    .replaceAll(/^-|-$/g, "");
  const id = `${words}-${code.toLowerCase()}`;
  if (!isProductId(id)) throw new Error(`not a product id: ${id}`);
  return id;
}

function sku(code: string, number: number): Sku {
  const text = `AP-${code}${String(number).padStart(2, "0")}`;
  if (!isSku(text)) throw new Error(`not a SKU: ${text}`);
  return text;
}
