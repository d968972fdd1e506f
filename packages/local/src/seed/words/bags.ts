import { type CategoryWords, calmColours } from "./grammar.ts";

export const bags: CategoryWords = {
  category: "bags",
  brands: [
    "Wayfold",
    "Tarrant & Pell",
    "Nomadry",
    "Oxbow Carry",
    "Larkhill",
    "Satchelry",
    "Portmere",
    "Fernweh Works",
    "Keel & Strap",
    "Dunmore",
  ],
  closers: [
    "Repairs are free for the first five years.",
    "Made from recycled cloth where it does not show, and from better things where it does.",
    "Comes in a cotton bag with its own label.",
    "Made in a workshop of eleven people.",
    "Grows handsomer with use.",
  ],
  kinds: [
    {
      title: "{brand} {style} Backpack",
      words: { style: ["commuter", "roll-top", "canvas", "hiking", "laptop", "waxed cotton"] },
      openers: [
        "{brand}'s {style} backpack carries a day's things close to the back.",
        "A {style} backpack that stands up by itself when it is put down.",
      ],
      details: [
        "A padded sleeve takes a laptop of up to 16 inches.",
        "The side pocket opens from inside and outside, for a bottle or an umbrella.",
        "The straps are cut for narrow and broad shoulders alike.",
      ],
      usd: [59, 189],
      axes: [{ values: ["16 L", "22 L", "28 L"], step: 0.15 }, calmColours],
    },
    {
      title: "{brand} {style} Suitcase",
      words: { style: ["hard-shell", "soft-side", "expandable", "four-wheel", "ribbed", "lightweight"] },
      openers: [
        "A {style} suitcase that rolls straight and stops when it should.",
        "{brand}'s {style} suitcase weighs less than what most people put in it.",
      ],
      details: [
        "The wheels unscrew with a coin and cost little to replace.",
        "Both halves close behind a zipped divider.",
        "The lock can be opened by customs without being broken.",
      ],
      usd: [99, 329],
      axes: [{ values: ["Cabin", "Medium", "Large"], step: 0.22 }, { values: ["Graphite", "Navy", "Fern"] }],
    },
    {
      title: "{brand} {style} Tote",
      words: { style: ["market", "leather", "zip-top", "everyday", "reversible", "organic cotton"] },
      openers: [
        "A {style} tote that holds a week of groceries and does not cut into the shoulder.",
        "{brand}'s {style} tote looks better after a year than on the first day.",
      ],
      details: [
        "An inner pocket keeps a phone upright.",
        "The handles are long enough for a winter coat.",
        "The base is doubled, where other bags wear out first.",
      ],
      usd: [25, 145],
      axes: [calmColours],
    },
    {
      title: "{brand} {style} Messenger Bag",
      words: { style: ["waxed", "slim", "cyclist's", "leather-trimmed", "reflective", "field"] },
      openers: [
        "{brand}'s {style} messenger bag swings round to the front without a fight.",
        "A {style} messenger bag with a flap that keeps rain where it belongs.",
      ],
      details: [
        "A second strap steadies it on a bicycle and tucks away on foot.",
        "The magnets close by themselves and open with one hand.",
        "There is room for A4 folders without a fold.",
      ],
      usd: [55, 175],
      axes: [{ values: ["Small", "Large"], step: 0.18 }, { values: ["Tan", "Olive", "Black"] }],
    },
    {
      title: "{brand} {style} Duffel",
      words: { style: ["weekend", "gym", "packable", "waterproof", "two-handle", "expedition"] },
      openers: [
        "A {style} duffel that swallows more than it admits.",
        "{brand}'s {style} duffel opens wide, so that nothing hides at the bottom.",
      ],
      details: [
        "Shoes have a compartment of their own, with a vent.",
        "The shoulder strap comes off and the handles lock together.",
        "It packs into its own end pocket.",
      ],
      usd: [49, 165],
      axes: [{ values: ["30 L", "45 L", "60 L"], step: 0.14 }, { values: ["Rust", "Black"] }],
    },
    {
      title: "{brand} {style} Wallet",
      words: { style: ["bifold", "card", "zip", "travel", "vegetable-tanned", "slim"] },
      openers: [
        "A {style} wallet for people who carry five cards and some notes.",
        "{brand}'s {style} wallet is cut from one piece of leather.",
      ],
      details: [
        "The stitching is waxed linen, eight stitches to the inch.",
        "A hidden pocket takes a folded note for bad days.",
        "It shields contactless cards from readers.",
      ],
      usd: [25, 95],
      axes: [{ values: ["Cognac", "Black", "Bottle Green"] }],
    },
    {
      title: "{brand} {style} Packing Cubes",
      words: { style: ["compression", "mesh", "see-through", "ripstop", "laundry", "colour-coded"] },
      openers: [
        "{style} packing cubes by {brand} that turn a suitcase into a chest of drawers.",
        "{brand}'s {style} packing cubes keep clean and worn apart.",
      ],
      details: [
        "The zips run around corners without snagging.",
        "They weigh less than a pair of socks each.",
        "Each has a window to write on.",
      ],
      usd: [15, 55],
      axes: [{ values: ["Set of 3", "Set of 5", "Set of 7"], step: 0.35 }],
    },
  ],
};
