import { brightColours, type CategoryWords } from "./grammar.ts";

export const sports: CategoryWords = {
  category: "sports",
  brands: [
    "Ridgeway",
    "Torrent Nine",
    "Bivvy & Bough",
    "Stridewell",
    "Kilnmoor",
    "Alta Verra",
    "Ferrow",
    "Summitry",
    "Pace & Pitch",
    "Windrow",
  ],
  closers: [
    "Tested by people who complain about everything.",
    "Weighs what the label says.",
    "Made without fluorocarbons.",
    "Can be sent back muddy for a month.",
    "Comes with a repair voucher that does not expire.",
  ],
  kinds: [
    {
      title: "{brand} {style} Tent",
      words: { style: ["ultralight", "family", "tunnel", "four-season", "bikepacking", "pop-up"] },
      openers: [
        "A {style} tent that is up before the rain is.",
        "{brand}'s {style} tent has two doors, so that nobody climbs over anybody.",
      ],
      details: [
        "Poles are colour-coded and cannot be got wrong.",
        "The inner stays dry when it is taken down last.",
        "It stands up to a night of force eight.",
      ],
      usd: [129, 499],
      axes: [{ values: ["1 Person", "2 Persons", "3 Persons"], step: 0.25 }],
    },
    {
      title: "{brand} {style} Running Shoes",
      words: { style: ["trail", "road", "cushioned", "lightweight", "wide-fit", "winter"] },
      openers: [
        "{style} running shoes that need no breaking in.",
        "{brand}'s {style} running shoes feel quick and forgive tired feet.",
      ],
      details: [
        "The sole grips on wet stone and clears mud.",
        "The heel counter is stiff, the rest is not.",
        "Laces stay tied without a double knot.",
      ],
      usd: [79, 189],
      axes: [{ values: ["EU 38", "EU 40", "EU 41", "EU 42", "EU 43", "EU 45"], step: 0 }],
    },
    {
      title: "{brand} {style} Yoga Mat",
      words: { style: ["cork", "natural rubber", "travel", "extra-thick", "alignment", "studio"] },
      openers: [
        "A {style} yoga mat that grips more, not less, as it warms.",
        "{brand}'s {style} yoga mat lies flat the moment it is unrolled.",
      ],
      details: [
        "It does not smell, not even on the first day.",
        "A carrying strap doubles as a stretching band.",
        "It is wiped clean with water and a little vinegar.",
      ],
      usd: [25, 109],
      axes: [{ values: ["Standard", "Long"], step: 0.15 }, { values: ["Moss", "Plum", "Stone"] }],
    },
    {
      title: "{brand} {style} Water Bottle",
      words: { style: ["insulated", "titanium", "squeeze", "wide-mouth", "filter", "collapsible"] },
      openers: [
        "A {style} water bottle that never leaks in a bag.",
        "{brand}'s {style} water bottle fits bicycle cages and car doors.",
      ],
      details: [
        "It keeps cold for a day and warm for a shift.",
        "The cap stays attached and does not rattle.",
        "It has no taste of its own.",
      ],
      usd: [15, 59],
      axes: [{ values: ["500 ml", "750 ml", "1 L"], step: 0.15 }, brightColours],
    },
    {
      title: "{brand} {style} Sleeping Bag",
      words: { style: ["down", "three-season", "mummy", "summer", "synthetic", "winter"] },
      openers: [
        "A {style} sleeping bag that is honest about its temperature.",
        "{brand}'s {style} sleeping bag packs to the size of a loaf.",
      ],
      details: [
        "The zip has a guard and does not bite.",
        "The foot box is shaped for feet.",
        "A small pocket keeps a phone warm overnight.",
      ],
      usd: [69, 349],
      axes: [{ values: ["Regular", "Long"], step: 0.1 }],
    },
    {
      title: "{brand} {style} Bike Light",
      words: { style: ["front", "commuter", "touring", "helmet", "daylight", "gravel"] },
      openers: [
        "A {style} bike light that is seen from the side as well.",
        "{brand}'s {style} bike light goes on without tools and off without trace.",
      ],
      details: [
        "The beam is cut off at the top and blinds nobody.",
        "It warns an hour before it goes out.",
        "It charges by USB-C from flat in ninety minutes.",
      ],
      usd: [19, 119],
      axes: [{ values: ["200 Lumen", "400 Lumen", "800 Lumen"], step: 0.35 }],
    },
    {
      title: "{brand} {style} Resistance Bands",
      words: { style: ["fabric", "latex-free", "long", "looped", "door-anchor", "travel"] },
      openers: [
        "{style} resistance bands that replace a rack of weights.",
        "{brand}'s {style} resistance bands do not roll up or snap back.",
      ],
      details: [
        "Strengths are printed in kilograms, not in adjectives.",
        "A poster with twenty exercises is included.",
        "They come in a bag that fits a desk drawer.",
      ],
      usd: [12, 45],
      axes: [{ values: ["Light", "Medium", "Strong"], step: 0.1 }],
    },
  ],
};
