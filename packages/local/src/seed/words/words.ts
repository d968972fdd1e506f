import { audio } from "./audio.ts";
import { bags } from "./bags.ts";
import { books } from "./books.ts";
import { clothing } from "./clothing.ts";
import { garden } from "./garden.ts";
import type { CategoryWords } from "./grammar.ts";
import { home } from "./home.ts";
import { kitchen } from "./kitchen.ts";
import { office } from "./office.ts";
import { sports } from "./sports.ts";
import { toys } from "./toys.ts";

export const wordsByCategory: readonly CategoryWords[] = [
  audio,
  bags,
  books,
  clothing,
  garden,
  home,
  kitchen,
  office,
  sports,
  toys,
];
