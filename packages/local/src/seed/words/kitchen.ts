import type { CategoryWords } from "./grammar.ts";

export const kitchen: CategoryWords = {
  category: "kitchen",
  brands: [
    "Ironleaf",
    "Pestle & Pine",
    "Cobbler's Table",
    "Norrland Forge",
    "Saffra",
    "Tilbury Cook",
    "Oakwell",
    "Marmita",
    "Hearthline",
    "Kumo",
  ],
  closers: [
    "Made for daily use rather than for display.",
    "A leaflet with five recipes is in the box.",
    "Guaranteed for twenty-five years.",
    "Made where it was designed.",
    "Tried for a year in a restaurant kitchen before it was sold.",
  ],
  kinds: [
    {
      title: "{brand} {style} Frying Pan",
      words: { style: ["carbon steel", "cast-iron", "tri-ply", "ceramic", "copper-core", "pre-seasoned"] },
      openers: [
        "A {style} frying pan that gets hot evenly and stays so.",
        "{brand}'s {style} frying pan lets go of an egg.",
      ],
      details: [
        "The handle is riveted and stays cool for the time a steak takes.",
        "The rim pours without a drip on either side.",
        "It can go from hob to oven and to the table.",
      ],
      usd: [29, 149],
      axes: [{ values: ["20 cm", "24 cm", "28 cm", "32 cm"], step: 0.2 }],
    },
    {
      title: "{brand} {style} Chef's Knife",
      words: { style: ["forged", "Damascus", "carbon", "santoku", "walnut-handled", "serrated"] },
      openers: [
        "A {style} chef's knife that is sharp in the box and easy to keep so.",
        "{brand}'s {style} chef's knife does what five others did.",
      ],
      details: [
        "The balance is at the bolster, where the finger is.",
        "The spine is rounded, for those who hold it properly.",
        "A beechwood guard protects edge and drawer.",
      ],
      usd: [39, 219],
      axes: [{ values: ["16 cm", "20 cm", "24 cm"], step: 0.15 }],
    },
    {
      title: "{brand} {style} Kettle",
      words: { style: ["gooseneck", "whistling", "enamel", "glass", "variable-temperature", "camp"] },
      openers: [
        "A {style} kettle that pours a line and not a splash.",
        "{brand}'s {style} kettle boils a litre in under four minutes.",
      ],
      details: [
        "The lid opens wide enough to be cleaned by hand.",
        "The scale is marked in cups, because that is what is wanted.",
        "The handle stays cool and the base is heavy.",
      ],
      usd: [29, 149],
      axes: [{ values: ["0.8 L", "1.2 L", "1.7 L"], step: 0.12 }],
    },
    {
      title: "{brand} {style} Mixing Bowls",
      words: { style: ["nesting", "stoneware", "stainless", "glass", "lidded", "bamboo-fibre"] },
      openers: [
        "{style} mixing bowls that stack into the space of one.",
        "{brand}'s {style} mixing bowls have a lip for pouring and a ring that does not slip.",
      ],
      details: [
        "Quantities are marked inside, in a line that does not wash off.",
        "They are deep, so that the whisk stays inside.",
        "They can go in the freezer and the fridge.",
      ],
      usd: [24, 89],
      axes: [{ values: ["Set of 3", "Set of 5"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Coffee Grinder",
      words: { style: ["hand", "conical burr", "travel", "cast-iron", "single-dose", "stepless"] },
      openers: [
        "A {style} coffee grinder with burrs that are replaced, not thrown away.",
        "{brand}'s {style} coffee grinder goes from espresso to French press in one turn.",
      ],
      details: [
        "Thirty grams take less than a minute.",
        "Static is kept low, so grounds land in the cup.",
        "It comes apart without tools for cleaning.",
      ],
      usd: [39, 249],
      axes: [{ values: ["Steel", "Black"] }],
    },
    {
      title: "{brand} {style} Chopping Board",
      words: { style: ["end-grain", "maple", "olive wood", "reversible", "carving", "rubber"] },
      openers: [
        "A {style} chopping board that is kind to edges.",
        "{brand}'s {style} chopping board stays flat, washed or not.",
      ],
      details: [
        "A groove on one side takes the juice of a roast.",
        "Feet of natural rubber keep it where it is.",
        "It is oiled twice before it leaves the workshop.",
      ],
      usd: [25, 129],
      axes: [{ values: ["30 × 20 cm", "40 × 30 cm", "50 × 35 cm"], step: 0.35 }],
    },
    {
      title: "{brand} {style} Storage Jars",
      words: { style: ["clip-top", "airtight", "cork-lidded", "borosilicate", "spice", "stacking"] },
      openers: [
        "{style} storage jars that show what is running out.",
        "{brand}'s {style} storage jars keep crackers crisp and moths out.",
      ],
      details: [
        "The openings are wide enough for a hand and a scoop.",
        "Seals are sold singly and fit every size.",
        "They are square, because shelves are.",
      ],
      usd: [15, 65],
      axes: [{ values: ["0.5 L", "1 L", "2 L"], step: 0.25 }],
    },
  ],
};
