import type { Axis, CategoryWords } from "./grammar.ts";

const formats: Axis = { values: ["E-Book", "Paperback", "Hardcover"], step: 0.35 };
const paper: Axis = { values: ["Paperback", "Hardcover"], step: 0.5 };

/** Publishers stand for brands here; authors are in the sentences. */
const author = [
  "Mira Oakes",
  "Tobias Renn",
  "Ines Calloway",
  "Hari Menon-Webb",
  "Ling Castellan",
  "Aoife Brandt",
  "Samuel Adeyo",
  "Petra Lindqvist",
  "Jun Okamura",
  "Clara Whitfell",
  "Dev Sarangi",
  "Noor Halabi",
];

export const books: CategoryWords = {
  category: "books",
  brands: [
    "Lanternfish Press",
    "Quillon",
    "Harbour & Vine",
    "Ninth Gate Books",
    "Saltmarsh",
    "Ferry Lane",
    "Greywater Press",
    "Tall Hedge",
  ],
  closers: [
    "Published by {brand}.",
    "{brand} prints it on paper that lies flat.",
    "With an afterword for this edition by {brand}.",
    "Part of {brand}'s list of quiet classics.",
    "The cover is by {brand}'s own workshop.",
  ],
  kinds: [
    {
      title: "The {mood} {thing}",
      words: {
        author,
        mood: ["Silent", "Borrowed", "Last", "Paper", "Distant", "Seventh", "Patient", "Unfinished"],
        thing: ["Lighthouse", "Orchard", "Cartographer", "Winter", "Ferry", "Garden", "Letter", "Harbour"],
        place: [
          "a town at the end of a railway line",
          "an island that appears on no chart",
          "a house with one room too many",
          "a valley that is to be flooded",
        ],
        person: [
          "A retired surveyor",
          "A young translator",
          "A clockmaker's daughter",
          "Two estranged brothers",
        ],
      },
      openers: [
        "{person} comes to {place} and stays, in this novel by {author}.",
        "{author}'s novel is set in {place}.",
      ],
      details: [
        "It is a slow, funny and finally devastating story about what people keep from each other.",
        "Told in four seasons, it can be read in a weekend and thought about for longer.",
        "The ending is argued about in every reading group.",
      ],
      usd: [9, 19],
      axes: [formats],
    },
    {
      title: "A Short History of {subject}",
      words: {
        author,
        subject: [
          "salt",
          "maps",
          "bridges",
          "paper",
          "tea",
          "clocks",
          "islands",
          "rain",
          "glass",
          "lighthouses",
          "gardens",
          "silence",
          "rivers",
          "bread",
        ],
      },
      openers: [
        "{author} tells the story of {subject} in twelve chapters and as many surprises.",
        "How {subject} came to matter, by {author}.",
      ],
      details: [
        "Notes and sources are at the end, where they disturb nobody.",
        "Forty illustrations were drawn for the book.",
        "It assumes no knowledge and wastes no words.",
      ],
      usd: [12, 26],
      axes: [formats],
    },
    {
      title: "The {table} Kitchen: {number} Recipes for {occasion}",
      words: {
        author,
        table: ["Slow", "Coastal", "Small", "Market", "Weeknight"],
        number: ["60", "80", "100"],
        occasion: ["two", "sundays", "full tables", "cold evenings"],
      },
      openers: [
        "{author} cooks for people who have a stove, a knife and half an hour.",
        "{author} has written a cookbook that is meant to get stained.",
      ],
      details: [
        "Every recipe fits on one page and says what can be left out.",
        "The index goes by ingredient, so that a lone leek finds its dish.",
        "Quantities are given in grams and in cups.",
      ],
      usd: [18, 39],
      axes: [paper],
    },
    {
      title: "A Field Guide to {what} of the {where}",
      words: {
        author,
        what: ["birds", "mosses", "butterflies", "trees", "mushrooms", "seashells"],
        where: ["northern coast", "monsoon hills", "great plains", "river deltas", "high valleys"],
      },
      openers: [
        "Three hundred species, two keys and a ruler on the back cover, by {author}.",
        "{author}'s guide to {what} fits a coat pocket and shrugs off rain.",
      ],
      details: [
        "Each species has a painted plate, a map and a line on what it is confused with.",
        "Coloured page edges lead to the right family in seconds.",
        "Names are given in four languages.",
      ],
      usd: [16, 34],
      axes: [{ values: ["Paperback", "Weatherproof"], step: 0.4 }],
    },
    {
      title: "{craft} for {who}",
      words: {
        author,
        craft: [
          "bookbinding",
          "sourdough",
          "watercolour",
          "woodcarving",
          "chess openings",
          "linear algebra",
          "beekeeping",
          "statistics",
          "darning",
        ],
        who: ["beginners", "the impatient", "long evenings", "curious adults"],
      },
      openers: [
        "{craft} explained by {author}, who has taught it for twenty years.",
        "A patient book about {craft} by {author}.",
      ],
      details: [
        "Exercises come with answers, and the hard ones with hints.",
        "Each chapter begins with what went wrong for the author.",
        "What is needed on the table is listed before each lesson.",
      ],
      usd: [14, 32],
      axes: [formats],
    },
    {
      title: "{city} on Foot: {count} Walks",
      words: {
        author,
        city: [
          "Lisbon",
          "Mumbai",
          "Hong Kong",
          "Dublin",
          "Boston",
          "Kyoto",
          "Istanbul",
          "Valparaíso",
          "Edinburgh",
          "Hanoi",
        ],
        count: ["12", "20", "30"],
      },
      openers: [
        "{author} has walked {city} in every weather and chosen well.",
        "See {city} at four kilometres an hour, with {author}.",
      ],
      details: [
        "Each walk ends near something good to eat.",
        "Maps fold out, and steep parts are marked in red.",
        "Step-free variants are given wherever there are any.",
      ],
      usd: [11, 22],
      axes: [{ values: ["E-Book", "Paperback"], step: 0.4 }],
    },
  ],
};
