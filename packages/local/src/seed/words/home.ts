import { type CategoryWords, calmColours } from "./grammar.ts";

export const home: CategoryWords = {
  category: "home",
  brands: [
    "Halden",
    "Morrow House",
    "Linnet & Loom",
    "Osterby",
    "Quiet Rooms",
    "Brackley",
    "Sølvgade Studio",
    "Plain & Purl",
    "Everdale",
    "Casa Tamarin",
  ],
  closers: [
    "Delivered in a box that folds into a recycling bin.",
    "Can be returned for a month, used or not.",
    "Made to be mended rather than replaced.",
    "Matches the rest of the range without being the same.",
    "Made in small batches; expect slight differences.",
  ],
  kinds: [
    {
      title: "{brand} {style} Table Lamp",
      words: { style: ["walnut", "opal glass", "brushed brass", "ceramic", "paper", "travertine"] },
      openers: [
        "A {style} table lamp that lights a book and not the ceiling.",
        "{brand}'s {style} table lamp gives the warm light that a corner was missing.",
      ],
      details: [
        "It dims at the foot, by touch, without a hum.",
        "The bulb is included and can be replaced.",
        "The cable is two metres of woven cotton.",
      ],
      usd: [49, 219],
      axes: [{ values: ["Small", "Medium", "Large"], step: 0.3 }],
    },
    {
      title: "{brand} {style} Throw",
      words: { style: ["waffle", "mohair", "herringbone", "boucle", "recycled wool", "cotton gauze"] },
      openers: [
        "A {style} throw for the end of the sofa that everybody fights over.",
        "{brand}'s {style} throw is heavy enough to stay where it is put.",
      ],
      details: [
        "The edges are whipped by hand and do not fray.",
        "It goes through the machine at thirty degrees.",
        "It is generous at 140 by 200 centimetres.",
      ],
      usd: [45, 159],
      axes: [calmColours],
    },
    {
      title: "{brand} {style} Bed Linen",
      words: { style: ["washed linen", "percale", "sateen", "brushed cotton", "bamboo", "jersey"] },
      openers: [
        "{style} bed linen that is cool in August and kind in January.",
        "{brand}'s {style} bed linen is soft from the first night.",
      ],
      details: [
        "Hidden ties keep the duvet in its corners.",
        "The buttons are at the foot, where nobody lies on them.",
        "It needs no ironing and looks the better for it.",
      ],
      usd: [59, 199],
      axes: [{ values: ["Single", "Double", "King"], step: 0.2 }, { values: ["White", "Flax"] }],
    },
    {
      title: "{brand} {style} Rug",
      words: { style: ["flat-weave", "jute", "cotton", "kilim", "wool", "braided"] },
      openers: [
        "A {style} rug that makes a hard floor quiet.",
        "{brand}'s {style} rug lies flat from the first hour.",
      ],
      details: [
        "It is reversible, which doubles its life.",
        "A thin felt underlay is included.",
        "The dyes are plant-based and mellow in sunlight.",
      ],
      usd: [79, 299],
      axes: [{ values: ["80 × 150 cm", "120 × 180 cm", "170 × 240 cm"], step: 0.6 }],
    },
    {
      title: "{brand} {style} Scented Candle",
      words: { style: ["cedar", "fig leaf", "black tea", "sea salt", "orange blossom", "wood smoke"] },
      openers: [
        "A {style} candle that smells of the thing and not of perfume.",
        "{brand}'s {style} candle is poured from rapeseed and beeswax.",
      ],
      details: [
        "It burns for about forty hours.",
        "The glass makes a good tumbler afterwards.",
        "The wick is cotton, without lead or glue.",
      ],
      usd: [18, 49],
      axes: [{ values: ["120 g", "220 g", "400 g"], step: 0.4 }],
    },
    {
      title: "{brand} {style} Wall Clock",
      words: { style: ["station", "oak", "silent", "enamel", "minimal", "twenty-four-hour"] },
      openers: [
        "A {style} wall clock that can be read from the far end of the room.",
        "{brand}'s {style} wall clock sweeps instead of ticking.",
      ],
      details: [
        "It hangs from one screw and levels itself.",
        "One battery lasts about two years.",
        "The glass is real and slightly domed.",
      ],
      usd: [35, 139],
      axes: [{ values: ["25 cm", "35 cm"], step: 0.25 }],
    },
    {
      title: "{brand} {style} Storage Basket",
      words: { style: ["seagrass", "felt", "rope", "willow", "wire", "folding"] },
      openers: [
        "A {style} storage basket for everything that has no place.",
        "{brand}'s {style} storage basket keeps its shape when it is empty.",
      ],
      details: [
        "The handles are sewn through the base.",
        "It nests inside its larger sister.",
        "It fits the cube shelf that everybody has.",
      ],
      usd: [15, 69],
      axes: [{ values: ["Small", "Medium", "Large"], step: 0.35 }],
    },
  ],
};
